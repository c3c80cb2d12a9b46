"""Thumbnails of the gallery: the figures without their words, drawn in the page itself.

No word can be read at this size, yet words are most of what a figure weighs. The little that is
left stands in the page, where it costs no request and takes its colours from the theme.
"""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from losstheory_site.colours import themed
from losstheory_site.figures.drawing import elements_of, inline
from losstheory_site.figures.gallery import FIGURE, for_phone, image_of
from losstheory_site.names import GALLERY, SITE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

THUMBNAIL = "thumbnail"
COPY = re.compile(rf"/({GALLERY}/.*)/images/thumb/sphx_glr_(.*)_thumb\.svg")
CHOSEN = re.compile(r"^# sphinx_gallery_thumbnail_number = (\d+)", re.MULTILINE)
MARGIN = 4.0  # points, for lines and marks on the frame


def frame(drawing: ET.Element) -> str:
    """Return the part of a drawing that its axes fill, to which Matplotlib clips what it draws."""
    boxes = [
        [float(box.attrib[key]) for key in ("x", "y", "width", "height")]
        for box in drawing.iterfind(".//clipPath/rect")
    ]
    left, top = (min(box[side] for box in boxes) - MARGIN for side in (0, 1))
    right, bottom = (max(box[side] + box[side + 2] for box in boxes) + MARGIN for side in (0, 1))
    return f"{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"


def thumbnail(svg: str, name: str, description: str) -> str:
    """Make a drawing of Matplotlib small, and ready to stand in a page beside others."""
    root = elements_of(svg, name, words=False, digits=1)
    root.attrib = {
        "class": THUMBNAIL,
        "role": "img",
        "aria-label": description,
        "viewBox": frame(root),
        "preserveAspectRatio": "xMidYMid",
    }
    return themed(ET.tostring(root, encoding="unicode", short_empty_elements=False))


class Thumbnails(SphinxTransform):
    """Let a script's own figure be its thumbnail."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        """Replace sphinx-gallery's copy of the figure, which has no description."""
        for image in list(self.document.findall(nodes.image)):
            match = COPY.fullmatch(image["uri"])
            if match is None:
                continue
            script = Path(self.env.srcdir, match[1], f"{match[2]}.py").read_text(encoding="utf-8")
            chosen = CHOSEN.search(script)
            number = int(chosen[1]) if chosen else 1
            uri = f"/{match[1]}/images/sphx_glr_{match[2]}_{number:03d}.svg"
            path = Path(self.env.srcdir, uri.lstrip("/"))
            self.env.note_dependency(path)
            figure = image_of(uri, path.read_text(encoding="utf-8"))
            figure["classes"] = [THUMBNAIL]
            image.parent.replace(image, figure)


class DrawingsInPage(SphinxPostTransform):
    """Write figures and thumbnails into the pages of the site; a book shows them as images."""

    default_priority = 200
    builders = tuple(SITE)

    def run(self, **kwargs: Any) -> None:
        """Replace references to images by the drawings."""
        for image in list(self.document.findall(nodes.image)):
            path, alt = Path(self.env.srcdir, image["uri"].lstrip("/")), image.get("alt", "")
            if THUMBNAIL in image["classes"]:
                drawing = thumbnail(path.read_text(encoding="utf-8"), path.stem, alt)
            elif FIGURE in image["classes"]:
                shapes = (path, "for-desk"), (for_phone(path), "for-phone")
                drawing = "".join(
                    inline(shape.read_text(encoding="utf-8"), shape.stem, alt, kind)
                    for shape, kind in shapes
                )
            else:
                continue
            image.replace_self(nodes.raw("", drawing, format="html"))


def register(app: "Sphinx") -> None:
    """Register the transforms."""
    app.add_transform(Thumbnails)
    app.add_post_transform(DrawingsInPage)
