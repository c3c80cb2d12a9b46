"""The checker on sites that are not this one: MyST or rST, any renderer, any builder."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace, patch_docutils

import eqcheck
from eqcheck.__main__ import main

MYST = {
    "index.md": "# Home\n\n```{toctree}\nsymbols\nchecks\npage\n```\n",
    "symbols.md": "# Symbols\n\n```{notation}\nz : real  # logit\nf(z) : square(z)\n```\n",
    "checks.md": "# Checks\n\n```{equation-checks}\n```\n",
    "page.md": "# Page\n\n$$f(z) = z^2$$ (eq-right)\n\n$$\nf(z) = z \\cdot z\n$$\n\nText.\n\n"
    "```{math}\n:label: eq-wrong\n\\begin{aligned}\nf(z) &= z^2 \\\\\n&= z^3\n\\end{aligned}\n```\n",
}
RST = {
    "index.rst": "Home\n====\n\n.. toctree::\n\n   symbols\n   checks\n   page\n",
    "symbols.rst": "Symbols\n=======\n\n.. notation::\n\n   z : real  # logit\n   f(z) : square(z)\n",
    "checks.rst": "Checks\n======\n\n.. equation-checks::\n",
    "page.rst": "Page\n====\n\n.. math:: f(z) = z^2\n   :label: eq-right\n\n.. math::\n\n   f(z) = z \\cdot z\n\n"
    "   z^2 = f(z)\n\nText.\n\n.. math::\n   :label: eq-wrong\n\n   f(z) &= z^2 \\\\\n   &= z^3\n",
}
SITES = {"myst": MYST, "rst": RST}
KATEX = '''
"""A renderer of mathematics, as an extension for KaTeX registers one."""
from docutils import nodes


def block(self, node):
    self.body.append('<div class="math">' + self.encode(node.astext()) + "</div>")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("katex", (block, None), (block, None))
'''


def made(folder: Path, kind: str, renderer: str = "mathjax", toml: str = "") -> None:
    """Write a small site with code of its own."""
    for name, text in SITES[kind].items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "squares.py").write_text("def square(z):\n    return z * z\n", encoding="utf-8")
    (folder / "fake_katex.py").write_text(KATEX, encoding="utf-8")
    settings = f'paths = ["."]\nmodules = ["squares"]\nnotation_page = "symbols.{kind[-3:].replace("yst", "md")}"\nsources = ["*.md", "*.rst"]\n'
    (folder / "eqcheck.toml").write_text(toml or settings, encoding="utf-8")
    extensions = [
        "eqcheck",
        "sphinx.ext.mathjax",
        "fake_katex",
        *(["myst_parser"] if kind == "myst" else []),
    ]
    (folder / "conf.py").write_text(
        f'extensions = {extensions}\nmyst_enable_extensions = ["dollarmath"]\n'
        f'html_math_renderer = "{renderer}"\nhtml_theme = "basic"\nproject = author = "Abroad"\nversion = release = "1"\n',
        encoding="utf-8",
    )


def built(folder: Path, builder: str = "html") -> tuple[str, Path]:
    """Build a site with a builder; return its warnings and where it is."""
    out, warnings = folder / builder, io.StringIO()
    sys.path.insert(0, str(folder))
    try:
        with patch_docutils(), docutils_namespace():
            trees = folder / "doctrees"
            app = Sphinx(folder, folder, out, trees, builder, status=None, warning=warnings)
            app.build()
    finally:
        sys.path.remove(str(folder))
        for module in ("squares", "fake_katex"):
            sys.modules.pop(module, None)
    return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()), out


# One site of each kind, with one renderer each: what is read does not depend on what renders it.
RENDERERS = {"myst": "mathjax", "rst": "katex"}


@pytest.fixture(scope="module", params=SITES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a site, with a wrong row on one of its pages."""
    folder = tmp_path_factory.mktemp(request.param)
    made(folder, request.param, RENDERERS[request.param])
    return folder


def test_marks_and_reports_on_a_foreign_site(site: Path) -> None:
    warnings, out = built(site)
    (line,) = re.findall(r"page\.\w+:(\d+): WARNING: (?:eq-wrong: )?'=' does not hold", warnings)
    page = next(site.glob("page.*"))
    assert page.read_text(encoding="utf-8").splitlines()[int(line) - 1].strip() == "&= z^3"
    html = (out / "page.html").read_text(encoding="utf-8")
    marks = re.findall(r'<a class="eqcheck (\w+)" href="checks\.html#(check-[\w-]+)"', html)
    assert [mark for mark, _ in marks] == ["checked", "checked", "failed"]
    assert re.search(r'<div class="math[^>]*>\s*<span class="eqno"><a class="eqcheck', html)
    assert "eqcheck.css" in html
    assert (out / "_static" / "eqcheck.css").is_file()
    checks = (out / "checks.html").read_text(encoding="utf-8")
    assert all(f'id="{anchor}"' in checks for _, anchor in marks)
    assert "logit" in (out / "symbols.html").read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore")  # of the builders, about themselves
def test_every_builder_gets_through(site: Path) -> None:
    for builder in ("text", "latex", "man", "epub", "dirhtml"):
        warnings, out = built(site, builder)  # from the pages that the first of them has read
        told = [line for line in warnings.splitlines() if "WARNING" in line and "page." in line]
        assert all("does not hold" in line for line in told), warnings
        assert told, builder
        assert "Traceback" not in warnings
        assert any(out.iterdir())


def test_the_command_checks_a_foreign_site(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site)
    monkeypatch.syspath_prepend(str(site))
    try:
        assert main([]) == 1
    finally:
        sys.modules.pop("squares", None)
    shown = capsys.readouterr().out
    (line, column) = re.findall(r"✗ page\.\w+:(\d+):(\d+): eq-wrong", shown)[0]
    page = next(site.glob("page.*"))
    assert page.read_text(encoding="utf-8").splitlines()[int(line) - 1].strip() == "&= z^3"
    assert int(column) > 1
    assert "s in all" in shown


def test_the_command_is_one(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("$$1 + 1 = 3$$\n", encoding="utf-8")
    home = str(Path(eqcheck.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": home, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "eqcheck", "page.md"],
        cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "✗ page.md:1:" in done.stdout


BAD = {
    "modulus = []": "eqcheck.toml:1: modulus is no setting",
    "\nmodules = 'squares'": "eqcheck.toml:2: modules is a list",
    "cache = 3": "eqcheck.toml:1: cache is a str",
    "modules = ['nowhere']": "eqcheck.toml:1: modules: No module named",
    "notation_page = 'gone.md'": "eqcheck.toml:1: notation_page 'gone.md' does not exist",
    "modules = [": "eqcheck.toml: ",
}


@pytest.mark.parametrize("toml", BAD)
def test_a_bad_setting_is_told_with_file_and_line(tmp_path: Path, toml: str) -> None:
    made(tmp_path, "rst", toml=toml)
    with pytest.raises(ConfigError, match=re.escape(BAD[toml])):
        built(tmp_path)


def test_a_site_without_settings_is_checked_too(tmp_path: Path) -> None:
    made(tmp_path, "rst")
    (tmp_path / "eqcheck.toml").unlink()
    (tmp_path / "symbols.rst").write_text(
        "S\n=\n\n.. notation::\n\n   z : real\n", encoding="utf-8"
    )
    (tmp_path / "page.rst").write_text(
        "P\n=\n\n.. notation::\n\n   z : real\n\n.. math:: z + z = 3 z\n", encoding="utf-8"
    )
    assert "does not hold" in built(tmp_path)[0]
