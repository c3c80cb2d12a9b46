"""
Squared error or cross entropy: compare them on two neurons
===========================================================

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
# Compare losses and gradients
# ----------------------------
# Under either loss the second neuron is charged more, as it should be. But it is the gradients, in
# the other two panels, that move the weight :math:`w` and the bias :math:`b`. Under cross
# entropy the worse neuron moves more. Under squared error it hardly moves at all.

fig, axes = plt.subplots(1, 3, figsize=(7.08, 3.9))
PAIRS = ((BINARY_CROSS_ENTROPY, "C0o-"), (SQUARED_ERROR, "C1s--"))
QUANTITIES = ("loss", r"gradient $\partial e/\partial w$", r"gradient $\partial e/\partial b$")
for loss, style in PAIRS:
    values = np.array(
        [[loss.value_with_logits(c.y, c.z), *neuron_gradients(loss, c)] for c in CASES]
    )
    for ax, (first, second) in zip(axes, values.T, strict=True):
        ax.plot([0, 1], [first, second], style)
        for place, value, side in ((-0.08, first, "right"), (1.08, second, "left")):
            ax.text(place, value, f"{value:.4f}", color=style[:2], ha=side, va="center")
for ax, name in zip(axes, QUANTITIES, strict=True):
    ax.set(title=name, xlim=(-0.75, 1.75), yticks=[])
    ax.set_xticks([0, 1], ["first\nneuron", "second\nneuron"])
    ax.margins(y=0.12)
axes[0].text(0.3, 3.9, "cross\nentropy", color="C0", ha="right")
axes[0].text(0.5, 0.62, "squared error", color="C1", ha="center")
fig.set_label(
    "Three charts that join the first neuron to the second. The losses rise under both: squared "
    "error from 0.2814 to 0.4971, cross entropy from 1.3873 to 5.8529 nats. The gradients rise "
    "under cross entropy, by weight from 1.1254 to 1.4957 and by bias from 0.7503 to 0.9971, but "
    "under squared error they fall, from 0.2109 to 0.0043 and from 0.1406 to 0.0029."
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
