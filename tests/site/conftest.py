"""The small site, as it is built, for the tests of what builds it."""

from pathlib import Path
from typing import Any

import pytest

from small_site import BOOK, Build, Built, build, copy


@pytest.fixture
def site_of_its_own(tmp_path: Path) -> Build:
    """Return a builder of a copy that a test may change."""
    place = copy(tmp_path)

    def run(builder: str = "html", **settings: Any) -> Built:
        return build(place, builder, **settings)

    return run


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the small site once, beside a book, for all tests that only look at it."""
    place = copy(tmp_path_factory.mktemp("small"))
    book = place / "docs" / "_build" / "losstheory.pdf"
    book.parent.mkdir()
    book.write_bytes(BOOK)
    return build(place)
