"""What a free symbol may be: domains to draw random values from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Draw = Callable[[np.random.Generator, tuple[int, ...]], Any]


class Domain:
    """A set with a way to draw from it; ``real[K]`` is a vector of ``K`` members of ``real``.

    Parameters
    ----------
    draw : callable
        Takes a random generator and a shape, returns an array of that shape.
    shape : tuple of int
        The shape of one member; empty for a number.
    members : sequence of number, optional
        All members of a finite set, over which a sum may run.
    bounds : pair of float
        Between which a maximum is looked for.
    """

    def __init__(
        self,
        draw: Draw,
        shape: tuple[int, ...] = (),
        members: Sequence[float] | None = None,
        bounds: tuple[float, float] = (-np.inf, np.inf),
    ) -> None:
        self._draw, self._shape = draw, shape
        self.members, self.bounds = members, bounds

    def __getitem__(self, shape: int | tuple[int, ...]) -> Domain:
        return Domain(self._draw, shape if isinstance(shape, tuple) else (shape,))

    def draw(self, rng: np.random.Generator) -> Any:
        """Return one random member: a Python number, or an array."""
        member = self._draw(rng, self._shape)
        return member if self._shape else np.asarray(member).item()


def interval(low: float, high: float) -> Domain:
    """Return the numbers from ``low`` to ``high``."""
    return Domain(lambda rng, shape: rng.uniform(low, high, shape), bounds=(low, high))


def among(*members: float) -> Domain:
    """Return the set of the given numbers."""
    return Domain(lambda rng, shape: rng.choice(np.asarray(members), shape), members=members)


def index(size: int) -> Domain:
    """Return the whole numbers 1 … ``size``: indices count from 1, as on the page."""
    return Domain(lambda rng, shape: rng.integers(1, size + 1, shape), members=range(1, size + 1))


def _one_hot(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]


def _simplex(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return rng.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1])


DOMAINS: dict[str, Any] = {
    "real": interval(-3, 3),
    "positive": interval(0.1, 4),
    "unit": interval(0.02, 0.98),
    "binary": among(0.0, 1.0),
    "size": Domain(lambda rng, shape: rng.integers(3, 5, shape)),
    "onehot": Domain(_one_hot),
    "simplex": Domain(_simplex),
    "index": index,
    "among": among,
    "interval": interval,
}
"""The names that a notation may use on the right of a colon."""
