"""Every comparison says how far off a number may be, so that it can fail.

``pytest.approx(x, rel=…)`` allows 1e-12 beside the relative error, and ``np.isclose(x, y, rtol=…)``
1e-8: a number that small, or smaller, passes whatever it is.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages import PAGES, ROOT, SCRIPTS, name

# What a call must name. ``math.isclose`` and ``np.testing.assert_allclose`` allow nothing beside
# the relative error unless they are told to.
NEEDED = {
    "approx": {"abs"},
    "math.isclose": set(),
    "np.isclose": {"rtol", "atol"},
    "np.allclose": {"rtol", "atol"},
}
CALL = re.compile(r"\b(?:(?:pytest\.)?(approx)|(math\.isclose|np\.(?:isclose|allclose)))\(")
FILES = sorted(
    {
        *PAGES,
        *SCRIPTS,
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "losstheory").glob("*.py"),
        *(ROOT / "docs" / "_ext").rglob("*.py"),
        *(ROOT / "docs" / "data").glob("*.py"),
    }
    - {Path(__file__)}
)


def arguments(text: str, start: int) -> str:
    """Return the text from an opening parenthesis to the one that closes it."""
    depth = 0
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[start : end + 1]
    raise AssertionError(f"nothing closes {text[start : start + 60]!r}")


def loose(text: str) -> Iterator[str]:
    """Name the comparisons of a text that leave a tolerance to its default."""
    for found in CALL.finditer(text):
        function = found[1] or found[2]
        call = function + arguments(text, found.end() - 1).replace("\n...", "\n")
        (tree,) = ast.parse(call).body
        assert isinstance(tree, ast.Expr)
        assert isinstance(tree.value, ast.Call)
        if NEEDED[function] - {keyword.arg for keyword in tree.value.keywords}:
            yield call


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_tolerance_is_left_to_its_default(path: Path) -> None:
    assert list(loose(path.read_text("utf-8"))) == []


def test_a_loose_comparison_is_found() -> None:
    text = "x == approx(f(1), rel=1e-3) or np.isclose(x, y, atol=0.0)\nmath.isclose(1, (2))"
    assert list(loose(text)) == ["approx(f(1), rel=1e-3)", "np.isclose(x, y, atol=0.0)"]
    assert list(loose("np.allclose(x, y, rtol=1e-9, atol=0.0), approx(1, abs=2)")) == []
