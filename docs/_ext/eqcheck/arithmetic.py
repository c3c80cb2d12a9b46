"""Sums, products, powers and functions of numbers, vectors and matrices, as mathematics has them.

Vectors are one-dimensional arrays and count as columns; a transposed vector is a row. What NumPy
would work out entry by entry, and a reader might take for something else, is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .tokens import DialectError

ELEMENTARY = ("exp", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh")
NAMED: dict[str, Callable[..., Any]] = {
    **{rf"\{name}": getattr(np, name) for name in ELEMENTARY},
    r"\ln": np.log,
    r"\operatorname{artanh}": np.arctanh,
    r"\operatorname{sign}": np.sign,
}
OF_MATRICES: dict[str, Callable[..., Any]] = {
    r"\det": np.linalg.det,
    r"\operatorname{tr}": np.trace,
    r"\operatorname{diag}": np.diag,
}
DIMENSIONS = {r"\det": 2, r"\operatorname{tr}": 2, r"\operatorname{diag}": 1}


@dataclass(frozen=True)
class Interval:
    """The numbers between two ends."""

    low: float
    high: float
    ends: tuple[bool, bool] = (True, True)

    def __contains__(self, number: float) -> bool:
        above = self.low <= number if self.ends[0] else self.low < number
        return above and (number <= self.high if self.ends[1] else number < self.high)


@dataclass(frozen=True)
class Members:
    """A finite set of numbers."""

    values: tuple[float, ...]

    def __contains__(self, number: float) -> bool:
        return any(np.isclose(number, v, rtol=1e-12, atol=0) for v in self.values)


def whole(number: Any, what: str) -> int:
    """Return a number as an int; refuse one that is none."""
    if type(number) is int:
        return number
    if np.ndim(number) or not np.isfinite(number) or number != np.round(number):
        raise DialectError(f"{what} is a whole number, not {number}")
    return int(number)


def add(left: Any, right: Any) -> Any:
    """Return a sum; a row may be added to every row of a matrix, and a number to a vector."""
    if type(left) is float and type(right) is float:
        return left + right
    one, other = sorted((left, right), key=lambda v: (np.ndim(v), np.size(v)))
    if np.shape(one) == np.shape(other) or not np.ndim(other):
        return left + right
    shape, rows = np.shape(one), np.shape(other)
    square = len(rows) > 1 and rows[0] == rows[-1]
    if (shape == () and square) or (shape in {rows[1:], (1, *rows[1:])} and square):
        raise DialectError("a number or a row added to a square matrix: write it with indices")
    if shape in {(), rows[1:], (1, *rows[1:])}:
        return left + right
    raise DialectError(f"a sum of the shapes {np.shape(left)} and {np.shape(right)}")


def times(left: Any, right: Any) -> Any:
    """Return the product of numbers, or of matrices; vectors are columns."""
    if np.ndim(left) == 0 or np.ndim(right) == 0:
        return left * right
    left, right = (v[:, None] if np.ndim(v) == 1 else v for v in (left, right))
    if left.ndim > 2 or right.ndim > 2:
        raise DialectError("a product of arrays of three axes; write it with indices")
    if left.shape[1] != right.shape[0]:
        raise DialectError(
            f"a product of the shapes {left.shape} and {right.shape}; "
            "of two columns write ^\\top, \\odot, \\cdot or indices"
        )
    result = left @ right
    if result.shape == (1, 1):
        return result.item()
    return result[:, 0] if result.shape[1] == 1 else result


def dot(left: Any, right: Any) -> Any:
    r"""Return what \cdot means: the inner product of two vectors, else a product."""
    if np.ndim(left) == np.ndim(right) == 1:
        if len(left) != len(right):
            raise DialectError("an inner product of vectors of different lengths")
        return left @ right
    return times(left, right)


def cross(left: Any, right: Any) -> Any:
    """Return a product of which at least one factor is a number."""
    if np.ndim(left) and np.ndim(right):
        raise DialectError(r"\times or * between arrays: write \odot, \cdot or indices")
    return left * right


def hadamard(left: Any, right: Any) -> Any:
    """Return the product entry by entry."""
    if np.shape(left) != np.shape(right):
        raise DialectError(rf"\odot between the shapes {np.shape(left)} and {np.shape(right)}")
    return left * right


def fraction(above: Any, below: Any) -> Any:
    """Return a quotient by a number."""
    if np.ndim(below):
        raise DialectError("a fraction with an array below the line; write it with indices")
    return np.divide(above, below)


def power(base: Any, exponent: Any) -> Any:
    """Return a power of a number, or a whole power of a square matrix."""
    if np.ndim(exponent):
        raise DialectError("an exponent that is an array; write it with indices")
    if np.ndim(base) == 0:
        exact = np.isfinite(exponent) and exponent == np.round(exponent) and abs(exponent) < 2**31
        return np.power(float(base), int(exponent) if exact else exponent)
    if np.ndim(base) == 2 and base.shape[0] == base.shape[1]:
        return np.linalg.matrix_power(base, min(whole(exponent, "the power of a matrix"), 1000))
    raise DialectError(r"a power of a vector; write \odot, \lVert v \rVert^2 or indices")


def root(*values: Any) -> Any:
    """Return a square root, or the root of an order given first."""
    order, inside = values if len(values) == 2 else (2, values[0])
    if np.ndim(inside):
        raise DialectError("the root of an array; write it with indices")
    return np.power(inside, 1 / order)


def absolute(inside: Any) -> Any:
    r"""Return the absolute value of a number, or how many members a set has."""
    if isinstance(inside, Members):
        return len(inside.values)
    if np.ndim(inside):
        raise DialectError(r"bars around an array: write \lVert x \rVert or \det(A)")
    return np.abs(inside)


def norm(inside: Any, order: Any = None) -> Any:
    """Return the norm of a vector, or the Frobenius norm "F"; a bare norm of a matrix is none."""
    if np.ndim(inside) == 2 and order != "F":
        raise DialectError(r"which norm of a matrix? Write \|A\|_F for that of its entries")
    if np.ndim(inside) > 2 or (order is not None and order != "F" and np.ndim(order)):
        raise DialectError("a norm belongs to a vector or a matrix")
    if np.ndim(inside) == 0:
        return np.abs(inside)
    return np.linalg.norm(np.ravel(inside), 2 if order in {None, "F"} else order)


def logarithm(base: Any, inside: Any) -> Any:
    """Return a logarithm to a base."""
    return np.log(_no_matrix(inside)) / np.log(base)


def _no_matrix(value: Any) -> Any:
    if np.ndim(value) > 1:
        raise DialectError("a function of a matrix: entry by entry or not? Write it with indices")
    return value


def named(name: str, arguments: list[Any]) -> Any:
    r"""Return the value of a function that every page knows, such as \exp."""
    if name in {r"\max", r"\min"}:
        if len(arguments) > 1 and any(map(np.ndim, arguments)):
            raise DialectError(f"{name} of numbers and arrays; write it with indices")
        return (np.max if name == r"\max" else np.min)(arguments)
    if len(arguments) != 1:
        raise DialectError(f"{name} takes one argument")
    if name in NAMED:
        return NAMED[name](_no_matrix(arguments[0]))
    if np.ndim(arguments[0]) != DIMENSIONS[name]:
        raise DialectError(f"{name} of an array of {np.ndim(arguments[0])} axes")
    return OF_MATRICES[name](arguments[0])


def factorial(number: Any) -> Any:
    """Return the factorial of a whole number."""
    n = whole(number, "what stands before !")
    if not 0 <= n <= 170:
        raise DialectError(f"the factorial of {n}")
    return float(math.factorial(n))


def transpose(matrix: Any) -> Any:
    """Return the transposed matrix; of a vector, which is a column, a row."""
    if isinstance(matrix, Interval):  # [a, b]^\top
        return np.array([matrix.low, matrix.high])
    return matrix[None, :] if np.ndim(matrix) == 1 else np.transpose(matrix)


def matrix(*rows: list[Any]) -> Any:
    """Return a matrix of numbers; one column is a vector."""
    if any(map(np.ndim, (entry for row in rows for entry in row))):
        raise DialectError("a matrix made of arrays; its entries are numbers")
    if len({len(row) for row in rows}) != 1:
        raise DialectError("a matrix with rows of different lengths")
    return np.array(rows, float)[:, 0] if len(rows[0]) == 1 else np.array(rows, float)


COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: np.allclose(a, b, rtol=1e-12, atol=1e-300),
    r"\ne": lambda a, b: not np.allclose(a, b, rtol=1e-12, atol=1e-300),
    "<": lambda a, b: np.all(np.less(a, b)),
    ">": lambda a, b: np.all(np.greater(a, b)),
    r"\le": lambda a, b: np.all(np.less_equal(a, b)),
    r"\ge": lambda a, b: np.all(np.greater_equal(a, b)),
    r"\in": lambda a, b: a in b,
    r"\notin": lambda a, b: a not in b,
}
"""What a relation asks of two values, where it is a condition."""
