"""Pages run in forked kernels, which share nothing, end when told to, and leave nothing behind."""

from pathlib import Path

import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from losstheory_site.pages import execution


@pytest.fixture(autouse=True)
def sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the site's kernels be started, with their sockets in a folder of the test."""
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", factory.default_provisioner_name)
    monkeypatch.setattr(factory, "provisioners", dict(factory.provisioners))
    execution.start_by_forking(factory)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def run(*sources: str) -> list[str]:
    """Execute cells as a page does; return what each prints."""
    fences = (f"```{{code-cell}} python\n{source}\n```\n" for source in sources)
    notebook = execution.read_page("\n".join(fences))
    NotebookClient(notebook, timeout=30).execute(cwd=".")
    return [output.text for cell in notebook.cells for output in cell.get("outputs", [])]


def test_cells_share_a_kernel_and_pages_do_not(sockets: Path) -> None:
    assert run("x = 1; print('first')", "print(x)") == ["first\n", "1\n"]
    assert run("print('x' in globals())") == ["False\n"]
    assert not list(sockets.glob("kernel-*"))


def test_a_cell_that_fails_is_reported() -> None:
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run("1 / 0")


def test_a_kernel_that_dies_is_reported() -> None:
    with pytest.raises(DeadKernelError):
        run("import os; os._exit(3)")
