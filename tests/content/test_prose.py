"""No number in the prose is on trust.

A decimal, and a fraction that would be a formula of its own, is computed on the spot by the role
``value``, shown by code that runs, or stands in an equation, which is checked elsewhere.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive
from sphinx.util.docutils import CustomReSTDispatcher
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from losstheory_site.values import checked_values
from pages import PAGES, ROOT, SCRIPTS, name, tokens

README = ROOT / "README.md"
MODULES = sorted((ROOT / "losstheory").glob("*.py"))
HEADERS = sorted((ROOT / "gallery").rglob("GALLERY_HEADER.rst"))
SOURCES = [README, *PAGES, *HEADERS, *SCRIPTS, *MODULES]

FRACTION = r"\A-?(?:\d+/\d+|\\[dt]?frac\{?\d+\}?\{?\d+\}?)\Z"
NUMBER = re.compile(rf"(?<![\w.])\d+\.\d+(?![\w.]*\d)|{FRACTION}")
# These numbers name something and measure nothing.
LABEL = re.compile(r"\b(CC BY|Python|chapter|equation|section|version) \d+(\.\d+)+", re.IGNORECASE)


def markdown(text: str) -> Iterator[tuple[int, str]]:
    """Yield the prose of a page and its lines; code, mathematics and roles are left out."""
    for line, token in tokens(text):
        breaks = 0
        for child in token.children or ():
            breaks += child.type in {"softbreak", "hardbreak"}
            if child.type == "text" or re.fullmatch(FRACTION, child.content):
                yield line + breaks, child.content


class Prose(Directive):
    """Any directive that we do not know holds prose."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Read what the directive holds."""
        node = nodes.container("\n".join(self.content))
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class Mathematics(Prose):
    """Mathematics is no prose."""

    def run(self) -> list[nodes.Node]:
        """Leave it out."""
        return []


class AnyMarkup(CustomReSTDispatcher):
    """Take a role for a literal, and a directive for prose: Sphinx and its extensions are away."""

    def directive(self, directive_name: str, *context: Any) -> Any:
        """Know docutils' own directives but for mathematics, whose options are Sphinx's."""
        if directive_name == "math":
            return Mathematics, []
        found, messages = super().directive(directive_name, *context)
        return (found, messages) if found else (Prose, [])

    def role(self, *_: Any) -> Any:
        """Show what any role holds as a literal."""
        return lambda *parts, **_: ([nodes.literal(parts[1], parts[2])], []), []


def restructured(text: str, above: int = 0) -> Iterator[tuple[int, str]]:
    """Yield the prose of reStructuredText and its lines."""
    with AnyMarkup():
        # Wrong markup is the build's concern: a docstring's sections are no plain markup.
        settings = {"report_level": 5, "halt_level": 5, "file_insertion_enabled": False}
        document = publish_doctree(text, settings_overrides=settings)
    left_out = (nodes.literal, nodes.FixedTextElement, nodes.Invisible, nodes.system_message)
    for node in document.findall(nodes.Text):
        ancestors = [node.parent]
        while ancestors[-1].parent:
            ancestors.append(ancestors[-1].parent)
        if not any(isinstance(ancestor, left_out) for ancestor in ancestors):
            line = next((ancestor.line for ancestor in ancestors if ancestor.line), 1)
            yield above + line, str(node)


def docstrings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the prose of the docstrings of a module."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, kinds) and isinstance(node.body[0], ast.Expr):
            constant = node.body[0].value
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                yield from restructured(inspect.cleandoc(constant.value), constant.lineno - 1)


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the prose of any source of the site, with its lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from markdown(text)
    elif path.suffix == ".rst":
        yield from restructured(text)
    elif path in SCRIPTS:
        for kind, content, line in split_code_and_text_blocks(str(path))[1]:
            if kind == "text":
                yield from restructured(content, line - 1)
    else:
        yield from docstrings(text)


def bare_numbers(pieces: Iterator[tuple[int, str]]) -> list[tuple[int, str]]:
    """Find the numbers among pieces of prose that are on trust, with their lines."""
    return [
        (line, number) for line, text in pieces for number in NUMBER.findall(LABEL.sub("", text))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Word\nand 0.5.",
        "# Title\n## And 0.5",
        "- One\n- And 0.5",
        "> Quote\n> 0.5",
        "[link](to.md)\n[0.5](to.md)",
        ":::{note}\nAnd 0.5\n:::",
        "\n```{tip} And 0.5\n```",
        "\n````{tip} Title\n```{note}\n:class: x\n\n0.5\n```\n````",
        "```{gallery-figure} a/b 2\nCaption 0.5\n```",
        "Term\n: And 0.5",
        "It is $4/27$.",
    ],
)
def test_a_bare_number_on_a_page_is_seen(text: str) -> None:
    ((line, number),) = bare_numbers(markdown(text))
    assert number in {"0.5", "4/27"}
    assert line == 1 + text[: text.index(number)].count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "$0.5$ and $x = 4/27$ and `0.5` and {value}`0.5 <1 / 2>` and {cite:p}`a0.5`",
        "$$\n0.5\n$$",
        "```{math}\n:label: eq-a\n0.5\n```",
        "```python\n0.5\n```",
        ":::{note}\n```{code-cell} python\n0.5\n```\n:::",
        "[link](https://example.org/0.5)",
        "Python 3.11, version 1.2 or v1.2.3, section 6.2.2",
    ],
)
def test_other_numbers_on_a_page_are_left(text: str) -> None:
    assert bare_numbers(markdown(text)) == []


def test_bare_numbers_in_restructured_text() -> None:
    text = """Bare 0.5, :math:`1.5`, ``2.5`` and :value:`3.5 <7 / 2>`.

.. math::
   :label: eq-a

   4.5

.. seealso:: Bare 5.5

   Bare 6.5

>>> 7.5
7.5
"""
    assert [number for _, number in bare_numbers(restructured(text))] == ["0.5", "5.5", "6.5"]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_numbers_in_prose_are_computed(path: Path) -> None:
    bare = [f"{name(path)}:{line}: {number}" for line, number in bare_numbers(prose(path))]
    if bare:
        remedy = "write {value}`number <expression>` (:value: in a script), or mathematics"
        pytest.fail("\n".join([remedy, *bare]), pytrace=False)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_values_are_what_their_expressions_give(path: Path) -> None:
    wrong = []
    for line, shown, expression in checked_values.find(path.read_text(encoding="utf-8")):
        try:
            checked_values.check(shown, expression)
        except ValueError as error:
            wrong.append(f"{name(path)}:{line}: {error}")
    assert wrong == []
