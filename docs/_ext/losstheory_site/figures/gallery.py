"""Gallery figures: an image scraper, and a directive to show them on pages.

A script draws once, in the colours of ``losstheory/figures.mplstyle``. The scraper saves the
drawing as SVG, and once more as it fits a phone, where letters stay as large: narrower, and with
its panels below each other. Pages hold both, and show the one that their window has room for.
The text that describes a figure is its label, ``fig.set_label("Two curves ...")``; it travels
inside the SVG as its title, so whoever shows the figure finds it there.
"""

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from losstheory_site.names import GALLERY

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec

FIGURE = "gallery-drawing"  # the class of an image
PHONE_WIDTH = 3.7  # inches, of 96 pixels
SMALLEST_BY_HAND = 4.3  # inches
ROWS = 7  # of text that stand beside a panel and need its height
LOWEST, HIGHEST = 0.8, 2.3  # a panel on a phone: height in parts of its own, and inches
TITLE = re.compile(r"<dc:title>(.*?)</dc:title>", re.DOTALL)
SIZE = re.compile(
    r'<svg [^>]*?height="([\d.]+)pt"[^>]*?width="([\d.]+)pt"|'
    r'<svg [^>]*?width="([\d.]+)pt"[^>]*?height="([\d.]+)pt"',
    re.DOTALL,
)
PATH = re.compile(r'(?<=\bd=")[^"]+')
DECIMALS = re.compile(r"-?\d+\.\d{3,}")


def lighten_weight(svg: str) -> str:
    """Round the coordinates of paths to a hundredth of a point, which no eye can tell apart."""

    def shorten(match: re.Match[str]) -> str:
        return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")

    return PATH.sub(lambda path: DECIMALS.sub(shorten, path[0]), svg)


def for_phone(path: Path) -> Path:
    """Name the file that holds a drawing for phones."""
    return path.with_name(f"{path.stem}-phone.svg")


def narrow(figure: "Figure") -> None:
    """Make a figure fit a phone: panels that stand side by side move below each other."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    width, height = figure.get_size_inches()
    if not isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine):
        # It is drawn by hand, and every place in it is fixed.
        figure.set_size_inches(SMALLEST_BY_HAND, height * SMALLEST_BY_HAND / width)
        return
    placed = [(spec, ax) for ax in figure.axes if (spec := ax.get_subplotspec()) is not None]
    columns = max((spec.get_gridspec().ncols for spec, _ in placed), default=1)
    rows = max((spec.get_gridspec().nrows for spec, _ in placed), default=1)
    if columns == 1:
        figure.set_size_inches(PHONE_WIDTH, height * LOWEST)
        return
    grid = figure.add_gridspec(rows * columns, 1)
    axes = [ax for _, ax in sorted(placed, key=lambda pair: pair[0].num1)]
    for row, ax in enumerate(axes):
        ax.set_subplotspec(grid[row])
        ax.yaxis.set_tick_params(labelleft=True)
    tall = any(ax.get_aspect() != "auto" or len(ax.get_yticks()) > ROWS for ax in axes)
    highest = height / rows if tall else min(height / rows, HIGHEST)
    figure.set_size_inches(PHONE_WIDTH, highest * len(axes))


def image_of(uri: str, svg: str) -> nodes.image:
    """Build the node of an image with what the SVG says of itself."""
    title, size = TITLE.search(svg), SIZE.search(svg)
    if title is None or size is None:
        raise ValueError(f"{uri} has no title or no size")
    height, width = (size[1], size[2]) if size[1] else (size[4], size[3])
    return nodes.image(
        uri=uri,
        classes=[FIGURE],
        alt=unescape(title[1]),
        width=str(round(float(width) * 4 / 3)),
        height=str(round(float(height) * 4 / 3)),
        loading="lazy",
    )


def scraper(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Save each open figure, and return the directives that show it."""
    import matplotlib.pyplot as plt  # only a build that runs scripts pays for the import

    rst = []
    if not block_vars["execute_script"]:  # it failed, and what it has drawn is only to be closed
        plt.close("all")
    for number, path in zip(plt.get_fignums(), block_vars["image_path_iterator"], strict=False):
        figure = plt.figure(number)
        alt = " ".join(str(figure.get_label()).split())
        if not alt:
            raise ExtensionError(
                f"{block_vars['src_file']}: figure {number} of the cell at line {block.lineno} "
                'has no text for those who cannot see it; say what it shows by fig.set_label("…")'
            )
        target = Path(path).with_suffix(".svg")
        for path_of_shape in (target, for_phone(target)):
            if path_of_shape != target:
                narrow(figure)
            figure.savefig(path_of_shape, metadata={"Title": alt, "Date": None, "Creator": None})
            svg = path_of_shape.read_text(encoding="utf-8")
            path_of_shape.write_text(lighten_weight(svg), encoding="utf-8")
        uri = target.relative_to(gallery_conf["src_dir"]).as_posix()
        rst.append(f"\n.. gallery-image:: /{uri}\n")
    plt.close("all")
    return "".join(rst)


class GalleryImage(SphinxDirective):
    """Show a figure, where it was drawn."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the image."""
        uri = self.arguments[0]
        svg = Path(self.env.srcdir, uri.lstrip("/")).read_text(encoding="utf-8")
        return [nodes.container("", image_of(uri, svg), classes=["gallery-image"])]


class GalleryFigure(SphinxDirective):
    """Show figure number n of a gallery script on a page, with a caption and a link to it."""

    required_arguments = 1
    optional_arguments = 1
    has_content = True
    option_spec: ClassVar["OptionSpec"] = {"name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return a figure node; its caption is the content, and names the script."""
        script, number = self.arguments[0], int([*self.arguments, "1"][1])
        folder, _, stem = script.rpartition("/")
        uri = f"/{GALLERY}/{folder}/images/sphx_glr_{stem}_{number:03d}.svg"
        path = Path(self.env.srcdir, uri.lstrip("/"))
        self.env.note_dependency(path)
        if not path.is_file():
            raise self.error(f"gallery script {script}.py draws no figure number {number}")
        figure = nodes.figure("", image_of(uri, path.read_text(encoding="utf-8")))
        self.set_source_info(figure)
        if not self.content:
            raise self.error("a gallery figure needs a caption")
        [caption_text, *_] = self.parse_content_to_nodes()
        caption = nodes.caption("", "", *caption_text.children, nodes.Text(" "))
        self.set_source_info(caption)
        link = addnodes.pending_xref(
            "",
            nodes.inline("", "How it is drawn", classes=["doc"]),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{GALLERY}/{script}",
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
            classes=["figure-source"],
        )
        self.set_source_info(link)
        figure += [nodes.caption("", "", *caption.children, link)]
        self.add_name(figure)
        return [figure]


def register(app: "Sphinx") -> None:
    """Register the directives; the scraper is named in ``conf.py``."""
    app.add_directive("gallery-image", GalleryImage)
    app.add_directive("gallery-figure", GalleryFigure)
