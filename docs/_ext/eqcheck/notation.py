r"""Notation: what each symbol of the page means in Python.

A line reads ``\sigma(z) : sigmoid(z)  # logistic function``: symbols, a Python expression over
the other symbols and the site's modules, and words for the reader. An expression that names a
domain (``w, b : real``) declares free symbols, ``\mathbf{x}_i : X[i - 1]`` the rows of a matrix.
Some lines settle what a page leaves open: ``\log : np.log2``, ``\partial : partial`` or ``total``,
``first index : 0``; and ``at FIRST : x = 1.5, w = 0.4`` names a point.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from types import CodeType
from typing import Any

from .domains import DOMAINS

_STYLE = re.compile(
    r"\\(?:math(?:bf|rm|it|cal|bb|sf|tt)|text(?:rm|bf|it|sf|tt)?|bm|boldsymbol|operatorname|mbox)"
    r"(?![a-zA-Z])"
)
_FUNCTION = re.compile(r"(?P<name>.*?)\((?P<parameters>.*)\)$")
_INDEXED = re.compile(r"_(?:(?P<one>[a-zA-Z])|\{(?P<more>[a-zA-Z,\s]+)\})$")
_SEPARATOR = re.compile(r"\\mid|\\\||\\parallel|[,;|]")
_LINE = re.compile(r"(?P<symbols>.+?)\s+:\s+(?P<code>.+?)(?:\s+#\s*(?P<meaning>.*))?$")
_MARKS = {"'": "_prime", "^": "_", "*": "star", "-": "minus", "+": "plus"}
RULES = {r"\log": "log", r"\partial": "partial", "first index": "first index"}
# What an expression may be made of: nothing that loops, binds, or reaches into Python itself.
_EXPRESSION = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Load, ast.Constant,
    ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.IfExp, ast.Compare,
    ast.BoolOp, ast.keyword, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip
_INTERNAL = re.compile(r"_|(?:gi|ag|cr|tb|f|co)_")  # frames and code have plain names


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


def _power(base: Any, exponent: Any) -> Any:
    """Raise without the endless whole numbers of Python."""
    whole = isinstance(base, int) and isinstance(exponent, int)
    return float(base) ** exponent if whole and abs(exponent) > 64 else base**exponent


class _Guarded(ast.NodeTransformer):
    """Let through an expression of numbers, names and calls, and give it a bounded power."""

    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, _EXPRESSION) or isinstance(node, ast.LShift):
            raise NotationError(f"a notation has no place for {type(node).__name__}")
        if isinstance(node, ast.Attribute) and _INTERNAL.match(node.attr):
            raise NotationError(f"the name .{node.attr} is not for a notation")
        if isinstance(node, ast.Name) and node.id.startswith("__"):
            raise NotationError(f"the name {node.id} is not for a notation")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            for part in (node.left, node.right):
                number = isinstance(getattr(part, "value", 0), int | float)
                if isinstance(part, ast.List | ast.Tuple) or (
                    isinstance(part, ast.Constant) and not number
                ):
                    raise NotationError("a list is no number to multiply by")
        node = self.generic_visit(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            call = ast.Call(ast.Name("_power", ast.Load()), [node.left, node.right], [])
            return ast.fix_missing_locations(ast.copy_location(call, node))
        return node


# The few names of Python itself that an expression may use.
BUILTINS = {f.__name__: f for f in (abs, float, int, len, max, min, round)} | {"_power": _power}


@dataclass(frozen=True, eq=False)
class Entry:
    """One declared symbol or function; a family such as x_i is a function of its index."""

    latex: str  # the name alone, as a formula spells it
    name: str
    code: str
    meaning: str = ""
    shown: str = ""  # as the notation writes it, brackets and all
    parameters: tuple[str, ...] | None = None
    separators: tuple[str, ...] = ()
    family: bool = False
    expression: ast.Expression = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            guarded = _Guarded().visit(ast.parse(self.code.strip(), mode="eval"))
            object.__setattr__(self, "expression", guarded)
        except NotationError as error:
            raise NotationError(f"{self.latex} : {self.code}: {error}") from None
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
            raise NotationError(f"{self.latex} : {self.code} is no Python expression") from error

    @property
    def key(self) -> str:
        """The name, with the shape of the brackets for a function: ``P(,)``."""
        if self.family:
            return f"{self.name}_"
        return self.name if self.parameters is None else function_key(self.name, self.separators)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the code uses, parameters aside."""
        found = {n.id for n in ast.walk(self.expression) if isinstance(n, ast.Name)}
        return frozenset(found - {*(self.parameters or ()), "_power"})

    @cached_property
    def places(self) -> frozenset[str]:
        """The names that stand in the square brackets of the code."""
        subscripts = (n for n in ast.walk(self.expression) if isinstance(n, ast.Subscript))
        inside = (n for s in subscripts if not self.free for n in ast.walk(s.slice))
        return frozenset(n.id for n in inside if isinstance(n, ast.Name))

    @cached_property
    def free(self) -> bool:
        """Whether the symbol is drawn from a domain."""
        return self.parameters is None and not self.names.isdisjoint(DOMAINS)

    @cached_property
    def spelling(self) -> str:
        """The symbol without what makes no difference: bold, braces, spaces."""
        return re.sub(r"[\s{}]|\\[,;:! ]", "", _STYLE.sub("", self.latex))


