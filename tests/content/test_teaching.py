"""What a teacher takes into class holds what it promises."""

import csv
import re

import pytest

import losstheory as lt
from losstheory_site.moving.directive import FOLDER
from pages import ROOT

TEACH = ROOT / "docs" / "teach"
PAGES = sorted(TEACH.glob("*.md"))
QUIZ = (TEACH / "quiz.md").read_text(encoding="utf-8")
QUESTION = re.compile(r"(?ms)^::::\{container\} quiz\n\*\*(\d+)\.\*\* (.*?)\n\n(.*?)^::::$")
ANSWER = re.compile(r"(?ms)^:::\{dropdown\} (.+?)\n\*\*(Right|Wrong)\.\*\* (.*?)^:::$")
COMPUTED = re.compile(r"\{value\}`|>>> ")
STATE = re.compile(r"\{state\}`[^<`]+<([^#>]+)#([^>]+)>`")


def test_quiz_has_twenty_questions_in_order() -> None:
    numbers = [int(number) for number, _, _ in QUESTION.findall(QUIZ)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 20
    assert QUIZ.count(":::{dropdown} ") == sum(
        len(ANSWER.findall(answers)) for _, _, answers in QUESTION.findall(QUIZ)
    )


@pytest.mark.parametrize("question", QUESTION.findall(QUIZ), ids=lambda found: found[0])
def test_one_answer_is_right_and_computed_and_each_has_a_reason(
    question: tuple[str, str, str],
) -> None:
    answers = ANSWER.findall(question[2])
    assert len(answers) >= 3
    right = [reason for _, verdict, reason in answers if verdict == "Right"]
    assert len(right) == 1
    assert COMPUTED.search(right[0]), "a right answer that nothing computes"
    assert all(len(reason.split()) >= 6 for _, _, reason in answers)
    assert len({answer for answer, _, _ in answers}) == len(answers)


def test_the_right_answer_has_no_favourite_place() -> None:
    places = [
        [verdict for _, verdict, _ in ANSWER.findall(answers)].index("Right")
        for _, _, answers in QUESTION.findall(QUIZ)
    ]
    assert max(map(places.count, range(3))) <= 0.7 * len(places)


@pytest.mark.parametrize(
    ("page", "state"),
    sorted({found for page in PAGES for found in STATE.findall(page.read_text("utf-8"))}),
)
def test_links_open_a_figure_that_is_there_in_a_state_that_it_has(page: str, state: str) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    figures = re.findall(r"\{moving\} (\w+)\n((?::\w+:.*\n)*)", text)
    by_id = {
        (named[1] if (named := re.search(r":id: (\w+)", options)) else name): name
        for name, options in figures
    }
    name, *settings = state.split("&")
    assert name in by_id
    markup = (FOLDER / f"{by_id[name]}.html").read_text(encoding="utf-8")
    for setting in settings:
        control = setting.partition("=")[0]
        known = f'data-control="{control}"' in markup or f'"{control}"' in markup
        assert known or control == "projector"


def test_plans_fill_their_time() -> None:
    text = (TEACH / "index.md").read_text(encoding="utf-8")
    steps = [tuple(map(int, pair)) for pair in re.findall(r"(?m)^\| (\d+) to (\d+) \|", text)]
    begins, ends = zip(*steps, strict=True)
    assert begins == (0, *ends[:-1])
    assert 45 in ends
    assert ends[-1] == 90


def test_data_are_those_of_the_package() -> None:
    with (TEACH / "two-neurons.csv").open(encoding="utf-8", newline="") as rows:
        [first, second] = csv.DictReader(rows)
    for row, case in (first, lt.FIRST), (second, lt.SECOND):
        for name in ("x", "w", "b", "y", "z", "o"):
            assert float(row[name]) == pytest.approx(float(getattr(case, name)), rel=1e-15, abs=0.0)


def test_every_page_to_learn_from_gives_its_exercises_to_the_sheet() -> None:
    sheet = (TEACH / "exercise-sheet.md").read_text(encoding="utf-8")
    learn = sorted(page.stem for page in (ROOT / "docs" / "learn").glob("*.md"))
    assert sorted(re.findall(r"\{again\} learn/(\S+) exercises", sheet)) == learn
