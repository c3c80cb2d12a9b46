"""Let each page that runs code be taken along: as a notebook, and as a Python script.

The prose is that of the page as it is written, numbers, citations and all, turned back from HTML
into Markdown; the code is that of the page. What folds on the page folds in the notebook, and
stands apart, at the end, in the script. A line at the top installs what the code needs. Figures lie
in the notebook; records come in an archive. ``take_along.html`` holds the words around all this.
"""

import ast
import base64
import json
import re
import sys
import zipfile
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import jinja2
import nbformat
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter
from nbformat import NotebookNode, v4

from losstheory_site.figures.drawing import alone
from losstheory_site.names import DOCS, FIXED_DATE, GALLERY, RECORDS
from losstheory_site.pages import wheels
from losstheory_site.pages.execution import PYTHON, read_page

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

# Module -> distribution, where the two have different names.
DISTRIBUTIONS = {"IPython": "ipython", "sklearn": "scikit-learn"}
WITH_PACKAGE = {"numpy"}  # what the package brings along

TEX = re.compile(
    r"<!--tex:(.*?)-->"
    r'((?:\s?<math\b.*?</math>)+|<div class="derivation">.*?</div></div>)',
    re.DOTALL,
)
COMMENT = re.compile(r"^\s*%.*\n?", re.MULTILINE)
OFFERS = {"sphx-glr-footer-example", "sphx-glr-download-link-note"}
PLUMBING = "details.plumbing"  # of scripts, which would fold cells
UNWANTED = (  # what is of no use elsewhere
    "a.headerlink, .eqcheck-panel, .only-dark, .figure-source, .sphx-glr-signature, "
    ".sphx-glr-script-out, .gallery-image, svg, script, .sphx-glr-timing, .cell_output, "
    f"{PLUMBING} > summary"
)
WORDS = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # what is put in is ours, and mostly becomes Markdown
)
CELL, MARK = "div.cell, div.highlight-Python", "\x02cell\x03"
FOLD = re.compile(r"<details>\n<summary>(.*?)</summary>\n(.*?)</details>\n?", re.DOTALL)
FIGURE = re.compile(r'<img alt="([^"]*)"[^>]*>')
DRAWING = re.compile(r'<svg class="drawing ([^"]*)".*?</svg>', re.DOTALL)
LABEL = re.compile(r'aria-label="([^"]*)"')
NUMBER = re.compile(r"\((\w+)\)")
KEPT = re.compile("\x02(\\d+)\x03")
BLANKS = re.compile(r"\n{3,}")


class Markdown(MarkdownConverter):
    """Write Markdown as notebooks read it."""

    def convert_details(self, tag: Tag, text: str, parent_tags: set[str]) -> str:
        """Keep what folds: Markdown is read within it if blank lines surround it."""
        summary = tag.find("summary")
        title = " ".join(summary.get_text().split()) if isinstance(summary, Tag) else ""
        return (
            f"\n\n<details>\n<summary>{escape(title)}</summary>\n\n{text.strip()}\n\n</details>\n\n"
        )

    def convert_summary(self, tag: Tag, text: str, parent_tags: set[str]) -> str:
        """Leave to the fold."""
        return ""


def language(pre: Tag) -> str:
    """Return the language of a block of code, which Sphinx names on a box around it."""
    for box in pre.parents:
        for name in box.get("class") or ():
            if name.startswith("highlight-"):
                found = name.removeprefix("highlight-")
                return {"ipython3": "python", "Python": "python", "default": "text"}.get(
                    found, found
                )
    return ""


def without_tex(html: str) -> str:
    """Remove the TeX that ``maths/mathml.py`` wrote in front of each formula."""
    return TEX.sub(r"\2", html)


def words(name: str, *values: object) -> str:
    """Return words of the template with these values in them."""
    module = WORDS.get_template("take_along.html").module
    return str(getattr(module, name)(*values))


