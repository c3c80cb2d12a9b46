"""What the site is written in: its pages, its scripts, and the tokens of a page."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import dropwhile
from pathlib import Path
from runpy import run_path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

ROOT = Path(__file__).parents[1]
GENERATED = {"_build", "auto_gallery", "generated", "jupyter_execute"}
PAGES = sorted(
    page
    for page in (ROOT / "docs").rglob("*.md")
    if not GENERATED & set(page.relative_to(ROOT).parts)
)
SCRIPTS = sorted((ROOT / "gallery").rglob("plot_*.py"))
HEADERS = sorted((ROOT / "gallery").rglob("GALLERY_HEADER.rst"))
README = ROOT / "README.md"
MODULES = sorted((ROOT / "losstheory").glob("*.py"))
EXTENSIONS = sorted((ROOT / "docs" / "_ext").rglob("*.py"))

SYNTAX = set(run_path(str(ROOT / "docs" / "conf.py"))["myst_enable_extensions"])
# The contents of these are no prose; whatever else stands between fences is read on.
LITERAL = {
    "bibliography",
    "code-block",
    "code-cell",
    "doctest",
    "literalinclude",
    "math",
    "notation",
    "raw",
    "toctree",
}
FENCES = {"fence", "colon_fence"}
DIRECTIVE = re.compile(r"\{(?P<name>[^}]+)\}\s*(?P<argument>.*)")


def name(path: Path) -> str:
    """Call a file of the repository by its path from the top."""
    return path.relative_to(ROOT).as_posix()


@cache
def parser() -> MarkdownIt:
    """Make what reads a page as MyST does."""
    return create_md_parser(MdParserConfig(enable_extensions=SYNTAX), RendererHTML)


@cache
def parse(text: str) -> list[Token]:
    """Read a page, or a part of it, once for all who ask."""
    return parser().parse(text)


def tokens(text: str, above: int = 0) -> Iterator[tuple[int, Token]]:
    """Walk through a page with the line of each token, into directives of any depth."""
    line = above + 1
    for token in parse(text):
        if token.map:
            line = above + token.map[0] + 1
        yield line, token
        directive = DIRECTIVE.match(token.info) if token.type in FENCES else None
        if directive and directive["name"] not in LITERAL:
            yield from tokens(directive["argument"], line - 1)
            yield from tokens(body(token.content), line)


def body(content: str) -> str:
    """Blank the options at the head of a directive, and keep its lines."""
    lines = content.splitlines()
    rest = list(dropwhile(re.compile(r":[\w-]+:").match, lines))
    if rest[:1] == ["---"]:
        rest = rest[rest.index("---", 1) + 1 :]
    return "\n".join([""] * (len(lines) - len(rest)) + rest)
