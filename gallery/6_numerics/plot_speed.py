"""
Speed of loss functions: compare the time that they take
========================================================

Careful forms need not be slow. Loss and gradient were computed by the package, by libraries that
people train with, and by formulas of ours in bare NumPy and with SciPy's functions (SciPy has none
of these losses), one after the other on one machine and one thread. The times were recorded by
``docs/data/bench.py``; here they become a picture.

Why the package works block by block is explained under
:doc:`stable losses </beyond/stable-losses>`.
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt

plt.style.use("losstheory.figures")

# The record lies in the repository, above the folder that we run in.
RECORD = "docs/data/bench.json"
folders = [Path.cwd(), *Path.cwd().parents]
found = next(folder / RECORD for folder in folders if (folder / RECORD).exists())
record = json.loads(found.read_text("utf-8"))["large"]

STYLES = {
    "naive NumPy": {"color": "C5", "marker": "x"},
    "SciPy": {"color": "C5", "marker": "^", "markerfacecolor": "none"},
    "scikit-learn": {"color": "C4", "marker": "s"},
    "JAX": {"color": "C3", "marker": "D", "markerfacecolor": "none"},
    "PyTorch": {"color": "C3", "marker": "o"},
}
LABELS = {"naive NumPy": "textbook", "SciPy": "with SciPy"}
NAMES = {"b": "BCE", "n": "softmax CE"}


def ratios(dtype):
    """Return, for each loss and size, the time of each library in times of the package's."""
    times = {}
    for row in record["comparisons"]:
        if (row["type"], row["part"]) == (dtype, "value and gradient"):
            shape = " × ".join(
                f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") for n in row["shape"]
            )
            case = f"{NAMES[row['loss'][0]]}\n{shape}"
            own = row["ns_per_element"]["losstheory"]
            times[case] = {name: ns / own for name, ns in row["ns_per_element"].items()}
    return times


# %%
# Draw how many times as long the others take
# -------------------------------------------
# Right of the line a library takes longer than the package, left of it less. In float64 the package
# is behind only with a thousand logits, where the checks of its arguments weigh more than the
# formula, and with rows of a thousand scores, where a compiler does better. In float32 the package
# pays for computing in float64, which makes nearly every digit right.

panels = {dtype: ratios(dtype) for dtype in ("float64", "float32")}
drawn = [
    row[library]
    for times in panels.values()
    for row in times.values()
    for library in STYLES
    if library in row
]
left, right = 0.85 * min(drawn), 1.15 * max(drawn)

fig, axes = plt.subplots(2, 1, sharex=True, figsize=(7.08, 8.6))
for ax, (dtype, times) in zip(axes, panels.items(), strict=True):
    for library, style in STYLES.items():
        row_times = [row.get(library) for row in times.values()]
        label = LABELS.get(library, library)
        ax.plot(row_times, range(len(times)), linestyle="none", label=label, **style)
    ax.axvline(1.0, color="C5")
    ax.axvspan(left, 1.0, color="C5", alpha=0.1, linewidth=0)
    ax.set(title=dtype, xscale="log", xlim=(left, right), ylim=(len(times) - 0.4, -0.6))
    ax.set_yticks(range(len(times)), times)
    ax.grid(visible=False, axis="x")
    ax.tick_params(axis="x", which="minor", bottom=False, labelbottom=False)
axes[0].text(0.98, -0.42, "faster", color="C5", va="center", ha="right")
axes[0].text(1.02, -0.42, "slower than losstheory", color="C5", va="center")
axes[1].set_xlabel("time for value and gradient,\nin times of losstheory")
marks = [mark for mark in (0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 20) if left < mark < right]
axes[1].set_xticks(marks, [f"{mark:g}" for mark in marks])
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
fig.set_label(
    "Two panels, float64 and float32, with five rows each: binary cross entropy of a thousand, a "
    "hundred thousand and ten million logits, and softmax cross entropy of rows of ten and of a "
    "thousand scores. Marks show the time of each library in times of the package's, on a "
    "logarithmic scale. In float64 nearly all lie to the right of 1, that is, are slower, but for "
    "some among a thousand logits and one among rows of a thousand scores. In float32 many marks "
    "lie to the left."
)

double = panels["float64"]
large = list(double.values())[1:4]
assert all(row[library] > 1 for row in large for library in STYLES if library in row)

# %%
# The same in numbers, in times of the package's:

WIDTHS = {library: len(library) + 2 for library in STYLES}
print(f"{'float64':25s}", *(f"{library:>{width}}" for library, width in WIDTHS.items()))
for case, row in double.items():
    cells = [f"{row[library]:{width}.2f}" for library, width in WIDTHS.items() if library in row]
    print(f"{case.replace(chr(10), ', '):25s}", *cells)

# %%
# The least that we can think of in NumPy is an exponential, a logarithm and a quotient of each
# logit, written to two fresh arrays:

for case, row in double.items():
    if least := row.get("exp, log1p, divide"):
        print(f"{case.replace(chr(10), ', '):25s} {least:13.2f}")
