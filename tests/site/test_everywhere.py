"""The site builds wherever it lies and whatever the system has, and is the same there."""

import os
import subprocess
import sys
from pathlib import Path
from runpy import run_path

from losstheory_site.names import DOCS
from pages import ROOT
from small_site import BOOK, Built, copy

# Runs when Python starts: takes away what Windows lacks.
POORER = """
import multiprocessing.context, os, socket
for name in ("fork", "forkpty", "setpgrp", "setsid", "killpg"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("fork", "forkserver"):
    multiprocessing.context._concrete_contexts.pop(name, None)
if hasattr(socket, "AF_UNIX"):
    del socket.AF_UNIX
"""
STARTUP = "import numpy; numpy.set_printoptions(precision=1)"


def test_a_folder_may_have_spaces_and_letters_beyond_ascii(small: Built) -> None:
    assert " " in str(small.source)
    assert "ü" in str(small.source)
    assert small.warnings == ""
    assert not [path for path in (ROOT / "gallery").rglob("*") if " " in path.name]


def test_nothing_is_asked_of_system_locale_home_or_git(small: Built, tmp_path: Path) -> None:
    """Build again without processes that fork, sockets in files, UTF-8, a quiet home and git."""
    place = copy(tmp_path)
    (place / "losstheory.pdf").write_bytes(BOOK)
    (tmp_path / "poorer").mkdir()
    (tmp_path / "poorer" / "sitecustomize.py").write_text(POORER, encoding="utf-8")
    startup = tmp_path / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text(STARTUP, encoding="utf-8")
    deep = tmp_path / ("long" * 30)  # a socket's path would not fit
    deep.mkdir()
    environment = {
        **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
        **dict.fromkeys(("HOME", "USERPROFILE", "IPYTHONDIR"), str(tmp_path)),
        "PATH": str(tmp_path),
        "TMPDIR": str(deep),
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONWARNDEFAULTENCODING": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "PYTHONPATH": os.pathsep.join((str(tmp_path / "poorer"), str(DOCS / "_ext"))),
    }
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-q", "docs", "out"]
    made = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert made.returncode == 0, made.stderr
    warned = [line for line in made.stderr.splitlines() if "EncodingWarning" in line]
    assert [line for line in warned if "site-packages" not in line] == []
    for page in ("learn/page.html", "learn/page.ipynb", "auto_gallery/1_lines/plot_line.html"):
        assert (place / "out" / page).read_text(encoding="utf-8") == small(page)


def test_names_differ_on_disks_that_fold_case() -> None:
    settings = run_path(str(DOCS / "conf.py"))
    # Its files are named by functions and classes, and Softmax would be softmax.
    assert settings["sphinx_gallery_conf"]["backreferences_dir"] is None
    folders = ("docs", "gallery", "losstheory", "tests")
    names = [
        path.as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if not {"_build", "auto_gallery"} & set(path.parts)  # what an older version has built
    ]
    assert len({name.casefold() for name in names}) == len(names)
