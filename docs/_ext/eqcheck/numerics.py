"""Derivatives, integrals, limits, series and maxima of Python functions, by numbers alone.

Each of them is worked out twice, at two resolutions, and gives up (`UnsettledError`) where the two
do not agree: a point where a number cannot be trusted is left out, never a cause for alarm.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Function = Callable[[float], Any]
_NODES = {n: np.polynomial.legendre.leggauss(n) for n in (12, 20)}


class UnsettledError(ArithmeticError):
    """Two estimates of one number do not agree."""


class _Table:
    """Estimates in halving steps, extrapolated to step 0 (Romberg; Ridders, 1982).

    The entry is taken where neighbours agree best. `power` is the step's power in the error.
    """

    def __init__(self, power: int) -> None:
        self.power = power
        self.above: list[Any] = []
        self.best: Any = None
        self.error = float("inf")

    def add(self, estimate: Any) -> bool:
        """Take in an estimate; return whether another would hardly make it better."""
        row = [estimate]
        for k, above in enumerate(self.above, start=1):
            weight = 2.0 ** (self.power * k)
            row.append((weight * row[-1] - above) / (weight - 1))
            gap = max(size(row[-1] - row[-2]), size(row[-1] - above))
            if gap < self.error:
                self.best, self.error = row[-1], gap
        apart = size(row[-1] - self.above[-1]) if self.above else 0
        diverging = len(row) > 3 and apart > 100 * self.error
        self.above = row
        return diverging or (self.best is not None and self.error < 1e-11 * size(self.best))


def derivative(function: Callable[[Sequence[float]], Any], order: int) -> tuple[Any, float]:
    """Return a mixed derivative of `function` at the origin, and an estimate of its error.

    `function` takes `order` displacements, which it adds to the variables of differentiation in
    turn; one variable may appear several times. Central differences are extrapolated; steps that
    leave the domain are too large. At a kink there is no derivative.
    """
    if order > 4:
        raise UnsettledError("a derivative of an order above 4 is out of reach of differences")
    signs = list(itertools.product((1.0, -1.0), repeat=order))
    table, step, tried = _Table(2), 0.4, list[tuple[float, list[Any]]]()
    while len(tried) < 16 and step > 1e-15:
        try:
            values = [function([sign * step / 2 for sign in all_]) for all_ in signs]
        except (ValueError, ArithmeticError):
            values = [np.nan]
        if not all(map(finite, values)):
            step /= 4
            continue
        tried.append((step / 2, values))
        pairs = zip(signs, values, strict=True)
        if table.add(sum(math.prod(all_) * value for all_, value in pairs) / step**order):
            break
        step /= 2
    if table.best is None or table.error > 1e-5 * (1 + size(table.best)):
        raise UnsettledError("the derivative does not settle")
    if order == 1 and _kinked(function, tried, table.best):
        raise UnsettledError("there is a kink, and no derivative")
    return table.best, table.error


def _kinked(
    function: Callable[[Sequence[float]], Any], tried: list[tuple[float, list[Any]]], slope: Any
) -> bool:
    """Return whether the slopes from the two sides differ, however small the step."""
    here, first, last = function([0.0]), tried[max(-4, -len(tried))], tried[-1]
    if not finite(here):
        return True
    if len(tried) < 4:
        step = last[0] / 8
        last = (step, [function([step]), function([-step])])
    wide, narrow = (size(above + below - 2 * here) / step for step, (above, below) in (first, last))
    noise = 1e-14 * size(here) / last[0]
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
    table, values = _Table(1), list[Any]()
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
    grid = [low + (high - low) * k / 32 for k in range(33)]
    top = int(np.nanargmax([float(function(x)) for x in grid]))
    low, high = grid[max(top - 1, 0)], grid[min(top + 1, 32)]
    for _ in range(40):  # by the golden section
        left, right = low + 0.382 * (high - low), high - 0.382 * (high - low)
        if function(left) > function(right):
            high = right
        else:
            low = left
    best, place = max((float(function(x)), x) for x in (low, high, grid[top]))
    return place, best


def size(value: Any) -> float:
    """Return the largest magnitude in a number or an array."""
    return float(np.abs(value).max()) if isinstance(value, np.ndarray) else abs(float(value))


def finite(value: Any) -> bool:
    """Return whether a number, or every number of an array, is finite."""
    return bool(np.isfinite(value).all()) if isinstance(value, np.ndarray) else math.isfinite(value)
