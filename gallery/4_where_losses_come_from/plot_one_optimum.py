"""
Maximum likelihood: find one optimum in three pictures
======================================================

Maximum likelihood asks for the model under which the data were most probable. Take the logarithm,
turn it upside down, drop what does not depend on the model, and a familiar loss is left. None of
these steps moves the optimum.

The same in formulas stands under :doc:`where losses come from </learn/maximum-likelihood>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    bernoulli_log_likelihood,
    bernoulli_mle,
    binary_cross_entropy,
    gaussian_log_likelihood,
    gaussian_mle,
    half_squared_error,
)

plt.style.use("losstheory.figures")


def one_below_another(x, panels, optimum, xlabel, xticks):
    """Draw curves over one axis and mark their common optimum."""
    fig, axes = plt.subplots(3, 1, sharex=True, figsize=(7.08, 5.8))
    for ax, (title, curve, style) in zip(axes, panels, strict=True):
        ax.axvline(optimum, color="C5", linestyle=":", linewidth=1.2)
        ax.plot(x, curve, style)
        ax.plot(
            optimum, np.interp(optimum, x, curve), "s" if "--" in style else "o", color=style[:2]
        )
        ax.set(title=title, xticks=xticks)
        ax.margins(y=0.12)
        ax.locator_params(axis="y", nbins=4)
    axes[2].set_xlabel(xlabel)
    return fig


# %%
# Gaussian noise leads to squared error
# -------------------------------------
# Five measurements scatter around an unknown value, with Gaussian noise of standard deviation 1.
# Each panel asks how well a guess at that value fits all five. The likelihood, a product of five
# densities, has a summit. Its negative logarithm, a sum, has a valley in the same place. So has the
# sum of the half squared errors, which differs from it by a constant only. All three agree on the
# mean of the data.

y = np.array([1.0, 2.0, 2.0, 4.0, 6.0])[:, np.newaxis]
mean, _ = gaussian_mle(y)
guess = np.linspace(mean - 2.5, mean + 2.5, 201)

log_likelihood = gaussian_log_likelihood(y, guess).sum(axis=0)
squared_error = half_squared_error(y, guess).sum(axis=0)

fig = one_below_another(
    guess,
    (
        ("likelihood (millionths)", 1e6 * np.exp(log_likelihood), "C5-"),
        ("its negative logarithm (nats)", -log_likelihood, "C5-"),
        ("squared error", squared_error, "C1--"),
    ),
    mean,
    "guess at the value",
    [1, 2, 3, 4, 5],
)
fig.set_label(
    "Three curves over the guess, one below another, all with their optimum at 3. The "
    "likelihood is a bell; its negative logarithm is a parabola that opens upwards; "
    "the squared error is the same parabola, lower by a constant."
)

# %%

curves = (-np.exp(log_likelihood), -log_likelihood, squared_error)
best = [float(guess[curve.argmin()]) for curve in curves]
print("best guess in each panel", np.round(best, 6))
assert np.allclose(best, mean, rtol=1e-12, atol=0.0)

constant = -log_likelihood - squared_error
print(f"negative log-likelihood minus squared error: {constant.min():.4f} everywhere")
assert np.allclose(constant, len(y) * np.log(2.0 * np.pi) / 2.0, rtol=1e-12, atol=0.0)

# %%
# Tosses of a coin lead to cross entropy
# --------------------------------------
# Now each outcome is yes or no: seven heads in ten tosses. The guess is the probability of heads.
# The likelihood is a product again, and its negative logarithm *is* the summed binary cross
# entropy, with no constant in between. Squared error stands beside it for comparison: it finds the
# same optimum, seven tenths, although no Bernoulli likelihood leads to it. It does not lack the
# right goal. What it lacks, behind a sigmoid and far off, is the pull towards it.

y = np.array([1, 1, 1, 1, 1, 1, 1, 0, 0, 0])[:, np.newaxis]
share = bernoulli_mle(y)
guess = np.linspace(0.05, 0.95, 181)

log_likelihood = bernoulli_log_likelihood(y, guess).sum(axis=0)
cross_entropy = binary_cross_entropy(y, guess).sum(axis=0)
squared_error = half_squared_error(y, guess).sum(axis=0)

fig = one_below_another(
    guess,
    (
        ("likelihood (thousandths)", 1e3 * np.exp(log_likelihood), "C5-"),
        ("cross entropy (nats)", cross_entropy, "C0-"),
        ("squared error", squared_error, "C1--"),
    ),
    share,
    "guess at the probability",
    [0.1, 0.3, 0.5, 0.7, 0.9],
)
fig.set_label(
    "Three curves over the guessed probability, one below another, all with their optimum "
    "at 0.7. The likelihood is a lopsided bell, cross entropy a valley with steep "
    "walls at both ends, squared error a shallow parabola."
)
plt.show()

# %%

assert np.allclose(cross_entropy, -log_likelihood, rtol=1e-14, atol=0.0)

curves = (-np.exp(log_likelihood), cross_entropy, squared_error)
best = [float(guess[curve.argmin()]) for curve in curves]
print("best guess in each panel", np.round(best, 6))
assert np.allclose(best, share, rtol=1e-12, atol=0.0)
