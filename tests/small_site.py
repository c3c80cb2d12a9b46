"""A small site with a page of each kind, built by Sphinx under the settings of the real one."""

import gc
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from warnings import catch_warnings, filterwarnings

import matplotlib.pyplot as plt
import sphinx_gallery.gen_gallery
from furo.navigation import get_navigation_tree
from sphinx.testing.util import SphinxTestApp

from losstheory_site.html.navigation import TREE

SMALL = Path(__file__).parent / "site" / "small"
BOOK = b"%PDF bound by another session"


@dataclass(frozen=True)
class Built:
    """What a build left behind."""

    source: Path
    out: Path
    warnings: str
    read: list[str]  # the pages that were read
    written: list[str]  # the pages that were written, in this order
    bodies: dict[str, dict[str, Any]]  # page -> what the theme was about to fill in, before `head`
    trees: dict[str, str]  # page -> the tree at its side, as furo would have made it

    def __call__(self, name: str) -> str:
        """Return the text of a file that was made."""
        return (self.out / name).read_text(encoding="utf-8")


def copy(folder: Path) -> Path:
    """Copy the small site; the name of its folder is one that people have."""
    place = folder / "my site, für alle"
    shutil.copytree(SMALL, place)
    return place


def build(place: Path, builder: str = "html", **settings: Any) -> Built:
    """Build the site that was copied to this place, and undo what a build does to its process."""
    read: list[str] = []
    written: list[str] = []
    bodies: dict[str, dict[str, Any]] = {}
    trees: dict[str, str] = {}

    def keep(_: Any, page: str, __: str, context: dict[str, Any], ___: Any) -> None:
        written.append(page)
        bodies[page] = dict(context)
        if "toctree" in context:
            trees[page] = get_navigation_tree(context["toctree"](**TREE))

    importer = sphinx_gallery.gen_gallery._import_matplotlib
    warnings = io.StringIO()
    with catch_warnings():
        # What others ask of Sphinx that it will not have for ever is their business, ours an error.
        filterwarnings("ignore")
        filterwarnings("error", module=r"losstheory_site|eqcheck")
        try:
            app = SphinxTestApp(
                builder,
                place / "docs",
                builddir=place / "docs" / "_build",
                confoverrides=settings,
                status=io.StringIO(),
                warning=warnings,
            )
            app.connect("source-read", lambda _, page, __: read.append(page))
            app.connect("html-page-context", keep, priority=899)
            app.build()
            app.cleanup()
        finally:
            sphinx_gallery.gen_gallery._import_matplotlib = importer
            plt.close("all")
            gc.unfreeze()
            gc.enable()
    said = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())
    return Built(place, Path(app.outdir), said, read, written, bodies, trees)


Build = Callable[..., Built]
