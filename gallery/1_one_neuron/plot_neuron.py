"""
Neuron, forwards and backwards: compute and differentiate it
============================================================

One neuron with one input: what it computes from left to right, and how its mistake comes back from
right to left. Below stand the numbers of the two neurons of this site, whose right answer is 0.

The formulas are derived under :doc:`squared error </learn/squared-error>`.
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    FIRST,
    SECOND,
    SQUARED_ERROR,
    half_squared_error_grad,
    neuron_gradients,
    sigmoid,
    sigmoid_grad,
)

plt.style.use("losstheory.figures")

CASES = {"first": FIRST, "second": SECOND}


def canvas(height):
    """Return a figure without axes, one unit to an inch."""
    fig, ax = plt.subplots(figsize=(5.4, height))
    fig.set_layout_engine("none")
    ax.set_position((0, 0, 1, 1))
    ax.set(xlim=(0, 5.4), ylim=(0, height))
    ax.axis("off")
    return fig, ax


def circle(ax, x, y, text="", colour="C5"):
    """Draw a node of the neuron."""
    ax.add_patch(plt.Circle((x, y), 0.32, facecolor="none", edgecolor=colour, linewidth=1.6))
    ax.text(x, y, text, ha="center", va="center", fontsize=16)


def arrow(ax, start, end, colour="C5"):
    """Draw an arrow from one place to another."""
    style = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=style)


def row(ax, y, places, texts, **style):
    """Write a row of a table."""
    for x, text in zip(places, texts, strict=True):
        ax.text(x, y, text, ha="center", va="center", **style)


# %%
# From the input to the output
# ----------------------------
# The input is multiplied by a weight, a bias is added, and the sum, the logit, is squeezed between
# 0 and 1.

LEVEL, ROWS = 1.42, (0.62, 0.25)  # heights: of the drawing, and of the two rows of numbers

fig, ax = canvas(2.25)
circle(ax, 1.0, LEVEL, "$x$")
arrow(ax, (1.34, LEVEL), (2.06, LEVEL))
circle(ax, 2.4, LEVEL, "+")
arrow(ax, (2.4, 2.2), (2.4, LEVEL + 0.34))
ax.text(2.52, 2.02, "bias $b$", va="center")
arrow(ax, (2.74, LEVEL), (3.46, LEVEL))
circle(ax, 3.8, LEVEL, colour="C2")
curve = np.linspace(-1.0, 1.0, 41)
ax.plot(3.8 + 0.22 * curve, LEVEL - 0.16 + 0.32 * sigmoid(6 * curve), "C2-")
arrow(ax, (4.14, LEVEL), (4.64, LEVEL))
circle(ax, 4.98, LEVEL, "$o$")
row(ax, LEVEL + 0.18, [1.7, 3.1], [r"$\times\, w$", "$z$"])
row(ax, LEVEL + 0.5, [1.0, 3.8, 4.98], ["input", "sigmoid", "output"], color="C5")
row(ax, LEVEL - 0.2, [1.7, 3.1], ["weight", "logit"], color="C5")

places = [1.0, 1.7, 2.4, 3.15, 4.98]
for y, (name, case) in zip(ROWS, CASES.items(), strict=True):
    assert np.isclose(case.o, sigmoid(case.w * case.x + case.b), rtol=1e-15, atol=0.0)
    numbers = [f"{case.x:g}", rf"$\times$ {case.w:g}", f"+ {case.b:g}", f"= {case.z:.4g}"]
    row(ax, y, places, [*numbers, f"{case.o:.4f}"])
    ax.text(0.03, y, name, va="center", color="C5")
fig.set_label(
    "A neuron from left to right: the input x is multiplied by the weight w, the bias b is added, "
    "and the sum, the logit z, goes through an S-shaped curve to the output o. The first neuron: "
    "1.5 times 0.4 plus 0.5 is 1.1, and the output is 0.7503. The second: 1.5 times 1.9 plus 3 is "
    "5.85, and the output is 0.9971."
)
plt.show()

# %%
# From the loss back to the weight
# --------------------------------
# Each link of the chain has a derivative, and their product is the gradient of the weight. Between
# the two neurons only the middle factor, the slope of the sigmoid, differs much.

fig, ax = canvas(2.25)
links = np.array([1.0, 2.25, 3.5, 4.75])
between = (links[:-1] + links[1:]) / 2
for x, letter in zip(links, "wzoe", strict=True):
    circle(ax, x, LEVEL, f"${letter}$")
for left, right in pairwise(links):
    arrow(ax, (right - 0.36, LEVEL), (left + 0.36, LEVEL), "C1")
row(ax, LEVEL + 0.5, links, ["weight", "logit", "output", "loss"], color="C5")
row(ax, LEVEL + 0.22, between, ["$x$", r"$\sigma'(z)$", "$o - y$"])
row(ax, LEVEL - 0.2, between, ["input", "slope", "error"], color="C5")

gradients = []
for y, (name, case) in zip(ROWS, CASES.items(), strict=True):
    factors = case.x, float(sigmoid_grad(case.z)), float(half_squared_error_grad(case.y, case.o))
    gradients.append(neuron_gradients(SQUARED_ERROR, case)[0])
    assert np.isclose(gradients[-1], np.prod(factors), rtol=1e-12, atol=0.0)
    row(ax, y, between, [f"{factors[0]:g}", f"{factors[1]:.4f}", f"{factors[2]:.4f}"])
    row(ax, y, links[1:3], [r"$\times$", r"$\times$"])
    row(ax, y, [4.93], [f"= {gradients[-1]:.4f}"], color="C1")
    ax.text(0.03, y, name, va="center", color="C5")
slopes = sigmoid_grad([case.z for case in CASES.values()])
fig.set_label(
    "The chain backwards, from the loss over the output and the logit to the weight; the links "
    "carry the error, the slope of the sigmoid and the input. The first neuron: 1.5 times 0.1874 "
    "times 0.7503 is 0.2109. The second: 1.5 times 0.0029 times 0.9971 is 0.0043."
)
plt.show()

# %%
# The errors differ by a third, the inputs not at all. It is the slope that makes the gradient of
# the worse neuron so small:

print(f"slopes {slopes[0] / slopes[1]:.0f} to 1, gradients {gradients[0] / gradients[1]:.0f} to 1")
assert slopes[0] / slopes[1] > 60
