"""The reference: every public name once, and under each the pages that use it."""

import re

import losstheory
from pages import PAGES
from small_site import Build, Built


def test_reference_documents_every_public_name_once() -> None:
    pages = [path for path in PAGES if "reference/api" in path.as_posix()]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    documented = re.findall(r"^\.\. (?:auto\w+|data):: ([^\n]+(?:\n {10}\w+)*)", text, re.MULTILINE)
    names = [each for group in documented for each in group.split() if each != "losstheory"]
    assert sorted(names) == sorted(losstheory.__all__)


def used_in(built: Built) -> list[str]:
    """Return the titles in the line under the one function of the small reference."""
    [line] = re.findall(
        r'<p class="used-in">(.*?)</p>', built("reference/api/index.html"), re.DOTALL
    )
    return re.findall(r">([^<>]+)</a>", line)


def test_reference_names_its_users_in_reading_order(small: Built) -> None:
    assert used_in(small) == ["A page of everything", "Draw a line", "Notation"]


def test_reference_follows_its_users(site_of_its_own: Build) -> None:
    page = site_of_its_own().source / "docs" / "learn" / "page.md"
    text = page.read_text(encoding="utf-8")
    code, link = "from losstheory import sigmoid\n", "{func}`~losstheory.sigmoid`"
    page.write_text(text.replace(link, "the code"), encoding="utf-8")
    assert "reference/api/index" not in (again := site_of_its_own()).written
    assert used_in(again) == ["A page of everything", "Draw a line", "Notation"]
    text = text.replace(link, "the code").replace(code, "import losstheory\nsigmoid = abs\n")
    page.write_text(text, encoding="utf-8")
    assert "reference/api/index" in (again := site_of_its_own()).written
    assert used_in(again) == ["Draw a line", "Notation"]
