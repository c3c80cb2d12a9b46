"""
Let two neurons unlearn side by side
====================================

Both neurons should answer 0. The first starts a little wrong, the second confidently wrong. We
train each of them twice, under squared error and under cross entropy, with the same gradient
descent and the same step size, and count the steps.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    BINARY_CROSS_ENTROPY,
    FIRST,
    SECOND,
    SQUARED_ERROR,
    descend,
    mean_loss,
    sigmoid,
)

plt.style.use("losstheory.figures")

CASES = {"first": FIRST, "second": SECOND}


def outputs(loss, case, *, step=0.5, steps=300):
    """Train a neuron on its sample; return its output before and after every step."""
    objective = mean_loss(loss, [[case.x]], [case.y])
    history = descend(objective, [case.w, case.b], step=step, steps=steps)
    return sigmoid(history.parameters @ [case.x, 1.0])


# %%
# Follow the outputs
# ------------------
# Upper panel, the first case: both losses bring the output down at once, cross entropy faster.
# Lower panel, the second case: cross entropy needs a few steps more. Squared error does next to
# nothing for two hundred steps and then falls nearly as fast as it did above. It knew the way all
# along; it stood where the ground is level.

steps = np.arange(301)
runs = {
    (name, loss): outputs(loss, case)
    for name, case in CASES.items()
    for loss in (BINARY_CROSS_ENTROPY, SQUARED_ERROR)
}

fig, axes = plt.subplots(2, 1, sharex=True, sharey=True, figsize=(6.4, 5.6))
for ax, name in zip(axes, CASES, strict=True):
    ax.plot(steps, runs[name, BINARY_CROSS_ENTROPY], "C0-")
    ax.plot(steps, runs[name, SQUARED_ERROR], "C1--")
    ax.axhline(0.5, color="C5", linestyle=":", linewidth=1.2)
    ax.set(title=f"{name} case", ylabel="output $o$ (no unit)", yticks=[0.0, 0.5, 1.0])
axes[0].text(24, 0.22, "squared error", color="C1")
axes[1].text(110, 0.93, "squared error", color="C1", va="top")
axes[1].text(14, 0.12, "cross entropy", color="C0")
axes[1].set_xlabel("steps of gradient descent")
fig.set_label(
    f"The outputs of two neurons over 300 steps. First case: both curves drop from {FIRST.o:.2f} "
    "towards 0 within a few steps, cross entropy ahead. Second case: cross entropy "
    "drops just as quickly, while squared error stays near 1 for about 200 steps and "
    "only then falls off a cliff."
)
plt.show()

# %%
# Count the steps to put it right
# -------------------------------
# The neuron says no instead of yes once its output is below one half (the dotted line):

needed = {key: int(np.argmax(run < 0.5)) for key, run in runs.items()}
for (name, loss), count in needed.items():
    print(f"{name:6} case, {loss.name:29} {count:3} steps to below one half")

assert needed["second", SQUARED_ERROR] > 40 * needed["second", BINARY_CROSS_ENTROPY]
assert needed["second", SQUARED_ERROR] > 20 * needed["first", SQUARED_ERROR]

# %%
# Every step goes the right way, under either loss and from either start: squared error finds the
# minimum as well. How the wait grows with the logit at the start is a law of its own, derived under
# :doc:`how long a mistake lasts </beyond/unlearning-time>`.

for run in runs.values():
    assert np.all(np.diff(run) < 0.0)
