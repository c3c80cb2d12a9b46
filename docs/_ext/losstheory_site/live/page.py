"""Find the examples of a page, say what they need, and lay what the browser fetches for them.

What a browser runs is what the page shows: the script reads the code from the page itself. Only
cells whose code is not shown are written into the page, where the script finds them.
"""

import json
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jinja2
from docutils import nodes

from losstheory_site.live import pinned
from losstheory_site.names import FIXED_DATE, HOUSE, RECORDS
from losstheory_site.pages import wheels
from losstheory_site.pages.execution import read_page
from losstheory_site.pages.take_along import needs

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path(__file__).parent
SCRIPT = "live/live.js"
FETCHED = ("worker.js", "pyodide-lock.json")
# What runs beside the wheels: ours, and what is pure Python and lies in this environment.
OURS = {
    "runner.py": FOLDER / "runner.py",
    "IPython/__init__.py": FOLDER / "__init__.py",
    "IPython/display.py": FOLDER / "display.py",
    "losstheory_site/__init__.py": FOLDER / "__init__.py",
    "losstheory_site/colours.py": HOUSE / "colours.py",
    "losstheory_site/figures/__init__.py": HOUSE / "figures" / "__init__.py",
    "losstheory_site/figures/drawing.py": HOUSE / "figures" / "drawing.py",
}
THEIRS = ("lark", "markdown-it-py", "mdit-py-plugins", "mdurl")
NAMES = {
    "numpy": "NumPy",
    "matplotlib": "Matplotlib",
    "scikit-learn": "scikit-learn",
    "scipy": "SciPy",
}
MARKUP = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER, encoding="utf-8"),
    undefined=jinja2.StrictUndefined,
    autoescape=True,
)


def cells(source: Path) -> Iterator[tuple[str, bool]]:
    """Yield the code of each cell of a page, and whether the page shows it."""
    if source.suffix == ".md" and "{code-cell}" in (text := source.read_text(encoding="utf-8")):
        for cell in read_page(text).cells:
            if cell.cell_type == "code":
                yield cell.source, "remove-input" not in cell.metadata.get("tags", [])


def typed(doctree: nodes.document) -> Iterator[str]:
    """Yield what was typed line by line, without prompts and answers."""
    for block in doctree.findall(nodes.FixedTextElement):
        lines = block.astext().splitlines()
        if lines and lines[0].startswith(">>> "):
            yield "\n".join(line[4:] for line in lines if line.startswith((">>>", "...")))


def packages(code: str) -> tuple[list[str], list[Path]]:
    """Name what code needs: packages of those that are pinned, and records of measurements.

    >>> from losstheory_site.live.page import packages
    >>> names, records = packages("import fair_results")
    >>> names, [record.name for record in records]
    (['numpy', 'scipy'], ['fair_experiment.json', 'fair_results.py'])
    """
    install, records = needs(code)
    return sorted({"numpy", *install} & pinned.lock()["packages"].keys()), records


def megabytes(names: list[str], *, zipped: bool) -> int:
    """Return how much is fetched for these packages, in whole megabytes."""
    lock = pinned.lock()
    parts = [*lock["core"].values(), *(lock["packages"][n] for n in pinned.with_needs(names))]
    fetched: int = sum(part["sent" if zipped else "size"] for part in parts)
    return round(fetched / 1e6)


def offer(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the words of the editors to a page with examples, and the script that makes them."""
    beside, public = app.config.live_beside, app.config.live_pyodide
    if doctree is None or app.builder.name != "html" or not (beside or public):
        return
    source = Path(app.env.doc2path(pagename))
    executed = list(cells(source))
    code = "\n".join([*(text for text, _ in executed), *typed(doctree)])
    if (script := source.with_suffix(".py")).is_file():  # as sphinx-gallery leaves it
        code = script.read_text(encoding="utf-8")
    if not code:
        return
    names, records = packages(code)
    hidden = [None if shown else text for text, shown in executed]
    context["body"] += MARKUP.get_template("live.html").render(
        home="../" * pagename.count("/") + "_static/live/",
        packages=names,
        called=[NAMES[name] for name in names if name in NAMES],
        data=[record.name for record in records],
        hidden=hidden,
        megabytes=megabytes(names, zipped=not beside),
        host="" if beside else urlsplit(public).hostname,
        python=pinned.lock()["info"]["python"].rpartition(".")[0],
    )
    app.add_js_file(SCRIPT, loading_method="defer")


def library() -> Iterator[tuple[str, bytes]]:
    """Yield what is put beside the packages in the browser, by its name."""
    for name, path in OURS.items():
        yield name, path.read_bytes()
    for project in THEIRS:
        installed = distribution(project)
        for file in installed.files or ():
            if "__pycache__" not in file.parts and ".." not in file.parts:
                yield file.as_posix(), Path(str(file.locate())).read_bytes()


def lay(static: Path, public: str, *, beside: bool) -> None:
    """Write what the browser fetches from this site."""
    folder = static / "live"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name in (Path(SCRIPT).name, *FETCHED):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    with zipfile.ZipFile(folder / "library.zip", "w") as archive:
        for name, content in sorted(library()):
            archive.writestr(zipfile.ZipInfo(name, FIXED_DATE), content, zipfile.ZIP_DEFLATED)
    for path in (*RECORDS.glob("*.json"), *RECORDS.glob("*_results.py")):
        (folder / "data" / path.name).write_bytes(path.read_bytes())
    if beside:
        pinned.lay(folder / "python", pinned.KEPT)
    settings = {
        "python": "python/" if beside else pinned.address(public),
        "wheels": [f"../../{wheels.name_of(project)}" for project in wheels.PROJECTS],
        "integrity": {
            name: [pinned.integrity(file["sha256"]), file["size" if beside else "sent"]]
            for name, file in pinned.files().items()
        },
    }
    text = json.dumps(settings, indent=1, sort_keys=True)
    (folder / "live.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")


def register(app: "Sphinx") -> None:
    """Say where Python is fetched from: pages are written again when that changes."""
    app.add_config_value("live_pyodide", "", "html", types=frozenset({str}))
    app.add_config_value("live_beside", pinned.KEPT.is_dir(), "html", types=frozenset({bool}))
