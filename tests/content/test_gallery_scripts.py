"""Each gallery script runs alone, keeps the promises it asserts, and describes its figures."""

import ast
import re
import runpy
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from pytest_regressions.file_regression import FileRegressionFixture

from drawn import drawn
from pages import SCRIPTS, name
from review import review

NUMBER = re.compile(r"(?<![\w.])\d+[./]\d+(?![\w.]*\d)")
DECIMAL = re.compile(r"\d+\.\d+(?:e-?\d+)?")
SHOWN = {"annotate", "set_label", "set_title", "suptitle", "text"}


@pytest.fixture(autouse=True)
def fresh_matplotlib(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start with no figure and no style, and open no window."""
    mpl.use("Agg")
    monkeypatch.setattr(plt, "show", lambda: None)
    with mpl.rc_context():
        mpl.rcdefaults()
        yield
    plt.close("all")


def described(figure: Figure) -> None:
    """Assert that a figure says in words of its own what is to be seen."""
    alt = str(figure.get_label())
    titles = {axes.get_title(loc) for axes in figure.axes for loc in ("left", "center")}
    assert len(alt.split()) >= 8, f"say in fig.set_label what is to be seen; got {alt!r}"
    assert alt not in titles


def typed(script: Path) -> set[str]:
    """Return the numbers that are typed into the words of the figures."""
    calls = (
        node
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SHOWN
    )
    parts = (part for call in calls for word in call.args for part in ast.walk(word))
    words = (part.value for part in parts if isinstance(part, ast.Constant))
    return {number for text in words if isinstance(text, str) for number in NUMBER.findall(text)}


def computed(value: object, depth: int = 3) -> Iterator[float]:
    """Yield the numbers in what a script has computed; long curves would prove anything."""
    if isinstance(value, float | int | np.number):
        yield float(value)
    elif isinstance(value, np.ndarray) and value.size <= 100 and value.dtype.kind in "if":
        yield from value.ravel().tolist()
    elif isinstance(value, Mapping) and depth:
        yield from computed((*value.keys(), *value.values()), depth - 1)
    elif isinstance(value, list | tuple) and len(value) <= 100 and depth:
        for part in value:
            yield from computed(part, depth - 1)


def agrees(shown: str, numbers: list[float]) -> bool:
    """Return whether one of the numbers is the one shown, but for its sign."""
    value = float(Fraction(shown))
    room = 1e-12 if "/" in shown else 0.5001 * 10.0 ** -len(shown.partition(".")[2])
    return any(abs(abs(number) - value) <= room for number in numbers)


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_script_runs_and_describes_its_figures(
    script: Path, capsys: pytest.CaptureFixture[str], file_regression: FileRegressionFixture
) -> None:
    made: dict[str, Any] = runpy.run_path(str(script), run_name="__main__")

    figures = [plt.figure(number) for number in plt.get_fignums()]
    assert figures, "the script draws nothing"
    for figure in figures:
        described(figure)

    # A number in the words of a figure has been computed, printed, or written by the drawing.
    written = [text.get_text() for figure in figures for ax in figure.axes for text in ax.texts]
    printed = capsys.readouterr().out
    numbers = [*computed(made), *map(float, DECIMAL.findall(printed))]
    numbers += map(float, DECIMAL.findall(" ".join(written)))
    assert [shown for shown in typed(script) if not agrees(shown, numbers)] == []

    pictures = [drawn(figure) for figure in figures]
    assert [row for picture in pictures for row in mistaken(picture)] == []
    review(file_regression, "shown", script, "\n".join([*pictures, printed]))


def mistaken(picture: str) -> list[str]:
    """Return what bears the name of one loss and the colour of the other, or its dash or mark."""
    rows = re.findall(r"^ +(?:line|text|PathCollection) .+", picture, re.MULTILINE)
    losses = ("cross entropy", "squared error")
    return [
        row
        for row in rows
        for name, other in (losses, losses[::-1])
        if re.search(rf"'(?:\w+ \+ )?{name}(?: \(\w+\))?'", row)
        and re.search(rf"\b{other.replace(' ', '-')}\b", row)
    ] + [row for row in rows if disguised(row)]


def disguised(row: str) -> bool:
    """Return whether a line is dashed or marked against its colour.

    Cross entropy is solid, or marked by discs; squared error is dashed, or marked by squares.
    """
    match = re.match(r" +line (cross-entropy|squared-error)\b([^':(]*)", row)
    if not match:
        return False
    look = set(match[2].split())
    if match[1] == "cross-entropy":
        return bool(look & {"--", "s"})
    return "o" in look or ("-" in look and "marker" not in look)


def test_what_looks_like_the_other_loss_is_noticed() -> None:
    figure, axes = plt.subplots()
    ce, se = "#0067b1", "#c94f00"
    axes.plot([0, 1], [0, 1], "--", color=ce, label="squared error")
    axes.text(0, 0, "cross entropy (nats)", color=se)
    axes.plot([0, 1], [0, 1], "s", color=ce)
    axes.plot([0, 1], [0, 1], "-", color=se)
    axes.plot([0, 1], [0, 1], "o", color=se)
    assert len(set(mistaken(drawn(figure)))) == 5

    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], "o-", color=ce, label="cross entropy")
    axes.plot([0, 1], [0, 1], "--", color=se, label="squared error")
    axes.plot([0, 1], [0, 1], "s-", color=se)
    axes.text(0, 0, "cross entropy", color=ce)
    assert mistaken(drawn(figure)) == []
