"""Lay scripts and style sheets where pages load them; here they stand beside their Python."""

from pathlib import Path
from typing import TYPE_CHECKING

from losstheory_site import colours
from losstheory_site.live import page
from losstheory_site.moving import directive
from losstheory_site.names import BOOKS, HOUSE, SITE
from losstheory_site.search import index

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def lay(app: "Sphinx") -> None:
    """Copy what the pages of this builder load."""
    static = Path(app.outdir, "_static")
    if app.builder.name in SITE:
        directive.lay(static)
        index.lay(static)
    if app.builder.name == "html":
        page.lay(static, app.config.live_pyodide, beside=app.config.live_beside)
    if app.builder.name in BOOKS:
        static.mkdir(parents=True, exist_ok=True)
        for file in sorted(HOUSE.glob("books/*.css")):
            text = colours.light(file.read_text(encoding="utf-8"))
            (static / file.name).write_text(text, encoding="utf-8", newline="\n")
