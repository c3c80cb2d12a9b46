"""Every example runs: of docstrings, pages and README, the cells of a page in between.

A page is read from top to bottom in one namespace of its own, as a reader would type it; a
docstring starts afresh. Nothing but the shown output passes, digit for digit.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Document, Example, Region
from sybil.document import PythonDocStringDocument
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.parsers.abstract import DocTestStringParser
from sybil.parsers.myst import CodeBlockParser, DocTestDirectiveParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

from pages import FENCES, PAGES, ROOT, name, tokens

WRITTEN = [ROOT / "README.md", *PAGES]
MODULES = [*(ROOT / "losstheory").glob("*.py"), *(ROOT / "docs" / "_ext").rglob("*.py")]


class DocString(PythonDocStringDocument):
    """A docstring that imports what it uses, since its reader has to."""

    def __init__(self, text: str, path: str) -> None:
        Document.__init__(self, text, path)


def docstring(document: Document) -> Iterator[Region]:
    """Find the examples of a docstring, and clear what the one before left behind."""
    for index, region in enumerate(DocTestParser()(document)):
        if index == 0:
            region.evaluator = afresh
        yield region


def afresh(example: Example) -> str:
    """Evaluate the first example of a docstring."""
    example.namespace.clear()
    return DocTestEvaluator()(example)


def interactive(document: Document) -> Iterator[Region]:
    """Find the examples between ``pycon`` fences."""
    examples = DocTestStringParser()
    for fence in CodeBlockParser("pycon", DocTestEvaluator())(document):
        for region in examples(fence.parsed, document.path):
            region.adjust(fence, fence.parsed)
            yield region


def documents() -> Iterator[Document]:
    """Parse every file that shows an example."""
    for path in WRITTEN:
        yield Document.parse(
            str(path), PythonCodeBlockParser(), DocTestDirectiveParser(), interactive
        )
    for path in MODULES:
        yield DocString.parse(str(path), docstring)


EXAMPLES = [example for document in documents() for example in document.examples()]


@pytest.mark.parametrize(
    "example",
    [pytest.param(one, id=f"{name(Path(one.path))}:{one.line}") for one in EXAMPLES],
)
def test_example(example: Example) -> None:
    example.evaluate()


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_no_example_is_overlooked(page: Path) -> None:
    shown = set()
    for line, token in tokens(page.read_text(encoding="utf-8")):
        code = token.content.splitlines() if token.type in FENCES else []
        prompts = {line + i for i, row in enumerate(code, 1) if row.lstrip().startswith(">>> ")}
        if prompts or re.match(r"python$|\{code-cell\}", token.info):
            shown |= prompts or {line}
    found = {example.line for example in EXAMPLES if example.path == str(page)}
    assert found == shown
