"""Build the wheels that the site offers: the package, and the checker of equations.

They are those of this very build, made in this process by the backend that ``pip`` would call.
Their bytes depend on nothing but the files in them.
"""

import tomllib
from contextlib import chdir
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from losstheory_site.names import DOCS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PROJECTS = {"losstheory": DOCS.parent, "eqcheck": DOCS / "_ext" / "eqcheck"}


@cache
def name_of(project: str) -> str:
    """Return the name of a project's wheel.

    >>> from losstheory_site.pages import wheels
    >>> wheels.name_of("losstheory").endswith("-py3-none-any.whl")
    True
    """
    declared = (PROJECTS[project] / "pyproject.toml").read_text(encoding="utf-8")
    return f"{project}-{tomllib.loads(declared)['project']['version']}-py3-none-any.whl"


def home_of(address: str) -> str:
    """Return the address of the site, if it has one, so that names can be appended to it.

    >>> from losstheory_site.pages import wheels
    >>> wheels.home_of("https://example.org/site"), wheels.home_of("")
    ('https://example.org/site/', '')
    """
    return f"{address.rstrip('/')}/" if address else ""


def build(app: "Sphinx") -> None:
    """Lay the wheels at the top of the site."""
    if app.builder.name != "html":
        return
    from hatchling.build import build_wheel

    site = Path(app.outdir)
    site.mkdir(parents=True, exist_ok=True)
    for old in site.glob("*.whl"):
        old.unlink()
    for folder in PROJECTS.values():
        with chdir(folder):
            build_wheel(str(site))


class Wheel(SphinxDirective):
    """Link the wheel of a project, and show the line that installs it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the link, on the site alone, and the line."""
        name, home = name_of(self.arguments[0]), home_of(self.config.html_baseurl)
        way = home or "../" * self.env.docname.count("/")
        shown = name.replace("-", "-<wbr>")
        link = f'<p><a href="{escape(way + name)}" download>{shown}</a></p>'
        line = f"pip install {home}{name}"
        code = nodes.literal_block(line, line, language="shell")
        if self.env.app.builder.name != "html":
            return [code]
        return [nodes.raw("", link, format="html"), code]


def register(app: "Sphinx") -> None:
    """Add the directive."""
    app.add_directive("wheel", Wheel)
