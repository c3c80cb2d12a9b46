"""Let the gallery's notebooks be read outside the site.

sphinx-gallery turns the prose of a script into Markdown but knows few of the roles in it. In a
notebook they become what the site shows: a checked number its digits, a link its text.
"""

import re
from typing import TYPE_CHECKING, Any

import sphinx_gallery.notebook

if TYPE_CHECKING:
    from sphinx.application import Sphinx

WITH_TARGET = re.compile(r":(?!math:)[a-z:]+:`([^`<]+?)\s*<[^`]*>`")
OF_CODE = re.compile(r":(?:py:)?(?:func|class|data|mod|meth|attr):`~?([^`]+)`")


def without_roles(text: str) -> str:
    """Replace each role of reStructuredText by its text.

    >>> from losstheory_site.pages.notebooks import without_roles
    >>> without_roles("about :value:`1.44 <1 / math.log(2)>`, see :func:`losstheory.sigmoid`")
    'about 1.44, see `losstheory.sigmoid`'
    """
    return OF_CODE.sub(r"`\1`", WITH_TARGET.sub(r"\1", text))


def install() -> None:
    """Put the replacement before sphinx-gallery's own, which has no hook for it."""
    original = sphinx_gallery.notebook.rst2md

    def rst2md(text: str, *args: Any, **kwargs: Any) -> str:
        return str(original(without_roles(text), *args, **kwargs))

    sphinx_gallery.notebook.rst2md = rst2md


def register(app: "Sphinx") -> None:
    """Install the replacement before the gallery is made."""
    install()
