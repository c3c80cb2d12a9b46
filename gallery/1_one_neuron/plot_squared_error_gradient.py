"""
Gradient of squared error: find where it learns slowest
=======================================================

A neuron should answer 0, the target :math:`y`, and answers :math:`o` instead. The half squared
error pulls its logit back with a gradient that has two factors: how wrong the output is, and how
steep the sigmoid is there. One grows with the error. The other dies of it.

The two factors are derived under :doc:`squared error </learn/squared-error>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import (
    FIRST,
    SECOND,
    half_squared_error_grad,
    half_squared_error_with_logits_grad,
    logit,
    sigmoid_grad,
)

plt.style.use("losstheory.figures")

# %%
# Multiply two factors
# --------------------
# Read from left to right: the output gets more and more wrong. Above, the error climbs while the
# slope of the sigmoid rises and falls. Below is their product, the gradient. It grows up to
# :math:`o = 2/3` and then sinks back to nothing, just where the neuron is most wrong.

o = np.linspace(0.0, 1.0, 301)
z = logit(o)
y = 0.0

error = half_squared_error_grad(y, o)
slope = sigmoid_grad(z)
gradient = half_squared_error_with_logits_grad(y, z)
peak = (2 / 3, 4 / 27)  # output and gradient

fig, (factors, product) = plt.subplots(2, 1, sharex=True, figsize=(7.08, 5.6))
factors.plot(o, error, "C5-")
factors.plot(o, slope, "C2-")
factors.text(0.56, 0.72, "error $o - y$", color="C5", ha="right")
factors.text(0.5, 0.11, r"slope $\sigma'(z)$", color="C2", ha="center")
factors.set(title="the two factors", yticks=[0.0, 0.5, 1.0])

product.plot(o, gradient, "C1--")
product.fill_between(o, gradient, color="C1", alpha=0.12, linewidth=0)
product.text(0.52, 0.045, "their product", color="C1", ha="center")
product.plot([peak[0]] * 2, [0.0, peak[1]], "C5:", linewidth=1.2)
product.text(0.6, 0.155, "peak: 4/27 at $o$ = 2/3", ha="right", color="C5")
for case, text, offset, side in (
    (FIRST, "first neuron", (9, 3), "left"),
    (SECOND, "second neuron", (-14, 5), "right"),
):
    point = (case.o, half_squared_error_with_logits_grad(case.y, case.z))
    product.plot(*point, "s", color="C1")
    product.annotate(text, point, offset, textcoords="offset points", ha=side)
product.set(
    xlabel="output $o$, where 0 is right",
    title=r"gradient $\partial e/\partial z$",
    xlim=(-0.02, 1.1),
    xticks=[0, 0.25, 0.5, 0.75, 1],
    ylim=(-0.006, 0.18),
)
product.set_yticks([0.0, 0.05, 0.1, 0.15])
fig.set_label(
    "Two panels over the output from 0 to 1, target 0. Above, the error rises in a "
    "straight line while the slope of the sigmoid is an arch that ends at 0. Below, "
    "their product rises to 4/27 at an output of 2/3 and falls to 0 at 1. The first "
    "case lies near the top, the second, although more wrong, on the floor."
)
plt.show()

# %%
# Find the peak, and the two neurons
# ----------------------------------
# At the target 0 the product is :math:`o^2 (1 - o)`, which is largest at two thirds:

assert np.allclose(gradient, error * slope, rtol=1e-12, atol=0.0)
assert np.isclose(o[gradient.argmax()], peak[0], rtol=1e-12, atol=0.0)
assert np.isclose(gradient.max(), peak[1], rtol=1e-15, atol=0.0)

for name, case in (("first", FIRST), ("second", SECOND)):
    size = half_squared_error_with_logits_grad(case.y, case.z)
    share = size / peak[1]
    print(f"{name} case: output {case.o:.4f}, gradient {size:.4f}, {share:.0%} of peak")

# %%
# The gradient still points the right way, since it is positive for every output between 0 and 1.
# For one neuron and one sample learning does not stop. It only takes its time.

assert np.all(gradient[1:-1] > 0.0)
