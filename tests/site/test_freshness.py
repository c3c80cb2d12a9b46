"""Nothing stale, and nothing done twice."""

import time
import zipfile
from pathlib import Path

import pytest

from losstheory_site.pages import freshness, take_along
from small_site import Build, Built

SCRIPT = "auto_gallery/1_lines/plot_line"


def test_build_reads_again_what_its_sources_change(
    site_of_its_own: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, record = tmp_path / "package" / "losses.py", tmp_path / "data" / "record.json"
    extension, sheet = tmp_path / "_ext" / "house" / "x.py", tmp_path / "_ext" / "house" / "x.css"
    for path in (module, record, extension, sheet):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1", encoding="utf-8")
    scripts = ((module.parent, "*.*"), (record.parent, "*.json"))
    monkeypatch.setattr(freshness, "OF_SCRIPTS", scripts)
    monkeypatch.setattr(freshness, "OF_PAGES", (*scripts, (tmp_path, "_ext/**/*.py")))
    first = site_of_its_own()
    drawing = first.source / "docs" / f"{Path(SCRIPT).parent}/images/sphx_glr_plot_line_001.svg"
    pages = set(first.read)
    assert {"index", "learn/page", SCRIPT} <= pages

    def change(path: Path) -> tuple[set[str], bool]:
        before = drawing.stat().st_mtime_ns
        time.sleep(0.01)
        path.write_text(path.read_text(encoding="utf-8") + "2", encoding="utf-8")
        return set(site_of_its_own().read), drawing.stat().st_mtime_ns != before

    assert change(sheet) == (set(), False)
    assert change(module) == (pages, True)
    assert change(record) == (pages, True)
    assert change(extension) == (pages, False)


def test_sources_of_pages_are_all_that_builds_them() -> None:
    files = {path for folder, pattern in freshness.OF_PAGES for path in folder.glob(pattern)}
    names = {path.name for path in files}
    assert {
        "losses.py",
        "bench.json",
        "conf.py",
        "head.py",
        "grammar.lark",
        "eqcheck.toml",
    } <= names
    assert {"figures.mplstyle", "_kernels.py", "extension.py"} <= names


def test_archives_carry_no_date_of_today(small: Built, tmp_path: Path) -> None:
    assert not list(small.out.glob("learn/*.zip")), "it reads no records"
    take_along.pack(tmp_path / "page.zip", {"page.py": small.out / "learn" / "page.py"})
    library = small.out / "_static" / "live" / "library.zip"
    for archive in (tmp_path / "page.zip", library):
        with zipfile.ZipFile(archive) as opened:
            assert {member.date_time for member in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with zipfile.ZipFile(tmp_path / "page.zip") as opened:
        assert opened.namelist() == ["page.py"]
