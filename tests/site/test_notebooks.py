"""The notebooks of the gallery carry no reStructuredText that a notebook cannot show."""

import json
from pathlib import Path

import pytest
import sphinx_gallery.notebook
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from losstheory_site.pages import notebooks
from pages import SCRIPTS, name


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
    assert notebooks.without_roles(prose) == shown


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_no_role_is_left_in_a_notebook(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sphinx_gallery.notebook, "rst2md", sphinx_gallery.notebook.rst2md)
    notebooks.install()
    _, blocks = split_code_and_text_blocks(str(script))

    made = sphinx_gallery.notebook.jupyter_notebook(blocks, DEFAULT_GALLERY_CONF, str(tmp_path))

    for cell in made["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            assert ":`" not in text, json.dumps(text)