def function_key(name: str, separators: Iterable[str]) -> str:
    """Return the key of a function: its name and the signs between its arguments."""
    plain = {r"\|": "||", r"\parallel": "||", r"\mid": "|"}
    return f"{name}({''.join(plain.get(s, s) for s in separators)})"


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
            continue
        entry = Entry(latex, python_name(latex), code, words, latex)
        if indexed := _INDEXED.search(latex):
            # y_n : binary[N] and \delta_{ij} : np.eye(K) declare arrays; x_i : X[i - 1] is a
            # function of its index; s_m : max(s), w_a : 3 and o_w : o * w are numbers of their own.
            array = python_name(latex[: indexed.start()])
            indices = re.findall("[a-zA-Z]", indexed["one"] or indexed["more"])
            letters = frozenset(indices)
            if letters <= entry.places or letters <= entry.names & set("ijklmn"):
                entry = replace(entry, name=array, parameters=tuple(indices), family=True)
            elif array not in entry.names and letters <= set("ijklmn"):
                entry = replace(entry, name=array)
        if entry.name in entry.names:
            raise NotationError(f"{latex} is declared by itself")
        yield entry


@dataclass(frozen=True, eq=False)
class Notation:
    """Declared symbols, named points, and the Python names that their code may use."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    points: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    namespace: Mapping[str, Any] = field(default_factory=lambda: dict(DOMAINS))
    rules: Mapping[str, str] = field(default_factory=dict)
    _functions: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def extended(self, text: str) -> Notation:
        """Return this notation with the lines of `text` added; they override."""
        entries, points, rules = dict(self.entries), dict(self.points), dict(self.rules)
        namespace, declared = dict(self.namespace), dict[str, Entry]()
        for line in filter(None, (line.strip() for line in text.splitlines())):
            match = _LINE.match(line)
            if match is None:
                raise NotationError(f"'{line}': a line reads  symbol : Python  # meaning")
            symbols, code = match["symbols"], match["code"]
            if symbols in RULES:
                rules[RULES[symbols]] = _rule(symbols, code)
                if symbols == "first index":
                    namespace["index"] = partial(DOMAINS["index"], first=int(code))
            elif symbols.startswith("at "):
                points[symbols[3:].strip()] = dict(_fixed(code, line))
            else:
                for entry in _entries(symbols, code, match["meaning"] or ""):
                    _declare(entry, entries, declared)
        return Notation(entries, points, namespace, rules)

    def at(self, point: str) -> Notation:
        """Return this notation with the symbols of a named point held fixed."""
        if point not in self.points:
            raise NotationError(f"the notation names no point {point}")
        fixed = {name: Entry(name, name, code) for name, code in self.points[point].items()}
        return replace(self, entries={**self.entries, **fixed})

    def closure(self, names: Iterable[str]) -> set[str]:
        """Return the keys that `names` need, themselves and free symbols included."""
        todo, found = list(names), set[str]()
        while todo:
            key = todo.pop()
            if key in self.entries and key not in found:
                found.add(key)
                todo.extend(self.entries[key].names)
        return found

    def drawn(self, names: Iterable[str]) -> list[str]:
        """Return the free symbols that `names` need, those first that others need."""
        free = [name for name in self.closure(names) if self.entries[name].free]
        return sorted(free, key=lambda name: (len(self.closure(self.entries[name].names)), name))

    @cached_property
    def text(self) -> str:
        """Everything declared, for a cache to compare."""
        entries = [f"{e.latex} {e.key} : {e.code}" for e in self.entries.values()]
        points = {name: dict(values) for name, values in self.points.items()}
        return "\n".join([*entries, repr(points), repr(dict(self.rules))])

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all symbols, functions and families."""
        return frozenset(entry.name for entry in self.entries.values())

    @cached_property
    def functions(self) -> Mapping[str, frozenset[str]]:
        """The names that may stand before a bracket, each with the signs between its arguments."""
        found: dict[str, frozenset[str]] = {}
        for e in self.entries.values():
            if e.parameters is not None and not e.family:
                found[e.name] = found.get(e.name, frozenset()) | set(e.separators)
        return found

    @cached_property
    def scalars(self) -> frozenset[str]:
        """The symbols that are drawn as single numbers."""
        return frozenset(e.name for e in self.entries.values() if e.free and "[" not in e.code)

    @cached_property
    def dependents(self) -> Mapping[str, frozenset[str]]:
        """For each symbol those whose value changes with it; itself, if lines go in a circle."""
        found = {name: set[str]() for name in self.entries}
        for key, entry in self.entries.items():
            for name in self.closure(entry.names):
                found[name].add(key)
        return {name: frozenset(keys) for name, keys in found.items()}

    def dependents_of(self, names: tuple[str, ...]) -> frozenset[str]:
        """Return the symbols whose value changes with one of `names`."""
        if len(names) == 1:
            return self.dependents.get(names[0], frozenset())
        return frozenset().union(*(self.dependents.get(name, ()) for name in names))

    @cached_property
    def _globals(self) -> dict[str, Any]:
        # NumPy imports parts of itself where they are first asked for, such as for a mean.
        builtins = {"__import__": __import__}
        return {"__builtins__": builtins, **BUILTINS, **self.namespace}

    def function(self, entry: Entry) -> tuple[Callable[..., Any], tuple[str, ...]]:
        """Return a line as a function, and the symbols that it takes before its parameters."""
        if entry not in self._functions:
            needed = tuple(sorted(entry.names & self.entries.keys()))
            self._functions[entry] = eval(_lambda(entry, needed), self._globals), needed
        found: tuple[Callable[..., Any], tuple[str, ...]] = self._functions[entry]
        return found


