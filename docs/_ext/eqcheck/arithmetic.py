"""Rules that work on values: sums, products, powers, functions, vectors and matrices.

Vectors are one-dimensional arrays and count as columns; a transposed vector is a row. Indices
count from 1, as on the page.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from lark import Token

from eqcheck.calculus import differentiate
from eqcheck.evaluation import RULES, Children, places_of, rule, value
from eqcheck.points import Point
from eqcheck.reader import DialectError

ELEMENTARY = ("exp", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh")
NAMED: dict[str, Callable[..., Any]] = {
    **{rf"\{name}": getattr(np, name) for name in ELEMENTARY},
    r"\ln": np.log,
    r"\det": np.linalg.det,
    r"\operatorname{artanh}": np.arctanh,
    r"\operatorname{diag}": np.diag,
    r"\operatorname{sign}": np.sign,
    r"\operatorname{tr}": np.trace,
    r"\max": lambda *values: np.max(values),
    r"\min": lambda *values: np.min(values),
}


def _times(left: Any, right: Any) -> Any:
    if np.ndim(left) == 0 or np.ndim(right) == 0:
        return left * right
    left, right = (v[:, None] if np.ndim(v) == 1 else v for v in (left, right))
    if left.shape[1] != right.shape[0]:
        raise DialectError("a product of two columns; write ^\\top, \\odot or indices")
    result = left @ right
    if result.shape == (1, 1):
        return result.item()
    return result[:, 0] if result.shape[1] == 1 else result


def _power(base: Any, exponent: Any) -> Any:
    return np.power(base, int(exponent) if exponent == np.round(exponent) else exponent)


def _column(*rows: Any) -> Any:
    return np.array(rows)[:, 0] if len(rows[0]) == 1 else np.array(rows)


ON_VALUES: dict[str, Callable[..., Any]] = {
    "infty": lambda: np.inf,
    "product": _times,
    "hadamard": operator.mul,
    "fraction": operator.truediv,
    "power": _power,
    "root": lambda *values: values[-1] ** (1 / values[0] if len(values) == 2 else 0.5),
    "log": lambda base, inside: np.log(inside) / np.log(base),
    "absolute": np.abs,
    "norm": np.linalg.norm,
    "labelled": lambda inside: inside,
    "transpose": lambda matrix: matrix[None, :] if np.ndim(matrix) == 1 else matrix.T,
    "matrix": _column,
    "matrix_row": lambda *values: list(values),
    "members": lambda *values: list(values),
    "interval": lambda low, high: (low, high),
}


def _on_values(function: Callable[..., Any]) -> Callable[[Children, Point], Any]:
    return lambda children, point: function(*(value(child, point) for child in children))


RULES.update({name: _on_values(function) for name, function in ON_VALUES.items()})


@rule("number")
def _number(children: Children, _: Point) -> float:
    return float(children[0])


@rule("symbol")
def _symbol(children: Children, point: Point) -> Any:
    name = str(children[0])
    return np.pi if name == "pi" and name not in point.notation.entries else point.symbol(name)


@rule("sum")
def _sum(children: Children, point: Point) -> Any:
    total, sign = 0.0, 1
    for child in children:
        if isinstance(child, Token):
            sign = -1 if child == "-" else 1
        else:
            total = total + sign * value(child, point)
    return total


@rule("index")
def _index(children: Children, point: Point) -> Any:
    base, script = children
    if base.data == "norm":
        return np.linalg.norm(value(base.children[0], point), value(script.children[0], point))
    array, places = value(base, point), places_of(script, point)
    if np.ndim(array) != len(places):
        raise DialectError(f"{len(places)} indices on a value that takes {np.ndim(array)}")
    if any(not 0 <= place < size for place, size in zip(places, array.shape, strict=True)):
        raise DialectError("an index out of range")
    return array[places]


@rule("call")
def _call(children: Children, point: Point) -> Any:
    name, rest = str(children[0]), children[1:]
    primes = sum(isinstance(c, Token) and c.type == "PRIME" for c in rest)
    separators = [str(c) for c in rest if isinstance(c, Token) and c.type != "PRIME"]
    arguments = [value(c, point) for c in rest if not isinstance(c, Token)]
    if name in NAMED:
        return NAMED[name](*arguments)
    if not primes:
        return point.call(name, separators, arguments)
    (at,) = arguments
    return differentiate(lambda shift: point.call(name, [], [at + shift.sum()]), primes, point)
