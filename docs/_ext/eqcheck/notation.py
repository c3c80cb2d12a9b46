r"""Notation: what each symbol of the page means in Python.

A line reads ``\sigma(z) : sigmoid(z)  # logistic function``: symbols, a Python expression over
the other symbols and the site's modules, and words for the reader. An expression that names a
domain (``w, b : real``) declares free symbols. ``at FIRST : x = 1.5, w = 0.4`` names a point.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import CodeType
from typing import Any

from .domains import DOMAINS

_STYLE = re.compile(r"\\(?:math(?:bf|rm|cal|bb|sf)|boldsymbol|operatorname|text)(?![a-zA-Z])")
_FUNCTION = re.compile(r"(?P<name>.*?)\((?P<parameters>.*)\)$")
_INDEXED = re.compile(r"_(?:[ijkmn]|\{[ijkmn,]+\})$")
_SEPARATOR = re.compile(r"\\mid|\\\||\\parallel|[,;]")
_LINE = re.compile(r"(?P<symbols>.+?)\s+:\s+(?P<code>.+?)(?:\s+#\s*(?P<meaning>.*))?$")
_MARKS = {"'": "_prime", "^": "_", "*": "star", "-": "minus", "+": "plus"}


class NotationError(ValueError):
    """A line of notation that cannot be used; says which and why."""


def python_name(latex: str) -> str:
    r"""Return the Python name of a symbol: ``\eta`` is eta, ``e_{\mathrm{SE}}`` is e_SE.

    Bold and upright make no difference, so ``s_i`` is an entry of ``\mathbf{s}``.
    """
    plain = _STYLE.sub("", latex)
    for mark, word in _MARKS.items():
        plain = plain.replace(mark, word)
    name = "_".join(re.sub(r"[^A-Za-z0-9_]+", " ", plain).split())
    name = re.sub("_+", "_", name)
    return f"{name}_" if keyword.iskeyword(name) else name if name.isidentifier() else f"_{name}"


@dataclass(frozen=True)
class Entry:
    """One declared symbol or function."""

    latex: str  # the name alone, as a formula spells it
    name: str
    code: str
    meaning: str = ""
    shown: str = ""  # as the notation writes it, brackets and all
    parameters: tuple[str, ...] | None = None
    separators: tuple[str, ...] = ()
    compiled: CodeType = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "compiled", compile(self.code, self.latex, "eval"))
        except SyntaxError as error:
            raise NotationError(f"{self.latex} : {self.code} is no Python expression") from error

    @property
    def key(self) -> str:
        """The name, with the shape of the brackets for a function: ``P(,)``."""
        return self.name if self.parameters is None else function_key(self.name, self.separators)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the code uses, parameters aside."""
        found = {node.id for node in ast.walk(ast.parse(self.code)) if isinstance(node, ast.Name)}
        return frozenset(found - set(self.parameters or ()))

    @cached_property
    def free(self) -> bool:
        """Whether the symbol is drawn from a domain."""
        return self.parameters is None and not self.names.isdisjoint(DOMAINS)


def function_key(name: str, separators: Iterable[str]) -> str:
    """Return the key of a function: its name and the signs between its arguments."""
    return f"{name}({''.join(s.replace('parallel', '|') for s in separators)})"


def _entries(symbols: str, code: str, meaning: str) -> Iterator[Entry]:
    spellings = [s.strip() for s in re.split(r",(?![^(]*\))(?![^{]*\})", symbols)]
    meanings = [m.strip() for m in meaning.split(",")]
    if len(meanings) != len(spellings):
        meanings = [meaning.strip()] * len(spellings)
    for latex, words in zip(spellings, meanings, strict=True):
        if match := _FUNCTION.match(latex):
            inside = re.sub(r"\\[,;:! ]", "", match["parameters"])
            parameters = [python_name(p.strip()) for p in _SEPARATOR.split(inside)]
            separators = tuple(_SEPARATOR.findall(inside))
            name = match["name"].strip()
            yield Entry(name, python_name(name), code, words, latex, tuple(parameters), separators)
        else:
            # s_i and \delta_{ij} declare the arrays s and \delta; s_m : max(s) a number.
            array = python_name(_INDEXED.sub("", latex))
            entry = Entry(latex, array, code, words, latex)
            if array in entry.names:
                entry = replace(entry, name=python_name(latex))
            if entry.name in entry.names:
                raise NotationError(f"{latex} is declared by itself")
            yield entry


@dataclass(frozen=True, eq=False)
class Notation:
    """Declared symbols, named points, and the Python names that their code may use."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    points: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    namespace: Mapping[str, Any] = field(default_factory=lambda: dict(DOMAINS))

    def extended(self, text: str) -> Notation:
        """Return this notation with the lines of `text` added; they override."""
        entries, points, declared = dict(self.entries), dict(self.points), set[str]()
        for line in filter(None, (line.strip() for line in text.splitlines())):
            match = _LINE.match(line)
            if match is None:
                raise NotationError(f"'{line}': a line reads  symbol : Python  # meaning")
            if match["symbols"].startswith("at "):
                pairs = re.split(r",(?![^(]*\))", match["code"])
                values = dict(pair.split("=", 1) for pair in pairs)
                points[match["symbols"][3:].strip()] = {
                    python_name(k.strip()): v.strip() for k, v in values.items()
                }
                continue
            for entry in _entries(match["symbols"], match["code"], match["meaning"] or ""):
                if entry.name not in declared:  # a name declared anew forgets all it meant
                    entries = {k: e for k, e in entries.items() if e.name != entry.name}
                    declared.add(entry.name)
                entries[entry.key] = entry
        return Notation(entries, points, self.namespace)

    def at(self, point: str) -> Notation:
        """Return this notation with the symbols of a named point held fixed."""
        if point not in self.points:
            raise NotationError(f"the notation names no point {point}")
        fixed = {name: Entry(name, name, code) for name, code in self.points[point].items()}
        return Notation({**self.entries, **fixed}, self.points, self.namespace)

    def closure(self, names: Iterable[str]) -> set[str]:
        """Return the keys that `names` need, themselves and free symbols included."""
        todo, found = list(names), set[str]()
        while todo:
            key = todo.pop()
            if key in self.entries and key not in found:
                found.add(key)
                todo.extend(self.entries[key].names)
        return found

    @cached_property
    def text(self) -> str:
        """Everything declared, for a cache to compare."""
        entries = [f"{e.latex} {e.key} : {e.code}" for e in self.entries.values()]
        return "\n".join([*entries, repr({k: dict(v) for k, v in self.points.items()})])

    @cached_property
    def functions(self) -> frozenset[str]:
        """The names that may stand before a bracket."""
        return frozenset(e.name for e in self.entries.values() if e.parameters is not None)

    @cached_property
    def scalars(self) -> frozenset[str]:
        """The symbols that are drawn as single numbers."""
        return frozenset(e.name for e in self.entries.values() if e.free and "[" not in e.code)

    @cached_property
    def dependents(self) -> Mapping[str, frozenset[str]]:
        """For each symbol those whose value changes with it."""
        needs = {key: self.closure([key]) - {key} for key in self.entries}
        return {name: frozenset(k for k, n in needs.items() if name in n) for name in needs}
