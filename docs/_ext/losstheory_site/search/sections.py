r"""Cut a page into the sections that search leads to, and take from each the text that is seen.

A section is what an address can name: a part with a heading, a function of the reference, a term
of the glossary. Formulas count as they are drawn (η, not ``\eta``). Displayed formulas, tables and
code can be found, but are not quoted. The code of the gallery's scripts does not count at all, nor
do links from page to page.
"""

import re
from dataclasses import dataclass, field
from html import unescape

from docutils import nodes
from math_core import LatexError
from sphinx import addnodes

from losstheory_site.maths.mathml import to_mathml
from losstheory_site.moving.directive import moving, without_script
from losstheory_site.names import GALLERY

UNSEEN = (nodes.Invisible, nodes.system_message, addnodes.toctree, addnodes.seealso, without_script)
# The last is sphinx-gallery's, for code whose names are links.
CODE = frozenset({"literal_block", "doctest_block", "code_links_block"})
# Classes and anchors of what leads elsewhere, or says only how something was made.
NAVIGATION = frozenset(
    {"made-with", "no-search", "sphx-glr-thumbnails", "used-in", "where-to-go-next"}
)
# What moves names its controls and what they report, drawings their axes: no words on the matter.
SCRIPT = re.compile(
    r"<(script|style|svg|button|output|option)\b.*?</\1>|<\w+[^>]*\shidden(?=[\s>])[^>]*>[^<]*</\w+>",
    re.DOTALL | re.IGNORECASE,
)
TAG = re.compile(r"<[^>]*>")
SEAM = "\x00"  # between the signs of a formula
UNSEEN_SIGNS = re.compile(f"[{SEAM}\u2061-\u2064]")  # the latter say "of" and "times"
APART = re.compile(rf"(?<=\w){SEAM}+(?=\w)")


@dataclass
class Section:
    """A part of a page with an address of its own."""

    anchor: str  # "" for what stands under the title of the page
    heading: str
    pieces: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)  # and the like: found, not quoted

    @property
    def text(self) -> str:
        """Return the prose in one line, to be quoted."""
        return one_line(self.pieces)


def one_line(pieces: list[str]) -> str:
    """Join pieces of text."""
    return " ".join("".join(pieces).split())


def formula(tex: str) -> str:
    """Return the signs of a formula as they are drawn; letters side by side are apart."""
    try:
        signs = SEAM.join(to_mathml(tex, display=False).itertext())
    except LatexError:
        return ""  # reported where it is drawn
    return UNSEEN_SIGNS.sub("", APART.sub(" ", signs))


def markup(html: str) -> str:
    """Return the text of HTML."""
    return unescape(TAG.sub(" ", SCRIPT.sub("", html)))


def opened(node: nodes.Element) -> tuple[str, str] | None:
    """Return the anchor and the heading of the section that a node is, or nothing."""
    anchor: nodes.Element | None = None
    heading: nodes.Element | None = None
    if isinstance(node, nodes.section):
        anchor, heading = node, node.next_node(nodes.title)
    elif isinstance(node, addnodes.desc):
        anchor = node.next_node(addnodes.desc_signature)
        heading = anchor and nodes.inline("", anchor.get("fullname", ""))
    elif isinstance(node, nodes.definition_list_item):
        anchor = heading = node.next_node(nodes.term)
    if anchor is None or heading is None or not anchor["ids"]:
        return None
    shown = Section("", "")
    for child in heading.children:
        fill(child, shown, [], scripts=False)
    return anchor["ids"][0], shown.text


def text_of(node: nodes.Element) -> str | None:
    """Return what is read of a node whose children are no text, or nothing of another."""
    if isinstance(node, nodes.math):
        return formula(node.astext())
    if isinstance(node, moving):
        return markup(node["markup"])
    if isinstance(node, nodes.raw):
        return markup(node.astext()) if "html" in node["format"] else ""
    return None


def code_of(node: nodes.Element) -> str | None:
    """Return what can be found but is not quoted: a displayed formula, code, a signature."""
    if isinstance(node, nodes.math_block):
        return formula(node.astext())
    is_code = isinstance(node, addnodes.desc_signature) or node.tagname in CODE
    return node.astext() if is_code else None


def is_left_out(node: nodes.Element) -> bool:
    """Tell what is not seen, or leads to other pages."""
    marks: set[str] = {*node.get("classes", ()), *node.get("ids", ())}
    return isinstance(node, UNSEEN) or not NAVIGATION.isdisjoint(marks)


def fill(node: nodes.Node, section: Section, found: list[Section], *, scripts: bool) -> None:
    """Add what is seen of a node to the section; sections inside it join those found."""
    if isinstance(node, nodes.Text):
        section.pieces.append(node.astext())
    if not isinstance(node, nodes.Element) or is_left_out(node):
        return
    if isinstance(node, nodes.tgroup):  # of a table
        rows = Section("", "")
        for child in node.children:
            fill(child, rows, found, scripts=scripts)
        section.code += rows.pieces + rows.code
    elif (code := code_of(node)) is not None:
        section.code += [] if scripts and node.tagname in CODE else [code, " "]
    elif (text := text_of(node)) is not None:
        section.pieces.append(text)
    else:
        opening = opened(node)
        if opening:
            section = Section(*opening)
            found.append(section)
        for child in node.children:
            if not (opening and isinstance(child, (nodes.title, nodes.term))):  # the heading
                fill(child, section, found, scripts=scripts)
    if not isinstance(node, nodes.Inline):
        section.pieces.append(" ")


def cut(docname: str, doctree: nodes.Element) -> list[Section]:
    """Return the sections of a page, in order; the first is the page."""
    found: list[Section] = []
    fill(doctree, Section("", ""), found, scripts=docname.startswith(f"{GALLERY}/"))
    if found:
        found[0].anchor = ""
    return found
