"""``python -m eqcheck [FILE ...]``: check the formulas of files, or of the whole site."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

from .site import SettingsError, Site

SIGNS = {
    "checked": "✓",
    "sampled": "○",
    "stated": "–",
    "setting": " ",
    "unread": "?",
    "failed": "✗",
}


def main(arguments: list[str]) -> int:
    """Print a line for each formula, and what is wrong with those that fail."""
    started = time.perf_counter()
    counts: Counter[str] = Counter()
    try:
        site = Site.at(Path.cwd())
        for path in [Path(a).resolve() for a in arguments] or site.files:
            for formula, verdict in site.check_file(path):
                counts[f"{formula.kind} {verdict.mark}"] += 1
                where = f"{os.path.relpath(path)}:{formula.line + verdict.line - 1}"
                where += f":{verdict.column}" if verdict.mark == "failed" else ""
                name = formula.label or " ".join(formula.latex.split())[:60]
                seen = verdict.slips - len(verdict.unseen)
                audit = f" ({seen} of {verdict.slips} slips)" if verdict.slips else ""
                if formula.kind == "display" or verdict.mark in {"failed", "unread"}:
                    print(f"{SIGNS[verdict.mark]} {where}: {name}{audit}")
                if verdict.mark in {"failed", "unread"}:
                    print(f"  {verdict.message}\n")
        if not arguments:
            site.prune()
    except (SettingsError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "no formulas")
    spent = time.perf_counter() - started
    print(f"{spent:.1f} s in all; at most {site.seconds:g} s of work for a formula")
    return int(any("failed" in kind for kind in counts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
