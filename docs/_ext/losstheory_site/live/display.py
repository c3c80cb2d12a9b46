"""What examples import from ``IPython.display``, where there is no IPython."""


class Markdown:
    """A text to show as Markdown."""

    def __init__(self, data: str) -> None:
        self.data = data

    def _repr_markdown_(self) -> str:
        return self.data
