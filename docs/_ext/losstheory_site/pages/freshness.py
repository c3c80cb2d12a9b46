"""Leave nothing stale, and do nothing twice.

Sphinx and sphinx-gallery look at the pages and scripts themselves. What these show depends on more:
on `losstheory`, on the recorded measurements, and on the code that builds the site.
"""

import gc
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import sphinx_gallery.gen_gallery

import losstheory
from losstheory_site.names import DOCS, GALLERY, HOUSE, RECORDS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PACKAGE = Path(losstheory.__file__).parent
OF_SCRIPTS = (
    (PACKAGE, "*.*"),
    (RECORDS, "*.json"),
    (HOUSE, "figures/*.py"),
    (HOUSE, "colours.py"),
)
OF_PAGES = (
    *OF_SCRIPTS,
    (DOCS, "conf.py"),
    (DOCS, "eqcheck.toml"),
    (DOCS, "_ext/**/*.py"),
    (DOCS, "_ext/**/*.lark"),
    (HOUSE, "live/live.html"),
)


def digest(places: Iterable[tuple[Path, str]]) -> str:
    """Return a digest of the files that match these patterns in these folders."""
    content = hashlib.sha256()
    for path in sorted({path for folder, pattern in places for path in folder.glob(pattern)}):
        content.update(path.name.encode())
        content.update(path.read_bytes())
    return content.hexdigest()


def rerun_scripts(app: "Sphinx") -> None:
    """Let sphinx-gallery forget what it ran when something else has changed since."""
    # Sphinx-gallery looks for garbage before each script: not in what Sphinx has loaded.
    gc.freeze()
    folder = Path(app.srcdir, GALLERY)
    folder.mkdir(exist_ok=True)
    seen, now = folder / "digest.txt", digest(OF_SCRIPTS)
    if not seen.is_file() or seen.read_text(encoding="ascii") != now:
        for record in folder.rglob("*.md5"):
            record.unlink()
        seen.write_text(now, encoding="ascii")


def leave(app: "Sphinx", exception: Exception | None) -> None:
    """Let the interpreter end without a last search for garbage in all that was made."""
    gc.freeze()


def register(app: "Sphinx") -> None:
    """Have every page read again when its sources change, and save what a build can do without."""
    app.add_config_value("digest_of_sources", digest(OF_PAGES), "env", types=frozenset({str}))
    # A build is short, and what it makes is needed until its end.
    gc.disable()
    # The gallery imports matplotlib at each start, to choose its backend. It does so again before
    # each script, and there is no option to do without the first.
    sphinx_gallery.gen_gallery._import_matplotlib = lambda: None
