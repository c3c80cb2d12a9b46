"""Print what a class gets on paper, and pack the figures: ``nox -s teach``, on a built site.

Each sheet is a page of the site as its print style sets it, folded or unfolded; the slides are
printed as reveal.js prints them. Figures come as they are drawn, and as pictures for programs that
know no SVG.
"""

import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from losstheory_site.books.chromium import start_chromium
from losstheory_site.books.slim import make_light
from losstheory_site.figures.drawing import alone, inline
from losstheory_site.figures.gallery import image_of
from losstheory_site.names import DOCS, FIXED_DATE, GALLERY
from losstheory_site.teaching.deck import SLIDES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# What it becomes -> the page, and whether what folds is open.
SHEETS = {
    "handout.pdf": ("teach/slides.html", False),
    "exercises.pdf": ("teach/exercise-sheet.html", False),
    "exercises-with-solutions.pdf": ("teach/exercise-sheet.html", True),
    "quiz.pdf": ("teach/quiz.html", False),
    "quiz-with-reasons.pdf": ("teach/quiz.html", True),
}
UNFOLD = "document.querySelectorAll('article details').forEach(fold => { fold.open = true; })"
SCALE = 3  # pixels of a picture for one of the page: about 290 to an inch
DRAWN = "images/sphx_glr_*_[0-9][0-9][0-9].svg"


def print_sheets(chromium: "Browser", site: Path, target: Path) -> None:
    """Print the sheets, and the slides one to a leaf."""
    page = chromium.new_page()
    for name, (address, unfolded) in SHEETS.items():
        page.goto((site / address).as_uri())
        if unfolded:
            page.evaluate(UNFOLD)
        page.pdf(path=target / name, tagged=True, prefer_css_page_size=True)
    page.goto(f"{(site / SLIDES).as_uri()}?print-pdf")
    page.wait_for_function("Reveal.isReady() && document.querySelector('.pdf-page')")
    page.pdf(path=target / "slides.pdf", tagged=True, prefer_css_page_size=True)
    page.close()
    for name in (*SHEETS, "slides.pdf"):
        make_light(target / name)


def pack_figures(chromium: "Browser", site: Path, target: Path) -> None:
    """Pack every figure of the gallery, as drawn and as a picture in the typeface of the site."""
    page = chromium.new_page(device_scale_factor=SCALE)
    page.goto((site / SLIDES).as_uri())  # for its fonts
    with zipfile.ZipFile(target / "figures.zip", "w") as archive:
        for path in sorted((DOCS / GALLERY).glob(f"*/{DRAWN}")):
            drawn = path.read_text(encoding="utf-8")
            svg = alone(inline(drawn, path.stem, str(image_of("", drawn)["alt"]), "for-desk"))
            page.evaluate(
                "async svg => { document.body.innerHTML = svg; await document.fonts.ready; }", svg
            )
            name = f"{path.parts[-3]}/{path.stem.removeprefix('sphx_glr_plot_')}"
            picture = page.locator("body > svg").screenshot()
            for suffix, content in (".svg", svg.encode()), (".png", picture):
                member = zipfile.ZipInfo(f"{name}{suffix}", FIXED_DATE)
                archive.writestr(member, content, zipfile.ZIP_DEFLATED)


def main(site: Path, target: Path) -> None:
    """Make all of it."""
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = start_chromium(playwright)
        print_sheets(chromium, site, target)
        pack_figures(chromium, site, target)
        chromium.close()


if __name__ == "__main__":
    main(*(Path(place).resolve() for place in sys.argv[1:]))
