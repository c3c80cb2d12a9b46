"""The search of the built site: what people ask leads to its answer, also from disk."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.engines import Window
from browser.reading import Reader

Readers = Callable[..., Reader]

GROUPS = tomllib.loads(Path(__file__).with_name("queries.toml").read_text(encoding="utf-8"))
QUERIES = {query: places for group in GROUPS.values() for query, places in group.items()}
PAGE = "search.html"
HITS = "#search-results ol > li"

# Query -> the addresses that the first three hits link to.
FIRST_THREE = """queries => Object.fromEntries(queries.map(query => [query,
    rank(Search.index, query).slice(0, 3).flatMap(
        ({ page, sections }) => [page, ...sections.slice(0, 3).map(({ name }) => name)])]))"""


def ask(page: Page, query: str) -> None:
    """Type a question into the field of the page, and wait for the hits and what they quote."""
    page.locator("#search-query").fill(query)
    page.locator("#search-query").press("Enter")
    page.wait_for_load_state("networkidle")


def test_each_query_finds_its_page_or_section_among_the_first_three(
    reader: Readers, site: Path
) -> None:
    assert len(QUERIES) >= 50
    missing = {
        place.partition("#")[0]
        for places in QUERIES.values()
        for place in places
        if not (site / f"{place.partition('#')[0]}.html").is_file()
    }
    assert not missing
    page = reader().open(PAGE)
    found = page.evaluate(FIRST_THREE, list(QUERIES))
    assert {
        query: found[query]
        for query, places in QUERIES.items()
        if not set(places) & set(found[query])
    } == {}


@pytest.mark.parametrize("disk", [False, True])
def test_hits_lead_to_sections_and_quote_them(reader: Readers, disk: bool) -> None:
    page = reader(disk=disk).open(PAGE)
    ask(page, "shift all scores")
    first = page.locator(HITS).first
    link = first.get_by_role("link").first
    expect(link).to_have_attribute(
        "href", "learn/softmax.html#shift-all-scores-and-nothing-changes"
    )
    quoted = first.locator("p")
    expect(quoted.locator("mark").first).to_be_visible()
    section = page.evaluate(
        "() => rank(Search.index, 'shift all scores')[0].sections[0].name.split('#')[1]"
    )
    text = re.findall("[a-z]{2,}", quoted.inner_text())
    link.click()
    assert page.url.endswith(f"#{section}")
    shown = re.findall("[a-z]{2,}", page.locator(f"[id='{section}']").inner_text())
    assert len(text) > 10
    assert set(text) <= set(shown), "whole words of the section, as they are seen"


@pytest.mark.parametrize("disk", [False, True])
def test_every_engine_finds_and_quotes(window: Window, site: Path, disk: bool) -> None:
    window.go(f"{site.as_uri() if disk else window.home.rstrip('/')}/{PAGE}")
    assert window.evaluate("() => document.querySelector('#search-asked').checkVisibility()")
    window.tab_to("#search-query")
    window.write("label smoothing")
    window.press("Enter")
    marked = f"() => document.querySelector('{HITS} mark')?.checkVisibility() ?? false"
    window.wait_for(marked)
    first = window.evaluate(f"() => document.querySelector('{HITS} a').getAttribute('href')")
    assert first == "mend/label-smoothing.html"
    assert not window.evaluate("() => document.querySelector('#search-asked').checkVisibility()")
    window.tab_to(f"{HITS} a")
    window.press("Enter")
    window.wait_for("() => location.pathname.endsWith('mend/label-smoothing.html')")


# Query -> the text of its first hit, by the address of its page.
FIRST_HITS = """queries => Object.fromEntries(queries.map(query => {
    const [{ page, sections: [{ place, name }] }] = rank(Search.index, query);
    return [query, { page, name, heading: Search.index.titles[place] }];
}))"""


def test_what_is_quoted_says_what_was_asked_or_what_its_heading_says(
    reader: Readers, site: Path
) -> None:
    page = reader().open(PAGE)
    odd = {}
    for query, hit in page.evaluate(FIRST_HITS, [*QUERIES, "BCE vs KL"]).items():
        script = (site / "_static" / "search" / f"{hit['page']}.js").read_text(encoding="utf-8")
        _, texts = json.loads(f"[{script.removeprefix('Search.setText(').removesuffix(')')}]")
        text = texts[hit["name"].partition("#")[2]]
        quoted, said, could = page.evaluate(
            """([query, text, heading]) => {
                const wanted = new Set([...stems(query), ...stems(heading)]);
                const says = words => words.some(word => stems(word).some(s => wanted.has(s)));
                const quoted = quotation(query, text, heading);
                return [quoted.join(" "), says(quoted), says(text.split(" "))];
            }""",
            [query, text, hit["heading"]],
        )
        if (could and not said) or (len(text) > 200 and len(quoted) < 120):
            odd[query] = quoted
    assert odd == {}


@pytest.mark.parametrize(
    "query",
    [
        "knowledge distillation",
        "loss stuck at 0.693",
        "GLM link function",
        "training is slow although wrong",
    ],
)
def test_lists_of_everything_stay_behind_answers(reader: Readers, query: str) -> None:
    [found] = reader().open(PAGE).evaluate(FIRST_THREE, [query]).values()
    pages = {place.partition("#")[0] for place in found}
    lists = {"bibliography", "checks", "slips", "equation-checks", "checker-tutorial"}
    assert len(pages) == 3
    assert pages.isdisjoint({f"reference/{name}" for name in lists})


def test_a_question_costs_no_more_than_a_page(reader: Readers) -> None:
    visitor = reader(viewport={"width": 390, "height": 800})
    page = visitor.open("404.html")
    network = visitor.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sent: dict[str, str] = {}
    loaded: dict[str, int] = {}
    network.on(
        "Network.requestWillBeSent", lambda e: sent.update({e["requestId"]: e["request"]["url"]})
    )
    network.on(
        "Network.loadingFinished", lambda e: loaded.update({e["requestId"]: e["encodedDataLength"]})
    )
    visitor.open(f"{PAGE}?q=cross+entropy+loss")
    page.wait_for_load_state("networkidle")
    expect(page.locator(f"{HITS} mark").first).to_be_visible()
    weights = [loaded[key] for key in sent.keys() & loaded if not sent[key].startswith("data:")]
    assert 10 < len(weights) <= 15
    assert sum(weights) <= 250_000
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_more_hits_are_shown_on_demand(reader: Readers) -> None:
    page = reader().open(PAGE)
    ask(page, "loss")
    hits = page.locator(HITS)
    before = hits.count()
    page.get_by_role("button", name="Show more").press("Enter")
    page.wait_for_load_state("networkidle")
    assert hits.count() > before
    assert page.evaluate(
        f"document.querySelectorAll('{HITS}')[{before}].contains(document.activeElement)"
    ), "the keyboard goes on where it was"


def test_nothing_found_and_nothing_asked_lead_on(reader: Readers) -> None:
    page = reader().open(PAGE)
    asked = page.locator("#search-asked")
    expect(asked.get_by_role("link", name="Why is my loss NaN?")).to_be_visible()
    ask(page, "zebra")
    expect(asked).to_be_hidden()
    nothing = page.locator("#search-results")
    expect(nothing).to_contain_text("No page was found.")
    expect(nothing.get_by_role("link", name="Why is my loss NaN?")).to_be_visible()
    expect(page.locator("#search-query")).to_have_value("zebra")


def test_wrong_address_helps_to_search(reader: Readers) -> None:
    page = reader().open("404.html")
    ask(page, "hinge")
    expect(page.locator(HITS).first.get_by_role("link").first).to_have_attribute(
        "href", "mend/hinge.html"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_hits_are_accessible(reader: Readers, theme: str) -> None:
    page = reader(color_scheme=theme, reduced_motion="reduce").open(f"{PAGE}?q=gradient+of+softmax")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []
