"""Points: values of the symbols, drawn at random and followed through the notation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from eqcheck.domains import Domain
from eqcheck.notation import Entry, Notation, function_key
from eqcheck.reader import DialectError


class Point:
    """Values of the free symbols, and what follows from them, worked out when asked for.

    A point is a mapping from Python names, so that the code of a notation runs in it.
    """

    def __init__(self, notation: Notation, values: Mapping[str, Any]) -> None:
        self.notation = notation
        self._values = dict(values)
        self.noise = [0.0]  # error estimate of the least certain derivative
        self.searched = [False]  # whether a maximum was looked for along a free symbol

    @classmethod
    def random(cls, notation: Notation, names: set[str], rng: np.random.Generator) -> Point:
        """Return a point with every free symbol among `names` drawn from its domain."""
        point = cls(notation, {})
        for name in sorted(names):
            point._draw(name, rng)
        return point

    def _draw(self, name: str, rng: np.random.Generator) -> None:
        entry = self.notation.entries[name]
        if entry.free and name not in self._values:
            for needed in sorted(self.notation.closure(entry.names)):
                self._draw(needed, rng)
            self._values[name] = self.domain(name).draw(rng)

    def domain(self, name: str) -> Domain:
        """Return the domain of a free symbol at this point."""
        entry = self.notation.entries.get(name)
        if entry is None or not entry.free:
            raise DialectError(f"{name} is no free symbol of the notation; give it a range")
        domain: Domain = self._run(entry)
        return domain

    def bounds(self, name: str) -> tuple[float, float]:
        """Return the ends between which a symbol moves; of a derived one, what is seen of it."""
        entry = self.notation.entries.get(name)
        if entry is not None and entry.free:
            return self.domain(name).bounds
        rng, needed = np.random.default_rng(0), self.notation.closure([name])
        seen = [Point.random(self.notation, needed, rng).symbol(name) for _ in range(64)]
        return min(seen), max(seen)

    def _run(self, entry: Entry) -> Any:
        try:
            # The code is the author's own, as in any page that is executed.
            return eval(
                entry.compiled, dict(self.notation.namespace), cast("Mapping[str, Any]", self)
            )
        except (NameError, TypeError, LookupError, AttributeError) as error:
            raise DialectError(f"{entry.latex} : {entry.code} fails: {error}") from error

    def __getitem__(self, name: str) -> Any:
        if name not in self._values:
            entry = self.notation.entries.get(name)
            if entry is None or entry.free:
                raise KeyError(name)
            self._values[name] = self._run(entry)
        return self._values[name]

    def symbol(self, name: str) -> Any:
        """Return the value of a symbol of the formula."""
        try:
            return self[name]
        except KeyError:
            raise DialectError(f"the notation does not declare {name}") from None

    def call(self, name: str, separators: list[str], arguments: list[Any]) -> Any:
        """Return the value of a function of the notation."""
        entry = self.notation.entries.get(key := function_key(name, separators))
        if entry is None or entry.parameters is None or len(entry.parameters) != len(arguments):
            raise DialectError(f"the notation has no {key} of {len(arguments)} arguments")
        return self.moved(**dict(zip(entry.parameters, arguments, strict=True)))._run(entry)

    def moved(self, **changes: Any) -> Point:
        """Return a point where some symbols have other values; what depends on them follows."""
        stale: set[str] = set()
        for name in changes:
            stale |= self.notation.dependents.get(name, frozenset())
        kept = {name: value for name, value in self._values.items() if name not in stale}
        point = Point(self.notation, {**kept, **changes})
        point.noise, point.searched = self.noise, self.searched
        return point
