"""Make slides of the page ``teach/slides``: each section becomes a slide for reveal.js.

The page reads as a handout, with what the speaker says between. On the slides this becomes the
speaker's notes. The files of reveal.js are those that sphinx-revealjs brings along, so that slides
ask nobody; its own builder would read all pages once more, and one by one.
"""

import shutil
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from bs4 import BeautifulSoup, Tag

from losstheory_site.names import SHEET, SITE

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

PAGE = "teach/slides"
DECK = "_static/deck"  # beside what pages load, since it is no page
SLIDES = f"{DECK}/slides.html"
REVEAL = ("dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js")
NOTES = "notes"  # the class of what the speaker says, here and in reveal.js
UNWANTED = ".headerlink, .figure-source, .on-paper, .print-it, .for-phone, noscript, script"
HERE = Path(__file__).parent


def slides_of(body: str, title: str) -> list[str]:
    """Return the slides of a page, of which the first bears this title.

    >>> from losstheory_site.teaching.deck import slides_of
    >>> slides_of("<section><h1>Deck</h1><p>a</p><section><h2>One</h2></section></section>", "All")
    ['<h1>All</h1><p>a</p>', '<h2>One</h2>']
    """
    soup = BeautifulSoup(body, "html.parser")
    for tag in soup.select(UNWANTED):
        tag.decompose()
    for tag in soup.select(f"div.{NOTES}"):
        tag.name, tag["class"] = "aside", NOTES
    for tag in soup.select("[id]:not(svg *)"):  # within a drawing its parts go by their names
        del tag["id"]  # names on the page, which the slides are not
    top = soup.find("section")
    assert isinstance(top, Tag), "a page has a section"
    later = [section.extract() for section in top.find_all("section", recursive=False)]
    heading = top.find("h1")
    assert isinstance(heading, Tag), "a page has a title"
    heading.string = title
    return [slide.decode_contents().strip() for slide in [top, *later]]


def write(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: "nodes.document | None",
) -> None:
    """Write the slides when their page is written."""
    if pagename != PAGE or app.builder.name not in SITE:
        return
    title = app.env.titles[app.config.root_doc].astext()
    slides = slides_of(context["body"], title)
    loader = jinja2.FileSystemLoader(HERE, encoding="utf-8")
    template = jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined)
    folder = Path(app.outdir, DECK)
    folder.mkdir(parents=True, exist_ok=True)
    for name in REVEAL:
        given = files("sphinx_revealjs") / "_static" / "revealjs" / name
        (folder / Path(name).name).write_bytes(given.read_bytes())
    shutil.copyfile(HERE / "deck.css", folder / "deck.css")
    up = "../" * (DECK.count("/") + 1)
    back = f"{up}{app.builder.get_target_uri(PAGE)}"
    text = template.get_template("deck.html").render(
        title=title, slides=slides, sheet=f"{up}{SHEET}", back=back
    )
    Path(app.outdir, SLIDES).write_text(text, encoding="utf-8", newline="\n")
