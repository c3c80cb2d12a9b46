"""The Sphinx side: the notation directive, the marks beside equations, the page of checks.

Formulas are checked when a document has been read. What fails is reported at the end of every
build, read anew or not. A displayed equation that appears later still, unseen, is reported too.
Whatever renders the mathematics (MathJax, KaTeX, MathML, images), the mark is added to its HTML.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.errors import ConfigError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .checking import Verdict
from .notation import Entry, NotationError
from .panel import panel
from .site import SettingsError, Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)
MARKS = {
    "checked": ("✓", "Checked against the code"),
    "sampled": ("○", "Supported by samples"),
    "stated": ("stated", "Stated, not checked"),
    "failed": ("✗", "The check fails"),
}
CHECKS = "equation-checks"  # the class of the place for them
HEADINGS = ("Equation", "Mark", "Points", "Gap", "Slips noticed", "Remarks")


@cache
def site_of(folder: str) -> Site:
    """Return the site of a source folder, with its notation read."""
    try:
        site = Site.at(Path(folder))
        len(site.notation.entries)  # read it now, where an error can be told
    except (SettingsError, OSError) as error:
        raise ConfigError(str(error)) from None
    return site


@dataclass(frozen=True)
class Record:
    """A formula of a document, for the reports and the page of checks."""

    source: str
    line: int
    label: str
    anchor: str
    displayed: bool
    verdict: Verdict


class NotationDirective(SphinxDirective):
    """``{notation}``: declare symbols, and show them to the reader as a table."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the table, folded away unless the page is the notation's own."""
        text = "\n".join(self.content)
        block = nodes.container(notation=text, classes=["notation"])
        try:
            known = site_of(str(self.env.srcdir)).notation
            entries = known.extended(text).entries.values()
            new = [entry for entry in entries if known.entries.get(entry.key) is not entry]
        except NotationError as error:
            logger.warning("%s", error, location=self.get_location())
            return [block]
        table = _table(("Symbol", "Meaning", "In the code"), [self._row(entry) for entry in new])
        notation_page = site_of(str(self.env.srcdir)).notation_page
        if notation_page and self.env.docname == notation_page.rpartition(".")[0]:
            block += table
            return [block]
        others = self.state.document.findall(nodes.container)
        scope = "section" if any("notation" in other for other in others) else "page"
        fold = f'<details class="notation-fold"><summary>Symbols of this {scope}</summary>'
        opening, closing = (nodes.raw("", tag, format="html") for tag in (fold, "</details>"))
        block += [opening, table, closing]
        return [block]

    def _row(self, entry: Entry) -> list[nodes.Node]:
        """Return symbol, meaning, and the code with a link to the first function in it."""
        code: nodes.Node = nodes.literal("", entry.code)
        site = site_of(str(self.env.srcdir))
        for name in sorted(entry.names - set(site.notation.entries)):
            if (home := site.home_of(name)) is not None:
                target = {"refdomain": "py", "reftype": "obj", "reftarget": f"{home}.{name}"}
                code = addnodes.pending_xref("", code, refexplicit=True, **target)
                break
        return [nodes.math(entry.shown, entry.shown), nodes.Text(entry.meaning), code]


class ChecksDirective(SphinxDirective):
    """``{equation-checks}``: where the page of checks lists them."""

    def run(self) -> list[nodes.Node]:
        """Leave a place to fill when all documents have been read."""
        _pages(self.env).add(self.env.docname)
        return [nodes.container(classes=[CHECKS])]


def _table(heading: Sequence[str], rows: list[list[nodes.Node]]) -> nodes.table:
    # The text builder of Sphinx 8 never ends in a column of one letter.
    group = nodes.tgroup("", *(nodes.colspec(colwidth=20) for _ in heading), cols=len(heading))
    head = nodes.row("", *(_cell(nodes.Text(text)) for text in heading))
    body = (nodes.row("", *(_cell(node) for node in row)) for row in rows)
    group += [nodes.thead("", head), nodes.tbody("", *body)]
    return nodes.table("", group)


def _cell(node: nodes.Node) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", node))


