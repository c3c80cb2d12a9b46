"""Who reads the site in the browser's tests, and who serves it.

Whatever a test looks at, its pages may neither complain on the console nor ask for anything that
is not of the site: a `Reader` fails the test that opened such a page.
"""

import gzip
import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from playwright.sync_api import BrowserContext, Page


class Reader:
    """A browser context whose pages must keep to themselves."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.context, self.home = context, home
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", lambda message: self.listen(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def listen(self, kind: str, text: str) -> None:
        """Note warnings and errors on the console."""
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def open(self, address: str) -> Page:
        """Turn to a page of the site, in the one tab that this reader has."""
        [page] = self.context.pages or [self.context.new_page()]
        page.goto(self.home + address)
        return page

    def check(self) -> None:
        """Fail if a page complained or called out since the last check."""
        strangers = [
            url for url in self.requests if not url.startswith((self.home, "data:", "blob:"))
        ]
        complaints = list(self.complaints)
        self.requests.clear()
        self.complaints.clear()
        assert strangers == []
        assert complaints == []


# Whatever engine it is, it tells the host what a page asked others for, as this asks it to.
POLICY = "default-src 'self' 'unsafe-eval' 'unsafe-inline' data:; report-uri /stranger"


class Host(ThreadingHTTPServer):
    """Serve a folder on this machine, and learn what its pages ask of others."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(Zipped, directory=str(folder)))
        self.home = f"http://127.0.0.1:{self.server_port}/"
        self.strangers: list[str] = []

    def take_strangers(self) -> list[str]:
        """Return whom pages have asked since the last call."""
        strangers, self.strangers = self.strangers, []
        return strangers


class Zipped(SimpleHTTPRequestHandler):
    """Serve files as a web host does, text compressed; and say nothing."""

    server: Host

    def end_headers(self) -> None:
        """Add the policy to every answer."""
        self.send_header("Content-Security-Policy-Report-Only", POLICY)
        super().end_headers()

    def do_POST(self) -> None:
        """Take a report on a page that broke the policy."""
        report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.strangers.append(report["csp-report"]["blocked-uri"])
        self.send_response(204)
        self.end_headers()

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Send the headers of a page, a style sheet, a script or a drawing, and zip it."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() or path.suffix not in {".html", ".css", ".js", ".svg", ".xml", ".txt"}:
            return super().send_head()
        if not path.is_file():
            self.send_error(404)
            return None
        body = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output free of one line a request."""
