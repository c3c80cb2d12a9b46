"""How pages look: the measure of the text, nothing cut without a cue, pictures before plumbing."""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from browser.reading import Reader

Readers = Callable[..., Reader]

DESK, WIDE, PHONE, NARROWEST = 1280, 1920, 390, 320
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

# Names of functions in the contents, how many lines they take, and those that break elsewhere than
# behind an underscore.
BROKEN_NAMES = """() => {
    const found = { names: 0, lines: 0, elsewhere: [] };
    for (const link of document.querySelectorAll(".toc-tree a:has(code)")) {
        const letters = [];
        const walker = document.createTreeWalker(link, NodeFilter.SHOW_TEXT);
        for (let node; (node = walker.nextNode()); )
            for (let i = 0; i < node.length; i++) {
                const range = new Range();
                range.setStart(node, i);
                range.setEnd(node, i + 1);
                letters.push([node.data[i], Math.round(range.getBoundingClientRect().top)]);
            }
        found.names += 1;
        found.lines += new Set(letters.map(([, top]) => top)).size;
        for (let i = 1; i < letters.length; i++)
            if (letters[i][1] > letters[i - 1][1] + 4 && letters[i - 1][0] !== "_")
                found.elsewhere.push(link.textContent);
    }
    return found;
}"""

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


@pytest.mark.parametrize("name", ["learn/many-classes", "beyond/fair-experiment", "mend/stuck"])
def test_tables_are_whole_at_a_desk(proofreader: Readers, name: str) -> None:
    page = proofreader().open(f"{name}.html")
    page.set_viewport_size({"width": DESK, "height": 800})
    page.evaluate(OPEN_ALL)
    assert page.locator("article .table-wrapper").count() > 0
    assert page.evaluate(CUT, ".table-wrapper") == []


def test_formulas_are_whole_on_the_narrowest_phone(
    proofreader: Readers, mathematical_address: str
) -> None:
    page = proofreader().open(mathematical_address)
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    page.evaluate(OPEN_ALL)
    assert page.evaluate(CUT, ".formula") == []


