"""What this site adds to Sphinx, one folder for each purpose.

==============  ==================================================================
``maths``       formulas as MathML, made when the site is built
``values``      numbers in prose, checked against the package
``figures``     drawings of the gallery, on pages and as thumbnails
``moving``      interactive figures: markup, script and style of each side by side
``live``        the examples of a page, edited and run in the reader's browser
``reference``   under each function, the pages that use it
``search``      sections indexed, ranked and quoted; other words that lead to them
``pages``       pages read and executed, offered as notebooks, read again in time
``teaching``    slides and sheets made from the pages, links to states of what moves
``html``        head, style sheet and fonts of the site
``books``       the same pages as an EPUB and as a PDF
==============  ==================================================================

``order`` says which of their functions run when; ``names`` and ``colours`` hold what several need.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: "Sphinx") -> "ExtensionMetadata":
    """Register the extension with Sphinx."""
    from losstheory_site.order import register

    register(app)
    return {
        "version": "1",
        "env_version": 1,  # what `reference` keeps in the environment
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
