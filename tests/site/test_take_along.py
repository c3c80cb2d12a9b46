"""Pages and scripts to take along: plain where a notebook is plain, and they run."""

import json
import re
import zipfile
from pathlib import Path

import pytest
import sphinx_gallery.notebook
from nbformat import NotebookNode
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from losstheory_site.pages import execution, take_along
from pages import PAGES, ROOT, SCRIPTS, name
from small_site import Built

EXECUTED = [path for path in PAGES if "{code-cell}" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", EXECUTED, ids=name)
def test_page_becomes_a_plain_notebook(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    notebook = take_along.notebook_of(page)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    prose = re.sub(r"^(```+).*?^\1", "", prose, flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"\{[a-z:-]+\}`|^ *:::|^\(.*\)=$", prose, re.MULTILINE)
    assert prose.count("$$") == 2 * len(re.findall(r"^ *```\{math\}", page, re.MULTILINE))
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == len(re.findall(r"^```+\{code-cell\}", page, re.MULTILINE))
    compile(take_along.script_of(notebook), path.stem, "exec")


@pytest.mark.parametrize("path", EXECUTED, ids=name)
def test_what_is_taken_along_runs_elsewhere(path: Path, tmp_path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    for record in take_along.records_of(page):
        (tmp_path / record).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / record).write_bytes((ROOT / record).read_bytes())
    cell = NotebookNode(
        cell_type="code", metadata={}, source=take_along.script_of(take_along.notebook_of(page))
    )
    alone = NotebookNode(metadata={"source_map": [0]}, cells=[cell])
    assert list(execution.execute(alone, tmp_path)) == []


def test_records_come_along_in_an_archive(small: Built, tmp_path: Path) -> None:
    page = (small.source / "docs" / "learn" / "page.md").read_text(encoding="utf-8")
    assert take_along.records_of(page) == []
    assert not (small.out / "learn" / "page.zip").exists()
    record = Path("docs/data/bench.json")
    assert take_along.records_of(page + f'open("{record.as_posix()}")') == [record]
    take_along.pack(tmp_path / "page.zip", [small.out / "learn" / "page.py"], [record])
    with zipfile.ZipFile(tmp_path / "page.zip") as archive:
        assert archive.namelist() == ["page.py", record.as_posix()]
        assert archive.read(record.as_posix()) == (ROOT / record).read_bytes()


def test_notebook_says_what_the_page_says() -> None:
    markdown = """(claim-s04)=
:::{admonition} You will learn
:class: tip
A number {value}`0.25 <sigmoid_grad(0.0)>`, see {eq}`eq-e` and {func}`~losstheory.sigmoid`.
:::

```{math}
:label: eq-e
% stated: why
e = 1
```"""
    assert take_along.plain(markdown) == (
        "**You will learn**\nA number 0.25, see (eq-e) and `losstheory.sigmoid`.\n\n$$\ne = 1\n$$"
    )


@pytest.mark.parametrize(
    ("prose", "shown"),
    [
        ("about :value:`1.44 <1 / math.log(2)>` bits", "about 1.44 bits"),
        ("read :doc:`the claims </reference/claims>`.", "read the claims."),
        ("see :func:`losstheory.sigmoid`", "see `losstheory.sigmoid`"),
        ("see :data:`~losstheory.LOSSES`", "see `losstheory.LOSSES`"),
        ("the slope :math:`|z| > 4` and ``code``", "the slope :math:`|z| > 4` and ``code``"),
    ],
)
def test_roles_become_their_text(prose: str, shown: str) -> None:
    assert take_along.without_roles(prose) == shown


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_no_role_is_left_in_a_notebook(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sphinx_gallery.notebook, "rst2md", sphinx_gallery.notebook.rst2md)
    take_along.read_roles()
    _, blocks = split_code_and_text_blocks(str(script))

    made = sphinx_gallery.notebook.jupyter_notebook(blocks, DEFAULT_GALLERY_CONF, str(tmp_path))

    for cell in made["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            assert ":`" not in text, json.dumps(text)
