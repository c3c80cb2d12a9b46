"""Offer on the site what other sessions have made from the same pages, when they have run.

``nox -s pdf`` and ``nox -s epub`` bind the books beside the folder of the site, ``nox -s teach``
prints what a class gets. Who builds the site after them finds all this on it; who has no use for it
does not wait for it.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losstheory_site.names import SITE

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

# Where it lies on the site -> where its session leaves it, beside the site.
MADE = {
    "losstheory.pdf": "losstheory.pdf",
    "losstheory.epub": "epub/losstheory.epub",
    "teach/slides.pdf": "teach/slides.pdf",
    "teach/handout.pdf": "teach/handout.pdf",
    "teach/exercises.pdf": "teach/exercises.pdf",
    "teach/exercises-with-solutions.pdf": "teach/exercises-with-solutions.pdf",
    "teach/quiz.pdf": "teach/quiz.pdf",
    "teach/quiz-with-reasons.pdf": "teach/quiz-with-reasons.pdf",
    "teach/figures.zip": "teach/figures.zip",
}


def look(app: "Sphinx", config: Any) -> None:
    """Note what is there, so that pages are written again when this changes."""
    there = Path(app.outdir).parent
    config.made_beside = [name for name, made in MADE.items() if (there / made).exists()]


def name_it(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: "nodes.document | None",
) -> None:
    """Tell the template what it can link to."""
    context["made_beside"] = app.config.made_beside


def lay(app: "Sphinx", exception: Exception | None) -> None:
    """Copy it to the site, and take away what is there no more."""
    if exception or app.builder.name not in SITE:
        return
    for name, made in MADE.items():
        target = Path(app.outdir, name)
        target.unlink(missing_ok=True)
        if name in app.config.made_beside:
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(Path(app.outdir).parent / made, target)


def register(app: "Sphinx") -> None:
    """Add the value that the pages depend on."""
    app.add_config_value("made_beside", [], "html", types=frozenset({list}))
