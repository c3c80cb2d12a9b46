"""A second reading of formulas, by SymPy's LaTeX parser, to hold against that of the checker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy.core.function import AppliedUndef
from sympy.parsing.latex import LaTeXParsingError, parse_latex

from eqcheck import Notation
from eqcheck.notation import python_name
from eqcheck.points import Context, Point
from eqcheck.reader import read
from eqcheck.statements import Statement
from eqcheck.tokens import DialectError

NO_VALUE = (AttributeError, IndexError, KeyError, TypeError, ValueError, ArithmeticError)
_INDEXED = re.compile(r"(?P<base>.+)_\{?(?P<script>[^{}]+)\}?$")


class NoSecondReadingError(Exception):
    """SymPy does not read it, or what it reads has no value here."""


def compared(latex: str, notation: Notation) -> Iterator[tuple[str, float, complex]]:
    """Yield each side that both read as a number: its LaTeX, and the two values at a point."""
    for statement in Statement.all_of(latex, read(latex, notation), notation):
        statement.sample(notation, Context())
        trial = statement.trials[-1]
        for side, ours in zip(statement.sides, trial.values, strict=True):
            text = statement.text(side)
            if side.data in {"symbol", "number"} or np.ndim(ours):
                continue
            try:
                yield text, float(ours), of(text, trial.point)
            except NoSecondReadingError:
                continue


def of(latex: str, point: Point) -> complex:
    """Return the value of a formula as SymPy reads it."""
    try:
        # SymPy has names of its own for what is only spacing to the eye.
        plain = re.sub(r"\\[dt]frac", r"\\frac", latex)
        plain = re.sub(r"\\(left|right)\||\\[lr]vert(?![a-z])", "|", plain)
        plain = re.sub(r"\\bigg?[lr](?![a-z])", "", plain)
        return complex(_value(parse_latex(plain, backend="antlr"), point))
    except (LaTeXParsingError, DialectError, *NO_VALUE) as error:
        raise NoSecondReadingError(str(error)) from error


def _value(tree: Any, point: Point) -> Any:
    """Evaluate SymPy's tree by mpmath; only the symbols get their values from the point."""
    match tree:
        case sympy.Symbol():
            return _symbol(str(tree), point)
        case AppliedUndef():
            return _applied(str(tree.func), [_real(a, point) for a in tree.args], point)
        case sympy.Derivative():
            return _derivative(tree.expr, list(tree.variables), point)
        case sympy.Sum() | sympy.Product() | sympy.Integral():
            return _over(tree, list(tree.limits), point)
        case sympy.Expr() if tree.args:
            numbers = [sympy.sympify(_value(a, point)) for a in tree.args]
            return tree.func(*numbers).evalf(20)
        case sympy.Expr():
            return tree.evalf(20)
    raise NoSecondReadingError(f"no number: {tree}")


def _applied(name: str, arguments: list[float], point: Point) -> Any:
    """Return the value of a function; where a number is declared, SymPy has read a product."""
    if name in {"max", "min"}:
        return (max if name == "max" else min)(arguments)
    if python_name(name) in point.notation.functions:
        return point.call(python_name(name), [","] * (len(arguments) - 1), arguments)
    if len(arguments) != 1:
        raise NoSecondReadingError(f"{name} of {arguments}")
    return _symbol(name, point) * arguments[0]


def _over(tree: Any, limits: list[Any], point: Point) -> Any:
    """Add, multiply or integrate along the last of the limits, and within it along the others."""
    if not limits:
        return _value(tree.function, point)
    *others, (symbol, low, high) = limits
    ends = [_real(end, point) for end in (low, high)]

    def inner(x: Any) -> Any:
        return _over(tree, others, point.moved(**{str(symbol): x}))

    if isinstance(tree, sympy.Integral):
        return mpmath.quad(lambda x: inner(float(x)), ends)
    fold = mpmath.fsum if isinstance(tree, sympy.Sum) else mpmath.fprod
    return fold([inner(k) for k in range(round(ends[0]), round(ends[1]) + 1)])


def _real(tree: Any, point: Point) -> float:
    return float(_value(tree, point))


def _symbol(name: str, point: Point) -> Any:
    """Return the value of a symbol, whose indices SymPy takes for a part of its name."""
    plain = python_name(name)
    if point.declares(plain) or plain == "pi":
        found = point.symbol(plain)
    elif match := _INDEXED.match(name):
        found = point.symbol(python_name(match["base"]))
        for part in re.findall(r"\d+|[a-zA-Z]", match["script"]):
            place = int(part) if part.isdigit() else int(point.symbol(part))
            found = found[place - int(point.notation.rules.get("first index", "1"))]
    else:
        raise NoSecondReadingError(name)
    if not isinstance(found, int | float | np.floating):
        raise NoSecondReadingError(f"{name} is no number")
    return found


def _derivative(inner: Any, variables: list[Any], point: Point) -> Any:
    """Differentiate by plain central differences, one variable after the other."""
    if not variables:
        return _value(inner, point)
    first, *rest = variables
    name, step = python_name(str(first)), 1e-3 if rest else 1e-5
    if not point.declares(name) or np.ndim(point.symbol(name)):
        raise NoSecondReadingError(f"by {first}")
    ends = (point.moved(**{name: point.symbol(name) + h}) for h in (step, -step))
    above, below = (_derivative(inner, rest, there) for there in ends)
    return (above - below) / (2 * step)