class Checks(EnvironmentCollector):
    """The verdicts on the formulas of each document, kept with what Sphinx keeps of it."""

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Check the formulas of a document in order, each under the notation before it."""
        site = site_of(str(app.srcdir))
        notation, records = site.notation, list[Record]()
        for node in doctree.findall(nodes.Element):
            if "notation" in node and isinstance(node, nodes.container):
                with suppress(NotationError):  # the directive has reported it
                    notation = notation.extended(node["notation"])
            if not isinstance(node, nodes.math | nodes.math_block):
                continue
            displayed = isinstance(node, nodes.math_block)
            verdict = site.check(node.astext(), notation, not displayed)
            label = node.get("label") or ""
            if displayed:
                node["eqcheck"] = f"check-{app.env.docname}-{len(records)}".replace("/", "-")
                node["eqcheck-mark"] = verdict.mark
            if displayed or verdict.mark == "failed":
                anchor = node.get("eqcheck", "")
                records.append(Record(*_place(node, verdict), label, anchor, displayed, verdict))
        _records(app.env)[app.env.docname] = records

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Drop the records of a document that is read again or gone."""
        _records(env).pop(docname, None)
        _pages(env).discard(docname)

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: AbstractSet[str],
        other: BuildEnvironment,
    ) -> None:
        """Take over the records that another process has made."""
        _records(env).update({n: r for n, r in _records(other).items() if n in docnames})
        _pages(env).update(_pages(other) & docnames)

    def get_outdated_docs(
        self, app: Sphinx, env: BuildEnvironment, *changes: AbstractSet[str]
    ) -> list[str]:
        """Read every document with formulas again when the code or the notation has changed."""
        site = site_of(str(app.srcdir))
        state = (site.code, site.notation.text)
        known, vars(env)["eqcheck_state"] = getattr(env, "eqcheck_state", state), state
        return [] if known == state else [d for d, found in _records(env).items() if found]

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Write the page of checks again when a check has changed."""
        now = repr(sorted(_records(env).items()))
        known, vars(env)["eqcheck_written"] = getattr(env, "eqcheck_written", None), now
        return [] if now == known else sorted(_pages(env) & set(env.found_docs))


def _place(node: nodes.Element, verdict: Verdict) -> tuple[str, int]:
    """Return the source file of a formula, and the line of it that the verdict speaks of."""
    around: nodes.Node | None = node
    while around is not None and not (around.source and around.line):
        around = around.parent
    if around is None:
        return "", 0
    source, first = str(around.source), around.line or 0
    rows = [" ".join(row.split()) for row in node.astext().splitlines()]
    wanted = next((row for row in rows[verdict.line - 1 :] if row), "")
    if not isinstance(node, nodes.math_block) or not wanted or not Path(source).is_file():
        return source, first
    # The place of a block is its fence or its directive; the row stands some lines below.
    lines = Path(source).read_text(encoding="utf-8").splitlines()[first - 1 :]
    near = (k for k, line in enumerate(lines[: len(rows) + 8]) if " ".join(line.split()) == wanted)
    return source, first + next(near, 0)


def _kept(env: BuildEnvironment, name: str, empty: type) -> Any:
    # The environment keeps what extensions add to it, which its type does not know.
    return vars(env).setdefault(name, empty())


def _records(env: BuildEnvironment) -> dict[str, list[Record]]:
    records: dict[str, list[Record]] = _kept(env, "eqcheck_records", dict)
    return records


def _pages(env: BuildEnvironment) -> set[str]:
    """Return the documents that list the checks."""
    pages: set[str] = _kept(env, "eqcheck_pages", set)
    return pages


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Set the mark that is written beside an equation's number."""
    if app.builder.format != "html":
        return
    page = min(_pages(app.env), default="")
    found = {record.anchor: record.verdict for record in _records(app.env).get(docname, [])}
    for node in doctree.findall(nodes.math_block):
        if "eqcheck" not in node:
            logger.warning("no check has seen this equation", location=node, type="eqcheck")
            continue
        sign, words = MARKS[node["eqcheck-mark"]]
        start, end = f'<span class="eqcheck {node["eqcheck-mark"]}" role="img"', "</span>"
        label = f'title="{words}" aria-label="{words}"'
        if page:
            target = f"{app.builder.get_relative_uri(docname, page)}#{node['eqcheck']}"
            start = f'<a class="eqcheck {node["eqcheck-mark"]}" href="{escape(target)}"'
            end = "</a>"
            label = f'title="{words}" aria-label="{words}: see how"'
            if node["eqcheck"] in found and app.builder.name != "epub":  # a book opens nothing
                identifier = f"{node['eqcheck']}-panel"
                node["eqcheck-panel"] = panel(found[node["eqcheck"]], identifier, target)
                start += f' aria-controls="{identifier}"'
        node["eqcheck-html"] = f"{start} {label}>{sign}{end}"


def with_marks(app: Sphinx) -> None:
    """Let every renderer of mathematics put the marks beside its equations."""
    if app.builder.format != "html":
        return
    renderers = app.registry.html_block_math_renderers
    for name, (visit, depart) in renderers.items():
        renderers[name] = (_marking(visit), depart)
    app.config.html_static_path.append(str(Path(__file__).parent / "static"))
    app.add_js_file("eqcheck.js", loading_method="defer")
    if app.config.eqcheck_style:
        app.add_css_file("eqcheck.css")


def _marking(visit: Any) -> Any:
    def visit_and_mark(self: Any, node: nodes.math_block) -> None:
        start = len(self.body)
        try:
            visit(self, node)
        finally:
            if mark := node.get("eqcheck-html"):
                html = _marked("".join(self.body[start:]), mark)
                self.body[start:] = [html + node.get("eqcheck-panel", "")]

    return visit_and_mark


