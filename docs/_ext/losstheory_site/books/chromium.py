"""Start the browser that prints the book and that the tests read the site with."""

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# Names on Linux, where it is on PATH; on Windows and macOS Playwright knows where these two are.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHANNELS = ("chrome", "msedge")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


def start_chromium(playwright: "Playwright") -> "Browser":
    """Start the Chromium, Chrome or Edge of this system, or the one that CHROMIUM names."""
    from playwright.sync_api import Error

    launch, reasons = playwright.chromium.launch, []
    names = (os.environ["CHROMIUM"],) if "CHROMIUM" in os.environ else NAMES
    path = next(filter(None, map(shutil.which, names)), None)
    if path:
        return launch(executable_path=path, args=FLAGS)
    for channel in CHANNELS if names is NAMES else ():
        try:
            return launch(channel=channel, args=FLAGS)
        except Error as error:
            reasons.append(str(error))
    raise FileNotFoundError(
        f"found no browser named {', '.join(names)}; install Chromium, Chrome or Edge (Debian: "
        "apt install chromium), or set the variable CHROMIUM to the path of one\n"
        + "\n".join(reasons)
    )
