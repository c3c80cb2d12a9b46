"""The printed book: pages become chapters, and links lead to their own."""

from types import SimpleNamespace
from typing import Any

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from losstheory_site.books import paper


def test_pages_become_chapters_in_order() -> None:
    document = new_document("index")
    inner = addnodes.start_of_file("", nodes.section(ids=["inner"]), docname="inner")
    outer = addnodes.start_of_file("", nodes.section("", inner, ids=["outer"]), docname="outer")
    document += nodes.section("", nodes.paragraph("", "first"), outer, ids=["first"])
    app: Any = SimpleNamespace(builder=SimpleNamespace(name="singlehtml"))
    paper.lift(app, document, "index")
    first, *chapters = document.children
    assert not list(first.findall(addnodes.start_of_file))
    assert [page["docname"] for page in document.findall(addnodes.start_of_file)] == [
        "outer",
        "inner",
    ]
    assert all(isinstance(page, addnodes.start_of_file) for page in chapters)


def test_each_chapter_has_names_of_its_own() -> None:
    pages = (
        '<a href="#document-a#same"><span id="document-a"></span><h2 id="same"><a href="#same">'
        '<span id="document-b"></span><h2 id="same"><a href="#document-a#same">'
    )
    assert paper.with_own_names(pages) == (
        '<a href="#a:same"><span id="document-a"></span><h2 id="a:same"><a href="#a:same">'
        '<span id="document-b"></span><h2 id="b:same"><a href="#a:same">'
    )
