"""What a free symbol may be: sets to draw random values from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Domain:
    """A set with a way to draw from it; ``real[K]`` is a vector of ``K`` members of ``real``.

    Attributes
    ----------
    sample : callable
        Takes a random generator and a shape, returns an array of that shape.
    members : sequence of number, optional
        All members of a finite set, over which a sum may run.
    bounds : pair of float
        Between which values are drawn, and a maximum is looked for.
    ends : pair of bool
        Whether the set really ends at its bounds; ``real`` goes on where drawing stops.
    shape : tuple of int
        The shape of what is drawn; empty for a number.
    """

    sample: Callable[[np.random.Generator, tuple[int, ...]], Any]
    members: Sequence[float] | None = None
    bounds: tuple[float, float] = (-np.inf, np.inf)
    ends: tuple[bool, bool] = (True, True)
    shape: tuple[int, ...] = ()

    def __getitem__(self, shape: int | tuple[int, ...]) -> Domain:
        sizes = shape if isinstance(shape, tuple) else (shape,)
        if not all(n == int(n) and 0 < n <= 100 for n in sizes):
            raise ValueError(f"a shape is made of whole numbers from 1 to 100, not {sizes}")
        return replace(self, shape=sizes)

    def draw(self, rng: np.random.Generator, place: float) -> Any:
        """Return a random array of its shape, or the number at a `place` between 0 and 1."""
        if self.shape:
            return self.sample(rng, self.shape)
        if self.members is not None:
            return self.members[int(place * len(self.members))]
        return self.bounds[0] + place * (self.bounds[1] - self.bounds[0])


def interval(low: float, high: float) -> Domain:
    """Return the numbers from `low` to `high`."""
    if not -np.inf < low < high < np.inf:
        raise ValueError(f"interval({low}, {high}) is empty or endless")
    return Domain(lambda rng, shape: rng.uniform(low, high, shape), bounds=(low, high))


def among(*members: float) -> Domain:
    """Return the set of the given numbers."""
    if not 0 < len(members) <= 10_000:
        raise ValueError("among(...) takes from one to ten thousand numbers")
    return Domain(lambda rng, shape: rng.choice(np.asarray(members), shape), members)


def index(size: int, first: int = 1) -> Domain:
    """Return `size` whole numbers from `first`, which is 1 unless the notation says 0."""
    return among(*range(first, first + size))


DOMAINS: dict[str, Any] = {
    "real": replace(interval(-3, 3), ends=(False, False)),
    "positive": replace(interval(0.1, 4), ends=(False, False)),
    "unit": replace(interval(0.02, 0.98), ends=(False, False)),
    "binary": among(0.0, 1.0),
    "size": among(3, 4),
    "onehot": Domain(
        lambda rng, shape: np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]
    ),
    "simplex": Domain(lambda rng, shape: rng.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1])),
    "index": index,
    "among": among,
    "interval": interval,
}
"""The names of sets that a notation may use."""
