"""The comforts of the site without a mouse: copying, searching, the theme, folded solutions."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.engines import ChromiumWindow, Window
from browser.reading import Reader

PAGE = "learn/squared-error.html"


def test_copy_button(reader: Callable[..., Reader]) -> None:
    page = reader(permissions=["clipboard-read", "clipboard-write"]).open(PAGE)
    ChromiumWindow("", page).tab_to("button.copybtn")
    code = page.evaluate("document.activeElement.parentElement.querySelector('pre').innerText")
    page.keyboard.press("Enter")
    expect(page.locator("button.copybtn.success")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied
    assert set(copied.split()) <= set(code.split())
    assert ">>>" not in copied


@pytest.mark.parametrize("disk", [False, True])
def test_search(window: Window, site: Path, disk: bool) -> None:
    window.go(f"{site.as_uri() if disk else window.home.rstrip('/')}/{PAGE}")
    window.tab_to("input[name=q]")
    window.write("saturation")
    window.press("Enter")
    window.wait_for("() => document.querySelector('#search-results li a')?.checkVisibility()")
    window.tab_to("#search-results li a")
    window.press("Enter")
    window.wait_for("() => !location.pathname.endsWith('search.html')")


def test_theme_switch(window: Window) -> None:
    window.open(PAGE)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    grounds = [window.evaluate(ground)]
    window.tab_to("button.theme-toggle")
    for _ in range(2):
        window.press("Enter")
        grounds.append(window.evaluate(ground))
    assert len(set(grounds)) == 2, "two themes, whichever the order"
    chosen = window.evaluate("() => document.body.dataset.theme")
    window.open(PAGE)
    assert window.evaluate("() => document.body.dataset.theme") == chosen


def test_solution_unfolds(window: Window) -> None:
    window.open(PAGE)
    unfolded = """() => document.querySelector("article details > :not(summary)")
        .checkVisibility({ contentVisibilityAuto: true })"""
    assert not window.evaluate(unfolded)
    window.tab_to("article summary")
    window.press("Enter")
    window.wait_for(unfolded)


def test_skip_to_content_comes_first(window: Window) -> None:
    window.open(PAGE)
    window.press("Tab")
    focus = "() => document.activeElement.getAttribute('href')"
    assert window.evaluate(focus) == "#furo-main-content"
