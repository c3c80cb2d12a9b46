"""The engines that pages are read in, each behind the same few acts.

Chromium is driven by Playwright, Firefox by WebDriver BiDi, which it speaks itself, and WebKit by
Selenium: none of the three drives the browsers of a Linux distribution in all engines.
"""

import json
import os
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Error, Page
from selenium.common import WebDriverException
from selenium.webdriver import ActionChains, Keys, Remote, WebKitGTKOptions, WebKitGTKService
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

# Seconds that a page and an engine may take on a busy machine.
PATIENCE, STARTING = 20, 60
FIREFOX = (
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
)
# What an engine brings forth that no longer answers, which is no fault of the page in it.
SILENT = (TimeoutError, WebDriverException, WebSocketException)
# What the engines say when they are asked about a page that is just being left.
LEAVING = (AssertionError, Error, WebDriverException)
# What WebDriver calls the keys that a browser calls by name.
KEYS = {
    "ArrowRight": Keys.ARROW_RIGHT,
    "End": Keys.END,
    "Enter": Keys.ENTER,
    "Home": Keys.HOME,
    "Tab": Keys.TAB,
}


class Window(ABC):
    """One window of an engine, at the first page of the served site."""

    def __init__(self, home: str) -> None:
        self.home = home

    @abstractmethod
    def go(self, url: str) -> None:
        """Go to an address, and wait until the page has loaded."""

    @abstractmethod
    def evaluate(self, function: str, *arguments: object) -> Any:
        """Call a JavaScript function in the page, and wait for its result."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press a key, named as ``KeyboardEvent.key`` names it."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the window another size, as near to this as the engine allows."""

    def open(self, address: str) -> None:
        """Turn to a page of the site."""
        self.go(self.home + address)

    def wait_for(self, function: str, *arguments: object) -> None:
        """Wait until a JavaScript function says yes."""
        late, reason = time.monotonic() + PATIENCE, ""
        while time.monotonic() < late:
            try:
                if self.evaluate(function, *arguments):
                    return
            except LEAVING as error:
                reason = str(error)
            time.sleep(0.05)
        pytest.fail(f"waited in vain for {function} {reason}")

    def tab_to(self, selector: str, most: int = 250) -> None:
        """Press Tab until an element that fits has the focus."""
        for _ in range(most):
            self.press("Tab")
            if self.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"{most} presses of Tab did not reach {selector}")

    def write(self, text: str) -> None:
        """Press the keys of a word."""
        for key in text:
            self.press(key)


class ChromiumWindow(Window):
    """A page of Playwright."""

    def __init__(self, home: str, page: Page) -> None:
        super().__init__(home)
        self.page = page

    def go(self, url: str) -> None:
        self.page.goto(url)

    def evaluate(self, function: str, *arguments: object) -> Any:
        return self.page.evaluate(f"all => ({function})(...all)", arguments)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})


class FirefoxWindow(Window):
    """A tab of Firefox, told what to do in WebDriver BiDi: https://www.w3.org/TR/webdriver-bidi/."""

    def __init__(self, home: str, socket: ClientConnection) -> None:
        super().__init__(home)
        self.socket, self.numbers = socket, count(1)
        self.send("session.new", capabilities={})
        self.tab = self.send("browsingContext.create", type="tab")["context"]

    def send(self, method: str, **parameters: object) -> Any:
        """Send a command and return its result."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        late = time.monotonic() + STARTING
        while (answer := self.receive(late)).get("id") != number:
            pass  # an event, or the answer to a command that was given up
        assert answer["type"] == "success", f"{method}: {answer.get('message')}"
        return answer["result"]

    def receive(self, late: float) -> Any:
        """Return the next message; raise TimeoutError when none has come at that moment."""
        return json.loads(self.socket.recv(timeout=max(0, late - time.monotonic())))

    def go(self, url: str) -> None:
        self.send("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def evaluate(self, function: str, *arguments: object) -> Any:
        # What goes in and comes out are texts, which need no table of types.
        answer = self.send(
            "script.callFunction",
            functionDeclaration=f"""async all =>
                JSON.stringify([await ({function})(...JSON.parse(all))])""",
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            target={"context": self.tab},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        [result] = json.loads(answer["result"]["value"])
        return result

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        presses = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": presses}
        self.send("input.performActions", context=self.tab, actions=[keyboard])

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self.tab, viewport=size)


class WebKitWindow(Window):
    """A window of WebKitGTK's small browser."""

    def __init__(self, home: str, driver: Remote) -> None:
        super().__init__(home)
        self.driver = driver

    def go(self, url: str) -> None:
        self.driver.get(url)

    def evaluate(self, function: str, *arguments: object) -> Any:
        script = f"""const done = arguments[1];
            Promise.resolve(arguments[0]).then(all => ({function})(...all))
                .then(result => done({{ result }}), error => done({{ error: String(error) }}));"""
        answer = self.driver.execute_async_script(script, arguments)
        assert "error" not in answer, answer["error"]
        return answer.get("result")

    def press(self, key: str) -> None:
        ActionChains(self.driver).send_keys(KEYS.get(key, key)).perform()

    def resize(self, width: int, height: int) -> None:
        self.driver.set_window_size(width, height)


