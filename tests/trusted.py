"""What a source says and nothing computes: numbers in words, formulas that claim nothing, links.

They cannot be wrong by a rule that a machine knows, so they are listed, and people review the list:
a number with the word after it, a formula, the numbers that an example is given (others might lead
to the same output), and for each link, equation number and citation the title of what it leads to.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from docutils.nodes import make_id
from markdown_it.token import Token
from pybtex.database import parse_file

from eqcheck.site import Site
from pages import FENCES, PAGES, ROOT, SCRIPTS, name, tokens
from prose import prose

DOCS = ROOT / "docs"
SITE = Site.at(ROOT)
WORDS = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|dozen|dozens|twenty|thirty|"
    "forty|fifty|sixty|seventy|eighty|ninety|hundred|hundreds|thousand|thousands|million|zero|half|"
    "halves|third|thirds|quarter|quarters|fifth|tenth|hundredth|thousandth|once|twice|double|"
    "[a-z]+fold"
)
NUMBER = re.compile(
    rf"(?:(?<![\w.])[-−]?\d(?:[\d.,]*\d)?|\b(?:{WORDS})\b|[¼½¾⅓⅔⅛])(?:[ -]?%|[\s-]+\w+)?",
    re.IGNORECASE,
)
GIVEN = re.compile(r"^ *(?:>>>|\.\.\.) (?P<code>.*)", re.MULTILINE)  # to the prompt
LITERAL = re.compile(r"(?<![\w.])\d[\w.]*(?:(?<=e)[-+]\d+)?")
CELL = re.compile(r"^```\{code-cell\}.*\n(?P<code>(?:(?!```).*\n)*)", re.MULTILINE)
SHOWS = ("gallery-figure", "moving", "recorded", "literalinclude", "include")  # by their argument
ROLE = re.compile(r":(?P<role>eq|doc|ref|term|cite:[a-z]+|func|class|mod|obj):`(?P<content>[^`]+)`")
TITLED = re.compile(r"(?P<shown>.*?)\s*<(?P<target>[^<>]+)>", re.DOTALL)
# Several may stand above one heading.
ANCHOR = re.compile(r"^\((\S+)\)=\n+(?=(?:\(\S+\)=\n+)*((?:.+\n?){1,2}))", re.MULTILINE)
FENCE = re.compile(r"\{(?P<name>[\w-]+)\}\s*(?P<argument>.*)")


class Trusted(NamedTuple):
    """One thing on trust, and its line."""

    line: int
    kind: str
    text: str


def trusted(source: Path) -> str:
    """List what a source has on trust, a paragraph on a line."""
    text = source.read_text(encoding="utf-8")
    lines = [""] + [line.strip("# ") for line in text.splitlines()]
    starts = [n for n in range(1, len(lines)) if lines[n] and not lines[n - 1]]
    found: dict[tuple[int, str], list[str]] = {}
    for thing in sorted(things(source, text), key=place):
        paragraph = bisect_right(starts, thing.line)
        found.setdefault((paragraph, thing.kind), []).append(thing.text)
    return "".join(f"{kind}: {' · '.join(texts)}\n" for (_, kind), texts in found.items())


def things(source: Path, text: str) -> Iterator[Trusted]:
    """Find all that a source has on trust."""
    yield from numbers(source)
    yield from formulas(source)
    yield from links(source, text)
    if source not in SCRIPTS:
        yield from given(text)


def place(thing: Trusted) -> tuple[int, str]:
    """Sort by line, then by kind; what is on one line keeps its order."""
    return thing.line, thing.kind


def numbers(source: Path) -> Iterator[Trusted]:
    """Find the numbers of the prose, each with the word after it."""
    for line, text in prose(source):
        for match in NUMBER.finditer(text):
            yield Trusted(line, "numbers", " ".join(match[0].split()))


def formulas(source: Path) -> Iterator[Trusted]:
    """Find the formulas within the text that make no statement that was checked."""
    for formula, verdict in SITE.check_file(source):
        if formula.kind == "inline" and verdict.mark not in {"checked", "sampled"}:
            yield Trusted(formula.line, "formulas", " ".join(formula.latex.split()))


def given(text: str) -> Iterator[Trusted]:
    """Find the numbers in the code of examples and cells."""
    for pattern in (GIVEN, CELL):
        for match in pattern.finditer(text):
            if found := LITERAL.findall(match["code"]):
                line = text.count("\n", 0, match.start()) + 1
                yield Trusted(line, "given", " ".join(found))


def links(source: Path, text: str) -> Iterator[Trusted]:
    """Find the links of a source, and what is shown from elsewhere."""
    if source.suffix == ".md":
        for line, token in tokens(text):
            fence = FENCE.match(token.info) if token.type in FENCES else None
            if fence and fence["name"] in SHOWS:
                yield Trusted(line, "shows", shown(fence, token.content))
            if token.type == "front_matter":
                yield Trusted(line, "head", " ".join(token.content.split()))
            yield from inline(source, line, token.children or [])
    else:
        for match in ROLE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Trusted(line, "leads", role(source, match["role"], match["content"]))


def shown(fence: re.Match[str], content: str) -> str:
    """Say what a directive shows from elsewhere, with its options."""
    options = re.findall(r"^:[\w-]+:.*$", content, re.MULTILINE)
    text = " ".join([fence["name"], fence["argument"], *options])
    script = ROOT / "gallery" / f"{fence['argument'].split()[0]}.py"
    return f"{text} → {title_of(script)}" if script.is_file() else text


def inline(source: Path, line: int, children: list[Token]) -> Iterator[Trusted]:
    """Find the links and roles of a paragraph."""
    opened: list[str] = []
    words = ""
    for child in children:
        line += child.type in {"softbreak", "hardbreak"}
        if child.type == "link_open":
            opened.append(str(child.attrs["href"]))
            words = ""
        elif child.type == "link_close":
            yield Trusted(line, "leads", f"{words} → {led(source, opened.pop())}")
        elif child.type == "myst_role" and child.meta["name"] not in {"value", "eval", "verdict"}:
            yield Trusted(line, "leads", role(source, child.meta["name"], child.content))
        words += child.content or " " * (child.type == "softbreak")


def role(source: Path, kind: str, content: str) -> str:
    """Say what a role leads to."""
    match = TITLED.fullmatch(content)
    words, target = (match["shown"], match["target"]) if match else (content, content)
    words = " ".join(words.split())
    if kind.startswith("cite:"):
        return f"{words} → {'; '.join(map(cited, target.split(',')))}"
    if kind in {"eq", "ref"}:
        return f"{words} → {places().get(target, target)}"
    if kind == "term":
        return f"{words} → {places().get(f'term {target.casefold()}', target)}"
    if kind == "doc":
        return f"{words} → {led(source, target)}"
    return f"{words} → {target}" if match else words


def led(source: Path, target: str) -> str:
    """Say what an address leads to."""
    if "://" in target:
        return target
    path, _, part = target.partition("#")
    if part and f"{part}" in places() and not path:
        return places()[part]
    folder = DOCS if path.startswith("/") else source.parent
    page = (folder / path.lstrip("/")).resolve() if path else source
    for file in (page, page.with_name(f"{page.name}.md")):
        if file.suffix == ".md" and file.is_file():
            title = title_of(file)
            return f"{title}, {sections(file).get(part, f'?{part}')}" if part else title
    script = ROOT / "gallery" / f"{path.rpartition('auto_gallery/')[2]}.py"
    return title_of(script) if script.is_file() else target


@cache
def title_of(file: Path) -> str:
    """Return the title of a page or a script."""
    text = file.read_text(encoding="utf-8")
    pattern = r'^"""\n(.+)' if file in SCRIPTS else r"^# (.+)"
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else name(file)


