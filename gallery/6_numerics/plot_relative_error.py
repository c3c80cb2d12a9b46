"""
Rounding errors in cross entropy: see digits drain away
=======================================================

A float64 number has about sixteen digits. A formula that is right on paper can lose them
all on the way. We compute the loss and its gradients for a neuron that is more and more confident,
by the textbook's formulas and by the package, and compare both with the same in fifty digits.

The stable forms are derived under :doc:`stable losses </beyond/stable-losses>`.
"""

from decimal import Decimal, getcontext

import matplotlib.pyplot as plt
import numpy as np

import losstheory as lt

plt.style.use("losstheory.figures")
getcontext().prec = 50

# %%
# Compute with more digits
# ------------------------
# Python's ``decimal`` has an exponential and a logarithm of any precision, so the truth is easy to
# come by. What the output leaves to 1 is computed by itself there as well, not as a difference.

ONE = Decimal(1)


def exact(z):
    """Compute loss and gradients for the logit z in fifty digits: y = 1 for CE, y = 0 for SE."""
    o, rest = ONE / (ONE + (-z).exp()), ONE / (ONE + z.exp())
    loss = (ONE + (-z).exp()).ln() if z > -60 else -z + (ONE + z.exp()).ln()
    return loss, -rest, o * o * rest


def naive(z):
    """Type the same in as it stands in the books."""
    o = 1 / (1 + np.exp(-z))
    with np.errstate(divide="ignore"):
        return -np.log(o), o - 1, o * o * (1 - o)


def stable(z):
    """Take the package's forms."""
    return (
        lt.binary_cross_entropy_with_logits(1.0, z),
        lt.binary_cross_entropy_with_logits_grad(1.0, z),
        lt.half_squared_error_with_logits_grad(0.0, z),
    )


# %%
# Measure the relative error
# --------------------------
# An error of a hundredth leaves two digits, an error of 1 none: the result is 0, or might as well
# be. With each unit that the logit grows, the tail :math:`\exp(-z)` shrinks against the 1 that it
# is added to, and the textbook's forms become less accurate by a factor of :math:`\exp(1)`, not
# quite half a digit. The stable forms stay at the rounding errors of a few operations.

z = np.linspace(-40.0, 60.0, 401)
truth = [exact(Decimal(x)) for x in z.tolist()]


def relative_error(results):
    """Compare each result with the truth; an exact one is drawn at the bottom."""
    errors = [
        [abs(float((Decimal(x) - t[i]) / t[i])) for x, t in zip(row.tolist(), truth, strict=True)]
        for i, row in enumerate(results)
    ]
    return np.maximum(errors, 1e-17)


bad, good = relative_error(naive(z)), relative_error(stable(z))
PANELS = (
    ("cross entropy, y = 1", "C0-", r"cross entropy $-\ln\,\sigma(z)$"),
    ("cross entropy, y = 1", "C0:", r"its gradient $\sigma(z) - 1$"),
    ("squared error, y = 0", "C1--", r"gradient $\sigma(z)\,\sigma'(z)$"),
)

fig, ax = plt.subplots(figsize=(7.08, 4.8))
for wrong, right, (_, style, _) in zip(bad, good, PANELS, strict=True):
    ax.plot(z, -np.log10(wrong), style)
    ax.plot(z, -np.log10(right), "C2-", linewidth=0.8)
ax.text(36, 14.6, "all three, stable", color="C2", va="top")
ax.text(12, 3.6, "textbook", color="C0", ha="right")
ax.annotate("squared error", (19.0, 8.2), (24, 9.0), color="C1")
ax.set(title="decimal digits left", xlabel="logit $z$", ylim=(-0.6, 17.5))
ax.set(xlim=(-40, 60), yticks=[0, 4, 8, 12, 16])
fig.set_label(
    "The decimal digits that are left over the logit from -40 to 60. The stable forms of loss and "
    "gradients keep about 16 everywhere. Those of the textbook have as many up to a logit of about "
    "0, then lose them in a straight line, and have none, nothing left, from about 37 on."
)

assert good.max() < 1e-15
assert (bad[:, z > 37.5] == 1.0).all()

# %%
# Read off where the textbook is off by more than a hundredth, and where nothing is left:

print("form                         1 % off from   nothing left from")
for wrong, (name, _, _), part in zip(bad, PANELS, ("loss", "gradient", "gradient"), strict=True):
    print(f"{name:21s} {part:8s} {z[wrong > 0.01][0]:10.2f} {z[wrong >= 1.0][0]:14.2f}")
