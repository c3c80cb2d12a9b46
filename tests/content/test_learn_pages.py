"""A page to learn from lets the reader see, move and guess before it derives."""

import re
from pathlib import Path

import pytest

from pages import PAGES, name

LEARN = [
    page for page in PAGES if page.parent.name == "learn" or page.stem == "vanishing-gradients"
]
CHECK = re.compile(r"(?ms)^::::\{admonition\} Check yourself\n:class: check\n(.*?)^::::$")
DROPDOWN = re.compile(r"(?ms)^:::\{dropdown\} (\w+)\n(.*?)^:::$")
EXERCISE = re.compile(r"(?m)^\*\*\d+\. ")
FOOTNOTE = re.compile(r"(?m)^\[\^\w+\]: .*\n(?:    .*\n)*")
MOST_WORDS = 250


@pytest.fixture(params=LEARN, ids=name)
def text(request: pytest.FixtureRequest) -> str:
    """Read a page of the path."""
    page: Path = request.param
    return page.read_text("utf-8")


def test_what_is_needed_stands_under_the_title(text: str) -> None:
    title, _, below, *_ = text.split("\n")
    assert ": " in title, "the title begins with the words that people search for"
    assert below.startswith("*You need* ")


def test_something_to_move_comes_before_the_algebra(text: str) -> None:
    before, moving, _ = text.partition("````{moving} ")
    assert moving
    assert len(before.split()) <= MOST_WORDS
    assert "```{math}" not in before
    assert "```{code-cell}" not in before


def test_two_checks_at_least_from_hint_to_answer(text: str) -> None:
    checks = CHECK.findall(text)
    assert len(checks) >= 2
    for check in checks:
        folds = DROPDOWN.findall(check)
        assert [title for title, _ in folds] == ["Hint", "Answer"]
        answer = folds[1][1]
        assert ">>> " in answer or "{value}`" in answer, "an answer that nothing computes"


def test_it_ends_with_what_was_learnt_and_hints_before_solutions(text: str) -> None:
    _, learnt, rest = text.partition("\n## What you have learnt\n")
    _, exercises, practice = rest.partition("\n## Exercises\n")
    assert learnt
    assert exercises
    folds = [title for title, _ in DROPDOWN.findall(practice)]
    assert folds == ["Hint", "Solution"] * len(EXERCISE.findall(practice))


def test_the_source_stays_in_one_footnote(text: str) -> None:
    assert len(FOOTNOTE.findall(text)) <= 1
    assert "the source" not in FOOTNOTE.sub("", text).lower()
