"""Each gallery script runs alone, keeps the promises it asserts, and describes its figures."""

import runpy
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from pages import SCRIPTS, name


@pytest.fixture(autouse=True)
def fresh_matplotlib(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start with no figure and no style, and open no window."""
    mpl.use("Agg")
    monkeypatch.setattr(plt, "show", lambda: None)
    with mpl.rc_context():
        mpl.rcdefaults()
        yield
    plt.close("all")


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_script_runs_and_describes_its_figures(script: Path) -> None:
    runpy.run_path(str(script), run_name="__main__")

    figures = [plt.figure(number) for number in plt.get_fignums()]
    assert figures, "the script draws nothing"
    for figure in figures:
        alt = str(figure.get_label())
        titles = {axes.get_title(loc) for axes in figure.axes for loc in ("left", "center")}
        assert len(alt.split()) >= 8, f"say in fig.set_label what is to be seen; got {alt!r}"
        assert alt not in titles
