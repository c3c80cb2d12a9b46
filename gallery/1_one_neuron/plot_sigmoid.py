"""
Sigmoid and its derivative: see where it goes flat
==================================================

The sigmoid turns any logit :math:`z` into an output between 0 and 1. Its slope says how much the
output still moves when the logit does. Every gradient that comes back to the output is multiplied
by this slope on its way to the logit. Under squared error nothing makes up for it, so where the
sigmoid is flat, learning is slow. (Cross entropy's gradient at the output is so large that it
does.)

The slope is derived under :doc:`vanishing gradients </beyond/vanishing-gradients>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import sigmoid, sigmoid_grad

plt.style.use("losstheory.figures")

# %%
# Draw the curve and its slope
# ----------------------------
# The lower panel says what share of a gradient gets through: at best
# :value:`1/4 <sigmoid_grad(0)>`, in the middle; beyond :math:`|z| = 4` (shaded) little of it is
# left.

z = np.linspace(-8.0, 8.0, 401)

fig, (curve, slope) = plt.subplots(2, 1, sharex=True, figsize=(7.08, 5.2))
for ax in (curve, slope):
    ax.axvspan(-8.0, -4.0, color="C5", alpha=0.1, linewidth=0)
    ax.axvspan(4.0, 8.0, color="C5", alpha=0.1, linewidth=0)
curve.plot(z, sigmoid(z), "C2-")
curve.plot([-2.0, 2.0], [0.0, 1.0], "C5:", linewidth=1.2)  # the tangent at 0, of slope 1/4
curve.plot(0.0, 0.5, "o", color="C2")
curve.text(-3.4, 0.82, r"sigmoid $\sigma(z)$", color="C2")
curve.text(0.5, 0.46, "steepest at 0", color="C5", va="top")
curve.set(title="output $o$", yticks=[0.0, 0.5, 1.0])

slope.fill_between(z, sigmoid_grad(z), color="C2", alpha=0.14, linewidth=0)
slope.plot(z, sigmoid_grad(z), "C2-")
slope.plot([0.0, 4.0], sigmoid_grad([0.0, 4.0]), "o", color="C2")
slope.annotate("peak: 1/4 at 0", (0.0, 0.25), (-0.6, 0.25), ha="right", va="center", color="C2")
slope.annotate(
    f"{100 * sigmoid_grad(4.0) / sigmoid_grad(0.0):.0f} % of it at 4",
    (4.0, sigmoid_grad(4.0)),
    (4.1, 0.045),
    color="C2",
)
slope.set(xlabel="logit $z$", title=r"slope $\sigma'(z)$")
slope.set(xlim=(-8.0, 8.0), ylim=(-0.012, 0.275))
slope.set_xticks(range(-8, 9, 4))
slope.set_yticks([0.0, 0.125, 0.25], ["0", "1/8", "1/4"])
fig.set_label(
    "Two panels over the logit from -8 to 8. Above, the S-shaped sigmoid rises from 0 "
    "to 1, is steepest at 0, where its tangent is dotted, and is nearly level beyond 4 on either "
    "side. Below, its slope is a bell: 1/4 at zero, 7 % of that at 4, and next to nothing in the "
    "shaded outer parts."
)

# %%
# The peak stands at zero and nowhere else:

slopes = sigmoid_grad(z)
assert z[slopes.argmax()] == 0.0
assert slopes.max() == 0.25
assert np.count_nonzero(slopes == 0.25) == 1

for point in (0.0, 1.0, 2.0, 4.0, 8.0):
    share = sigmoid_grad(point) / sigmoid_grad(0.0)
    print(f"z = {point:.0f}   slope {sigmoid_grad(point):.6f}   {share:7.2%} of the peak")

# %%
# See that flat is never level
# ----------------------------
# On a logarithmic scale "nothing" gets a shape. Each side becomes a straight line: the slope falls
# like :math:`\exp(-|z|)`, to a tenth with every :value:`2.3 <math.log(10)>` of logit, and never
# reaches zero.

z = np.linspace(-24.0, 24.0, 401)

fig, ax = plt.subplots()
ax.semilogy(z, np.exp(-np.abs(z)), "C5:")
ax.semilogy(z, sigmoid_grad(z), "C2-")
ax.text(2.6, 0.5, r"$\exp(-|z|)$", color="C5")
ax.text(-12.5, 1e-5, r"slope $\sigma'(z)$", color="C2", va="center", ha="right")
ax.set(xlabel="logit $z$", title=r"slope $\sigma'(z)$", xticks=range(-24, 25, 8))
ax.set_yticks([1.0, 1e-3, 1e-6, 1e-9])
fig.set_label(
    "The slope of the sigmoid on a logarithmic scale, over logits from -24 to 24: a "
    "tent with a rounded top. Both sides fall in straight lines and soon lie on the "
    "dotted curve of exp(-|z|), down to below one part in a thousand million."
)
plt.show()

# %%
# The slope lies between a quarter of :math:`\exp(-|z|)` and the whole of it, and the two draw
# together at both ends:

ratio = sigmoid_grad(z) / np.exp(-np.abs(z))
assert np.all((ratio >= 0.25) & (ratio < 1.0))
assert ratio[0] > 1.0 - 1e-10

for point in (0.0, 8.0):
    print(f"slope / exp(-|z|) at {point:.0f}: {sigmoid_grad(point) / np.exp(-point):.4f}")
