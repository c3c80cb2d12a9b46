"""``python -m eqcheck [FILE ...]``: check the formulas of files, or of the whole site."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

from eqcheck.site import Site

SIGNS = {
    "checked": "✓",
    "sampled": "≈",
    "stated": "–",
    "setting": " ",
    "unread": "?",
    "failed": "✗",
}


def main(arguments: list[str]) -> int:
    """Print a line for each formula, and what is wrong with those that fail."""
    site = Site.at(Path.cwd())
    counts: Counter[str] = Counter()
    for path in [Path(a).resolve() for a in arguments] or site.files:
        for formula, verdict in site.check_file(path):
            counts[f"{formula.kind} {verdict.mark}"] += 1
            where = f"{os.path.relpath(path)}:{formula.line + verdict.line - 1}"
            name = formula.label or " ".join(formula.latex.split())[:60]
            seen = verdict.slips - len(verdict.unseen)
            audit = f" ({seen} of {verdict.slips} slips)" if verdict.slips else ""
            if formula.kind == "display" or verdict.mark in {"failed", "unread"}:
                print(f"{SIGNS[verdict.mark]} {where}: {name}{audit}")
            if verdict.mark in {"failed", "unread"}:
                print(f"  {verdict.message}\n")
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    return int(any("failed" in kind for kind in counts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
