"""
Entropy, the floor of cross entropy: find it
============================================

Some targets are honest about doubt. If it rains on one such day in five, the target is 1/5, and the
best forecast is 1/5 as well. How low can the loss of that forecast get? Not down to zero.

The proof stands under :doc:`what cross entropy measures </learn/cross-entropy>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import binary_cross_entropy, cross_entropy, entropy, kl_divergence, sigmoid

plt.style.use("losstheory.figures")


def yes_or_no(probability):
    """Return the distribution of a yes with this probability, as a row."""
    return np.stack([probability, 1.0 - np.asarray(probability)], axis=-1)


# %%
# Follow one curve for each target
# --------------------------------
# Follow one curve from left to right: its target stays, and the output moves. The lowest point
# (dot) stands where the output equals the target, and its height is the entropy of the target. All
# the lowest points lie on the dotted arch, which is the entropy itself. Only a target of 0 or 1,
# which leaves no doubt, has its floor at zero.

o = sigmoid(np.linspace(-12.0, 12.0, 481))  # close to 0 and to 1, but never there

fig, ax = plt.subplots(figsize=(7.08, 5.0))
ax.plot(o, entropy(yes_or_no(o), base=2), "C5:")
for y, style in ((0.0, "C0-"), (0.2, "C3--"), (0.5, "C4-.")):
    ax.plot(o, binary_cross_entropy(y, o, base=2), style)
    ax.plot(y, entropy(yes_or_no(y), base=2), "o", color=style[:2])
ax.text(0.33, 0.42, "target 0", color="C0")
ax.text(0.06, 0.99, "target 1/5", color="C3")
ax.text(0.17, 1.55, "target 1/2", color="C4")
ax.text(0.9, 0.36, "entropy", color="C5", ha="right")

floor, wrong = entropy(yes_or_no(0.2), base=2), binary_cross_entropy(0.2, 0.8, base=2)
ax.plot([0.2, 0.8], [floor, floor], color="C3", linewidth=1)
arrow = {"arrowstyle": "<->", "color": "C3"}
ax.annotate("", (0.8, wrong), (0.8, floor), arrowprops=arrow)
ax.text(0.82, 0.98, "excess:\nthe price of\na wrong\nforecast", color="C3", va="center")
ax.set(
    xlabel="output $o$",
    title="cross entropy (bits)",
    xticks=[0, 0.2, 0.5, 0.8, 1],
    ylim=(-0.08, 2.3),
)
fig.set_label(
    "Cross entropy over the output for the targets 0, 1/5 and 1/2. Each curve has its "
    "lowest point where output and target agree: at 0 bits, at 0.72 bits and at 1 bit. "
    "These points lie on the dotted arch of the entropy. An arrow at the output 4/5 "
    "marks how far the curve of 1/5 stands above its floor."
)
plt.show()

# %%
# Add entropy and divergence
# --------------------------
# What lies above the floor is the Kullback-Leibler divergence of the output from the target. It is
# zero when the two agree, and nowhere else:

P = yes_or_no(0.2)
floor = entropy(P, base=2)
for output in (0.1, 0.2, 0.8):
    Q = yes_or_no(output)
    total, excess = cross_entropy(P, Q, base=2), kl_divergence(P, Q, base=2)
    print(f"target 0.2, output {output}: {total:.4f} = {floor:.4f} + {excess:.4f} bits")
    assert np.isclose(total, floor + excess, rtol=1e-12, atol=0.0)
    assert (excess == 0.0) == (output == 0.2)

# %%
# So a training loss that stays above zero need not be a fault. With doubt in the targets, that is
# where it has to stay:

for y in (0.0, 0.2, 0.5):
    losses = binary_cross_entropy(y, o, base=2)
    assert np.all(losses >= entropy(yes_or_no(y), base=2) - 1e-15)
