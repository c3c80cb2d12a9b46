"""What each page must be: readable without scripts, accessible, narrow enough, and light.

Opening a page costs more than most questions to it: the `visit` of an address serves them all.
"""

from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from browser.reading import Reader

Readers = Callable[..., Reader]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# In the dark, what asks for colours; the rest is the same in both themes.
RULES = {
    "light": {"type": "tag", "values": TAGS},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
# The contrast of every word takes axe seconds a page; one word of each style says as much.
CHECKER = Axe(
    f"""{Axe().axe_script};
    axe.configure({{ rules: [{{ id: "color-contrast", selector: "[data-style]" }}] }});"""
)
LIGHTEST_PHONE, PHONE, DESK = 320, 390, 1280
MOST_BYTES, MOST_REQUESTS = 250_000, 15
NOT_FOUND = "404.html"

# The text, formulas and pictures of a page, as they are shown.
CONTENT = """() => ({
    title: document.querySelector("h1")?.innerText.trim(),
    unseen: [...document.querySelectorAll("article :is(h1, h2, h3, p, li, pre, table, figure)")]
        .filter(part => !part.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        // What a click opens without scripts, and what scripts alone move.
        .filter(part => !part.closest("details:not([open]), .sd-tab-set, .eqcheck-panel, .moving"))
        .filter(part => !part.closest("[class*=sphx-glr-]"))
        .map(part => part.outerHTML.slice(0, 120)),
    formulas: [...document.querySelectorAll("article math")]
        .filter(math => math.checkVisibility() && math.getBoundingClientRect().width === 0).length,
    pictures: [...document.querySelectorAll("article img")]
        .filter(image => image.checkVisibility())
        .map(image => (image.loading = "eager", image.decode().then(() => null, () => image.src))),
})"""

# How a page presents itself to tabs, search engines and who shares a link to it.
HEAD = """() => {
    const all = (selector, name) => [...document.head.querySelectorAll(selector)]
        .map(element => element[name]);
    return {
        titles: all("title", "text"),
        descriptions: all("meta[name=description]", "content"),
        previews: all("meta[property='og:title'], meta[property='og:description']", "content"),
        viewports: all("meta[name=viewport]", "content"),
        icons: all("link[rel~=icon]", "href"),
    };
}"""

# What reaches beyond the right edge, unless it lies in a box of its own that scrolls.
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    const scrolls = element => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const boxed = element => {
        for (let box = element.parentElement; box; box = box.parentElement)
            if (box !== document.body && box !== document.documentElement && scrolls(box))
                return box.getBoundingClientRect().right <= width + 1;
        return false;
    };
    return [...document.querySelectorAll("article *")]
        .filter(element => element.checkVisibility() && element.getClientRects().length)
        .filter(element => element.getBoundingClientRect().right > width + 1 && !boxed(element))
        .map(element => element.outerHTML.slice(0, 120));
}"""

# Marks one element of each style: how its text is written, on which grounds, and in what text.
MARK_STYLES = """() => {
    const grounds = new Map([[null, ""]]);
    const ground = element => {
        if (!grounds.has(element)) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
            const own = [backgroundColor, backgroundImage, opacity].join();
            grounds.set(element, ground(element.parentElement)
                + (own === "rgba(0, 0, 0, 0),none,1" ? "" : `/${own}`));
        }
        return grounds.get(element);
    };
    const hand = element => {
        const style = getComputedStyle(element);
        return ["color", "fill", "fontSize", "fontWeight", "textDecorationLine", "textShadow"]
            .map(name => style[name]);
    };
    const writes = element => element.matches("input, textarea, select")
        || [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const seen = new Set();
    for (const element of document.body.querySelectorAll("*")) {
        delete element.dataset.style;
        if (!writes(element) || element.closest("math") || !element.checkVisibility()) continue;
        const style = [element.localName, ground(element), hand(element)];
        if (seen.size < seen.add(style.join()).size) element.dataset.style = "";
    }
    return seen.size;
}"""

OPEN_ALL = "() => document.querySelectorAll('details').forEach(fold => { fold.open = true; })"

SHIFTS = """() => new Promise(resolve => {
    new PerformanceObserver(list => resolve(list.getEntries().reduce((sum, e) => sum + e.value, 0)))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(0), 100);
})"""

SCROLL_THROUGH = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo(0, y);
        await new Promise(requestAnimationFrame);
    }
}"""


