"""The colours of figures and pages, in light and dark: one table for all that is drawn.

``losstheory/figures.mplstyle`` repeats the light ones, since it is part of the package; a test
compares them. Style sheets and drawings name a colour as CSS does, ``var(--ink)``.
"""

import re

# Name -> (light, dark). The first nine are those of figures, and stand in the plotting style.
COLOURS = {
    "cross-entropy": ("#0067b1", "#7fbdf5"),
    "squared-error": ("#c94f00", "#f79b52"),
    "third": ("#007d5f", "#5bdcae"),
    "fourth": ("#96308a", "#d993d6"),
    "fifth": ("#866400", "#ecd06a"),
    "guide": ("#5b6672", "#a9b4c0"),
    "ink": ("#1f2933", "#dbe2ea"),
    "frame": ("#6b7785", "#8f9baa"),
    "rule": ("#d3dae2", "#333c47"),
    "paper": ("#ffffff", "#14181d"),
    "quiet": ("#566270", "#9eabb9"),
    "tint": ("#f5f7fa", "#1b2027"),
    "hover": ("#e9eef4", "#242b34"),
    "border": ("#8792a0", "#667280"),
    "visited": ("#5d4b9c", "#b9a8f0"),
    "wrong": ("#a8321c", "#ff9d85"),
    "found": ("#fdf3d3", "#2d2918"),
}
NAMES = {light: name for name, (light, _) in COLOURS.items()} | {"#000000": "ink"}
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
VARIABLE = re.compile(r"var\(--([a-z-]+)\)")


def sheet() -> str:
    """Write the table as CSS, for pages whose theme chooses."""
    rows = (
        f"  --{name}: light-dark({light}, {dark});\n" for name, (light, dark) in COLOURS.items()
    )
    return f":root body:not(#_) {{\n{''.join(rows)}}}\n"


def themed(svg: str) -> str:
    """Let a drawing that stands in a page take its colours from it."""
    return COLOUR.sub(lambda m: f"var(--{NAMES[m[0]]})" if m[0] in NAMES else m[0], svg)


def light(text: str) -> str:
    """Write the light colours out, for readers of books that know no variables."""
    return VARIABLE.sub(
        lambda match: COLOURS[match[1]][0] if match[1] in COLOURS else match[0], text
    )
