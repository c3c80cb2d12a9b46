"""What is taken along reads as the page does, and runs where nothing of the repository is."""

import json
import os
import re
import subprocess
import sys
import zipfile
from html import unescape
from pathlib import Path

import pytest

from losstheory_site.pages import take_along, wheels
from pages import PAGES, ROOT, SCRIPTS, name
from small_site import Built

EXECUTED = [path for path in PAGES if "{code-cell}" in path.read_text(encoding="utf-8")]


def prose(notebook: str) -> str:
    """Return the text between the cells of code."""
    cells = json.loads(notebook)["cells"]
    return "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")


def test_notebook_reads_as_the_page(small: Built) -> None:
    text = prose(small("learn/page.ipynb"))
    assert text.startswith("# A page of everything\n")
    assert "the output is 0.5 (so $\\sigma(0) = \\tfrac12$)" in text
    assert re.search(r"\$\$\no = \\sigma\(z\)\\tag\{1\}\n\$\$", text)
    assert "Equation [(1)](https://example.org/lt/learn/page.html#equation-eq-output)" in text
    assert "<details>\n<summary>Solution</summary>\n\nIt is folded.\n\n</details>" in text
    assert re.search(r'<img alt="[^"]{20,}" src="data:image/svg\+xml;base64,', text)
    assert not re.search(r"\{[a-z:]+\}`|:::|\x02|<!--tex|¶", text)


def test_script_puts_solutions_apart(small: Built) -> None:
    script = small("learn/page.py")
    before, after = script.split("# Solution: see [1] at the end of this file.")
    assert "It is folded." not in before
    assert after.rstrip().endswith("# [1] Solution\n#\n# It is folded.")
    assert "base64" not in script


def test_foot_tells_licence_citation_and_where_mistakes_go(small: Built) -> None:
    page = small("learn/page.html")
    foot = page[page.index('<p class="about">') :].partition("</p>")[0]
    given = unescape(foot).partition('data-bibtex="')[2].partition('"')[0]
    cite = (ROOT / "docs" / "reference" / "cite.md").read_text(encoding="utf-8")
    assert f"```bibtex\n{given}```" in cite
    links = re.findall(r'href="../reference/([^"]+)"', foot)
    assert links == ["api/index.html#install-it"] + [
        f"cite.html#{part}" for part in ("cite-it", "reuse-it", "report-a-mistake")
    ]


def test_page_keeps_no_tex(small: Built) -> None:
    assert "<!--tex" not in small("learn/page.html")


def test_gallery_offers_the_same(small: Built) -> None:
    text = prose(small("auto_gallery/1_lines/plot_line.ipynb"))
    assert ":`" not in text
    assert "plot_line.ipynb" in small("auto_gallery/1_lines/plot_line.html")
    assert not list((small.out / "_downloads").rglob("*")), "sphinx-gallery offers its own"


@pytest.mark.parametrize("script", ["learn/page.py", "auto_gallery/1_lines/plot_line.py"])
def test_runs_with_nothing_but_the_wheel(small: Built, tmp_path: Path, script: str) -> None:
    with zipfile.ZipFile(small.out / wheels.name_of("losstheory")) as wheel:
        wheel.extractall(tmp_path / "installed")
    (tmp_path / "alone.py").write_text(small(script), encoding="utf-8")
    origin = "import losstheory, pathlib; print(losstheory.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "MPLBACKEND": "Agg"}
    for arguments in ["-c", origin], ["alone.py"]:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        if arguments[0] == "-c":
            assert Path(done.stdout.strip()).is_relative_to(tmp_path.resolve())


@pytest.mark.parametrize("path", [*EXECUTED, *SCRIPTS], ids=name)
def test_line_installs_what_the_code_imports(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = text if path.suffix == ".py" else "\n".join(take_along.written_code(path))
    line = take_along.install_line(code, "")
    assert line.startswith(f"pip install {wheels.name_of('losstheory')}")
    assert (wheels.name_of("eqcheck") in line) == bool(
        re.search(r"^from eqcheck", code, re.MULTILINE)
    )
    assert ("matplotlib" in line.split()) == ("import matplotlib" in code)
    for record in re.findall(r'"(docs/data/\w+\.\w+)"', code):
        assert ROOT / record in take_along.needs(code)[1]


def test_records_bring_what_reads_them() -> None:
    install, records = take_along.needs("import fair_results as fair")
    assert install == ["scipy"]
    assert [record.name for record in records] == ["fair_experiment.json", "fair_results.py"]


def test_address_stands_in_line_and_links(small: Built) -> None:
    text = prose(small("learn/page.ipynb"))
    line = f"pip install https://example.org/lt/{wheels.name_of('losstheory')} ipython"
    assert f"`{line}`" in text
    links = re.findall(r"(?<!!)\]\(([^)\s]+)\)", text)
    assert links
    assert [link for link in links if not link.startswith("https://")] == []


def test_without_address_the_wheel_lies_beside() -> None:
    wheel = wheels.name_of("losstheory")
    said = take_along.words("opening", f"pip install {wheel}", [wheel], "../")
    assert f"`pip install {wheel}`" in said
    assert f"[{wheel}](../{wheel})" in said


def test_derivation_comes_along_as_the_tex_that_it_was() -> None:
    step = '<div class="step"><span class="left"><math><mi>a</mi></math></span></div>'
    formula = f'<!--tex:a &amp;= b \\\\ &amp;= c--><div class="derivation">{step}{step}</div>'
    panel = '<div class="eqcheck-panel"><p hidden>Both sides</p></div>'
    html = f'<div class="math"><div class="formula">{formula}</div></div>{panel}<p>So.</p>'
    markdown, _ = take_along.to_markdown(html, "page.html")
    assert r"a &= b \\ &= c" in markdown
    assert markdown.count("a") == 1
    assert "Both" not in markdown
    assert take_along.without_tex(formula) == formula.partition("-->")[2]
