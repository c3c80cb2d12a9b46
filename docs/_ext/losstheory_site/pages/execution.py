"""Read and execute the pages: every Markdown page is a notebook.

Kernels are the cost of a cold build. Here they are forked from one warm process that has
imported the kernel and the package already, and talk over sockets in files, since TCP ports
collide now and then when kernels start together.
"""

import asyncio
import multiprocessing
import multiprocessing.context
import os
import queue
import tempfile
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import NotebookNode

if TYPE_CHECKING:
    from sphinx.application import Sphinx


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


class PromptClient(AsyncKernelClient):
    """A client that begins as soon as the kernel answers."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for an answer on both channels, not for silence as well: 0.2 s for each page.

        Silence has no use here, since who executes a cell passes over messages about others.
        """
        async with asyncio.timeout(timeout):
            while await self.is_alive():
                self.kernel_info()
                with suppress(queue.Empty):
                    await self.get_shell_msg(timeout=1)
                    await self.get_iopub_msg(timeout=0.2)
                    return
        raise RuntimeError("the kernel died before it answered")


class ForkingProvisioner(LocalProvisioner):
    """Start kernels by forking a warm process, each with sockets of its own."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel a folder for its sockets, and a client."""
        self.sockets = tempfile.TemporaryDirectory(prefix="kernel-")
        assert self.parent is not None
        self.parent.client_factory = PromptClient
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
        await asyncio.sleep(0.01)  # the request has left, or its socket would stay open for it
        await self.kill(restart)
        if self.process is not None:
            self.process.wait()  # the end is near; who would look for it sleeps 0.1 s

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the sockets."""
        await super().cleanup(restart)
        self.sockets.cleanup()


def start_by_forking(factory: KernelProvisionerFactory) -> None:
    """Let the factory start every kernel so."""
    group = factory.GROUP_NAME
    factory.provisioners["forking"] = EntryPoint(
        "forking", "losstheory_site.pages.execution:ForkingProvisioner", group
    )
    factory.default_provisioner_name = "forking"


def register(app: "Sphinx") -> None:
    """Register the provisioner."""
    start_by_forking(KernelProvisionerFactory.instance())
