"""Check numbers in prose: the role ``{value}`0.1406 <expression>```.

A number that is written with its expression must be what the expression gives, rounded to the
digits shown. `find` and `check` need no Sphinx, so the tests use them as well.
"""

import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from docutils import nodes
from sphinx.util.docutils import SphinxRole

import losstheory

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROLE = re.compile(r"(?:\{value\}|:value:)`([^`]*)`")
PARTS = re.compile(r"\s*(?P<text>.*?)\s*<(?P<expression>.*)>\s*", re.DOTALL)
SPACES = dict.fromkeys(map(ord, "\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}"))
NUMBER = re.compile(r"[+-]?\d+(?:\.(?P<decimals>\d+))?(?:e(?P<exponent>[+-]?\d+))?")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NAMESPACE: dict[str, Any] = {
    **{name: getattr(losstheory, name) for name in losstheory.__all__},
    "np": np,
    "math": math,
    "__builtins__": {f.__name__: f for f in (abs, float, int, len, max, min, round, sum)},
}


def split(content: str) -> tuple[str, str]:
    """Split ``shown <expression>`` into its two parts."""
    match = PARTS.fullmatch(content)
    if match is None:
        raise ValueError(f"write {{value}}`number <expression>`; got {content!r}")
    return match["text"], " ".join(match["expression"].split())


def find(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, number and expression of each value role in the text of a page or script."""
    for match in ROLE.finditer(source):
        yield source.count("\n", 0, match.start()) + 1, *split(match[1])


def read(text: str) -> tuple[float, float]:
    """Read a shown number; return it and the half unit of its last digit (0 for a fraction)."""
    plain = text.replace("\N{MINUS SIGN}", "-").translate(SPACES).strip()
    plain, percent = re.subn(r" ?%$", "", plain)
    scale = 0.01 if percent else 1.0
    if re.fullmatch(r"[+-]?\d+/\d+", plain):
        return float(Fraction(plain)) * scale, 0.0
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", plain)
    power = re.fullmatch(r"(.+)×10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|\^-?\d+)", plain.replace(" ", ""))
    if power:
        plain = f"{power[1]}e{power[2].lstrip('^').translate(SUPERSCRIPTS)}"
    match = NUMBER.fullmatch(plain)
    if match is None:
        raise ValueError(f"not a number that can be checked: {text!r}")
    last_digit = int(match["exponent"] or 0) - len(match["decimals"] or "")
    return float(plain) * scale, 0.5 * 10.0**last_digit * scale


def check(text: str, expression: str) -> None:
    """Raise ValueError unless `expression` gives `text`, to the digits shown."""
    shown, half_unit = read(text)
    try:
        computed = float(eval(expression, dict(NAMESPACE)))
    except Exception as error:
        raise ValueError(f"{expression} cannot be computed: {error}") from error
    # The allowance beside the half unit is for the rounding of binary fractions alone.
    if not abs(computed - shown) <= half_unit + 1e-12 * max(1.0, abs(shown)) * (half_unit == 0):
        raise ValueError(f"shown {text}, computed {computed!r} = {expression}")


class CheckedRole(SphinxRole):
    """Show a text that carries an expression, unless the expression does not bear it out."""

    def __init__(
        self, check: Callable[[str, str], None], show: Callable[[str, str], nodes.Node]
    ) -> None:
        super().__init__()
        self.check, self.show = check, show

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Check the text and return what shows it."""
        try:
            text, expression = split(self.text)
            self.check(text, expression)
        except ValueError as error:
            message = self.inliner.reporter.error(f"{self.name}: {error}", line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        return [self.show(text, expression)], []


class ValueNode(nodes.inline):
    """A checked number; its expression stands where a pointer or a curious reader finds it."""


def show(text: str, expression: str) -> ValueNode:
    """Return the node of a checked number."""
    return ValueNode(text, text, title=expression, classes=["value"])


def visit_value(self: Any, node: ValueNode) -> None:
    """Open the span, with the expression as its title where there is HTML."""
    if hasattr(self, "starttag"):
        self.body.append(self.starttag(node, "span", "", title=node["title"]))
    else:
        self.visit_inline(node)


def depart_value(self: Any, node: ValueNode) -> None:
    """Close the span."""
    if hasattr(self, "starttag"):
        self.body.append("</span>")
    else:
        self.depart_inline(node)


def register(app: "Sphinx") -> None:
    """Register the role and its node."""
    handlers = (visit_value, depart_value)
    app.add_node(ValueNode, html=handlers, latex=handlers, text=handlers)
    app.add_role("value", CheckedRole(check, show))
