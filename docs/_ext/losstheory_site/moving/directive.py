"""The ``moving`` directive: a figure to move, and what stands there for who cannot.

::

    ````{moving} unlearn
    :id: stall
    :loss: squared

    ```{gallery-figure} 5_depth_and_descent/plot_two_neurons
    A still figure, with its numbers.
    ```
    ````

``moving unlearn`` is the markup of ``unlearn.html``, filled here, and the script ``unlearn.js``,
which `frame.js` runs. Everywhere else (no JavaScript, EPUB, PDF) stands the directive's content.

A link to ``page.html#stall&projector`` opens the figure ``stall`` as large as the window, for a
class; settings may follow, ``#stall&projector&t=240``. A button below each figure does the same.

To make another: write ``NAME.html`` with every word (``parts.html`` has the controls), ``NAME.js``
with ``values`` and ``draw``, add what it computes to ``arithmetic.js``, and its twin to the tests.
"""

import csv
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

import losstheory as lt
from losstheory_site.maths.mathml import to_mathml
from losstheory_site.names import BOOKS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

FOLDER = Path(__file__).parent
SHARED = ("arithmetic.js", "draw.js", "frame.js")
"""What every figure needs, in this order; the pages load it as one file."""

FRAME = "moving/moving.js"
FLOWERS = FOLDER / "flowers.csv"


class moving(nodes.General, nodes.Element):  # noqa: N801  (docutils names nodes like this)
    """A figure that moves; only HTML pages show it."""


class without_script(nodes.General, nodes.Element):  # noqa: N801  (as above)
    """What readers see who run no script."""


def math(tex: str) -> str:
    """Set a formula as the rest of the site does."""
    return ET.tostring(to_mathml(tex, display=False), encoding="unicode")


def address(case: lt.Case) -> str:
    """Write a neuron as the page's address does."""
    return "&amp;".join(f"{name}={value:g}" for name, value in case._asdict().items())


def flowers() -> list[dict[str, str]]:
    """Read the flowers of the classifier: two lengths in standard deviations, and two labels."""
    with FLOWERS.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def steps(loss: str, case: lt.Case, eta: float) -> int:
    """Count the steps to an output of one half, which a question shows before its script runs."""
    record = {"squared": lt.SQUARED_ERROR, "nats": lt.BINARY_CROSS_ENTROPY}[loss]
    theta, count = np.array([case.w, case.b]), 0
    while (z := float(theta @ [case.x, 1.0])) > 0.0:
        theta = theta - eta * record.grad_with_logits(case.y, z) * np.array([case.x, 1.0])
        count += 1
    return count


MARKUP = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER, encoding="utf-8"),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # the markup is ours, and holds MathML
)
MARKUP.globals.update(
    math=math, case=address, first=lt.FIRST, second=lt.SECOND, flowers=flowers, steps=steps, eta=0.1
)


class MovingDirective(SphinxDirective):
    """Place a figure that moves, and its content for readers without scripts."""

    required_arguments = 1
    has_content = True
    option_spec = {  # noqa: RUF012  (docutils declares it so)
        "id": directives.unchanged_required,
        "loss": lambda text: directives.choice(text, ("squared", "nats")),
        "open": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure and what stands in for it."""
        [name] = self.arguments
        template = FOLDER / f"{name}.html"
        if not template.with_suffix(".js").is_file():
            known = sorted(
                script.stem for script in FOLDER.glob("*.js") if script.name not in SHARED
            )
            raise self.error(
                f"no figure that moves is named {name!r}; there are {', '.join(known)}"
            )
        if not self.content:
            raise self.error(f"what moves needs a still form: write the content of {name!r}")
        for file in (template, FOLDER / "parts.html", FLOWERS):
            self.env.note_dependency(str(file))
        options = {"id": name, **self.options, "open": "open" in self.options}
        figure = moving("", name=name, markup=MARKUP.get_template(template.name).render(options))
        return [figure, without_script("", *self.parse_content_to_nodes())]


def visit_moving(self: "HTML5Translator", node: nodes.Element) -> None:
    """Write the figure, unless the page goes into a book."""
    if self.builder.name not in BOOKS:
        self.body.append(node["markup"])
    raise nodes.SkipNode


def visit_without_script(self: "HTML5Translator", _: nodes.Element) -> None:
    """Hide what follows from browsers that run scripts; a book shows it."""
    if self.builder.name not in BOOKS:
        self.body.append("<noscript>")


def depart_without_script(self: "HTML5Translator", _: nodes.Element) -> None:
    """End what is hidden."""
    if self.builder.name not in BOOKS:
        self.body.append("</noscript>\n")


def skip(_: Any, __: nodes.Element) -> None:
    """Leave the node out."""
    raise nodes.SkipNode


def pass_through(_: Any, __: nodes.Element) -> None:
    """Show the children and nothing else."""


def lay(static: Path) -> None:
    """Write what the pages load: the shared scripts as one file, and each figure's own."""
    folder = static / "moving"
    folder.mkdir(parents=True, exist_ok=True)
    parts = [(FOLDER / name).read_text(encoding="utf-8") for name in SHARED]
    (static / FRAME).write_text("\n".join(parts), encoding="utf-8")
    for script in sorted(FOLDER.glob("*.js")):
        if script.name not in SHARED:
            (folder / script.name).write_text(script.read_text(encoding="utf-8"), encoding="utf-8")


def add_scripts(
    app: "Sphinx", pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load the scripts of the figures that a page shows, and on no other page."""
    if doctree is None or app.builder.name in BOOKS:
        return
    names = dict.fromkeys(figure["name"] for figure in doctree.findall(moving))
    for file in ([FRAME] if names else []) + [f"moving/{name}.js" for name in names]:
        app.add_js_file(file, loading_method="defer")


def register(app: "Sphinx") -> None:
    """Register the directive and its two nodes."""
    through = pass_through, pass_through
    left_out = skip, None
    app.add_node(moving, html=(visit_moving, None), latex=left_out, text=left_out, man=left_out)
    app.add_node(
        without_script,
        html=(visit_without_script, depart_without_script),
        latex=through,
        text=through,
        man=through,
    )
    app.add_directive("moving", MovingDirective)
