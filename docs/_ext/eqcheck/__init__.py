r"""Check the equations of a Sphinx site against its code.

The LaTeX that a reader sees is read by a strict grammar and evaluated at random points; every
``=`` has to hold there, and derivatives are taken of the code. The core knows nothing of Sphinx:

- ``grammar.lark``, ``reader``: from LaTeX to a tree, or a refusal;
- ``notation``, ``domains``, ``points``: what the symbols mean, and values for them;
- ``evaluation``, ``arithmetic``, ``calculus``, ``folds``, ``numerics``: the value of a tree;
- ``relations``, ``statements``, ``slips``, ``messages``, ``checking``: the verdict on a formula;
- ``pages``, ``site``, ``__main__``: the formulas of files, a cache, a command;
- ``sphinx_glue``: the directive, the marks and the page of checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension with Sphinx."""
    from eqcheck.sphinx_glue import setup as register

    return register(app)
