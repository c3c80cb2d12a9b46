"""A statement: a chain of sides and relations, tried at random points."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from lark import Token, Tree

from .arithmetic import Interval, Members
from .notation import Notation
from .numerics import UnsettledError, finite
from .points import Context, Draws, Point
from .reader import Node
from .slips import Slip, indices_of, slips
from .tokens import DialectError
from .values import applied, bind, limit, relation, symbols_of, value

POINTS = 12  # for an equation; twice as many for a bound or a limit
TRIES = 12  # for each of them, to find one that satisfies the conditions
RELATIVE, ABSOLUTE = 1e-7, 1e-9  # what rounding and numerical derivatives may differ by
ROUGHLY = 0.05  # how far two sides of ≈ may be apart when neither shows its digits
TURNED = {"<": ">", r"\le": r"\ge", "\\in": r"\notin"}
TURNED |= {there: here for here, there in TURNED.items()}
LOOSE = {*TURNED, r"\ne"}
DEFINING = {"where", "with"}  # such words bring a definition, which has to hold too


def gap(left: Any, right: Any) -> float:
    """Return the largest difference of two values, relative to their size where that exceeds 1."""
    if np.array_equal(left, right):
        return 0.0
    difference = np.max(np.abs(np.subtract(left, right)))
    return float(difference / max(1.0, np.max(np.abs(left)), np.max(np.abs(right))))


def agree(sign: str, left: Any, right: Any, slack: float = 0.0) -> bool:
    """Return whether two values stand in a relation, up to rounding and `slack`."""
    if sign == "=" and type(left) is type(right) is float and abs(left) + abs(right) < np.inf:
        return abs(left - right) <= RELATIVE * max(abs(left), abs(right)) + ABSOLUTE + slack
    if sign in {r"\in", r"\notin"}:
        if np.ndim(left) or not isinstance(right, Interval | Members):
            raise DialectError(
                f"{sign} has a number on its left, a set or an interval on its right"
            )
        return (left in right) == (sign == r"\in")
    if np.shape(left) != np.shape(right) and not _is_zero(left) and not _is_zero(right):
        raise DialectError(f"shapes differ: {np.shape(left)} and {np.shape(right)}")
    if np.array_equal(left, right):
        return sign not in {"<", ">", r"\ne"}
    room: Any = 0.0
    if finite(left) and finite(right):
        room = RELATIVE * np.maximum(np.abs(left), np.abs(right)) + ABSOLUTE + slack
    elif sign not in LOOSE:
        return False
    if sign in {r"\le", "<"}:
        return bool(np.all(np.subtract(left, room) <= right))
    if sign in {r"\ge", ">"}:
        return bool(np.all(np.add(left, room) >= right))
    apart = np.abs(np.subtract(left, right)) > room
    if sign not in {"=", r"\approx", r"\to", r"\ne"}:
        raise DialectError(f"{sign} is no statement that can be tried; say % stated: and why")
    return bool(np.any(apart)) == (sign == r"\ne")


def _is_zero(number: Any) -> bool:
    return np.ndim(number) == 0 and not isinstance(number, Interval | Members) and number == 0


@dataclass
class Trial:
    """A point, the value of every side there, and what the arithmetic may be wrong by."""

    point: Point
    values: list[Any]
    noise: float


@dataclass
class Statement:
    r"""``left = middle \le right``, with its conditions and the trials made of it."""

    latex: str
    sides: list[Node]
    signs: list[str]
    conditions: list[Any]
    trials: list[Trial] = field(default_factory=list)
    typical: list[float] = field(default_factory=list)

    @classmethod
    def all_of(cls, latex: str, tree: Node, notation: Notation) -> Iterator[Statement]:
        """Yield the statements of a formula, and the definitions that follow a "where"."""
        for row in tree.children:
            parts = [part for part in row.children if part.data != "condition"]
            conditions: list[Any] = []
            for word, *items in (c.children for c in row.children if c.data == "condition"):
                for item in items:
                    defines = word in DEFINING and item.data == "chain"
                    (parts if defines and _is_claim(item, notation) else conditions).append(item)
            chains = [part for part in parts if part.data == "chain"]
            alone = [part for part in parts if part.data not in {"chain", "dots"}]
            if chains and alone:  # H(X), H(Y) \le 1
                meta, message = alone[0].meta, "this states nothing: give it a relation of its own"
                raise DialectError(message, meta.line, meta.column)
            for chain in chains:
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
        if sign in {r"\in", r"\notin"}:
            return True
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
        return not loose and not looks and not any(t.point.context.searched for t in self.trials)

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
        r"""Return the LaTeX of a part, with a \left before it and the brace that closes it."""
        start, end = node.meta.start_pos, node.meta.end_pos
        start -= 5 * self.latex.endswith(r"\left", 0, start)
        plain = self.latex.replace(r"\{", "  ").replace(r"\}", "  ")  # signs, which need no partner
        while end < len(plain) and plain.count("{", start, end) > plain.count("}", start, end):
            end += 1
        return " ".join(self.latex[start:end].split())

    def unsummed(self, link: int) -> str:
        """Return an index that a product on one side repeats and the other side lacks."""
        pair = self.sides[link : link + 2]
        for side, other in (pair, pair[::-1]):
            bound = set[str]().union(*(symbols_of(b.children[1]) for b in side.find_data("big")))
            for product in side.find_data("product"):
                scripts = [s for i in product.find_data("index") for s in i.find_data("script")]
                found = [name for script in scripts for name in symbols_of(script)]
                for name in sorted(set(found) - bound - symbols_of(other)):
                    if found.count(name) > 1:
                        return name
        return ""

    def names(self, notation: Notation) -> set[str]:
        """Return the keys of the notation that the statement needs."""
        parts = [*self.sides, *self.conditions]
        used = set[str]().union(*map(symbols_of, parts))
        used |= {str(c.children[0]) for part in parts for c in part.find_data("call")}
        used |= {key for key, e in notation.entries.items() if e.parameters and e.name in used}
        return notation.closure(used)

    def value(self, place: int, side: Node, point: Point) -> Any:
        r"""Return the value of `side` in the place of one of the sides; before \to, its limit."""
        with np.errstate(all="ignore"):
            if place >= len(self.signs) or self.signs[place] != r"\to":
                return value(side, point)
            for condition in self.conditions:
                if condition.data == "chain" and relation(str(condition.children[1])) == r"\to":
                    return limit(condition, side, point)
        raise DialectError(r"\to needs a condition such as \text{as } z \to \infty")

    def sample(self, notation: Notation, context: Context) -> None:
        """Evaluate every side at a dozen random points, or two, that satisfy the conditions.

        Raises
        ------
        DialectError
            If too few points can be found where every side has a value.
        """
        self.trials, self.typical, context.vanished = [], [], []
        names = notation.drawn(self.names(notation))
        wanted = (POINTS if set(self.signs) == {"="} else 2 * POINTS) if names else 1
        draws = Draws(zlib.crc32(self.latex.encode()), wanted)
        problem, without = "no point satisfies the conditions", 0
        for _ in range(TRIES * POINTS):
            try:
                drawn = Point.random(notation, names, draws, context)
                for point in bind(self.conditions, drawn):
                    self.trials += [self._trial(point)][: wanted - len(self.trials)]
            except (ValueError, ArithmeticError) as error:
                problem, without = str(error), without + 1
            if len(self.trials) == wanted or (without > 3 * POINTS and not self.trials):
                break
        if len(self.trials) < wanted / 2:
            meta = self.sides[0].meta
            message = f"only {len(self.trials)} points could be evaluated: {problem}"
            raise DialectError(message, meta.line, meta.column)
        if context.vanished and not any(_is_nought(side) for side in self.sides):
            by, meta = context.vanished[0], self.sides[0].meta
            message = f"nothing in one of the derivatives depends on {by}; declare how, or write 0"
            raise DialectError(message, meta.line, meta.column)
        for k in range(len(self.signs)):
            sizes = [max(_size(t.values[k]), _size(t.values[k + 1])) for t in self.trials]
            self.typical.append(float(np.median(sizes)))

    def _trial(self, point: Point) -> Trial:
        point.context.noise = 0.0
        values = [self.value(k, side, point) for k, side in enumerate(self.sides)]
        good = [isinstance(v, Interval | Members) or finite(v) for v in values]
        if not all(good) and (any(good) or any(np.any(np.isnan(v)) for v in values)):
            raise UnsettledError("a side is not finite")
        return Trial(point, values, point.context.noise)

    def failure(self) -> tuple[int, Trial] | None:
        """Return the first relation that does not hold, and where."""
        for trial in self.trials:
            for k in range(len(self.signs)):
                if not self._holds(k, trial, trial.values[k], trial.values[k + 1]):
                    return k, trial
        return None

    def holds_somewhere(self, k: int) -> bool:
        """Return whether a relation holds at one of the points at least."""
        return any(self._holds(k, t, *t.values[k : k + 2]) for t in self.trials)

    def _holds(self, k: int, trial: Trial, left: Any, right: Any) -> bool:
        slack = 100 * trial.noise
        if self.signs[k] == r"\approx":
            sides = (self.sides[k], self.sides[k + 1])
            slack = _digits(*sides, trial.point) or ROUGHLY * max(
                _size(left), _size(right), self.typical[k]
            )
        try:
            return agree(self.signs[k], left, right, slack)
        except DialectError as error:
            meta = self.sides[k + 1].meta
            raise DialectError(str(error), meta.line, meta.column) from None

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
            except (DialectError, ValueError, ArithmeticError):
                return True
        return False

    def audit(self) -> Iterator[tuple[str, bool]]:
        """Yield every slip that could be made, and whether the check would notice it."""
        for place, slip in self.slips():
            noticed = self.notices(place, slip.tree)
            if noticed or not self._is_none(slip):
                yield f"{slip.what} in {self.text(slip.part)}", noticed
        for k, (left, sign, right) in enumerate(self.links):
            if sign in TURNED:
                noticed = any(
                    not agree(TURNED[sign], t.values[k], t.values[k + 1], 100 * t.noise)
                    for t in self.trials
                )
                yield f"{sign} turned round in {self.text(left)} {sign} {self.text(right)}", noticed

    def _is_none(self, slip: Slip) -> bool:
        """Whether a slip is none: the function is even, or symmetric, wherever it is tried."""
        if slip.part.data != "call" or not slip.probe:
            return False
        known = []
        for trial in self.trials:
            try:
                arguments = [
                    value(c, trial.point) for c in slip.part.children if isinstance(c, Tree)
                ]
                known.append((trial.point, arguments))
            except (DialectError, ValueError, ArithmeticError):
                continue
        for k, (point, arguments) in enumerate(known):
            # Arguments of another point go with the last of this one, so that none are tied.
            mixed = [*known[k - 1][1][:-1], arguments[-1]]
            other = [-mixed[0]] if slip.probe == "even" else mixed[::-1]
            try:
                pair = [applied(slip.part, given, point) for given in (mixed, other)]
                if not agree("=", *pair):
                    return False
            except (DialectError, ValueError, ArithmeticError):
                return False
        return len(known) > 1

    def slips(self) -> Iterator[tuple[int, Slip]]:
        """Yield every slip in every side, with the place of the side."""
        indices = frozenset[str]().union(*map(indices_of, self.sides))
        for place, side in enumerate(self.sides):
            if set(self.signs[max(place - 1, 0) : place + 1]) != {r"\ne"}:
                for slip in slips(side, indices):
                    yield place, slip


def _is_claim(chain: Node, notation: Notation) -> bool:
    """Whether a "where" speaks of what the notation has settled; a free symbol it only sets."""
    left, sign = chain.children[0], relation(chain.children[1])
    if left.data != "symbol":
        return sign == "="
    entry = notation.entries.get(str(left.children[0]))
    return sign == "=" and entry is not None and not entry.free


def _size(value: Any) -> float:
    return 0.0 if isinstance(value, Interval | Members) else float(np.max(np.abs(value)))


def _is_nought(side: Node) -> bool:
    return side.data == "number" and float(str(side.children[0])) == 0


def _digits(left: Node, right: Node, point: Point) -> float:
    """Return how far two sides of ≈ may be apart: decimals stand for all that rounds to them."""
    room = 0.0
    for side in (left, right):
        sole = not symbols_of(side) and len(list(decimals(side))) < 2
        for literal in side.find_data("number"):
            digits = str(literal.children[0])
            alone = side is literal or (side.data == "sum" and len(side.children) == 2)
            shown = len(digits.replace(".", "").lstrip("0"))
            if ("." in digits and (sole or shown >= 3)) or alone:
                half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
                nudged = _replaced(side, literal, str(float(digits) + half))
                room += float(np.max(np.abs(value(nudged, point) - value(side, point))))
    return room * (1 + 1e-9)


def _replaced(tree: Node, old: Node, number: str) -> Node:
    """Return a tree with one number changed."""
    if tree is old:
        return Tree("number", [Token("NUMBER", number)])
    children = [c if isinstance(c, Token) else _replaced(c, old, number) for c in tree.children]
    return Tree(tree.data, children, tree.meta)


def is_number(side: Node) -> bool:
    """Return whether a side is made of numbers alone."""
    names = any(True for n in side.iter_subtrees() if n.data in {"symbol", "call"})
    return not names and any(True for _ in side.find_data("number"))


def shows_digits(side: Node) -> bool:
    """Return whether a side is a decimal number, up to a sign and a power of ten."""
    return not symbols_of(side) and any(decimals(side))


def decimals(tree: Node) -> Iterator[str]:
    """Yield the numbers with a decimal point."""
    for number in tree.find_data("number"):
        digits = str(number.children[0])
        if "." in digits:
            yield digits
