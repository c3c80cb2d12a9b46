"""What is imported is declared, in the group that installs it."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {"losstheory", "losstheory_site", "eqcheck"}
OPTIONAL = {"jax", "keras", "optax", "torch"}  # compared with where they are
PLACES = {
    "pdf": ["docs/_ext/**/*.py", "docs/conf.py", "gallery/**/*.py"],
    "tests": [
        "tests/package/*.py",
        "tests/site/**/*.py",
        "tests/content/*.py",
        "tests/eqcheck/*.py",
    ],
    "bench": ["docs/data/accuracy.py", "docs/data/bench.py", "docs/data/fair_experiment.py"],
}


def needs(group: str) -> Iterator[str]:
    """Yield the names that a group asks for, and those of the groups in it."""
    for each in PROJECT["dependency-groups"][group]:
        if isinstance(each, str):
            yield re.split(r"[\[<>=;]", each)[0]
        else:
            yield from needs(each["include-group"])


def imported(path: Path) -> Iterator[str]:
    """Yield the top names of what a file imports when it is loaded or run."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[Any] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        yield from (name.partition(".")[0] for name in names)


@pytest.mark.parametrize("group", PLACES)
def test_what_is_imported_is_declared(group: str) -> None:
    installed = packages_distributions()
    declared = {name.lower() for name in [*needs(group), "numpy"]}
    beside = {
        path.stem for folder in ("docs/data", "tests") for path in (ROOT / folder).glob("*.py")
    }
    missing = {
        (str(path.relative_to(ROOT)), name)
        for pattern in PLACES[group]
        for path in ROOT.glob(pattern)
        for name in imported(path)
        if name not in sys.stdlib_module_names | OURS | OPTIONAL | beside
        and not {each.lower() for each in installed.get(name, [name])} & declared
    }
    assert sorted(missing) == []
