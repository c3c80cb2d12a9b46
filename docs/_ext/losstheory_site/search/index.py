"""Let Sphinx index the sections of the site's pages one by one, each as a document of its own.

Sphinx's own index knows in which page a word stands; with sections in the place of pages it knows
where. A section's name is that of its page and, behind a ``#``, its anchor. The text of each page
is laid beside the index as a script, from which the search quotes: a page that was opened from disk
may load scripts, but fetch nothing.
"""

import json
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sphinx.search
from docutils import nodes
from sphinx.util import logging

from losstheory_site.names import SITE
from losstheory_site.search import sections
from losstheory_site.search.language import SiteLanguage

if TYPE_CHECKING:
    import os

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
TEXTS = "_static/search"
SphinxIndex = sphinx.search.IndexBuilder


class SectionIndex(SphinxIndex):
    """Sphinx's index, of sections."""

    def __init__(
        self, env: "BuildEnvironment", *options: Any, texts: Path, synonyms: dict[str, list[str]]
    ) -> None:
        super().__init__(env, *options)
        self.texts, self.synonyms = texts, synonyms

    def feed(
        self, docname: str, filename: "str | os.PathLike[str]", title: str, doctree: nodes.document
    ) -> None:
        """Index the sections of a page, and lay its text beside the index."""
        found = sections.cut(docname, doctree)
        for section in found:
            name = f"{docname}#{section.anchor}" if section.anchor else docname
            words = nodes.paragraph("", f"{section.text} {sections.one_line(section.code)}")
            # What Sphinx looks at in a page is there in a section as well.
            part: Any = nodes.section("", nodes.title("", section.heading), words)
            super().feed(name, filename, section.heading, part)
        text = {section.anchor: section.text for section in found}
        script = f"Search.setText({json.dumps(docname)},{json.dumps(text, ensure_ascii=False)})"
        file = self.texts / f"{docname}.js"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(script, encoding="utf-8", newline="\n")

    def prune(self, docnames: Iterable[str]) -> None:
        """Forget the sections of other pages than these."""
        pages = set(docnames)
        super().prune([name for name in self._titles if name.partition("#")[0] in pages])

    def freeze(self) -> dict[str, Any]:
        """Return what the search needs: the index of words, and the table of synonyms."""
        frozen = super().freeze()
        places = {name: place for place, name in enumerate(frozen["docnames"])}
        entries: dict[str, list[int]] = {}
        for target, phrases in self.synonyms.items():
            if target not in places:
                logger.warning("synonyms.toml leads to %r, where no section is", target)
                continue
            for phrase in phrases:
                entries.setdefault(phrase, []).append(places[target])
        # Sections are found by their words; what Sphinx lists apart from them stays away.
        unused: dict[str, Any] = {
            key: {} for key in ("alltitles", "objects", "objtypes", "objnames")
        }
        return {**frozen, **unused, "indexentries": entries}


def lay(static: Path) -> None:
    """Write the script of the search's page."""
    static.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "searchpage.js", static / "searchpage.js")


def use_sections(app: "Sphinx") -> None:
    """Let the builder of the site, which asks for the index by its name, find ours."""
    ours = partial(SectionIndex, texts=Path(app.outdir, TEXTS), synonyms=app.config.search_synonyms)
    used: Any = ours if app.builder.name in SITE else SphinxIndex
    sphinx.search.IndexBuilder = used  # type: ignore[misc]  # a class by name, ours is called like one


def register(app: "Sphinx") -> None:
    """Register the language, and the table of synonyms: page or section -> what leads there."""
    app.add_search_language(SiteLanguage)
    app.add_config_value("search_synonyms", {}, "html", types=frozenset({dict}))
    # The scorer is copied when pages are written: a new one has them written.
    scorer = (HERE / "scorer.js").read_text(encoding="utf-8")
    app.add_config_value("search_scorer_text", scorer, "html", types=frozenset({str}))
