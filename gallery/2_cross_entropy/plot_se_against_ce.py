"""
Watch one loss stall where the other pulls
==========================================

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
PAIRS = ((BINARY_CROSS_ENTROPY, "C0-"), (SQUARED_ERROR, "C1--"))

# %%
# Follow both over the logit
# --------------------------
# Above, the losses; below, their slopes, which are the gradients that learning follows. Cross
# entropy ends in a straight ramp, so it pulls with nearly full strength however far off the neuron
# is. Squared error levels out on a plateau, and a plateau pulls ever less. The dots and the squares
# are the site's two neurons.

z = np.linspace(-6.0, 8.0, 281)

fig, (loss_ax, grad_ax) = plt.subplots(2, 1, sharex=True, figsize=(6.4, 6.0))
for loss, style in PAIRS:
    loss_ax.plot(z, loss.value_with_logits(y, z), style)
    grad_ax.plot(z, loss.grad_with_logits(y, z), style)
    for case, marker in ((FIRST, "o"), (SECOND, "s")):
        loss_ax.plot(case.z, loss.value_with_logits(y, case.z), style[:2] + marker)
        grad_ax.plot(case.z, loss.grad_with_logits(y, case.z), style[:2] + marker)
for case, name in ((FIRST, "first case"), (SECOND, "second case")):
    for ax in (loss_ax, grad_ax):
        ax.axvline(case.z, color="C5", linewidth=1, linestyle=":", zorder=0)
    text = f"{name}\n$o$ = {case.o:.4f}"
    loss_ax.text(case.z - 0.15, 7.6, text, ha="right", va="top", color="C5")

loss_ax.text(0.9, 2.2, "cross entropy (nats)", color="C0", ha="right")
loss_ax.text(2.6, 0.75, "squared error", color="C1")
loss_ax.set(ylabel="loss", ylim=(-0.3, 8.0))
grad_ax.text(2.6, 0.82, "cross entropy", color="C0", va="top")
grad_ax.text(2.6, 0.17, "squared error", color="C1")
grad_ax.set(ylabel=r"gradient $\partial e/\partial z$")
grad_ax.set(ylim=(-0.04, 1.08), yticks=[0.0, 0.5, 1.0])
grad_ax.set(xlabel="logit $z$, more and more wrong (no unit)", xlim=(-6.0, 8.0))
fig.set_label(
    "Two panels over the logit from -6 to 8, target 0. Above, the loss: cross entropy "
    "climbs in a straight ramp, squared error levels out at one half. Below, the "
    "gradient: under cross entropy it rises to 1 and stays, under squared error it is "
    "a low hump that dies away. The second case, at an output of 0.9971, is pulled "
    "hard by one and hardly at all by the other."
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

fig, (loss_ax, grad_ax) = plt.subplots(2, 1, sharex=True, figsize=(6.4, 6.0))
for loss, style in PAIRS:
    loss_ax.plot(o, loss.value(y, o), style)
    grad_ax.plot(o, loss.grad_with_logits(y, z), style)
    for case, marker in ((FIRST, "o"), (SECOND, "s")):
        loss_ax.plot(case.o, loss.value(y, case.o), style[:2] + marker)
        grad_ax.plot(case.o, loss.grad_with_logits(y, case.z), style[:2] + marker)
loss_ax.text(0.42, 1.0, "cross entropy (nats)", color="C0", ha="right")
loss_ax.text(0.97, 0.62, "squared error", color="C1", ha="right")
loss_ax.text(0.96, 5.85, "second case", ha="right")
loss_ax.text(0.74, 1.7, "first case", ha="right")
loss_ax.set(ylabel="loss", ylim=(-0.3, 7.2))
grad_ax.text(0.6, 0.68, "cross entropy", color="C0", ha="right")
grad_ax.text(0.6, 0.21, "squared error", color="C1", ha="right")
grad_ax.set(ylabel=r"gradient $\partial e/\partial z$", yticks=[0.0, 0.5, 1.0])
grad_ax.set(xlabel="output $o$, where 0 is right (no unit)")
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
