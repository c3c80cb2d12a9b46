"""Examples that are edited and run in the page: what costs no Python. ``nox -s live`` runs them."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from browser.conftest import Readers
from browser.reading import Reader

LESSON = "learn/softmax.html"
CDN = "https://cdn.jsdelivr.net/**"
ENDED = "() => !document.querySelector('.live-panel[aria-busy]')"


def press_first(page: Page) -> None:
    """Ask for the first example of a page."""
    page.locator(".live-open").first.click()


def allow(page: Page) -> None:
    """Let the page download Python, and wait for the end of that."""
    page.get_by_role("button", name="Download and run").click()
    page.wait_for_function(ENDED)


def test_nothing_is_asked_of_anybody_before_the_reader_has_read_what_will_be(
    reader: Readers,
) -> None:
    visitor = reader()
    page = visitor.open(LESSON)
    button = page.get_by_role("button", name="Edit and run example 1", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    said = page.locator(".live-ask").inner_text()
    assert "Python 3.12 with NumPy: 9 MB, from cdn.jsdelivr.net" in said
    agree = page.get_by_role("button", name="Download and run")
    assert agree.evaluate("button => button === document.activeElement")
    assert [url.partition("?")[0] for url in visitor.requests if "/live/" in url] == [
        f"{visitor.home}_static/live/live.js"
    ]
    page.get_by_role("button", name="Not now").click()
    assert page.locator(".live-panel").count() == 0
    assert button.evaluate("button => button === document.activeElement")


def test_a_figure_says_that_it_needs_more(reader: Readers) -> None:
    page = reader().open("auto_gallery/1_one_neuron/plot_sigmoid.html")
    page.locator("details.plumbing").first.evaluate("fold => { fold.open = true; }")
    press_first(page)
    assert "with Matplotlib, NumPy: 18 MB, from" in page.locator(".live-ask").inner_text()


def test_from_disk_the_buttons_stay_away_and_one_line_says_why(reader: Readers) -> None:
    page = reader(disk=True).open(LESSON)
    assert page.locator(".live-open").count() == 0
    assert "opened from a disk" in page.locator(".live-from-disk").inner_text()


def test_a_page_without_examples_has_none_of_it(reader: Readers) -> None:
    visitor = reader()
    page = visitor.open("reference/notation.html")
    assert page.locator("#live").count() == 0
    assert not [url for url in visitor.requests if "/live/" in url]


@pytest.fixture
def page(employ: Readers) -> Any:
    """Open the lesson for a reader whose line to the public files a test may cut."""
    visitor: Reader = employ()
    yield visitor.open(LESSON)
    visitor.context.close()


def test_a_host_that_is_away_is_named_and_the_code_stays(page: Page) -> None:
    page.context.route(CDN, lambda route: route.abort())
    press_first(page)
    page.locator(".live-code").fill("print(1)")
    allow(page)
    said = page.locator(".live-status").inner_text()
    assert said.startswith("This could not be downloaded: https://cdn.jsdelivr.net/")
    assert page.locator(".live-code").input_value() == "print(1)"
    assert page.locator(".live-run").is_enabled()


def test_a_file_that_is_another_is_refused_before_it_runs(page: Page) -> None:
    def tampered(route: Route) -> None:
        headers = {"access-control-allow-origin": "*", "content-type": "text/javascript"}
        route.fulfill(body="postMessage({ kind: 'text', text: 'tampered' })", headers=headers)

    page.context.route(CDN, tampered)
    press_first(page)
    allow(page)
    said = page.locator(".live-status").inner_text()
    assert said.startswith("What was downloaded is not what this site was made for")
    assert page.locator(".live-output").inner_text() == ""


def test_what_the_site_lays_is_what_it_names(site: Path) -> None:
    folder = site / "_static" / "live"
    assert {"worker.js", "live.json", "pyodide-lock.json", "library.zip"} <= {
        path.name for path in folder.iterdir()
    }
