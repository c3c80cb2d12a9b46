"""Rules of calculus: derivatives of the code, gradients and Jacobians, integrals, limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from lark import Token

from eqcheck import numerics
from eqcheck.evaluation import Children, name_of, places_of, rule, value
from eqcheck.points import Point
from eqcheck.reader import DialectError, Node

Variable = tuple[str, tuple[int, ...] | None]  # what a derivative moves: a symbol, or an entry


@rule("derivative")
def _derivative(children: Children, point: Point) -> Any:
    if children[0].data == "operator":
        (operator, inner) = children
        return _along(inner, _variables(operator.children, point), point)
    inner = next(c for c in children if c.data not in {"order", "wrt", "by"})
    return _along(inner, _variables(children, point), point)


@rule("gradient")
def _gradient(children: Children, point: Point) -> Any:
    return _along(children[1], [_variable(children[0].children[0], point)], point)


def _variable(node: Node, point: Point) -> Variable:
    if node.data != "index":
        return name_of(node), None
    symbol, script = node.children
    return str(symbol.children[0]), places_of(script, point)


def _variables(children: Children, point: Point) -> list[Variable]:
    def order(node: Node) -> int:
        return int(value(node.children[0], point))

    found: list[Variable] = []
    for symbol, *times in (c.children for c in children if c.data in {"wrt", "by"}):
        found += [_variable(symbol, point)] * (order(times[0]) if times else 1)
    above = [order(c) for c in children if c.data == "order"] or [1]
    if above != [len(found)]:
        raise DialectError("the order of the derivative differs above and below the line")
    return found


def _along(inner: Node, variables: list[Variable], point: Point) -> Any:
    """Differentiate `inner`; a variable that is an array gives axes to the result."""
    for k, (name, place) in enumerate(variables):
        array = point.symbol(name)
        if place is None and np.ndim(array):
            parts = [
                _along(inner, [*variables[:k], (name, at), *variables[k + 1 :]], point)
                for at in np.ndindex(array.shape)
            ]
            stacked = np.stack(parts, axis=-1)
            return stacked.reshape(*stacked.shape[:-1], *array.shape)

    def shifted(shift: np.ndarray) -> Any:
        values: dict[str, Any] = {}
        for (name, place), amount in zip(variables, shift, strict=True):
            moved = np.array(values.get(name, point.symbol(name)), dtype=float)
            moved[() if place is None else place] += amount
            values[name] = moved if moved.ndim else moved.item()
        return value(inner, point.moved(**values))

    return differentiate(shifted, len(variables), point)


def differentiate(function: Callable[[np.ndarray], Any], order: int, point: Point) -> Any:
    """Return a derivative at no displacement; the point keeps its estimated error."""
    found, error = numerics.derivative(function, order)
    point.noise[0] = max(point.noise[0], error)
    return found


@rule("integral")
def _integral(children: Children, point: Point) -> Any:
    low, high, inner, symbol = children
    ends = [float(value(script.children[0], point)) for script in (low, high)]
    return numerics.integral(along(inner, name_of(symbol), point), *ends)


def along(inner: Node, name: str, point: Point) -> Callable[[float], Any]:
    """Return the value of `inner` as a function of one symbol."""
    return lambda x: value(inner, point.moved(**{name: x}))


def limit(target: Node, inner: Node, point: Point) -> Any:
    r"""Return the limit of `inner` where the chain `target` points, as ``z \to 0^+``."""
    symbol, _, there = target.children
    sides: tuple[int, ...] = (1, -1)
    if there.data == "power" and isinstance(there.children[1], Token):
        there, sign = there.children
        sides = (1,) if sign == "+" else (-1,)
    end = float(value(there, point))
    return numerics.limit(along(inner, name_of(symbol), point), end, sides)
