"""What a click on a mark shows below its equation: what the check found, in two sentences.

The panel is in the page, hidden; static/eqcheck.js opens it. Without scripts the mark is a link to
the page of checks, which has the same in a table.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .checking import Verdict

AGREE = (
    "Both sides were computed by the code at {points} random points. They differ by at most {gap}."
)
EQUAL = (
    "Both sides were computed by the code at {points} random points. They are equal to the last "
    "digit."
)
NOTHING_DRAWN = (
    "There is nothing to draw at random. Computed by the code, both sides differ by {gap}."
)
NOTHING_DRAWN_EQUAL = (
    "There is nothing to draw at random. Computed by the code, both sides are equal to the last "
    "digit."
)
HOLDS = "Computed by the code, it holds at each of {points} random points."
SLIPS = "Of {slips} slips put into it, such as a sign or a factor changed, {seen} would be noticed."
UNSEEN = "Not noticed: {what} in {code}."
ALL = "All checks"


def panel(verdict: Verdict, identifier: str, page: str) -> str:
    """Return the HTML of a panel, closed.

    Parameters
    ----------
    verdict : Verdict
        What the check found.
    identifier : str
        Of the element, for the mark to name.
    page : str
        The address of this check on the page of checks.
    """
    link = f'<a href="{escape(page)}">{ALL}</a>'
    text = " ".join([*_sentences(verdict), link])
    return (
        f'<div class="eqcheck-panel" id="{identifier}" role="status"><p hidden>{text}</p></div>\n'
    )


def _sentences(verdict: Verdict) -> list[str]:
    message = escape(verdict.message)
    remark = [f"{message[0].upper()}{message[1:]}."] if message else []
    if not verdict.slips:  # only stated
        return remark
    if verdict.gap:
        agree = AGREE if verdict.points > 1 else NOTHING_DRAWN
    else:
        agree = EQUAL if verdict.points > 1 else NOTHING_DRAWN_EQUAL
    found = HOLDS if verdict.mark == "sampled" else agree
    seen = verdict.slips - len(verdict.unseen)
    return [
        found.format(points=verdict.points, gap=_power(verdict.gap)),
        SLIPS.format(slips=verdict.slips, seen=seen),
        *map(_unseen, verdict.unseen),
        *remark,
    ]


def _power(gap: float) -> str:
    """Write a relative difference as a rounded power of ten."""
    if not gap:
        return ""
    digit, exponent = f"{gap:.0e}".split("e")
    return f"{digit}×10<sup>−{abs(int(exponent))}</sup> of their size"


def _unseen(slip: str) -> str:
    what, _, latex = slip.partition(" in ")
    return UNSEEN.format(what=escape(what), code=f"<code>{escape(latex)}</code>")
