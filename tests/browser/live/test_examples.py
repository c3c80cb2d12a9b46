"""What each example gives in the browser is what the build gave."""

import re
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from browser.conftest import Readers, addresses
from browser.reading import Host
from review import same

LATE = 300_000  # milliseconds, of a busy machine
ENDED = "() => !document.querySelector('.live-panel[aria-busy]')"
FIRST = "learn/softmax.html"

# Of each example that has a button: what the page shows before anything is run.
SHOWN = """() => [...document.querySelectorAll(".live-open")].map(button => {
    const place = button.parentElement;
    const next = place.nextElementSibling;
    const output = place.matches(".cell_output") ? place
        : place.closest(".cell")?.querySelector(".cell_output")
        ?? (next?.matches(".sphx-glr-script-out") ? next : null);
    const own = output?.cloneNode(true);
    own?.querySelectorAll("button").forEach(part => part.remove());
    const text = place.querySelector("pre")?.textContent ?? "";
    const typed = text.startsWith(">>> ");
    return typed ? text.split("\\n").filter(line => !/^(>>>|\\.\\.\\.)( |$)/.test(line)).join("\\n")
        : own?.textContent ?? "";
})"""
GIVEN = """panel => {
    const output = panel.querySelector(".live-output").cloneNode(true);
    const figures = [...output.querySelectorAll(".live-figure")];
    figures.forEach(figure => figure.remove());
    return {
        text: output.textContent,
        status: panel.querySelector(".live-status").textContent,
        figures: figures.map(figure => figure.firstElementChild.getAttribute("aria-label")),
    };
}"""
DRAWN = """() => [...document.querySelectorAll(".gallery-drawing")]
    .map(shapes => shapes.querySelector(".drawing").getAttribute("aria-label"))"""
FRAME = re.compile(r"(?<=Traceback \(most recent call last\):\n)(?: .*\n)+")


def words(text: str) -> list[str]:
    """Return what a text says, in lines, but for the lines of a traceback and how tables break."""
    lines = FRAME.sub("", text).splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with a ``lesson`` for every page with examples."""
    if "lesson" in metafunc.fixturenames:
        metafunc.parametrize("lesson", addresses(metafunc.config, with_text='<template id="live"'))


def press(page: Page, number: int) -> dict[str, Any]:
    """Run an example by its button, counted from the top, and return what it gives."""
    button = page.locator(".live-open").nth(number)
    name = (button.get_attribute("aria-label") or "").rpartition(" ")[2]
    button.evaluate("button => button.click()")
    agree = page.locator(".live-ask:not([hidden]) .live-agree")
    if agree.count():
        agree.evaluate("button => button.click()")
    page.wait_for_function(ENDED, timeout=LATE)
    panel = page.locator(f'.live-panel[aria-label^="Example {name},"]')
    given: dict[str, Any] = panel.evaluate(GIVEN)
    return given


def test_every_example_gives_what_the_build_gave(lesson: str, reader: Readers) -> None:
    page = reader().open(lesson)
    shown, drawn = page.evaluate(SHOWN), page.evaluate(DRAWN)
    assert shown
    figures = []
    different = []
    for number, expected in enumerate(shown):
        given = press(page, number)
        figures += given["figures"]
        old, new = words(expected), words(given["text"])
        if len(old) != len(new) or not all(map(same, new, old)):
            different.append((number + 1, old, new, given["status"]))
    assert different == []
    if lesson.startswith("auto_gallery/"):
        assert sorted(figures) == sorted(drawn)


@pytest.fixture
def started(reader: Readers) -> Page:
    """Open a page and run its first example."""
    page = reader().open(FIRST)
    assert press(page, 0)["status"] == "Done."
    return page


def rerun(page: Page, code: str) -> dict[str, Any]:
    """Type code into the first example, run it from the keyboard, and return what it gives."""
    area = page.locator(".live-code").first
    area.fill(code)
    area.press("Control+Enter")
    page.wait_for_function(ENDED, timeout=LATE)
    given: dict[str, Any] = page.locator(".live-panel").first.evaluate(GIVEN)
    return given


def test_a_run_after_an_error_is_as_good_as_the_first(started: Page) -> None:
    given = rerun(started, "def half(x):\n    return x / 0\n\nhalf(1)")
    assert given["status"] == "The code raised an error."
    assert words(given["text"])[-1] == "ZeroDivisionError: division by zero"
    assert "line 2, in half" in given["text"]
    assert "pyodide" not in given["text"]
    given = rerun(started, "import sys\nsys.exit()")
    assert words(given["text"])[-1] == "SystemExit"
    given = rerun(started, "print(1)\n'two'")
    assert (given["status"], given["text"]) == ("Done.", "1\n'two'\n")


def test_stop_ends_a_loop_without_end_and_reset_restores(started: Page) -> None:
    area = started.locator(".live-code").first
    original = area.input_value()
    area.fill("while True:\n    print('still here')")
    area.press("Control+Enter")
    started.wait_for_function(
        "() => document.querySelector('.live-output').textContent.length > 1e5", timeout=LATE
    )
    started.get_by_role("button", name="Stop example 1").click()
    started.wait_for_function(ENDED)
    assert started.locator(".live-status").inner_text().startswith("Stopped.")
    assert (
        "The rest of what it prints is not shown." in started.locator(".live-output").inner_text()
    )
    assert rerun(started, "print(2)")["text"] == "2\n"
    started.get_by_role("button", name="Reset example 1").click()
    assert press(started, 0)["status"] == "Done."
    assert area.input_value() == original


def test_what_stands_above_runs_first_and_again_when_it_was_changed(reader: Readers) -> None:
    page = reader().open(FIRST)
    assert press(page, 2)["status"] == "Done."  # its imports stand in the first
    page.locator(".live-open").first.evaluate("button => button.click()")
    page.wait_for_function(ENDED, timeout=LATE)
    page.locator(".live-code").first.fill("raise ValueError('above')")
    page.locator(".live-run").nth(1).click()
    page.wait_for_function(ENDED, timeout=LATE)
    panel = page.locator('.live-panel[aria-label^="Example 3,"]')
    assert panel.locator(".live-status").inner_text().startswith("Example 1, above, raised")
    assert "ValueError: above" in panel.locator(".live-output").inner_text()


def test_the_public_files_serve_as_well(
    pytestconfig: pytest.Config, pyodide: Path, employ: Readers
) -> None:
    built: Path = pytestconfig.getoption("--site").resolve()
    asked = []

    def serve(route: Route) -> None:
        asked.append(route.request.url)
        file = pyodide / route.request.url.rpartition("/")[2]
        kind = "application/wasm" if file.suffix == ".wasm" else "application/octet-stream"
        headers = {"access-control-allow-origin": "*", "content-type": kind}
        route.fulfill(body=file.read_bytes(), headers=headers)

    with Host(built) as host:
        Thread(target=host.serve_forever, daemon=True).start()
        context = employ().context
        context.route("https://cdn.jsdelivr.net/**", serve)
        page = context.new_page()
        page.goto(f"{host.home}{FIRST}")
        assert press(page, 0)["status"] == "Done."
        context.close()
        host.shutdown()
    # The core and NumPy, each once.
    assert len(asked) == len(set(asked)) == 5
