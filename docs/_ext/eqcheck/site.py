"""A whole site: its settings in eqcheck.toml, its notation, its files and its cache."""

from __future__ import annotations

import hashlib
import importlib
import json
import math
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .checking import SECONDS, Verdict, check
from .domains import DOMAINS
from .notation import Notation, NotationError
from .sources import Formula, formulas
from .tokens import parser

DAYS = 30  # that a verdict nobody asks for is kept


class SettingsError(ValueError):
    """A setting that cannot be used; says the file and the line."""


@dataclass(frozen=True)
class Site:
    """A site as its eqcheck.toml describes it; without one it has no code and no cache.

    Attributes
    ----------
    root : Path
        The folder of eqcheck.toml.
    paths : sequence of str
        Folders to import from, beside those that Python knows.
    modules : sequence of str
        Whose public names the notation may use.
    notation_page : str
        The page whose notation every other page inherits.
    sources : sequence of str
        Patterns of the files to check.
    cache : str
        The folder of verdicts.
    seconds : float
        How long the work on one formula may take.
    """

    root: Path
    paths: Sequence[str] = ()
    modules: Sequence[str] = ()
    notation_page: str = ""
    sources: Sequence[str] = ()
    cache: str = ""
    seconds: float = SECONDS

    @classmethod
    def at(cls, folder: Path) -> Site:
        """Return the site that a folder belongs to.

        Raises
        ------
        SettingsError
            If a setting is unknown or of the wrong kind, or names what is not there.
        """
        for near in (folder.resolve(), *folder.resolve().parents):
            for file in (near / "eqcheck.toml", near / "docs" / "eqcheck.toml"):
                if file.exists():
                    return cls(file.parent, **_settings(file))
        return cls(folder.resolve())

    @cached_property
    def notation(self) -> Notation:
        """The notation that every page inherits."""
        names: dict[str, Any] = {"np": np, "math": math, **DOMAINS}
        for module in map(self._module, self.modules):
            names |= {name: thing for name, thing in vars(module).items() if name[0] != "_"}
        notation = Notation(namespace=names)
        for formula in formulas(self.root / self.notation_page) if self.notation_page else ():
            if formula.kind == "notation":
                try:
                    notation = notation.extended(formula.latex)
                except NotationError as error:
                    raise SettingsError(f"{formula.path}:{formula.line}: {error}") from None
        return notation

    def _module(self, name: str) -> Any:
        sys.path += [p for p in (str(self.root / path) for path in self.paths) if p not in sys.path]
        try:
            return importlib.import_module(name)
        except ImportError as error:
            place = f"{self.root / 'eqcheck.toml'}:{_line(self.root / 'eqcheck.toml', 'modules')}"
            raise SettingsError(f"{place}: modules: {error}; its folder belongs in paths") from None

    def home_of(self, name: str) -> str | None:
        """Return the module among `modules` that has a public name."""
        return next((m for m in self.modules if hasattr(self._module(m), name)), None)

    @property
    def files(self) -> list[Path]:
        """The files whose formulas are checked."""
        return sorted({p.resolve() for pattern in self.sources for p in self.root.glob(pattern)})

    def check_file(self, path: Path) -> Iterator[tuple[Formula, Verdict]]:
        """Check the formulas of a file in order, under the notation declared before them."""
        notation = self.notation
        for formula in formulas(path):
            if formula.kind != "notation":
                yield formula, self.check(formula.latex, notation, formula.kind == "inline")
                continue
            try:
                notation = notation.extended(formula.latex)
            except NotationError as error:
                yield formula, Verdict("failed", str(error))

    def check(self, latex: str, notation: Notation, inline: bool) -> Verdict:
        """Check a formula, or remember what was found when nothing that matters has changed."""
        if not self.cache:
            return check(latex, notation, inline=inline, seconds=self.seconds)
        content = (self.code, latex, notation.text, inline)
        # A path that the locale cannot spell is kept as it is.
        text = repr(content).encode(errors="surrogatepass")
        digest = hashlib.sha256(text).hexdigest()[:24]
        folder = self.root / self.cache
        file = folder / f"{digest}.json"
        if file.exists():
            known = json.loads(file.read_text(encoding="utf-8"))
            file.touch()
            return Verdict(**{**known, "unseen": tuple(known["unseen"])})
        self.parser()
        verdict = check(latex, notation, inline=inline, seconds=self.seconds)
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(verdict)), encoding="utf-8")
        return verdict

    def parser(self) -> None:
        """Make the parser, or take it from the cache."""
        parser(self.root / self.cache if self.cache else None)

    def prune(self) -> None:
        """Forget the verdicts that nobody has asked for in a month."""
        if self.cache:
            for file in (self.root / self.cache).glob("*.json"):
                if file.stat().st_mtime < time.time() - DAYS * 24 * 3600:
                    file.unlink(missing_ok=True)

    @cached_property
    def code(self) -> str:
        """A digest of the code that a verdict depends on: the site's modules and the checker."""
        digest = hashlib.sha256(np.__version__.encode())
        for module in (sys.modules[__package__], *map(self._module, self.modules)):
            home = Path(module.__file__ or "")
            files = sorted(home.parent.rglob("*")) if home.name == "__init__.py" else [home]
            for file in files:
                if file.suffix in {".py", ".lark"}:
                    digest.update(file.read_bytes())
        return digest.hexdigest()


def _settings(file: Path) -> dict[str, Any]:
    """Read the settings and hold them against the attributes of `Site`."""
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}") from None
    known = {field.name: field.default for field in fields(Site) if field.name != "root"}
    for key, value in settings.items():
        place = f"{file}:{_line(file, key)}: {key}"
        if key not in known:
            raise SettingsError(f"{place} is no setting; there are {', '.join(known)}")
        if isinstance(known[key], tuple):
            if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                raise SettingsError(f"{place} is a list of words, not {value!r}")
        elif isinstance(known[key], str) != isinstance(value, str) or isinstance(
            value, list | dict
        ):
            raise SettingsError(f"{place} is a {type(known[key]).__name__}, not {value!r}")
    page = settings.get("notation_page")
    if page and not (file.parent / page).is_file():
        place = f"{file}:{_line(file, 'notation_page')}"
        raise SettingsError(f"{place}: notation_page {page!r} does not exist")
    return settings


def _line(file: Path, key: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.split("=")[0].strip() == key), 1)