class Kept:
    """Texts that are Markdown already, in whose places marks stand until all else is."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def mark(self, text: str) -> str:
        """Keep a text, and return the mark for its place."""
        self.texts.append(text)
        return f"\x02{len(self.texts) - 1}\x03"

    def restore(self, markdown: str) -> str:
        """Put each text into its place."""
        return KEPT.sub(lambda match: self.texts[int(match[1])], markdown)


def to_markdown(body: str, address: str) -> tuple[str, list[str]]:
    """Turn the HTML of a page into Markdown, with a mark in the place of each cell.

    Parameters
    ----------
    body : str
        The HTML, with the TeX of formulas in comments.
    address : str
        Where the page lies: its whole address, or its name beside what is taken along.

    Returns
    -------
    markdown : str
        The prose.
    code : list of str
        What the cells show, where they show it.
    """
    kept = Kept()

    def keep_formula(match: re.Match[str]) -> str:
        return kept.mark(f"${COMMENT.sub('', unescape(match[1])).strip()}$")

    def keep_drawing(match: re.Match[str]) -> str:
        return kept.mark(picture(match[0])) if "for-desk" in match[1].split() else ""

    marked = DRAWING.sub(keep_drawing, TEX.sub(keep_formula, body))
    soup = BeautifulSoup(marked, "html.parser")
    simplify(soup)
    for tag in soup.select(".moving"):
        tag.replace_with(paragraph(soup, kept.mark(words("moves", f"{address}#{tag['id']}"))))
    for tag in soup.select("div.math"):
        tag.replace_with(paragraph(soup, display(tag, kept)))
    code = []
    for tag in soup.select(CELL):
        code.append(tag.get_text())
        tag.replace_with(paragraph(soup, MARK))
    for tag in soup.select("a[href]"):
        tag.attrs.pop("title", None)
        if not urlsplit(str(tag["href"])).scheme:
            tag["href"] = joined(address, str(tag["href"]))
    markdown = Markdown(
        heading_style="ATX", bullets="-", code_language_callback=language
    ).convert_soup(soup)
    return BLANKS.sub("\n\n", kept.restore(markdown)), code


def simplify(soup: BeautifulSoup) -> None:
    """Leave of a page what Markdown can say."""
    for tag in soup.select(UNWANTED):
        tag.decompose()
    for tag in soup.select(PLUMBING):
        tag.unwrap()
    for tag in soup.select("p.admonition-title, .sd-tab-set > label"):
        tag.wrap(soup.new_tag("p" if tag.name == "label" else "div"))
        tag.name = "strong"


def display(equation: Tag, kept: Kept) -> str:
    """Keep a displayed formula as one that stands alone, with the number that the page gives it."""
    number = equation.select_one(".eqno")
    found = NUMBER.search(number.get_text()) if number else None
    formula = equation.select_one(".formula")
    assert formula is not None, "an equation"
    [mark] = KEPT.finditer(formula.get_text())
    text = kept.texts[int(mark[1])].strip("$")
    tagged = f"\\tag{{{found[1]}}}" if found else ""
    return kept.mark(f"$$\n{text}{tagged}\n$$")


def joined(address: str, link: str) -> str:
    """Say where a link of the page with this address leads, seen from beside the page.

    >>> from losstheory_site.pages.take_along import joined
    >>> joined("https://example.org/learn/a.html", "../b.html")
    'https://example.org/b.html'
    >>> joined("a.html", "../b.html"), joined("a.html", "#here")
    ('../b.html', 'a.html#here')
    """
    if urlsplit(address).scheme:
        return urljoin(address, link)
    return address + link if link.startswith("#") else link


def paragraph(soup: BeautifulSoup, content: Tag | str) -> Tag:
    """Wrap something into a paragraph."""
    box = soup.new_tag("p")
    box.append(content)
    return box


def modules(code: str) -> set[str]:
    """Return the modules that a program imports, by their first names."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def needs(code: str) -> tuple[list[str], list[Path]]:
    """Return what to install beside the package, and the records that a program reads.

    >>> from losstheory_site.pages.take_along import needs
    >>> needs("import numpy, scipy.special, sklearn")
    (['scikit-learn', 'scipy'], [])
    """
    wanted = modules(code)
    records = {RECORDS / f"{module}.py" for module in wanted if (RECORDS / f"{module}.py").exists()}
    for helper in set(records):
        text = helper.read_text(encoding="utf-8")
        wanted |= modules(text)
        code += text
    named = {RECORDS / name for name in re.findall(r"\b\w+\.json\b", code)}
    records |= {record for record in named if record.exists()}
    ours = {*wheels.PROJECTS, *WITH_PACKAGE, *(record.stem for record in records)}
    foreign = wanted - ours - sys.stdlib_module_names
    install = {DISTRIBUTIONS.get(module, module) for module in foreign}
    return sorted(install), sorted(records)


def install_line(code: str, home: str) -> str:
    """Return the one line that makes an empty environment ready for a program."""
    found = [home + wheels.name_of(project) for project in ours_in(code)]
    return " ".join(["pip install", *found, *needs(code)[0]])


def picture(drawing: str) -> str:
    """Write a drawing into the prose of a notebook, which then shows it anywhere."""
    label = LABEL.search(drawing)
    assert label is not None, "every drawing is described"
    data = base64.b64encode(alone(drawing).encode()).decode("ascii")
    return f'<img alt="{label[1]}" src="data:image/svg+xml;base64,{data}">'


