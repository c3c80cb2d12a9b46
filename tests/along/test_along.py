"""Each notebook and script of the site runs as it is, and reads as its page."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from along.conftest import JUPYTER, SITE, Environment, run

Download = Callable[[str, str], Path]
RUN = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
print(sum(len(cell.get("outputs", ())) for cell in notebook.cells))
"""
CODE = re.compile(r"^ *(```+).*?^ *\1 *$|`[^`\n]+`|\$\$.*?\$\$|\$[^$]+\$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\]\(([^)\s]+)\)")
RAW = re.compile(
    r"\{[a-z:-]+\}|:[a-z]+:$|^ *:::|¶|[\x00-\x08]|<!--|sphx|</?(?:div|span|p)\b", re.MULTILINE
)


def prose(notebook: str) -> str:
    """Return the text between the cells of code."""
    cells = json.loads(Path(SITE, f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")


def test_script_runs(script: str, downloaded: Download, environment: Environment) -> None:
    file = downloaded(script, ".py")
    python = environment(file.read_text(encoding="utf-8"), ())
    run(python, "-I", file, folder=file.parent)


def test_notebook_runs(notebook: str, downloaded: Download, environment: Environment) -> None:
    file = downloaded(notebook, ".ipynb")
    python = environment(prose(notebook), JUPYTER)
    assert int(run(python, "-I", "-c", RUN, file, folder=file.parent)) > 0, "it shows something"


def test_notebook_shows_no_keys(notebook: str) -> None:
    assert RAW.findall(CODE.sub("", prose(notebook))) == []


def test_links_lead_to_the_site(notebook: str) -> None:
    here = Path(SITE, notebook).parent
    dead = []
    for link in LINK.findall(CODE.sub("", prose(notebook))):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (here / unquote(parts.path)).resolve()
        text = target.read_text("utf-8") if target.suffix == ".html" and target.is_file() else ""
        if not target.is_file() or (parts.fragment and f'id="{parts.fragment}"' not in text):
            dead.append(link)
    assert dead == []
