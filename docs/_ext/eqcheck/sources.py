"""The formulas of a source file, without Sphinx: Markdown and rST pages, docstrings, scripts."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

_MARKDOWN = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(front_matter_plugin)
    .use(colon_fence_plugin)
    .use(dollarmath_plugin, allow_labels=True, double_inline=True)
)
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}\s*(?P<argument>.*)")
_OPTION = re.compile(r"\s*:(?P<name>[\w-]+):\s*(?P<value>.*)")
_CODE = ("code", "literalinclude", "doctest", "testcode", "raw", "bibliography", "toctree")
_RST = re.compile(
    r"^(?P<indent>[ ]*)\.\.[ ](?:(?P<name>math|notation)|code(?:-block)?|parsed-literal)"
    r"::[ ]*(?P<first>.*)\n(?P<body>(?:[ \t]*\n|(?P=indent)[ ]{2,}.*(?:\n|\Z))*)"
    r"|^[ ]*\.\.[ ]include::[ ]*(?P<included>.*)"
    r"|:math:`(?P<inline>[^`]+)`|``[^`]*``",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Formula:
    """A formula where it stands; `kind` is "display", "inline", or "notation" for a block."""

    kind: str
    latex: str
    path: Path
    line: int
    label: str = ""


def formulas(path: Path) -> Iterator[Formula]:
    """Yield the formulas and notation blocks of a file, in order."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from _markdown(text, path, 1)
    elif path.suffix == ".rst":
        yield from _rst(text, path, 1)
    elif path.suffix == ".py":
        for line, block in _prose(text):
            yield from _rst(block, path, line)


def _markdown(text: str, path: Path, first: int) -> Iterator[Formula]:
    for token in _MARKDOWN.parse(text):
        line = first + (token.map[0] if token.map else 0)
        if token.type.startswith("math_block"):
            yield Formula("display", token.content, path, line, token.info)
        elif token.type in {"fence", "colon_fence"}:
            yield from _fence(token, path, line)
        elif token.type == "inline":
            for child in token.children or ():
                if child.type.startswith("math_inline"):
                    kind = "display" if child.type.endswith("double") else "inline"
                    before = token.content.partition(child.content)[0].count("\n")
                    yield Formula(kind, child.content, path, line + before)


def _fence(token: Token, path: Path, line: int) -> Iterator[Formula]:
    match = _DIRECTIVE.match(token.info.strip())
    if match is None or match["name"].startswith(_CODE):
        return
    options, body, skipped = _options(token.content)
    if match["name"] in {"math", "notation"}:
        kind = "display" if match["name"] == "math" else "notation"
        latex = "\n".join(filter(None, (match["argument"], body)))
        yield Formula(kind, latex, path, line + 1 + skipped, options.get("label", ""))
    elif match["name"] == "include":
        yield from formulas(path.parent / match["argument"].strip())
    elif match["name"] == "eval-rst":
        yield from _rst(body, path, line + 1 + skipped)
    else:
        yield from _markdown(body, path, line + 1 + skipped)


def _options(content: str) -> tuple[dict[str, str], str, int]:
    """Split the options of a directive from its body; count their lines."""
    lines, options, skipped = content.split("\n"), dict[str, str](), 0
    for line in lines:
        if match := _OPTION.match(line):
            options[match["name"]] = match["value"]
        elif line.strip():
            break
        skipped += 1
    return options, "\n".join(lines[skipped:]), skipped


def _rst(text: str, path: Path, first: int) -> Iterator[Formula]:
    for match in _RST.finditer(text):
        line = first + text.count("\n", 0, match.start())
        if match["inline"]:
            yield Formula("inline", match["inline"], path, line)
        elif match["included"]:
            yield from formulas(path.parent / match["included"].strip())
        elif match["name"]:
            options, body, skipped = _options(textwrap.dedent(match["body"]))
            kind = "display" if match["name"] == "math" else "notation"
            latex = f"{match['first']}\n{body}" if match["first"].strip() else body
            line += 0 if match["first"].strip() else 1 + skipped
            yield Formula(kind, latex.rstrip(), path, line, options.get("label", ""))


def _prose(source: str) -> Iterator[tuple[int, str]]:
    """Yield the docstrings and the comment cells of a script, each with its first line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str() as text, lineno=line)), *_]:
                    found.append((line, text))
    for match in re.finditer(r"^# %%.*\n(?P<cell>(?:#.*\n)*)", source, re.MULTILINE):
        line = source.count("\n", 0, match.start("cell")) + 1
        found.append((line, re.sub(r"^# ?", "", match["cell"], flags=re.MULTILINE)))
    yield from sorted(found)
