"""Set mathematics as MathML; an extension of its own as well, for who wants no more."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: "Sphinx") -> "ExtensionMetadata":
    """Register the renderer."""
    from losstheory_site.maths import mathml

    mathml.register(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
