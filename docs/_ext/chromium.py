"""Find the browser that prints the book and that the tests read the site with."""

import os
import shutil

USUAL = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str:
    """Find the system's Chromium: by the variable CHROMIUM, or by its usual names."""
    wanted = (os.environ["CHROMIUM"],) if "CHROMIUM" in os.environ else USUAL
    for name in wanted:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(
        f"found no browser named {', '.join(wanted)}; install Chromium (Debian and Ubuntu: "
        "apt install chromium) or set the variable CHROMIUM to the path of one"
    )
