r"""
Code lengths: see cross entropy as an area
==========================================

The weather of each day is to be sent as a word of 0s and 1s. A good code gives frequent weather a
short word: an event of probability :math:`p` deserves :math:`-\log_2(p)` bits. The mean length of a
message is then an area, how often times how long.

The formulas stand under :doc:`what cross entropy measures </learn/cross-entropy>`.
"""

import matplotlib.pyplot as plt
import numpy as np

from losstheory import cross_entropy, entropy, kl_divergence, negative_log_likelihood

plt.style.use("losstheory.figures")

# %%
# Width is how often, height is how long
# --------------------------------------
# Both panels show the same weather, distributed as :math:`P`: a wide block comes often. On the left
# the words fit :math:`P`, and the area is the entropy :math:`H(P)`. On the right we believed in
# :math:`Q`, a sunny place, and chose the words for that. The weather does not care, so the widths
# stay, but the frequent rain now has a long word. The area is the cross entropy :math:`H(P, Q)`. It
# has grown, as it does for every :math:`Q` that is not :math:`P`: what the short word for sun saves
# is less than what the long one for rain costs.

weather = ("rain", "fog", "sun", "snow")
p = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
q = np.array([1 / 8, 1 / 8, 1 / 2, 1 / 4])
codes = (
    (p, ("0", "10", "110", "111"), "bits a word, fit for $P$\n$H(P)$"),
    (q, ("110", "111", "0", "10"), "bits a word, fit for $Q$\n$H(P, Q)$"),
)

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(7.08, 4.4))
starts = np.cumsum(p) - p
for ax, colour, (believed, words, title) in zip(axes, ("C5", "C0"), codes, strict=True):
    lengths = negative_log_likelihood(range(4), [believed] * 4, base=2)
    style = {"facecolor": (colour, 0.25), "edgecolor": colour, "linewidth": 1.5}
    ax.bar(starts, lengths, p, align="edge", **style)
    for name, word, x, top in zip(weather, words, starts + p / 2, lengths, strict=True):
        ax.text(x, top + 0.05, name, ha="center", va="bottom")
        ax.text(x, 0.15, word, ha="center", va="bottom")
    ax.grid(visible=False)
    ax.set(title=f"{title} = {cross_entropy(p, believed, base=2):.3f} bits")
    ax.set(xlabel="share of days, $P$", yticks=[0, 1, 2, 3], ylim=(0, 3.5))
    ax.set_xticks([0.0, 0.5, 0.75, 1.0], ["0", "1/2", "3/4", "1"])
fig.set_label(
    "Two charts of four blocks, equally wide in both: rain on half of the days, fog on "
    "a quarter, sun and snow on an eighth each. Left, the heights fit: rain one bit, "
    "fog two, sun and snow three; the area is 1.75 bits. Right, rain and fog are three "
    "bits high, sun one and snow two; the area is 2.625 bits."
)
plt.show()

# %%
# Count the digits
# ----------------
# The words really have these lengths, so the mean length of a message can be counted:

for believed, words, _ in codes:
    counted = sum(share * len(word) for share, word in zip(p, words, strict=True))
    assert np.isclose(counted, cross_entropy(p, believed, base=2), rtol=1e-12, atol=0.0)
    print(f"mean length {counted:.3f} bits")

# %%
# The excess of the second over the first is the Kullback-Leibler divergence, the price of believing
# in :math:`Q` where :math:`P` is true:

excess = cross_entropy(p, q, base=2) - entropy(p, base=2)
print(f"excess {excess:.3f} bits, divergence {kl_divergence(p, q, base=2):.3f} bits")
assert np.isclose(excess, kl_divergence(p, q, base=2), rtol=1e-12, atol=0.0)
