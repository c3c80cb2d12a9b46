"""Put slips into the site, one at a time, and see which of them the checks notice.

``nox -s slips -- --seed 7 --number 400`` does; with ``--record`` the table becomes ``slips.json``
beside this file, which the site shows. A slip is one small change of the kind that people make: a
digit, a sign, a colour, a name, another link. Each worker has a copy of the sources, and tries a
slip in a forked process; so this runs on Linux and macOS. A run that is stopped goes on when it is
started again with the same seed and number, unless a source has changed.
"""

import argparse
import datetime as dt
import gc
import hashlib
import importlib
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tokenize
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from signature import sign

ROOT = Path(__file__).parents[2]
FOLDERS = ("losstheory", "gallery", "docs", "tests")
IMPORTED = (".", "docs/_ext", "docs/data", "tests")


class Slip(NamedTuple):
    """A small change of a file."""

    kind: str
    path: str
    start: int
    old: str
    new: str

    def __str__(self) -> str:
        """Say what was changed, and on which line."""
        text = (ROOT / self.path).read_text(encoding="utf-8")
        line = text.count("\n", 0, self.start) + 1
        return f"{self.path}:{line}: {self.old!r} became {self.new!r}"


# ---- What becomes what ----

PAIRS = {
    "code": (
        ("+", "-"), ("*", "/"), ("<", ">="), (">", "<="), ("==", "!="), ("exp", "log"),
        ("max", "min"), ("sum", "max"), ("argmax", "argmin"), ("FIRST", "SECOND"),
        ("SQUARED_ERROR", "BINARY_CROSS_ENTROPY"), ("sigmoid", "tanh"), ("True", "False"),
    ),
    "script": (
        ("+", "-"), ("*", "/"), ("<", ">"), ("exp", "log"), ("max", "min"), ("abs", "sqrt"),
        ("value", "slope"), ("nats", "bits"), ("cross", "squared"), ("low", "high"),
    ),
    "maths": (
        ("+", "-"), (r"\ln", r"\log_2"), ("o", "y"), ("w", "x"), ("P", "Q"), ("i", "j"), ("z", "w"),
        (r"\exp", r"\ln"), (r"\sigma", r"\exp"), (r"\le", r"\ge"), ("s", "o"), ("<", ">"),
        ("'", ""),
    ),
    "look": (
        ("C0", "C1"), ("C2", "C3"), ("C5", "C4"), ("--", ":"), ('"o"', '"s"'), ("left", "right"),
        ("top", "bottom"), ("first", "second"), ("loss", "gradient"), ("output", "input"),
        ("cross entropy", "squared error"), ("log", "linear"), ("x", "y"), ("nats", "bits"),
    ),
    "numbers": (
        ("two", "three"), ("three", "four"), ("four", "five"), ("twice", "half"), ("ten", "twelve"),
        ("five", "six"), ("six", "seven"), ("eight", "nine"), ("half", "a third"), ("zero", "two"),
        ("hundred", "thousand"), ("quarter", "fifth"),
    ),
    "words": (
        ("more", "less"), ("larger", "smaller"), ("always", "never"), ("all", "some"), ("not ", ""),
        ("convex", "concave"), ("grows", "falls"), ("above", "below"), ("right", "wrong"),
        ("fast", "slow"), ("first", "second"), ("infinite", "finite"), ("up", "down"),
    ),
}  # fmt: skip
DIGITS = re.compile(r"(?<![\w.#])\d+(?:\.\d+)?")


def swaps(name: str, with_digits: bool = True) -> Callable[[str], Iterator[tuple[int, str, str]]]:
    """Return what finds, in a text, every change of a table."""
    table = {**dict(PAIRS[name]), **{new: old for old, new in PAIRS[name] if new}}

    def written(token: str) -> str:
        word = token[-1].isalnum() and name != "maths"
        before = r"(?<![A-Za-z_\\])" if token[0].isalnum() else r"(?<![-+*/<>=!:(,\"'eE])"
        if token[0] == "\\":
            before = ""
        after = r"(?![A-Za-z_])" if word or token[-1].isalpha() else r"(?![-+*/<>=])"
        return f"{before}{re.escape(token)}{after}"

    tokens = re.compile("|".join(written(t) for t in sorted(table, key=len, reverse=True)))

    def find(text: str) -> Iterator[tuple[int, str, str]]:
        for match in tokens.finditer(text):
            yield match.start(), match[0], table[match[0]]
        for match in DIGITS.finditer(text) if with_digits else ():
            yield match.start(), match[0], other(match[0])

    return find


