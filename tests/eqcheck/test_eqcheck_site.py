"""The equations of the site: all are checked, and a slip put into any of them is found."""

import dataclasses
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from eqcheck.checking import check
from eqcheck.notation import Notation
from eqcheck.sources import Formula
from eqcheck.tokens import lexed
from site_equations import FILES, ROOT, SITE, displayed


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_equation_fails(path: Path) -> None:
    wrong = [
        f"{path.name}:{formula.line + verdict.line - 1}: {formula.label}\n{verdict.message}"
        for formula, verdict in SITE.check_file(path)
        if verdict.mark == "failed"
    ]
    assert not wrong, "\n".join(wrong)


def test_nine_in_ten_equations_are_checked() -> None:
    marks = Counter(
        verdict.mark
        for path in FILES
        for formula, verdict in SITE.check_file(path)
        if formula.kind == "display"
    )
    assert sum(marks.values()) > 60
    assert marks["checked"] >= 0.9 * sum(marks.values()), marks


SWAPS = {
    "+": "-", "-": "+", "i": "j", "j": "i", r"\ln": r"\log_2", r"\le": r"\ge", r"\ge": r"\le",
    "o": "y", "y": "o", "w": "x", "x": "w", "P": "Q", "Q": "P", "z": "w", "'": "", "0": "1",
    "1": "2", "2": "3", "3": "4", "4": "5", r"\exp": r"\ln", r"\sigma": r"\exp", "s": "o",
}  # fmt: skip


def slipped(latex: str) -> Iterator[tuple[str, str]]:
    """Yield the formula with one token changed, for every token that can be, and what was done."""
    for token in lexed(latex):
        start, end = token.start_pos or 0, token.end_pos or 0
        if (swap := SWAPS.get(token.value)) is not None:
            changed = f"{latex[:start]}{swap}{latex[end:]}"
            yield changed, f"{token.value} became {swap or 'nothing'} at {start}"


def survivors(cases: list[tuple[Formula, Notation, str, str]]) -> list[str]:
    """Return the slips that the check takes for right."""
    return [
        f"{formula.path.name}, {formula.label}: {what}"
        for formula, notation, latex, what in cases
        if check(latex, notation).mark != "failed"
    ]


def all_slips() -> list[tuple[Formula, Notation, str, str]]:
    return [
        (formula, notation, latex, what)
        for formula, notation in displayed()
        for latex, what in slipped(formula.latex)
    ]


def test_slips_put_into_the_pages_are_found() -> None:
    cases = all_slips()
    if "EQCHECK_ALL_SLIPS" not in os.environ:
        cases = random.Random(20).sample(cases, 60)
    missed = survivors(cases)
    assert len(missed) <= 0.03 * len(cases), "\n".join(missed)


def test_a_change_of_code_or_notation_asks_again(tmp_path: Path) -> None:
    cached = dataclasses.replace(SITE, cache=str(tmp_path))
    twice = SITE.notation.extended("e : half_squared_error(y, o)")
    for notation in (SITE.notation, SITE.notation, twice, twice.extended("e : (y - o)**2")):
        cached.check(r"e = \tfrac12 (y - o)^2", notation, inline=False)
    marks = Counter(file.read_text(encoding="utf-8").split('"')[3] for file in tmp_path.iterdir())
    assert marks == {"checked": 2, "failed": 1}
