"""A whole site: its settings in eqcheck.toml, its notation, its files and its cache."""

from __future__ import annotations

import hashlib
import importlib
import json
import math
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from eqcheck.checking import Verdict, check
from eqcheck.domains import DOMAINS
from eqcheck.notation import Notation
from eqcheck.pages import Formula, formulas


@dataclass(frozen=True)
class Site:
    """A site as its eqcheck.toml describes it.

    Attributes
    ----------
    root : Path
        The folder of eqcheck.toml.
    modules : sequence of str
        Whose public names the notation may use.
    notation_page : str
        The page whose notation every other page inherits.
    sources : sequence of str
        Patterns of the files to check.
    cache : str
        The folder of verdicts.
    """

    root: Path
    modules: Sequence[str] = ()
    notation_page: str = ""
    sources: Sequence[str] = ()
    cache: str = ""

    @classmethod
    def at(cls, folder: Path) -> Site:
        """Return the site that a folder belongs to."""
        for near in (folder.resolve(), *folder.resolve().parents):
            for file in (near / "eqcheck.toml", near / "docs" / "eqcheck.toml"):
                if file.exists():
                    settings = tomllib.loads(file.read_text(encoding="utf-8"))
                    return cls(file.parent, **settings)
        raise FileNotFoundError(f"no eqcheck.toml in or above {folder}")

    @cached_property
    def notation(self) -> Notation:
        """The notation that every page inherits."""
        names: dict[str, Any] = {"np": np, "math": math, **DOMAINS}
        for module in self.modules:
            public = vars(importlib.import_module(module))
            names |= {name: thing for name, thing in public.items() if name[0] != "_"}
        notation = Notation(namespace=names)
        if self.notation_page:
            for formula in formulas(self.root / self.notation_page):
                if formula.kind == "notation":
                    notation = notation.extended(formula.latex)
        return notation

    def home_of(self, name: str) -> str | None:
        """Return the module among `modules` that has a public name."""
        return next((m for m in self.modules if hasattr(importlib.import_module(m), name)), None)

    @property
    def files(self) -> list[Path]:
        """The files whose formulas are checked."""
        return sorted({p.resolve() for pattern in self.sources for p in self.root.glob(pattern)})

    def check_file(self, path: Path) -> Iterator[tuple[Formula, Verdict]]:
        """Check the formulas of a file in order, under the notation declared before them."""
        notation = self.notation
        for formula in formulas(path):
            if formula.kind == "notation":
                notation = notation.extended(formula.latex)
            else:
                yield formula, self.check(formula.latex, notation, formula.kind == "inline")

    def check(self, latex: str, notation: Notation, inline: bool) -> Verdict:
        """Check a formula, or remember what was found when nothing that matters has changed."""
        if not self.cache:
            return check(latex, notation, inline=inline)
        content = (self.code, latex, notation.text, inline)
        digest = hashlib.sha256(repr(content).encode()).hexdigest()[:24]
        file = self.root / self.cache / f"{digest}.json"
        if file.exists():
            known = json.loads(file.read_text(encoding="utf-8"))
            return Verdict(**{**known, "unseen": tuple(known["unseen"])})
        verdict = check(latex, notation, inline=inline)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(verdict)), encoding="utf-8")
        return verdict

    @cached_property
    def code(self) -> str:
        """A digest of the code that a verdict depends on: the site's modules and the checker."""
        digest = hashlib.sha256(np.__version__.encode())
        for module in ("eqcheck", *self.modules):
            home = Path(importlib.import_module(module).__file__ or "")
            files = sorted(home.parent.iterdir()) if home.name == "__init__.py" else [home]
            for file in files:
                if file.suffix in {".py", ".lark"}:
                    digest.update(file.read_bytes())
        return digest.hexdigest()
