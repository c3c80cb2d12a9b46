"""Rules that run over a set: sums, products, maxima, expectations, and looking for an optimum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from eqcheck import numerics
from eqcheck.calculus import along, limit
from eqcheck.evaluation import Children, holds, name_of, relation, rule, value
from eqcheck.points import Point
from eqcheck.reader import Node

FOLDS: dict[str, Any] = {r"\sum": np.sum, r"\prod": np.prod, "max": np.max, "min": np.min}


@rule("big")
def _big(children: Children, point: Point) -> Any:
    """Fold over an index set, or look along a symbol that moves freely."""
    sign, scope, body = str(children[0]), children[1].children, children[-1]
    top = children[2].children[0] if len(children) == 4 else None
    if sign == r"\lim":
        return limit(scope[0], body, point)
    kind = next((word for word in ("max", "min") if word in sign), sign)
    members = _members(scope, top, point)
    if members is None:
        return _optimum(scope[0], body, point, kind, place="arg" in sign)
    values = [value(body, there) for _, there in members]
    if "arg" in sign:
        return members[int(np.argmax(values) if kind == "max" else np.argmin(values))][0]
    return FOLDS[kind](values, axis=0) if values else float(kind == r"\prod")


def _members(scope: Children, top: Node | None, point: Point) -> list[tuple[float, Point]] | None:
    """Return what the symbol of a big operator runs over, each with its point, if finite."""
    head, filters = scope[0], scope[1:]
    symbol, sign = head, ""
    if head.data == "chain":
        symbol, sign = head.children[0], relation(head.children[1])
    name = name_of(symbol)
    found: Sequence[float] | None = None
    if sign == "=" and top is not None:
        found = range(int(value(head.children[2], point)), int(value(top, point)) + 1)
    elif sign == r"\in" and head.children[2].data == "members":
        found = value(head.children[2], point)
    elif name in point.notation.entries and point.notation.entries[name].free:
        found, filters = point.domain(name).members, scope if sign else filters
    if found is None:
        return None
    pairs = [(member, point.moved(**{name: member})) for member in found]
    return [(member, there) for member, there in pairs if all(holds(f, there) for f in filters)]


def _optimum(head: Node, body: Node, point: Point, kind: str, *, place: bool) -> float:
    """Return the largest or smallest value along a symbol, or its place, by looking around."""
    point.searched[0] = True
    if head.data == "chain":  # o \in [0, 1]
        symbol, _, interval = head.children
        name, (low, high) = name_of(symbol), value(interval, point)
    else:
        name = name_of(head)
        low, high = point.bounds(name)
    flip, function = (-1 if kind == "min" else 1), along(body, name, point)
    where, found = numerics.maximum(lambda x: flip * function(x), low, high)
    return where if place else flip * found


@rule("expectation")
def _expectation(children: Children, point: Point) -> Any:
    (chain,), inner = children[0].children, children[1]
    symbol, _, distribution = chain.children
    function = along(inner, name_of(symbol), point)
    weights = np.asarray(value(distribution, point))
    return sum(weight * function(k) for k, weight in enumerate(weights, start=1))
