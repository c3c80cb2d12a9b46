"""Figures: drawn for desk and phone in the page's own hand, described, and kept in thumbnails."""

import re
import xml.etree.ElementTree as ET
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
from sphinx.errors import ExtensionError

from losstheory_site.colours import COLOUR, COLOURS, sheet, themed
from losstheory_site.figures import drawing, gallery, pictures_first, thumbnails
from losstheory_site.names import HOUSE
from pages import ROOT
from small_site import Built

STYLE = (ROOT / "losstheory" / "figures.mplstyle").read_text(encoding="utf-8")
ALT = 'A line < a "bar" & more'
FIGURE = "_images/sphx_glr_plot_line_001.svg"


def luminance(colour: str) -> float:
    """Compute the relative luminance that WCAG defines."""
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_plotting_style_has_the_colours_of_the_table() -> None:
    style = re.sub(r"^#.*", "", STYLE, flags=re.MULTILINE)
    cycle = re.search(r"cycler\(\"color\", \[(.*?)\]\)", style)
    assert cycle is not None
    lights = [light for light, _ in COLOURS.values()]
    assert [f"#{colour}" for colour in re.findall(r"[0-9a-f]{6}", cycle[1])] == lights[:6]
    assert {f"#{colour}" for colour in re.findall(r"\b[0-9a-f]{6}\b", style)} == set(lights[:9])


@pytest.mark.parametrize("name", list(COLOURS)[:7])
def test_colours_stand_out_from_the_page(name: str) -> None:
    for shade, paper in zip(COLOURS[name], COLOURS["paper"], strict=True):
        assert contrast(shade, paper) > 4.5


def test_no_colour_is_written_beside_the_table() -> None:
    for path in [*HOUSE.rglob("*.css"), *HOUSE.rglob("*.js"), *HOUSE.rglob("*.html")]:
        assert COLOUR.findall(path.read_text(encoding="utf-8")) == [], path
    assert len(COLOUR.findall(sheet())) == 2 * len(COLOURS)


def drawings(page: str) -> list[str]:
    """Return the drawings that stand in a page."""
    return re.findall(r'<svg class="drawing [^"]*".*?</svg>', page, re.DOTALL)


def test_drawing_takes_colours_and_typeface_from_the_page(small: Built) -> None:
    for svg in drawings(small("learn/page.html")):
        used = set(re.findall(r"var\(--([a-z-]+)\)", svg))
        assert {"cross-entropy", "squared-error", "ink"} <= used <= set(COLOURS)
        assert COLOUR.findall(svg) == []
        assert "font-family" not in svg
        assert {"0.0", "1.0"} <= set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))


def test_page_holds_a_figure_for_desk_and_for_phone(small: Built) -> None:
    page = small("learn/page.html")
    label = "A line &lt; a &quot;bar&quot; &amp; more"
    desk, phone = (
        re.findall(rf'<svg class="drawing {kind}" role="img" aria-label="{label}" .*?>', page)
        for kind in ("for-desk", "for-phone")
    )
    assert len(desk) == len(phone) == 1
    widths = [int(re.findall(r' width="(\d+)"', tag[0])[0]) for tag in (desk, phone)]
    assert widths == [680, 355]
    ids = re.findall(r'\bid="([^"]+)"', "".join(drawings(page)))
    assert len(ids) == len(set(ids)) > 0
    assert set(re.findall(r"[\"(]#([\w-]+)", "".join(drawings(page)))) <= set(ids)
    assert not (small.out / "_images").exists() or not [*(small.out / "_images").iterdir()]


def test_letters_of_a_formula_join_to_words() -> None:
    svg = (
        '<text><tspan x="0" y="0" style="font-size: 9px">o</tspan>'
        '<tspan x="8" y="0" style="font-size: 9px">t</tspan>'
        '<tspan x="4" y="0" style="font-size: 9px">u</tspan>'
        '<tspan x="12" y="0" style="font-size: 9px"> </tspan>'
        '<tspan x="15" y="0" style="font-style: italic">σ</tspan>'
        '<tspan x="19" y="-3" style="font-size: 6px">′</tspan></text>'
    )
    text = ET.fromstring(svg)
    drawing.join_letters(text)
    assert [(word.text, word.get("style")) for word in text] == [
        ("out", "font-size: 9px"),
        ("σ′", "font-style: italic"),
    ]
    assert [float(word.attrib["x"]) for word in text] == [0, 15 * drawing.WIDER]


def test_words_of_one_style_keep_their_spaces() -> None:
    letters = "".join(f'<tspan x="{9 * i}" y="0">{c}</tspan>' for i, c in enumerate("at 5"))
    text = ET.fromstring(f"<text>{letters}</text>")
    drawing.join_letters(text)
    assert [(word.text, word.get("x")) for word in text] == [("at 5", "0.00")]


