"""What the page says of the frameworks is what was recorded, and what is installed still agrees."""

import ast
import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

import frameworks
from pages import ROOT

RECORD: dict[str, Any] = json.loads(
    Path(frameworks.__file__).with_suffix(".json").read_text("utf-8")
)
PAGE = (ROOT / "docs" / "beyond" / "frameworks.md").read_text("utf-8")


@pytest.fixture(scope="module")
def again() -> dict[str, dict[str, Any]]:
    """Run what the tests have installed."""
    return {record["function"]: record for record in frameworks.records("scikit-learn")}


def same(recorded: Any, found: Any) -> bool:
    """Compare records: a margin may move a little with NumPy's exponential."""
    if isinstance(recorded, dict):
        return recorded.keys() == found.keys() and all(
            same(recorded[key], found[key]) for key in recorded
        )
    if isinstance(recorded, float) and isinstance(found, float):
        return found == pytest.approx(recorded, rel=1e-6, abs=0.1)
    return bool(recorded == found)


def test_scikit_learn_still_computes_what_was_recorded(
    again: dict[str, dict[str, Any]],
) -> None:
    recorded = [r for r in RECORD["functions"] if r["library"] == "scikit-learn"]
    assert {record["function"] for record in recorded} == again.keys()
    for record in recorded:
        assert same(record, again[record["function"]]), (
            f"{record['library']} {record['function']} changed "
            f"(recorded with {RECORD['versions']}, installed: "
            f"scikit-learn {version('scikit-learn')}); run nox -s frameworks"
        )


def test_the_record_has_every_framework() -> None:
    assert {record["library"] for record in RECORD["functions"]} == set(frameworks.FRAMEWORKS)
    assert {"torch", "jax", "optax", "keras", "scikit-learn"} <= RECORD["versions"].keys()


def output(cell: str, names: dict[str, Any]) -> str:
    """Run a cell as a notebook does, and return the Markdown of the table that it ends with."""
    *body, last = ast.parse(cell).body
    if not isinstance(last, ast.Expr):
        body.append(last)
    exec(compile(ast.Module(body, []), "frameworks.md", "exec"), names)
    if not isinstance(last, ast.Expr):
        return ""
    table = eval(compile(ast.Expression(last.value), "frameworks.md", "eval"), names)
    return str(getattr(table, "data", ""))


def test_the_page_is_built_from_the_record() -> None:
    cells = re.findall(r"```\{code-cell\} python\n(?::tags:[^\n]*\n)?(.*?)```", PAGE, re.DOTALL)
    assert 'RECORD = "docs/data/frameworks.json"' in cells[0]
    names: dict[str, Any] = {}
    page = "\n".join(output(cell, names) for cell in cells).replace("<wbr>", "")
    for record in RECORD["functions"]:
        assert f'{record["library"]} <code class="literal">{record["function"]}<' in page
        for margins in record.get("edges", {}).get("float64", {}).values():
            if isinstance(margins, dict) and margins["zero"] is not None:
                assert f"{margins['off']:.1f}, {margins['zero']:.1f}" in page


def test_the_prose_says_what_was_recorded() -> None:
    functions = {(r["library"], r["function"]): r for r in RECORD["functions"]}
    assert {r["unit"] for r in RECORD["functions"]} == {"nats", None}
    # Three losses for one mistake, and a gradient that is gone.
    certain = {
        k[0]: r["certain_and_wrong"] for k, r in functions.items() if "certain_and_wrong" in r
    }
    assert len(set(certain.values())) == 3
    assert certain["PyTorch"] == 100.0
    assert functions["Keras", "BinaryCrossentropy"]["certain_and_wrong_gradient"] == 0.0
    assert functions["PyTorch", "binary_cross_entropy"]["certain_and_wrong_gradient"] < -1e9
    # Squared error is stuck on the wrong side.
    for key in (("PyTorch", "mse_loss of torch.sigmoid"), ("optax", "l2_loss of jax.nn.sigmoid")):
        wrong = functions[key]["edges"]["float64"]["gradient, y = 0, wrong"]
        assert wrong["zero"] == pytest.approx(36.74, abs=0.02)
    # Value and gradient disagree.
    sides = functions["scikit-learn", "_loss.HalfBinomialLoss"]["edges"]["float64"]
    assert sides["value, y = 1, right"]["zero"] is not None
    assert sides["gradient, y = 1, right"]["zero"] is None


def test_scipys_logsumexp_leaves_the_largest_out_and_its_log_softmax_does_not() -> None:
    tail = np.exp(-40.0)
    assert special.logsumexp([0.0, -40.0]) == pytest.approx(tail, rel=1e-15, abs=0.0)
    assert special.log_softmax([0.0, -40.0])[0] == 0.0
