"""The Sphinx side of the equation check: marks, reports, and equations that come late."""

import io
import re
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

# MyST's own include asks Sphinx for what it calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:.*app.*is deprecated")

Build = Callable[[dict[str, str]], tuple[str, Path]]

CONF = """
extensions = ["myst_parser", "sphinx.ext.autodoc", "losstheory_site.maths", "eqcheck", "late"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
html_math_renderer = "mathml"
html_theme = "basic"
numfig, numfig_secnum_depth = True, 0
exclude_patterns = ["part.md"]
"""
SETTINGS = """
modules = ["losstheory"]
notation_page = "symbols.md"
sources = ["*.md"]
"""
LATE = '''
"""An extension that, like the output of a cell, brings an equation when all are read."""
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class Late(SphinxPostTransform):
    default_priority = 5

    def run(self, **_):
        if self.env.docname == "late":
            self.document += nodes.math_block("", "1 = 2", number=None, nowrap=False)


def setup(app):
    app.add_post_transform(Late)


def documented():
    r"""Do it.

    .. math:: o = \\sigma(-z)
    """
'''
PAGES = {
    "symbols": "# Symbols\n\n```{notation}\nz : real  # logit\no : sigmoid(z)  # output\n"
    "\\sigma(z) : sigmoid(z)\n```\n",
    "checks": "# Checks\n\n```{equation-checks}\n```\n",
    "index": "# Home\n\n```{toctree}\nsymbols\nchecks\npage\n```\n",
}


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Build a small site of these pages; return its warnings and where it is."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def run(pages: dict[str, str]) -> tuple[str, Path]:
        files = {**PAGES, **pages}
        (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
        (tmp_path / "eqcheck.toml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / "late.py").write_text(LATE, encoding="utf-8")
        for name, text in files.items():
            (tmp_path / f"{name}.md").write_text(textwrap.dedent(text), encoding="utf-8")
        out, warnings = tmp_path / "out", io.StringIO()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                tmp_path,
                tmp_path,
                out,
                tmp_path / "doctrees",
                "html",
                status=None,
                warning=warnings,
            )
            app.build()
        sys.modules.pop("late", None)
        return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()), out

    return run


def test_marks_and_the_page_of_checks(build: Build) -> None:
    page = """
    # Page

    ```{math}
    :label: eq-right
    o = \\sigma(z)
    ```

    ```{math}
    :label: eq-said
    % stated: a definition
    o \\ge 0
    ```
    """
    warnings, out = build({"page": page})
    assert not warnings
    html = (out / "page.html").read_text(encoding="utf-8")
    assert re.search(r'<a class="eqcheck checked" href="checks.html#(check-[\w-]+)"', html)
    assert 'aria-label="Stated, not checked: see how"' in html
    checks = (out / "checks.html").read_text(encoding="utf-8")
    assert "2 displayed equations: 1 checked against the code, 1 stated, not checked." in checks
    assert "a definition" in checks
    anchors = re.findall(r'<a class="eqcheck \w+" href="checks.html#(check-[\w-]+)"', html)
    assert len(anchors) == 2
    assert all(f'id="{anchor}"' in checks for anchor in anchors)


def test_what_was_found_stands_hidden_below_each_equation(build: Build) -> None:
    page = """
    # Page

    $$o = \\sigma(z)$$

    $$1 + 1 = 2$$

    $$z^2 \\ge 0$$

    ```{math}
    % stated: a definition
    o \\ge 0
    ```
    """
    warnings, out = build({"page": page})
    html = (out / "page.html").read_text(encoding="utf-8")
    marks = re.findall(r'<a class="eqcheck \w+" href="(.*?)" aria-controls="(.*?)"', html)
    panels = re.findall(
        r'<div class="eqcheck-panel" id="(.*?)" role="status"><p hidden>(.*?)</p></div>', html
    )
    assert [name for name, _ in panels] == [name for _, name in marks]
    texts = [text.partition(" <a href=")[0] for _, text in panels]
    assert re.match(
        r"Both sides were computed by the code at 12 random points\. They are equal to the last digit\. "
        r"Of (\d+) slips put into it, such as a sign or a factor changed, \1 would be noticed\.$",
        texts[0],
    )
    assert texts[1].startswith("There is nothing to draw at random.")
    assert "it holds at each of 24 random points." in texts[2]
    assert texts[3] == "A definition."
    for (target, _), (_, text) in zip(marks, panels, strict=True):
        assert f'<a href="{target}">All checks</a>' in text
    assert 'src="_static/eqcheck.js' in html
    assert (out / "_static" / "eqcheck.js").is_file()
    del warnings


def test_the_notation_is_shown_with_its_code(build: Build) -> None:
    head = "# Page\n\n```{notation}\nu : 2*z  # twice the logit\n```\n\n$$u = 2 z$$\n"
    rest = "## Section\n\n```{notation}\nv : 3*z  # three logits\n```\n\n$$v = 3 z$$\n"
    _, out = build({"page": f"{head}\n{rest}"})
    html = (out / "page.html").read_text(encoding="utf-8")
    assert re.findall("<summary>(.*)</summary>", html) == [
        "Symbols of this page",
        "Symbols of this section",
    ]
    assert "twice the logit" in html
    assert "<summary>" not in (out / "symbols.html").read_text(encoding="utf-8")


SLIP = "o = \\sigma(-z)"
SOURCES = {
    "page": f"# Page\n\nText.\n\n$$\n{SLIP}\n$$\n",
    "nested": f"# Nested\n\n:::{{admonition}} A\n```{{math}}\n{SLIP}\n```\n:::\n",
    "inline": "# Inline\n\nHere $\\sigma(0) = 1/3$.\n",
    "include": "# Include\n\n```{include} part.md\n```\n",
    "docstring": "# Docstring\n\n```{eval-rst}\n.. autofunction:: late.documented\n```\n",
}
PLACES = {
    "page": r"page\.md:6: WARNING: '=' does not hold",
    "nested": r"nested\.md:[456]: WARNING",
    "inline": r"inline\.md:3: WARNING",
    "include": r"part\.md:[12]: WARNING|include\.md:\d+: WARNING",
    "docstring": r"late\.py:docstring of late\.documented:\d+: WARNING",
}


def test_slips_are_reported_wherever_they_come_from_and_by_every_build(build: Build) -> None:
    contents = PAGES["index"].replace("page\n", "\n".join([*SOURCES, "late", ""]))
    pages = {"index": contents, **SOURCES, "part": f"$$\n{SLIP}\n$$\n", "late": "# Late\n"}
    first, _ = build(pages)
    for place in PLACES.values():
        assert re.search(place, first), first
    assert first.count("does not hold") == len(SOURCES)
    assert "no check has seen this equation" in first
    again, _ = build(pages)
    assert again.count("does not hold") == len(SOURCES)
    mended = {name: text.replace(SLIP, "o = \\sigma(z)") for name, text in SOURCES.items()}
    last, _ = build({**pages, **mended, "part": "$$o = \\sigma(z)$$\n"})
    assert last.count("does not hold") == 2  # in the line of text and in the docstring
