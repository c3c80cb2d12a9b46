"""Every page has exercises, every exercise a folded solution that runs, and one page lists them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from pages import PAGES, ROOT, name

EXERCISE = re.compile(r"^\*\*(?P<number>\d+)\. (?P<kind>[^*]+)\.\*\*", re.MULTILINE)
LISTED = re.compile(
    r"^### \[.+\]\((?P<page>[^)#]+)#exercises\)\n\n(?P<items>(?:\d+\. .+\n)+)", re.MULTILINE
)
ITEM = re.compile(r"^(?P<number>\d+)\. \*\*(?P<kind>[^*]+)\*\*", re.MULTILINE)
INDEX = ROOT / "docs" / "practice" / "exercises.md"
LEARN = [page for page in PAGES if page.parent.name == "learn"]
WITH_EXERCISES = [page for page in PAGES if "\n## Exercises\n" in page.read_text("utf-8")]


def exercises(text: str) -> list[tuple[str, str, str]]:
    """Return number, kind and text of each exercise of a page."""
    _, _, after = text.partition("\n## Exercises\n")
    section, _, _ = after.partition("\n## ")
    found = list(EXERCISE.finditer(section))
    ends = [*(m.start() for m in found), len(section)]
    return [
        (match["number"], match["kind"], section[start:end])
        for match, (start, end) in zip(found, pairwise(ends), strict=True)
    ]


@pytest.mark.parametrize("page", LEARN, ids=name)
def test_a_main_page_has_three_exercises_at_least(page: Path) -> None:
    assert len(exercises(page.read_text("utf-8"))) >= 3


@pytest.mark.parametrize("page", WITH_EXERCISES, ids=name)
def test_an_exercise_has_a_folded_solution_that_runs(page: Path) -> None:
    found = exercises(page.read_text("utf-8"))
    assert [number for number, _, _ in found] == [str(n + 1) for n in range(len(found))]
    for number, kind, text in found:
        _, fold, solution = text.partition("dropdown} Solution\n")
        assert fold, f"exercise {number} has no solution"
        assert ">>> " in solution, f"the solution of exercise {number}, {kind}, is not checked"


def test_the_page_of_exercises_lists_them_all() -> None:
    listed = {
        (INDEX.parent / match["page"]).resolve(): [
            m.groups() for m in ITEM.finditer(match["items"])
        ]
        for match in LISTED.finditer(INDEX.read_text("utf-8"))
    }
    for page in WITH_EXERCISES:
        if page != INDEX:
            found = [(number, kind) for number, kind, _ in exercises(page.read_text("utf-8"))]
            assert listed.pop(page.resolve(), []) == found, name(page)
    assert not listed
