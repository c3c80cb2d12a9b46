"""Show a part of another page again: the directive ``again``, so that nothing is written twice.

``{again} learn/squared-error exercises`` shows what stands under that heading, ``{again}
learn/squared-error eq-neuron`` that equation with its number. What is shown is the very part of the
page: its links lead where they lead there. A book, which has the page itself, leaves it out.
"""

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from losstheory_site.names import BOOKS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

EQUATION = "eq-"  # how labels of equations begin


class again(nodes.General, nodes.Element):  # noqa: N801  (docutils names nodes like this)
    """The place of a part of another page, until that page has been read."""


class Again(SphinxDirective):
    """Name a page and a part of it: a section by its identifier, an equation by its label."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        page, part = self.arguments
        self.env.note_dependency(self.env.doc2path(page))
        place = again("", page=page, part=part)
        self.set_source_info(place)
        return [place]


def part_of(page: nodes.document, part: str) -> list[nodes.Node]:
    """Return copies of what a page has under this name."""
    for block in page.findall(nodes.math_block):
        if block.get("label") == part:
            return [block.deepcopy()]
    for section in page.findall(nodes.section):
        if part in section["ids"]:
            return [node.deepcopy() for node in section.children[1:]]
    return []


class ShowAgain(SphinxPostTransform):
    """Fill each place, before links and numbers are resolved."""

    default_priority = 5  # links are resolved at 10

    def run(self, **kwargs: Any) -> None:
        """Put the parts there; the search knows them from their own page."""
        for place in list(self.document.findall(again)):
            page, part = place["page"], place["part"]
            shown = part_of(self.env.get_doctree(page), part)
            numbers = self.env.toc_fignumbers.get(page, {}).get("displaymath", {})
            for equation in (eq for node in shown for eq in node.findall(nodes.math_block)):
                if equation["number"]:
                    equation["number_there"] = ".".join(map(str, numbers[equation["ids"][0]]))
            if not shown:
                raise ExtensionError(f"{self.env.docname}: {page} has no part {part!r}")
            for reference in (ref for node in shown for ref in node.findall(pending_xref)):
                if reference.get("refdomain") == "math":  # it asks where it stands
                    reference["refdoc"] = self.env.docname
            place.replace_self(nodes.container("", *shown, classes=["again", "no-search"]))


class LeaveOut(SphinxPostTransform):
    """Leave sections out of a book, where their own page is a chapter."""

    default_priority = 4
    builders = tuple(BOOKS)

    def run(self, **kwargs: Any) -> None:
        """Remove the places of all but equations."""
        for place in list(self.document.findall(again)):
            if not place["part"].startswith(EQUATION):
                place.parent.remove(place)


def register(app: "Sphinx") -> None:
    """Add the directive and what fills it."""
    app.add_directive("again", Again)
    app.add_post_transform(LeaveOut)
    app.add_post_transform(ShowAgain)
