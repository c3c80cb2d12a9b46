"""Let each page be taken along: as a notebook, and as a Python script.

A notebook shows plain Markdown. So equations become ``$$``, roles their text, and boxes the
paragraphs in them. The code is that of the page, and the records that it reads come with it.
sphinx-gallery makes the notebooks of its scripts itself, but knows few of the roles in them.
"""

import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import sphinx_gallery.notebook
from nbformat import NotebookNode

from losstheory_site.names import DOCS, FIXED_DATE
from losstheory_site.pages.execution import read_page

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

WITH_TARGET = re.compile(r":(?!math:)[a-z:]+:`([^`<]+?)\s*<[^`]*>`")
OF_CODE = re.compile(r":(?:py:)?(?:func|class|data|mod|meth|attr):`~?([^`]+)`")
RECORD = re.compile(r"docs/data/\w+\.json")
FENCE = (
    r"^(?P<indent> *)(?P<fence>`{3,}|:{3,})\{%s\}(?P<argument>[^\n]*)\n(?P<body>.*?)^ *(?P=fence)$"
)
BLOCKS = re.compile(
    FENCE % "(?P<name>math|gallery-figure|notation|moving)", re.DOTALL | re.MULTILINE
)
OPTION = re.compile(r"^ *:[a-z-]+:.*\n", re.MULTILINE)
OPENING = re.compile(r"^( *):{3,}(?:\{[a-z-]+\}) *(.*)$", re.MULTILINE)
CLOSING = re.compile(r"^ *:{3,} *$\n?", re.MULTILINE)
TARGET = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)
COMMENT = re.compile(r"^ *%.*\n", re.MULTILINE)
ROLE = re.compile(r"\{(?P<role>[a-z:]+)\}`(?P<text>[^`]*)`")
TITLED = re.compile(r"(.*?)\s*<[^>]*>", re.DOTALL)


def of_block(match: re.Match[str]) -> str:
    """Write an equation between dollars, name a figure, and drop what only the site can show."""
    body = COMMENT.sub("", OPTION.sub("", match["body"])).strip()
    if match["name"] == "math":
        return f"{match['indent']}$$\n{body}\n$$"
    if match["name"] == "gallery-figure":
        return f"*Figure (gallery/{match['argument'].split()[0]}.py):* {body}"
    return ""


def of_role(match: re.Match[str]) -> str:
    """Write a role as the text that the site shows, or nearly so."""
    titled = TITLED.fullmatch(match["text"])
    text = titled[1] if titled else match["text"]
    if match["role"] in {"func", "class", "data", "mod", "meth", "py:func", "py:class", "eval"}:
        return f"`{text.lstrip('~')}`"
    if match["role"].startswith("cite"):
        return f"[{text}]"
    return f"({text})" if match["role"] == "eq" else text


def plain(markdown: str) -> str:
    """Turn the Markdown of a page into that of a notebook."""
    text = BLOCKS.sub(of_block, markdown)
    text = OPENING.sub(r"\1**\2**", text)
    text = CLOSING.sub("", text)
    text = OPTION.sub("", TARGET.sub("", text))
    return ROLE.sub(of_role, text).strip()


def notebook_of(page: str) -> NotebookNode:
    """Return the page as a notebook that has not been run."""
    notebook = read_page(page)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source)
        cell.id = f"cell-{number}"
        cell.metadata = {}
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return notebook


def script_of(notebook: NotebookNode) -> str:
    """Return the notebook as a script, with its prose as comments between ``# %%`` cells."""
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            parts.append(f"# %%\n{cell.source}\n")
        else:
            lines = [f"# {line}".rstrip() for line in cell.source.splitlines()]
            parts.append("\n".join(["# %% [markdown]", *lines]) + "\n")
    return "\n".join(parts)


def without_roles(text: str) -> str:
    """Replace each role of reStructuredText by its text.

    >>> from losstheory_site.pages.take_along import without_roles
    >>> without_roles("about :value:`1.44 <1 / math.log(2)>`, see :func:`losstheory.sigmoid`")
    'about 1.44, see `losstheory.sigmoid`'
    """
    return OF_CODE.sub(r"`\1`", WITH_TARGET.sub(r"\1", text))


def records_of(page: str) -> list[Path]:
    """Return the recorded measurements that a page reads, relative to the repository."""
    return [Path(name) for name in sorted(set(RECORD.findall(page)))]


def pack(target: Path, files: list[Path], records: list[Path]) -> None:
    """Put files beside the records that they read, which keep their folders."""
    contents = {file.name: file for file in files}
    contents |= {record.as_posix(): DOCS.parent / record for record in records}
    with zipfile.ZipFile(target, "w") as archive:
        for name, file in contents.items():
            member = zipfile.ZipInfo(name, FIXED_DATE)
            archive.writestr(member, file.read_bytes(), zipfile.ZIP_DEFLATED)


def offer(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: "nodes.document | None",
) -> None:
    """Write both files beside the page, and link them at its end."""
    if doctree is None or app.builder.name != "html":
        return
    source = Path(app.env.doc2path(pagename))
    if source.suffix != ".md" or "{code-cell}" not in (page := source.read_text(encoding="utf-8")):
        return
    notebook = notebook_of(page)
    target = Path(app.outdir, pagename)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.validate(notebook)
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    target.with_suffix(".ipynb").write_text(f"{text}\n", encoding="utf-8")
    target.with_suffix(".py").write_text(script_of(notebook), encoding="utf-8")
    ways = [(".ipynb", "as a notebook"), (".py", "as Python")]
    if records := records_of(page):
        pack(target.with_suffix(".zip"), [target.with_suffix(end) for end, _ in ways], records)
        ways.append((".zip", "both with the data they read"))
    links = " · ".join(
        f'<a href="{target.name}{suffix}" download>{words}</a>' for suffix, words in ways
    )
    context["body"] += f'<p class="take-along">Take this page along: {links}</p>'


def read_roles() -> None:
    """Put our reading of roles before sphinx-gallery's, which has no hook for it."""
    original = sphinx_gallery.notebook.rst2md

    def rst2md(text: str, *args: Any, **kwargs: Any) -> str:
        return str(original(without_roles(text), *args, **kwargs))

    sphinx_gallery.notebook.rst2md = rst2md
