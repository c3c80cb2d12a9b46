"""A release has one version and one date, wherever they stand."""

import re
import tomllib
from importlib.metadata import version

from pages import ROOT


def found(pattern: str, *path: str) -> str:
    """Return what the group of a pattern matches first in a file of the repository."""
    match = re.search(pattern, ROOT.joinpath(*path).read_text(encoding="utf-8"), re.MULTILINE)
    assert match, f"{pattern} in {'/'.join(path)}"
    return match[1]


def test_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {
        version("losstheory"),
        found(r"^version: (.+)$", "CITATION.cff"),
        found(r"^## \[(\d.*?)\]", "CHANGELOG.md"),
        found(r"version = \{(.+)\}", "docs", "reference", "cite.md"),
    } == {project["version"]}


def test_date_is_the_same_everywhere() -> None:
    date = found(r"^## \[\d.*?\] - (\S+)$", "CHANGELOG.md")
    assert found(r'^date-released: "(.+)"$', "CITATION.cff") == date
    assert found(r"year    = \{(.+)\}", "docs", "reference", "cite.md") == date[:4]
    assert found(r"^Copyright \(c\) (\d+)", "LICENSE") <= date[:4]
