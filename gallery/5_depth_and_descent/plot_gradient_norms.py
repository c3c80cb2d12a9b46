"""
Vanishing gradients: measure what reaches the bottom of a deep stack
====================================================================

Cross entropy frees the output neuron from the slope of its sigmoid. The layers below keep theirs:
on the way down the gradient is multiplied by the weights and by one slope a layer, for a sigmoid at
most a quarter. We build stacks of random layers, send the gradient down and measure what arrives.

The estimate is derived under :doc:`vanishing gradients </beyond/vanishing-gradients>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    binary_cross_entropy_with_logits_grad,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
)

plt.style.use("losstheory.figures")

WIDTH, SAMPLES = 64, 64
SEEDS = range(20)


def stack(activation, slope, gain, depth, seed):
    """Send samples up a random stack with one sigmoid output, and the gradient down.

    Return, for each layer from the bottom, the length of the gradient at its logits
    and the share of its units that are silent for all the samples.
    """
    rng = np.random.default_rng(seed)
    h = rng.normal(size=(SAMPLES, WIDTH))
    y = rng.integers(0, 2, SAMPLES)
    weights = gain * rng.normal(size=(depth, WIDTH, WIDTH)) / np.sqrt(WIDTH)
    output_weights = rng.normal(size=WIDTH) / np.sqrt(WIDTH)

    logits = []
    for w in weights:
        z = h @ w
        h = activation(z)
        logits.append(z)

    gradient = binary_cross_entropy_with_logits_grad(y, h @ output_weights)
    gradient = np.outer(gradient, output_weights)
    norms, silent = np.empty(depth), np.empty(depth)
    for layer in reversed(range(depth)):
        z, w = logits[layer], weights[layer]
        gradient = gradient * slope(z)
        norms[layer] = np.sqrt(np.mean(np.sum(gradient**2, axis=-1)))
        silent[layer] = np.mean(np.all(activation(z) == 0.0, axis=0))
        gradient = gradient @ w.T
    return norms, silent


# %%
# Measure layer by layer
# ----------------------
# Stacks of 5, 10 and 20 layers, twenty random starts each. A line is the median; the band goes from
# the smallest to the largest of the twenty. Follow a line from its right end, the top layer, down
# to the left. With sigmoids every layer costs about the same factor, so on this logarithmic scale
# the lines are nearly straight and parallel, and a little steeper than the dotted one, which falls
# to a quarter a layer. With ReLU most of the gradient arrives, in the deep stack as in the shallow
# ones.
#
# The variance of the weights is one over the number of inputs for the sigmoid (Glorot's, for layers
# of one width) and twice that for ReLU (He), whose units are off half of the time.

KINDS = (
    ("sigmoid", sigmoid, sigmoid_grad, 1.0, "C2", "o-"),
    ("ReLU", relu, relu_grad, np.sqrt(2.0), "C3", "s--"),
)
DEPTHS = (5, 10, 20)

measured = {}
fig, ax = plt.subplots(figsize=(7.08, 5.0))
for name, activation, slope, gain, colour, style in KINDS:
    for depth in DEPTHS:
        runs = [stack(activation, slope, gain, depth, seed) for seed in SEEDS]
        norms, silent = (np.array(parts) for parts in zip(*runs, strict=True))
        measured[name, depth] = norms, silent
        layers = np.arange(1, depth + 1)
        line = {"color": colour, "markersize": 4, "linewidth": 1.5}
        ax.semilogy(layers, np.median(norms, axis=0), style, **line)
        band = (norms.min(axis=0), norms.max(axis=0))
        ax.fill_between(layers, *band, color=colour, alpha=0.25, linewidth=0)
top = np.median(measured["sigmoid", 20][0][:, -1])
layers = np.arange(1, 21)
ax.semilogy(layers, top * 0.25 ** (20.0 - layers), "C5:")
ax.text(10.5, 1.5, "ReLU, 5, 10 and 20 layers", color="C3", ha="center")
ax.text(13.0, 1e-8, "sigmoid", color="C2")
for depth, place in ((5, (0.9, 5e-5)), (10, (1.3, 1.5e-8)), (20, (3.8, 5e-13))):
    ax.text(*place, f"{depth} layers", color="C2")
ax.text(8.6, 8e-8, "1/4 a layer", color="C5", ha="right")
ax.set(xlabel="layer, counted from the bottom", title="length of the gradient (nats)")
ax.set(xticks=[1, 5, 10, 15, 20], ylim=(1e-14, 30.0))
ax.set_yticks([1e-12, 1e-8, 1e-4, 1.0])
fig.set_label(
    "The length of the gradient by layer, on a logarithmic scale. Three lines for "
    "stacks of 5, 10 and 20 sigmoid layers fall in parallel from 0.1 at their top "
    "layers, the longest to 1e-13 at its bottom. The lines for ReLU stay level between "
    "0.1 and 1."
)

# %%
# Work out the factor of a layer
# ------------------------------
# What a layer of sigmoids lets through is not far from a quarter: random logits stay near zero,
# where the slope is steepest, and weights of this size keep the length of the gradient on average.
# Where units saturate, it is less.

for (name, depth), (norms, _) in measured.items():
    factor = (norms[:, 0] / norms[:, -1]) ** (1.0 / (depth - 1))
    low, middle, high = np.quantile(factor, [0.0, 0.5, 1.0])
    print(f"{name:7} {depth:2} layers: {middle:.3f} a layer ({low:.3f} to {high:.3f})")
    if name == "sigmoid":
        assert 0.2 < low < middle < 0.25
    else:
        assert 0.9 < low < high < 1.2

# %%
# Count the price of ReLU
# -----------------------
# A ReLU is off wherever its logit is negative, and passes no gradient there. A unit that is off for
# *every* sample passes none at all, and as long as that lasts it cannot learn: it is called dead.
# We count such silent units before any training. In the first layer there are none; higher up the
# samples become more and more alike, so more and more units are off for all of them or for none.

silent = measured["ReLU", 20][1]

fig, ax = plt.subplots(figsize=(7.08, 3.8))
ax.plot(layers, np.median(silent, axis=0), "C3s--", markersize=4, lw=1.5)
band = (silent.min(axis=0), silent.max(axis=0))
ax.fill_between(layers, *band, color="C3", alpha=0.25, linewidth=0)
ax.text(1.0, 0.36, "median (line) and range (band)\nof twenty starts", color="C3")
ax.set(xlabel="layer, counted from the bottom", title="share of silent units")
ax.set(xticks=[1, 5, 10, 15, 20], ylim=(-0.02, 0.56), yticks=[0.0, 0.25, 0.5])
fig.set_label(
    "The share of ReLU units that are silent for all samples, by layer of a stack of "
    "twenty. The median of twenty starts rises from zero in the first layers to "
    f"{np.median(silent[:, -1]):.2f} at the top; the band from the smallest to the largest start "
    f"spreads to between {band[0][-1]:.2f} and {band[1][-1]:.2f}."
)
plt.show()

# %%

shares = np.median(silent, axis=0)
print("silent units in layers 1, 10 and 20:", shares[[0, 9, 19]].round(3))
assert relu_grad(-1.0) == 0.0
assert shares[0] == 0.0
assert 0.2 < shares[19] < 0.5
