"""Check verdicts: the role ``{verdict}`right <expression>```.

The expression says what a claim says, taken at its word. **Right** is the verdict on what computes
to True; *loose* (it holds, but not as far as it reaches), **wrong** and **misnamed** are those on
what computes to False. `find` and `check` need no Sphinx, so the tests use them as well.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docutils import nodes

from losstheory_site.values.checked_values import NAMESPACE, CheckedRole, split

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROLE = re.compile(r"\{verdict\}`([^`]*)`")
HOLDS = {"right": True, "loose": False, "wrong": False, "misnamed": False}
LOUD = {"wrong", "misnamed"}


def find(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, verdict and expression of each verdict in the text of a page."""
    for match in ROLE.finditer(source):
        yield source.count("\n", 0, match.start()) + 1, *split(match[1])


def check(verdict: str, expression: str) -> None:
    """Raise ValueError unless the expression is as true as the verdict says."""
    if verdict not in HOLDS:
        raise ValueError(f"{verdict!r} is no verdict; write one of {', '.join(HOLDS)}")
    try:
        found = bool(eval(expression, dict(NAMESPACE)))
    except Exception as error:
        raise ValueError(f"{expression} fails: {error}") from error
    if found is not HOLDS[verdict]:
        raise ValueError(f"the verdict is {verdict}, but it is {found} that {expression}")


def show(verdict: str, expression: str) -> nodes.Node:
    """Return the node of a verdict, which stands out where the claim fails."""
    del expression
    return (nodes.strong if verdict in LOUD else nodes.inline)("", verdict)


def register(app: "Sphinx") -> None:
    """Register the role."""
    app.add_role("verdict", CheckedRole(check, show))
