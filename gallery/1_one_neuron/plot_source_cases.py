"""
Compare both losses on the source's two neurons
===============================================

Two neurons should answer 0. The first answers :value:`0.7503 <FIRST.o>`, the second
:value:`0.9971 <SECOND.o>`. The second is more wrong, so it should learn more. We ask squared error
and cross entropy what they make of that.

The blog post that this site follows asks the same question, and slips in its answer; see
:doc:`the source, claim by claim </reference/claims>`. The gradients are derived under
:doc:`squared error </learn/squared-error>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    BINARY_CROSS_ENTROPY,
    FIRST,
    SECOND,
    SQUARED_ERROR,
    binary_cross_entropy_with_logits_grad,
    neuron_gradients,
)

plt.style.use("losstheory.figures")

CASES = (FIRST, SECOND)

# %%
# Compare losses above and gradients below
# ----------------------------------------
# Under either loss the second neuron is charged more, as it should be. But it is the gradients, in
# the lower row and on one scale, that move the weight :math:`w` and the bias :math:`b`. Under cross
# entropy the worse neuron moves more. Under squared error it hardly moves at all.

fig, axes = plt.subplots(2, 2, sharey="row", figsize=(6.4, 6.6), height_ratios=(2, 3))
wb = np.array([-0.21, 0.21])

for column, loss, colour in ((0, SQUARED_ERROR, "C1"), (1, BINARY_CROSS_ENTROPY, "C0")):
    style = {"facecolor": (colour, 0.25), "edgecolor": colour, "linewidth": 1.5}
    above, below = axes[:, column]
    losses = [loss.value_with_logits(case.y, case.z) for case in CASES]
    above.bar_label(above.bar([0, 1], losses, 0.6, **style), fmt="%.4f", padding=2)
    above.set_xticks([0, 1], ["first case", "second case"])
    for place, case in enumerate(CASES):
        bars = below.bar(place + wb, neuron_gradients(loss, case), 0.36, **style)
        below.bar_label(bars, fmt="%.4f", padding=2, fontsize=11)
    names = [r"$\partial e/\partial w$", r"$\partial e/\partial b$"] * 2
    below.set_xticks([*wb, *(1 + wb)], names)
    below.set_xticks([0, 1], ["first case", "second case"], minor=True)
    below.tick_params(axis="x", which="minor", pad=22, length=0, labelsize=11)
    for ax in (above, below):
        ax.grid(axis="x", visible=False)

axes[0, 0].set(title="squared error (no unit)", ylabel="loss", ylim=(0, 6.9))
axes[0, 1].set_title("cross entropy (nats)")
axes[1, 0].set(ylabel="gradient", ylim=(0, 1.7))
axes[1, 0].annotate(
    "what the\nsource\ncompares",
    (1.0, 0.11),
    (1.0, 0.35),
    ha="center",
    arrowprops={"arrowstyle": "-[, widthB=4, lengthB=0.4", "color": "C5"},
)
fig.set_label(
    "Four bar charts. Squared error on the left: the losses of the two cases are "
    "0.2814 and 0.4971, yet the gradients by weight and bias fall from 0.2109 and "
    "0.1406 to 0.0043 and 0.0029, bars too small to see. Cross entropy on the right: "
    "losses 1.3873 and 5.8529 nats, and gradients that grow from 1.1254 and 0.7503 to "
    "1.4957 and 0.9971."
)
plt.show()

# %%
# Put the comparison right
# ------------------------
# The source sets :value:`0.0043 <neuron_gradients(SQUARED_ERROR, SECOND)[0]>` against
# :value:`0.0029 <neuron_gradients(SQUARED_ERROR, SECOND)[1]>` and reads off that the first neuron
# is punished more. Both numbers belong to the second neuron, its weight and its bias. Compared
# like with like, the point is far stronger: the first bias moves 49 times as far as the second.

first, second = (neuron_gradients(SQUARED_ERROR, case) for case in CASES)
ratio = first[1] / second[1]
print(f"squared error: {first[1]:.4f} / {second[1]:.4f} = {ratio:.1f}")
assert round(ratio) == 49
assert [round(gradient, 4) for gradient in second] == [0.0043, 0.0029]

first, second = (neuron_gradients(BINARY_CROSS_ENTROPY, case) for case in CASES)
print(f"cross entropy: {first[1]:.4f} / {second[1]:.4f} = {first[1] / second[1]:.1f}")
assert second > first

# %%
# The source writes its cross entropy with a logarithm to base two. Measured in bits, every gradient
# of cross entropy above grows by the same factor, which the source leaves out:

factor = binary_cross_entropy_with_logits_grad(0.0, SECOND.z, base=2) / second[1]
print(f"bits for each nat: {factor:.4f}")
assert np.isclose(factor, 1.0 / np.log(2.0), rtol=1e-12, atol=0.0)
