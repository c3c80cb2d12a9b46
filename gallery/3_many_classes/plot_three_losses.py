"""
Compare three losses on one example
===================================

A photograph shows a dog. A network gives the scores :math:`1/2` to *cat*, :math:`3/2` to
*dog* and :math:`-1/2` to *bird*. What it is charged for them depends on the question that was
asked, and each question has a loss of its own.

The formulas stand under :doc:`one of many classes </learn/many-classes>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_grad,
    multilabel_cross_entropy,
    multilabel_cross_entropy_grad,
    multilabel_cross_entropy_with_logits,
    multilabel_cross_entropy_with_logits_grad,
    sigmoid,
    softmax,
    softmax_jacobian,
)

plt.style.use("losstheory.figures")

CLASSES = ("cat", "dog", "bird")
y = np.array([0.0, 1.0, 0.0])
s = np.array([1 / 2, 3 / 2, -1 / 2])

# %%
# Ask three questions, pay three bills
# ------------------------------------
# *Is it a dog?* has one output, and binary cross entropy charges for it. *Which one is it?* makes
# the three compete through a softmax; categorical cross entropy charges for the right class alone.
# *Which of them can be seen?* is three questions in one, each with a sigmoid; the multi-label loss
# adds up three bills. Below are the gradients, the output minus the target in every column. A step
# goes against them: the dog's score rises, the others fall, and what was not asked stays put.

dog = y == 1.0
columns = (
    (
        "binary",
        np.where(dog, binary_cross_entropy_with_logits(y, s), np.nan),
        np.where(dog, binary_cross_entropy_with_logits_grad(y, s), np.nan),
    ),
    (
        "categorical",
        # Every term but that of the right class is multiplied by a target of 0.
        y * categorical_cross_entropy_with_logits(y, s),
        categorical_cross_entropy_with_logits_grad(y, s),
    ),
    (
        "multi-label",
        # The sum of these is the loss.
        binary_cross_entropy_with_logits(y, s),
        multilabel_cross_entropy_with_logits_grad(y, s),
    ),
)

STYLE = {"facecolor": ("C0", 0.25), "edgecolor": "C0", "linewidth": 1.5}


def numbered_bars(ax, heights, places=(0, 1, 2), width=0.7, **style):
    """Draw one bar a class, with its number at its end."""
    bars = ax.bar(places, heights, width, **STYLE | style)
    numbers = [f"{height:.3f}".replace("-", "\N{MINUS SIGN}") for height in heights]
    ax.bar_label(bars, numbers, padding=2, fontsize=12)
    ax.axhline(0.0, color="C5", linewidth=1)
    ax.grid(axis="x", visible=False)
    ax.set_xticks([0, 1, 2], CLASSES)


fig, axes = plt.subplots(2, 3, sharex=True, sharey="row", figsize=(6.4, 5.6))
for (name, charges, gradient), (above, below) in zip(columns, axes.T, strict=True):
    numbered_bars(above, charges)
    numbered_bars(below, gradient)
    above.set_title(f"{name}\n{np.nansum(charges):.3f} nats")
    above.set(ylim=(0, 1.15), yticks=[0, 0.5, 1])
    below.set(ylim=(-0.6, 0.8), yticks=[-0.5, 0, 0.5])
axes[0, 0].set_ylabel("charge (nats)")
axes[1, 0].set_ylabel(r"gradient $\partial e/\partial s$")
fig.set_label(
    "Bars for cat, dog and bird in three columns. Binary: a charge of 0.201 nats for "
    "dog, the only question. Categorical: 0.408 nats for dog, nothing for the others. "
    "Multi-label: 0.974 for cat, 0.201 for dog and 0.474 for bird. Below, the "
    "gradients: dog is negative in each column; cat and bird are empty, then 0.245 and "
    "0.090, then 0.622 and 0.378."
)

# %%
# The bills add up to the losses, and each gradient is the error of its own outputs:

assert np.isclose(
    np.sum(columns[2][1]), multilabel_cross_entropy_with_logits(y, s), rtol=1e-12, atol=0.0
)
assert np.isclose(
    np.sum(columns[1][1]), categorical_cross_entropy(y, softmax(s)), rtol=1e-12, atol=0.0
)
assert np.allclose(columns[1][2], softmax(s) - y, rtol=1e-12, atol=0.0)
assert np.allclose(columns[2][2], sigmoid(s) - y, rtol=1e-12, atol=0.0)

# %%
# Mix them up
# -----------
# The source gives the multi-label formula the name of the categorical one. Whoever follows it puts
# that formula behind a softmax. There the classes compete already, and now the wrong ones are
# charged a second time. The value nearly doubles, and the gradient is no longer the error.

o = softmax(s)
right = categorical_cross_entropy_with_logits_grad(y, s)
mixed = softmax_jacobian(s) @ multilabel_cross_entropy_grad(y, o)

print(f"categorical {categorical_cross_entropy(y, o):.4f} nats   {right.round(4)}")
print(f"multi-label {multilabel_cross_entropy(y, o):.4f} nats   {mixed.round(4)}")

fig, ax = plt.subplots(figsize=(6.4, 3.8))
numbered_bars(ax, right, np.arange(3) - 0.2, 0.36)
hatched = {"facecolor": ("C3", 0.25), "edgecolor": "C3", "hatch": "//"}
numbered_bars(ax, mixed, np.arange(3) + 0.2, 0.36, **hatched)
ax.text(2.4, 0.46, "plain: categorical", color="C0", ha="right")
ax.text(2.4, 0.34, "hatched: multi-label", color="C3", ha="right")
ax.set(ylabel=r"gradient $\partial e/\partial s$")
ax.set(ylim=(-0.75, 0.6), yticks=[-0.5, 0.0, 0.5])
fig.set_label(
    "The gradients at the three scores behind one softmax, in pairs of bars. "
    "Categorical: 0.245 for cat, -0.335 for dog, 0.090 for bird. The multi-label "
    "formula on the same outputs: 0.465, -0.616 and 0.151, longer by 68 to 90 %."
)
plt.show()

# %%
# The bars are longer, but not evenly so: the ratio differs from class to class.

ratio = mixed / right
print("ratios", ratio.round(3))
assert np.ptp(ratio) > 0.2
