"""The books: a valid EPUB, and one page to print, whose chapters keep their own names."""

import re
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from losstheory_site.books import beside, paper, slim
from small_site import BOOK, Build, Built


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
    again = files["teach/slides.xhtml"].decode()
    assert "<math" in again
    assert "onclick" not in again
    assert "It has an address." not in again, "a section is a part of its own page alone"
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


def tagged(path: Path) -> None:
    """Write a PDF of two pages, tagged as Chromium does: what is in "P" reaches onto the second."""
    pdf = pikepdf.new()
    first, second = (pdf.add_blank_page() for _ in range(2))

    def tag(kind: str, parent: pikepdf.Object, **more: Any) -> pikepdf.Object:
        made = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), P=parent, **more))
        if "/K" not in parent:
            parent.K = pikepdf.Array()
        parent.K.append(made)
        return made

    root = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    paragraph = tag("P", tag("Document", root))
    code = tag("Code", paragraph, Pg=first.obj, K=pikepdf.Array([0]))
    deep = tag("NonStruct", tag("NonStruct", paragraph), Pg=first.obj, K=1)
    far = tag("NonStruct", paragraph, Pg=second.obj, K=0)
    named = tag("NonStruct", paragraph, Pg=second.obj, K=1, Lang=pikepdf.String("ko"))
    table = pikepdf.Array([0, pikepdf.Array([code, deep]), 1, pikepdf.Array([far, named])])
    root.ParentTree = pikepdf.Dictionary(Kids=pikepdf.Array([pikepdf.Dictionary(Nums=table)]))
    pdf.Root.StructTreeRoot = root
    pdf.save(path)


def test_tags_that_say_nothing_go_and_what_is_in_them_stays(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    tagged(path)
    slim.make_light(path)
    with pikepdf.open(path) as pdf:
        root = pdf.Root.StructTreeRoot
        paragraph = root.K[0].K[0]
        code, near, far, named = paragraph.K
        assert str(code.S) == "/Code"
        assert list(code.K) == [0]
        assert near == 1
        assert paragraph.Pg.objgen == pdf.pages[0].objgen
        assert str(far.Type) == "/MCR"
        assert far.MCID == 0
        assert far.Pg.objgen == pdf.pages[1].objgen
        assert str(named.S) == "/NonStruct"
        assert str(named.Lang) == "ko"
        table = root.ParentTree.Kids[0].Nums
        marked = [tag.objgen for place in (1, 3) for tag in table[place]]
        assert marked == [tag.objgen for tag in (code, paragraph, paragraph, named)]


def test_books_are_offered_where_they_are(small: Built) -> None:
    page = small("learn/page.html")
    assert 'href="../losstheory.pdf" download>PDF</a>' in page
    assert "EPUB</a>" not in page
    assert (small.out / "losstheory.pdf").read_bytes() == BOOK


def test_books_that_are_gone_are_offered_no_more(tmp_path: Path) -> None:
    site = tmp_path / "html"
    site.mkdir()
    config, builder = SimpleNamespace(), SimpleNamespace(name="html")
    app: Any = SimpleNamespace(outdir=site, config=config, builder=builder)
    (tmp_path / "losstheory.pdf").write_bytes(BOOK)
    for _ in range(2):
        beside.look(app, config)
        beside.lay(app, None)
        assert (site / "losstheory.pdf").exists() == bool(config.made_beside)
        (tmp_path / "losstheory.pdf").unlink(missing_ok=True)
    assert config.made_beside == []
