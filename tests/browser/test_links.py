"""Each link within the site leads to a page, and each anchor to a place on it."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Links(HTMLParser):
    """Collect what a page points to, and what can be pointed at."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors = {"", "top"}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the names of an element."""
        for name, value in attributes:
            if name in {"href", "src"} and value is not None:
                self.targets.append(value)
            if (name == "id" or (tag == "a" and name == "name")) and value:
                self.anchors.add(value)


@cache
def links(page: Path) -> Links:
    """Parse a page once."""
    parser = Links()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def test_links_resolve(site: Path, address: str) -> None:
    page, broken = site / address, []
    for target in links(page).targets:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        if parts.path.startswith("/"):  # from the top of the server: the page for wrong addresses
            path = site / unquote(parts.path).lstrip("/")
        else:
            path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file() and path.is_relative_to(site)
        anchor = unquote(parts.fragment).partition("&")[0]  # a figure's settings may follow
        if not found or (path.suffix == ".html" and anchor not in links(path).anchors):
            broken.append(target)
    assert broken == []


def test_the_parser_sees_links(site: Path) -> None:
    """Guard against a page that is empty, or a parser that finds nothing."""
    assert len(links(site / "index.html").targets) > 20
