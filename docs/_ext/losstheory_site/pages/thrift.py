"""Spend no time on what a build does not need: a change is to be seen at once."""

import gc
from typing import TYPE_CHECKING

import sphinx_gallery.gen_gallery

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def leave(app: "Sphinx", exception: Exception | None) -> None:
    """Let the interpreter end without a last search for garbage in all that was made."""
    gc.freeze()


def register(app: "Sphinx") -> None:
    """Look for no garbage, and import matplotlib only for scripts."""
    # A build is short, and what it makes is needed until its end.
    gc.disable()
    # The gallery imports matplotlib at each start, to choose its backend. It does so again before
    # each script, and there is no option to do without the first.
    sphinx_gallery.gen_gallery._import_matplotlib = lambda: None
