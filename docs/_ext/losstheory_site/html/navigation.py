"""Fit the tree of all pages, at the side, to each page.

Sphinx makes this tree anew for each page and furo parses what it makes: of a site with n pages that
is n² entries, and was an eighth of a build. Here both do it once. What differs from page to page is
written as a mark: where an entry leads to, and what is open or current because the page is in it.
The contents of a page, beside it, hold names that a narrow column has to break.
"""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from weakref import WeakKeyDictionary

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from furo.navigation import get_navigation_tree
from sphinx.util.osutil import relative_uri

from losstheory_site.names import SITE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Context = dict[str, Any]
NAME = re.compile(r'(?<=<span class="pre">)[^<]*')
NOT_FOUND = "404"
TREE = {"collapse": False, "titles_only": True, "maxdepth": -1, "includehidden": True}
LINK = re.compile(r"@(\d+)@")
# first-last: the entries of which one is the page, if what follows is to be said.
ATTRIBUTE = re.compile(r' (class|checked)="@(\d+)-(\d+)@(\w*)"')
WORD = re.compile(r" @(\d+)-(\d+)@([\w-]+)|(?<=\")@(\d+)-(\d+)@(\w+ )")


class Navigation:
    """The tree of a site, its entries counted from the top."""

    def __init__(self, tree: str, page: str) -> None:
        """Take the tree as Sphinx makes it for a page, given as its address."""
        soup = BeautifulSoup(tree, "html.parser")
        for element in soup.select(".current"):
            others = [name for name in element["class"] if name != "current"]
            element["class"] = " ".join(others)
            if not others:
                del element["class"]
        soup = BeautifulSoup(get_navigation_tree(str(soup)), "html.parser")
        links = soup.select("a.internal")
        numbers = {id(link): number for number, link in enumerate(links)}
        self.addresses = [urljoin(page, str(link["href"])).rstrip("#") for link in links]

        def among(element: Tag) -> str:
            own = [numbers[id(link)] for link in element.select("a.internal")]
            return f"@{own[0]}-{own[-1]}@"

        for entry in soup.select("li:has(> a.internal)"):
            link = entry.a
            assert link is not None
            number = numbers[id(link)]
            level, *others = list(entry["class"])
            here = f"@{number}-{number}@"
            names = (level, f"{among(entry)}current", *others, f"{here}current-page")
            entry["class"] = " ".join(names)
            link["class"] = " ".join((f"{here}current", *link["class"]))
            link["href"] = f"@{number}@"
            for switch in entry.find_all("input", recursive=False):
                switch["checked"] = among(entry)
        for group in soup.select("ul:has(a.internal)"):
            group["class"] = f"{among(group)}current"
        self.template = str(soup)

    def of(self, page: str) -> str:
        """Return the tree of the page with this address."""
        here = self.addresses.index(page) if page in self.addresses else -1

        def holds(first: str, last: str) -> bool:
            return int(first) <= here <= int(last)

        def lead(match: re.Match[str]) -> str:
            return (
                "#" if int(match[1]) == here else relative_uri(page, self.addresses[int(match[1])])
            )

        def attribute(match: re.Match[str]) -> str:
            return f' {match[1]}="{match[4]}"' if holds(match[2], match[3]) else ""

        def word(match: re.Match[str]) -> str:
            first, last, following, first_too, last_too, leading = match.groups()
            if leading:
                return leading if holds(first_too, last_too) else ""
            return f" {following}" if holds(first, last) else ""

        return LINK.sub(lead, WORD.sub(word, ATTRIBUTE.sub(attribute, self.template)))


NAVIGATIONS: WeakKeyDictionary["Sphinx", Navigation] = WeakKeyDictionary()


def hide(
    app: "Sphinx", pagename: str, templatename: str, context: Context, doctree: nodes.document
) -> None:
    """Hide the maker of the tree from furo, which would call it for each page.

    The page for wrong addresses, whose links start at the top of the server, stays as it is.
    """
    if app.builder.name in SITE and "toctree" in context and pagename != NOT_FOUND:
        context["our_toctree"] = context.pop("toctree")


def break_at_underscores(name: re.Match[str]) -> str:
    """Return a name that a narrow column may break after an underscore, and nowhere else."""
    return name[0].replace("_", "_<wbr>")


def fit(
    app: "Sphinx", pagename: str, templatename: str, context: Context, doctree: nodes.document
) -> None:
    """Give the page its tree, and let names in its contents break where their words end."""
    context["toc"] = NAME.sub(break_at_underscores, context.get("toc", ""))
    if "our_toctree" not in context:
        return
    context["toctree"] = context.pop("our_toctree")
    page = app.builder.get_target_uri(pagename)
    if app not in NAVIGATIONS:
        NAVIGATIONS[app] = Navigation(context["toctree"](**TREE), page)
    context["furo_navigation_tree"] = NAVIGATIONS[app].of(page)
