"""Pictures before plumbing: what a page of the gallery shows first, and what it folds.

A script computes before it draws, and sphinx-gallery shows it in that order. Who opens the page
has come for the picture: it moves up, below what the script is about. What draws it, and what only
imports, is one line to unfold; what computes and prints stays open.
"""

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from losstheory_site.names import GALLERY

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PICTURE = "gallery-image"  # the class of the container that holds a figure
SCRIPT = re.compile(rf"{GALLERY}/\w+/plot_\w+")
DRAWS = re.compile(r"^fig\b|\bplt\.subplots\(", re.MULTILINE)
BRINGS = re.compile(r"(?:from \S+ )?import .*|plt\.style\.use\(.*\)|    \w+,|\)|#.*|")
OF_FIGURE, OF_IMPORTS = "The code of this figure", "What the script imports"


def summary_of(code: str) -> str:
    """Say in a few words what code does that can be folded; nothing of code to read."""
    if DRAWS.search(code):
        return OF_FIGURE
    if all(BRINGS.fullmatch(line) for line in code.splitlines()):
        return OF_IMPORTS
    return ""


def fold(block: nodes.literal_block, summary: str) -> None:
    """Put code behind a line that unfolds it."""
    opening = f'<details class="plumbing"><summary>{summary}</summary>'
    place = block.parent.index(block)
    block.parent[place : place + 1] = [
        nodes.raw("", opening, format="html"),
        block,
        nodes.raw("", "</details>", format="html"),
    ]


class PicturesFirst(SphinxTransform):
    """Move the first figure of a script up, and fold its plumbing."""

    default_priority = 410

    def apply(self, **kwargs: Any) -> None:
        """Rearrange a page that a script has made."""
        if not SCRIPT.fullmatch(self.env.docname):
            return
        for block in list(self.document.findall(nodes.literal_block)):
            if block.get("language") == "Python" and (summary := summary_of(block.astext())):
                fold(block, summary)
        page = next(iter(self.document.findall(nodes.section)), None)
        picture = next(
            (c for c in self.document.findall(nodes.container) if PICTURE in c["classes"]), None
        )
        if page is None or picture is None:
            return
        about = next(page.findall(nodes.paragraph))
        picture.parent.remove(picture)
        about.parent.insert(about.parent.index(about) + 1, picture)


def register(app: "Sphinx") -> None:
    """Register the transform."""
    app.add_transform(PicturesFirst)
