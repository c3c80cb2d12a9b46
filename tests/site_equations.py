"""The equations of the site, for the tests that go through them."""

from collections.abc import Iterator
from pathlib import Path

from eqcheck.notation import Notation
from eqcheck.site import Site
from eqcheck.sources import Formula, formulas

ROOT = Path(__file__).parents[1]
SITE = Site.at(ROOT)
FILES = SITE.files


def displayed() -> Iterator[tuple[Formula, Notation]]:
    """Yield every displayed equation of the pages that is not merely stated."""
    for path in FILES:
        notation = SITE.notation
        for formula in formulas(path):
            if formula.kind == "notation":
                notation = notation.extended(formula.latex)
            elif formula.kind == "display" and not {"% stated", "% check"} & {
                line.partition(":")[0] for line in formula.latex.splitlines()
            }:
                yield formula, notation
