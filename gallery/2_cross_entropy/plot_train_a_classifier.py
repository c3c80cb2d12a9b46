"""
Logistic regression on iris: train it with a wrong label
========================================================

Two kinds of iris, two measurements each, and a line between them: logistic regression. One flower
carries the wrong label. We train the same neuron with both losses and look at the line, the loss
and the mistakes.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_iris

from losstheory import BINARY_CROSS_ENTROPY, SQUARED_ERROR, descend, mean_loss

plt.style.use("losstheory.figures")

# %%
# Take every fourth flower
# ------------------------
# The data come with scikit-learn. The first hundred flowers are of two kinds, *setosa* and
# *versicolor*. Lengths are measured from their mean, in standard deviations. Then the *setosa* that
# lies nearest to the middle of its kind gets the wrong label: nothing about it is unusual but the
# label.

iris = load_iris()
lengths = iris.data[:100, :2]  # sepal length and width
x = ((lengths - lengths.mean(axis=0)) / lengths.std(axis=0))[::4].round(2)
y = (iris.target[:100:4] == 0).astype(float)  # 1 for setosa
kind = x[y == 1]
odd = int(np.argmin(((x - kind.mean(axis=0)) ** 2).sum(axis=1) + 100 * (1 - y)))
y[odd] = 0.0

# %%
# Train with both losses
# ----------------------
# The start is undecided, all weights 0, and the step size is the same. Pale lines are early ones.

STEPS = (1, 3, 10, 100, 1000)
LOSSES = {"C0": BINARY_CROSS_ENTROPY, "C1": SQUARED_ERROR}
runs = {
    loss.name: descend(mean_loss(loss, x, y), np.zeros(3), step=1.0, steps=STEPS[-1])
    for loss in LOSSES.values()
}
start = {loss.name: runs[loss.name].values[0] for loss in LOSSES.values()}


def mistakes(theta):
    """Count the flowers on the wrong side of the line, or on it."""
    return int(np.sum((2 * y - 1) * (x @ theta[:2] + theta[2]) <= 0))


fig, (plane, curve) = plt.subplots(1, 2, figsize=(7.08, 3.9))
across = np.array([-3.0, 3.0])
for colour, loss in LOSSES.items():
    for rank, step in enumerate(STEPS):
        w1, w2, b = runs[loss.name].parameters[step]
        shade = 0.25 + 0.75 * rank / (len(STEPS) - 1)
        line = "--" if colour == "C1" else "-"
        plane.plot(across, -(b + w1 * across) / w2, colour + line, alpha=shade, linewidth=1.6)
    relative = runs[loss.name].values / start[loss.name]
    curve.plot(np.arange(len(relative)), relative, colour + ("--" if colour == "C1" else "-"))
plane.plot(*x[y == 1].T, "C3^", markersize=7)
plane.plot(*x[y == 0].T, "C4D", markersize=5.5)
plane.plot(*x[odd], "o", markersize=14, markerfacecolor="none", markeredgecolor="C5")
plane.set(xlim=(-3, 3), ylim=(-3, 3), xlabel="sepal length")
plane.set(title="sepal width (standard deviations)", xticks=range(-3, 4))
plane.text(-2.9, 2.6, "setosa", color="C3")
plane.text(2.9, -2.8, "versicolor", color="C4", ha="right")
curve.set_xscale("symlog", linthresh=1)
curve.set_xlim(0, STEPS[-1])
curve.set_xticks([0, 1, 10, 100, 1000], ["0", "1", "10", "100", "1000"])
curve.set(ylim=(0, 1.02), xlabel="step", title="mean loss, part of its start")
last = {colour: runs[loss.name].values[-1] / start[loss.name] for colour, loss in LOSSES.items()}
curve.text(900, last["C0"] + 0.05, "cross entropy", color="C0", ha="right")
curve.text(900, last["C1"] - 0.08, "squared error", color="C1", ha="right")
left = {name: mistakes(run.parameters[-1]) for name, run in runs.items()}
fig.set_label(
    f"Left: {len(y)} flowers in the plane of sepal length and width, and the lines on which the "
    "classifier says one half, from pale after one step to full after the last. The lines of both "
    "losses turn into nearly the same place, between the two kinds. The flower with the wrong "
    "label lies among the setosa. Right: both mean losses fall from their start and level off well "
    "above 0."
)
plt.show()

# %%
# Read the result
# ---------------
# Both losses end with the same single mistake, and it is no mistake: the flower on the wrong side
# is the one with the wrong label. That the loss does not come down to 0 is its doing as well.

for loss in LOSSES.values():
    print(f"{loss.name:29} {left[loss.name]} mistake, loss {runs[loss.name].values[-1]:.4f}")

assert set(left.values()) == {1}
for run in runs.values():
    w1, w2, b = run.parameters[-1]
    assert x[odd] @ (w1, w2) + b > 0, "the odd flower is taken for what it is"

# %%
# Count mistakes instead
# ----------------------
# Why not make the number of mistakes itself small? Move the line a little, and nothing happens to
# that number; move it further, and it jumps. Between the jumps there is no slope to follow.

fig, (counts, smooth) = plt.subplots(2, 1, sharex=True, figsize=(7.08, 5.2))
w1, w2, b = runs[BINARY_CROSS_ENTROPY.name].parameters[10]
shifts = np.linspace(-6.0, 6.0, 1201)
number = np.array([mistakes(np.array([w1, w2, shift])) for shift in shifts])
objective = mean_loss(BINARY_CROSS_ENTROPY, x, y)
loss = np.array([objective(np.array([w1, w2, shift]))[0] for shift in shifts])
counts.plot(shifts, number, "C5-", drawstyle="steps-mid")
smooth.plot(shifts, loss, "C0-")
counts.set(title="mistakes", ylim=(0, 14), yticks=range(0, 15, 2))
smooth.set(title="cross entropy (nats)", xlabel="bias $b$", ylim=(0, None))
fig.set_label(
    "Upper panel: the number of mistakes over the bias is a staircase, level between its steps. "
    "Lower panel: the mean cross entropy over the bias is a smooth bowl with its lowest point "
    "under the lowest stair."
)
plt.show()

jumps = np.count_nonzero(np.diff(number))
print(f"{jumps} jumps, and no slope at {1 - jumps / (len(shifts) - 1):.0%} of the places")
lowest = shifts[number == number.min()]
assert lowest.min() <= shifts[loss.argmin()] <= lowest.max()
