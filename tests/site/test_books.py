"""The books: a valid EPUB, and one page to print, whose chapters keep their own names."""

import re
import zipfile
from types import SimpleNamespace
from typing import Any

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from losstheory_site.books import paper
from small_site import Build


def test_epub_is_plain_and_declares_its_mathematics(site_of_its_own: Build) -> None:
    built = site_of_its_own("epub")
    assert not built.warnings
    with zipfile.ZipFile(built.out / "losstheory.epub") as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        files = {name: archive.read(name) for name in archive.namelist()}
    items = re.findall(r'<item [^>]*href="([^"]+\.xhtml)"([^>]*)>', files["content.opf"].decode())
    declared = {name for name, rest in items if 'properties="mathml"' in rest}
    assert declared == {name for name, data in files.items() if b"<math" in data}
    assert "learn/page.xhtml" in declared
    page = files["learn/page.xhtml"].decode()
    assert not re.search(r"<script|<svg|only-dark|displaystyle=.false|tooltip=|role=.list", page)
    assert page.count("<img ") == 1
    drawing = files["_images/sphx_glr_plot_line_001.svg"]
    assert b"var(" not in drawing
    assert b"#0067b1" in drawing
    sheets = [name for name in files if name.endswith(".css")]
    assert b"var(" not in b"".join(files[name] for name in sheets if "losstheory" in name)
    linked = set(re.findall(r'href="(?:\.\./)*(_static/[^"?]+\.css)', page))
    assert linked == {f"_static/{name}.css" for name in ("epub", "pygments", "losstheory-book")}
    assert linked <= set(sheets)


def test_other_formats_are_written(site_of_its_own: Build) -> None:
    text = site_of_its_own("text")
    assert not text.warnings
    assert "the output is 0.5" in text("learn/page.txt")
    assert not site_of_its_own("man").warnings


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
