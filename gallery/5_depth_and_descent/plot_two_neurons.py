"""
Two neurons, two losses: let them unlearn side by side
======================================================

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


def outputs(loss, case, *, step=0.1, steps=2000):
    """Train a neuron on its sample; return its output before and after every step."""
    objective = mean_loss(loss, [[case.x]], [case.y])
    history = descend(objective, [case.w, case.b], step=step, steps=steps)
    return sigmoid(history.parameters @ [case.x, 1.0])


# %%
# Follow the outputs
# ------------------
# The step size is :math:`\eta = 0.1` for both losses, and the steps stand on a logarithmic scale.
# Upper panel, the first case: both losses bring the output down at once, cross entropy in fewer
# steps. Lower panel, the second case: cross entropy needs
# :value:`21 <unlearning_steps_cross_entropy(SECOND.z, SECOND.x, step=0.1)>` steps to one half where
# it needed :value:`6 <unlearning_steps_cross_entropy(FIRST.z, FIRST.x, step=0.1)>` above. Under
# squared error the output hardly moves for a thousand steps. Then it falls from three quarters to
# one half in about as many steps as above. It knew the way all along; it stood where the ground is
# nearly level.

steps = np.arange(2001)
runs = {
    (name, loss): outputs(loss, case)
    for name, case in CASES.items()
    for loss in (BINARY_CROSS_ENTROPY, SQUARED_ERROR)
}

fig, axes = plt.subplots(2, 1, sharex=True, sharey=True, figsize=(7.08, 5.6))
for ax, name in zip(axes, CASES, strict=True):
    ax.plot(steps, runs[name, BINARY_CROSS_ENTROPY], "C0-")
    ax.plot(steps, runs[name, SQUARED_ERROR], "C1--")
    ax.axhline(0.5, color="C5", linestyle=":", linewidth=1.2)
    ax.set(title=f"{name} neuron: output $o$", yticks=[0.0, 0.5, 1.0])
    ax.set_xscale("symlog", linthresh=1)  # logarithmic, with a place for step 0
    ax.set_xlim(0, 2000)
    ax.set_xticks([0, 1, 10, 100, 1000], ["0", "1", "10", "100", "1000"])
axes[0].text(45, 0.4, "squared error", color="C1")
axes[1].text(800, 0.88, "squared error", color="C1", ha="right", va="top")
for ax, place in zip(axes, ((5, 0.3), (14, 0.3)), strict=True):
    ax.text(*place, "cross entropy", color="C0", ha="right")
axes[1].set_xlabel("steps of gradient descent, at a step size of 0.1")
fig.set_label(
    "The outputs of two neurons over 2000 steps, on a logarithmic scale of steps. "
    f"First case: both curves drop from {FIRST.o:.2f} to below one half within some tens of steps, "
    "cross entropy ahead. Second case: cross entropy drops nearly as early, while squared "
    "error stays near 1 for about 1000 steps and only then falls off a cliff."
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
# Every step goes the right way, under either loss and from either start. How the wait grows with
# the logit at the start is a law of its own, derived under
# :doc:`how long a mistake lasts </beyond/unlearning-time>`.

for run in runs.values():
    assert np.all(np.diff(run) < 0.0)
