"""What nothing computes is listed for people to review, and every reviewed text has its source."""

from pathlib import Path

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from pages import ROOT, name
from prose import SOURCES
from review import FOLDER, compare, review
from trusted import trusted


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_what_nothing_computes_was_reviewed(
    source: Path, file_regression: FileRegressionFixture
) -> None:
    review(file_regression, "trusted", source, trusted(source))


def test_every_reviewed_text_has_a_source() -> None:
    sources = [
        file.relative_to(FOLDER).as_posix().partition("/")[2].removesuffix(".txt")
        for file in FOLDER.rglob("*.txt")
    ]
    assert [source for source in sources if not (ROOT / source).exists()] == []


@pytest.mark.parametrize(
    ("now", "passes"),
    [
        ("a 0.1234 b", True),
        ("a 0.1235 b", True),
        ("a 0.1236 b", False),
        ("c 0.1234 b", False),
        ("a 1.234e-05 b", False),
        ("a 0.1234 b\nmore", False),
    ],
)
def test_only_the_last_of_four_digits_is_left_to_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: str, passes: bool
) -> None:
    monkeypatch.setattr("review.ROOT", tmp_path)
    monkeypatch.setattr("review.name", lambda path: path.name)
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("a 0.1234 b\n", encoding="utf-8")
    new.write_text(f"{now}\n", encoding="utf-8")
    if passes:
        compare(new, old)
    else:
        with pytest.raises(AssertionError, match="nox -s review"):
            compare(new, old)
