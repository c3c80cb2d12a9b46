"""Two kinds of links: to a state of what moves, and to what another session has made.

``{state}`the race <learn/squared-error#stall&t=200&projector>``` opens a figure that moves in this
state. ``{made}`all figures <teach/figures.zip>``` leads to a file if the build or another session
has made it, and else says the same without a link.
"""

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import ReferenceRole
from sphinx.util.osutil import relative_uri

from losstheory_site.names import SITE
from losstheory_site.teaching import deck

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class beyond_page(nodes.Inline, nodes.TextElement):  # noqa: N801  (docutils names nodes like this)
    """A link to what is no page of Sphinx; only the site has it."""


class Link(ReferenceRole):
    """Read either role."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        link = beyond_page(self.rawtext, self.title, kind=self.name, target=self.target)
        return [link], []


def address(builder: Any, here: str, kind: str, target: str) -> str:
    """Return where a link leads to, from the address of a page; nowhere if it is not there."""
    if builder.name not in SITE:
        return ""
    if kind == "made":
        there = target in (deck.SLIDES, *builder.config.made_beside)
        return relative_uri(here, target) if there else ""
    page, _, state = target.partition("#")
    return f"{relative_uri(here, builder.get_target_uri(page))}#{state}"


def visit(self: "HTML5Translator", node: nodes.Element) -> None:
    """Open the link, if it leads anywhere."""
    here = self.builder.get_target_uri(self.builder.current_docname)
    href = address(self.builder, here, node["kind"], node["target"])
    self.body.append(self.starttag(node, "a", "", href=href) if href else "<span>")
    node["tag"] = "a" if href else "span"


def depart(self: "HTML5Translator", node: nodes.Element) -> None:
    """Close it."""
    self.body.append(f"</{node['tag']}>")


def through(_: Any, __: nodes.Element) -> None:
    """Show the words."""


def register(app: "Sphinx") -> None:
    """Add both roles."""
    words = through, through
    app.add_node(beyond_page, html=(visit, depart), latex=words, text=words, man=words)
    for name in ("state", "made"):
        app.add_role(name, Link())
