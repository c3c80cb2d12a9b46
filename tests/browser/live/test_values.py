"""The package keeps its promises where floats are computed by WebAssembly: 32 bits, no AVX."""

import base64
import io
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from browser.conftest import Readers

ROOT = Path(__file__).parents[3]
# Pure Python, taken from this environment.
BROUGHT = (
    "packaging",
    "pytest",
    "pluggy",
    "iniconfig",
    "pygments",
    "sortedcontainers",
    "mpmath",
    "tqdm",
)
TESTS = (
    "package/test_activations.py",
    "package/test_any_input.py",
    "package/test_information.py",
    "package/test_laws.py",
    "package/test_likelihood.py",
    "package/test_losses.py",
    "package/test_neuron_and_descent.py",
    "package/test_promises.py",
    "package/test_refusals.py",
    "data/test_accuracy.py",
)
NO_THREADS = "not thread"  # WebAssembly has none, nor processes


def brought() -> Iterator[tuple[str, bytes]]:
    """Yield what is put beside the package, by its name under the home folder."""
    for project in BROUGHT:
        for file in distribution(project).files or ():
            if ".." not in file.parts and file.suffix not in {".pyc", ".so"}:
                yield f"brought/{file.as_posix()}", Path(str(file.locate())).read_bytes()
    # The newest Hypothesis is compiled for this machine; the session brings one that is not.
    apart = Path(sys.prefix, "brought")
    for path in sorted(apart.rglob("*.py")):
        yield path.relative_to(apart.parent).as_posix(), path.read_bytes()
    for folder in ("docs/data", "tests/package", "tests/data"):
        for path in sorted((ROOT / folder).glob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_bytes()
    for path in (ROOT / "pyproject.toml", *sorted((ROOT / "tests").glob("*.py"))):
        yield path.relative_to(ROOT).as_posix(), path.read_bytes()
    yield "docs/data/accuracy.json", (ROOT / "docs" / "data" / "accuracy.json").read_bytes()


START = """
import base64, io, os, sys, zipfile
zipfile.ZipFile(io.BytesIO(base64.b64decode(PACKED))).extractall("/home/pyodide")
os.chdir("/home/pyodide")
sys.path[:0] = ["/home/pyodide/brought", "/home/pyodide/docs/data"]
sys.dont_write_bytecode = True
import concurrent.futures

class Pool:
    "Processes that are none."
    def __enter__(self): return self
    def __exit__(self, *_): pass
    map = staticmethod(map)

concurrent.futures.ProcessPoolExecutor = Pool
import pytest
how = ["-q", "--capture=sys", "-p", "no:cacheprovider", "-k", CHOICE]
how += ["-o", "addopts=--import-mode=importlib"]
print("ended with", int(pytest.main([*how, *TESTS])))
"""
ASK = """([code, packages]) => new Promise((end) => {
    const worker = new Worker("/_static/live/worker.js", { type: "module" });
    let text = "";
    worker.onmessage = ({ data }) => {
        if (["text", "error"].includes(data.kind)) text += data.text;
        if (data.kind === "lost") text += JSON.stringify(data);
        if (["end", "lost"].includes(data.kind)) { worker.terminate(); end(text); }
    };
    worker.onerror = (event) => end(String(event.message));
    worker.postMessage({ code, number: 1, group: "", typed: false, packages, data: [] });
})"""


def test_values_hold_in_the_browser(reader: Readers) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in brought():
            archive.writestr(name, content)
    names = {
        "PACKED": base64.b64encode(packed.getvalue()).decode("ascii"),
        "CHOICE": NO_THREADS,
        "TESTS": [f"tests/{name}" for name in TESTS],
    }
    code = "\n".join(f"{name} = {value!r}" for name, value in names.items()) + START
    page = reader().open("index.html")
    page.set_default_timeout(0)
    said = page.evaluate(ASK, [code, ["numpy", "scikit-learn"]])
    assert said.splitlines()[-1] == "ended with 0", said