class Visit(NamedTuple):
    """A page in a window of Chromium, and what its first opening has cost."""

    page: Page
    address: str
    weights: list[int]  # bytes over the wire of each answer
    shift: float  # how far what was seen has moved while the page loaded, in windows

    def at(self, width: int, theme: str = "light") -> Page:
        """Show the page unfolded in a window of this width."""
        self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.evaluate(OPEN_ALL)
        return self.page


@pytest.fixture(scope="session")
def visit(employ: Readers, staff: dict[str, Reader], address: str) -> Iterator[Visit]:
    """Open a page once for all tests of it, weigh it, and read it to its end."""
    if "visitor" not in staff:
        staff["visitor"] = employ(reduced_motion="reduce")
    visitor = staff["visitor"]
    page = visitor.open("404.html")
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.emulate_media(color_scheme="light")
    network = visitor.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sent: dict[str, Any] = {}
    loaded: dict[str, int] = {}
    shifts: list[float] = []
    network.on("Network.requestWillBeSent", lambda e: sent.update({e["requestId"]: e["request"]}))
    network.on(
        "Network.loadingFinished", lambda e: loaded.update({e["requestId"]: e["encodedDataLength"]})
    )
    # What moves only because a busy machine showed half a page stands still another time.
    while len(shifts) < 3 and 0 not in shifts:
        sent.clear()
        loaded.clear()
        visitor.open(address)
        page.evaluate(SCROLL_THROUGH)
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")
        shifts.append(page.evaluate(SHIFTS))
    network.detach()
    # Fonts and icons that stand in the style sheet come with it.
    weights = [loaded[key] for key in sent.keys() & loaded if "data:" not in sent[key]["url"]]
    yield Visit(page, address, weights, min(shifts))
    visitor.check()


def test_light_and_steady(visit: Visit) -> None:
    assert len(visit.weights) > 1, "the style sheet at least"
    assert len(visit.weights) <= MOST_REQUESTS
    assert sum(visit.weights) <= MOST_BYTES
    assert visit.shift == 0


def test_presents_itself(visit: Visit, site: Path) -> None:
    head = visit.page.evaluate(HEAD)
    [title], [description], [icon] = head["titles"], head["descriptions"], head["icons"]
    heading, _, name = title.rpartition(" - ")
    assert heading.strip()
    assert name == "losstheory"
    assert 40 <= len(description) <= 300
    assert "\\" not in description, "a formula in LaTeX"
    assert head["previews"] == [heading, description]
    assert len(head["viewports"]) == 1
    assert (site / urlsplit(icon).path.lstrip("/")).is_file()
    foot = visit.page.locator("footer").inner_text()
    for words in (f"losstheory {version('losstheory')}", "Install", "Cite", "licence", "mistake"):
        assert words in foot


@pytest.mark.parametrize("width", [LIGHTEST_PHONE, PHONE])
def test_fits_a_phone(visit: Visit, width: int) -> None:
    page = visit.at(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("theme", RULES)
def test_accessible(visit: Visit, theme: str) -> None:
    page = visit.at(DESK, theme)
    assert page.evaluate(MARK_STYLES) > 5, "headings, text, links, the foot"
    # Axe cannot see MathML; whether its letters stand out, the text around it tells.
    seen = {"exclude": ["math"]}
    options = {"resultTypes": ["violations"], "runOnly": RULES[theme]}
    found = CHECKER.run(page, context=seen, options=options).response["violations"]
    assert [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
        # It takes a header that is a formula for an empty one.
        if not (rule["id"] == "empty-table-header" and "<math" in node["html"])
    ] == []


def test_reads_from_disk_without_scripts(proofreader: Readers, address: str) -> None:
    if address == NOT_FOUND:
        pytest.skip("only a server says that a page is not found")
    page = proofreader(disk=True, java_script_enabled=False).open(address)
    content = page.evaluate(CONTENT)
    assert content["title"]
    assert content["unseen"] == []
    assert content["formulas"] == 0, "formulas that take no room"
    assert [picture for picture in content["pictures"] if picture] == []


def test_page_for_wrong_addresses_reads_from_disk_as_well(reader: Readers) -> None:
    visitor = reader(disk=True)
    page = visitor.open(NOT_FOUND)
    page.wait_for_function(
        "getComputedStyle(document.querySelector('article')).fontSize !== '16px'"
    )
    visitor.requests.clear()  # it has tried the top of the disk first
    visitor.complaints.clear()
    page.get_by_role("link", name="Start at the beginning").click()
    assert page.url == f"{visitor.home}index.html"
