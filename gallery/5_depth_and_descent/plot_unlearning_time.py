"""
Learning slowdown: test two laws of unlearning
==============================================

A neuron whose target is 0 starts at a logit :math:`z_0 > 0`, so it is wrong. How long does it take
until its logit is back at 0, and its output at one half? Two laws answer, one for each loss: far
out the time grows like the logit under cross entropy, and like its exponential under squared error.

Both are derived under :doc:`how long a mistake lasts </beyond/unlearning-time>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    FIRST,
    SECOND,
    binary_cross_entropy_with_logits_grad,
    half_squared_error_with_logits_grad,
    unlearning_steps_cross_entropy,
    unlearning_steps_squared_error,
    unlearning_time_cross_entropy,
    unlearning_time_squared_error,
)

plt.style.use("losstheory.figures")

# %%
# Count the steps of real descent
# -------------------------------
# Weight and bias both follow the gradient, so one step of gradient descent moves the logit by the
# step size, times :math:`1 + x^2`, times the slope of the loss. We count the steps from many starts
# at once, until each is at 0 or below.


def count_steps(slope, z0, x, step):
    """Count the steps of gradient descent until the logit is 0 or less."""
    z, steps = np.array(z0, dtype=float), np.zeros(len(z0), dtype=int)
    while (z > 0).any():
        steps += z > 0
        z = np.where(z > 0, z - step * (1 + x * x) * slope(0.0, z), z)
    return steps


x, step = FIRST.x, 0.02
starts = np.array([0.5, FIRST.z, 2.0, 3.0, 4.0, 5.0, SECOND.z, 7.0])
counted = {
    "cross entropy": count_steps(binary_cross_entropy_with_logits_grad, starts, x, step),
    "squared error": count_steps(half_squared_error_with_logits_grad, starts, x, step),
}

# %%
# Draw two laws, and the points on them
# -------------------------------------
# The lines are the laws, which know nothing of steps; the points are counted steps times the step
# size. On the logarithmic scale an exponential is a straight line.

z0 = np.linspace(0.3, 7.3, 200)

fig, ax = plt.subplots()
ax.semilogy(z0, unlearning_time_squared_error(z0, x), "C1--")
ax.semilogy(z0, unlearning_time_cross_entropy(z0, x), "C0-")
ax.semilogy(starts, step * counted["squared error"], "C1s")
ax.semilogy(starts, step * counted["cross entropy"], "C0o")
ax.text(4.2, 60.0, "squared error", color="C1", ha="right")
ax.text(3.1, 0.62, "cross entropy", color="C0")
ax.axvline(FIRST.z, color="C5", linestyle=":", linewidth=1.2)
ax.text(FIRST.z + 0.1, 0.16, "first neuron", color="C5")
ax.axvline(SECOND.z, color="C5", linestyle=":", linewidth=1.2)
ax.text(SECOND.z - 0.1, 0.16, "second neuron", color="C5", ha="right")
ax.set(xlabel="logit at the start $z_0$", title="time to unlearn $T$")
ax.set(xlim=(0.0, 7.6), ylim=(0.13, 900.0))
ax.set_yticks([1.0, 10.0, 100.0], ["1", "10", "100"])
fig.set_label(
    "Time to unlearn against the logit at the start, on a logarithmic scale. The curve of cross "
    "entropy bends over and is still below three at the right end; that of squared error turns "
    "into a rising straight line and is above 300 at logit 7. Points counted from real descent lie "
    "on both curves."
)

measured = step * np.array(list(counted.values()))
law = [unlearning_time_cross_entropy(starts, x), unlearning_time_squared_error(starts, x)]
assert (np.abs(measured - law) < 5 * step).all()
times = np.array(law)[:, [1, 6]]
print("ratio of the two times, first and second case:", (times[1] / times[0]).round(1))

# %%
# Predict the very step
# ---------------------
# Steps of finite size do not follow the flow exactly. The third law corrects the quotient of time
# and step size by half the logarithm of a ratio of speeds, and rounds up. So each count should lie
# in a band one step high whose lower edge is that correction, but for a rare miss by one. We try
# random starts, inputs and step sizes.

rng = np.random.default_rng(2019)
z0, x = rng.uniform(0.1, 6.0, 300), rng.uniform(0.0, 3.0, 300)
step = rng.uniform(0.02, 0.3, 300) * 4 / (1 + x * x)
LAWS = [
    (
        "cross entropy",
        "C0o",
        binary_cross_entropy_with_logits_grad,
        unlearning_time_cross_entropy,
        unlearning_steps_cross_entropy,
    ),
    (
        "squared error",
        "C1s",
        half_squared_error_with_logits_grad,
        unlearning_time_squared_error,
        unlearning_steps_squared_error,
    ),
]

fig, ax = plt.subplots()
line = np.linspace(0.01, 6.1, 100)
for name, style, slope, time, steps in LAWS:
    counts = count_steps(slope, z0, x, step)
    right = counts == steps(z0, x, step=step)
    print(f"{name}: {right.sum()} of {right.size} counts predicted exactly")
    assert right.mean() > 0.98
    correction = -np.log(slope(0.0, line) / slope(0.0, 0.0)) / 2
    ax.fill_between(line, correction, correction + 1, color=style[:2], alpha=0.18, linewidth=0)
    ax.plot(z0, counts - time(z0, x) / step, style, markersize=3.5, alpha=0.8)
ax.text(3.9, 2.15, "squared error", color="C1", ha="right")
ax.text(4.6, -0.72, "cross entropy", color="C0")
ax.set(xlabel="logit at the start $z_0$", title="steps counted beyond $T$ over the step size")
ax.set(xlim=(0.0, 6.15), ylim=(-1.0, 4.0))
fig.set_label(
    "Steps counted minus time over step size, against the logit at the start, for 300 random "
    "neurons. The points fill two bands one step high, with hardly an exception. The lower edge of "
    "the band of cross entropy sinks a little below zero; that of squared error rises to about "
    "two, and its upper edge to about three."
)
