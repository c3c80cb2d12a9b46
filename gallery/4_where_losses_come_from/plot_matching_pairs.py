"""
Matching pairs of loss and activation: tell them from the one that sags
=======================================================================

Each loss comes with an activation before it. Some pairs match, and then the gradient at the logit
is the plain error, output minus target. We draw the gradient of every loss of the library and see
which ones do.

Why they match is proved under :doc:`matching pairs </learn/matching-pairs>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import LOSSES

plt.style.use("losstheory.figures")

# %%
# See what is lost to the slope
# -----------------------------
# The logit moves from right to wrong, in the first panel from too low to too high. The pale line is
# the error, the thin one the gradient. Twice they run as one. Once they part: what lies between,
# shaded, is lost to the slope of the sigmoid, and the gradient sags to zero where the error is
# largest. It is not squared error as such that sags. After no activation at all, in the first
# panel, it matches. The three losses of several classes look like the second panel; they are
# checked below.

z = np.linspace(-6.0, 6.0, 121)
several = np.stack([z, np.zeros_like(z), np.zeros_like(z)], axis=-1)

# For each kind of target: one for which a large first logit is wrong, and the logits to go with it.
TARGETS = {
    "real": (0.0, z),
    "probability": (0.0, z),
    "distribution": ([0.0, 1.0, 0.0], several),
    "labels": ([0.0, 1.0, 0.0], several),
    "class index": (1, several),
}


def first(rows):
    """Keep the first class where there are several."""
    return rows[:, 0] if rows.ndim == 2 else rows


fig, axes = plt.subplots(1, 3, figsize=(7.08, 3.7))
PANELS = {
    "squared error of a linear output": ("squared error,\nno activation", "C1--"),
    "binary cross entropy": ("cross entropy,\nsigmoid", "C0-"),
    "squared error after a sigmoid": ("squared error,\nsigmoid", "C1--"),
}
for ax, (name, (title, style)) in zip(axes, PANELS.items(), strict=True):
    [loss] = [loss for loss in LOSSES if loss.name == name]
    y, logits = TARGETS[loss.target]
    error = first(loss.activation(logits))  # minus the target, which is 0
    gradient = first(loss.grad_with_logits(y, logits))
    ax.fill_between(z, gradient, error, color="C5", alpha=0.16, linewidth=0)
    ax.plot(z, error, color="C5", linewidth=6, alpha=0.3, solid_capstyle="butt")
    ax.plot(z, gradient, style)
    ax.set(title=title, xlabel="logit $z$", xticks=[-6, 0, 6])
    ax.set(yticks=[-6, 0, 6] if loss.target == "real" else [0, 0.5, 1])
axes[0].text(-5.5, 4.8, "gradient\nand error", color="C1", va="top")
axes[2].text(5.8, 0.45, r"lost to $\sigma'$", color="C5", ha="right", va="center")
fig.set_label(
    "Three panels of gradients over the logit from -6 to 6. For squared error of a linear output "
    "and for cross entropy of a sigmoid the gradient runs along the pale line of the error, one a "
    "straight line, one a rising S. For squared error after a sigmoid the error rises to 1, but "
    "the gradient is a low hump that falls back to 0; the shaded gap between is lost to the slope "
    "of the sigmoid."
)
plt.show()

# %%
# The registry keeps book
# -----------------------
# Every record of :data:`losstheory.LOSSES` says whether its pair matches. Here the claim is checked
# at every point of the picture and for every class:

for loss in LOSSES:
    y, logits = TARGETS[loss.target]
    target = np.eye(3)[y] if loss.target == "class index" else np.asarray(y)
    error = loss.activation(logits) - target
    gap = np.abs(loss.grad_with_logits(y, logits) - error).max()
    print(f"{loss.name:32} largest gap to the error {gap:.1e}   matched: {loss.matched}")
    assert (gap < 1e-15) == loss.matched
