"""Render mathematics as MathML at build time: a Sphinx math renderer around ``math-core``.

Readers need neither JavaScript nor a network. Wrong TeX is reported at its page and line, so
that ``sphinx-build -W`` fails.
"""

import functools
import re
import xml.etree.ElementTree as ET
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from losstheory_site.maths.derivation import Row, rows_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

PRIMES = frozenset("′″‴⁗")
BRACKETS = {")": "(", "]": "[", "}": "{"}
RELATIONS = frozenset("=≠<>≤≥≈∼→↦∈")
SPACE = {**dict.fromkeys("+−×⋅", 1), **dict.fromkeys(RELATIONS, 2)}  # around a sign
SCRIPTS = ("msup", "msub", "msubsup")
ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;)[a-zA-Z]+;")  # HTML has names that XML lacks
WIDE = 26  # characters in a row that a narrow phone has room for, with a margin
LETTER = re.compile(r"(?<![\w&’])([b-zA-Z])(?![\w;’])")  # alone in words, the name of a number
COMMAND = re.compile(r"\\[a-zA-Z]+")
NOT_DRAWN = re.compile(r"[\s{}^_&]")
OPENING = re.compile(r"[(\[“‘]+$")
CLOSING = re.compile(r"^[.,;:!?)\]”’]+")


@functools.cache
def converter(macros: tuple[tuple[str, str], ...] = ()) -> LatexToMathML:
    """Return the converter for these macros, each a pair of name and TeX."""
    return LatexToMathML(macros=dict(macros), fancy_error=False)


def to_mathml(tex: str, *, display: bool, macros: tuple[tuple[str, str], ...] = ()) -> ET.Element:
    """Convert TeX to a ``<math>`` element, or raise `LatexError`."""
    text = converter(macros).convert_with_local_state(tex, displaystyle=display)
    math = ET.fromstring(ENTITY.sub(lambda match: unescape(match[0]), text))
    for fraction in math.iter("mfrac"):
        # The font's rule is a little thicker, and snaps to one pixel or to two by its place.
        fraction.attrib.setdefault("linethickness", "1px")
    for parent in list(math.iter()):
        for index, child in enumerate(parent):
            if child.tag in SCRIPTS:
                free_primes(child)
                give_base(parent, index)
    return math


def free_primes(script: ET.Element) -> None:
    """Take primes out of the superscript: the glyph is drawn raised, and would rise twice."""
    if script.tag == "msub":
        return
    base, upper = script[0], script[-1]
    marks = [upper] if upper.tag == "mo" else list(upper) if upper.tag == "mrow" else []
    primes = [mark for mark in marks if mark.text in PRIMES]
    if not primes:
        return
    for prime in primes:
        prime.attrib.update(lspace="0", rspace="0")
    primed = ET.Element("mrow")
    primed.extend([base, *primes])
    rest = [mark for mark in marks if mark not in primes]
    if rest:  # a power after the prime: f′²
        script[0] = primed
        upper[:] = rest
    elif script.tag == "msubsup":  # an index below the prime: e′ᵢ
        script.tag = "msub"
        script[:] = [primed, script[1]]
    else:
        script.tag = "mrow"
        script[:] = list(primed)


def give_base(parent: ET.Element, index: int) -> None:
    r"""Let the script of ``\bigr)^2`` stand on the whole bracket instead of its closing sign."""
    script = parent[index]
    closing = script[0]
    if closing.tag != "mo" or closing.text not in BRACKETS or script.tag == "mrow":
        return
    depth = 0
    for start in range(index, -1, -1):
        sign = closing if start == index else parent[start]
        depth += (sign.text == closing.text) - (sign.text == BRACKETS[closing.text])
        if depth == 0:
            base = ET.Element("mrow")
            base.extend([*parent[start:index], closing])
            script[0] = base
            # Keep the number of children, over which the caller walks.
            parent[start:index] = [ET.Element("mrow") for _ in range(start, index)]
            return


def row_length(element: ET.Element) -> int:
    """Estimate the width of the widest row, in characters."""
    if element.tag == "mtable":
        return max(map(row_length, element), default=0)
    if element.tag == "mfrac":
        return max(map(row_length, element))
    own = len(element.text or "") + (element.tag == "mo") * SPACE.get(element.text or "", 0)
    return own + sum(map(row_length, element))


def split_at_relations(math: ET.Element) -> list[ET.Element]:
    """Cut a long formula before its relations, where a line of text may then break."""
    pieces = [ET.Element("math")]
    for child in math:
        if child.tag == "mo" and child.text in RELATIONS and len(pieces[-1]):
            pieces.append(ET.Element("math"))
            child.attrib.update(form="infix", lspace="0")  # the space stands before it
        pieces[-1].append(child)
    return pieces


def serialise(math: ET.Element, translator: "HTML5Translator") -> str:
    """Write the element as HTML, or as XML with its namespace for EPUB."""
    for parent in math.iter():
        for empty in [child for child in parent if child.tag == "mrow" and not len(child)]:
            parent.remove(empty)
    if translator.builder.name == "epub":
        math.set("xmlns", "http://www.w3.org/1998/Math/MathML")
    return ET.tostring(math, encoding="unicode", short_empty_elements=False)