@contextmanager
def firefox(home: str) -> Iterator[Window]:
    """Start Firefox with a profile of its own, and wait until it says where it listens."""
    names = (os.environ["FIREFOX"],) if "FIREFOX" in os.environ else FIREFOX
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise FileNotFoundError(
            f"found no browser named {', '.join(names)}; install Firefox (Debian: apt install "
            "firefox-esr), or set the variable FIREFOX to the path of one"
        )
    silent = subprocess.DEVNULL
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"]
        with subprocess.Popen([path, *options], stdout=silent, stderr=silent) as process:
            try:
                place = listening(Path(profile, "WebDriverBiDiServer.json"), process)
                with connect(f"ws://{place}/session", max_size=None, proxy=None) as socket:
                    yield FirefoxWindow(home, socket)
            finally:
                process.kill()


def listening(note: Path, process: "subprocess.Popen[bytes]") -> str:
    """Return host and port, which Firefox notes in its profile."""
    late = time.monotonic() + STARTING
    while process.poll() is None and time.monotonic() < late:
        try:
            noted = json.loads(note.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):  # not yet, or half written
            time.sleep(0.1)
        else:
            return f"{noted['ws_host']}:{noted['ws_port']}"
    raise TimeoutError(f"{process.args!r} did not listen; exit status {process.poll()}")


@contextmanager
def webkit(home: str) -> Iterator[Window]:
    """Start WebKitGTK's browser, which has no headless mode."""
    path = shutil.which("WebKitWebDriver")
    if path is None:
        raise FileNotFoundError(
            "found no WebKitWebDriver; install it (Debian: apt install webkit2gtk-driver), or "
            "leave WebKit out: nox -s browser -- --engines chromium firefox"
        )
    if not os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}:
        raise RuntimeError(
            "WebKit needs a screen; without one, run: xvfb-run -a nox -s browser (Debian: apt "
            "install xvfb xauth)"
        )
    service = WebKitGTKService(path)
    service.start()
    try:
        connection = RemoteConnection(client_config=ClientConfig(service.service_url))
        with Remote(connection, options=WebKitGTKOptions()) as driver:
            driver.set_page_load_timeout(STARTING)
            driver.set_script_timeout(STARTING)
            yield WebKitWindow(home, driver)
    finally:
        service.stop()


class Windows:
    """A window of each engine, opened when first asked for.

    Now and then an engine starts and never answers, or stops answering under load; it is then
    closed, and another started in its place.
    """

    def __init__(self, starts: dict[str, Callable[[], AbstractContextManager[Window]]]) -> None:
        self.starts = starts
        self.opened: dict[str, tuple[Window, ExitStack]] = {}

    def fresh(self, engine: str, tries: int = 3) -> Window:
        """Return a window, as wide as a desk, that has seen nothing of the site but its start."""
        try:
            window = self.window(engine)
            window.resize(1280, 800)
            window.open("index.html")
            window.evaluate("() => localStorage.clear()")
        except SILENT:
            self.close(engine)
            if tries == 1:
                raise
            return self.fresh(engine, tries - 1)
        return window

    def window(self, engine: str) -> Window:
        """Return the window of an engine, which is started if need be."""
        if engine not in self.opened:
            with ExitStack() as stack:
                window = stack.enter_context(self.starts[engine]())
                self.opened[engine] = window, stack.pop_all()
        return self.opened[engine][0]

    def close(self, engine: str) -> None:
        """Close the window of an engine, if there is one, however it takes it."""
        if engine in self.opened:
            _, stack = self.opened.pop(engine)
            with suppress(*SILENT):
                stack.close()

    def close_all(self) -> None:
        """Close every window."""
        for engine in list(self.opened):
            self.close(engine)
