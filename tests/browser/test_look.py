"""How pages look: the measure of the text, nothing cut without a cue, pictures before plumbing."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from browser.reading import Reader

Readers = Callable[..., Reader]

DESK, WIDE, PHONE = 1280, 1920, 390
FIRST_SCREEN = 900
LONG_LINE = 88  # characters of code; a page with none is not opened
PRE = re.compile(r"<pre[^>]*>(.*?)</pre>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")

# Characters of a full line: the width of a paragraph in those of its own text.
MEASURE = """() => {
    const pen = document.createElement("canvas").getContext("2d");
    const lines = [...document.querySelectorAll("article section > p")]
        .filter(p => p.innerText.length > 200 && !p.querySelector("math, code"))
        .map(p => {
            const { fontSize, fontFamily } = getComputedStyle(p);
            pen.font = `${fontSize} ${fontFamily}`;
            const text = p.innerText;
            return p.getBoundingClientRect().width / (pen.measureText(text).width / text.length);
        });
    return lines;
}"""

CUT = """selector => [...document.querySelectorAll(selector)]
    .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
    .map(box => `${box.scrollWidth - box.clientWidth} px: ${box.textContent.slice(0, 80)}`)"""

OPEN_ALL = "() => document.querySelectorAll('details').forEach(fold => { fold.open = true; })"


@pytest.mark.parametrize(
    ("width", "least", "most"), [(DESK, 66, 80), (WIDE, 66, 80), (PHONE, 38, 60)]
)
def test_lines_of_text_are_as_long_as_one_reads_well(
    proofreader: Readers, width: int, least: int, most: int
) -> None:
    page = proofreader().open("learn/maximum-likelihood.html")
    page.set_viewport_size({"width": width, "height": 800})
    measured = page.evaluate(MEASURE)
    assert len(measured) > 3
    assert [line for line in measured if not least <= line <= most] == []


def test_code_is_whole_at_a_desk(proofreader: Readers, site: Path) -> None:
    reader = proofreader()
    cut, opened = {}, 0
    for path in sorted(site.rglob("*.html")):
        blocks = PRE.findall(path.read_text(encoding="utf-8"))
        lines = [len(x) for b in blocks for x in unescape(TAG.sub("", b)).splitlines()]
        if max(lines, default=0) <= LONG_LINE or "_static" in path.parts:
            continue
        address = path.relative_to(site).as_posix()
        page = reader.open(address)
        page.set_viewport_size({"width": DESK, "height": 800})
        page.evaluate(OPEN_ALL)
        opened += 1
        if found := page.evaluate(CUT, "article pre"):
            cut[address] = found
    assert opened > 5
    assert cut == {}


def test_formulas_are_whole_on_a_phone(proofreader: Readers) -> None:
    page = proofreader().open("learn/squared-error.html")
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.evaluate(OPEN_ALL)
    assert page.evaluate(CUT, ".formula") == []


def test_figure_of_a_script_stands_in_the_first_screen(proofreader: Readers, site: Path) -> None:
    reader = proofreader()
    late = {}
    for path in sorted(site.glob("auto_gallery/*/plot_*.html")):
        address = path.relative_to(site).as_posix()
        page = reader.open(address)
        page.set_viewport_size({"width": DESK, "height": FIRST_SCREEN})
        box = page.locator(".drawing.for-desk").first.bounding_box()
        assert box is not None
        if box["y"] + box["height"] / 2 > FIRST_SCREEN:
            late[address] = box["y"]
    assert late == {}
