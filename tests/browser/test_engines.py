"""What each page must be in every engine: its formulas whole and centred, and it asks nobody."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from browser.engines import PATIENCE, ChromiumWindow, Window, Windows
from browser.reading import Host

PHONE, DESK = 390, 1280

# What is wrong with the place of each displayed formula; boxes are of CSS pixels.
MISPLACED = """() => {
    document.querySelectorAll("details").forEach(fold => { fold.open = true; });
    const faults = [];
    for (const formula of document.querySelectorAll("article .formula")) {
        if (!formula.checkVisibility()) continue;
        formula.scrollLeft = 0;
        const room = formula.getBoundingClientRect();
        const parts = [...formula.querySelectorAll("math > *, .reason")]
            .map(part => part.getBoundingClientRect()).filter(part => part.width);
        const left = Math.min(...parts.map(part => part.left));
        const right = Math.max(...parts.map(part => part.right));
        const complain = fault => faults.push(`${fault}: ${formula.textContent.slice(0, 60)}`);
        if (right - left <= formula.clientWidth) {
            // A column of a derivation may be wider than what stands in it.
            const columns = formula.querySelector(".derivation")?.getBoundingClientRect();
            const ends = columns ? columns.left + columns.right : left + right;
            const off = (ends - room.left - room.right) / 2;
            if (Math.abs(off) > 2) complain(`${off} px off centre`);
            if (formula.scrollWidth > formula.clientWidth) complain("scrolls without need");
        } else {
            if (left < room.left - 1) complain("begins out of reach");
            if (formula.scrollWidth < right - left - 1) complain("ends out of reach");
        }
        if (parts.some(part => part.top < room.top - 1 || part.bottom > room.bottom + 1))
            complain("cut off above or below");
    }
    return faults;
}"""


def test_formulas_are_whole_and_centred(window: Window, mathematical_address: str) -> None:
    window.open(mathematical_address)
    for width in (DESK, PHONE):
        window.resize(width, 800)
        assert window.evaluate(MISPLACED) == []


def test_a_request_that_leaves_is_noticed(window: Window, host: Host) -> None:
    window.evaluate("() => { new Image().src = 'http://stranger.invalid/pixel.png'; }")
    late = time.monotonic() + PATIENCE
    while not host.strangers and time.monotonic() < late:
        time.sleep(0.05)
    assert host.take_strangers() == ["http://stranger.invalid/pixel.png"]


class Silent(ChromiumWindow):
    """A window whose engine has stopped answering."""

    def open(self, address: str) -> None:
        """Wait in vain."""
        raise TimeoutError(f"waited in vain for {address}")


def windows_of(kinds: list[type[ChromiumWindow]], host: Host, page: Page) -> Windows:
    """Return the windows of an engine that starts as one kind after the other."""
    waiting = iter(kinds)

    @contextmanager
    def start() -> Iterator[Window]:
        yield next(waiting)(host.home, page)

    return Windows({"engine": start})


def test_a_silent_engine_is_replaced(browser: Browser, host: Host) -> None:
    with browser.new_page() as page:
        windows = windows_of([Silent, Silent, ChromiumWindow], host, page)
        lively = windows.fresh("engine")
        assert type(lively) is ChromiumWindow
        assert windows.fresh("engine") is lively, "what answers stays"


def test_an_engine_that_stays_silent_is_given_up(browser: Browser, host: Host) -> None:
    with browser.new_page() as page, pytest.raises(TimeoutError, match="waited in vain"):
        windows_of([Silent, Silent, Silent, ChromiumWindow], host, page).fresh("engine")
