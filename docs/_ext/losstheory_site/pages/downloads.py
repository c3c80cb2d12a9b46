"""Offer each executed page to take along: as a notebook, and as a Python script.

A notebook shows plain Markdown. So equations become ``$$``, roles their text, and boxes the
paragraphs in them. The code is that of the page.
"""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

from losstheory_site.pages.execution import read_page

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

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
    if match["role"] in {"func", "class", "data", "mod", "meth", "py:func", "py:class"}:
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
    links = " · ".join(
        f'<a href="{target.name}{suffix}" download>{words}</a>'
        for suffix, words in ((".ipynb", "as a notebook"), (".py", "as Python"))
    )
    context["body"] += f'<p class="take-along">Take this page along: {links}</p>'
