"""Write every number one way: 65,504 as 65 504, -1e-7 as −1×10⁻⁷.

Sources, outputs and records write numbers as programs do. Where people read them, in prose and
tables, thousands are set apart by a thin space, a minus is no hyphen, and a power of 10 is one.
Code and formulas stay as they are.
"""

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

AS_IT_IS = (nodes.literal, nodes.FixedTextElement, nodes.math, nodes.raw, addnodes.desc_signature)
LINKED_CODE = "code_links_block"  # sphinx-gallery's, for code whose names are links
THIN = "\N{NARROW NO-BREAK SPACE}"
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "+")
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,]?\d)")
POWER = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d+)?)e([+-]\d{1,3}|\d{1,2})(?!\w)")
MINUS = re.compile(r"(?<![\w)\]}.%/-])-(?=\d)")


def write(text: str) -> str:
    """Return a text with its numbers as people read them."""
    text = THOUSANDS.sub(lambda found: found[0].replace(",", THIN), text)
    text = POWER.sub(
        lambda found: f"{found[1]}×10{str(int(found[2])).translate(SUPERSCRIPTS)}", text
    )
    return MINUS.sub("\N{MINUS SIGN}", text)


def is_read_by_people(text: nodes.Text) -> bool:
    """Tell whether a text stands neither in code nor in a formula."""
    node: nodes.Element | None = text.parent
    while node is not None:
        if isinstance(node, AS_IT_IS) or node.tagname == LINKED_CODE:
            return False
        node = node.parent
    return True


def write_all(_app: "Sphinx", doctree: nodes.document, _docname: str) -> None:
    """Write the numbers of a page that is about to be written."""
    for text in list(doctree.findall(nodes.Text)):
        written = write(text)
        if written != text and is_read_by_people(text):
            text.parent.replace(text, nodes.Text(written))
