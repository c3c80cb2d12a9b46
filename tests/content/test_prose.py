"""No number in the prose is on trust.

A decimal, and a fraction that would be a formula of its own, is computed on the spot by the role
``value``, shown by code that runs, or stands in an equation, which is checked elsewhere.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from losstheory_site.values import checked_values, verdicts
from pages import name
from prose import FRACTION, SOURCES, markdown, prose, restructured

NUMBER = re.compile(rf"(?<![\w.])\d+\.\d+(?![\w.]*\d)|{FRACTION}")
# These numbers name something and measure nothing.
LABEL = re.compile(r"\b(CC BY|Python|chapter|equation|section|version) \d+(\.\d+)+", re.IGNORECASE)


def bare_numbers(pieces: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Find the numbers among pieces of prose that are on trust, with their lines."""
    return [
        (line, number) for line, text in pieces for number in NUMBER.findall(LABEL.sub("", text))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Word\nand 0.5.",
        "# Title\n## And 0.5",
        "- One\n- And 0.5",
        "> Quote\n> 0.5",
        "[link](to.md)\n[0.5](to.md)",
        ":::{note}\nAnd 0.5\n:::",
        "\n```{tip} And 0.5\n```",
        "\n````{tip} Title\n```{note}\n:class: x\n\n0.5\n```\n````",
        "```{gallery-figure} a/b 2\nCaption 0.5\n```",
        "Term\n: And 0.5",
        "It is $4/27$.",
    ],
)
def test_a_bare_number_on_a_page_is_seen(text: str) -> None:
    ((line, number),) = bare_numbers(markdown(text))
    assert number in {"0.5", "4/27"}
    assert line == 1 + text[: text.index(number)].count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "$0.5$ and $x = 4/27$ and `0.5` and {value}`0.5 <1 / 2>` and {cite:p}`a0.5`",
        "$$\n0.5\n$$",
        "```{math}\n:label: eq-a\n0.5\n```",
        "```python\n0.5\n```",
        ":::{note}\n```{code-cell} python\n0.5\n```\n:::",
        "[link](https://example.org/0.5)",
        "Python 3.11, version 1.2 or v1.2.3, section 6.2.2",
    ],
)
def test_other_numbers_on_a_page_are_left(text: str) -> None:
    assert bare_numbers(markdown(text)) == []


def test_bare_numbers_in_restructured_text() -> None:
    text = """Bare 0.5, :math:`1.5`, ``2.5`` and :value:`3.5 <7 / 2>`.

.. math::
   :label: eq-a

   4.5

.. seealso:: Bare 5.5

   Bare 6.5

>>> 7.5
7.5
"""
    assert [number for _, number in bare_numbers(restructured(text))] == ["0.5", "5.5", "6.5"]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_numbers_in_prose_are_computed(path: Path) -> None:
    bare = [f"{name(path)}:{line}: {number}" for line, number in bare_numbers(prose(path))]
    if bare:
        remedy = "write {value}`number <expression>` (:value: in a script), or mathematics"
        pytest.fail("\n".join([remedy, *bare]), pytrace=False)


@pytest.mark.parametrize("path", SOURCES, ids=name)
@pytest.mark.parametrize("kind", [checked_values, verdicts], ids=["values", "verdicts"])
def test_what_carries_an_expression_is_borne_out(kind: ModuleType, path: Path) -> None:
    wrong = []
    for line, shown, expression in kind.find(path.read_text(encoding="utf-8")):
        try:
            kind.check(shown, expression)
        except ValueError as error:
            wrong.append(f"{name(path)}:{line}: {error}")
    assert wrong == []


def test_a_verdict_that_its_expression_does_not_bear_out_is_refused() -> None:
    verdicts.check("right", "round(FIRST.o, 4) == 0.7503")
    for verdict in ("wrong", "loose", "misnamed"):
        verdicts.check(verdict, "round(FIRST.o, 4) == 0.7504")
        with pytest.raises(ValueError, match=rf"the verdict is {verdict}, but it is True"):
            verdicts.check(verdict, "round(FIRST.o, 4) == 0.7503")
    with pytest.raises(ValueError, match="the verdict is right, but it is False"):
        verdicts.check("right", "round(FIRST.o, 4) == 0.7504")
    with pytest.raises(ValueError, match="'perhaps' is no verdict"):
        verdicts.check("perhaps", "True")
    with pytest.raises(ValueError, match="fails: name 'nothing' is not defined"):
        verdicts.check("right", "nothing")
