"""
Cross entropy and squared error on real data: compare them
==========================================================

Squared error and cross entropy taught the same models, with the same output, on four real data
sets, from a usual start and from one that is confidently wrong. The results were recorded by
``docs/data/fair_experiment.py``; here they become pictures.

The rules, and what follows, stand under :doc:`the fair experiment </beyond/fair-experiment>`.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("losstheory.figures")

# The record, and what reads it, lie in the repository, above the folder that we run in.
SCRIPT = "docs/data/fair_results.py"
found = next(p / SCRIPT for p in [Path.cwd(), *Path.cwd().parents] if (p / SCRIPT).exists())
sys.path.insert(0, str(found.parent))

import fair_results as fair

LABELS = [f"{dataset.replace('_', ' ')}\n{model}" for dataset, model in fair.ROWS]

# %%
# How the accuracies differ
# -------------------------
# Each mark is the accuracy of squared error minus that of cross entropy *with the same output*, on
# the same splits, in percentage points; left of the line squared error is worse. The thick bars are
# intervals of 95 % for one comparison, the thin ones hold for all in the picture at once.

SHAPES = {"softmax": {"marker": "s"}, "sigmoid": {"marker": "s", "markerfacecolor": "none"}}
COMPARISONS = len(fair.ROWS) * len(fair.OUTPUTS) * len(fair.STARTS)

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(7.08, 7.4))
for ax, start in zip(axes, fair.STARTS, strict=True):
    ax.axvline(0.0, color="C5", linewidth=1.2)
    alone = fair.same_output("accuracy", start)
    together = fair.same_output("accuracy", start, COMPARISONS)
    for (row, output), (middle, half) in alone.items():
        y = fair.ROWS.index(row) + 0.3 * (fair.OUTPUTS.index(output) - 0.5)
        wide = together[row, output].half
        ax.errorbar(100 * middle, y, xerr=100 * wide, color="C1", elinewidth=0.7, linestyle="none")
        ax.errorbar(
            100 * middle,
            y,
            xerr=100 * half,
            color="C1",
            elinewidth=2.4,
            markersize=6.5,
            linestyle="none",
            label=output if row == fair.ROWS[0] else None,
            **SHAPES[output],
        )
    ax.set(title=f"{start} start", xlabel="difference in accuracy\n(percentage points)")
    # The longer interval holds the shorter one.
    assert all(together[key].half > alone[key].half > 0.0 for key in alone)
axes[0].set_yticks(range(len(LABELS)), LABELS)
axes[0].set_ylim(len(LABELS) - 0.4, -0.6)
style = {"color": "C1", "transform": axes[1].get_yaxis_transform()}
axes[1].text(0.02, 2.45, "filled: softmax", **style)
axes[1].text(0.02, 2.8, "hollow: sigmoids", **style)
fig.set_label(
    "Differences in accuracy between squared error and cross entropy with the same output, with "
    "intervals, for four data sets, two models, and two outputs: softmax and sigmoids. One panel "
    "for each start."
)

# %%
# How long it takes from the wrong start
# --------------------------------------
# One mark for each split: the steps until nine tenths of the training part were right, each pair
# with the step size that was tuned for speed. What never got there stands at the right edge, beyond
# the dotted line, where runs were ended.

STYLES = {
    "softmax + cross entropy": {"color": "C0", "marker": "o"},
    "softmax + squared error": {"color": "C1", "marker": "s"},
    "sigmoid + cross entropy": {"color": "C0", "marker": "o", "facecolor": "none"},
    "sigmoid + squared error": {"color": "C1", "marker": "s", "facecolor": "none"},
    "linear + squared error": {"color": "C5", "marker": "x"},
}
NEVER = 2.5 * fair.SETTINGS["limit"]

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(7.08, 7.4))
datasets = list(dict.fromkeys(dataset for dataset, _ in fair.ROWS))
rows = [(dataset, pair) for dataset in datasets for pair in STYLES]
heights = [k + k // len(STYLES) for k in range(len(rows))]  # an empty row between data sets
for ax, model in zip(axes, ("linear", "network"), strict=True):
    for height, (dataset, pair) in zip(heights, rows, strict=True):
        steps = np.minimum(fair.steps((dataset, model), fair.WRONG, pair), NEVER)
        spread = height + np.linspace(-0.25, 0.25, len(steps))
        ax.scatter(steps, spread, s=16, linewidths=1.0, **STYLES[pair])
        if pair == next(iter(STYLES)):
            ax.text(1, height - 0.9, dataset.replace("_", " "), va="center")
    ax.axvline(fair.SETTINGS["limit"], color="C5", linewidth=1.0, linestyle=":")
    ax.set(xscale="log", xlim=(0.7, 2 * NEVER), title=model, xlabel="steps to the goal")
    ax.set_xticks([1, 10, 100, 1000, NEVER], ["1", "10", "100", "1000", "never"])
    ax.minorticks_off()
    ax.grid(visible=False)
names = {"cross entropy": "CE", "squared error": "SE"}
short = [pair.partition(" + ")[0] + ", " + names[pair.partition(" + ")[2]] for _, pair in rows]
axes[0].set_yticks(heights, short)
axes[0].set_ylim(heights[-1] + 0.7, -1.5)
fig.set_label(
    "Steps to the goal from the confidently wrong start on a logarithmic axis, a mark for each "
    "split, for five pairs on four data sets, with a linear model and with a network. At the right "
    "edge stand the runs that never reached the goal."
)

# %%
# How choosy each pair is
# -----------------------
# The steps to the goal while tuning, against the step size, for the network on the digits from the
# wrong start: the median over splits, where at least half of them tried a size and most reached the
# goal. A wide valley forgives a poor choice. Where the valley lies says little: multiply a loss by
# ten, and its valley moves by ten.

ROW = "digits", "network"


def valley(pair):
    """Return step sizes and median steps to the goal while tuning."""
    tuning = fair.RESULTS[*ROW, fair.WRONG, pair]["tuning"]
    reached = {}
    for split in tuning:
        for power, (_, _, n, _) in split.items():
            reached.setdefault(int(power), []).append(n if n > 0 else np.inf)
    common = sorted(k for k, ns in reached.items() if len(ns) >= len(tuning) / 2)
    middle = {2 ** (k / 2): np.median(reached[k]) for k in common}
    return {step: n for step, n in middle.items() if np.isfinite(n)}


# From the wrong start squared error takes longer, more often than not.
for output in fair.OUTPUTS:
    count = fair.duel(fair.ROWS, fair.WRONG, output)
    assert count.slower > count.faster

fig, ax = plt.subplots(figsize=(7.08, 4.8))
for pair, style in STYLES.items():
    face = style.get("facecolor", style["color"])
    points = valley(pair)
    ax.loglog(
        points.keys(),
        points.values(),
        color=style["color"],
        marker=style["marker"],
        markerfacecolor=face,
        markersize=6,
        linewidth=1.6,
        label=pair,
    )
ax.set(xlabel="step size", title="steps to the goal")
ax.minorticks_off()
ax.text(0.06, 42, "cross entropy", color="C0")
ax.text(0.3, 62, "squared error", color="C1")
ax.text(0.02, 420, "squared error,\nlinear output", color="C5")
ax.text(0.004, 8, "filled: softmax\nhollow: sigmoids", color="C5", va="center")
fig.set_label(
    "Median steps to the goal against the step size on logarithmic axes, one curve for each of "
    "five pairs, for the network on the digits from the wrong start."
)
