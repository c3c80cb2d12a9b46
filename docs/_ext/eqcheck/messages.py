"""What a failing check says: both sides, a point, and a guess at the slip."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .notation import Notation
from .points import OutOfTimeError
from .statements import Statement, Trial, is_number

CONSTANTS = {
    -1.0: "a sign is flipped",
    2.0: "a factor 2 is missing or too many",
    0.5: "a factor 2 is missing or too many",
    math.log(2): "a factor ln 2: bits or nats?",
    1 / math.log(2): "a factor 1/ln 2: bits or nats?",
}


def disagreement(statement: Statement, link: int, trial: Trial, notation: Notation) -> str:
    """Return the message of a relation that does not hold: sides, point, and a guess."""
    left, _, right = statement.links[link]
    free = sorted(n for n in statement.names(notation) if notation.entries[n].free)
    where = ", ".join(f"{name} = {shown(trial.point[name])}" for name in free)
    lines = [
        _headline(statement, link),
        f"    left   {shown(trial.values[link])} is {statement.text(left)}",
        f"    right  {shown(trial.values[link + 1])} is {statement.text(right)}",
        f"    at     {where}" if where else "",
        f"    guess  {'; '.join(_guesses(statement, link))}",
    ]
    return "\n".join(line for line in lines if line.split()[1:])


def _headline(statement: Statement, link: int) -> str:
    """Say what is wrong: a relation that fails, or one that states nothing to hold anywhere."""
    left, sign, right = statement.links[link]
    if sign == r"\approx" and statement.holds_somewhere(link):
        advice = "Declare sets where it is meant to be near, as x : interval(-0.1, 0.1)"
        return f"'{sign}' is off by more than 5 % at some points, and not at others. {advice}"
    if sign != "=":
        return f"'{sign}' does not hold"
    if left.data in {"symbol", "index"} and left in right.iter_subtrees():
        name = statement.text(left)
        advice = "Give the new value a name of its own"
        return f"'=' fails, and {name} stands on both sides: an assignment? {advice}"
    pairs = [trial.values[link : link + 2] for trial in statement.trials]
    signs = {float(s) for pair in pairs for s in np.ravel(np.sign(np.subtract(*pair)))}
    if (is_number(right) or is_number(left)) and signs >= {-1.0, 1.0}:
        advice = r"Say where: \text{for } …, or at a named point of the notation"
        return f"'=' is true here and there, an equation to be solved? {advice}"
    if index := statement.unsummed(link):
        return f"'=' fails, and the index {index} is repeated on one side only: write the sum"
    return "'=' does not hold"


def too_weak(total: int, unseen: tuple[str, ...]) -> str:
    """Return the message of a check that would not notice enough slips."""
    listed = "".join(f"\n    {slip}" for slip in unseen)
    return (
        f"the check would notice {total - len(unseen)} of {total} slips; sharpen the formula,"
        f" or say % weak: and why. It would not notice:{listed}"
    )


def shown(value: Any) -> str:
    """Return a value with the digits that matter."""
    return np.array2string(np.asarray(value), precision=6, separator=", ").replace("\n", "")


def _guesses(statement: Statement, link: int) -> list[str]:
    """Return what would mend the relation: a constant, or one slip taken back."""
    pairs = [(t.values[link], t.values[link + 1]) for t in statement.trials]
    found: list[str] = []
    if statement.signs[link] in {r"\in", r"\notin"}:
        return found
    with np.errstate(all="ignore"):
        for name, function in ("left/right", np.divide), ("left - right", np.subtract):
            values = np.concatenate([np.ravel(function(*pair)) for pair in pairs])
            if len(values) > 1 and np.ptp(values) < 1e-6 * abs(constant := np.median(values)):
                close = (w for c, w in CONSTANTS.items() if math.isclose(c, constant, rel_tol=1e-6))
                words = next(close, "") if "/" in name else "a term is missing"
                found.append(f"{name} is {shown(constant)} at every point: {words}".rstrip(": "))
    try:
        for place, slip in statement.slips():
            if place in {link, link + 1} and statement.mends(place, slip.tree, link):
                found.append(f"it holds with '{statement.text(slip.part)}' changed: {slip.what}")
    except OutOfTimeError:
        pass  # the guess is a courtesy
    return found[:3]
