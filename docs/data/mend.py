"""Run what goes wrong in the frameworks, and what mends it, and record what they print.

``python docs/data/mend.py`` writes ``mend.json`` beside this file; ``nox -s frameworks`` does the
same with all of them installed. The lines are in ``mend_pytorch.py`` and its siblings, one function
for each fault (``nan_wrong``) and for each remedy (``nan_right``). The pages show its body, which
is run by itself after the lines above the first of them.
"""

import argparse
import ast
import contextlib
import datetime as dt
import io
import json
import os
import re
import textwrap
import traceback
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from signature import sign

HERE = Path(__file__).parent
RECORD = Path(__file__).with_suffix(".json")
# Framework -> the file of its snippets, and the distributions that they need.
FRAMEWORKS = {
    "PyTorch": ("mend_pytorch.py", ("torch",)),
    "Keras": ("mend_keras.py", ("keras", "jax")),
    "JAX": ("mend_jax.py", ("jax", "optax")),
    "scikit-learn": ("mend_scikit_learn.py", ("scikit-learn", "scipy")),
}


class Snippet(NamedTuple):
    """Lines that go wrong, or that mend it."""

    name: str
    caption: str
    code: str


def read(framework: str) -> list[Snippet]:
    """Return the lines at the head of a framework's file, called "imports", and its snippets."""
    source = (HERE / FRAMEWORKS[framework][0]).read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines(keepends=True)
    functions = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and re.search("_(wrong|right)$", node.name)
    ]
    after_docstring = tree.body[0].end_lineno
    head = "".join(lines[after_docstring : functions[0].lineno - 1]).strip() + "\n"
    imports = Snippet("imports", "What the lines on these pages begin with.", head)
    return [imports, *(snippet(node, lines) for node in functions)]


def snippet(function: ast.FunctionDef, lines: list[str]) -> Snippet:
    """Take the docstring of a function for the caption, and the rest of it for the lines."""
    docstring = function.body[0]
    caption = ast.get_docstring(function)
    assert caption, f"{function.name} has no docstring"
    code = "".join(lines[docstring.end_lineno : function.end_lineno])
    return Snippet(function.name, caption, textwrap.dedent(code).strip() + "\n")


def run(code: str, names: dict[str, Any]) -> str:
    """Run lines as a reader would, and return what they print, warn of, and fail with."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            exec(compile(code, "snippet", "exec"), names)
        except Exception as error:
            failure = "".join(traceback.format_exception_only(error))
        else:
            failure = ""
    heard = [f"{w.category.__name__}: {first_line(str(w.message))}\n" for w in warned]
    return "".join([*dict.fromkeys(heard), printed.getvalue(), first_line(failure)]).strip()


def first_line(message: str) -> str:
    """Cut a long message after its first line."""
    first, *rest = message.strip().splitlines() or [""]
    return f"{first} …" if rest else first


def outputs(framework: str) -> Iterator[tuple[Snippet, str]]:
    """Run every snippet of a framework, after the lines that set up."""
    setting_up, *snippets = read(framework)
    names: dict[str, Any] = {"__name__": "snippet"}
    yield setting_up, run(setting_up.code, names)
    for snippet in snippets:
        yield snippet, run(snippet.code, dict(names))


def main() -> None:
    """Run all of them, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--output", type=Path, default=RECORD)
    options = parser.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "jax")
    record = {
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "versions": {
            framework: {need: version(need) for need in (*needs, "numpy")}
            for framework, (_, needs) in FRAMEWORKS.items()
        },
        "frameworks": {
            framework: {
                snippet.name: {"caption": snippet.caption, "code": snippet.code, "output": output}
                for snippet, output in outputs(framework)
            }
            for framework in FRAMEWORKS
        },
    }
    text = json.dumps(sign(record, Path(__file__)), indent=1, ensure_ascii=False)
    options.output.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
