"""Shorten the labels of references in docstrings.

numpydoc makes them unique on a page ("R86b9f8c0c07c-1") and shortens them again ("1"), but it does
not find those that point to a reference when MyST has parsed the docstring.
"""

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LABEL = re.compile(r"\[R[0-9a-f]{12}-(\w+)\]")


class ShortenLabels(SphinxPostTransform):
    """Shorten the labels once they are links."""

    default_priority = 900

    def run(self, **kwargs: Any) -> None:
        """Replace the text of each link."""
        for text in list(self.document.findall(nodes.Text)):
            if match := LABEL.fullmatch(text):
                text.parent.replace(text, nodes.Text(f"[{match[1]}]"))


def register(app: "Sphinx") -> None:
    """Register the transform."""
    app.add_post_transform(ShortenLabels)
