"""What a link to the site shows where it is shared: a title, a description and a picture.

Those who fetch the picture want its whole address and no SVG, so there is one only when the site
is built for the place where it will be published (``html_baseurl``), and it is drawn then.
"""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from losstheory import BINARY_CROSS_ENTROPY, SQUARED_ERROR
from losstheory_site.names import PREVIEW, SITE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

WIDTH, HEIGHT = 1200, 630  # pixels; nobody cuts this shape
DPI = 200  # coarse, so that words are still read when the picture is small
ALT = (
    "How hard a neuron is pulled back, the further it is on the wrong side: under cross entropy "
    "the pull grows and stays, under squared error it is a low hump that dies away."
)


def tags(app: "Sphinx", pagename: str, title: str, description: str) -> list[str]:
    """Return the tags of a page's head that previews are made of."""
    home, site = pagename == app.config.root_doc, app.config.html_baseurl.rstrip("/")
    properties = {
        "og:title": title,
        "og:type": "website" if home else "article",
        "og:site_name": app.config.html_title,
        "og:description": description,
    }
    if site:
        properties |= {
            "og:url": f"{site}/{app.builder.get_target_uri(pagename)}",
            "og:image": f"{site}/{PREVIEW}",
            "og:image:width": str(WIDTH),
            "og:image:height": str(HEIGHT),
            "og:image:alt": ALT,
        }
    card = "summary_large_image" if site else "summary"
    return [
        f'<meta name="description" content="{escape(description)}">',
        f'<meta name="twitter:card" content="{card}">',
        *(f'<meta property="{key}" content="{escape(v)}">' for key, v in properties.items()),
    ]


def draw(target: Path) -> None:
    """Draw the picture: the two gradients that this site is about."""
    import matplotlib.style
    from matplotlib.figure import Figure

    z = np.linspace(-4.0, 8.0, 241)
    margins = {"figure.constrained_layout.h_pad": 0.15, "figure.constrained_layout.w_pad": 0.15}
    with matplotlib.style.context(["losstheory.figures", margins]):
        figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI)
        axes = figure.subplots()
        axes.plot(z, BINARY_CROSS_ENTROPY.grad_with_logits(0.0, z), "C0-", linewidth=3)
        axes.plot(z, SQUARED_ERROR.grad_with_logits(0.0, z), "C1--", linewidth=3)
        axes.text(7.9, 0.88, "cross entropy", color="C0", ha="right", va="top")
        axes.text(7.9, 0.07, "squared error", color="C1", ha="right")
        axes.set_title("Why classifiers learn with cross entropy", fontsize=15)
        axes.set(xlabel="more and more wrong", ylabel="gradient", yticks=[0.0, 0.5, 1.0])
        axes.tick_params(labelbottom=False)
        figure.savefig(target, dpi="figure", facecolor="white", metadata={"Software": None})


def finish(app: "Sphinx", exception: Exception | None) -> None:
    """Lay the picture where the tags say it is."""
    if not exception and app.config.html_baseurl and app.builder.name in SITE:
        draw(Path(app.outdir, PREVIEW))
