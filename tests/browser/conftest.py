"""Read the built site in real browsers: ``nox -s browser``.

``pytest tests/browser --site FOLDER`` reads a build that lies elsewhere, and ``--engines firefox``
leaves out the others. What takes a ``window`` runs in every engine, what takes a ``reader`` in
Chromium, which can be told to have no scripts, a dark room or a bad line.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.engines import ChromiumWindow, Window, Windows, firefox, webkit
from browser.reading import Host, Reader
from losstheory_site.books.chromium import start_chromium

ROOT = Path(__file__).parents[2]
ENGINES = ["chromium", "firefox", "webkit"]
# Linux alone has a packed driver of WebKit.
USUAL = ENGINES if sys.platform == "linux" else ENGINES[:2]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller choose the build and the engines."""
    built = ROOT / "docs" / "_build" / "html"
    parser.addoption("--site", type=Path, default=built, help="folder of the built site")
    parser.addoption("--engines", nargs="+", choices=ENGINES, default=USUAL)


def built_site(config: pytest.Config) -> Path:
    """Return the folder of the site, or say how to make one."""
    site: Path = config.getoption("--site").resolve()
    if not (site / "index.html").is_file():
        raise pytest.UsageError(f"there is no site in {site}; build one by: nox -s docs")
    return site


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with an ``address`` for every page, and one with a ``window`` in every engine."""
    if "window" in metafunc.fixturenames:
        engines = metafunc.config.getoption("--engines")
        metafunc.parametrize("engine", engines, scope="session")
    if "address" in metafunc.fixturenames:
        metafunc.parametrize("address", addresses(metafunc.config), scope="session")
    if "mathematical_address" in metafunc.fixturenames:
        mathematical = addresses(metafunc.config, with_text='<div class="formula"')
        assert mathematical, "there are displayed formulas"
        metafunc.parametrize("mathematical_address", mathematical)


def addresses(config: pytest.Config, with_text: str = "<body") -> list[str]:
    """Name the pages of the site that hold a text; one that only leads elsewhere has no body."""
    site = built_site(config)
    pages = [page.relative_to(site) for page in site.rglob("*.html")]
    ours = (page for page in pages if page.parts[0] != "_static")
    return sorted(
        page.as_posix() for page in ours if with_text in (site / page).read_text(encoding="utf-8")
    )


@pytest.fixture(scope="session")
def site(pytestconfig: pytest.Config) -> Path:
    """Return the folder of the built site."""
    return built_site(pytestconfig)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    with sync_playwright() as playwright:
        chromium = start_chromium(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def host(site: Path) -> Iterator[Host]:
    """Serve the site on this machine."""
    with Host(site) as host:
        Thread(target=host.serve_forever, daemon=True).start()
        yield host
        host.shutdown()


@pytest.fixture(scope="session")
def windows(host: Host, browser: Browser) -> Iterator[Windows]:
    """Return the windows of the engines, which are closed at the end."""

    @contextmanager
    def chromium() -> Iterator[Window]:
        with browser.new_page() as page:
            yield ChromiumWindow(host.home, page)

    windows = Windows(
        {
            "chromium": chromium,
            "firefox": partial(firefox, host.home),
            "webkit": partial(webkit, host.home),
        }
    )
    yield windows
    windows.close_all()


@pytest.fixture
def window(engine: str, windows: Windows, host: Host) -> Iterator[Window]:
    """Return a window that has seen nothing of the site yet, and asks no stranger for anything."""
    yield windows.fresh(engine)
    assert host.take_strangers() == []


Readers = Callable[..., Reader]


@pytest.fixture(scope="session")
def employ(browser: Browser, host: Host, site: Path) -> Readers:
    """Return a maker of readers: the options of their context, and whether they read from disk."""

    def make(*, disk: bool = False, **options: Any) -> Reader:
        home = f"{site.as_uri()}/" if disk else host.home
        return Reader(browser.new_context(**options), home)

    return make


@pytest.fixture
def reader(employ: Readers) -> Iterator[Readers]:
    """Return a maker of readers who have seen nothing of the site yet."""
    readers = []

    def make(**options: Any) -> Reader:
        readers.append(employ(**options))
        return readers[-1]

    yield make
    for one in readers:
        one.context.close()
        one.check()


@pytest.fixture(scope="session")
def staff() -> dict[str, Reader]:
    """Return the readers who go through the whole site: a window costs more than a page."""
    return {}


@pytest.fixture
def proofreader(employ: Readers, staff: dict[str, Reader]) -> Iterator[Readers]:
    """Return a finder of readers who go from page to page, one for each set of options."""
    lent = []

    def find(**options: Any) -> Reader:
        wanted = repr(sorted(options.items()))
        lent.append(staff.get(wanted) or staff.setdefault(wanted, employ(**options)))
        return lent[-1]

    yield find
    for one in lent:
        one.check()
