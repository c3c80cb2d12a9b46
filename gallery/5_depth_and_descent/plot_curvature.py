"""
Curvature of a loss: find where the bowl ends
=============================================

A convex loss never bends over: the further off, the steeper, or at least no less steep. Binary
cross entropy is such a bowl. Half squared error through a sigmoid is a bowl around its target only;
further out it bends over and goes flat.

The edge is derived under :doc:`how long a mistake lasts </beyond/unlearning-time>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    binary_cross_entropy_with_logits,
    cross_entropy_curvature,
    half_squared_error_with_logits,
    half_squared_error_with_logits_grad,
    logit,
    squared_error_curvature,
    squared_error_inflections,
)

plt.style.use("losstheory.figures")

# %%
# Draw two losses and their curvature
# -----------------------------------
# The target is 0. Above, the losses; below, their second derivatives. Where the lower curve of
# squared error is negative (shaded), its slope falls as the neuron gets worse.

z = np.linspace(-5.0, 8.0, 400)
edge = float(logit(squared_error_inflections(0.0)[1]))

fig, (loss, curvature) = plt.subplots(2, 1, sharex=True, figsize=(7.08, 5.6))
loss.plot(z, binary_cross_entropy_with_logits(0.0, z), "C0-")
loss.plot(z, half_squared_error_with_logits(0.0, z), "C1--")
loss.text(3.0, 3.9, "cross entropy (nats)", color="C0", ha="right")
loss.text(4.6, 0.75, "squared error", color="C1")
loss.set(title="loss $e$", ylim=(-0.2, 5.2))
curvature.plot(z, cross_entropy_curvature(z), "C0-")
curvature.plot(z, squared_error_curvature(0.0, z), "C1--")
curvature.axhline(0.0, color="C5", linewidth=1.0)
curvature.plot([edge], [0.0], "C1s")
curvature.annotate(r"inflection at $\ln(2)$", (edge, 0.0), (-4.8, -0.045), color="C1", va="center")
curvature.set(xlabel="logit $z$", title="second derivative", yticks=[0, 0.1, 0.2])
for ax in (loss, curvature):
    ax.axvspan(edge, 8.0, color="C1", alpha=0.1, linewidth=0)
fig.set_label(
    "Two panels over the logit, target 0. Above, cross entropy keeps rising in a straight line; "
    "squared error rises once and levels off at one half. Below, the curvature of cross entropy is "
    "a positive bell; that of squared error is positive on the left, crosses zero at ln 2, and is "
    "negative in the shaded part to the right."
)

assert np.isclose(edge, np.log(2), rtol=1e-12, atol=0.0)
steepest = half_squared_error_with_logits_grad(0.0, edge)
assert np.isclose(steepest, 4 / 27, rtol=1e-12, atol=0.0)
print(f"steepest at z = {edge:.4f}, with slope {steepest:.4f}")

# %%
# Every target has its bowl
# -------------------------
# For a soft target between 0 and 1 there are two inflections, and the bowl lies between them. It
# always holds the target itself and the outputs from :value:`1/3 <squared_error_inflections(1)[0]>`
# to :value:`2/3 <squared_error_inflections(0)[1]>`. For no target does it hold them all: at 0 it
# lacks the upper third, at 1 the lower one, and in between something at both ends.

y = np.linspace(0.0, 1.0, 201)
lower, upper = squared_error_inflections(y)

fig, ax = plt.subplots(figsize=(7.08, 4.6))
ax.fill_between(y, lower, upper, color="C1", alpha=0.14, linewidth=0)
ax.plot(y, upper, "C1--")
ax.plot(y, lower, "C1--")
ax.plot(y, y, "C5:")
ax.text(0.5, 0.62, "convex", color="C1", ha="center")
ax.text(0.04, 0.9, "not convex", color="C1")
ax.text(0.96, 0.08, "not convex", color="C1", ha="right")
ax.text(0.66, 0.6, "$o = y$", color="C5")
ax.set(xlabel="target $y$", title="output $o$", xlim=(0, 1), ylim=(0, 1))
fig.set_label(
    "The plane of target and output. A shaded band runs from lower left to upper right: there half "
    "squared error is convex. Its lower edge rises from 0 to a third, its upper edge from two "
    "thirds to 1. The diagonal, where the output is right, lies inside it."
)

assert (lower <= y).all()
assert (y <= upper).all()
assert lower.max() <= 1 / 3 < 2 / 3 <= upper.min() + 1e-15
assert (lower[1:-1] > 0).all()
assert (upper[1:-1] < 1).all()
