"""Run what readers take along, where nothing of the repository is: ``nox -s along``."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
LINE = re.compile(r"`(pip install [^`]+)`")
JUPYTER = ("ipykernel", "nbclient")
Environment = Callable[[str, tuple[str, ...]], Path]


def taken(suffix: str) -> list[str]:
    """Name all files of a kind that the site offers, without their endings."""
    files = sorted(SITE.rglob(f"*{suffix}"))
    offered = (file for file in files if file.with_suffix(".ipynb").is_file())
    return [file.relative_to(SITE).with_suffix("").as_posix() for file in offered]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of a ``script`` or a ``notebook`` for each that the site offers."""
    for fixture, suffix in ("script", ".py"), ("notebook", ".ipynb"):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, taken(suffix))


@pytest.fixture
def downloaded(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return what puts a file where a reader would: with its archive, or with the wheels."""

    def download(name: str, suffix: str) -> Path:
        archive = SITE / f"{name}.zip"
        if archive.is_file():
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(tmp_path)
        else:
            for source in (SITE / f"{name}{suffix}", *SITE.glob("*.whl")):
                shutil.copy(source, tmp_path)
        return tmp_path / f"{Path(name).name}{suffix}"

    return download


def run(*command: str | Path, folder: Path) -> str:
    """Run a command as a reader would in this folder, and show what it says if it fails."""
    done = subprocess.run(
        list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return what makes an empty environment and types the line in it; each is made once."""
    made: dict[tuple[str, tuple[str, ...]], Path] = {}

    def make(text: str, more: tuple[str, ...] = ()) -> Path:
        found = LINE.search(text)
        assert found, "a line that installs"
        key = found[1], more
        if key not in made:
            folder = tmp_path_factory.mktemp("environment")
            run("uv", "venv", "--quiet", "--python", sys.executable, folder, folder=SITE)
            python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
            packages = found[1].split()[2:]
            install = ("uv", "pip", "install", "--quiet", "--python", python)
            # The wheel of the last build has the same name.
            fresh = ("--reinstall-package=losstheory", "--reinstall-package=eqcheck")
            run(*install, *fresh, *packages, *more, folder=SITE)
            made[key] = python
        return made[key]

    return make
