"""Make the EPUB a valid book.

Themes and extensions write for browsers. A book has no scripts, names no version of a style
sheet, and declares in its table of files which chapters hold MathML.
"""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losstheory_site.names import BOOKS, EPUB, FIXED_DATE, ONE_PAGE

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

SHEETS = {
    EPUB: ("epub.css", "pygments.css", "losstheory-book.css"),
    ONE_PAGE: ("pygments.css", "losstheory-book.css", "losstheory-paper.css"),  # see paper.py
}
# What is no part of EPUB's HTML, or has no use in a book.
UNWANTED = (
    r"<svg\b.*?</svg>",
    r'<div class="print-it">.*?</div>',
    r'<span class="sd-summary-(?:state|chevron).*?</span>(?:</span>)?',
    r'(?<=<mfrac) displaystyle="[a-z]+"',
    r"<div id='sg-tag-list'[^>]*></div>",
    r' tooltip="[^"]*"',
    r' scriptlevel="[^"]*"',
    r' role="(?:doc-biblioentry|list)"',
    r' loading="lazy"',
    r"<wbr>",
)
ITEM = re.compile(r'<item id="epub-\d+" href="([^"]+\.xhtml)"')


def leave_redirects(app: "Sphinx") -> Iterable[Any]:
    """Have no pages that only lead elsewhere: nobody comes to a book by an old address."""
    if app.builder.name in BOOKS:
        app.config.redirects = {}
    return ()


def trim(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: "nodes.document | None",
) -> None:
    """Leave what a book can show."""
    if app.builder.name not in BOOKS:
        return
    context["script_files"] = []
    context["css_files"] = [f"_static/{name}" for name in SHEETS[app.builder.name]]
    if "body" in context:
        context["body"] = re.sub("|".join(UNWANTED), "", context["body"], flags=re.DOTALL)


def declare(app: "Sphinx", exception: Exception | None) -> None:
    """Say in the table of files which chapters hold MathML, and date the archive evenly."""
    if exception or app.builder.name != EPUB:
        return
    path = Path(app.outdir, f"{app.config.epub_basename}.epub")
    with zipfile.ZipFile(path) as book:
        contents = {name: book.read(name) for name in book.namelist()}

    def with_property(match: re.Match[str]) -> str:
        mathml = b"<math" in contents.get(match[1], b"")
        return match[0] + (' properties="mathml"' if mathml else "")

    table = contents["content.opf"].decode("utf-8")
    contents["content.opf"] = ITEM.sub(with_property, table).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in contents.items():
            packed = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            book.writestr(zipfile.ZipInfo(name, FIXED_DATE), content, compress_type=packed)
