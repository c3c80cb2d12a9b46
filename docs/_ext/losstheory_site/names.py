"""What several parts call by the same name: builders, places, a date."""

import zipfile
from pathlib import Path

SITE = frozenset({"html", "dirhtml"})  # builders of pages that run scripts and have a dark theme
EPUB = "epub"
ONE_PAGE = "singlehtml"  # the builder of the page that is printed
BOOKS = frozenset({EPUB, ONE_PAGE})  # builders of what has neither

HOUSE = Path(__file__).parent
DOCS = HOUSE.parents[1]
FONTS = DOCS / "_fonts"
RECORDS = DOCS / "data"
GALLERY = "auto_gallery"  # the folder that sphinx-gallery fills, as `gallery_dirs` in conf.py
SHEET = "_static/site.css"
PREVIEW = "_static/preview.png"

FIXED_DATE = zipfile.ZipInfo("a name").date_time  # 1980, the first that an archive can tell