@cache
def sections(page: Path) -> dict[str, str]:
    """Return the headings of a page by their anchors."""
    text = page.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)", text, re.MULTILINE)
    return {slug: title for title in titles for slug in (anchor(title), make_id(title))}


def anchor(title: str) -> str:
    """Write a heading as its anchor."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"[`$]", "", title.lower())).replace(" ", "-")


@cache
def places() -> dict[str, str]:
    """Return what stands at each label: an equation, a heading, a figure, a term's definition."""
    found = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for label, after in ANCHOR.findall(text):
            found[label] = " ".join(after.split()).lstrip("# ")[:70]
        block = re.compile(r"^[`:]{3,}\{(.+)\}(.*)\n((?::.*\n|%.*\n)*)(.*\n.*)", re.MULTILINE)
        for _, argument, options, first in block.findall(text):
            for label in re.findall(r"^:(?:label|name):\s*(\S+)", options, re.MULTILINE):
                row = first.replace(r"\begin{aligned}", "").split("```")[0]
                found[label] = f"{argument.strip()} {' '.join(row.split())[:70]}".strip()
    glossary = (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8")
    for term, definition in re.findall(r"^(\w.*)\n {2,4}(.*)$", glossary, re.MULTILINE):
        found[f"term {term.casefold()}"] = definition[:60]
    return found


@cache
def bibliography() -> dict[str, str]:
    """Return author, year and title of what is cited."""
    entries = parse_file(str(DOCS / "reference" / "references.bib")).entries
    return {
        key: f"{entry.persons['author'][0].last_names[-1]} {entry.fields['year']}, "
        f"{entry.fields['title']}"
        for key, entry in entries.items()
    }


def cited(key: str) -> str:
    """Say what a key of the bibliography stands for."""
    return bibliography()[key.strip()]
