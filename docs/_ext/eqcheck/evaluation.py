"""The value of a tree at a point: a function for each rule of the grammar, in RULES.

Here stand the rules of conditions; ``arithmetic``, ``calculus`` and ``folds`` add theirs.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from lark import Token

from eqcheck.points import Point
from eqcheck.reader import Node

Children = list[Any]
Rule = Callable[[Children, Point], Any]
RULES: dict[str, Rule] = {}
SPELLINGS = {r"\leq": r"\le", r"\geq": r"\ge", r"\neq": r"\ne", r"\rightarrow": r"\to"}
SPELLINGS |= dict.fromkeys((":=", r"\coloneqq", r"\equiv"), "=")
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: np.allclose(a, b, rtol=1e-12, atol=0),
    "<": operator.lt,
    ">": operator.gt,
    r"\le": operator.le,
    r"\ge": operator.ge,
    r"\ne": operator.ne,
    r"\in": lambda a, b: a in b if isinstance(b, list) else b[0] <= a <= b[1],
}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Return a decorator that makes a function the evaluation of a rule of the grammar."""

    def register(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return register


def value(node: Any, point: Point) -> Any:
    """Return the value of a node: a number or an array."""
    return RULES[node.data](node.children, point)


def relation(token: object) -> str:
    """Return the one spelling of a relation."""
    return SPELLINGS.get(str(token), str(token))


def name_of(symbol: Node) -> str:
    """Return the name of a symbol."""
    return str(symbol.children[0])


def places_of(script: Node, point: Point) -> tuple[int, ...]:
    """Return the places that a script names: ``{ij}`` and ``{i,j}`` are two, ``{i+1}`` is one."""

    def split(node: Any) -> list[Node]:
        juxtaposed = node.data == "product"
        return [n for child in node.children for n in split(child)] if juxtaposed else [node]

    return tuple(int(value(n, point)) - 1 for node in script.children for n in split(node))


def holds(chain: Node, point: Point) -> bool:
    """Return whether every relation of a chain holds at a point."""
    sides = [value(side, point) for side in chain.children[::2]]
    links = zip(sides, map(relation, chain.children[1::2]), sides[1:], strict=False)
    return all(bool(np.all(COMPARE[sign](left, right))) for left, sign, right in links)


def bind(items: Children, point: Point) -> Iterator[Point]:
    r"""Yield the points of a condition such as ``i = 1`` or ``k \ne j``, or none.

    An equation with a symbol on its left sets that symbol; another relation must hold. A range
    ``i = 1, \dots, K`` says nothing, for indices are drawn from theirs.
    """
    points, kinds = [point], [item.data for item in items]
    for position, item in enumerate(items):
        if item.data != "chain" or "dots" in kinds[max(position - 1, 0) : position + 2]:
            continue
        left, sign, right = item.children[0], relation(item.children[1]), item.children[-1]
        if left.data == "symbol" and sign == "=":
            points = [p.moved(**{name_of(left): value(right, p)}) for p in points]
        elif left.data == "symbol" and right.data == "members":
            values = right.children
            points = [p.moved(**{name_of(left): value(v, p)}) for p in points for v in values]
        elif sign != r"\to":
            points = [p for p in points if holds(item, p)]
    yield from points


@rule("at")
def _at(children: Children, point: Point) -> Any:
    (there,) = bind(children[1].children, point)
    return value(children[0], there)


@rule("indicator")
def _indicator(children: Children, point: Point) -> Any:
    return float(holds(children[0], point))


@rule("cases")
def _cases(children: Children, point: Point) -> Any:
    for case in children:
        conditions = [c for c in case.children[1:] if not isinstance(c, Token)]
        if all(holds(condition, point) for condition in conditions):
            return value(case.children[0], point)
    raise ValueError("no case applies")
