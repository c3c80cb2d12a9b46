"""Every example runs: of docstrings, pages and README, the cells of a page in between.

A page is read from top to bottom in one namespace of its own, as a reader would type it; a
docstring starts afresh. Nothing but the shown output passes, digit for digit. What the cells show
is compared with a text that people have reviewed, and with it the numbers behind each True.
"""

import ast
import doctest
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from nbformat import v4
from pytest_regressions.file_regression import FileRegressionFixture
from sybil import Document, Example, Region
from sybil.document import PythonDocStringDocument
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.parsers.abstract import DocTestStringParser
from sybil.parsers.myst import CodeBlockParser, DocTestDirectiveParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

from drawn import extremes, short
from losstheory_site.pages.execution import EVAL, run_cell
from pages import EXTENSIONS, FENCES, MODULES, PAGES, README, name, tokens
from review import review

WRITTEN = [README, *PAGES]

CELL = "```{code-cell} python"
COMPARED = {"allclose", "isclose", "array_equal", "all", "any"}
# A point that the checker of equations has drawn, and the sides of the equation there.
POINT = re.compile(r"^    (?:at|left|right)  .*", re.MULTILINE)
DIGITS = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
TINY = 1e-7  # what rounding leaves of a difference, which each machine leaves otherwise
SHOWN: defaultdict[str, list[str]] = defaultdict(list)  # path -> what its examples show, in order
RAN: set[Example] = set()


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


def code(document: Document) -> Iterator[Region]:
    """Find code between fences; that of a cell is run as the build runs it."""
    for region in PythonCodeBlockParser()(document):
        if document.text.startswith(CELL, region.start):
            region.evaluator = cell
        yield region


def cell(example: Example) -> str:
    """Run a cell, and keep what it shows."""
    options = re.match(r":tags: \[(?P<tags>.*)\]\n\n?", example.parsed)
    source = example.parsed[options.end() if options else 0 :]
    notebook_cell = v4.new_code_cell(source)
    error = run_cell(notebook_cell, f"<cell at line {example.line}>", example.namespace)
    for output in notebook_cell.outputs:
        data = output.get("data", {})
        text = output.get("text") or data.get("text/markdown") or data.get("text/plain") or error
        text = POINT.sub(lambda line: DIGITS.sub("…", line[0]), text.rstrip())
        SHOWN[example.path].append(f"{text}\n")
    return "" if options and "raises-exception" in options["tags"] else error


def evaluated(document: Document) -> Iterator[Region]:
    """Find the values that a page shows within a sentence."""
    for match in EVAL.finditer(document.text):
        yield Region(match.start(), match.end(), match[1], evaluate)


def evaluate(example: Example) -> None:
    """Keep the value of an expression, as the sentence shows it."""
    SHOWN[example.path].append(f"{eval(example.parsed, example.namespace)}\n")


def documents() -> Iterator[Document]:
    """Parse every file that shows an example."""
    for path in WRITTEN:
        yield Document.parse(str(path), code, DocTestDirectiveParser(), interactive, evaluated)
    for path in (*MODULES, *EXTENSIONS):
        yield DocString.parse(str(path), docstring)


EXAMPLES = {document.path: list(document.examples()) for document in documents()}


def examples_and_pages() -> Iterator[object]:
    """Yield the examples of each file, and then the file, whose tests one process runs in a row."""
    for path, examples in EXAMPLES.items():
        for one in examples:
            yield pytest.param(path, one, id=f"{name(Path(path))}:{one.line}:{one.column}")
        yield pytest.param(path, None, id=f"{name(Path(path))}:was_reviewed")


@pytest.mark.parametrize(("path", "example"), list(examples_and_pages()))
def test_example(
    path: str, example: Example | None, file_regression: FileRegressionFixture
) -> None:
    for one in EXAMPLES[path]:
        if one is example or one not in RAN:  # another process may have run what comes before
            run(one)
        if one is example:
            break
    else:
        review(file_regression, "shown", Path(path), "\n".join(SHOWN[path]))


def run(example: Example) -> None:
    """Evaluate an example once, and keep the numbers behind a True or False."""
    RAN.add(example)
    example.evaluate()
    parsed = example.parsed
    if isinstance(parsed, doctest.Example) and parsed.want in {"True\n", "False\n"}:
        numbers = [summary(value) for value in operands(parsed.source, example.namespace)]
        SHOWN[example.path].append(f"{parsed.want.strip()}: {', '.join(numbers)}\n")


def operands(source: str, names: dict[str, object]) -> Iterator[object]:
    """Evaluate again what an example compares: True alone says nothing that could fail."""
    for node in ast.walk(ast.parse(source, mode="eval")):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            parts = node.args if node.func.attr in COMPARED else []
        for part in parts:
            try:
                yield eval(compile(ast.Expression(part), "<operand>", "eval"), names)
            except NameError:  # the variable of a generator within the expression
                yield ast.unparse(part)


def summary(value: object) -> str:
    """Write a value in short."""
    if isinstance(value, bool | np.bool_ | str) or value is None:
        return str(value)
    if np.ndim(np.asarray(value)) == 0:
        number = float(np.asarray(value, dtype=float))
        return "tiny" if 0.0 < abs(number) < TINY else short(number)
    return f"{np.shape(np.asarray(value))} {extremes(value)}"


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_no_example_is_overlooked(page: Path) -> None:
    shown = set()
    for line, token in tokens(page.read_text(encoding="utf-8")):
        code = token.content.splitlines() if token.type in FENCES else []
        prompts = {line + i for i, row in enumerate(code, 1) if row.lstrip().startswith(">>> ")}
        if prompts or re.match(r"python$|\{code-cell\}", token.info):
            shown |= prompts or {line}
    examples = EXAMPLES.get(str(page), [])
    assert {e.line for e in examples if e.region.evaluator is not evaluate} == shown
