"""The files of Pyodide, each known by its hash: ``python -m losstheory_site.live.pinned``.

::

    pinned.py            fetch them from where conf.py says, and keep them beside the sources
    pinned.py FOLDER     take them from a folder, for example an unpacked release
    pinned.py --pin FOLDER
                         write the lock anew, from the release in a folder

A build lays what is kept beside the site, which then needs nobody else.
"""

import argparse
import base64
import gzip
import hashlib
import json
import urllib.request
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from runpy import run_path
from typing import Any

DOCS = Path(__file__).parents[3]
LOCK = Path(__file__).with_name("pyodide-lock.json")
KEPT = DOCS / "_pyodide"
CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
OFFERED = ("numpy", "matplotlib", "scikit-learn")  # scikit-learn brings SciPy
# What draws into windows and writes PDFs: here figures become SVG.
NOT_NEEDED = {"fonttools", "matplotlib-pyodide"}


class WrongFileError(Exception):
    """A file that is not the one that was pinned."""


@cache
def lock() -> dict[str, Any]:
    """Return what is pinned, in the format of Pyodide, with sizes and the files of its core."""
    found: dict[str, Any] = json.loads(LOCK.read_text(encoding="utf-8"))
    return found


def with_needs(names: Iterable[str]) -> list[str]:
    """Return packages and all that they need.

    >>> from losstheory_site.live.pinned import with_needs
    >>> with_needs(["scikit-learn"])
    ['joblib', 'numpy', 'openblas', 'scikit-learn', 'scipy', 'threadpoolctl']
    """
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += lock()["packages"][name]["depends"]
    return sorted(found)


def files() -> dict[str, dict[str, Any]]:
    """Return the hash and the size of each file, by its name."""
    core: dict[str, dict[str, Any]] = lock()["core"]
    return core | {package["file_name"]: package for package in lock()["packages"].values()}


def checked(name: str, content: bytes) -> bytes:
    """Return the content of a file if it is the one that was pinned."""
    wanted, got = files()[name]["sha256"], hashlib.sha256(content).hexdigest()
    if got != wanted:
        raise WrongFileError(f"{name} is not the file of Pyodide that was pinned: {got}")
    return content


def integrity(sha256: str) -> str:
    """Write a hash as browsers want it.

    >>> from losstheory_site.live.pinned import integrity
    >>> integrity("00" * 32)
    'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
    """
    return f"sha256-{base64.b64encode(bytes.fromhex(sha256)).decode('ascii')}"


def lay(target: Path, source: Path | None = None, address: str = "") -> None:
    """Write every file into a folder, from another or from an address, each checked."""
    target.mkdir(parents=True, exist_ok=True)
    for name in files():
        if source is not None:
            content = (source / name).read_bytes()
        else:
            with urllib.request.urlopen(f"{address}{name}") as answer:
                content = answer.read()
        (target / name).write_bytes(checked(name, content))


def address(template: str) -> str:
    """Return where the public files lie, as ``live_pyodide`` says in ``conf.py``."""
    return template.format(version=lock()["info"]["version"])


def pin(release: Path) -> None:
    """Write the lock anew, with what the examples need of a release."""
    full = json.loads((release / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages: dict[str, Any] = {}
    left = list(OFFERED)
    while left:
        name = left.pop()
        if name not in packages:
            package = packages[name] = full["packages"][name]
            package["depends"] = [need for need in package["depends"] if need not in NOT_NEEDED]
            left += package["depends"]
            size = (release / package["file_name"]).stat().st_size
            packages[name] |= {"size": size, "sent": size}
    core = {}
    for name in CORE:
        content = (release / name).read_bytes()
        sent = len(gzip.compress(content, mtime=0))
        sha256 = hashlib.sha256(content).hexdigest()
        core[name] = {"sha256": sha256, "size": len(content), "sent": sent}
    text = json.dumps(
        {"info": full["info"], "core": core, "packages": packages}, indent=1, sort_keys=True
    )
    LOCK.write_text(f"{text}\n", encoding="utf-8")
    lock.cache_clear()
    for package in packages.values():
        checked(package["file_name"], (release / package["file_name"]).read_bytes())


def main() -> None:
    """Keep the files, or pin others."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="where the files of Pyodide lie")
    parser.add_argument("--pin", action="store_true", help="write the lock anew")
    given = parser.parse_args()
    if given.pin:
        pin(given.folder)
    else:
        template = run_path(str(DOCS / "conf.py"))["live_pyodide"]
        lay(KEPT, given.folder, address(template))
        print(f"{len(files())} files lie in {KEPT}; the next build takes them.")


if __name__ == "__main__":
    main()
