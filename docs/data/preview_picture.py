"""Draw the picture that a link to the site shows where it is shared: docs/_static/preview.png."""

from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib.figure import Figure

from losstheory import BINARY_CROSS_ENTROPY, SQUARED_ERROR

PICTURE = Path(__file__).parents[1] / "_static" / "preview.png"
WIDTH, HEIGHT = 1200, 630  # pixels; nobody cuts this shape
DPI = 200  # coarse, so that words are still read when the picture is small


def draw(target: Path) -> None:
    """Draw the picture: the two gradients that this site is about."""
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


if __name__ == "__main__":
    draw(PICTURE)
