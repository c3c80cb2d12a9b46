"""Pages of the site: described, light, usable by keyboard, with one style sheet."""

import hashlib
import re
import struct
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
from docutils import nodes
from docutils.utils import new_document

import preview_picture
from losstheory_site.html import head, stylesheet
from losstheory_site.names import DOCS, PREVIEW, SHEET
from small_site import Built

PICTURE = DOCS / PREVIEW


def test_description_is_what_a_page_teaches_or_its_first_whole_sentences() -> None:
    document = new_document("page.md")
    page = nodes.section("", nodes.title("", "Title"), nodes.paragraph("", "A start:"))
    document += page
    assert head.describe(document) == ""
    page += nodes.paragraph("", "A confident mistake is unlearnt slowly. " * 9)
    description = head.describe(document)
    assert description.startswith("A confident")
    assert description.endswith("slowly.")
    assert 40 < len(description) < 250
    page.insert(1, nodes.paragraph("", "You need derivatives, the chain rule and some patience."))
    assert head.describe(document) == description
    page.insert(1, nodes.admonition("", nodes.paragraph("", "You will learn\nhow.")))
    assert head.describe(document) == "You will learn how."


def test_link_preview_has_whole_addresses(small: Built) -> None:
    tags = re.findall(
        r'<meta (?:property|name)="([^"]*)" content="([^"]*)"', small("learn/page.html")
    )
    found = {key: unescape(value) for key, value in tags}
    assert found["og:title"] == "A page of everything"
    assert found["description"] == found["og:description"] == "You will learn what a page may hold."
    assert found["og:url"] == "https://example.org/lt/learn/page.html"
    assert found["og:image"] == "https://example.org/lt/_static/preview.png"
    assert found["twitter:card"] == "summary_large_image"
    assert len(found["og:image:alt"].split()) > 8
    assert (small.out / PREVIEW).read_bytes() == PICTURE.read_bytes()


def test_link_preview_of_a_site_without_address_has_no_picture() -> None:
    config = SimpleNamespace(root_doc="index", html_title="site", html_baseurl="")
    app: Any = SimpleNamespace(config=config)
    assert not re.findall("og:image|og:url", "".join(head.tags(app, "page", "A < B", "So.")))


def test_picture_of_link_previews_is_the_one_that_is_drawn(tmp_path: Path) -> None:
    preview_picture.draw(tmp_path / "picture.png")
    drawn = plt.imread(tmp_path / "picture.png")
    kept = plt.imread(PICTURE)
    assert not plt.get_fignums()
    # Another machine may smooth an edge differently.
    assert abs(drawn - kept).mean() < 0.01
    size = struct.unpack(">II", PICTURE.read_bytes()[16:24])
    assert [str(length) for length in size] == [head.PICTURE["width"], head.PICTURE["height"]]
    assert PICTURE.stat().st_size < 150_000


def test_keyboard_reaches_what_scrolls() -> None:
    body = head.mend(f"<pre>{'x' * 60}</pre><pre>short</pre>")
    assert body == f'<pre tabindex="0">{"x" * 60}</pre><pre>short</pre>'


def test_navigation_shows_all_groups_and_opens_the_one_of_the_page() -> None:
    def group(name: str, item: str) -> str:
        caption = f'<p class="caption" role="heading"><span class="caption-text">{name}</span></p>'
        return f"{caption}\n<ul>\n<li{item}><a>of {name}</a><ul><li>deep</li></ul></li>\n</ul>\n"

    here = ' class="current-page"'
    for items, opened in ((("", here), "Look up"), (("", ""), "Learn")):
        folded = head.fold(group("Learn", items[0]) + group("Look up", items[1]))
        groups = re.findall(
            r"<details class=\"sidebar-group\"( open)?><summary>(.*?)</summary>", folded
        )
        assert [name for _, name in groups] == ["Learn", "Look up"]
        assert [name for state, name in groups if state] == [opened]
        assert folded.count("<li") == 4
        assert "caption" not in folded


def test_page_loads_what_it_uses(small: Built) -> None:
    scripts = {
        page: set(re.findall(r'src="[./]*_static/(?:[a-z]+/)*([\w.-]+)\?', small(page)))
        for page in ("index.html", "learn/page.html")
    }
    assert scripts["index.html"] == {"furo.js", "moving.js", "bell.js"}
    copying = {"clipboard.min.js", "copybutton.js", "documentation_options.js"}
    loaded = {"furo.js", "design-tabs.js", "eqcheck.js", "live.js", *copying}
    assert scripts["learn/page.html"] == loaded


def test_one_style_sheet_named_by_what_is_in_it(small: Built) -> None:
    sheet = small(SHEET)
    version = hashlib.sha256(sheet.encode()).hexdigest()[:8]
    for page in small.out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' in text or page.parent.name == "deck":
            continue  # an address that leads on, and the slides
        sheets = re.findall(r'<link rel="stylesheet"[^>]*href="([^"]*)"', text)
        assert [name.rpartition("/")[2] for name in sheets] == [f"site.css?v={version}"], page
    assert sheet.count("url(data:font/woff2") + sheet.count('url("data:font/woff2') == 3
    assert "/*" not in sheet


def test_fonts_cover_the_letters_of_formulas() -> None:
    page = "<style>ж</style><p>caf&eacute;</p><math><mi>σ</mi><mi>h</mi><mi>exp</mi></math>"
    used = stylesheet.characters([page])
    assert {*map(ord, "caféσ𝜎ℎ")} <= used
    assert ord("ж") not in used


def test_tree_at_the_side_is_the_one_that_furo_makes_of_each_page(small: Built) -> None:
    assert len(small.trees) > 5
    for page, tree in small.trees.items():
        assert small.bodies[page]["furo_navigation_tree"] == tree, page
    assert sum("current-page" in tree for tree in small.trees.values()) > 5
