"""Read the built site in a real browser: ``nox -s browser``.

``pytest tests/browser --site FOLDER`` reads a build that lies elsewhere.
"""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.reading import Reader, Zipped
from losstheory_site.books.chromium import start_chromium

ROOT = Path(__file__).parents[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller choose the build."""
    built = ROOT / "docs" / "_build" / "html"
    parser.addoption("--site", type=Path, default=built, help="folder of the built site")


def built_site(config: pytest.Config) -> Path:
    """Return the folder of the site, or say how to make one."""
    site: Path = config.getoption("--site").resolve()
    if not (site / "index.html").is_file():
        raise pytest.UsageError(f"there is no site in {site}; build one by: nox -s docs")
    return site


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that wants an ``address`` for every page of the site."""
    if "address" in metafunc.fixturenames:
        site = built_site(metafunc.config)
        pages = [page.relative_to(site) for page in site.rglob("*.html")]
        ours = sorted(page.as_posix() for page in pages if page.parts[0] != "_static")
        metafunc.parametrize("address", ours)


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
def server(site: Path) -> Iterator[str]:
    """Serve the site on this machine."""
    handler = partial(Zipped, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_port}/"
        host.shutdown()


Readers = Callable[..., Reader]


@pytest.fixture(scope="session")
def employ(browser: Browser, server: str, site: Path) -> Readers:
    """Return a maker of readers: the options of their context, and whether they read from disk."""

    def make(*, disk: bool = False, **options: Any) -> Reader:
        home = f"{site.as_uri()}/" if disk else server
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
