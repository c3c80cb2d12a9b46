"""
Compare the losses on real data
===============================

Five pairs of output and loss learnt four real data sets, with a linear model and with a small
network, from a usual start and from one that is confidently wrong. The results were recorded by
``docs/data/fair_experiment.py``; here they become pictures.

The rules, and what follows, stand under :doc:`the fair experiment </beyond/fair-experiment>`.
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

plt.style.use("losstheory.figures")

# The record lies in the repository, above the folder that we run in.
RECORD = "docs/data/fair_experiment.json"
found = next(p / RECORD for p in [Path.cwd(), *Path.cwd().parents] if (p / RECORD).exists())
record = json.loads(found.read_text("utf-8"))
SETTINGS = record["settings"]

STYLES = {
    "sigmoid + cross entropy": {"color": "C0", "marker": "o"},
    "softmax + squared error": {"color": "C1", "marker": "s"},
    "sigmoid + squared error": {"color": "C1", "marker": "^", "markerfacecolor": "none"},
    "linear + squared error": {"color": "C5", "marker": "x"},
}
BASE = "softmax + cross entropy"
ROWS = list(dict.fromkeys((r["dataset"], r["model"]) for r in record["results"]))


def result(dataset, model, start, pair):
    """Find one configuration in the record."""
    wanted = {"dataset": dataset, "model": model, "start": start, "pair": pair}
    return next(r for r in record["results"] if wanted.items() <= r.items())


def interval(values):
    """Return the mean and the half width of its 95 % interval, corrected for shared samples."""
    t = 2.093  # Student's t with 19 degrees of freedom: twenty seeds
    n = len(values)
    spread = np.var(values, ddof=1) * (1 / n + 1 / SETTINGS["train_test_ratio"])
    return np.mean(values), t * np.sqrt(spread)


assert SETTINGS["seeds"] == 20

# %%
# What the loss is worth in accuracy
# ----------------------------------
# Each mark is a difference to softmax and cross entropy on the same splits, in percentage points;
# to the left is worse. The bars are intervals of 95 %. Nearly all of them hold 0 on the left, where
# training started as usual. On the right, from the wrong start, some runs of squared error fail
# altogether, which makes its bars wide, and the linear output falls behind for good.

fig, axes = plt.subplots(1, 2, sharey=True, figsize=(6.4, 7.4))
for ax, start in zip(axes, ("usual", "confidently wrong"), strict=True):
    ax.axvline(0.0, color="C0", linewidth=1.4)
    for row, (dataset, model) in enumerate(ROWS):
        base = np.array(result(dataset, model, start, BASE)["test"]["accuracy"])
        for k, (pair, style) in enumerate(STYLES.items()):
            other = np.array(result(dataset, model, start, pair)["test"]["accuracy"])
            middle, half = interval(100 * (other - base))
            y = row + 0.18 * (k - 1.5)
            ax.errorbar(
                middle, y, xerr=half, label=pair if row == 0 else None,
                linestyle="none", elinewidth=1.4, markersize=5.5, **style,
            )  # fmt: skip
    ax.set(title=f"{start} start", xlabel="difference in accuracy\n(percentage points)")
axes[0].set_yticks(range(len(ROWS)), [f"{d.replace('_', ' ')}\n{m}" for d, m in ROWS])
axes[0].set_ylim(len(ROWS) - 0.4, -0.6)
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
fig.set_label(
    "Differences in accuracy to softmax with cross entropy, with intervals, for four data sets and "
    "two models. From the usual start nearly all intervals contain zero, except for the linear "
    "output with squared error. From the confidently wrong start the linear output falls far "
    "behind, and the intervals of squared error on the irises are wide and lie mostly below zero."
)

# %%
# Every pair has its own step size
# --------------------------------
# The Brier score on the tuning parts, for the network on the digits. The valleys lie far apart: a
# step size that suits one pair is a poor choice for another, and a comparison at one step size
# compares step sizes. A curve ends where training ran away.

ALL_STYLES = {BASE: {"color": "C0", "marker": "D"}, **STYLES}

fig, ax = plt.subplots(figsize=(6.4, 4.8))
for pair, style in ALL_STYLES.items():
    rows = result(ROWS[-1][0], "network", "usual", pair)["validation"]
    usable = [row for row in rows if not row["diverged"]]
    steps, scores = [r["step"] for r in usable], [r["brier"] for r in usable]
    ax.loglog(steps, scores, markersize=5.5, linewidth=1.6, label=pair, **style)
ax.set(xlabel="step size (no unit)", ylabel="Brier score, tuning parts")
ax.set_yticks([0.05, 0.1, 0.2, 0.5, 1.0], ["0.05", "0.1", "0.2", "0.5", "1"])
ax.minorticks_off()
fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
fig.set_label(
    "Brier score against the step size on logarithmic axes, one curve for each of five pairs. "
    "All curves fall, reach a valley and rise or end. The valleys of cross entropy lie at smaller "
    "steps than those of squared error after the same output."
)
