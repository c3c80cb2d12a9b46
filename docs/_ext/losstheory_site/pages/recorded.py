"""Show what was run in each framework, and what it printed: the directive ``recorded``.

``{recorded} nan`` shows the recorded lines ``nan_wrong`` and ``nan_right``, a tab for each
framework that has them. Nothing is typed twice: ``docs/data/mend.py`` runs the lines and writes
them with their output into the record that is read here.
"""

import json
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from losstheory_site.names import BOOKS, RECORDS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

RECORD = RECORDS / "mend.json"
VERDICTS = {"wrong": "**Wrong.** ", "right": "**Right.** "}


def found(record: dict[str, Any], name: str) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Return, for each framework that has them, the snippets of a name and their verdicts."""
    names = {name: "", **{f"{name}_{verdict}": words for verdict, words in VERDICTS.items()}}
    every = {
        framework: [(words, snippets[full]) for full, words in names.items() if full in snippets]
        for framework, snippets in record["frameworks"].items()
    }
    return {framework: snippets for framework, snippets in every.items() if snippets}


def written(snippets: list[tuple[str, dict[str, str]]]) -> str:
    """Write snippets as a page would: what they do, the lines, what these print."""
    parts = []
    for verdict, snippet in snippets:
        parts.append(f"{verdict}{snippet['caption']}\n\n```python\n{snippet['code']}```\n")
        if snippet["output"]:
            parts.append(f"```{{code-block}} text\n:class: printed\n\n{snippet['output']}\n```\n")
    return "\n".join(parts)


def made(record: dict[str, Any], framework: str) -> str:
    """Say with which versions and when, as a link to what the lines begin with."""
    versions = " · ".join(
        f"{name} {found}" for name, found in record["versions"][framework].items()
    )
    return f"{{.made-with}}\n[{versions} · {record['made']}](#mend-imports)\n"


class Recorded(SphinxDirective):
    """Show the recorded lines of one name, a tab for each framework; in a book one by one."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write Markdown, and let the page's parser read it."""
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        self.env.note_dependency(str(RECORD))
        frameworks = found(record, self.arguments[0])
        if not frameworks:
            raise ExtensionError(f"nothing is recorded as {self.arguments[0]!r} in {RECORD.name}")
        tabs = {
            framework: f"{written(snippets)}\n{made(record, framework)}"
            for framework, snippets in frameworks.items()
        }
        if self.env.app.builder.name in BOOKS:
            return self.parse_text_to_nodes(
                "\n".join(f"*{framework}*\n\n{tab}" for framework, tab in tabs.items())
            )
        items = "\n".join(
            f":::{{tab-item}} {framework}\n:sync: {framework}\n\n{tab}\n:::"
            for framework, tab in tabs.items()
        )
        return self.parse_text_to_nodes(
            f"::::{{tab-set}}\n:sync-group: framework\n:class: recorded\n\n{items}\n::::"
        )


def register(app: "Sphinx") -> None:
    """Add the directive."""
    app.add_directive("recorded", Recorded)
