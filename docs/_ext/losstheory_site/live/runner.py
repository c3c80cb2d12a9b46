"""Run an example where Python runs in a browser, and tell the page what it shows.

A cell shows what it prints, the value that it ends on and its figures; lines that were typed behind
``>>>`` show the value of each, as Python does that is asked line by line. A traceback shows the
reader's own lines and no others.
"""

import ast
import io
import linecache
import logging
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import numpy as np

Tell = Callable[[str, str, str], None]

PRINTING = np.get_printoptions()
LONGEST = 100_000  # characters that one run may print
PAUSE = 0.1  # seconds between two messages to the page
namespaces: dict[str, dict[str, Any]] = {}


class Stream(io.TextIOBase):
    """What is printed: gathered, so that no loop can drown the page, and cut off in the end."""

    def __init__(self, tell: Tell) -> None:
        self.send, self.length, self.told = tell, 0, time.monotonic()
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        """Keep a text, and tell it if the last time was long ago."""
        if self.length <= LONGEST:
            self.parts.append(text[: LONGEST - self.length])
            self.length += len(text)
            if self.length > LONGEST:
                self.flush()
                self.send("cut", "", "")
            elif time.monotonic() - self.told > PAUSE:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Tell what has gathered."""
        if text := "".join(self.parts):
            self.send("text", text, "")
        self.parts.clear()
        self.told = time.monotonic()


def show(value: Any, tell: Tell) -> None:
    """Show a value as the site does."""
    if value is None:
        return
    if hasattr(value, "_repr_markdown_"):
        from markdown_it import MarkdownIt

        tell(
            "html",
            MarkdownIt("commonmark", {"html": False})
            .enable("table")
            .render(value._repr_markdown_()),
            "",
        )
    elif hasattr(value, "_repr_html_"):
        tell("html", value._repr_html_(), "")
    else:
        tell("text", f"{value!r}\n", "")


def draw(name: str, tell: Tell) -> None:
    """Show the open figures in the colours of the page, and close them."""
    if (plt := sys.modules.get("matplotlib.pyplot")) is None:
        return
    from losstheory_site.figures.drawing import inline

    for number in plt.get_fignums():
        figure = plt.figure(number)
        description = " ".join(str(figure.get_label()).split())
        svg = io.StringIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        tell("figure", inline(svg.getvalue(), f"{name}-{number}", description, ""), description)
    plt.close("all")


def evaluate(code: str, name: str, names: dict[str, Any], after: Callable[[Any], None]) -> None:
    """Execute a cell, and hand over the value that it ends on."""
    body = ast.parse(code).body
    quiet = code.rstrip().endswith(";")
    last = body.pop() if body and isinstance(body[-1], ast.Expr) and not quiet else None
    exec(compile(ast.Module(body, []), name, "exec"), names)
    if isinstance(last, ast.Expr):
        after(eval(compile(ast.Expression(last.value), name, "eval"), names))


def own_lines(error: BaseException, name: str) -> str:
    """Write a traceback of the lines of the examples."""
    start = name.rpartition(" ")[0]
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(start)]
    lines = [*traceback.format_list(frames), *traceback.format_exception_only(error)]
    return "".join(["Traceback (most recent call last):\n", *lines] if frames else lines)


def run(code: str, number: int, group: str, typed: bool, tell: Tell) -> bool:
    """Run an example in the namespace of its group; return whether it raised nothing."""
    name = f"<example {number}>"
    names = namespaces.setdefault(group, {"__name__": "__main__"})
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    stream = Stream(tell)

    def after(value: Any) -> None:
        stream.flush()
        show(value, tell)

    names["display"] = after
    fine = True
    with (
        redirect_stdout(stream),
        redirect_stderr(stream),
        warnings.catch_warnings(),
        np.errstate(),
        np.printoptions(**PRINTING),
    ):
        warnings.simplefilter("default")
        # A figure is shown without a window, and that Matplotlib looks for fonts is no news.
        warnings.filterwarnings("ignore", message=".*non-interactive.*")
        logging.getLogger("matplotlib.font_manager").setLevel("ERROR")
        try:
            if typed:
                for statement in ast.parse(code).body:
                    try:
                        lines = ast.Interactive([statement])
                        sys.displayhook = after
                        exec(compile(lines, name, "single"), names)
                    except Exception as error:
                        after(None)
                        tell("error", own_lines(error, name), "")
            else:
                evaluate(code, name, names, after)
            stream.flush()
            draw(f"live-{number}", tell)
        except BaseException as error:  # a reader's code may raise anything, SystemExit too
            stream.flush()
            tell("error", own_lines(error, name), "")
            fine = False
    return fine
