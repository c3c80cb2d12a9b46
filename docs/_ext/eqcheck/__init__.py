r"""Check the equations of a Sphinx site, or of any files, against code.

The LaTeX that a reader sees is read by a strict grammar and evaluated at random points; every
``=`` has to hold there, and derivatives are taken of the code. The way of a formula, file by file:

- ``sources``: the formulas of Markdown, rST and Python files;
- ``notation``, ``domains``: what the symbols mean in Python, and what they are drawn from;
- ``grammar.lark``, ``reader``: from LaTeX to a tree, or a refusal that says what to write;
- ``points``: values for the symbols, and a budget of time;
- ``arithmetic``, ``numerics``, ``values``: the value of a tree at a point;
- ``statements``, ``slips``, ``messages``, ``checking``: the verdict on a formula;
- ``site``, ``__main__``: settings, a cache, a command;
- ``extension``: the Sphinx side, with the directive, the marks and the page of checks.

Each file imports only from those before it. Nothing but ``extension`` knows of Sphinx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .checking import Verdict, check
from .domains import DOMAINS
from .notation import Notation, NotationError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["DOMAINS", "Notation", "NotationError", "Verdict", "check"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension with Sphinx."""
    from .extension import setup as register

    return register(app)
