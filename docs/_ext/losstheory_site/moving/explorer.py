"""The ``explorer`` directive: one neuron to play with, and numbers for who cannot.

::

    ````{explorer}
    ```{gallery-figure} 5_depth_and_descent/plot_two_neurons
    What stands there when the page runs no script.
    ```
    ````

In a browser that runs scripts the directive is the explorer: the markup of ``explorer.html``,
brought to life by ``explorer.js``. Everywhere else (no JavaScript, EPUB, PDF) it is its
content, followed by a table of the two cases. All numbers are computed by `losstheory` at build.
"""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jinja2
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

import losstheory as lt
from losstheory_site.maths.mathml import to_mathml
from losstheory_site.names import BOOKS

ETA = 0.1
"""The step size that the explorer starts with."""

TEX = {"x": "x", "w": "w", "b": "b", "y": "y", "eta": r"\eta"}
DB, DW, HALF = r"\partial e/\partial b", r"\partial e/\partial w", "o = 1/2"


def math(tex: str) -> str:
    """Set a formula as the rest of the site does."""
    return ET.tostring(to_mathml(tex, display=False), encoding="unicode")


class explorer(nodes.General, nodes.Element):  # noqa: N801  (docutils names nodes like this)
    """The live explorer; only HTML pages show it."""


class without_script(nodes.General, nodes.Element):  # noqa: N801  (as above)
    """What readers see who run no script."""


def table_of(case: lt.Case, eta: float) -> dict[str, dict[str, float]]:
    """Compute what the explorer's table shows, as ``lossMath.neuronTable`` does in the browser."""
    entropy = lt.binary_cross_entropy_with_logits, lt.binary_cross_entropy_with_logits_grad
    squared = lt.half_squared_error_with_logits, lt.half_squared_error_with_logits_grad
    table = {}
    for name, (value, grad), options in (
        ("nats", entropy, {}),
        ("bits", entropy, {"base": 2.0}),
        ("squared", squared, {}),
    ):
        db = float(grad(case.y, case.z, **options))
        table[name] = {
            "value": float(value(case.y, case.z, **options)),
            "db": db,
            "dw": db * case.x,
            "steps": steps_to_half(case, eta, grad, **options),
        }
    return table


def steps_to_half(case: lt.Case, eta: float, grad: Any, **options: float) -> int:
    """Count the steps of gradient descent until the output is on the target's side of 1/2."""
    w, b, n = case.w, case.b, 0
    while (case.y > 0.5) != ((z := w * case.x + b) > 0.0) and z != 0.0:
        slope = float(grad(case.y, z, **options))
        w, b, n = w - eta * slope * case.x, b - eta * slope, n + 1
    return n


def shown(value: float) -> str:
    """Write a number as the page does: counts whole, everything else with four decimals."""
    return str(value) if isinstance(value, int) else f"{value:.4f}".replace("-", "−")


def live_markup() -> str:
    """Fill ``explorer.html`` with the first case."""
    template = jinja2.Template(
        Path(__file__).with_suffix(".html").read_text(encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
    )
    markup: str = template.render(
        first=lt.FIRST,
        second=lt.SECOND,
        eta=ETA,
        z=lt.FIRST.z,
        o=lt.FIRST.o,
        table=table_of(lt.FIRST, ETA),
        rows=(
            ("value", f"loss {math('e')}"),
            ("db", math(rf"{DB} = \partial e/\partial z")),
            ("dw", math(DW)),
            ("steps", f"steps to {math(HALF)}"),
        ),
        tex=TEX,
        math=math,
        shown=shown,
        hash=as_hash,
    )
    return markup


def as_hash(case: lt.Case) -> str:
    """Write a case as the page's address does."""
    return "&amp;".join(f"{name}={value:g}" for name, value in case._asdict().items())


def static_table() -> nodes.table:
    """Set the two cases of the source side by side."""
    cases = lt.FIRST, lt.SECOND
    tables = [table_of(case, ETA) for case in cases]
    entropy, squared = "cross entropy", "squared error"
    rows = [(f"${name}$", [f"{getattr(case, name):g}" for case in cases]) for name in "xwby"]
    rows.append(("output $o$", [shown(case.o) for case in cases]))
    for label, loss, key in (
        (f"{entropy}, nats", "nats", "value"),
        (f"{entropy}, bits", "bits", "value"),
        (f"half {squared}", "squared", "value"),
        (f"${DB}$, {entropy}, nats", "nats", "db"),
        (f"${DB}$, {squared}", "squared", "db"),
        (f"${DW}$, {entropy}, nats", "nats", "dw"),
        (f"${DW}$, {squared}", "squared", "dw"),
        (rf"steps to ${HALF}$ at $\eta = {ETA}$, {entropy}, nats", "nats", "steps"),
        (rf"steps to ${HALF}$ at $\eta = {ETA}$, {squared}", "squared", "steps"),
    ):
        rows.append((label, [shown(table[loss][key]) for table in tables]))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (60, 20, 20)), cols=3)
    group += nodes.thead("", _row("", ["first case", "second case"]))
    group += nodes.tbody("", *(_row(label, values) for label, values in rows))
    return nodes.table("", group)


def _row(label: str, values: list[str]) -> nodes.row:
    """Build a row; dollars in the label enclose mathematics."""
    head = nodes.paragraph()
    for position, part in enumerate(label.split("$")):
        if part:
            head += nodes.math(part, part) if position % 2 else nodes.Text(part)
    cells = (nodes.paragraph(value, value) for value in values)
    return nodes.row("", *(nodes.entry("", cell) for cell in (head, *cells)))


class ExplorerDirective(SphinxDirective):
    """Place the explorer, with its content and a table for readers without scripts."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the live explorer and what stands in for it."""
        self.env.note_dependency(__file__)
        self.env.note_dependency(str(Path(__file__).with_suffix(".html")))
        fallback = without_script("", *self.parse_content_to_nodes(), static_table())
        return [explorer(), fallback]


def visit_explorer(self: HTML5Translator, _: nodes.Element) -> None:
    """Write the live explorer, unless the page goes into a book."""
    if self.builder.name not in BOOKS:
        self.body.append(live_markup())
    raise nodes.SkipNode


def visit_without_script(self: HTML5Translator, _: nodes.Element) -> None:
    """Hide what follows from browsers that run scripts; a book shows it."""
    if self.builder.name not in BOOKS:
        self.body.append("<noscript>")


def depart_without_script(self: HTML5Translator, _: nodes.Element) -> None:
    """End what is hidden."""
    if self.builder.name not in BOOKS:
        self.body.append("</noscript>\n")


def skip(_: Any, __: nodes.Element) -> None:
    """Leave the node out."""
    raise nodes.SkipNode


def pass_through(_: Any, __: nodes.Element) -> None:
    """Show the children and nothing else."""


def add_files(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load script and style on the pages that show the explorer, and on no other."""
    if doctree is not None and next(doctree.findall(explorer), None):
        app.add_css_file("moving/explorer.css")
        app.add_js_file("moving/arithmetic.js", loading_method="defer")
        app.add_js_file("moving/explorer.js", loading_method="defer")


def register(app: "Sphinx") -> None:
    """Register the directive and its two nodes."""
    through = pass_through, pass_through
    app.add_node(
        explorer,
        html=(visit_explorer, None),
        latex=(skip, None),
        text=(skip, None),
    )
    app.add_node(
        without_script,
        html=(visit_without_script, depart_without_script),
        latex=through,
        text=through,
    )
    app.add_directive("explorer", ExplorerDirective)