def notebook_of(markdown: str, code: list[str], opening: str) -> NotebookNode:
    """Return a notebook that has not been run: the prose of a page around its code."""
    prose = markdown.split(MARK)
    if len(prose) != len(code) + 1:
        raise ValueError(f"{len(prose) - 1} cells are shown, {len(code)} are written")
    title, _, rest = prose[0].strip().partition("\n")
    prose[0] = f"{title}\n\n{opening}\n\n{rest.strip()}"
    cells = []
    for number, text in enumerate(prose):
        if text.strip():
            cells.append(v4.new_markdown_cell(text.strip()))
        if number < len(code):
            cells.append(v4.new_code_cell(code[number].strip("\n")))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    metadata = {key: value for key, value in PYTHON.items() if key == "kernelspec"}
    notebook: NotebookNode = v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


def script_of(notebook: NotebookNode) -> str:
    """Return the notebook as a script, its prose as comments; what folds stands at the end."""
    apart: list[str] = []

    def put_apart(match: re.Match[str]) -> str:
        apart.append(f"[{len(apart) + 1}] {match[1]}\n\n{match[2].strip()}")
        return f"{words('apart', match[1], len(apart))}\n"

    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            parts.append(f"# %%\n{cell.source}\n")
        else:
            text = FOLD.sub(
                put_apart, FIGURE.sub(lambda m: words("drawn", unescape(m[1])), cell.source)
            )
            parts.append(commented(text))
    everything = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if "display(" in everything and "IPython" not in modules(everything):
        parts.insert(1, "# %%\nfrom IPython.display import display\n")
    if "matplotlib" in modules(everything) and "plt.show()" not in everything:
        parts.append("# %%\nplt.show()\n")
    return "\n".join(parts + [commented(text) for text in apart])


def commented(text: str) -> str:
    """Write prose as a cell of a script."""
    lines = [f"# {line}".rstrip() for line in text.strip().splitlines()]
    return "\n".join(["# %% [markdown]", *lines]) + "\n"


def pack(target: Path, files: dict[str, Path]) -> None:
    """Pack files under these names into an archive of a fixed date."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, file in files.items():
            member = zipfile.ZipInfo(name, FIXED_DATE)
            archive.writestr(member, file.read_bytes(), zipfile.ZIP_DEFLATED)


def ours_in(code: str) -> list[str]:
    """Return which of our own projects a program needs."""
    return ["losstheory"] + ["eqcheck"] * ("eqcheck" in modules(code))


def written_code(source: Path) -> list[str]:
    """Return the cells of a page as they are written; the page does not show all."""
    notebook = read_page(source.read_text(encoding="utf-8"))
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def leave_offers(app: "Sphinx", doctree: "nodes.document") -> None:
    """Take away what sphinx-gallery offers, before its files are collected: ours stand instead."""
    from docutils import nodes

    for kind in nodes.container, nodes.note:
        for box in list(doctree.findall(kind)):
            if OFFERS & set(box["classes"]):
                box.parent.remove(box)


def offer(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: "nodes.document | None",
) -> None:
    """Write both files beside the page, and link them at its end."""
    if app.builder.name != "html":
        return
    marked = context.get("body", "")
    for part in "body", "toc", "title":
        if part in context:
            context[part] = without_tex(context[part])
    source = Path(app.env.doc2path(pagename))
    of_gallery = pagename.startswith(f"{GALLERY}/") and source.stem.startswith("plot_")
    if doctree is None or not (of_gallery or 'class="cell ' in marked):
        return
    home = wheels.home_of(app.config.html_baseurl)
    target = Path(app.outdir, pagename)
    address = f"{home}{pagename}.html" if home else f"{target.name}.html"
    markdown, code = to_markdown(marked, address)
    if not of_gallery:
        code = written_code(source)
    everything = "\n".join(code)
    line, up = install_line(everything, home), "../" * pagename.count("/")
    files = [wheels.name_of(project) for project in ours_in(everything)]
    said = words("opening", line, files, "" if home else up or "./")
    notebook = notebook_of(markdown, code, said)
    nbformat.validate(notebook)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    written = {".ipynb": f"{text}\n", ".py": script_of(notebook)}
    for suffix, content in written.items():
        target.with_suffix(suffix).write_text(content, encoding="utf-8", newline="\n")
    if records := needs(everything)[1]:
        contents = {f"{target.name}{end}": target.with_suffix(end) for end in written}
        contents |= {file.relative_to(DOCS.parent).as_posix(): file for file in records}
        contents |= {name: Path(app.outdir, name) for name in files}
        pack(target.with_suffix(".zip"), contents)
    context["body"] += words("offer", target.name, line, files, up, bool(records))
