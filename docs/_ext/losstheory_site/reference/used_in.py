"""Link the reference back: under each function, the pages and scripts that use it.

The other direction is there already: prose links by roles, and sphinx-gallery links the code of
its scripts. What a page uses is what its code imports from `losstheory` or its prose links to.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.util.nodes import make_refnode

import losstheory

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

REFERENCE = "reference/api/"
USED = "names of losstheory"  # among what Sphinx keeps of each page
IMPORT = re.compile(r"from losstheory import (\([^)]*\)|[^\n]*)")
ATTRIBUTE = re.compile(r"\b(?:lt|losstheory)\.(\w+)")
PUBLIC = set(losstheory.__all__)


def names_in(doctree: nodes.document) -> Iterator[str]:
    """Yield the public names that a page's code imports and its prose links to."""
    for block in doctree.findall(nodes.literal_block):
        code = re.sub(r"^(>>>|\.\.\.) ?", "", block.astext(), flags=re.MULTILINE)
        for imported in IMPORT.findall(code):
            yield from re.findall(r"\w+", imported)
        yield from ATTRIBUTE.findall(code)
    for link in doctree.findall(addnodes.pending_xref):
        if link.get("refdomain") == "py":
            yield link["reftarget"].removeprefix("losstheory.")


def record(app: "Sphinx", doctree: nodes.document) -> None:
    """Note what a page uses, when it has been read; Sphinx forgets it with the page."""
    docname = app.env.docname
    if not docname.startswith(REFERENCE):
        app.env.metadata[docname][USED] = PUBLIC.intersection(names_in(doctree))


def users(env: "BuildEnvironment") -> dict[str, set[str]]:
    """Return page -> names that it uses."""
    return {page: about[USED] for page, about in sorted(env.metadata.items()) if USED in about}


def reference_pages(app: "Sphinx", env: "BuildEnvironment") -> list[str]:
    """Have the reference written again when what is used where has changed."""
    now = users(env)
    if getattr(env, "names_written", None) == now:
        return []
    env.names_written = now  # type: ignore[attr-defined]  # ours, kept by Sphinx
    return [docname for docname in env.found_docs if docname.startswith(REFERENCE)]


def link_back(app: "Sphinx", doctree: nodes.document, docname: str) -> None:
    """Add a line with the pages and scripts to each object of the reference."""
    if not docname.startswith(REFERENCE):
        return
    order = {page: place for place, page in enumerate(reading_order(app.env))}
    for description in doctree.findall(addnodes.desc):
        signatures = [
            node for node in description.children if isinstance(node, addnodes.desc_signature)
        ]
        names = {node.get("fullname", "") for node in signatures}
        pages = [page for page, used in users(app.env).items() if used & names]
        if pages and not isinstance(description.parent, addnodes.desc_content):
            pages.sort(key=lambda page: (order.get(page, len(order)), page))
            next(description.findall(addnodes.desc_content)).append(
                line(app.builder, docname, pages)
            )


def reading_order(env: "BuildEnvironment") -> Iterator[str]:
    """Yield the pages as the table of contents has them."""
    todo = [env.config.root_doc]
    while todo:
        page = todo.pop(0)
        yield page
        todo = [*env.toctree_includes.get(page, []), *todo]


def line(builder: "Builder", docname: str, pages: list[str]) -> nodes.paragraph:
    """Compose the line of links."""
    paragraph = nodes.paragraph("", "", nodes.strong("", "Used in"), nodes.Text(" "))
    paragraph["classes"].append("used-in")
    for place, page in enumerate(pages):
        title = nodes.Text(builder.env.titles[page].astext())
        paragraph += [nodes.Text(" · ")] if place else []
        paragraph += make_refnode(builder, docname, page, "", title)
    return paragraph
