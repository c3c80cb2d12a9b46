"""Leave nothing stale: a change of the package or of a record executes pages and scripts again.

Sphinx and sphinx-gallery look at the pages and scripts themselves. What these compute depends on
`losstheory` and on the recorded measurements as well.
"""

import hashlib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import losstheory
from losstheory_site.names import FIXED_DATE, GALLERY, RECORDS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

PACKAGE = Path(losstheory.__file__).parent


def digest() -> str:
    """Return a digest of what pages and scripts compute with."""
    content = hashlib.sha256()
    for path in sorted([*PACKAGE.glob("*.*"), *RECORDS.glob("*.json")]):
        content.update(path.name.encode())
        content.update(path.read_bytes())
    return content.hexdigest()


def rerun_scripts(app: "Sphinx") -> None:
    """Let sphinx-gallery forget what it ran when the digest has changed since."""
    folder = Path(app.srcdir, GALLERY)
    folder.mkdir(exist_ok=True)
    seen, now = folder / "digest.txt", digest()
    if not seen.is_file() or seen.read_text() != now:
        for record in folder.rglob("*.md5"):
            record.unlink()
        seen.write_text(now)


def outdated_pages(
    app: "Sphinx", env: "BuildEnvironment", added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Name every page to be read again when the digest has changed."""
    now = digest()
    before = env.__dict__.setdefault("digest_of_sources", now)
    env.__dict__["digest_of_sources"] = now
    return set() if before == now else set(env.found_docs)


def date_archives(app: "Sphinx") -> None:
    """Give the gallery's archives one fixed date, so that two builds have the same bytes."""
    for path in Path(app.srcdir, GALLERY).rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            if all(member.date_time == FIXED_DATE for member in archive.infolist()):
                continue
            contents = {name: archive.read(name) for name in sorted(archive.namelist())}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in contents.items():
                archive.writestr(zipfile.ZipInfo(name), content)
