"""
Tell matching pairs from the one that sags
==========================================

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
# Give each loss a panel
# ----------------------
# The logit moves from right to wrong; where there are several, the first moves and the others rest
# at zero. The thick pale line is the error, the thin one the gradient. Five times they run as one.
# Once they part: squared error after a sigmoid is the only one of the six that does not match, and
# its gradient sags to zero where the error is largest. It is not squared error as such that sags.
# After no activation at all, in the first panel, it matches.

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


fig, axes = plt.subplots(3, 2, sharex=True, figsize=(6.4, 7.4))
for ax, loss in zip(axes.flat, LOSSES, strict=True):
    y, logits = TARGETS[loss.target]
    error = first(loss.activation(logits))  # minus the target of the first, which is 0
    gradient = first(loss.grad_with_logits(y, logits))
    colour = "C0" if loss.has_base else "C1"
    ax.plot(z, error, color="C5", linewidth=7, alpha=0.3, solid_capstyle="butt")
    ax.plot(z, gradient, color=colour, linestyle="-" if loss.matched else "--")
    ax.set_title(loss.name, fontsize=11)
    ax.set(xticks=[-6, 0, 6], yticks=[-6, 0, 6] if loss.target == "real" else [0, 0.5, 1])
fig.supxlabel("logit $z$ or first score $s_1$ (no unit)", fontsize=12)
fig.supylabel("gradient at the logit (nats; for squared error no unit)", fontsize=12)
fig.set_label(
    "Six small panels of gradients over the logit from -6 to 6, one a loss. In five of "
    "them the gradient runs along the pale line of the error: a straight line for "
    "squared error of a linear output, a rising S for the cross entropies and the "
    "negative log-likelihood. In the panel of squared error after a sigmoid the error "
    "rises to 1, but the gradient is a low hump that falls back to 0."
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