def test_marks_say_their_style_once_and_have_short_names() -> None:
    figure, ax = plt.subplots()
    ax.plot([0, 1, 2], [0, 1, 2], "o")
    written = StringIO()
    figure.savefig(written, format="svg")
    plt.close(figure)
    svg = drawing.inline(written.getvalue(), "sphx_glr_plot_x_001", "Three marks", "for-desk")
    [group] = [
        g for g in re.findall(r"<g [^>]*>(?:<use [^>]*></use>)+</g>", svg) if g.count("<use") == 3
    ]
    assert group.count("style=") == 1
    assert set(re.findall(r'href="#([^"]+)"', group)) < set(re.findall(r'id="([^"]+)"', svg))
    assert "sphx_glr" not in svg


def test_panels_side_by_side_move_below_each_other_on_a_phone() -> None:
    with plt.style.context("losstheory.figures"):
        figure, axes = plt.subplots(1, 3, sharey=True, figsize=(7.08, 3.0))
        gallery.narrow(figure)
        figure.canvas.draw()
    boxes = [ax.get_position() for ax in axes]
    assert figure.get_size_inches()[0] == gallery.PHONE_WIDTH
    assert boxes[0].y0 > boxes[1].y1 > boxes[1].y0 > boxes[2].y1
    assert {round(box.x0, 6) for box in boxes} == {round(boxes[0].x0, 6)}
    plt.close(figure)


def test_pictures_come_before_plumbing(small: Built) -> None:
    page = small("auto_gallery/1_lines/plot_line.html")
    picture, first_code = page.index('class="drawing'), page.index('<div class="highlight-Python')
    assert page.index("<h1>") < picture < first_code
    assert f"<summary>{pictures_first.OF_FIGURE}</summary>" in page


@pytest.mark.parametrize(
    ("code", "summary"),
    [
        ("import numpy as np\n\nfrom a import (\n    b,\n)", pictures_first.OF_IMPORTS),
        ("fig, ax = plt.subplots()\nax.plot(x)", pictures_first.OF_FIGURE),
        ("import numpy as np\nx = np.ones(3)", ""),
        ("print(1)", ""),
    ],
)
def test_code_that_only_brings_or_draws_is_folded(code: str, summary: str) -> None:
    assert pictures_first.summary_of(code) == summary


def scrape(tmp_path: Path, label: str) -> str:
    """Draw one figure in the house style, scrape it, and return the directive."""
    with plt.style.context("losstheory.figures"):
        figure, axes = plt.subplots()
        axes.plot([0.0, 1.0], [0.0, 1.23456])
        figure.set_label(label)
        block_vars = {
            "image_path_iterator": iter([str(tmp_path / "sphx_glr_plot_x_001.png")]),
            "src_file": "gallery/plot_x.py",
            "execute_script": True,
        }
        try:
            return gallery.scraper(
                SimpleNamespace(lineno=7), block_vars, {"src_dir": str(tmp_path)}
            )
        finally:
            plt.close("all")


def test_same_drawing_gives_the_same_bytes(tmp_path: Path) -> None:
    drawings = []
    for _ in range(2):
        assert scrape(tmp_path, "A line").strip() == ".. gallery-image:: /sphx_glr_plot_x_001.svg"
        drawings.append((tmp_path / "sphx_glr_plot_x_001.svg").read_bytes())
    assert drawings[0] == drawings[1]


def test_figure_without_description_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match=r"gallery/plot_x.py: figure \d+ .* line 7"):
        scrape(tmp_path, " ")


def test_thumbnail_stands_in_the_page_and_keeps_no_word(small: Built) -> None:
    [small_one] = re.findall(
        r'<svg class="thumbnail".*?</svg>', small("auto_gallery/index.html"), re.DOTALL
    )
    root = ET.fromstring(small_one)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == ALT
    assert {"var(--cross-entropy)", "var(--squared-error)"} <= set(
        re.findall(r"var\(.*?\)", small_one)
    )
    assert "var(--ink)" not in small_one  # the ink of letters and nothing else
    assert COLOUR.findall(small_one) == []
    assert len(small_one) < len(drawings(small("learn/page.html"))[0])


def test_thumbnails_share_a_page(small: Built) -> None:
    svg = next(small.source.glob("docs/auto_gallery/*/images/*_001.svg")).read_text("utf-8")
    one, other = (ET.fromstring(thumbnails.thumbnail(svg, name, "A line")) for name in "ab")
    ids = [element.attrib["id"] for root in (one, other) for element in root.iterfind(".//*[@id]")]
    assert len(ids) > 2
    assert len(ids) == len(set(ids))
    referred = set(re.findall(r"#(\w-\w+)", ET.tostring(one, encoding="unicode")))
    assert referred
    assert referred <= set(ids)
    assert not [element for element in one.iter() if element.tag == "style"]


def test_colour_that_the_table_lacks_stays_as_it_is() -> None:
    svg = '<svg a="b" style="fill: #123456; stroke: #0067b1"/>'
    assert themed(svg) == '<svg a="b" style="fill: #123456; stroke: var(--cross-entropy)"/>'
