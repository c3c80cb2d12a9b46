"""Headings of pages: one title, and no level left out."""

import re
from itertools import pairwise

from pages import PAGES, name


def test_heading_levels_do_not_jump() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for path in re.findall(r"^```{include} (\S+\.md)\n", text, re.MULTILINE):
            text += (page.parent / path).read_text(encoding="utf-8")
        text = re.sub(r"^(```+|:::+).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)
        levels = [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]
        assert levels[:1] == [1], name(page)
        assert all(after - before <= 1 for before, after in pairwise(levels)), name(page)
