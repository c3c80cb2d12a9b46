"""Read and execute the pages: every Markdown page is a notebook.

MyST-NB lets a site say how a kind of file is read (``nb_custom_formats``). Here to read a page is
to execute it: cell by cell, in this process, with names of its own. No kernel is started, so
nothing waits for one, opens a socket or reads the home folder, and every system does the same.
"""

import ast
import io
import linecache
import re
import signal
import traceback
import warnings
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

import numpy as np
from IPython.core.formatters import DisplayFormatter
from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import NotebookNode, v4
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

SECONDS = 60.0  # for one cell
EVAL = re.compile(r"\{eval\}`([^`]+)`")
PRINTING = np.get_printoptions()  # whatever ran here before
PYTHON = {
    "kernelspec": {"name": "python3", "display_name": "Python 3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
# Sphinx tells what it reads next, but MyST-NB does not tell the reader.
reading = Path()


def turn_to(app: "Sphinx", docname: str, content: list[str]) -> None:
    """Note which page is read next."""
    global reading  # noqa: PLW0603  (a process reads one page at a time)
    reading = Path(app.env.doc2path(docname))


def read_page(text: str) -> NotebookNode:
    """Read a Markdown page as a notebook, and leave it as it is."""
    notebook: NotebookNode = read_myst_markdown_notebook(text, add_source_map=True)
    notebook.metadata.update(PYTHON)
    return notebook


def read_and_execute(text: str) -> NotebookNode:
    """Read a page and execute its cells; what fails is reported where it stands."""
    notebook = read_page(text)
    for line, error in execute(notebook, reading.parent):
        logger.warning("a cell fails:\n%s", error, location=(str(reading), line), type="execution")
    return notebook


def execute(notebook: NotebookNode, folder: Path) -> Iterator[tuple[int, str]]:
    """Fill in what the cells of a notebook show; yield line and traceback of those that fail."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, (line, cell) in enumerate(
        zip(notebook.metadata["source_map"], notebook.cells, strict=True), 1
    ):
        with chdir(folder):
            if cell.cell_type == "code":
                cell.execution_count = number
                error = run_cell(cell, f"<cell {number}>", names)
            else:
                cell.source, error = fill_in(cell.source, names)
        if error and "raises-exception" not in cell.metadata.get("tags", []):
            yield line + 1, error


def run_cell(cell: NotebookNode, name: str, names: dict[str, Any]) -> str:
    """Execute a cell as a notebook does: show what it prints, and the value it ends on."""
    outputs = cell.outputs = []

    def show(value: Any, kind: str = "display_data", **options: Any) -> None:
        if value is not None:
            data, metadata = DisplayFormatter().format(value)
            outputs.append(v4.new_output(kind, data, metadata=metadata, **options))

    names["display"] = show
    # So that a traceback can quote the cell.
    linecache.cache[name] = (len(cell.source), None, cell.source.splitlines(True), name)
    try:
        with alone(outputs):
            body = ast.parse(cell.source).body
            quiet = cell.source.rstrip().endswith(";")
            last = body.pop() if body and isinstance(body[-1], ast.Expr) and not quiet else None
            exec(compile(ast.Module(body, []), name, "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), name, "eval"), names)
                show(value, "execute_result", execution_count=cell.execution_count)
    except Exception as error:
        own = [
            frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name
        ]
        lines = [*traceback.format_list(own), *traceback.format_exception_only(error)]
        text = "".join(lines)
        outputs.append(
            v4.new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[text])
        )
        return text
    return ""


def fill_in(markdown: str, names: dict[str, Any]) -> tuple[str, str]:
    """Replace each ``{eval}`expression` `` by its value at this place of the page."""
    try:
        return EVAL.sub(lambda match: str(eval(match[1], names)), markdown), ""
    except Exception as error:
        return markdown, "".join(traceback.format_exception_only(error))


class Stream(io.TextIOBase):
    """A stream whose text becomes the output of a cell."""

    def __init__(self, outputs: list[NotebookNode], name: str) -> None:
        self.outputs, self.name = outputs, name

    def write(self, text: str) -> int:
        """Append to the last output if it is of this stream, as it is when nothing came between."""
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == self.name:
            last["text"] += text
        else:
            self.outputs.append(v4.new_output("stream", name=self.name, text=text))
        return len(text)


@contextmanager
def alone(outputs: list[NotebookNode]) -> Iterator[None]:
    """Catch what is printed, keep settings from others, and end what takes too long."""
    late = Event()

    def ring() -> None:
        late.set()
        interrupt_main()

    alarm = Timer(SECONDS, ring)
    # In the background of a shell a process starts deaf to interrupts.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    with (
        redirect_stdout(Stream(outputs, "stdout")),
        redirect_stderr(Stream(outputs, "stderr")),
        warnings.catch_warnings(),
        np.errstate(),
        np.printoptions(**PRINTING),
    ):
        warnings.simplefilter("default")
        alarm.start()
        try:
            yield
        except KeyboardInterrupt as error:
            if not late.is_set():
                raise
            raise TimeoutError(f"the cell takes more than {SECONDS:g} s") from error
        finally:
            alarm.cancel()
            signal.signal(signal.SIGINT, heard or signal.SIG_DFL)
