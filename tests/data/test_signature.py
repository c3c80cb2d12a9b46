"""No record, and no script that makes one, has changed since the one was made by the other."""

import json
from pathlib import Path
from typing import Any

import pytest

import signature

RECORDS = sorted(signature.FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_a_record_is_as_its_script_made_it(path: Path) -> None:
    assert signature.faults(path) == []


SCRIPT = "from other import f\n\nprint(f(0.5), open('lines.py').read())\n"


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a record, its script, and what that imports and reads."""
    monkeypatch.setattr(signature, "FOLDER", tmp_path)
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "other.py").write_text("def f(x):\n    return 2 * x\n", encoding="utf-8")
    (tmp_path / "lines.py").write_text("x = 1\n", encoding="utf-8")
    path = tmp_path / "script.json"
    made: dict[str, Any] = signature.sign({"times": [1.5, 2.5]}, tmp_path / "script.py")
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("script.json", "2.5", "2.6", "the numbers of script.json have changed"),
        ("script.json", "script.py", "other.py", "other.py has changed"),
        ("script.py", "0.5", "0.25", "script.py has changed"),
        ("other.py", "2 *", "3 *", "script.py has changed"),
        ("lines.py", "1", "2", "script.py has changed"),
    ],
)
def test_a_change_by_hand_is_noticed(
    record: Path, file: str, old: str, new: str, fault: str
) -> None:
    assert signature.faults(record) == []
    path = record.with_name(file)
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    (found,) = signature.faults(record)
    assert fault in found


def test_comments_and_docstrings_measure_nothing(record: Path) -> None:
    script = record.with_name("script.py")
    script.write_text(f'"""New words."""\n\n# And more.\n{SCRIPT}', encoding="utf-8")
    assert signature.faults(record) == []


def test_a_record_without_a_script_is_noticed(record: Path) -> None:
    record.write_text("{}", encoding="utf-8")
    assert signature.faults(record) == ["script.json says not which script made it"]
