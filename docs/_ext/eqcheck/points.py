"""Points: values of the symbols, drawn at random and followed through the notation."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .arithmetic import Members
from .domains import Domain
from .notation import Entry, Notation, function_key
from .tokens import DialectError

LARGEST = 100_000  # entries of an array
PATIENCE = 6  # times as long as a formula may work, it may take on a busy machine


class OutOfTimeError(Exception):
    """The budget of time of a formula is used up."""


@dataclass
class Context:
    r"""What the points of one formula share.

    Attributes
    ----------
    seconds : float
        How long the work of this thread may take; by the clock, `PATIENCE` times as long.
    base : float
        Of a bare \log, while the notation does not settle it.
    noise : float
        The error estimate of the least certain derivative or limit since it was last set to 0.
    searched, guessed : bool
        Whether an optimum was looked for along a symbol; whether a bare \log was met.
    vanished : list of str
        Derivatives by what nothing depends on.
    started : tuple of float
        When, by the clock and by this thread's own work.
    """

    seconds: float = np.inf
    base: float = np.e
    noise: float = 0.0
    searched: bool = False
    guessed: bool = False
    vanished: list[str] = field(default_factory=list)
    started: tuple[float, float] = field(
        default_factory=lambda: (time.monotonic(), time.thread_time()), init=False
    )

    def tick(self) -> None:
        """Give up when the time is used up; to look at the thread's own is dear."""
        spent = time.monotonic() - self.started[0]
        if spent > self.seconds and (
            spent > PATIENCE * self.seconds or time.thread_time() - self.started[1] > self.seconds
        ):
            raise OutOfTimeError


class Draws:
    """Random numbers for points, those of each single number spread evenly over its set."""

    def __init__(self, seed: int, count: int) -> None:
        self.rng, self.count, self.turn = np.random.default_rng(seed), count, 0
        self._orders: dict[tuple[str, int], Any] = {}

    def place(self, name: str) -> float:
        """Return a number from 0 to 1; in `count` turns one falls in each of as many strata."""
        lap, turn = divmod(self.turn, self.count)
        if (name, lap) not in self._orders:
            self._orders[name, lap] = self.rng.permutation(self.count)
        return float(self._orders[name, lap][turn] + self.rng.random()) / self.count


class Point(dict[str, Any]):
    """Values of the free symbols, and what follows from them, worked out when asked for.

    Attributes
    ----------
    notation, context : Notation, Context
        What the symbols mean; what the points of a formula share.
    known : dict
        The dear parts of a formula, by their place in it or what they are, with their values here.
    """

    __slots__ = ("context", "known", "notation")

    def __init__(self, notation: Notation, values: Mapping[str, Any], context: Context) -> None:
        super().__init__(values)
        self.notation, self.context = notation, context
        self.known: dict[Any, Any] = {}

    @classmethod
    def random(
        cls, notation: Notation, names: Iterable[str], draws: Draws, context: Context
    ) -> Point:
        """Return a point with every free symbol among `names` drawn from its domain."""
        point = cls(notation, {}, context)
        for name in notation.drawn(names):
            domain = point.domain(name)
            point[name] = domain.draw(draws.rng, 0 if domain.shape else draws.place(name))
        draws.turn += 1
        return point

    def domain(self, name: str) -> Domain:
        """Return the domain of a free symbol at this point."""
        entry = self.notation.entries.get(name)
        if entry is None or not entry.free:
            raise DialectError(f"{name} is no free symbol of the notation; give it a range")
        domain = self._run(entry)
        if not isinstance(domain, Domain):
            raise DialectError(f"{entry.latex} : {entry.code} is no set to draw from")
        return domain

    def _run(self, entry: Entry, *arguments: Any) -> Any:
        """Run a line of the notation, whatever it does."""
        self.context.tick()
        try:
            # The code is the author's own, as in any page that is executed.
            function, needed = self.notation.function(entry)
            return function(*[self[name] for name in needed], *arguments)
        except (KeyboardInterrupt, OutOfTimeError, DialectError, RecursionError):
            raise
        except (ArithmeticError, ValueError):
            raise  # at this point; there may be others
        except BaseException as error:
            reason = f"{type(error).__name__}: {error}"
            raise DialectError(f"{entry.latex} : {entry.code} fails: {reason}") from error

    def __missing__(self, name: str) -> Any:
        entry = self.notation.entries.get(name)
        if entry is None or entry.free:
            raise DialectError(f"the notation does not declare {name}")
        if name in self.notation.dependents[name]:
            raise DialectError(f"{entry.latex} is declared by way of itself")
        self[name] = value = self._run(entry)
        return value

    def symbol(self, name: str) -> Any:
        """Return the value of a symbol of the formula: a number, an array or a set."""
        if name == "pi" and name not in self.notation.entries:
            return np.pi
        return _checked(self[name], name)

    def declares(self, name: str) -> bool:
        """Return whether a symbol has a value here."""
        return name in self or name in self.notation.entries

    def call(self, name: str, separators: list[str], arguments: list[Any]) -> Any:
        """Return the value of a function of the notation."""
        entry = self.notation.entries.get(key := function_key(name, separators))
        if entry is None or entry.parameters is None or len(entry.parameters) != len(arguments):
            raise DialectError(f"the notation has no {key} of {len(arguments)} arguments")
        return self._applied(entry, arguments)

    def family(self, name: str, places: list[Any]) -> Any:
        """Return a member of a family such as x_i, and what is left of the indices."""
        entry = self.notation.entries[f"{name}_"]
        count = len(entry.parameters or ())
        if len(places) < count:
            raise DialectError(f"{entry.shown} takes {count} indices")
        return self._applied(entry, places[:count]), places[count:]

    def _applied(self, entry: Entry, arguments: list[Any]) -> Any:
        there, parameters = self, entry.parameters or ()
        if not self.notation.dependents_of(parameters).isdisjoint(entry.names):
            there = self.moved(**dict(zip(parameters, arguments, strict=True)))
        return _checked(there._run(entry, *arguments), entry.shown)

    def visited(self, name: str, member: float) -> Point:
        """Return the point where a symbol is one member of a set; it is kept."""
        self.context.tick()
        there: Point | None = self.known.get((name, member))
        if there is None:
            there = self.known[name, member] = self.moved(**{name: member})
        return there

    def moved(self, **changes: Any) -> Point:
        """Return a point where some symbols have other values; what depends on them follows."""
        self.context.tick()
        stale = self.notation.dependents_of(tuple(changes))
        kept = {name: value for name, value in self.items() if name not in stale}
        kept.update(changes)
        return Point(self.notation, kept, self.context)


def _checked(value: Any, name: str) -> Any:
    """Return what a formula can reckon with: a number, an array of numbers, or a set of them."""
    if type(value) is float:
        return value
    if isinstance(value, list | tuple | set | range):
        return Members(tuple(float(_checked(v, name)) for v in value))
    if isinstance(value, int | np.integer) and abs(int(value)) < 2**53:
        return int(value)
    if isinstance(value, int | float | np.floating | np.bool_):
        return float(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size <= LARGEST:
        value = value.astype(float) if value.dtype.kind == "b" else value
        return value if value.ndim else value.item()
    what = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
    raise DialectError(f"the value of {name} is no number and no array of numbers but {what}")