def test_symbols_stand_in_the_margin_where_there_is_one(proofreader: Readers) -> None:
    page = proofreader().open("beyond/unlearning-time.html")
    for width in (PHONE, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        fold = page.locator(".notation summary").first.bounding_box()
        text = page.locator(".notation + p").first.bounding_box()
        assert fold is not None
        assert text is not None
        beside = fold["x"] > text["x"] + text["width"] and abs(fold["y"] - text["y"]) < 30
        assert beside == (width == WIDE)


def test_names_in_the_contents_break_where_words_end(proofreader: Readers) -> None:
    page = proofreader().open("reference/api/losses.html")
    for width in (DESK, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        broken = page.evaluate(BROKEN_NAMES)
        assert broken["names"] > 10
        assert broken["elsewhere"] == []
    assert broken["lines"] == broken["names"], "where there is room, a name has one line"


def test_names_in_the_index_are_whole(proofreader: Readers) -> None:
    page = proofreader().open("genindex.html")
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        lines = page.evaluate("""() => [...document.querySelectorAll(".genindextable li > a")]
            .map(link => link.firstChild)
            .filter(node => node.nodeType === Node.TEXT_NODE)
            .map(text => {
                const name = new Range();
                name.setStart(text, 0);
                name.setEnd(text, text.data.split(" ")[0].length);
                return name.getClientRects().length;
            })""")
        assert len(lines) > 50
        assert set(lines) == {1}


def test_the_way_to_the_top_covers_no_text(proofreader: Readers) -> None:
    page = proofreader().open("learn/squared-error.html")
    for width in (PHONE, DESK, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("() => scrollTo(0, 3000)")
        page.evaluate("() => scrollTo(0, 2500)")
        page.evaluate("() => document.documentElement.classList.add('show-back-to-top')")
        button = page.locator(".back-to-top").bounding_box()
        article = page.locator("article").bounding_box()
        assert (button is None) == (width == PHONE)
        assert article is not None
        assert button is None or button["x"] > article["x"] + article["width"]


class Prose(HTMLParser):
    """The text of a page's article, without code, formulas and what moves."""

    LEFT_OUT = frozenset({"code", "math", "pre", "script", "style", "svg", "template", "dt"})
    WITHOUT_END = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.pieces: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where the text stands that follows."""
        if tag not in self.WITHOUT_END:
            moves = "moving" in (dict(attrs).get("class") or "").split()
            self.inside.append("svg" if moves else tag)
            self.pieces.append("\0" if tag in self.LEFT_OUT else "")

    def handle_endtag(self, tag: str) -> None:
        """Note that an element has ended."""
        if tag not in self.WITHOUT_END and self.inside:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        """Keep what is prose."""
        if "article" in self.inside and self.LEFT_OUT.isdisjoint(self.inside):
            self.pieces.append(data)


def test_numbers_are_written_one_way(site: Path) -> None:
    other = re.compile(r"\d,\d{3}\b|(?<![\w.])\d{1,3}(\.\d+)?e[-+]?\d+\b|(?<![\w)\]/.%-])-\d")
    odd, seen, code = {}, "", ""
    for path in sorted(site.rglob("*.html")):
        if "_static" in path.parts:
            continue
        page = path.read_text(encoding="utf-8")
        text = "".join(Prose(page).pieces)
        seen += text
        code += "".join(PRE.findall(page))
        if found := [text[m.start() - 20 : m.end() + 10] for m in other.finditer(text)]:
            odd[path.relative_to(site).as_posix()] = found
    assert odd == {}
    assert re.search(r"×10[⁰-⁹⁻¹²³]", code) is None, "code stays as it is typed"
    assert {"65\u202f504", "−1×10¹²"} <= set(re.findall(r"[−\d][\u202f×\d⁰-⁹¹²³]+", seen))


DRAWN = re.compile(r'<svg class="drawing [^"]*".*?</svg>', re.DOTALL)
LINE = re.compile(r'<path d="([^"]*)"[^>]* style="fill: none;([^"]*)"')
WORDS = re.compile(r'<text style="[^"]*fill: var\(--([\w-]+)\)[^"]*"[^>]*>(.*?)</text>', re.DOTALL)
LOSSES = {"cross entropy": "cross-entropy", "squared error": "squared-error"}
# Level lines of a surface; intervals, which are bars.
NO_CURVES = {"plot_loss_surfaces", "plot_fair_experiment"}


def test_colours_and_dashes_mean_the_same_in_every_figure(site: Path) -> None:
    labels: dict[str, set[str]] = {name: set() for name in LOSSES}
    dashes: dict[str, set[str]] = {colour: set() for colour in LOSSES.values()}
    for path in sorted(site.glob("auto_gallery/*/plot_*.html")):
        for drawing in DRAWN.findall(path.read_text(encoding="utf-8")):
            for colour, words in WORDS.findall(drawing):
                plain = TAG.sub("", words).strip()
                if plain in LOSSES:
                    labels[plain].add(colour)
            for line, style in LINE.findall(drawing):
                colour = re.search(r"stroke: var\(--([\w-]+)\)", style)
                if colour and colour[1] in dashes and len(line.split()) > 20:
                    dash = re.search(r"stroke-dasharray: ([\d.]+)", style)
                    if path.stem not in NO_CURVES:
                        dashes[colour[1]].add(dash[1] if dash else "solid")
    for name, colour in LOSSES.items():
        assert colour in labels[name] <= {colour, "ink"}, "a name has its colour, or that of text"
    assert dashes["squared-error"] == {"7.4"}, "dashed"
    assert dashes["cross-entropy"] <= {"solid", "2"}, "solid; what stands beside it is dotted"


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
