"""
Walk the loss surfaces of one neuron
====================================

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

# Not quite white and black, which the site swaps on a dark page; the maps keep
# their colours there.
LIGHT, DARK = "#fcfcfc", "#030303"

# %%
# Read them as maps
# -----------------
# Each map has sixteen steps of equal height, from the valley (dark, a small loss) to the summit
# (bright). Where the lines crowd, it is steep. Squared error has one steep flank, and behind it a
# high plain without a line; the second case stands on that plain. Cross entropy goes on climbing at
# an even rate. The arrows point downhill and are as long as the gradient, on one scale throughout.

w, b = np.meshgrid(np.linspace(-1.0, 2.8, 20), np.linspace(-2.0, 3.75, 24))
z = w * FIRST.x + b

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(6.4, 6.1))
for ax, loss, name, unit, top in (
    (axes[0], SQUARED_ERROR, "squared error", "no unit", 0.5),
    (axes[1], BINARY_CROSS_ENTROPY, "cross entropy", "nats", 8.0),
):
    height = loss.value_with_logits(0.0, z)
    levels = np.linspace(0.0, top, 17)
    filled = ax.contourf(w, b, height, levels)
    ax.contour(w, b, height, levels, colors=LIGHT, linewidths=0.5)
    for case, marker in ((FIRST, "o"), (SECOND, "s")):
        de_dw, de_db = neuron_gradients(loss, case)
        ax.quiver(
            *(case.w, case.b, -de_dw, -de_db),
            angles="xy",
            scale_units="xy",
            scale=1.0,  # a gradient of 1 is drawn as long as 1 on the axes
            width=0.02,
            color=LIGHT,
            edgecolor=DARK,
            linewidth=0.8,
        )
        ax.plot(case.w, case.b, marker, color=LIGHT, markeredgecolor=DARK, markersize=9)
    ax.grid(visible=False)
    ax.set(title=name, xlabel="weight $w$ (no unit)")
    ax.set_aspect("equal")  # so that a right angle is drawn as one
    ticks = [0.0, top / 2.0, top]
    scale = fig.colorbar(filled, ax=ax, location="bottom", shrink=0.8, ticks=ticks)
    scale.set_label(f"loss ({unit})")
axes[0].set_ylabel("bias $b$ (no unit)")
axes[0].text(SECOND.w, SECOND.b - 0.5, "second\ncase", ha="center", va="top", color=DARK)
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
