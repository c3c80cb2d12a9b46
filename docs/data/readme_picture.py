"""Draw the picture of the README: the first figure of a gallery script, on white."""

import runpy
from pathlib import Path

import matplotlib.pyplot as plt

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "gallery" / "2_cross_entropy" / "plot_se_against_ce.py"
PICTURE = ROOT / "docs" / "_static" / "readme.svg"


def main() -> None:
    """Run the script and save its first figure."""
    runpy.run_path(str(SCRIPT), run_name="__main__")
    figure = plt.figure(1)
    described = {"Title": str(figure.get_label()), "Date": None, "Creator": None}
    # On white, since the page that shows the README may be dark and the ink is not; with words as
    # outlines, since it has no typeface of ours.
    with plt.rc_context({"svg.fonttype": "path"}):
        figure.savefig(PICTURE, facecolor="white", metadata=described)


if __name__ == "__main__":
    main()
