"""Rounding errors, with the harness that made the site's table: no digit is lost anywhere."""

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import accuracy
import losstheory as lt

RECORD: dict[str, Any] = json.loads(Path(accuracy.__file__).with_suffix(".json").read_text("utf-8"))
POINTS = {"losses": 1_500, "likelihoods and laws": 300}


@pytest.fixture(scope="module", params=accuracy.PARTS)
def part(request: pytest.FixtureRequest) -> str:
    """Take one part of the record after the other."""
    return str(request.param)


@pytest.fixture(scope="module")
def measured(part: str) -> list[dict[str, Any]]:
    """Measure again, on fewer points."""
    return list(accuracy.results(part, POINTS[part], with_peers=False))


def test_every_error_stays_within_its_bound(measured: list[dict[str, Any]]) -> None:
    over = [
        (result["function"], result["targets"], errors)
        for result in measured
        for errors in [result["errors"]["losstheory"]]
        if errors["max_ulp"] > (result["bound"] or 0.51)  # float32 is rounded once
    ]
    assert not over


def test_nothing_is_lost_or_spurious(measured: list[dict[str, Any]]) -> None:
    for result in measured:
        errors = result["errors"]["losstheory"]
        assert errors["lost"] == 0, result
        assert not errors["zeros"], result
        assert errors["not_finite"] == 0, result


def test_the_record_covers_what_is_measured_and_holds_the_same_bounds(
    part: str, measured: list[dict[str, Any]]
) -> None:
    assert RECORD[part]["points"] == accuracy.POINTS[part]
    results = RECORD[part]["results"]
    recorded = {(r["function"], r["type"], r["targets"]): r for r in results}
    for result in measured:
        there = recorded.pop((result["function"], result["type"], result["targets"]))
        assert there["bound"] == result["bound"]
        assert there["errors"]["losstheory"]["max_ulp"] <= (result["bound"] or 0.51)
        assert there["errors"]["losstheory"]["lost"] == 0
    assert not recorded


def test_an_ulp_is_measured_rightly_also_below_the_normal_numbers() -> None:
    with mpmath.workprec(240):
        truth = accuracy.rounded(
            [mpmath.mpf(1) + mpmath.mpf(2) ** -54, mpmath.mpf(2) ** -1075, mpmath.mpf("0.1")],
            np.dtype(np.float64),
        )
    np.testing.assert_array_equal(truth.nearest, [1.0, 0.0, 0.1])
    assert truth.rest[:2].tolist() == [0.25, 0.5]
    computed = np.array([1.0 + 2.0**-52, 1.5e-323, np.nextafter(0.1, 1.0)])
    errors = accuracy.errors_in_ulp(computed, truth)
    np.testing.assert_allclose(errors, [0.75, 2.5, 1.0 - truth.rest[2]])
    assert accuracy.errors_in_ulp(np.array([np.nan, 0.0, 0.1]), truth)[0] == np.inf


def test_the_harness_notices_a_naive_formula() -> None:
    with ProcessPoolExecutor(1) as pool:
        cases = accuracy.losses(np.dtype(np.float64), 100, pool)
        case = next(c for c in cases if c.function == "binary_cross_entropy_with_logits")
    y, z = case.arguments
    with np.errstate(all="ignore"):
        naive = accuracy.summary(lt.binary_cross_entropy(y, lt.sigmoid(z)), case)
    assert naive["lost"] > 0.05
    assert naive["zeros"] > 5


def test_the_harness_notices_a_naive_divergence_of_close_rows() -> None:
    with ProcessPoolExecutor(1) as pool:
        cases = accuracy.likelihoods_and_laws(np.dtype(np.float64), 200, pool)
        case = next(c for c in cases if c.targets.startswith("close"))
    p, q = case.arguments
    with np.errstate(all="ignore"):
        naive = np.where(p > 0, p * np.log(p / q), 0.0).sum(axis=-1)
    assert accuracy.summary(naive, case)["lost"] > 0.05
    assert accuracy.summary(lt.kl_divergence(p, q), case)["max_ulp"] <= case.bound
