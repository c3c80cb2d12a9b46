"""A record knows which script made it, and both carry a digest, so that no hand changes a number.

Whoever changes a script of measurements runs it again. Where the change cannot alter a number,
``python docs/data/signature.py bench`` signs the record as it is; say so in the commit.
"""

import ast
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NAME = "made_by"


def sign(record: dict[str, Any], script: Path) -> dict[str, Any]:
    """Return the record with the name of its script, and the digests of both."""
    content = {name: part for name, part in record.items() if name != NAME}
    numbers = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return {
        NAME: {"script": script.name, "code": code(script), "record": short(numbers)},
        **content,
    }


def short(text: str) -> str:
    """Digest a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def code(script: Path) -> str:
    """Digest what a script and its neighbours do, whatever their comments say."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    others = sorted({FOLDER / name for name in named(tree)} - {script, Path(__file__)})
    return short(" ".join([plain(tree), *(code(path) for path in others if path.is_file())]))


def named(tree: ast.Module) -> Iterator[str]:
    """Yield the files beside it that a script may import, or names to read them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"{alias.name}.py" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{node.module}.py"
        elif isinstance(node, ast.Constant) and re.fullmatch(r"\w+\.py", str(node.value)):
            yield str(node.value)


def plain(node: Any) -> str:
    """Write a syntax tree without docstrings, the same in each version of Python."""
    if isinstance(node, list):
        return "".join(map(plain, node))
    if not isinstance(node, ast.AST):
        return repr(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return ""
    fields = (f"{name}={plain(part)}" for name, part in ast.iter_fields(node) if part)
    values = repr(node.value) if isinstance(node, ast.Constant) else ""
    return f"{type(node).__name__}({values} {' '.join(fields)})"


def faults(path: Path) -> list[str]:
    """Say what of a record or of its script has changed since the script wrote it."""
    record = json.loads(path.read_text(encoding="utf-8"))
    if NAME not in record:
        return [f"{path.name} says not which script made it"]
    made = record[NAME]
    script = path.with_name(made["script"])
    now = sign(record, script)[NAME]
    remedy = f"run docs/data/{script.name} again"
    changed = {"code": f"{script.name} has", "record": f"the numbers of {path.name} have"}
    return [
        f"{words} changed since the record was made; {remedy}"
        for name, words in changed.items()
        if made[name] != now[name]
    ]


def main() -> None:
    """Sign records as they are."""
    for name in sys.argv[1:]:
        path = FOLDER / f"{name}.json"
        text = path.read_text(encoding="utf-8")
        record = json.loads(text)
        old = json.dumps({NAME: record[NAME]}, indent=1)[2:-2] if NAME in record else ""
        new = json.dumps({NAME: sign(record, FOLDER / f"{name}.py")[NAME]}, indent=1)[2:-2]
        signed = text.replace(old, new, 1) if old else text.replace("{\n", f"{{\n{new},\n", 1)
        path.write_text(signed, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
