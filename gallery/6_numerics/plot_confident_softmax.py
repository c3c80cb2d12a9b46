"""
Softmax loss near zero: follow it below the last digit
======================================================

A network that is confidently right has a tiny loss, and still one that can be learnt from: the
gradient is as tiny, but it is not 0, and it knows its direction. The usual way to compute the loss
of a softmax rounds it away.

The form that does not is derived under :doc:`stable losses </beyond/stable-losses>`.
"""

import matplotlib.pyplot as plt
import numpy as np

import losstheory as lt

plt.style.use("losstheory.figures")

# %%
# Take a logarithm in two ways
# ----------------------------
# Of two classes the right one leads by a margin :math:`m`. Usually one computes
# :math:`\ln(\exp(s_1) + \exp(s_2)) - s_1`, with the largest score taken off first. In the sum
# :math:`1 + \exp(-m)` the small number loses its digits to the large one: the loss moves in ever
# coarser steps, then it is 0. The sum of the *other* exponentials over that of the right class is
# :math:`\exp(-m)` itself, and ``log1p`` takes it before the 1 is added.


def usual(s):
    """Compute log-sum-exp of a row, less the first score."""
    top = s.max(axis=-1, keepdims=True)
    return np.log(np.exp(s - top).sum(axis=-1)) + (top[:, 0] - s[:, 0])


m = np.linspace(0.0, 60.0, 1201)
s = np.stack([m, np.zeros_like(m)], axis=-1)
t = np.zeros(m.size, dtype=int)
FLOOR = 1e-30

fig, ax = plt.subplots(figsize=(7.08, 4.6))
ax.semilogy(m, np.maximum(usual(s), FLOOR), color="C5", linestyle="--")
ax.semilogy(m, lt.negative_log_likelihood_with_logits(t, s), color="C0")
ax.set(xlabel="margin $m$ of the right class", title="loss (nats)", ylim=(1e-27, 8))
ax.text(24, 1e-6, "other exponentials,\nlog1p", color="C0")
ax.text(35.5, 3e-24, "log-sum-exp:\nexactly 0", color="C5", ha="right")
fig.set_label(
    "The loss over the margin from 0 to 60, on a logarithmic scale. The stable form soon is a "
    "straight line, which falls to 1e-26. The usual form leaves it in steps from about 33 on and "
    "drops off the plot, to exactly 0, at about 37."
)

zero = m[usual(s) == 0.0][0]
print(f"The usual form is 0 from a margin of {zero:.2f} on.")
print("The truth at 40 is", lt.negative_log_likelihood_with_logits(0, [40.0, 0.0]))
assert 36.0 < zero < 38.0
assert (lt.negative_log_likelihood_with_logits(t, s) > 0.0).all()

# %%
# Move the scores far from zero
# -----------------------------
# Taking off the largest score is meant to be harmless, since a shift changes nothing. But the
# difference is rounded, and an absolute error before the exponential is a relative error after it.
# The larger the difference, the more digits it may cost. What rounding took off can be computed
# exactly, and put back.

far = np.array([700.37, 0.1234])
gap = far[0] - far[1]
lost = far[1] - (far[0] - gap)  # what rounding added to the gap
o = np.exp(-gap) / (1.0 + np.exp(-gap))
print("the package       ", lt.softmax(far)[1])
print("largest taken off ", o)
print("and error put back", o * (1.0 + lost))
assert abs(o / lt.softmax(far)[1] - 1.0) > 1e-14
assert abs(o * (1.0 + lost) / lt.softmax(far)[1] - 1.0) < 1e-15
