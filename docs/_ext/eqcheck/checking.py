r"""The check of one formula: read it, try it at random points, audit the check itself.

Comment lines in the formula steer it: ``% stated: reason`` (a definition or a citation, not
checked), ``% weak: reason`` (why slips may pass), ``% at: NAME`` (a named point),
``% notation: symbol : Python``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eqcheck import messages
from eqcheck.notation import Notation, NotationError
from eqcheck.reader import DialectError, read
from eqcheck.relations import LOOSE, shows_digits
from eqcheck.statements import Statement

NOTICED = 0.9  # the share of slips that a check must notice, or its formula says why not
_REMARK = re.compile(r"^\s*%\s*(stated|weak|at|notation):\s*(.*?)\s*$", re.MULTILINE)
_RELATION = re.compile(r"[=<>]|\\(?:leq?|geq?|neq?|approx|to)(?![a-zA-Z])")
_NUMBER_SIDE = re.compile(
    r"(?:=|\\approx)\s*-?(?:[\d.]+(?:/\d+)?|\\[td]?frac\s*\{?\d+\}?\s*\{?\d+\}?)\s*$"
)


@dataclass(frozen=True)
class Verdict:
    """What the check of a formula found.

    Attributes
    ----------
    mark : {"checked", "sampled", "stated", "setting", "unread", "failed"}
        A ``setting`` is an inline ``y = 0``, which only says where we are, or a fragment;
        ``unread`` is an inline formula outside the dialect that names no number.
    message : str
        Why it fails; why it is only stated; why slips may pass.
    line, column : int
        Where in the formula it fails, counted from 1.
    points, gap : int, float
        How many points were tried, and the largest relative difference between equal sides.
    slips : int
        How many slips the audit tried.
    unseen : tuple of str
        The slips that the check would not notice.
    """

    mark: str
    message: str = ""
    line: int = 1
    column: int = 1
    points: int = 0
    gap: float = 0.0
    slips: int = 0
    unseen: tuple[str, ...] = ()


def check(latex: str, notation: Notation, *, inline: bool = False) -> Verdict:
    """Check one formula against the code that its notation names.

    Parameters
    ----------
    latex : str
        The formula, as between dollar signs, with its comment lines.
    notation : Notation
        What its symbols mean.
    inline : bool
        Whether it stands in a line of text, where ``y = 0`` only says where we are and a
        formula without a relation makes no statement.

    Returns
    -------
    Verdict
    """
    found = _REMARK.findall(latex)
    remarks = dict(found)
    if "stated" in remarks:
        return Verdict(
            "stated" if remarks["stated"] else "failed", remarks["stated"] or "no reason"
        )
    if inline and not _RELATION.search(latex):
        return Verdict("setting")
    try:
        notation = notation.extended("\n".join(line for kind, line in found if kind == "notation"))
        if "at" in remarks:
            notation = notation.at(remarks["at"])
        statements = list(Statement.all_of(latex, read(latex, notation)))
        if inline and all(statement.is_setting for statement in statements):
            return Verdict("setting")
        if not statements:
            return Verdict("failed", "there is no relation to check; say % stated: and why")
        verdicts = [_check(statement, notation, inline) for statement in statements]
    except NotationError as error:
        return Verdict("failed", str(error))
    except DialectError as error:
        mark = "unread" if inline and not _NUMBER_SIDE.search(latex) else "failed"
        return Verdict(mark, str(error), error.line, error.column)
    if all(verdict.mark == "setting" for verdict in verdicts):
        return verdicts[0]
    return _together(verdicts, "inline" if inline else remarks.get("weak", ""))


def _check(statement: Statement, notation: Notation, inline: bool) -> Verdict:
    for left, sign, right in statement.links:
        if left == right and sign not in LOOSE:
            text = f"{statement.text(left)} {sign} {statement.text(right)}"
            raise DialectError(f"{text} says nothing", left.meta.line, left.meta.column)
    statement.sample(notation)
    failure = statement.failure()
    if failure and any(map(shows_digits, statement.sides)):
        # A number with digits speaks of one case: it has to hold at one of the named points.
        for name in notation.points:
            trial = Statement(
                statement.latex, statement.sides, statement.signs, statement.conditions
            )
            trial.sample(notation.at(name))
            if not trial.failure():
                statement, failure = trial, None
                break
    if failure and inline and statement.may_hold:
        return Verdict("setting", points=len(statement.trials))
    if failure:
        message = messages.disagreement(statement, *failure, notation)
        meta = statement.sides[failure[0] + 1].meta
        return Verdict("failed", message, meta.line, meta.column)
    audit = list(statement.audit())
    return Verdict(
        "checked" if statement.is_exact else "sampled",
        points=len(statement.trials),
        gap=statement.gap,
        slips=len(audit),
        unseen=tuple(what for what, noticed in audit if not noticed),
    )


def _together(verdicts: list[Verdict], weak: str) -> Verdict:
    """Return one verdict for all the statements of a formula."""
    for verdict in verdicts:
        if verdict.mark == "failed":
            return verdict
    slips = sum(verdict.slips for verdict in verdicts)
    unseen = tuple(slip for verdict in verdicts for slip in verdict.unseen)
    mark = "sampled" if any(v.mark == "sampled" for v in verdicts) else "checked"
    if slips - len(unseen) < NOTICED * slips and not weak:
        return Verdict("failed", messages.too_weak(slips, unseen), slips=slips, unseen=unseen)
    points, gap = min(v.points for v in verdicts), max(v.gap for v in verdicts)
    return Verdict(mark, weak, points=points, gap=gap, slips=slips, unseen=unseen)
