"""The colours of figures and pages, in light and dark."""

import re

# Light colour -> dark colour; the plotting style and the style sheet have the same pairs.
TO_DARK = {
    "#0067b1": "#7fbdf5",  # C0, cross entropy
    "#c94f00": "#f79b52",  # C1, squared error
    "#007d5f": "#5bdcae",  # C2
    "#96308a": "#d993d6",  # C3
    "#866400": "#ecd06a",  # C4
    "#5b6672": "#a9b4c0",  # C5
    "#1f2933": "#dbe2ea",  # ink
    "#6b7785": "#8f9baa",  # frame and ticks
    "#d3dae2": "#333c47",  # grid
    "#000000": "#dbe2ea",
    "#ffffff": "#14181d",
}
COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def darken(svg: str) -> str:
    """Replace the colours of the plotting style by their counterparts on a dark ground."""
    return COLOUR.sub(lambda match: TO_DARK.get(match[0], match[0]), svg)
