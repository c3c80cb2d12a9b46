"""A statement: a chain of sides and relations, tried at random points."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from eqcheck.evaluation import bind, relation
from eqcheck.notation import Notation
from eqcheck.numerics import UnsettledError
from eqcheck.points import Point
from eqcheck.reader import DialectError, Node
from eqcheck.relations import LOOSE, agree, gap, shows_digits, side_value, slack
from eqcheck.slips import Slip, indices_of, slips

POINTS = 24
TRIES = 12 * POINTS
_TURNED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}


@dataclass
class Trial:
    """A point, the value of every side there, and the room that every relation has."""

    point: Point
    values: list[Any]
    slacks: list[float]


@dataclass
class Statement:
    r"""``left = middle \le right``, with its conditions and the trials made of it."""

    latex: str
    sides: list[Node]
    signs: list[str]
    conditions: list[Any]
    trials: list[Trial] = field(default_factory=list)

    @classmethod
    def all_of(cls, latex: str, tree: Node) -> Iterator[Statement]:
        """Yield the statements of a formula."""
        for row in tree.children:
            parts: list[Any] = list(row.children)
            conditions = [c for p in parts if p.data == "condition" for c in p.children[1:]]
            for chain in (part for part in parts if part.data == "chain"):
                signs = [relation(str(sign)) for sign in chain.children[1::2]]
                yield cls(latex, chain.children[::2], signs, conditions)

    @property
    def links(self) -> list[tuple[Node, str, Node]]:
        """The relations, each with its two sides."""
        return list(zip(self.sides, self.signs, self.sides[1:], strict=False))

    @property
    def is_setting(self) -> bool:
        """Whether it only says where we are, as ``y = 0`` in a line of text does."""
        claims = r"\approx" in self.signs and shows_digits(self.sides[-1])
        return self.sides[0].data in {"symbol", "index"} and not claims

    @property
    def may_hold(self) -> bool:
        """Whether it is true here and there: a condition, or an equation to be solved."""
        left, sign, right = self.links[0]
        if len(self.trials) < 2 or len(self.links) > 1 or sign == r"\approx":
            return False
        signs = {
            float(s) for t in self.trials for s in np.ravel(np.sign(t.values[0] - t.values[1]))
        }
        numeric = right.data in {"number", "fraction"} or left.data == "symbol"
        return len(signs) > 1 and (numeric or sign in LOOSE)

    @property
    def is_exact(self) -> bool:
        """Whether the check is as good as the arithmetic, not only as the sample."""
        loose = any(sign != "=" for sign in self.signs) and len(self.trials) > 1
        looks = any(big.children[0] == r"\lim" for s in self.sides for big in s.find_data("big"))
        return not loose and not looks and not any(t.point.searched[0] for t in self.trials)

    @property
    def gap(self) -> float:
        """The largest relative difference between two sides that should be equal."""
        gaps = [
            gap(trial.values[k], trial.values[k + 1])
            for trial in self.trials
            for k, sign in enumerate(self.signs)
            if sign in {"=", r"\to"}
        ]
        return max(gaps, default=0.0)

    def text(self, node: Node) -> str:
        """Return the LaTeX of a part."""
        return " ".join(self.latex[node.meta.start_pos : node.meta.end_pos].split())

    def names(self, notation: Notation) -> set[str]:
        """Return the keys of the notation that the statement needs."""
        parts = [*self.sides, *self.conditions]
        used = {str(s.children[0]) for part in parts for s in part.find_data("symbol")}
        calls = {str(c.children[0]) for part in parts for c in part.find_data("call")}
        used |= {key for key in notation.entries if key.partition("(")[0] in calls and "(" in key}
        return notation.closure(used)

    def value(self, place: int, side: Node, point: Point) -> Any:
        """Return the value of `side` in the place of one of the sides."""
        sign = self.signs[place] if place < len(self.signs) else "="
        try:
            with np.errstate(all="ignore"):
                return side_value(side, sign, self.conditions, point)
        except (TypeError, LookupError, AttributeError) as error:
            raise DialectError(f"'{self.text(side)}' has no value: {error}") from error

    def sample(self, notation: Notation) -> None:
        """Evaluate every side at two dozen random points that satisfy the conditions.

        Raises
        ------
        DialectError
            If too few points can be found where every side has a value.
        """
        self.trials = []
        names = self.names(notation)
        wanted = POINTS if any(notation.entries[name].free for name in names) else 1
        rng = np.random.default_rng(zlib.crc32(self.latex.encode()))
        problem = "no point satisfies the conditions"
        for _ in range(TRIES):
            for point in bind(self.conditions, Point.random(notation, names, rng)):
                try:
                    self.trials.append(self._trial(point))
                except (ValueError, ArithmeticError) as error:
                    problem = str(error)
                if len(self.trials) == wanted:
                    return
        if len(self.trials) < wanted / 2:
            raise DialectError(f"only {len(self.trials)} points could be evaluated: {problem}")

    def _trial(self, point: Point) -> Trial:
        values = [self.value(k, side, point) for k, side in enumerate(self.sides)]
        finite = [bool(np.all(np.isfinite(v))) for v in values]
        if not all(finite) and (any(finite) or np.any(np.isnan(np.hstack(values)))):
            raise UnsettledError("a side is not finite")
        slacks = [
            slack(left, right, point) if sign == r"\approx" else 100 * point.noise[0]
            for left, sign, right in self.links
        ]
        return Trial(point, values, slacks)

    def failure(self) -> tuple[int, Trial] | None:
        """Return the first relation that does not hold, and where."""
        for trial in self.trials:
            for k in range(len(self.signs)):
                if not self._holds(k, trial, trial.values[k], trial.values[k + 1]):
                    return k, trial
        return None

    def _holds(self, k: int, trial: Trial, left: Any, right: Any) -> bool:
        return agree(self.signs[k], left, right, trial.slacks[k])

    def mends(self, place: int, changed: Node, link: int) -> bool:
        """Return whether a relation holds everywhere with one of its sides changed."""
        return not self._breaks(place, changed, [link])

    def notices(self, place: int, changed: Node) -> bool:
        """Return whether the check fails with one side changed."""
        return self._breaks(place, changed, [place - 1, place])

    def _breaks(self, place: int, changed: Node, links: list[int]) -> bool:
        for trial in self.trials:
            try:
                found = self.value(place, changed, trial.point)
                for k in links:
                    if 0 <= k < len(self.signs):
                        pair = [trial.values[k], trial.values[k + 1]]
                        pair[place - k] = found
                        if not self._holds(k, trial, *pair):
                            return True
            except (DialectError, ValueError, ArithmeticError, TypeError, LookupError):
                return True
        return False

    def audit(self) -> Iterator[tuple[str, bool]]:
        """Yield every slip that could be made, and whether the check would notice it."""
        for place, slip in self.slips():
            yield f"{slip.what} in {self.text(slip.part)}", self.notices(place, slip.tree)
        for k, (left, sign, right) in enumerate(self.links):
            if sign in LOOSE and sign in _TURNED:
                noticed = any(
                    not agree(_TURNED[sign], t.values[k], t.values[k + 1], t.slacks[k])
                    for t in self.trials
                )
                yield f"{sign} turned round in {self.text(left)} {sign} {self.text(right)}", noticed

    def slips(self) -> Iterator[tuple[int, Slip]]:
        """Yield every slip in every side, with the place of the side."""
        indices = frozenset[str]().union(*map(indices_of, self.sides))
        for place, side in enumerate(self.sides):
            for slip in slips(side, indices):
                yield place, slip
