"""
See digits drain away
=====================

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
# An error of 1 (the dotted line) means that nothing is left: the result is 0, or might as well be.
# With each unit that the logit grows, the tail :math:`\exp(-z)` shrinks against the 1 that it is
# added to, and the textbook's forms become less accurate by a factor of :math:`\exp(1)`, not quite
# half a digit. The stable forms stay at the rounding errors of a few operations.

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
    ("cross entropy, y = 1", "C0", r"loss $-\ln\,\sigma(z)$"),
    ("cross entropy, y = 1", "C0", r"gradient $\sigma(z) - 1$"),
    ("squared error, y = 0", "C1", r"gradient $\sigma(z)\,\sigma'(z)$"),
)

fig, axes = plt.subplots(3, 1, sharex=True, sharey=True, figsize=(6.4, 7.8))
for ax, wrong, right, (name, color, formula) in zip(axes, bad, good, PANELS, strict=True):
    ax.axhline(1.0, color="C5", linestyle=":", linewidth=1)
    ax.semilogy(z, wrong, color="C3", linestyle="--", label="textbook")
    ax.semilogy(z, right, color=color, label="stable")
    ax.set(title=f"{name}: {formula}", ylim=(3e-18, 30), yticks=[1e-16, 1e-12, 1e-8, 1e-4, 1])
    ax.legend(loc="center left")
axes[1].set_ylabel("relative error")
axes[2].set_xlabel("logit $z$ (no unit)")
fig.set_label(
    "Three panels of relative error over the logit from -40 to 60. In each, the textbook's "
    "formula sits near 1e-16 up to a logit of about 0, then climbs in a straight line on the "
    "logarithmic scale and reaches 1, nothing left, at about 37. The stable form stays near "
    "1e-16 everywhere."
)

assert good.max() < 1e-15
assert (bad[:, z > 37.5] == 1.0).all()

# %%
# Read off where the textbook is off by more than a hundredth, and where nothing is left:

print("form                         1 % off from   nothing left from")
for wrong, (name, _, _), part in zip(bad, PANELS, ("loss", "gradient", "gradient"), strict=True):
    print(f"{name:21s} {part:8s} {z[wrong > 0.01][0]:10.2f} {z[wrong >= 1.0][0]:14.2f}")