def other(digits: str) -> str:
    """Return a number whose last digit is another."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


# ---- Where: the parts of a file ----

Part = tuple[str, int, str]  # what it is, where it starts, its text
VALUE = re.compile(r"(?:\{value\}|:value:)`[^`]*`")
FENCE = re.compile(r"[`:]{3,}\{?(?P<name>[\w-]*)\}?\s*(?P<argument>.*)")
MASKED = re.compile(
    r"``[^`]*``|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|\{[\w:-]+\}|<[^>]*>|\b[CSL]\d+|https?://\S+",
    re.DOTALL,
)
INLINE = re.compile(r"(?<![\\$])\$(?P<md>[^$\n]+)\$(?!\$)|:math:`(?P<rst>[^`]+)`")
LITERAL = {"notation", "toctree", "bibliography", "raw", "latex", "markdown", "toml", "console"}


def parts_of_page(text: str) -> Iterator[Part]:
    """Tell the parts of a page: prose, displayed mathematics, cells, examples, directives."""
    fences: list[tuple[str, str]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        fence = re.match(r"[`:]{3,}", stripped)
        if fence and fences and stripped == fences[-1][0]:
            fences.pop()
        elif fence:
            opened = FENCE.match(stripped)
            assert opened
            fences.append((fence[0], opened["name"]))
            yield "directive" if opened["name"] in {"gallery-figure", "moving"} else "", start, line
        else:
            yield kind_of(stripped, [name for _, name in fences]), start, line
        start += len(line)


def kind_of(line: str, fences: list[str]) -> str:
    """Name the part of a page that a line belongs to."""
    inner = fences[-1] if fences else ""
    if not line or re.match(r":[\w-]+:|%|---|\(\S+\)=", line) or LITERAL & set(fences):
        return ""
    if inner == "math":
        return "" if re.match(r"\\(begin|end)", line) else "display"
    if inner in {"python", "pycon"}:
        return "example" if re.match(r">>>|\.\.\.", line) else "printed"
    if inner == "code-cell":
        return "cell"
    return "" if inner in {"code-block", "literalinclude", "eval-rst", "text"} else "prose"


CODE = {tokenize.OP, tokenize.NUMBER, tokenize.NAME}


def parts_of_python(text: str) -> Iterator[Part]:
    """Tell the parts of a module or script: code, strings, docstrings and comments as prose."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = [*text.splitlines(), ""]
    described = False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        start = starts[token.start[0] - 1] + token.start[1]
        if token.type == tokenize.NAME and token.string == "set_label":
            described = True
        if token.type == tokenize.OP and token.string == ")":
            described = False
        row = lines[token.start[0] - 1]
        if token.string.startswith(('"""', 'r"""')):
            yield from docstring(token.string, start)
        elif token.type == tokenize.COMMENT:
            yield "comment" if row.startswith("# ") else "", start, token.string
        elif token.type == tokenize.STRING:
            yield "description" if described else "string", start, token.string
        elif token.type in CODE and not re.match(r"import|from|@|.*\bprint\(", row):
            yield "code", start, token.string


def docstring(text: str, start: int) -> Iterator[Part]:
    """Tell the parts of a docstring: prose, examples and what they print."""
    before = ""
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if re.match(r">>>|\.\.\. ", stripped):
            before = "example"
        elif not stripped:
            before = ""
        elif before in {"example", "printed"}:
            before = "printed"
        else:
            before = "prose"
        yield before, start, line
        start += len(line)


def within(pattern: re.Pattern[str], part: Part) -> Iterator[tuple[int, str]]:
    """Yield the matches of a pattern in a part, with their places."""
    for match in pattern.finditer(part[2]):
        group = next((g for g, found in match.groupdict().items() if found), 0)
        yield part[1] + match.start(group), match[group]


# ---- The kinds ----


