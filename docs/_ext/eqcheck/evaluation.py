"""The value of a tree at a point: a method for each rule of the grammar.

Vectors are one-dimensional arrays and count as columns; a transposed vector is a row. Indices
count from 1, as on the page.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from lark import Token

from eqcheck import numerics
from eqcheck.points import Point
from eqcheck.reader import DialectError, Node

Children = list[Any]
NAMED: dict[str, Callable[..., Any]] = {
    r"\exp": np.exp,
    r"\ln": np.log,
    r"\sin": np.sin,
    r"\cos": np.cos,
    r"\tan": np.tan,
    r"\arctan": np.arctan,
    r"\sinh": np.sinh,
    r"\cosh": np.cosh,
    r"\tanh": np.tanh,
    r"\operatorname{artanh}": np.arctanh,
    r"\operatorname{diag}": np.diag,
    r"\operatorname{sign}": np.sign,
    r"\operatorname{tr}": np.trace,
    r"\det": np.linalg.det,
    r"\max": lambda *values: np.max(values),
    r"\min": lambda *values: np.min(values),
}
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: np.allclose(a, b, rtol=1e-12, atol=0),
    "<": operator.lt,
    ">": operator.gt,
    r"\le": operator.le,
    r"\ge": operator.ge,
    r"\ne": operator.ne,
    r"\in": lambda a, b: a in b,
}
SPELLINGS = {r"\leq": r"\le", r"\geq": r"\ge", r"\neq": r"\ne", r"\rightarrow": r"\to"}
SPELLINGS |= dict.fromkeys((":=", r"\coloneqq", r"\equiv"), "=")


class Span(NamedTuple):
    """An interval."""

    low: float
    high: float

    def __contains__(self, number: object) -> bool:
        return isinstance(number, float | int) and self.low <= number <= self.high


def relation(token: str) -> str:
    """Return the one spelling of a relation."""
    return SPELLINGS.get(token, token)


def value(node: Any, point: Point) -> Any:
    """Return the value of a node: a number or an array."""
    found: Any = getattr(_Rules, node.data)(node.children, point)
    return found


def holds(chain: Node, point: Point) -> bool:
    """Return whether every relation of a chain holds at a point."""
    sides = [value(side, point) for side in chain.children[::2]]
    signs = [relation(str(token)) for token in chain.children[1::2]]
    pairs = zip(sides, signs, sides[1:], strict=False)
    return all(bool(np.all(COMPARE[sign](left, right))) for left, sign, right in pairs)


def bind(items: Children, point: Point) -> Iterator[Point]:
    r"""Yield the points of a condition such as ``i = 1`` or ``k \ne j``, or none.

    An equation with a symbol on its left sets that symbol; another relation must hold.
    """
    points = [point]
    for position, item in enumerate(items):
        if item.data == "dots" or (position and items[position - 1].data == "dots"):
            continue  # i = 1, \dots, K: any index will do
        ranged = position + 1 < len(items) and items[position + 1].data == "dots"
        if item.data != "chain":
            continue
        left, sign, right = item.children[0], relation(str(item.children[1])), item.children[-1]
        name = str(left.children[0]) if left.data == "symbol" else ""
        if sign == "=" and name and not ranged:
            points = [p.moved(**{name: value(right, p)}) for p in points]
        elif sign == r"\in" and name and right.data == "set":
            points = [p.moved(**{name: value(v, p)}) for p in points for v in right.children]
        elif not ranged and sign != r"\to":
            points = [p for p in points if holds(item, p)]
    yield from points


class _Rules:
    """How each rule of the grammar is evaluated."""

    @staticmethod
    def number(children: Children, _: Point) -> Any:
        return float(children[0])

    @staticmethod
    def symbol(children: Children, point: Point) -> Any:
        name = str(children[0])
        return np.pi if name == "pi" and name not in point.notation.entries else point.symbol(name)

    @staticmethod
    def sum(children: Children, point: Point) -> Any:
        total, sign = 0.0, 1
        for child in children:
            if isinstance(child, Token):
                sign = -1 if child == "-" else 1
            else:
                total = total + sign * value(child, point)
        return total

    @staticmethod
    def product(children: Children, point: Point) -> Any:
        left, right = (value(child, point) for child in children)
        if np.ndim(left) == 0 or np.ndim(right) == 0:
            return left * right
        left, right = (v[:, None] if np.ndim(v) == 1 else v for v in (left, right))
        if left.shape[1] != right.shape[0]:
            raise DialectError("a product of two columns; write ^\\top, \\odot or indices")
        result = left @ right
        if result.shape == (1, 1):
            return result.item()
        return result[:, 0] if result.shape[1] == 1 else result

    @staticmethod
    def hadamard(children: Children, point: Point) -> Any:
        return value(children[0], point) * value(children[1], point)

    @staticmethod
    def fraction(children: Children, point: Point) -> Any:
        return value(children[0], point) / value(children[1], point)

    @staticmethod
    def power(children: Children, point: Point) -> Any:
        base, exponent = (value(child, point) for child in children)
        return np.power(base, int(exponent) if exponent == np.round(exponent) else exponent)

    @staticmethod
    def root(children: Children, point: Point) -> Any:
        inside = value(children[-1], point)
        return np.sqrt(inside) if len(children) == 1 else inside ** (1 / value(children[0], point))

    @staticmethod
    def transpose(children: Children, point: Point) -> Any:
        matrix = value(children[0], point)
        return matrix[None, :] if np.ndim(matrix) == 1 else matrix.T

    @staticmethod
    def index(children: Children, point: Point) -> Any:
        base, (script,) = children[0], children[1].children
        if base.data == "norm":
            return np.linalg.norm(value(base.children[0], point), value(script, point))
        array = value(base, point)
        places = [int(value(place, point)) - 1 for place in places_of(children[1])]
        if np.ndim(array) != len(places):
            raise DialectError(f"{len(places)} indices on a value of {np.ndim(array)}")
        if any(not 0 <= place < size for place, size in zip(places, array.shape, strict=True)):
            raise DialectError("an index out of range")
        return array[tuple(places)]

    @staticmethod
    def call(children: Children, point: Point) -> Any:
        name, rest = str(children[0]), children[1:]
        primes = sum(isinstance(c, Token) and c.type == "PRIME" for c in rest)
        separators = [str(c) for c in rest if isinstance(c, Token) and c.type != "PRIME"]
        arguments = [value(c, point) for c in rest if not isinstance(c, Token)]
        if name in NAMED:
            return NAMED[name](*arguments)
        if not primes:
            return point.call(name, separators, arguments)
        (at,) = arguments
        return _derivative(lambda shift: point.call(name, [], [at + shift.sum()]), primes, point)

    @staticmethod
    def log(children: Children, point: Point) -> Any:
        base, inside = (value(child, point) for child in children)
        return np.log(inside) / np.log(base)

    @staticmethod
    def infty(_: Children, __: Point) -> Any:
        return np.inf

    @staticmethod
    def set(children: Children, point: Point) -> Any:
        return [value(child, point) for child in children]

    @staticmethod
    def interval(children: Children, point: Point) -> Any:
        return Span(*(float(value(child, point)) for child in children))

    @staticmethod
    def indicator(children: Children, point: Point) -> Any:
        return float(holds(children[0], point))

    @staticmethod
    def absolute(children: Children, point: Point) -> Any:
        return np.abs(value(children[0], point))

    @staticmethod
    def norm(children: Children, point: Point) -> Any:
        return np.linalg.norm(value(children[0], point))

    @staticmethod
    def labelled(children: Children, point: Point) -> Any:
        return value(children[0], point)

    @staticmethod
    def at(children: Children, point: Point) -> Any:
        (there,) = bind(children[-1].children, point)
        return value(children[0], there)

    @staticmethod
    def derivative(children: Children, point: Point) -> Any:
        if children[0].data == "operator":
            (wrt, (inner,)) = _variables(children[0].children, point), children[1:]
        else:
            inner = next(c for c in children if c.data not in {"order", "wrt", "by"})
            wrt = _variables(children, point)
        return _along(inner, wrt, point)

    @staticmethod
    def gradient(children: Children, point: Point) -> Any:
        (variable,), inner = children[0].children, children[1]
        name, place = _variable(variable, point)
        return _along(inner, [(name, place)], point)

    @staticmethod
    def integral(children: Children, point: Point) -> Any:
        low, high = (float(value(script.children[0], point)) for script in children[:2])
        name = str(children[3].children[0])
        return numerics.integral(lambda x: value(children[2], point.moved(**{name: x})), low, high)

    @staticmethod
    def expectation(children: Children, point: Point) -> Any:
        ((chain,), inner) = children[0].children, children[1]
        name, weights = str(chain.children[0].children[0]), value(chain.children[2], point)
        return sum(
            weight * value(inner, point.moved(**{name: k}))
            for k, weight in enumerate(np.asarray(weights), start=1)
        )

    @staticmethod
    def big(children: Children, point: Point) -> Any:
        """Fold over an index set, or look along a free symbol."""
        sign, scope, body = str(children[0]), children[1].children, children[-1]
        top = children[2].children[0] if len(children) == 4 else None
        if sign == r"\lim":
            return _limit(scope[0], body, point)
        kind = "max" if "max" in sign else "min" if "min" in sign else sign
        name, members = _members(scope, top, point)
        if members is None:
            point.searched[0] = True
            inside = scope[0].data == "chain" and scope[0].children[2].data == "interval"
            low, high = value(scope[0].children[2], point) if inside else point.bounds(name)
            flip = -1 if kind == "min" else 1
            place, found = numerics.maximum(
                lambda x: flip * value(body, point.moved(**{name: x})), low, high
            )
            return place if "arg" in sign else flip * found
        values = [value(body, there) for _, there in members]
        if "arg" in sign:
            best = np.argmax(values) if kind == "max" else np.argmin(values)
            return members[best][0]
        folds: dict[str, Any] = {r"\sum": np.sum, r"\prod": np.prod, "max": np.max, "min": np.min}
        return folds[kind](values, axis=0) if values else float(kind == r"\prod")

    @staticmethod
    def cases(children: Children, point: Point) -> Any:
        for case in children:
            conditions = [c for c in case.children[1:] if not isinstance(c, Token)]
            if all(holds(condition, point) for condition in conditions):
                return value(case.children[0], point)
        raise DialectError("no case applies")

    @staticmethod
    def matrix(children: Children, point: Point) -> Any:
        rows = np.array([[value(entry, point) for entry in row.children] for row in children])
        return rows[:, 0] if rows.shape[1] == 1 else rows


def places_of(script: Node) -> list[Node]:
    """Return the indices of a script: ``{ij}`` and ``{i,j}`` are two, ``{i+1}`` is one."""

    def split(node: Node) -> list[Node]:
        if node.data == "product":
            return [place for child in node.children for place in split(child)]
        return [node]

    return [place for node in script.children for place in split(node)]


def _members(
    scope: Children, top: Node | None, point: Point
) -> tuple[str, list[tuple[int, Point]] | None]:
    """Return the bound symbol of a big operator and the points it runs over, if finite."""
    head = scope[0]
    symbol, sign = head, ""
    if head.data == "chain":
        symbol, sign = head.children[0], relation(str(head.children[1]))
    name = str(symbol.children[0])
    filters = scope[1:]
    members: list[Any]
    if sign == "=" and top is not None:
        first, last = (int(value(n, point)) for n in (head.children[2], top))
        members = list(range(first, last + 1))
    elif sign == r"\in" and head.children[2].data == "set":
        members = value(head.children[2], point)
    else:
        free = name in point.notation.entries and point.notation.entries[name].free
        if not free or point.domain(name).members is None:
            return name, None
        members, filters = list(point.domain(name).members or ()), scope if sign else filters
    pairs = [(member, point.moved(**{name: member})) for member in members]
    return name, [(m, p) for m, p in pairs if all(holds(f, p) for f in filters)]


def _limit(target: Node, body: Node, point: Point) -> Any:
    name, there = str(target.children[0].children[0]), target.children[2]
    sides: tuple[int, ...] = (1, -1)
    if there.data == "power" and isinstance(there.children[1], Token):
        there, sides = there.children[0], (1,) if there.children[1] == "+" else (-1,)
    end = float(value(there, point))
    return numerics.limit(lambda x: value(body, point.moved(**{name: x})), end, sides)


Variable = tuple[str, tuple[int, ...] | None]


def _variable(node: Node, point: Point) -> Variable:
    """Return the symbol that a derivative moves, and the entry of it."""
    if node.data == "index":
        places = tuple(int(value(p, point)) - 1 for p in places_of(node.children[1]))
        return str(node.children[0].children[0]), places
    return str(node.children[0]), None


def _variables(children: Children, point: Point) -> list[Variable]:
    found: list[Variable] = []
    for wrt in (c for c in children if c.data in {"wrt", "by"}):
        times = int(value(wrt.children[1].children[0], point)) if len(wrt.children) == 2 else 1
        found += [_variable(wrt.children[0], point)] * times
    orders = [c for c in children if c.data == "order"]
    if sum(int(value(o.children[0], point)) for o in orders) not in {0, len(found)} or (
        len(found) > 1 and not orders
    ):
        raise DialectError("the order of the derivative differs above and below the line")
    return found


def _along(inner: Node, wrt: list[Variable], point: Point) -> Any:
    """Differentiate `inner`; a variable that is an array gives an axis to the result."""
    for position, (name, place) in enumerate(wrt):
        array = point.symbol(name)
        if place is None and np.ndim(array):
            parts = [
                _along(inner, [*wrt[:position], (name, at), *wrt[position + 1 :]], point)
                for at in np.ndindex(array.shape)
            ]
            stacked = np.stack(parts, axis=-1)
            return stacked.reshape(*stacked.shape[:-1], *array.shape)

    def shifted(shift: np.ndarray) -> Any:
        values: dict[str, Any] = {}
        for (name, place), amount in zip(wrt, shift, strict=True):
            old = values.get(name, point.symbol(name))
            if place is None:
                values[name] = old + amount
            else:
                values[name] = np.array(old, dtype=float)
                values[name][place] += amount
        return value(inner, point.moved(**values))

    return _derivative(shifted, len(wrt), point)


def _derivative(function: Callable[[np.ndarray], Any], order: int, point: Point) -> Any:
    found, noise = numerics.derivative(function, order)
    point.noise[0] = max(point.noise[0], noise)
    return found
