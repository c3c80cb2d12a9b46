"""What the pages show of the frameworks is what was run, and what is installed still does it."""

import json
import math
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import mend
from losstheory_site.pages import recorded
from pages import PAGES, ROOT, name

RECORD: dict[str, Any] = json.loads(mend.RECORD.read_text("utf-8"))
FRAMEWORKS: dict[str, dict[str, dict[str, str]]] = RECORD["frameworks"]
PAGES_OF_THIS_PART = [page for page in PAGES if page.parent == ROOT / "docs" / "mend"]
SHOWN = re.compile(r"^```\{recorded\} (\w+)$", re.MULTILINE)
MOST_WORDS = 155  # a minute's reading
NUMBER = re.compile(r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?|\b(?:nan|inf)\b", re.IGNORECASE)


def numbers(output: str) -> list[float]:
    """Read the numbers of an output, but for those in names of types."""
    return [float(found) for found in NUMBER.findall(re.sub(r"dtype=[\w.]+", "", output))]


def near(*expected: float) -> Callable[[str], bool]:
    """Say whether each of these numbers is printed, within a thousandth."""
    return lambda output: all(
        any(math.isclose(number, want, rel_tol=1e-3) for number in numbers(output))
        for want in expected
    )


def is_nan(output: str) -> bool:
    return any(map(math.isnan, numbers(output))) or "NaN" in output


def is_infinite(output: str) -> bool:
    return any(map(math.isinf, numbers(output)))


def is_negative(output: str) -> bool:
    return any(number < -0.01 for number in numbers(output))


def runs_away(output: str) -> bool:
    return is_nan(output) or abs(numbers(output)[0]) > 1e6


def is_clipped(output: str) -> bool:
    return any(near(number)(output) for number in (100, 16.118, 15.942, 36.044))


def both_rise(output: str) -> bool:
    accuracy, loss, later_accuracy, later_loss = numbers(output)
    return later_accuracy > accuracy and later_loss > loss


# Symptom -> how it looks, in what every framework prints.
SYMPTOMS = {
    "nan": is_nan,
    "where": is_nan,
    "diverge": runs_away,
    "inf": is_infinite,
    "capped": is_clipped,
    "negative": is_negative,
    "stuck": near(math.log(2)),
    "accuracy": lambda output: max(numbers(output)) < 1,
    "both_rise": both_rise,
    "one_class": lambda output: "says yes 0," in output,
    "slow": lambda output: numbers(output)[0] > 0.5,
    "logits": lambda output: "ValueError" in output or near(0.5516)(output),
    "pos_weight": near(0.4817),
    "mask": near(math.log(10) / 2),
    "perplexity": near((math.exp(1.5) + math.exp(6)) / 2),
    "half": is_infinite,
}
# What a framework does not let happen, or has no part in.
NOT_THERE = {
    ("scikit-learn", "where"): "no gradients to mask",
    ("Keras", "where"): "its gradients are those of JAX",
    ("scikit-learn", "slow"): "no squared error after a sigmoid",
}
PRODUCED = [
    (framework, symptom)
    for framework in FRAMEWORKS
    for symptom in SYMPTOMS
    if (framework, symptom) not in NOT_THERE
]


def test_the_record_has_every_framework() -> None:
    assert FRAMEWORKS.keys() == mend.FRAMEWORKS.keys()
    for framework, (_, needs) in mend.FRAMEWORKS.items():
        assert set(needs) < RECORD["versions"][framework].keys()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_record_was_made_of_these_lines(framework: str) -> None:
    now = {
        snippet.name: {"caption": snippet.caption, "code": snippet.code}
        for snippet in mend.read(framework)
    }
    then = {
        snippet: {part: text for part, text in found.items() if part != "output"}
        for snippet, found in FRAMEWORKS[framework].items()
    }
    assert now == then, "run nox -s frameworks"


def same(recorded_output: str, output: str) -> bool:
    """Compare outputs: the last digits depend on NumPy's exponential and on the solver."""
    words, words_now = NUMBER.sub("#", recorded_output), NUMBER.sub("#", output)
    return words == words_now and numbers(output) == pytest.approx(
        numbers(recorded_output), rel=1e-3, abs=1e-6, nan_ok=True
    )


def test_scikit_learn_still_does_what_was_recorded() -> None:
    for snippet, output in mend.outputs("scikit-learn"):
        recorded_output = FRAMEWORKS["scikit-learn"][snippet.name]["output"]
        assert same(recorded_output, output), (
            f"{snippet.name} prints {output!r} with scikit-learn {version('scikit-learn')}, "
            f"{recorded_output!r} with {RECORD['versions']['scikit-learn']['scikit-learn']}"
        )


@pytest.mark.parametrize(("framework", "symptom"), PRODUCED)
def test_the_symptom_was_produced_and_mended(framework: str, symptom: str) -> None:
    shows = SYMPTOMS[symptom]
    assert shows(FRAMEWORKS[framework][f"{symptom}_wrong"]["output"])
    # The remedy for both rising prints the late state twice, before and after.
    assert not shows(FRAMEWORKS[framework][f"{symptom}_right"]["output"])


@pytest.mark.parametrize(("framework", "symptom"), NOT_THERE)
def test_what_does_not_happen_is_not_recorded(framework: str, symptom: str) -> None:
    assert f"{symptom}_wrong" not in FRAMEWORKS[framework]


def test_frameworks_agree_on_what_has_one_answer() -> None:
    answers = {
        "slow": 0.1001,
        "pos_weight": 0.05,
        "mask": math.log(10),
        "perplexity": math.exp(3),
        "smoothing": 0.3026,
        "soft": 0.3681,
        "temperature": 0.4637,
    }
    for answer, number in answers.items():
        for framework, snippets in FRAMEWORKS.items():
            if f"{answer}_right" in snippets and (framework, answer) not in {
                ("scikit-learn", "slow"),
                ("scikit-learn", "smoothing"),
            }:
                assert near(number)(snippets[f"{answer}_right"]["output"]), (framework, answer)


def test_pages_show_all_that_was_recorded_and_nothing_else() -> None:
    shown = [found for page in PAGES for found in SHOWN.findall(page.read_text("utf-8"))]
    names = {
        re.sub("_(wrong|right)$", "", snippet)
        for snippets in FRAMEWORKS.values()
        for snippet in snippets
    }
    assert sorted(shown) == sorted(names)


@pytest.mark.parametrize("page", PAGES_OF_THIS_PART, ids=name)
def test_a_page_types_no_line_of_a_framework(page: Path) -> None:
    text = page.read_text("utf-8")
    for fence in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        assert fence.startswith(">>> ")  # and so it runs in every test run
    assert not re.search(r"^>>> .*\b(torch|jax|keras|optax)\b", text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES_OF_THIS_PART, ids=name)
def test_a_page_answers_first_and_in_words(page: Path) -> None:
    title, answer, *_ = page.read_text("utf-8").split("\n\n")
    assert title.startswith("# ")
    # Its first sentences are the description that a search engine shows: no mathematics.
    assert "$" not in ". ".join(answer.replace("\n", " ").split(". ")[:2])


def words_before_the_mend(page: Path) -> int:
    """Count them, but for code and tables, which are looked at and not read."""
    before, mend_, _ = page.read_text("utf-8").partition("```{recorded}")
    assert mend_
    return len(re.sub(r"(?ms)^```.*?^```$|^\|.*?$|^\(.*?\)=$", "", before).split())


@pytest.mark.parametrize("page", PAGES_OF_THIS_PART, ids=name)
def test_the_mend_comes_early(page: Path) -> None:
    assert words_before_the_mend(page) <= MOST_WORDS


def test_what_lines_print_warn_of_and_fail_with_is_heard() -> None:
    code = "import warnings\nwarnings.warn('a\\nb')\nprint(1)\nraise ValueError('no\\nmore')\n"
    assert mend.run(code, {}) == "UserWarning: a …\n1\nValueError: no …"


def test_tabs_hold_code_and_output() -> None:
    snippet = {"caption": "Add.", "code": "print(1 + 1)\n", "output": "2"}
    record = {"frameworks": {"A": {"sum_wrong": snippet}, "B": {"other_right": snippet}}}
    assert list(recorded.found(record, "sum")) == ["A"]
    text = recorded.written(recorded.found(record, "sum")["A"])
    assert text.startswith("**Wrong.** Add.\n\n```python\nprint(1 + 1)\n```\n")
    assert text.endswith("\n2\n```\n")
