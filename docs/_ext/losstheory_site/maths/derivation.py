r"""A derivation with its reasons: rows of formulas, and beside each the words that justify it.

In LaTeX a reason is a column of its own behind the row, ``&& \text{the chain rule}``. On a page it
stands to the right, small; where there is no room for it, on a phone, below its row.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

COLUMNS = 4  # left side, right side, nothing, reason


@dataclass(frozen=True)
class Row:
    """A step: the two parts that are aligned, and why it may be taken."""

    left: ET.Element
    right: ET.Element
    reason: str


def rows_of(math: ET.Element) -> list[Row]:
    """Return the rows of a formula, or none unless one of them has a reason.

    Raises
    ------
    ValueError
        If the column of the reasons holds something else.
    """
    if len(math) != 1 or math[0].tag != "mtable":
        return []
    cells = [[*row] for row in math[0]]
    if not any(len(row) >= COLUMNS for row in cells):
        return []
    return [Row(part(row, 0), part(row, 1), words(row[2:])) for row in cells]


def part(row: list[ET.Element], column: int) -> ET.Element:
    """Return one cell as a formula of its own, set as large as in the table."""
    math = ET.Element("math", displaystyle="true")
    math.extend(row[column] if column < len(row) else [])
    return math


def words(cells: list[ET.Element]) -> str:
    """Return what the last columns say."""
    contents = [element for cell in cells for element in cell if element.tag != "mspace"]
    if any(element.tag != "mtext" for element in contents):
        found = "".join("".join(element.itertext()) for element in contents)
        raise ValueError(rf"a reason is words, && \text{{…}}, not {found!r}")
    return " ".join("".join("".join(element.itertext()) for element in contents).split())