def _marked(html: str, mark: str) -> str:
    """Put a mark into the place of an equation's number, or where its block begins."""
    number = re.search(r'<span class="eqno"[^>]*>', html)
    if number:
        return html[: number.end()] + mark + html[number.end() :]
    # Before the formula: numbers float to the right, and would not rise beside what is above them.
    place = html.find(">", html.find("<div")) + 1
    return f'{html[:place]}<span class="eqno">{mark}</span>{html[place:]}'


def report(app: Sphinx, env: BuildEnvironment) -> None:
    """Say which checks failed, in documents read now or earlier."""
    for records in _records(env).values():
        for record in records:
            if record.verdict.mark == "failed":
                name = f"{record.label}: " if record.label else ""
                place = f"{record.source}:{record.line}"
                logger.warning("%s%s", name, record.verdict.message, location=place, type="eqcheck")
    del app


class ChecksPage(SphinxPostTransform):
    """List every check on the page of checks, when all documents have been read."""

    default_priority = 5  # before references are resolved, and themes wrap their tables

    def run(self, **_: Any) -> None:
        """Fill the place that the directive has left."""
        places = [n for n in self.document.findall(nodes.container) if CHECKS in n["classes"]]
        if not places:
            return
        displayed = {
            name: [record for record in records if record.displayed]
            for name, records in sorted(_records(self.env).items(), key=self._place)
        }
        marks = Counter(r.verdict.mark for records in displayed.values() for r in records)
        counts = ", ".join(f"{marks[m]} {MARKS[m][1].lower()}" for m in MARKS if marks[m])
        for place in places:
            summary = f"{marks.total()} displayed equations: {counts}."
            place.append(nodes.paragraph("", summary))
            for name in filter(displayed.get, displayed):
                rows = [_check_row(self.env.docname, name, r) for r in displayed[name]]
                title = self.env.titles[name].astext()
                place.extend([nodes.rubric("", title), _table(HEADINGS, rows)])

    def _place(self, item: tuple[str, list[Record]]) -> tuple[float, ...]:
        """Return the number of a document's first equation, which sorts by reading order."""
        numbers = self.env.toc_fignumbers.get(item[0], {}).get("displaymath", {})
        return min(numbers.values(), default=(float("inf"),))


def _check_row(page: str, name: str, record: Record) -> list[nodes.Node]:
    verdict = record.verdict
    target = {"refdomain": "std", "reftype": "doc", "reftarget": f"/{name}"}
    text: nodes.Node = nodes.inline("", f"line {record.line}")
    if record.label:
        target = {"refdomain": "math", "reftype": "eq", "reftarget": record.label}
        text = nodes.literal("", record.label)
    link = addnodes.pending_xref("", text, refdoc=page, refexplicit=True, refwarn=True, **target)
    mark, tried, gap, seen = MARKS[verdict.mark][0], "", "", ""
    if verdict.slips:
        tried, gap = str(verdict.points), f"{verdict.gap:.0e}" if verdict.gap else "0"
        seen = f"{verdict.slips - len(verdict.unseen)} of {verdict.slips}"
    remarks = nodes.inline("", f"{verdict.message}. " if verdict.message else "")
    for slip in verdict.unseen:
        what, _, latex = slip.partition(" in ")
        remarks += [
            nodes.Text(f"Not noticed: {what} in "),
            nodes.literal("", latex),
            nodes.Text(". "),
        ]
    where = nodes.inline("", "", link, ids=[record.anchor])
    return [where, *map(nodes.Text, (mark, tried, gap, seen)), remarks]


def settle(app: Sphinx, _: Config) -> None:
    """Read the settings anew, before anything is built."""
    site_of.cache_clear()
    site_of(str(app.srcdir))


def ready(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Make the parser before several processes read pages, each of which would make its own."""
    del env
    if docnames:
        site_of(str(app.srcdir)).parser()


def prune(app: Sphinx, error: Exception | None) -> None:
    """Drop old verdicts from the cache."""
    if error is None:
        site_of(str(app.srcdir)).prune()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register directives, checks and marks."""
    app.add_config_value("eqcheck_style", True, "html", types=frozenset({bool}))
    app.add_directive("notation", NotationDirective)
    app.add_directive("equation-checks", ChecksDirective)
    app.add_post_transform(ChecksPage)
    app.add_env_collector(Checks)
    for event, handler in (
        ("config-inited", settle),
        ("builder-inited", with_marks),
        ("env-before-read-docs", ready),
        ("env-updated", report),
        ("doctree-resolved", mark),
        ("build-finished", prune),
    ):
        # The renderers are all there when the builder is; MyST may come late.
        app.connect(event, handler, 900 if handler is with_marks else 500)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
