r"""What ``=``, ``\le``, ``\approx`` and ``\to`` promise, and when the promise is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from lark import Token, Tree

from eqcheck import arithmetic, folds  # noqa: F401  (they add their rules to evaluation)
from eqcheck.evaluation import relation, value
from eqcheck.points import Point
from eqcheck.reader import DialectError, Node

RELATIVE, ABSOLUTE = 1e-7, 1e-9  # what rounding and numerical derivatives may differ by
ROUGHLY = 0.05  # how far two sides of ≈ may be apart when neither shows its digits
LOOSE = {r"\le", r"\ge", "<", ">", r"\ne"}


def gap(left: Any, right: Any) -> float:
    """Return the largest difference of two values, relative to their size where that exceeds 1."""
    if np.array_equal(left, right):
        return 0.0
    difference = np.max(np.abs(np.subtract(left, right)))
    return float(difference / max(1.0, np.max(np.abs(left)), np.max(np.abs(right))))


def agree(sign: str, left: Any, right: Any, slack: float = 0.0) -> bool:
    """Return whether two values stand in a relation, up to rounding and `slack`."""
    if np.shape(left) != np.shape(right) and np.ndim(left) and np.ndim(right):
        raise DialectError(f"shapes differ: {np.shape(left)} and {np.shape(right)}")
    if np.array_equal(left, right):
        return sign not in {"<", ">", r"\ne"}
    room = RELATIVE * np.maximum(np.abs(left), np.abs(right)) + ABSOLUTE + slack
    difference = np.subtract(left, right)
    if sign in {r"\le", "<"}:
        return bool(np.all(difference <= room))
    if sign in {r"\ge", ">"}:
        return bool(np.all(difference >= -room))
    if sign == r"\ne":
        return bool(np.any(np.abs(difference) > room))
    return bool(np.all(np.abs(difference) <= room))


def side_value(side: Node, sign: str, conditions: list[Any], point: Point) -> Any:
    r"""Return the value of a side; before ``\to`` its limit under the condition ``z \to …``."""
    if sign != r"\to":
        return value(side, point)
    for condition in conditions:
        if condition.data == "chain" and relation(str(condition.children[1])) == r"\to":
            scope = Tree("script", [condition])
            return value(Tree("big", [Token("BIG", r"\lim"), scope, side]), point)
    raise DialectError(r"\to needs a condition such as \text{as } z \to \infty")


def slack(left: Node, right: Node, point: Point) -> float:
    """Return how far two sides of ≈ may be apart: decimals stand for all that rounds to them."""
    room = 0.0
    for side in (left, right):
        sole = not any(side.find_data("symbol")) and len(list(decimals(side))) < 2
        for literal in side.find_data("number"):
            digits = str(literal.children[0])
            whole = side is literal or (side.data == "sum" and len(side.children) == 2)
            shown = len(digits.replace(".", "").lstrip("0"))
            if ("." in digits and (sole or shown >= 3)) or whole:
                half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
                nudged = replaced(side, literal, str(float(digits) + half))
                room += float(np.max(np.abs(value(nudged, point) - value(side, point))))
    if room:
        return room * (1 + 1e-9)
    sizes = [np.max(np.abs(value(side, point))) for side in (left, right)]
    return ROUGHLY * float(max(sizes))


def replaced(tree: Node, old: Node, number: str) -> Node:
    """Return a tree with one number changed."""
    if tree is old:
        return Tree("number", [Token("NUMBER", number)])
    children = [c if isinstance(c, Token) else replaced(c, old, number) for c in tree.children]
    return Tree(tree.data, children)


def shows_digits(side: Node) -> bool:
    """Return whether a side is a decimal number, up to a sign and a power of ten."""
    return not any(side.find_data("symbol")) and any(decimals(side))


def decimals(tree: Node) -> Iterator[str]:
    """Yield the numbers with a decimal point."""
    for number in tree.find_data("number"):
        digits = str(number.children[0])
        if "." in digits:
            yield digits
