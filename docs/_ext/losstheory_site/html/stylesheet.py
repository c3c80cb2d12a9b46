"""Write the site's one style sheet, with its fonts inside.

Furo's sheets, those of the extensions and ours become ``_static/site.css``: one request. The fonts
are cut to the characters that the pages use and stand in the sheet itself, so that text is drawn
once and never moves, also when the site is read from disk, where browsers refuse to preload fonts.
"""

import base64
import hashlib
import logging
import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losstheory_site import colours
from losstheory_site.names import FONTS, HOUSE, SHEET, SITE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# What furo needs comes first, ours last. The sheets of sphinx-gallery and MyST-NB stay away: ours
# says in a few lines what their cards and cells need here.
SHEETS = (
    "pygments.css",
    "styles/furo.css",
    "copybutton.css",
    "sphinx-design.min.css",
    "styles/furo-extensions.css",
)
OURS = (
    HOUSE / "html" / "losstheory.css",
    HOUSE / "html" / "layout.css",
    HOUSE / "moving" / "frame.css",
    HOUSE / "search" / "search.css",
    HOUSE / "live" / "live.css",
)
LINK = re.compile(rf"(?<={re.escape(SHEET)})(?:\?v=\w+)?(?=\")")  # in a page
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
FONT_URL = re.compile(r'url\("fonts/([^"]+)"\)')
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
IDENTIFIER = re.compile(r"<mi>(.)</mi>")
ITALICS = (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("Α", "Ω", 0x1D6E2), ("α", "ω", 0x1D6FC))
ASCII = frozenset(range(0x20, 0x7F))


def italic(letter: str) -> int:
    """Return the code point that MathML draws for a letter that is alone in its ``<mi>``."""
    if letter == "h":
        return 0x210E  # the Planck constant; its place among the italics is empty
    for first, last, start in ITALICS:
        if first <= letter <= last:
            return start + ord(letter) - ord(first)
    return ord(letter)


def characters(pages: Iterable[str]) -> frozenset[int]:
    """Collect the code points of all text of all pages."""
    used = set(ASCII)
    for text in pages:
        used.update(map(italic, IDENTIFIER.findall(text)))
        used.update(map(ord, set(unescape(MARKUP.sub("", text)))))
        if "<msqrt>" in text or "<mroot>" in text:
            used.add(ord("√"))  # drawn by the element, never written
    return frozenset(used)


def even_out(font: Any) -> None:
    """Set what a font of mathematics says of scripts and roots so that they come out even.

    Subscripts stand on one line, with a descender before them or not, and no blank follows what
    stands under a root: browsers take the kern of a root's degree for its width.
    """
    constants = font["MATH"].table.MathConstants
    constants.SubscriptShiftDown.Value = 260
    constants.SubscriptBaselineDropMin.Value = 0
    constants.RadicalKernAfterDegree.Value = 0
    constants.RadicalKernBeforeDegree.Value = 0


def cut_font(source: Path, target: Path, used: frozenset[int]) -> None:
    """Write the part of a font that draws these characters."""
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(flavor="woff2", hinting=False)
    with subset.load_font(str(source), options) as font:
        if "MATH" in font:
            even_out(font)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=used)
        subsetter.subset(font)
        subset.save_font(font, str(target), options)


def cut_fonts(used: frozenset[int], folder: Path) -> None:
    """Fill the folder with the cut fonts, unless those in it fit already."""
    folder.mkdir(exist_ok=True)
    record = folder / "characters.txt"
    text = " ".join(f"{point:x}" for point in sorted(used))
    if record.is_file() and record.read_text(encoding="ascii") == text:
        return
    for source in sorted(FONTS.glob("*.woff2")):
        cut_font(source, folder / source.name, used)
    record.write_text(text, encoding="ascii")


def write_sheet(app: "Sphinx", exception: Exception | None) -> None:
    """Write the sheet at the end of a build, and tell the pages which version of it they want."""
    if exception or app.builder.name not in SITE:
        return
    site, fonts = Path(app.outdir), Path(app.doctreedir, "fonts")
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    cut_fonts(characters(pages.values()), fonts)

    def embed(match: re.Match[str]) -> str:
        data = base64.b64encode((fonts / match[1]).read_bytes()).decode("ascii")
        return f'url("data:font/woff2;base64,{data}")'

    sheets = [site / "_static" / name for name in SHEETS]
    theirs, ours = (
        "\n".join(sheet.read_text(encoding="utf-8") for sheet in group) for group in (sheets, OURS)
    )
    text = FONT_URL.sub(embed, COMMENT.sub("", f"{theirs}\n{colours.sheet()}{ours}"))
    Path(site, SHEET).write_text(text, encoding="utf-8", newline="\n")
    version = f"?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"
    for path, page in pages.items():
        if (now := LINK.sub(version, page)) != page:
            path.write_text(now, encoding="utf-8", newline="\n")
