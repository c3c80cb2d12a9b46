"""Derivatives, integrals, limits, series and maxima of Python functions, by numbers alone.

Each of them is worked out twice, at two resolutions, and gives up (`UnsettledError`) where the two
do not agree: a point where a number cannot be trusted is left out, never a cause for alarm.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

Function = Callable[[float], Any]
SHRINK = 1.7  # from one step to the next
_NODES = {n: np.polynomial.legendre.leggauss(n) for n in (12, 20)}


class UnsettledError(ArithmeticError):
    """Two estimates of one number do not agree."""


class _Table:
    """Estimates in shrinking steps, extrapolated to step 0 (Ridders, 1982).

    The entry is taken where neighbours agree best. `power` is the step's power in the error.
    """

    def __init__(self, shrink: float, power: int) -> None:
        self.shrink, self.power = shrink, power
        self.above: list[Any] = []
        self.best: Any = None
        self.error = float("inf")

    def add(self, estimate: Any) -> bool:
        """Take in an estimate; return whether another would make it worse."""
        row = [estimate]
        for k, above in enumerate(self.above, start=1):
            weight = self.shrink ** (self.power * k)
            row.append((weight * row[-1] - above) / (weight - 1))
            gap = max(size(row[-1] - row[-2]), size(row[-1] - above))
            if gap < self.error:
                self.best, self.error = row[-1], gap
        apart = size(row[-1] - self.above[-1]) if self.above else 0
        diverging = len(row) > 3 and apart > 100 * self.error
        self.above = row
        return diverging or (self.best is not None and self.error < 1e-12 * size(self.best))


def derivative(function: Callable[[np.ndarray], Any], order: int) -> tuple[Any, float]:
    """Return a mixed derivative of `function` at the origin, and an estimate of its error.

    `function` takes a vector of `order` displacements, which it adds to the variables of
    differentiation in turn; one variable may appear several times. Central differences are
    extrapolated; steps that leave the domain are too large. At a kink there is no derivative.
    """
    if order > 4:
        raise UnsettledError("a derivative of an order above 4 is out of reach of differences")
    signs = [np.array(s) for s in itertools.product((1.0, -1.0), repeat=order)]
    table = _Table(SHRINK, 2)
    step, rows = 0.4, 0
    while rows < 20 and step > 1e-15:
        try:
            estimate = sum(np.prod(s) * function(s * step / 2) for s in signs) / step**order
        except (ValueError, ArithmeticError):
            estimate = np.nan
        if not np.all(np.isfinite(estimate)):
            step /= 4
            continue
        if table.add(estimate):
            break
        step, rows = step / SHRINK, rows + 1
    if table.best is None or table.error > 1e-5 * (1 + size(table.best)):
        raise UnsettledError("the derivative does not settle")
    if order == 1 and _kinked(function, step / 2, table.best):
        raise UnsettledError("there is a kink, and no derivative")
    return table.best, table.error


def _kinked(function: Callable[[np.ndarray], Any], step: float, slope: Any) -> bool:
    """Return whether the slopes from the two sides differ, however small the step."""
    here = function(np.zeros(1))
    if not np.all(np.isfinite(here)):
        return True

    def difference(h: float) -> float:
        bend = function(np.array([h])) + function(np.array([-h])) - 2 * here
        return size(bend) / h

    wide, narrow = difference(step), difference(step / 8)
    noise = 1e-14 * size(here) / step
    return narrow > 0.5 * wide and narrow > 1e-5 * (1 + size(slope)) + 8 * noise


def integral(function: Function, low: float, high: float) -> Any:
    """Return the integral of `function`, by Gauss-Legendre quadrature on 1, 4 or 16 panels."""
    if np.isinf(low) or np.isinf(high):
        return _whole_line(function, low, high)
    for panels in (1, 4, 16):
        edges = np.linspace(low, high, panels + 1)
        rough, fine = (
            sum(
                w * (b - a) / 2 * function((a + b) / 2 + (b - a) / 2 * x)
                for a, b in itertools.pairwise(edges)
                for x, w in zip(*_NODES[nodes], strict=True)
            )
            for nodes in _NODES
        )
        if size(rough - fine) <= 1e-9 * (1 + size(fine)):
            return fine
    raise UnsettledError("the integral does not settle")


def _whole_line(function: Function, low: float, high: float) -> Any:
    """Integrate with a bound at infinity: x = t / (1 - t²) brings it to ±1."""

    def pulled(t: float) -> Any:
        return function(t / (1 - t * t)) * (1 + t * t) / (1 - t * t) ** 2

    ends = [np.sign(x) if np.isinf(x) else 2 * x / (1 + np.hypot(1, 2 * x)) for x in (low, high)]
    return integral(pulled, *ends)


def limit(function: Function, target: float, sides: tuple[int, ...]) -> tuple[Any, float]:
    """Return the limit of `function` at `target`, from the given sides, and its likely error.

    The limit is ±inf where the function grows and keeps growing.
    """
    if np.isinf(target):
        return _settled(lambda k: function(np.sign(target) * 2.0**k))
    found = []
    for side in sides:
        try:
            found.append(_settled(_near(function, target, side)))
        except ValueError:
            if len(sides) == 1:
                raise
    if not found:
        raise UnsettledError("there is no value near the limit")
    (first, error), (last, _) = found[0], found[-1]
    if not np.array_equal(first, last) and not size(first - last) <= 1e-6 * (1 + size(first)):
        raise UnsettledError("the two sides have different limits")
    return first, error


def _near(function: Function, target: float, side: int) -> Callable[[int], Any]:
    return lambda k: function(target + side * 2.0**-k)


def _settled(sequence: Callable[[int], Any]) -> tuple[Any, float]:
    """Return what a sequence in halving steps settles on, and its likely error."""
    table, values = _Table(2, 1), list[Any]()
    for k in range(2, 46):
        values.append(sequence(k))
        if not np.all(np.isfinite(values[-1])):
            break
        table.add(values[-1])
        steps = [size(b - a) for a, b in itertools.pairwise(values[-3:])]
        if k > 8 and max(steps) <= 1e-9 * (1 + size(values[-1])):
            return values[-1], max(*steps, 1e-12)
        if k > 8 and table.error <= 1e-8 * (1 + size(table.best)):
            return table.best, table.error
    if len(values) > 20 and np.ndim(values[-1]) == 0:
        growth = [abs(b) - abs(a) for a, b in itertools.pairwise(values[-10:])]
        if min(growth) > 0 and growth[-1] >= 0.99 * growth[0]:
            return np.sign(values[-1]) * np.inf, 0.0
    raise UnsettledError("the sequence does not settle")


def series(term: Callable[[int], Any], first: int) -> Any:
    """Return the sum of infinitely many terms that fall off like a geometric series or faster."""
    total, sizes = 0.0, list[float]()
    for k in range(first, first + 2000):
        value = term(k)
        total = total + value
        sizes.append(size(value))
        tail = sizes[-8:]
        falling = all(b <= 0.9 * a or b == 0 for a, b in itertools.pairwise(tail))
        if len(tail) == 8 and falling and tail[-1] < 1e-13 * (1 + size(total)):
            return total
    raise UnsettledError("the series converges too slowly")


def maximum(function: Function, low: float, high: float) -> tuple[float, float]:
    """Return the place and the value of the largest `function` between two ends."""
    for _ in range(9):
        grid = np.linspace(low, high, 33)
        values = [float(function(x)) for x in grid]
        top = int(np.nanargmax(values))
        low, high = grid[max(top - 1, 0)], grid[min(top + 1, 32)]
    return float(grid[top]), values[top]


def size(value: Any) -> float:
    """Return the largest magnitude in a number or an array."""
    return float(np.max(np.abs(value)))
