"""Pages are executed where they are read: alone, with what they print in its place, and on time."""

import signal
import socket
import subprocess
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from losstheory_site.pages import execution


def run(*sources: str, folder: Path | None = None) -> tuple[list[Any], list[tuple[int, str]]]:
    """Execute cells as a page does; return the outputs of all, and what fails."""
    fences = (f"```{{code-cell}} python\n{source}\n```\n" for source in sources)
    notebook = execution.read_page("\n".join(fences))
    failed = list(execution.execute(notebook, folder or Path.cwd()))
    return [output for cell in notebook.cells for output in cell.get("outputs", [])], failed


def test_cells_share_their_names_and_pages_do_not() -> None:
    outputs, failed = run("x = 1; print('first')", "print(x)", "def f(): return x\nf()")
    assert failed == []
    assert [output.text for output in outputs[:2]] == ["first\n", "1\n"]
    assert outputs[2].data == {"text/plain": "1"}
    _, [(line, error)] = run("2", "print(x)")
    assert line == 6  # where its code begins
    assert "NameError" in error


def test_what_a_cell_shows_keeps_its_kind_and_its_order() -> None:
    outputs, _ = run(
        "import sys\nfrom IPython.display import Markdown\n"
        "print('a', end=''); print('b'); print('c', file=sys.stderr); display(1.5); print('d')\n"
        "Markdown('**e**')"
    )
    assert [
        (out.output_type, out.get("text") or sorted(out["data"].items())) for out in outputs
    ] == [
        ("stream", "ab\n"),
        ("stream", "c\n"),
        ("display_data", [("text/plain", "1.5")]),
        ("stream", "d\n"),
        (
            "execute_result",
            [("text/markdown", "**e**"), ("text/plain", "<IPython.core.display.Markdown object>")],
        ),
    ]
    assert run("1;") == ([], [])
    assert run("None") == ([], [])
    assert run("# nothing") == ([], [])


def test_a_cell_that_fails_is_quoted_with_its_line() -> None:
    [output], [(line, error)] = run("def f():\n    return 1 / 0\n\nf()")
    assert line == 2
    assert [row for row in error.splitlines() if "^" not in row] == [
        '  File "<cell 1>", line 4, in <module>',
        "    f()",
        '  File "<cell 1>", line 2, in f',
        "    return 1 / 0",
        "ZeroDivisionError: division by zero",
    ]
    assert output.ename == "ZeroDivisionError"
    assert len(run("1 +")[1]) == 1
    assert run(":tags: [raises-exception]\n\n1 / 0")[1] == []


@pytest.mark.parametrize("heard", [signal.default_int_handler, signal.SIG_IGN])
def test_a_cell_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch, heard: Any) -> None:
    """In the background of a shell too, where interrupts go unheard."""
    monkeypatch.setattr(execution, "SECONDS", 0.2)
    before = signal.signal(signal.SIGINT, heard)
    try:
        _, [(_, error)] = run("while True:\n    pass")
        assert signal.getsignal(signal.SIGINT) is heard
    finally:
        signal.signal(signal.SIGINT, before)
    assert "TimeoutError: the cell takes more than 0.2 s" in error


def test_settings_neither_come_in_nor_leave(tmp_path: Path) -> None:
    folder = Path.cwd()
    with np.printoptions(precision=1):
        outputs, _ = run(
            "import numpy as np, os, warnings\nnp.array([0.123])",
            "np.set_printoptions(precision=2); np.seterr(all='raise'); os.chdir('..')",
            "warnings.simplefilter('ignore')",
            folder=tmp_path,
        )
        assert np.get_printoptions()["precision"] == 1
    assert outputs[0].data["text/plain"] == "array([0.123])"
    with pytest.warns(UserWarning, match="beware"):
        warnings.warn("beware", stacklevel=1)
    assert np.geterr()["divide"] == "warn"
    assert Path.cwd() == folder


def test_values_in_prose_are_those_of_their_place() -> None:
    page = "{eval}`x`\n\n```{code-cell} python\nx = {'a': 1}\n```\n\nNow {eval}`x['a']`.\n"
    notebook = execution.read_page(page)
    [(line, error)] = execution.execute(notebook, Path.cwd())
    assert (line, error) == (1, "NameError: name 'x' is not defined\n")
    assert notebook.cells[-1].source == "Now 1."


def test_no_kernel_and_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket is opened")

    monkeypatch.setattr(socket, "socket", closed)
    monkeypatch.setattr(subprocess, "Popen", closed)
    assert run("1 + 1")[1] == []