def files(*patterns: str) -> list[str]:
    """List files of the repository."""
    found = (path for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    skipped = ("_build", "auto_gallery", "generated")
    return [p.relative_to(ROOT).as_posix() for p in found if not set(p.parts) & set(skipped)]


PAGES = files("docs/*.md", "docs/[!_]*/**/*.md")
SCRIPTS = files("gallery/*/plot_*.py")
MODULES = files("losstheory/*.py")
MOVING = files("docs/_ext/losstheory_site/moving/*.js", "docs/_ext/losstheory_site/moving/*.html")
ARITHMETIC = "docs/_ext/losstheory_site/moving/arithmetic.js"
FRAME = "docs/_ext/losstheory_site/moving/frame.js"


@cache
def parts(path: str) -> list[Part]:
    """Return the parts of a file."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return list(parts_of_page(text) if path.endswith(".md") else parts_of_python(text))


def changed(
    kind: str,
    paths: list[str],
    wanted: set[str],
    find: Callable[[str], Iterator[tuple[int, str, str]]],
) -> Iterator[Slip]:
    """Yield the changes of a table in the parts that are wanted."""
    for path in paths:
        for what, start, text in parts(path):
            if what in wanted:
                clean = MASKED.sub(lambda m: " " * len(m[0]), text) if what == "prose" else text
                for place, old, new in find(clean):
                    yield Slip(kind, path, start + place, old, new)


def pieces(
    kind: str,
    paths: list[str],
    wanted: set[str],
    pattern: re.Pattern[str],
    find: Callable[[str], Iterator[tuple[int, str, str]]],
) -> Iterator[Slip]:
    """Yield the changes of a table in what a pattern finds in the parts that are wanted."""
    for path in paths:
        for part in parts(path):
            if part[0] in wanted:
                for start, text in within(pattern, part):
                    for place, old, new in find(text):
                        yield Slip(kind, path, start + place, old, new)


RELATION = re.compile(r"[=<>]|\\(?:leq?|geq?|approx|to)(?![a-zA-Z])")


def inline(kind: str, relation: bool) -> Iterator[Slip]:
    """Yield slips in formulas within the text, with a relation or without."""

    def find(text: str) -> Iterator[tuple[int, str, str]]:
        return swaps("maths")(text) if bool(RELATION.search(text)) == relation else iter(())

    return pieces(kind, [*PAGES, *MODULES], {"prose"}, INLINE, find)


def shown_values(kind: str) -> Iterator[Slip]:
    """Yield slips in numbers that carry their expression."""
    for path in [*PAGES, *SCRIPTS]:
        text = (ROOT / path).read_text(encoding="utf-8")
        for match in VALUE.finditer(text):
            shown = match[0].partition("`")[2].partition("<")[0]
            for digits in DIGITS.finditer(shown):
                start = match.start() + match[0].index("`") + 1 + digits.start()
                yield Slip(kind, path, start, digits[0], other(digits[0]))


TARGETS = (
    re.compile(r"\]\((?P<a>[^)\s#]+\.md)[^)]*\)"),
    re.compile(r"\{eq\}`(?P<a>[^`<>]+)`"),
    re.compile(r"\{ref\}`[^`<]*<(?P<a>[^`>]+)>`"),
    re.compile(r"\{cite:[pt]\}`(?P<a>[^`,]+)`"),
    re.compile(r"\{term\}`(?P<a>[^`<>]+)`"),
    re.compile(r"\{gallery-figure\} (?P<a>\S+)"),
)


def references(kind: str) -> Iterator[Slip]:
    """Yield links, citations, equation numbers and figures that lead to another place."""
    rng = random.Random(0)
    for pattern in TARGETS:
        found = [
            (path, start, text)
            for path in PAGES
            for start, text in within(pattern, ("", 0, (ROOT / path).read_text(encoding="utf-8")))
        ]
        for path, start, text in found:
            folder = path.rpartition("/")[0]
            pool = {
                to for other, _, to in found if to != text and other.rpartition("/")[0] == folder
            }
            if pool:
                yield Slip(kind, path, start, text, rng.choice(sorted(pool)))


VERDICT = re.compile(r"\{verdict\}`(?P<a>right|loose|wrong|misnamed)\b")


def verdicts(kind: str) -> Iterator[Slip]:
    """Yield verdicts of the claims that become others."""
    path = "docs/reference/claims.md"
    text = (ROOT / path).read_text(encoding="utf-8")
    for start, old in within(VERDICT, ("", 0, text)):
        yield Slip(kind, path, start, old, "wrong" if old == "right" else "right")


def recorded(kind: str) -> Iterator[Slip]:
    """Yield numbers of records that are changed."""
    rng = random.Random(0)
    for path in files("docs/data/*.json"):
        text = (ROOT / path).read_text(encoding="utf-8")
        head = text.find("}")
        numbers = [m for m in DIGITS.finditer(text) if m.start() > head]
        for match in rng.sample(numbers, min(60, len(numbers))):
            yield Slip(kind, path, match.start(), match[0], other(match[0]))


UNSEEN = re.compile(r'/\*.*?\*/|(?<!:)//[^\n]*|class="[^"]*"|\{#.*?#\}', re.DOTALL)


def javascript(kind: str, paths: list[str]) -> Iterator[Slip]:
    """Yield slips in the scripts and the markup of what moves."""
    for path in paths:
        text = (ROOT / path).read_text(encoding="utf-8")
        clean = UNSEEN.sub(lambda match: " " * len(match[0]), text)
        for place, old, new in swaps("script" if path.endswith(".js") else "look")(clean):
            yield Slip(kind, path, place, old, new)


PACKAGE = "code of the package"
KINDS: dict[str, Callable[[str], Iterator[Slip]]] = {
    "displayed equations": lambda kind: changed(kind, PAGES, {"display"}, swaps("maths")),
    "formulas in the text that claim something": lambda kind: inline(kind, relation=True),
    "formulas in the text that claim nothing": lambda kind: inline(kind, relation=False),
    "numbers with their expression": shown_values,
    "other numbers in prose": lambda kind: changed(
        kind, [*PAGES, *SCRIPTS, *MODULES], {"prose"}, swaps("numbers")
    ),
    "code cells": lambda kind: changed(kind, PAGES, {"cell"}, swaps("code")),
    "examples, their code": lambda kind: changed(
        kind, [*PAGES, *MODULES], {"example"}, swaps("code")
    ),
    "examples, what they print": lambda kind: changed(
        kind, [*PAGES, *MODULES], {"printed"}, lambda text: (
            (m.start(), m[0], other(m[0])) for m in DIGITS.finditer(text)
        ),
    ),
    "figures, data and formulas": lambda kind: changed(kind, SCRIPTS, {"code"}, swaps("code")),
    "figures, words, colours and places": lambda kind: changed(
        kind, SCRIPTS, {"string"}, swaps("look")
    ),
    "figures, descriptions": lambda kind: changed(kind, SCRIPTS, {"description"}, swaps("look")),
    "what moves, arithmetic": lambda kind: javascript(kind, [ARITHMETIC]),
    "what moves, drawing and labels": lambda kind: javascript(
        kind, [path for path in MOVING if path not in {ARITHMETIC, FRAME}]
    ),
    "links, citations, numbers of equations": references,
    "verdicts on claims": verdicts,
    "recorded measurements": recorded,
    PACKAGE: lambda kind: changed(kind, MODULES, {"code"}, swaps("code")),
    "words of prose": lambda kind: changed(kind, PAGES, {"prose"}, swaps("words", False)),
}  # fmt: skip
READ = "words of prose"  # by people, by no machine


def drawn(seed: int, number: int) -> list[Slip]:
    """Draw slips, of each kind as many as of any other."""
    rng = random.Random(seed)
    share = -(-number // len(KINDS))
    slips = []
    for kind, find in KINDS.items():
        found = list(find(kind))
        slips += rng.sample(found, min(share, len(found)))
    rng.shuffle(slips)  # so that a run that is cut short has all kinds
    return slips


# ---- Whether they are noticed ----

CONTENT = ("tests/content/test_prose.py", "tests/content/test_trusted.py")
EXAMPLES = "tests/content/test_examples.py"
EQUATIONS = "tests/eqcheck/test_eqcheck_site.py"
PACKAGE_TESTS = files("tests/package/test_*.py")
MOVES = ("tests/site/test_moving_drawn.py", "tests/site/test_moving_arithmetic.py")


def checks(slip: Slip) -> list[str]:
    """Return the tests that look at the file of a slip."""
    path = slip.path
    if path.endswith(".json"):
        return ["tests/data/test_signature.py"]
    if path in MOVING:
        return list(MOVES if path == ARITHMETIC else MOVES[:1])
    if path in SCRIPTS:
        return [*CONTENT, "tests/content/test_gallery_scripts.py", EQUATIONS, "-k", path]
    if slip.kind == PACKAGE:  # its own tests first
        own = [test for test in PACKAGE_TESTS if Path(path).stem.strip("_") in test]
        return [*own, *(test for test in PACKAGE_TESTS if test not in own), EXAMPLES, MOVES[1]]
    return [*CONTENT, EQUATIONS, EXAMPLES, "-k", path]


def together(slip: Slip) -> str:
    """Name the checks of a slip, whatever their order."""
    return " ".join(sorted(checks(slip)))


OURS = {"losstheory", "losstheory_site", "eqcheck", *(Path(p).stem for p in files("tests/*.py"))}
OPTIONS = ("-xq", "-pno:cacheprovider", "-pno:xdist", "--assert=plain", "--basetemp=.tmp")
SECONDS = 600  # of work; tests that a slip keeps busy for longer have noticed it
# What a forked process finds imported; nothing that a slip can change.
AHEAD = (
    "hypothesis", "hypothesis.strategies", "matplotlib.pyplot", "nbformat", "numpy", "scipy.stats",
    "sphinx_gallery.py_source_parser", "sybil.parsers.myst", "trusted", "drawn",
    "losstheory_site.moving.directive", "losstheory_site.pages.execution",
)  # fmt: skip


def noticed(slip: Slip, arguments: list[str]) -> int:
    """Run tests in this copy of the sources, in a process of their own; return how they end."""
    import resource  # of Linux and macOS

    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            os._exit(run_tests(slip, arguments))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run_tests(slip: Slip, arguments: list[str]) -> int:
    """Run tests, on one file of the sources alone where its kind allows it."""
    import pytest

    import pages
    import prose

    if slip.kind == PACKAGE:  # which all that was imported has imported
        for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
            del sys.modules[name]
    else:
        path = Path.cwd() / slip.path
        for name in ("PAGES", "SCRIPTS", "MODULES", "EXTENSIONS", "HEADERS"):
            setattr(pages, name, [one for one in getattr(pages, name) if one == path])
        prose.SOURCES = [path]
    return int(pytest.main([*OPTIONS, *arguments]))


def tried(slips: list[Slip], sound: bool) -> Iterator[bool]:
    """Try slips with the same checks in this copy, one by one; yield whether it was noticed."""
    if not sound:
        code = noticed(slips[0], checks(slips[0]))
        assert code == 0, f"before any slip, {checks(slips[0])} end with {code}"
    for slip in slips:
        path = Path(slip.path)
        text = path.read_text(encoding="utf-8")
        assert text.startswith(slip.old, slip.start), slip
        after = text[slip.start + len(slip.old) :]
        path.write_text(text[: slip.start] + slip.new + after, encoding="utf-8", newline="\n")
        try:
            yield noticed(slip, checks(slip)) != 0
        finally:
            path.write_text(text, encoding="utf-8", newline="\n")


def worker() -> None:
    """Try the slips that come in, some on a line, and print the answers."""
    for name in AHEAD:
        importlib.import_module(name)
    gc.freeze()  # so that no forked process looks through what all have imported
    for line in sys.stdin:
        slips, sound = json.loads(line)
        for answer in tried([Slip(*fields) for fields in slips], sound):
            print(answer, flush=True)


def built(folder: str, names: list[str]) -> list[str]:
    """Name what is no source, but for the verdicts on equations that are known."""
    made = {"__pycache__", "auto_gallery"}
    made |= set(names) - {"eqcheck"} if Path(folder).name == "_build" else set()
    return sorted(made & set(names))


def in_a_copy(groups: Iterator[list[Slip]], results: "Results", end: float) -> None:
    """Try groups of slips in a fresh copy of the sources, by a process that imports from there."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch).resolve()
        for name in FOLDERS:
            shutil.copytree(ROOT / name, place / name, ignore=built)
        for file in ROOT.glob("*.*"):
            if file.is_file():
                shutil.copy(file, place)
        paths = os.pathsep.join(str(place / name) for name in IMPORTED)
        with subprocess.Popen(
            [sys.executable, str(place / "docs/data/slips.py"), "--worker"],
            cwd=place,
            env={**os.environ, "PYTHONPATH": paths, "MPLBACKEND": "Agg"},
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdin
            assert process.stdout
            for group in groups:
                if time.monotonic() > end:
                    break
                sound = together(group[0]) in results.sound
                print(json.dumps([group, sound]), file=process.stdin, flush=True)
                for slip in group:
                    answer = process.stdout.readline().strip()
                    if not answer:
                        raise RuntimeError(f"the worker ended before {slip}")
                    results.keep(slip, answer == "True")
            process.stdin.close()


class Results:
    """What is known of slips; kept in a file, so that a run goes on where it was stopped."""

    def __init__(self, slips: list[Slip], name: str) -> None:
        """Read what was found before, in the same sources."""
        self.slips = slips
        self.found: dict[Slip, bool] = {}
        self.sound: set[str] = set()  # checks that pass before any slip
        self.file = ROOT / "docs/_build/slips" / f"{name}-{sources()}.jsonl"
        if self.file.exists():
            for line in self.file.read_text(encoding="utf-8").splitlines():
                fields, was_noticed = json.loads(line)
                self.found[Slip(*fields)] = was_noticed
        self.file.parent.mkdir(parents=True, exist_ok=True)

    def groups(self) -> Iterator[list[Slip]]:
        """Return the slips left to try, a few with the same checks together."""
        kinds: dict[str, list[Slip]] = {}
        for slip in sorted(self.slips, key=lambda slip: slip.kind != PACKAGE):  # which take longest
            if slip not in self.found:
                kinds.setdefault(together(slip), []).append(slip)
        few = [(k, group[k : k + 4]) for group in kinds.values() for k in range(0, len(group), 4)]
        return iter([group for _, group in sorted(few, key=lambda start: start[0])])

    def keep(self, slip: Slip, was_noticed: bool) -> None:
        """Write down what was found."""
        self.found[slip] = was_noticed
        self.sound.add(together(slip))
        with self.file.open("a", encoding="utf-8") as file:
            print(json.dumps([slip, was_noticed]), file=file)
        done = f"{len(self.found):3d}"
        print(done, "noticed" if was_noticed else "MISSED ", slip.kind, slip, flush=True)


def sources() -> str:
    """Digest the sources that slips are put into."""
    content = hashlib.sha256()
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and not {"_build", "__pycache__", "auto_gallery"} & set(path.parts):
                content.update(path.read_bytes())
    return content.hexdigest()[:16]


def table(found: dict[Slip, bool]) -> dict[str, dict[str, Any]]:
    """Count by kind, and name what was missed."""
    rows: dict[str, dict[str, Any]] = {
        kind: {"slips": 0, "noticed": 0, "missed": []} for kind in KINDS
    }
    for slip, was_noticed in found.items():
        rows[slip.kind]["slips"] += 1
        rows[slip.kind]["noticed"] += was_noticed
        if not was_noticed:
            rows[slip.kind]["missed"].append(str(slip))
    return {kind: row for kind, row in rows.items() if row["slips"]}


def main() -> None:
    """Draw slips, try them, print the table, and keep it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=dt.datetime.now(dt.UTC).toordinal())
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=600.0, help="to begin slips in")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker()
        return
    slips = [slip for slip in drawn(options.seed, options.number) if slip.kind in options.kinds]
    results = Results(slips, f"{options.seed}-{options.number}")
    groups = results.groups()
    end = time.monotonic() + 60 * options.minutes
    with ThreadPoolExecutor(options.workers) as pool:
        jobs = [pool.submit(in_a_copy, groups, results, end) for _ in range(options.workers)]
        for job in jobs:
            job.result()
    rows = table({slip: results.found[slip] for slip in slips if slip in results.found})
    for kind, row in rows.items():
        print(f"{kind:45s} {row['noticed']:3d} of {row['slips']:3d}")
    if options.record:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        record = {"made": today, "seed": options.seed, "drawn": len(slips), "kinds": rows}
        text = json.dumps(sign(record, Path(__file__)), indent=1, ensure_ascii=False)
        Path(__file__).with_suffix(".json").write_text(f"{text}\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
