"""Texts that people review, in ``tests/reviewed``: what is shown, and what nothing computes.

A test writes such a text anew and compares. ``nox -s review`` keeps the new ones; the diff of git
shows what has become different, which somebody then looks at.
"""

import difflib
import re
from pathlib import Path

from pytest_regressions.file_regression import FileRegressionFixture

from pages import ROOT, name

FOLDER = ROOT / "tests" / "reviewed"
NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]\d+)?")
# Nothing computes what stands behind these: it is compared to the last digit.
TYPED = ("figure: ", "numbers: ", "formulas: ", "given: ", "leads: ", "shows: ", "head: ")
REMEDY = "look at the difference; if it is meant, `nox -s review` keeps it"


def review(fixture: FileRegressionFixture, kind: str, source: Path, text: str) -> None:
    """Compare a text of a kind about a source with the one that was reviewed."""
    kept = place(kind, source)
    if text or kept.exists():
        fixture.check(text, "utf-8", newline="\n", fullpath=kept, check_fn=compare)


def place(kind: str, source: Path) -> Path:
    """Return where the reviewed text of a source lies."""
    return FOLDER / kind / f"{name(source)}.txt"


def compare(obtained: Path, reviewed: Path) -> None:
    """Fail with a readable difference."""
    new, old = (file.read_text(encoding="utf-8").splitlines() for file in (obtained, reviewed))
    if len(new) != len(old) or not all(map(same, new, old)):
        lines = difflib.unified_diff(old, new, "reviewed", "now", lineterm="", n=1)
        raise AssertionError("\n".join([f"{name(reviewed)}: {REMEDY}", *lines]))


def same(new: str, old: str) -> bool:
    """Return whether two lines agree, numbers of four digits and more but for their last digit.

    Other processors and versions of NumPy round elsewhere; what is shorter is the same everywhere.
    """
    if new == old:
        return True
    if new.startswith(TYPED):
        return False
    numbers = NUMBER.findall(new), NUMBER.findall(old)
    return NUMBER.sub("#", new) == NUMBER.sub("#", old) and all(map(near, *numbers))


def near(new: str, old: str) -> bool:
    """Return whether two shown numbers differ by one in the last digit at most."""
    if new == old:
        return True
    digits, _, exponent = old.partition("e")
    decimals = len(digits.partition(".")[2])
    if len(digits.strip("-0.").replace(".", "")) < 4 or len(new) != len(old):
        return False
    unit = 10.0 ** (int(exponent or 0) - decimals)
    return abs(float(new) - float(old)) < 1.5 * unit
