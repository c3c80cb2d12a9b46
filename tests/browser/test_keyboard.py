"""The comforts of the site without a mouse: copying, searching, the theme, folded solutions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.reading import Reader

PAGE = "learn/squared-error.html"


def tab_to(page: Page, selector: str, most: int = 250) -> None:
    """Press Tab until an element that fits has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{most} presses of Tab did not reach {selector}")


def test_copy_button(reader: Callable[..., Reader]) -> None:
    page = reader(permissions=["clipboard-read", "clipboard-write"]).open(PAGE)
    tab_to(page, "button.copybtn")
    code = page.evaluate("document.activeElement.parentElement.querySelector('pre').innerText")
    page.keyboard.press("Enter")
    expect(page.locator("button.copybtn.success")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied
    assert set(copied.split()) <= set(code.split())
    assert ">>>" not in copied


@pytest.mark.parametrize("disk", [False, True])
def test_search(reader: Callable[..., Reader], disk: bool) -> None:
    page = reader(disk=disk).open(PAGE)
    tab_to(page, "input[name=q]")
    page.keyboard.type("saturation")
    page.keyboard.press("Enter")
    results = page.locator("#search-results li a")
    expect(results.first).to_be_visible()
    tab_to(page, "#search-results li a")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "search.html" not in url)


def test_theme_switch(reader: Callable[..., Reader]) -> None:
    page = reader(color_scheme="light").open(PAGE)
    ground = "getComputedStyle(document.body).backgroundColor"
    grounds = [page.evaluate(ground)]
    tab_to(page, "button.theme-toggle")
    for _ in range(2):
        page.keyboard.press("Enter")
        grounds.append(page.evaluate(ground))
    assert len(set(grounds)) == 2, "two themes, whichever the order"
    chosen = page.evaluate("document.body.dataset.theme")
    page.reload()
    assert page.evaluate("document.body.dataset.theme") == chosen


def test_solution_unfolds(reader: Callable[..., Reader]) -> None:
    page = reader().open(PAGE)
    solution = page.locator("details").first
    inside = solution.locator("> :not(summary)").first
    expect(inside).to_be_hidden()
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    expect(inside).to_be_visible()


def test_skip_to_content_comes_first(reader: Callable[..., Reader]) -> None:
    page = reader().open(PAGE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#furo-main-content"