def convert(translator: "HTML5Translator", node: nodes.Element, *, display: bool) -> ET.Element:
    """Convert a node's TeX; report what cannot be read where it stands."""
    try:
        return to_mathml(
            node.astext(),
            display=display,
            macros=tuple(sorted(translator.config.mathml_macros.items())),
        )
    except LatexError as error:
        logger.warning("TeX: %s in %r", error, node.astext(), location=node)
        math = ET.Element("math")
        ET.SubElement(math, "merror").text = node.astext()
        return math


class KeepPunctuation(SphinxPostTransform):
    """Hold a short formula and its punctuation together: no line shall start with a full stop."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Put each formula that touches punctuation into a span with it."""
        for math in list(self.document.findall(nodes.math)):
            if len(NOT_DRAWN.sub("", COMMAND.sub("x", math.astext()))) <= WIDE:
                keep_punctuation(math)


def keep_punctuation(math: nodes.math) -> None:
    """Move a formula, and the punctuation that touches it, into one unbreakable span."""
    parent = math.parent
    start = stop = parent.index(math)
    span: list[nodes.Node] = [math]
    before, after = parent[:start][-1:], parent[stop + 1 :][:1]
    rest: list[list[nodes.Node]] = [[], []]
    if before and isinstance(before[0], nodes.Text) and (match := OPENING.search(before[0])):
        start -= 1
        span.insert(0, nodes.Text(match[0]))
        rest[0] = [nodes.Text(before[0][: match.start()])]
    if after and isinstance(after[0], nodes.Text) and (match := CLOSING.match(after[0])):
        stop += 1
        span.append(nodes.Text(match[0]))
        rest[1] = [nodes.Text(after[0][match.end() :])]
    if len(span) > 1:
        parent[start : stop + 1] = [
            *rest[0],
            nodes.inline("", "", *span, classes=["keep"]),
            *rest[1],
        ]


def tex_for(translator: "HTML5Translator", node: nodes.math | nodes.math_block) -> str:
    """Write the TeX as a comment in front of the MathML, for who wants to write it elsewhere.

    What is taken along does (``pages/take_along.py``), and removes the comments from the page.
    """
    if translator.builder.name != "html":
        return ""
    return f"<!--tex:{escape(node.astext()).replace('-', '&#45;')}-->"


def visit_math(self: "HTML5Translator", node: nodes.math) -> None:
    """Write inline mathematics."""
    math = convert(self, node, display=False)
    pieces = split_at_relations(math) if row_length(math) > WIDE else [math]
    # Lines break there even where punctuation keeps to the formula.
    written = " <wbr/>".join(serialise(piece, self) for piece in pieces)
    self.body.append(tex_for(self, node) + written)
    raise nodes.SkipNode


def with_reasons(rows: list[Row], translator: "HTML5Translator") -> str:
    """Write each row as two aligned formulas and a reason: three cells of a grid."""
    cells = []
    for row in rows:
        # An empty side is an empty cell: an empty formula is read out, and takes no room.
        left, right = (
            serialise(side, translator) if len(side) else "" for side in (row.left, row.right)
        )
        words = LETTER.sub(r"<i>\1</i>", escape(row.reason))
        reason = f'<span class="reason">{words}</span>' if words else ""
        cells.append(
            f'<div class="step"><span class="left">{left}</span>'
            f'<span class="right">{right}</span>{reason}</div>'
        )
    return f'<div class="derivation">{"".join(cells)}</div>'


def visit_math_block(self: "HTML5Translator", node: nodes.math_block) -> None:
    """Write a displayed equation in its own scroll box, and its number beside it."""
    math = convert(self, node, display=True)
    try:
        rows = rows_of(math)
    except ValueError as error:
        logger.warning("TeX: %s", error, location=node)
        rows = []
    length = max((row_length(r.left) + row_length(r.right) for r in rows), default=row_length(math))
    # Only what may have to scroll stands in the way of the tab key.
    focus = ' tabindex="0" role="group" aria-label="Wide formula"' if length > WIDE else ""
    # Furo wraps an equation in a container that carries its identifiers already.
    ids = [] if "math-wrapper" in node.parent["classes"] else node["ids"]
    self.body.append(self.starttag(nodes.container(ids=ids), "div", CLASS="math"))
    formula = with_reasons(rows, self) if rows else serialise(math, self)
    self.body.append(f'<div class="formula"{focus}>{tex_for(self, node)}{formula}</div>')
    if node["number"]:
        number = escape(node.get("number_there") or get_node_equation_number(self, node))
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def register(app: "Sphinx") -> None:
    """Register the renderer; ``html_math_renderer = "mathml"`` selects it."""
    app.add_config_value("mathml_macros", {}, "env", types=frozenset({dict}))
    app.add_post_transform(KeepPunctuation)
    no_op: Any = None
    app.add_html_math_renderer("mathml", (visit_math, no_op), (visit_math_block, no_op))
