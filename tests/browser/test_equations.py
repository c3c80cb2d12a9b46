"""Equations explain themselves: reasons beside their rows, and the check of each on a click."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.reading import Reader

Readers = Callable[..., Reader]

PAGE = "learn/binary-cross-entropy.html"
CHECKS = "reference/checks.html"
LABEL = "eq-bce-by-weight"
PHONE: Any = {"width": 390, "height": 844}


def equation(page: Page) -> Locator:
    """Return an equation of the page with its number and its mark."""
    return page.locator(f'div.math:has([href="#equation-{LABEL}"])')


def test_a_click_shows_what_the_page_of_checks_has(reader: Readers) -> None:
    one = reader(disk=True)
    page = one.open(PAGE)
    mark = equation(page).locator("a.eqcheck")
    expect(mark).to_have_role("button")
    expect(mark).to_have_attribute("aria-expanded", "false")
    name = str(mark.get_attribute("aria-controls"))
    panel = page.locator(f"[id='{name}'] p")
    expect(panel).to_be_hidden()
    mark.click()
    expect(mark).to_have_attribute("aria-expanded", "true")
    expect(panel).to_be_visible()
    under, over = panel.bounding_box(), equation(page).bounding_box()
    assert under is not None
    assert over is not None
    assert over["y"] + over["height"] <= under["y"] <= over["y"] + over["height"] + 24
    text = panel.inner_text()
    panel.get_by_role("link", name="All checks").click()
    page.wait_for_url(f"**/{CHECKS}#*")
    row = page.locator(f"tr:has([id='{page.url.partition('#')[2]}'])")
    _, sign, points, gap, slips, *_ = row.locator("td").all_inner_texts()
    assert sign.strip() == "✓"
    assert f"at {points.strip()} random points" in text
    seen, all_slips = slips.split(" of ")
    assert f"Of {all_slips.strip()} slips" in text
    assert f"{seen.strip()} would be noticed" in text
    plain = gap.strip().translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789"))
    assert f"{plain} of their size" in text


def test_the_check_opens_and_closes_by_keyboard(reader: Readers) -> None:
    page = reader(disk=True).open(PAGE)
    mark = equation(page).locator("a.eqcheck")
    for opens, closes in (("Enter", "Escape"), ("Space", "Space"), ("Enter", "Enter")):
        mark.press(opens)
        expect(mark).to_have_attribute("aria-expanded", "true")
        mark.press(closes)
        expect(mark).to_have_attribute("aria-expanded", "false")
    mark.press("Enter")
    link = page.get_by_role("link", name="All checks")
    for _ in range(2):  # by way of the number, where it can be reached
        if not link.evaluate("link => link === document.activeElement"):
            page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()
    assert PAGE in page.url


def test_without_scripts_a_mark_leads_to_the_page_of_checks(reader: Readers) -> None:
    page = reader(disk=True, java_script_enabled=False).open(PAGE)
    expect(page.locator(".eqcheck-panel p").first).to_be_hidden()
    equation(page).locator("a.eqcheck").click()
    page.wait_for_url(f"**/{CHECKS}#check-learn-binary-cross-entropy-*")


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, PHONE])
def test_reasons_stand_beside_their_rows_or_below_them(
    reader: Readers, size: dict[str, int]
) -> None:
    page = reader(disk=True, viewport=size).open(PAGE)
    steps = equation(page).locator(".step")
    expect(steps).to_have_count(4)
    starts = set()
    for step in steps.all():
        formula: Any = step.locator(".right math").bounding_box()
        reason: Any = step.locator(".reason").bounding_box()
        assert reason["x"] + reason["width"] <= size["width"]
        starts.add(round(formula["x"]))
        if size == PHONE:
            assert reason["y"] >= formula["y"] + formula["height"] - 2
        else:
            assert reason["x"] > formula["x"] + formula["width"]
            assert formula["y"] < reason["y"] + reason["height"] / 2
            assert reason["y"] + reason["height"] / 2 < formula["y"] + formula["height"]
    assert len(starts) == 1, "the rows are aligned"
    assert re.match("the chain rule", steps.first.locator(".reason").inner_text())
