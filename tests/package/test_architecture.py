"""The tree shows the architecture: imports run one way, and every public name is explained."""

import ast
import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate

import losstheory
from pages import FENCES, PAGES, ROOT, tokens

PACKAGE = ROOT / "losstheory"
# Each module imports from those before it alone.
ORDER = (
    "_checks",
    "_blocks",
    "_kernels",
    "activations",
    "losses",
    "information",
    "likelihood",
    "registry",
    "neuron",
    "descent",
    "laws",
    "__init__",
)
TOP = {
    ".ci",
    ".github",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".readthedocs.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "docs",
    "gallery",
    "losstheory",
    "noxfile.py",
    "pyproject.toml",
    "tests",
}
MODULES = [module for module in ORDER if module[0] != "_"]
EXPLAINED = [
    public
    for public, value in vars(losstheory).items()
    if public in losstheory.__all__ and (inspect.isfunction(value) or inspect.isclass(value))
]
# numpydoc's rules that a short docstring may break.
LENIENT = {
    "ES01": "an extended summary",
    "RT02": "no names where a tuple is returned",
    "SA01": "a section See Also",
}


def imports(module: str) -> Iterator[str]:
    """Name what a module imports, wherever the statement stands."""
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module
            if node.module == "losstheory":
                yield from (f"losstheory.{alias.name}" for alias in node.names)
            else:
                yield node.module


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == set(ORDER)


@pytest.mark.parametrize("module", ORDER)
def test_imports_run_one_way(module: str) -> None:
    before = {f"losstheory.{other}" for other in ORDER[: ORDER.index(module)]}
    ours = {imported for imported in imports(module) if imported.startswith("losstheory")}
    assert ours <= before


@pytest.mark.parametrize("module", ORDER)
def test_numpy_is_enough(module: str) -> None:
    roots = {imported.partition(".")[0] for imported in imports(module)}
    assert roots - sys.stdlib_module_names <= {"losstheory", "numpy"}


def test_every_public_name_is_exported_once() -> None:
    modules = [import_module(f"losstheory.{module}") for module in MODULES]
    exported = sorted(public for module in modules for public in module.__all__)
    assert exported == sorted(losstheory.__all__)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_exports_whatever_it_defines_without_underscore(module: str) -> None:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    public = {name for name in defined if name[0] != "_"}
    assert public <= set(import_module(f"losstheory.{module}").__all__)


@pytest.mark.parametrize("public", EXPLAINED)
def test_docstring_says_everything(public: str) -> None:
    # Parameters in the order of the signature, returns, examples and form, as numpydoc has them.
    errors = validate(f"losstheory.{public}")["errors"]
    assert [error for error in errors if error[0] not in LENIENT] == []


@pytest.mark.parametrize("function", [public for public in EXPLAINED if public.islower()])
def test_examples_use_what_they_explain(function: str) -> None:
    examples = "\n".join(get_doc_object(getattr(losstheory, function))["Examples"])
    assert re.search(rf"(>>>|\.\.\.) .*\b{function}\(", examples)


@pytest.mark.parametrize("public", losstheory.__all__)
def test_reference_has_every_public_name(public: str) -> None:
    reference = (page for page in PAGES if page.parent == ROOT / "docs" / "reference" / "api")
    fences = (
        token.content + token.info
        for page in reference
        for _, token in tokens(page.read_text(encoding="utf-8"))
        if token.type in FENCES
    )
    assert any(re.search(rf"\b{public}\b", fence) for fence in fences)


def tracked(root: Path) -> set[str] | None:
    """Return what git tracks at the top of a folder; None where it has no repository of its own."""
    git = shutil.which("git")
    if git is None:
        return None
    commands = ("rev-parse", "--show-prefix"), ("ls-files", "-z")
    told = [
        subprocess.run([git, "-C", str(root), *command], capture_output=True, check=False)
        for command in commands
    ]
    # An archive that was unpacked inside another repository is below the top of that one.
    if any(each.returncode for each in told) or told[0].stdout.strip():
        return None
    return {path.partition("/")[0] for path in told[1].stdout.decode("utf-8").split("\0") if path}


def test_top_level_holds_what_was_agreed() -> None:
    if (names := tracked(ROOT)) is None:
        pytest.skip("no git repository of its own")
    assert names == TOP


def test_archive_needs_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "unpacked"
    inside.mkdir()
    assert tracked(inside) is None
    if git := shutil.which("git"):
        subprocess.run([git, "init", "--quiet", str(tmp_path)], check=True)
        assert tracked(tmp_path) == set()
        assert tracked(inside) is None
    monkeypatch.setenv("PATH", "")
    assert tracked(ROOT) is None
