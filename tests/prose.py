"""The prose of the site: what is left of a source without code, mathematics and roles."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive
from sphinx.util.docutils import CustomReSTDispatcher
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from pages import HEADERS, MODULES, PAGES, README, SCRIPTS, tokens

SOURCES = [README, *PAGES, *HEADERS, *SCRIPTS, *MODULES]

FRACTION = r"\A-?(?:\d+/\d+|\\[dt]?frac\{?\d+\}?\{?\d+\}?)\Z"


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


@cache
def prose(path: Path) -> list[tuple[int, str]]:
    """Return the prose of any source of the site, with its lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return list(markdown(text))
    if path.suffix == ".rst":
        return list(restructured(text))
    if path in SCRIPTS:
        return [
            piece
            for kind, content, line in split_code_and_text_blocks(str(path))[1]
            if kind == "text"
            for piece in restructured(content, line - 1)
        ]
    return list(docstrings(text))