@cache
def _lambda(entry: Entry, needed: tuple[str, ...]) -> CodeType:
    names = [ast.arg(name) for name in (*needed, *(entry.parameters or ()))]
    arguments = ast.arguments([], names, kwonlyargs=[], kw_defaults=[], defaults=[])
    line = ast.Expression(ast.Lambda(arguments, entry.expression.body))
    return compile(ast.fix_missing_locations(line), entry.latex, "eval")


def _declare(entry: Entry, entries: dict[str, Entry], declared: dict[str, Entry]) -> None:
    """Add an entry; a name declared anew forgets all it meant, its indexed forms included."""
    known = declared.setdefault(entry.name, entry)
    if known is entry:
        indexed = re.compile(re.escape(entry.spelling) + r"[_^]\(?[ijklmn,]+\)?$")
        for key, old in list(entries.items()):
            stale = indexed.match(old.spelling) and old.name not in declared
            if old.name == entry.name or stale:
                del entries[key]
    elif known.spelling.partition("_")[0] != entry.spelling.partition("_")[0]:
        raise NotationError(
            f"{known.shown} and {entry.shown} are both {entry.name} in Python; rename one"
        )
    entries[entry.key] = entry


def _rule(symbols: str, code: str) -> str:
    allowed = {r"\partial": r"partial|total", "first index": r"\d{1,3}"}.get(symbols)
    if allowed and not re.fullmatch(allowed, code):
        raise NotationError(f"{symbols} : {code}: write {allowed.replace('|', ' or ')}")
    if not allowed:
        Entry(symbols, "log", code)
    return code


def _fixed(code: str, line: str) -> Iterator[tuple[str, str]]:
    for pair in re.split(r",(?![^(]*\))", code):
        name, sign, value = pair.partition("=")
        if not sign:
            raise NotationError(f"'{line}': a point reads  at NAME : x = 1, y = 2")
        yield python_name(name.strip()), value.strip()
