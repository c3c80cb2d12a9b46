"""
Bits and nats: read a loss in both
==================================

Cross entropy charges for surprise: the less probable the model called what happened, the higher the
price. The base of the logarithm is the currency. Base two counts in bits, the natural logarithm in
nats, and the exchange rate between them is fixed.

:doc:`What cross entropy measures </learn/cross-entropy>` explains both units.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits_grad,
    logit,
)

plt.style.use("losstheory.figures")

# %%
# Every halving costs one bit
# ---------------------------
# The target is 1, and the output :math:`o` is the probability that the neuron gave it. Read from
# right to left: with each halving of :math:`o` (a dot) the loss climbs one step, of one bit on the
# left scale or :value:`0.69 <math.log(2)>` nats on the right one. On this axis of halvings it is a
# straight line. The rings are two outputs, one nearly right and one badly wrong.

halves = 0.5 ** np.arange(15)
examples = np.array([0.98, 0.0001])

fig, ax = plt.subplots(figsize=(7.08, 4.6))
ax.plot(halves, binary_cross_entropy(1.0, halves, base=2), "C0o-", markersize=4.5, linewidth=1.2)
labels = ((examples[0], (-30, 2), "right"), (examples[1], (12, 6), "left"))
for example, offset, side in labels:
    point = (example, binary_cross_entropy(1.0, example, base=2))
    ax.plot(*point, "o", color="C0", markersize=11, markerfacecolor="none")
    ax.annotate(
        f"$o$ = {example:g}: {point[1]:.4f} bits",
        point,
        offset,
        textcoords="offset points",
        ha=side,
        color="C0",
    )
ax.set_xscale("log", base=2)
ax.set_xticks(halves[::3], ["1", *(f"1/{8**n}" for n in range(1, 5))])
ax.set(xlabel="probability $o$ of what happened", title="loss (bits; right scale in nats)")
ax.set(ylim=(-0.5, 15), yticks=range(0, 15, 2))
exchange = (lambda bits: bits * np.log(2.0), lambda nats: nats / np.log(2.0))
ax.secondary_yaxis("right", functions=exchange).spines["right"].set_visible(False)
fig.set_label(
    "The loss of a target 1 over the probability the neuron gave it, from 1 down to "
    "1/16384. A straight line climbs one bit with each halving, to 14 bits, which the "
    f"right scale reads as {14 * np.log(2.0):.1f} nats. Two rings mark 0.0291 "
    "bits at 0.98 and 13.2877 bits at 0.0001."
)

# %%
# The same prices in both currencies:

for example in examples:
    bits = float(binary_cross_entropy(1.0, example, base=2))
    nats = float(binary_cross_entropy(1.0, example))
    ratio = bits / nats
    print(f"o = {example:6g}   {bits:7.4f} bits = {nats:.4f} nats, ratio {ratio:.4f}")
    assert np.isclose(nats, bits * np.log(2.0), rtol=1e-12, atol=0.0)

assert np.allclose(binary_cross_entropy(1.0, halves, base=2), np.arange(15), rtol=1e-12, atol=0.0)

# %%
# The gradient carries the unit
# -----------------------------
# The unit is more than a label. A loss in bits is :value:`1.4427 <1 / math.log(2)>` times as steep
# as the same loss in nats, and so is every gradient. In nats the gradient at the logit is the error
# itself; in bits it is not.

o = np.linspace(0.0, 1.0, 101)
in_nats = binary_cross_entropy_with_logits_grad(0.0, logit(o))
in_bits = binary_cross_entropy_with_logits_grad(0.0, logit(o), base=2)

fig, ax = plt.subplots(figsize=(7.08, 3.6))
ax.plot(o, in_bits, "C0:")
ax.plot(o, in_nats, "C0-")
ax.text(0.62, 1.0, "loss in bits", color="C0", ha="right")
ax.text(0.5, 0.36, "loss in nats:\nthe error itself", color="C0", va="top")
ax.set(xlabel="output $o$, where 0 is right")
ax.set(title=r"gradient $\partial e/\partial z$")
ends = np.array([0.0, 0.5, in_nats[-1], in_bits[-1]])
ax.set(xticks=[0.0, 0.5, 1.0])
ax.set_yticks(ends, [f"{end:.4g}" for end in ends])
fig.set_label(
    "The gradient at the logit over the output from 0 to 1, target 0: two straight "
    "lines from the origin. With the loss in nats the line ends at 1, with the loss in "
    "bits at 1/ln 2, about 1.44."
)
plt.show()

# %%

assert np.allclose(in_nats, o, rtol=1e-12, atol=0.0)
assert np.allclose(in_bits, o / np.log(2.0), rtol=1e-12, atol=0.0)
print(f"gradient in bits / gradient in nats = {in_bits[50] / in_nats[50]:.4f}")
