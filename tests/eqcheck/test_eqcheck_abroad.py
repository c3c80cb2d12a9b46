"""The checker on sites that are not this one: MyST or rST, any renderer, any builder."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace, patch_docutils

import eqcheck

Build = Callable[..., tuple[str, Path]]

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


def made(
    folder: Path, kind: str, renderer: str = "mathjax", toml: str = "", wrong: bool = True
) -> None:
    """Write a small site with code of its own."""
    for name, text in SITES[kind].items():
        whole = text if wrong else text.replace("z^3", "f(z)")
        (folder / name).write_text(whole, encoding="utf-8")
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


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Build a site with a builder; return its warnings and where it is."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def run(builder: str = "html") -> tuple[str, Path]:
        out, warnings = tmp_path / builder, io.StringIO()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                tmp_path,
                tmp_path,
                out,
                tmp_path / "doctrees",
                builder,
                status=None,
                warning=warnings,
            )
            app.build()
        for module in ("squares", "fake_katex"):
            sys.modules.pop(module, None)
        return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()), out

    return run


@pytest.mark.parametrize("renderer", ["mathjax", "katex"])
@pytest.mark.parametrize("kind", SITES)
def test_marks_and_reports_on_a_foreign_site(
    build: Build, tmp_path: Path, kind: str, renderer: str
) -> None:
    made(tmp_path, kind, renderer)
    warnings, out = build()
    (line,) = re.findall(r"page\.\w+:(\d+): WARNING: (?:eq-wrong: )?'=' does not hold", warnings)
    page = next(tmp_path.glob("page.*"))
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


@pytest.mark.parametrize("builder", ["text", "latex", "man", "epub", "dirhtml"])
@pytest.mark.parametrize("kind", SITES)
@pytest.mark.filterwarnings("ignore")  # of the builders, about themselves
def test_every_builder_gets_through(build: Build, tmp_path: Path, kind: str, builder: str) -> None:
    made(tmp_path, kind, wrong=False)
    warnings, out = build(builder)
    assert not [
        line for line in warnings.splitlines() if "eqcheck" in line or "Traceback" in line
    ], warnings
    assert any(out.iterdir())


@pytest.mark.parametrize("kind", SITES)
def test_the_command_checks_a_foreign_site(tmp_path: Path, kind: str) -> None:
    made(tmp_path, kind)
    home = str(Path(eqcheck.__file__).parents[1])
    command = [sys.executable, "-m", "eqcheck"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": home, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, done.stderr
    (line, column) = re.findall(r"✗ page\.\w+:(\d+):(\d+): eq-wrong", done.stdout)[0]
    page = next(tmp_path.glob("page.*"))
    assert page.read_text(encoding="utf-8").splitlines()[int(line) - 1].strip() == "&= z^3"
    assert int(column) > 1
    assert "s in all" in done.stdout


BAD = {
    "modulus = []": "eqcheck.toml:1: modulus is no setting",
    "\nmodules = 'squares'": "eqcheck.toml:2: modules is a list",
    "cache = 3": "eqcheck.toml:1: cache is a str",
    "modules = ['nowhere']": "eqcheck.toml:1: modules: No module named",
    "notation_page = 'gone.md'": "eqcheck.toml:1: notation_page 'gone.md' does not exist",
    "modules = [": "eqcheck.toml: ",
}


@pytest.mark.parametrize("toml", BAD)
def test_a_bad_setting_is_told_with_file_and_line(build: Build, tmp_path: Path, toml: str) -> None:
    made(tmp_path, "rst", toml=toml)
    with pytest.raises(ConfigError, match=re.escape(BAD[toml])):
        build()


def test_a_site_without_settings_is_checked_too(build: Build, tmp_path: Path) -> None:
    made(tmp_path, "rst")
    (tmp_path / "eqcheck.toml").unlink()
    (tmp_path / "symbols.rst").write_text(
        "S\n=\n\n.. notation::\n\n   z : real\n", encoding="utf-8"
    )
    (tmp_path / "page.rst").write_text(
        "P\n=\n\n.. notation::\n\n   z : real\n\n.. math:: z + z = 3 z\n", encoding="utf-8"
    )
    assert "does not hold" in build()[0]
