"""
Softmax derivative: read the Jacobian as a table
================================================

A sigmoid has one slope. A softmax has many: nudge one score, and every output moves, since they
share one unit of probability. The slopes fill a square table, the Jacobian.

They are derived under :doc:`scores and probabilities </learn/softmax>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import logsumexp, sigmoid_grad, softmax_jacobian

plt.style.use("losstheory.figures")

# %%
# Read two tables
# ---------------
# Pick a column: its score rises a little. The column says what that does to each output. Its own
# output gains (green, on the diagonal) and the others pay for it (grey), the larger ones more.
# On the right the scores are four times as far apart, and the softmax has made up its mind:
# whichever score is nudged, next to nothing moves.

examples = (np.array([1.0, 2.0, 3.0]), np.array([4.0, 8.0, 12.0]))

fig, axes = plt.subplots(1, 2, figsize=(7.08, 3.9))
for ax, s in zip(axes, examples, strict=True):
    J = softmax_jacobian(s)
    for (i, j), slope in np.ndenumerate(J):
        text = f"{slope:+.3f}" if abs(slope) > 0.0005 else "0.000"
        text = text.replace("-", "\N{MINUS SIGN}")
        tint = ("C2" if slope > 0 else "C5", min(2.0 * abs(slope), 0.5))
        ax.add_patch(plt.Rectangle((j, i), 1, 1, facecolor=tint, edgecolor=("C5", 0.4)))
        ax.text(j + 0.5, i + 0.5, text, ha="center", va="center")
    ax.set(
        title=f"outputs that move, at {s[0]:g}, {s[1]:g}, {s[2]:g}", xlabel="score that is nudged"
    )
    ax.set_xticks([0.5, 1.5, 2.5], ["$s_1$", "$s_2$", "$s_3$"])
    ax.set_yticks([0.5, 1.5, 2.5], ["$o_1$", "$o_2$", "$o_3$"])
    ax.set(xlim=(0, 3), ylim=(3, 0))  # the first output on top, as in a matrix
    ax.set_aspect("equal")
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)
    ax.grid(visible=False)
fig.set_label(
    "Two tables of three by three slopes, without unit. For the scores 1, 2, 3 the "
    "diagonal is +0.082, +0.185, +0.223; the other entries are negative, the strongest "
    "-0.163 between the second and the third. For the scores 4, 8, 12 the table is "
    "pale: +0.018 and -0.018 in the lower right corner, zeros elsewhere."
)
plt.show()

# %%
# What the table knows
# --------------------
# Each row and each column sums to zero. A column, because the outputs share one unit of
# probability: what one gains, the others lose. A row, because raising all the scores together moves
# nothing.

for s in examples:
    J = softmax_jacobian(s)
    assert np.allclose(J.sum(axis=1), 0.0, atol=1e-15, rtol=0.0)
    assert np.allclose(J.sum(axis=0), 0.0, atol=1e-15, rtol=0.0)
    assert np.allclose(J, J.T, rtol=1e-12, atol=0.0)

# %%
# The diagonal looks familiar: :math:`o_i(1 - o_i)`, the slope of a sigmoid. It is one, that of the
# lead which the score has over all the others together. So a softmax goes flat just as a sigmoid
# does, and behind it squared error stalls in the same way.

s = examples[0]
leads = s - [logsumexp(np.delete(s, k)) for k in range(3)]
diagonal = np.diag(softmax_jacobian(s))
print(f"diagonal {diagonal.round(4)}   slopes {sigmoid_grad(leads).round(4)}")
assert np.allclose(diagonal, sigmoid_grad(leads), rtol=1e-12, atol=0.0)
