"""
Loss surfaces of one neuron: walk them downhill
===============================================

One neuron has two parameters, the weight :math:`w` and the bias :math:`b`. Over their plane each
loss is a landscape, and gradient descent walks downhill in it. Where the ground is nearly level, it
hardly moves, however high it stands.

Both gradients are compared under :doc:`binary cross entropy </learn/binary-cross-entropy>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    BINARY_CROSS_ENTROPY,
    FIRST,
    SECOND,
    SQUARED_ERROR,
    neuron_gradients,
)

plt.style.use("losstheory.figures")

# %%
# Read them as maps
# -----------------
# Each map has fifteen lines at equal steps of height. The valley lies at the lower left, and the
# higher the ground, the deeper its tint. Where the lines crowd, it is steep. Squared error has one
# steep flank, and behind it a high plain without a line; the second case stands on that plain.
# Cross entropy goes on climbing at an even rate. The arrows point downhill and are as long as the
# gradient, on one scale throughout; one of the four is too short to be seen.

w, b = np.meshgrid(np.linspace(-1.0, 2.8, 20), np.linspace(-2.0, 3.75, 24))
z = w * FIRST.x + b

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(7.08, 5.4))
for ax, loss, title, colour, marker, top in (
    (axes[0], SQUARED_ERROR, "squared error, 0 to 1/2", "C1", "s", 0.5),
    (axes[1], BINARY_CROSS_ENTROPY, "cross entropy, 0 to 8 nats", "C0", "o", 8.0),
):
    height = loss.value_with_logits(0.0, z)
    levels = np.linspace(0.0, top, 17)
    for level in levels[1:-1:3]:  # each tint lies on those below it
        ax.contourf(w, b, height, [level, top], colors=[colour], alpha=0.09)
    ax.contour(w, b, height, levels, colors=colour, linewidths=0.8)
    for case, name in ((FIRST, "first"), (SECOND, "second")):
        de_dw, de_db = neuron_gradients(loss, case)
        # A gradient of 1 is drawn as long as 1 on the axes.
        end = (case.w - de_dw, case.b - de_db)
        style = {"arrowstyle": "-|>", "linewidth": 2.2, "shrinkA": 0, "shrinkB": 0}
        if np.hypot(de_dw, de_db) > 0.01:  # the shortest is no longer than a dot
            ax.annotate("", end, (case.w, case.b), arrowprops=style | {"color": "k"})
        ax.plot(case.w, case.b, marker, color=colour, markeredgecolor="k", markersize=8)
        ax.text(case.w + 0.12, case.b + 0.16, name)
    ax.grid(visible=False)
    ax.set(title=title, xlabel="weight $w$", xticks=[-1, 0, 1, 2], yticks=range(-2, 4))
    ax.set_aspect("equal")  # so that a right angle is drawn as one
axes[0].text(-0.9, 3.5, "bias $b$", va="top")
fig.set_label(
    "Two maps over weight and bias, with contour lines from lower right to upper left. "
    "Squared error: all lines crowd in one band near the first case; beyond lies a "
    "wide, almost level plain, with the second case on it, its arrow too short to see. "
    "Cross entropy: evenly spaced lines up to the corner, and a long arrow downhill at either case."
)
plt.show()

# %%
# How level is the plain?
# -----------------------
# The steepness of the ground is the length of the gradient. From the first case to the second it
# falls by a factor of 49 under squared error, and rises under cross entropy:

for loss in (SQUARED_ERROR, BINARY_CROSS_ENTROPY):
    first, second = (np.hypot(*neuron_gradients(loss, case)) for case in (FIRST, SECOND))
    ratio = first / second
    print(f"{loss.name:30} first {first:.4f}   second {second:.4f}   ratio {ratio:6.3f}")

# %%
# Every line of both maps is straight, and all of them run the same way: a loss depends on the
# weight and the bias through the logit :math:`z = wx + b` alone. Walking along a line changes
# nothing. The gradient crosses it at a right angle, as the arrows do (both axes have one scale),
# with :math:`x` parts of weight to one of bias.

for loss in (SQUARED_ERROR, BINARY_CROSS_ENTROPY):
    line = [SECOND._replace(w=SECOND.w + t, b=SECOND.b - t * SECOND.x) for t in (0, 1, 2)]
    losses = [float(loss.value_with_logits(case.y, case.z)) for case in line]
    assert np.allclose(losses, losses[0], rtol=1e-12, atol=0.0)

    de_dw, de_db = neuron_gradients(loss, SECOND)
    assert np.isclose(de_dw / de_db, SECOND.x, rtol=1e-12, atol=0.0)
