"""
Categorical, multi-label, squared: compare three losses on one example
======================================================================

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
# adds up three bills. The rings are the gradients, the output minus the target in every panel. A
# step goes against them: the dog's score rises, the others fall, and what was not asked stays put.

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

ROWS = {"cat": 2, "dog": 1, "bird": 0}


def lollipops(ax, values, shift, style):
    """Draw a value for each class from the common zero, with its number at its end."""
    for row, value in zip(ROWS.values(), values, strict=True):
        if np.isnan(value):
            continue
        ax.plot([0.0, value], [row + shift] * 2, "C0-", linewidth=1.5)
        ax.plot(value, row + shift, **({"color": "C0", "marker": "o"} | style))
        number = f"{value:.3f}".replace("-", "\N{MINUS SIGN}")
        ax.annotate(
            *(number, (value, row + shift), (-9 if value < 0 else 9, 0)),
            textcoords="offset points",
            ha="right" if value < 0 else "left",
            va="center",
        )


HOLLOW = {"markerfacecolor": "none"}
fig, axes = plt.subplots(1, 3, sharey=True, figsize=(7.08, 3.6))
for ax, (name, charges, gradient) in zip(axes, columns, strict=True):
    ax.axvline(0.0, color="C5", linewidth=1)
    lollipops(ax, charges, 0.16, {})
    lollipops(ax, gradient, -0.16, HOLLOW)
    ax.set(title=f"{name}\n{np.nansum(charges):.3f} nats", ylim=(-0.5, 2.6))
    ax.set(xlim=(-0.85, 1.6), xticks=[-0.5, 0.0, 0.5, 1.0], yticks=list(ROWS.values()))
    ax.set_yticklabels(ROWS)
    ax.grid(visible=False)
axes[0].text(0.1, 2.16, "disc: charge", color="C0", va="center")
axes[0].text(0.1, 1.84, "ring: gradient", color="C0", va="center")
fig.set_label(
    "Marks for cat, dog and bird in three panels, from one zero. Binary: a charge of 0.201 nats "
    "for dog, the only question. Categorical: 0.408 nats for dog, nothing for the others. "
    "Multi-label: 0.974 for cat, 0.201 for dog and 0.474 for bird. The "
    "gradients, rings: dog is negative in each column; cat and bird are empty, then 0.245 and "
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

fig, ax = plt.subplots(figsize=(7.08, 3.4))
ax.axvline(0.0, color="C5", linewidth=1)
lollipops(ax, right, 0.16, {})
lollipops(ax, mixed, -0.16, HOLLOW)
ax.text(0.06, 1.16, "disc: categorical", color="C0", va="center")
ax.text(0.06, 0.84, "ring: multi-label", color="C0", va="center")
ax.set(title=r"gradient $\partial e/\partial s$", xlim=(-0.9, 1.0), ylim=(-0.5, 2.5))
ax.set(xticks=[-0.5, 0.0, 0.5], yticks=list(ROWS.values()))
ax.set_yticklabels(ROWS)
ax.grid(visible=False)
fig.set_label(
    "The gradients at the three scores behind one softmax, in pairs of marks. "
    "Categorical: 0.245 for cat, -0.335 for dog, 0.090 for bird. The multi-label "
    "formula on the same outputs: 0.465, -0.616 and 0.151, longer by 68 to 90 %."
)
plt.show()

# %%
# The lines are longer, but not evenly so: the ratio differs from class to class.

ratio = mixed / right
print("ratios", ratio.round(3))
assert np.ptp(ratio) > 0.2
