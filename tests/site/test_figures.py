"""Figures: one drawing for both themes, described in words, and small enough for a thumbnail."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
from sphinx.errors import ExtensionError

from losstheory_site.colours import COLOUR, COLOURS, NAMES, light, sheet, themed
from losstheory_site.figures import gallery, thumbnails
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


def test_one_drawing_serves_both_themes(small: Built) -> None:
    drawing = small(FIGURE)
    plain = light(drawing)
    assert {"#0067b1", "#c94f00", "#1f2933"} <= set(COLOUR.findall(plain))
    assert "var(" not in plain
    [root] = re.findall(r"<svg [^>]*>", drawing)
    assert 'id="dark"' in root
    [dark] = re.findall(r"svg:target \{(.*?)\}", drawing)
    set_by_target = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))
    used = dict(re.findall(r"var\(--([a-z-]+), (#[0-9a-f]{6})\)", drawing))
    assert set(used) == set(set_by_target)
    assert all(NAMES[colour] == name for name, colour in used.items())
    assert all(COLOURS[name][1] == colour for name, colour in set_by_target.items())
    assert COLOUR.findall(re.sub(r"var\(.*?\)|svg:target.*?\}", "", drawing)) == []


def test_page_shows_a_figure_twice_and_hides_one(small: Built) -> None:
    page = small("learn/page.html")
    images = re.findall(
        r'<img alt="([^"]*)" class="only-(light|dark)" height="384" loading="lazy"'
        rf' src="../{FIGURE}(#dark)?" width="614" />',
        page,
    )
    alt = "A line &lt; a &quot;bar&quot; &amp; more"
    assert images == [(alt, "light", ""), (alt, "dark", "#dark")]
    assert sorted(path.name for path in (small.out / "_images").iterdir()) == [Path(FIGURE).name]


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
    [drawing] = re.findall(
        r'<svg class="thumbnail".*?</svg>', small("auto_gallery/index.html"), re.DOTALL
    )
    root = ET.fromstring(drawing)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == ALT
    assert {"var(--cross-entropy)", "var(--squared-error)"} <= set(
        re.findall(r"var\(.*?\)", drawing)
    )
    assert "var(--ink)" not in drawing  # the ink of letters and nothing else
    assert COLOUR.findall(drawing) == []
    assert len(drawing) < len(small(FIGURE)) / 3


def test_thumbnails_share_a_page(small: Built) -> None:
    svg = small(FIGURE)
    one, other = (ET.fromstring(thumbnails.thumbnail(svg, name, "A line")) for name in "ab")
    ids = [element.attrib["id"] for root in (one, other) for element in root.iterfind(".//*[@id]")]
    assert len(ids) > 2
    assert len(ids) == len(set(ids))
    referred = set(re.findall(r"#(\w-\w+)", ET.tostring(one, encoding="unicode")))
    assert referred
    assert referred <= set(ids)
    assert not [element for element in one.iter() if element.tag == "style"]


def test_colour_that_the_table_lacks_stays_as_it_is() -> None:
    assert (
        themed('<svg a="b" style="fill: #123456"/>')
        == '<svg id="dark" a="b" style="fill: #123456"/>'
    )
