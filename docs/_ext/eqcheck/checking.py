r"""The check of one formula: read it, try it at random points, audit the check itself.

Comment lines in the formula steer it: ``% stated: reason`` (a definition or a citation, not
checked), ``% weak: reason`` (why slips may pass), ``% at: NAME`` (a named point),
``% notation: symbol : Python``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from . import messages
from .notation import Notation, NotationError
from .points import Context, OutOfTimeError
from .reader import read
from .statements import LOOSE, Statement, shows_digits
from .tokens import DialectError

NOTICED = 0.9  # the share of slips that a check must notice, or its formula says why not
SECONDS = 10.0  # of work for a formula, before it is given up
BASES = {"e": np.e, "2": 2.0, "10": 10.0}  # that a bare \log may have
_REMARK = re.compile(r"^[ \t]*%[ \t]*(stated|weak|at|notation):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
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


def check(
    latex: str, notation: Notation, *, inline: bool = False, seconds: float = SECONDS
) -> Verdict:
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
    seconds : float
        How long the work of this thread may take; by the clock, six times as long.

    Returns
    -------
    Verdict
        Whatever happens: an exception of any kind becomes a failure with its line and column.
    """
    try:
        return _check(latex, notation, inline, Context(seconds))
    except KeyboardInterrupt:
        raise
    except OutOfTimeError:
        message = (
            f"no verdict in {seconds:g} s of work; split the formula, or say % stated: and why"
        )
        return Verdict("failed", message)
    except DialectError as error:
        mark = "unread" if inline and not _NUMBER_SIDE.search(latex) else "failed"
        return Verdict(mark, str(error), error.line or 1, error.column or 1)
    except NotationError as error:
        return Verdict("failed", str(error))
    except RecursionError:
        return Verdict("failed", "cannot read a formula nested so deeply; split it")
    except BaseException as error:
        return Verdict("failed", f"the check breaks off: {type(error).__name__}: {error}")


def _check(latex: str, notation: Notation, inline: bool, context: Context) -> Verdict:
    found = _REMARK.findall(latex)
    remarks = dict(found)
    if "stated" in remarks:
        reason = remarks["stated"]
        return Verdict("stated", reason) if reason else Verdict("failed", "% stated: has no reason")
    if inline and not _RELATION.search(latex):
        return Verdict("setting")
    if own := [line for kind, line in found if kind == "notation"]:
        notation = notation.extended("\n".join(own))
    if "at" in remarks:
        notation = notation.at(remarks["at"])
    statements = list(Statement.all_of(latex, read(latex, notation), notation))
    if inline and all(statement.is_setting for statement in statements):
        return Verdict("setting")
    if not statements:
        return Verdict("failed", "there is no relation to check; say % stated: and why")
    for statement in statements:
        _refuse_the_empty(statement)
    weak = "inline" if inline else remarks.get("weak", "")

    def tried() -> Verdict:
        verdicts = [_tried(statement, notation, inline, context) for statement in statements]
        all_set = all(verdict.mark == "setting" for verdict in verdicts)
        return verdicts[0] if all_set else _together(verdicts, weak)

    return _to_some_base(tried, context)


def _to_some_base(tried: Callable[[], Verdict], context: Context) -> Verdict:
    r"""Settle a bare \log: where the base matters, the verdict says for which one it holds."""
    holding, failing = dict[str, Verdict](), list[Verdict | DialectError]()
    for name, context.base in BASES.items():
        try:
            verdict = tried()
        except DialectError as error:
            if not context.guessed:
                raise
            failing.append(error)  # to this base it has no value; it may have one to another
            continue
        if not context.guessed or verdict.mark == "setting":
            return verdict
        if verdict.mark == "failed":
            failing.append(verdict)
        else:
            holding[name] = verdict
    if not holding:
        first, bases = failing[0], ", ".join(BASES)
        if isinstance(first, DialectError):
            raise first
        return replace(first, message=f"{first.message}\n    log    to each base of {bases}")
    verdict, names = next(iter(holding.values())), " or ".join(holding)
    if not failing:
        return verdict
    remark = rf"with \log to the base {names}, as the notation does not say"
    message = "; ".join(filter(None, (verdict.message, remark)))
    return replace(verdict, mark="sampled", message=message)


def _refuse_the_empty(statement: Statement) -> None:
    for left, sign, right in statement.links:
        if left == right and sign not in LOOSE:
            text = f"{statement.text(left)} {sign} {statement.text(right)}"
            raise DialectError(f"{text} says nothing", left.meta.line, left.meta.column)


def _tried(statement: Statement, notation: Notation, inline: bool, context: Context) -> Verdict:
    statement.sample(notation, context)
    failure = statement.failure()
    if failure and any(map(shows_digits, statement.sides)):
        # A number with digits speaks of one case: it has to hold at one of the named points.
        for name in notation.points:
            trial = replace(statement)
            trial.sample(notation.at(name), context)
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
    missed = len(unseen)
    if missed and not weak and (missed > max(1, (1 - NOTICED) * slips) or missed == slips):
        return Verdict("failed", messages.too_weak(slips, unseen), slips=slips, unseen=unseen)
    points, gap = min(v.points for v in verdicts), max(v.gap for v in verdicts)
    return Verdict(mark, weak, points=points, gap=gap, slips=slips, unseen=unseen)
