"""
Paths of unlearning: race two losses down from a mistake
========================================================

The two neurons of the source start wrong, one a little and one confidently. We let each unlearn
under both losses and draw the way of its output. Under squared error the worse neuron creeps along
the plateau of the sigmoid before it falls.

The law of the time is derived under :doc:`how long a mistake lasts </beyond/unlearning-time>`.
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
    unlearning_time_cross_entropy,
    unlearning_time_squared_error,
)

plt.style.use("losstheory.figures")

# %%
# The path needs no simulation
# ----------------------------
# The law gives the time from any logit to 0. So the time at which a neuron passes a logit on its
# way down is the difference of two such times, and the path is drawn by walking through the logits
# instead of through time. The markers are real gradient descent with a small step size.

STEP = 0.02
LOSSES = [
    ("squared error", "C1", "--", "s", SQUARED_ERROR, unlearning_time_squared_error),
    ("cross entropy", "C0", "-", "o", BINARY_CROSS_ENTROPY, unlearning_time_cross_entropy),
]

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(7.08, 4.0))
for ax, case, title in zip(axes, (FIRST, SECOND), ("first neuron", "second neuron"), strict=True):
    z = np.linspace(case.z, 0.0, 300)
    for name, colour, line, marker, loss, time in LOSSES:
        passed = time(case.z, case.x) - time(z, case.x)
        ax.plot(passed, sigmoid(z), color=colour, linestyle=line, label=name)
        objective = mean_loss(loss, [[case.x]], [case.y])
        steps = int(passed[-1] / STEP)
        path = descend(objective, [case.w, case.b], step=STEP, steps=steps).parameters
        o = sigmoid(path @ [case.x, 1.0])
        some = np.linspace(0, steps, 7).astype(int)
        ax.plot(STEP * some, o[some], marker, color=colour)
        assert np.abs(o - np.interp(STEP * np.arange(steps + 1), passed, sigmoid(z))).max() < 0.01
    ax.axhline(0.5, color="C5", linestyle=":", linewidth=1.2)
    ax.set(title=f"{title}: output $o$", xlabel=r"time $\tau$")
axes[0].set(ylim=(0.47, 1.02))
axes[0].text(1.25, 0.67, "squared\nerror", color="C1")
axes[0].text(0.6, 0.52, "cross\nentropy", color="C0")
axes[1].text(55.0, 0.93, "squared error", color="C1", va="top", ha="center")
axes[1].text(5.0, 0.62, "cross entropy", color="C0")
fig.set_label(
    "Two panels with the output against time. Left, the first case: both curves fall from "
    f"{FIRST.o:.2f} to one half, cross entropy in about half a unit of time, squared error in "
    "more than two. Right, the second case, on a time axis about fifty times as long: cross "
    "entropy falls at once, squared error stays near one for about a hundred units and then drops."
)

# %%
# Where the time goes
# -------------------
# Under squared error the second neuron spends most of its time on the first third of the way, on
# which its output hardly moves.

z = np.array([SECOND.z, 4.0, 2.0, 0.0])
left = unlearning_time_squared_error(z, SECOND.x)
for start, end, share in zip(z[:-1], z[1:], -np.diff(left) / left[0], strict=True):
    print(f"from z = {start:.2f} to {end:.2f}   {share:6.1%} of the time under squared error")
assert left[1] < 0.2 * left[0]
