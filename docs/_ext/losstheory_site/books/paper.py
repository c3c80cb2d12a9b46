"""Print the site as one book: a PDF of the single page that Sphinx can make of a site.

Chromium sets MathML, numbers the leaves, and keeps links, headings and descriptions of figures.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from losstheory_site.books.chromium import start_chromium
from losstheory_site.books.slim import make_light
from losstheory_site.names import ONE_PAGE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

START = '<span id="document-'
NAME = re.compile(r'\b((?:id="|href="#)(?!document-))')
OTHER = re.compile(r'\b(href="#)document-([^"#]+)#')


def lift(app: "Sphinx", doctree: nodes.document, docname: str) -> None:
    """Make chapters of the pages, which Sphinx puts into the last section of the first."""
    if app.builder.name != ONE_PAGE:
        return
    for page in list(doctree.findall(addnodes.start_of_file)):
        page.parent.remove(page)
        doctree += page


def with_own_names(body: str) -> str:
    """Give each chapter names of its own for what links lead to: every page has exercises.

    >>> from losstheory_site.books.paper import with_own_names
    >>> with_own_names('<span id="document-a"><p id="b"><a href="#b"><a href="#document-c#b">')
    '<span id="document-a"><p id="a:b"><a href="#a:b"><a href="#c:b">'
    """
    before, *chapters = body.split(START)
    pages = [chapter.partition('"')[0] for chapter in chapters]
    named = map(NAME.sub, (rf"\1{page}:" for page in pages), chapters)
    return OTHER.sub(r"\1\2:", START.join([before, *named]))


def dress(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Put the contents before the first page."""
    if app.builder.name == ONE_PAGE and "body" in context:
        first = app.config.root_doc
        context.update(title=app.env.titles[first].astext(), docstitle=app.config.html_title)
        contents = f'<nav class="contents"><h1>{app.config.html_title}</h1>{context["toc"]}</nav>'
        pages = f'{START}{first}"></span>{context["body"]}'
        context["body"] = with_own_names(contents + pages)


def bind(app: "Sphinx", exception: Exception | None) -> None:
    """Print the page, beside its folder."""
    if exception or app.builder.name != ONE_PAGE:
        return
    from playwright.sync_api import sync_playwright  # a dependency of this builder alone

    with sync_playwright() as playwright:
        chromium = start_chromium(playwright)
        page = chromium.new_page(java_script_enabled=False)
        page.goto(Path(app.outdir, "index.html").as_uri())
        target = Path(app.outdir).with_name(f"{app.config.project}.pdf")
        page.pdf(path=target, outline=True, tagged=True, prefer_css_page_size=True)
        chromium.close()
    make_light(target)
