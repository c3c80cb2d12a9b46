"""
Softmax temperature: turn it up and down
========================================

The softmax is said to make the largest score stand out. How much it does so depends on the scale of
the scores. Dividing all of them by a *temperature* shows it: a low temperature spreads them out,
a high one brings them together.

The softmax is derived under :doc:`scores and probabilities </learn/softmax>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import entropy, softmax

plt.style.use("losstheory.figures")

# %%
# Try three temperatures
# ----------------------
# The scores are 1, 2 and 3 throughout, and the outputs of each panel sum to 1. In the heat they
# draw together. In the cold the largest score takes all, and the output is close to the one-hot row
# of an argmax.

s = np.array([1.0, 2.0, 3.0])
temperatures = (5.0, 1.0, 0.2)

fig, axes = plt.subplots(1, 3, sharey=True, figsize=(7.08, 3.4))
for ax, temperature in zip(axes, temperatures, strict=True):
    style = {"facecolor": ("C2", 0.25), "edgecolor": "C2", "linewidth": 1.5}
    bars = ax.bar(range(3), softmax(s / temperature), 0.7, **style)
    ax.bar_label(bars, fmt="%.3f", padding=2, fontsize=12)
    ax.set_xticks(range(3), ["1", "2", "3"])
    ax.grid(axis="x", visible=False)
    ax.set(title=f"$o$ at temperature {temperature:g}", ylim=(0, 1.12), yticks=[0.0, 0.5, 1.0])
axes[1].set_xlabel("score $s$")
fig.set_label(
    "Three bar charts of the softmax of the scores 1, 2 and 3. At temperature 5 the "
    "bars are 0.269, 0.329 and 0.402, a gentle rise. At temperature 1 they are "
    "0.090, 0.245 and 0.665. At 0.2 the last one is 0.993 and the others vanish."
)

# %%
# The order never changes, and the entropy says how undecided the outputs are, up to
# :math:`\ln(3)` nats for three equal ones:

for temperature in temperatures:
    o = softmax(s / temperature)
    print(f"temperature {temperature:3g}   outputs {o.round(4)}   entropy {entropy(o):.4f} nats")
    assert np.all(np.diff(o) > 0.0)
    assert 0.0 < entropy(o) < np.log(3.0)

# %%
# Watch a close race
# ------------------
# Now two scores nearly agree. Read from right to left, as it cools. At temperature 1 the third
# score is far behind, but the first two still share the lead; it takes a temperature near their
# distance to tell them apart. The softmax leaves next to nothing for what is many temperatures
# below the largest, and a good share for what is less than one below.

s = np.array([3.0, 2.9, 1.0])
temperature = np.geomspace(0.01, 20.0, 201)
o = softmax(s / temperature[:, np.newaxis])

fig, ax = plt.subplots(figsize=(7.08, 4.2))
for k, style in enumerate(("C2-", "C3--", "C4-.")):
    ax.semilogx(temperature, o[:, k], style)
ax.text(0.05, 0.93, "score 3", color="C2")
ax.text(0.05, 0.04, "score 2.9", color="C3", va="bottom")
ax.text(2.2, 0.08, "score 1", color="C4")
ax.axhline(1 / 3, color="C5", linewidth=1, linestyle=":")
ax.set_xticks([0.01, 0.1, 1.0, 10.0], ["0.01", "0.1", "1", "10"])
ax.set_yticks([0.0, 1 / 3, 1 / 2, 1.0], ["0", "1/3", "1/2", "1"])
ax.set(xlabel="temperature", title="output $o$")
fig.set_label(
    "Outputs of the softmax over the temperature, on a logarithmic axis from 0.01 to "
    "20, for the scores 3, 2.9 and 1. In the heat all three come together at a third. "
    "Around temperature 1 the third falls to 0 while the first two stay close to one half. They "
    "part around 0.1, and at 0.01 the first is at 1 and the second at 0."
)
plt.show()

# %%
# The odds of the first against the second depend on their distance, counted in temperatures. At a
# temperature as low as the distance itself, a tenth, they are still no better than
# :math:`\exp(1)` to 1:

close = softmax(s / 0.1)
print(f"temperature 0.1: outputs {close.round(4)}, odds {close[0] / close[1]:.4f}")
assert np.isclose(close[0] / close[1], np.e, rtol=1e-12, atol=0.0)
