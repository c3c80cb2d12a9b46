"""The slips are where they say, of every kind; a recorded run is a table of these kinds."""

import json
from pathlib import Path

import pytest

import slips

RECORD = json.loads(Path(slips.__file__).with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize("kind", slips.KINDS)
def test_there_are_slips_of_each_kind_where_they_say(kind: str) -> None:
    found = list(slips.KINDS[kind](kind))
    assert len(found) >= 20
    texts = {path: (slips.ROOT / path).read_text("utf-8") for path in {s.path for s in found}}
    for slip in found:
        assert texts[slip.path].startswith(slip.old, slip.start), slip
        assert slip.new != slip.old
        assert slip.kind == kind


def test_a_seed_draws_the_same_slips_again_and_of_each_kind_as_many() -> None:
    drawn = slips.drawn(5, 36)
    assert drawn == slips.drawn(5, 36)
    assert sorted(slip.kind for slip in drawn) == sorted([*slips.KINDS, *slips.KINDS])


@pytest.mark.parametrize(
    ("line", "fences", "part"),
    [
        ("Two neurons.", [], "prose"),
        ("Two neurons.", ["admonition"], "prose"),
        (":label: eq-a", ["math"], ""),
        ("o = 1", ["math"], "display"),
        (">>> 1 + 1", ["python"], "example"),
        ("2", ["python"], "printed"),
        ("x = 2", ["code-cell"], "cell"),
        ("w : real", ["notation"], ""),
    ],
)
def test_lines_of_a_page_are_told_apart(line: str, fences: list[str], part: str) -> None:
    assert slips.kind_of(line, fences) == part


def test_the_record_is_of_these_kinds() -> None:
    assert list(RECORD["kinds"]) == [kind for kind in slips.KINDS if kind in RECORD["kinds"]]
    for row in RECORD["kinds"].values():
        assert row["slips"] - row["noticed"] == len(row["missed"])
