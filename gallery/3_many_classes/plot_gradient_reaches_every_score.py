"""
Gradient of softmax and cross entropy: follow it to every score
===============================================================

The negative log-likelihood looks at one output only, that of the right class. Does it then teach
the others nothing? It does teach them, through the softmax: the one output depends on every score.

The gradient is derived under :doc:`scores and probabilities </learn/softmax>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import NEGATIVE_LOG_LIKELIHOOD, descend, softmax

plt.style.use("losstheory.figures")

loss = NEGATIVE_LOG_LIKELIHOOD
s = np.array([1.0, 2.0, 3.0])
o = softmax(s)
y = 1  # counted from 0: the second class is right

# %%
# Look before and behind the softmax
# ----------------------------------
# The scores are 1, 2 and 3, and the second class is right. On the left, the gradient at the
# outputs: one bar, as the loss reads one output. On the right, the gradient at the scores, behind
# the softmax: every class has its share. A step goes against it, so the right score rises and the
# wrong ones fall, and the more probable a wrong class was held to be, the harder it is pushed. Both
# panels have one scale.

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(7.08, 3.8))
panels = (
    (r"at the outputs: $\partial e/\partial o_j$ (nats)", loss.grad(y, o)),
    (r"at the scores: $\partial e/\partial s_j$ (nats)", loss.grad_with_logits(y, s)),
)
for ax, (title, gradient) in zip(axes, panels, strict=True):
    style = {"facecolor": ("C0", 0.25), "edgecolor": "C0", "linewidth": 1.5}
    bars = ax.bar([1, 2, 3], gradient, 0.7, **style)
    numbers = [f"{height:.3f}".replace("-", "\N{MINUS SIGN}") for height in gradient]
    ax.bar_label(bars, numbers, padding=2, fontsize=12)
    ax.axhline(0.0, color="C5", linewidth=1)
    ax.grid(axis="x", visible=False)
    ax.set(title=title, xlabel="class $j$", xticks=[1, 2, 3], ylim=(-5.2, 1.4), yticks=[-4, -2, 0])
fig.set_label(
    "Two bar charts over the classes 1, 2 and 3; class 2 is right. At the outputs "
    "there is a single bar of -4.086 at class 2 and zero elsewhere. At the scores all "
    "three have bars: 0.090, -0.755 and 0.665."
)

# %%
# At the scores the gradient is the output minus the target. Its parts sum to zero: what the right
# score gains, the others give.

gradient = loss.grad_with_logits(y, s)
one_hot = np.eye(3)[y]
print("outputs ", o.round(4))
print("gradient", gradient.round(4), " sum", gradient.sum().round(12))
assert np.allclose(gradient, o - one_hot, rtol=1e-12, atol=0.0)
assert abs(gradient.sum()) < 1e-15
assert np.count_nonzero(loss.grad(y, o)) == 1

# %%
# Let them move
# -------------
# Thirty steps of gradient descent on the scores themselves. The right score climbs. The third,
# which led, falls steeply at once; the first, never a rival, sinks slowly. Their mean stays where
# it was.

history = descend(lambda s: loss.value_and_grad(y, s), s, step=0.5, steps=30)

fig, ax = plt.subplots(figsize=(7.08, 3.8))
for k, style in enumerate(("C4-.", "C0-", "C3--")):
    ax.plot(history.parameters[:, k], style)
ax.axhline(s.mean(), color="C5", linestyle=":", linewidth=1.2)
ax.text(20, 4.05, "class 2, the right one", color="C0", va="top")
ax.text(11, 1.55, "class 3", color="C3", va="bottom")
ax.text(20, 0.8, "class 1", color="C4", ha="center", va="bottom")
ax.text(30, 2.06, "mean", color="C5", ha="right", va="bottom")
ax.set(xlabel="steps of gradient descent", title="score $s$")
fig.set_label(
    "Three scores over 30 steps of gradient descent. That of the right class climbs "
    "from 2 to above 4, that of class 3 falls from 3 to about 1, that of class 1 sinks "
    "from 1 to less than one half. Their mean stays at 2."
)
plt.show()

# %%

for when, step in (("start", 0), ("end", -1)):
    outputs = softmax(history.parameters[step])
    print(f"{when:5}  outputs {outputs.round(4)}  loss {history.values[step]:.4f} nats")

assert np.all(np.diff(history.values) < 0.0)
assert np.allclose(history.parameters.mean(axis=1), s.mean(), rtol=1e-12, atol=0.0)
