"""Read and execute the pages: every Markdown page is a notebook.

Kernels are the cost of a cold build. Here they are forked from one warm process that has
imported the kernel and the package already, and talk over sockets in files, since TCP ports
collide now and then when kernels start together.
"""

import multiprocessing
import multiprocessing.context
import os
import tempfile
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import NotebookNode

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def read_page(text: str) -> NotebookNode:
    """Read a Markdown page as a notebook; one without code cells needs no kernel."""
    notebook: NotebookNode = read_myst_markdown_notebook(text, add_source_map=True)
    notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "Python 3"})
    if not any(cell.cell_type == "code" for cell in notebook.cells):
        notebook.metadata.setdefault("mystnb", {})["execution_mode"] = "off"
    return notebook


def run_kernel(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """Become a kernel: the main function of a forked process."""
    from ipykernel.iostream import OutStream
    from ipykernel.kernelapp import launch_new_instance

    # Send what a cell prints when it ends, in one piece however busy the machine is.
    OutStream.flush_interval = 3600.0
    os.chdir(folder)
    os.environ.update(environment)
    os.setpgrp()
    # A kernel that knows its parent ends with it, and prints no greeting.
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    launch_new_instance(argv=[*arguments, parent, "--HistoryManager.enabled=False"])


class ForkedKernel:
    """A forked process with the part of `subprocess.Popen` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, process: multiprocessing.context.ForkServerProcess) -> None:
        self.process = process
        self.process.start()
        self.pid = process.pid

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
        return self.process.exitcode

    def wait(self) -> int | None:
        """Wait for the end."""
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        if self.pid is not None and self.poll() is None:
            os.kill(self.pid, number)

    terminate = property(lambda self: self.process.terminate)
    kill = property(lambda self: self.process.kill)


class ForkingProvisioner(LocalProvisioner):
    """Start kernels by forking a warm process, each with sockets of its own."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel a folder for its sockets."""
        self.sockets = tempfile.TemporaryDirectory(prefix="kernel-")
        assert self.parent is not None
        self.parent.transport = "ipc"
        self.parent.ip = str(Path(self.sockets.name, "s"))
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork instead of starting an interpreter."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["ipykernel.kernelapp", "losstheory"])
        arguments = cmd[cmd.index("-f") :]
        process = context.Process(
            target=run_kernel,
            args=(arguments, str(kwargs["cwd"]), dict(kwargs["env"])),
            daemon=True,
        )
        kernel = ForkedKernel(process)
        self.process = kernel  # type: ignore[assignment]  # not a Popen, but like one
        self.pid = kernel.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """End the kernel at once: it has nothing to save, and to wait for it takes long."""
        await super().shutdown_requested(restart)
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the sockets."""
        await super().cleanup(restart)
        self.sockets.cleanup()


def setup(app: "Sphinx") -> "ExtensionMetadata":
    """Register the provisioner."""
    factory = KernelProvisionerFactory.instance()
    group = KernelProvisionerFactory.GROUP_NAME
    factory.provisioners["forking"] = EntryPoint("forking", "execution:ForkingProvisioner", group)
    factory.default_provisioner_name = "forking"
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
