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
        Between which a maximum is looked for.
    shape : tuple of int
        The shape of what is drawn; empty for a number.
    """

    sample: Callable[[np.random.Generator, tuple[int, ...]], Any]
    members: Sequence[float] | None = None
    bounds: tuple[float, float] = (-np.inf, np.inf)
    shape: tuple[int, ...] = ()

    def __getitem__(self, shape: int | tuple[int, ...]) -> Domain:
        return replace(self, shape=shape if isinstance(shape, tuple) else (shape,))

    def draw(self, rng: np.random.Generator) -> Any:
        """Return one random member: a Python number, or an array."""
        member = self.sample(rng, self.shape)
        return member if self.shape else np.asarray(member).item()


def interval(low: float, high: float) -> Domain:
    """Return the numbers from `low` to `high`."""
    return Domain(lambda rng, shape: rng.uniform(low, high, shape), bounds=(low, high))


def among(*members: float) -> Domain:
    """Return the set of the given numbers."""
    return Domain(lambda rng, shape: rng.choice(np.asarray(members), shape), members)


def index(size: int) -> Domain:
    """Return the whole numbers 1 … `size`: indices count from 1, as on the page."""
    return among(*range(1, size + 1))


DOMAINS: dict[str, Any] = {
    "real": interval(-3, 3),
    "positive": interval(0.1, 4),
    "unit": interval(0.02, 0.98),
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
