"""
Squared error against cross entropy: watch one stall and one pull
=================================================================

The target is 0, so every output above 0 is wrong, and a logit of 6 is confidently wrong. We follow
squared error and cross entropy through the same sigmoid, from right to wrong. This one picture
shows a good reason why a neuron that ends in a sigmoid is trained with cross entropy.

Both gradients are derived under :doc:`binary cross entropy </learn/binary-cross-entropy>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import BINARY_CROSS_ENTROPY, FIRST, SECOND, SQUARED_ERROR, sigmoid

plt.style.use("losstheory.figures")

y = 0.0
PAIRS = ((BINARY_CROSS_ENTROPY, "C0-", "C0o"), (SQUARED_ERROR, "C1--", "C1s"))
CASES = ((FIRST, "first neuron"), (SECOND, "second neuron"))

# %%
# Follow both over the logit
# --------------------------
# Above, the losses; below, their slopes, which are the gradients that learning follows. Cross
# entropy ends in a straight ramp, so it pulls with nearly full strength however far off the neuron
# is. Squared error levels out on a plateau, and a plateau pulls ever less. The dotted lines are the
# site's two neurons.

z = np.linspace(-6.0, 8.0, 281)

fig, (loss_ax, grad_ax) = plt.subplots(
    2, 1, sharex=True, figsize=(7.08, 6.0), height_ratios=(1, 1.25)
)
for case, name in CASES:
    for ax in (loss_ax, grad_ax):
        ax.axvline(case.z, color="C5", linewidth=1, linestyle=":")
    text = f"{name}\n$o$ = {case.o:.4f}"
    loss_ax.text(case.z - 0.15, 9.6, text, ha="right", va="top", color="C5")
for loss, line, mark in PAIRS:
    loss_ax.plot(z, loss.value_with_logits(y, z), line)
    grad_ax.plot(z, loss.grad_with_logits(y, z), line)
    for case, _ in CASES:
        loss_ax.plot(case.z, loss.value_with_logits(y, case.z), mark)
        pull = loss.grad_with_logits(y, case.z)
        grad_ax.plot(case.z, pull, mark)
        side, offset = ("right", (-8, 5)) if mark == "C0o" else ("center", (0, 9))
        style = {"textcoords": "offset points", "color": mark[:2], "ha": side}
        grad_ax.annotate(f"{pull:.4f}", (case.z, pull), offset, **style)

loss_ax.text(0.7, 2.0, "cross entropy", color="C0", ha="right")
loss_ax.text(-5.7, 0.4, "squared error", color="C1")
loss_ax.set(title="loss $e$ (cross entropy in nats)", ylim=(-0.3, 9.8), yticks=[0, 2, 4, 6, 8])
grad_ax.text(-0.6, 0.45, "cross entropy", color="C0", ha="right")
grad_ax.text(-5.7, 0.05, "squared error", color="C1")
grad_ax.set(title=r"gradient $\partial e/\partial z$, the pull back to 0")
grad_ax.set(ylim=(-0.04, 1.12), yticks=[0.0, 0.5, 1.0])
grad_ax.set(xlabel="logit $z$, more and more wrong", xlim=(-6.0, 8.0), xticks=range(-6, 9, 2))
fig.set_label(
    "Two panels over the logit from -6 to 8, target 0. Above, the loss: cross entropy "
    "climbs in a straight ramp, squared error levels out at one half. Below, the "
    "gradient: under cross entropy it rises to 1 and stays, under squared error it is "
    "a low hump that dies away. At the first neuron, output 0.7503, they are 0.7503 and "
    "0.1406; at the second, output 0.9971, they are 0.9971 and 0.0029."
)

# %%
# Read the picture in numbers
# ---------------------------
# The gradient of cross entropy keeps growing with the error; that of squared error passes its peak
# and fades:

print("logit  output   cross entropy  gradient   squared error  gradient")
for point in (0.0, FIRST.z, 4.0, SECOND.z, 8.0):
    ce, ce_grad = BINARY_CROSS_ENTROPY.value_and_grad(y, point)
    se, se_grad = SQUARED_ERROR.value_and_grad(y, point)
    print(
        f"{point:5.2f}  {sigmoid(point):.4f}  {ce:9.4f} nats  {ce_grad:8.4f}  "
        f"{se:14.4f}  {se_grad:8.4f}"
    )

assert np.all(np.diff(BINARY_CROSS_ENTROPY.grad_with_logits(y, z)) > 0.0)
assert SQUARED_ERROR.value_with_logits(y, z).max() < 0.5

# %%
# Draw both over the output
# -------------------------
# Drawn over the output, the same two losses look different. Cross entropy now climbs a wall as the
# output nears 1: to be certain and wrong costs without limit. Its gradient by the logit is the
# error itself, a straight line. Squared error knows no wall; one half is the worst it ever charges.

z = np.linspace(-7.0, 7.0, 281)
o = sigmoid(z)

fig, (loss_ax, grad_ax) = plt.subplots(2, 1, sharex=True, figsize=(7.08, 5.6))
for loss, line, mark in PAIRS:
    loss_ax.plot(o, loss.value(y, o), line)
    grad_ax.plot(o, loss.grad_with_logits(y, z), line)
    for case, _ in CASES:
        loss_ax.plot(case.o, loss.value(y, case.o), mark)
        grad_ax.plot(case.o, loss.grad_with_logits(y, case.z), mark)
loss_ax.text(0.42, 1.0, "cross entropy", color="C0", ha="right")
loss_ax.text(0.6, -0.15, "squared error", color="C1", ha="right", va="top")
loss_ax.text(0.97, 5.85, "second neuron", ha="right", va="center")
loss_ax.text(0.74, 1.6, "first neuron", ha="right")
loss_ax.set(title="loss $e$ (cross entropy in nats)", ylim=(-0.9, 7.2), yticks=[0, 2, 4, 6])
grad_ax.text(0.56, 0.68, "cross entropy", color="C0", ha="right")
grad_ax.text(0.5, 0.2, "squared error", color="C1", ha="right")
grad_ax.set(title=r"gradient $\partial e/\partial z$", yticks=[0.0, 0.5, 1.0])
grad_ax.set(xlabel="output $o$, where 0 is right", xticks=[0, 0.25, 0.5, 0.75, 1])
fig.set_label(
    "Two panels over the output from 0 to 1, target 0. Above, the loss: cross entropy "
    "climbs a wall at 1, squared error ends at one half. Below, the gradient by the "
    "logit: a straight line from 0 to 1 for cross entropy, a low arch that returns to "
    "0 for squared error."
)
plt.show()

# %%
# That straight line is the output minus the target, with nothing in between:

assert np.allclose(BINARY_CROSS_ENTROPY.grad_with_logits(y, z), o - y, rtol=1e-15, atol=0.0)
