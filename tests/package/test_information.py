"""Entropy, cross entropy and divergence against scipy, mpmath and each other."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats

from losstheory import cross_entropy, entropy, kl_divergence

Array = NDArray[np.float64]


def rows(K: int = 4) -> st.SearchStrategy[Array]:
    """Draw a distribution over K outcomes, some of them impossible."""
    weights = arrays(float, K, elements=st.just(0.0) | st.floats(1e-3, 1.0))
    return weights.filter(lambda w: w.sum() > 0).map(lambda w: np.asarray(w / w.sum()))


@given(p=rows(), q=rows(), base=st.floats(1.1, 100.0))
def test_all_three_agree_with_scipy(p: Array, q: Array, base: float) -> None:
    assert float(entropy(p, base=base)) == pytest.approx(stats.entropy(p, base=base), abs=1e-12)
    assert float(kl_divergence(p, q, base=base)) == pytest.approx(
        stats.entropy(p, q, base=base), rel=1e-12, abs=1e-12
    )


@given(p=rows(), q=rows())
def test_cross_entropy_is_entropy_plus_divergence(p: Array, q: Array) -> None:
    assert float(cross_entropy(p, q)) == pytest.approx(
        float(entropy(p) + kl_divergence(p, q)), abs=1e-12
    )


@given(p=rows(), q=rows())
def test_no_belief_beats_the_truth(p: Array, q: Array) -> None:
    assert kl_divergence(p, q) >= 0.0
    assert kl_divergence(p, p) == 0.0
    assert 0.0 <= entropy(p) <= math.log(4) + 1e-15


@pytest.mark.parametrize("step", [1e-3, 1e-6, 1e-9, 1e-12])
def test_a_small_divergence_keeps_its_digits(step: float) -> None:
    p, q = np.array([0.25, 0.75]), np.array([0.25 + step, 0.75 - step])
    with mpmath.workprec(240):
        truth = mpmath.fsum(
            mpmath.mpf(a) * mpmath.log(mpmath.mpf(a) / mpmath.mpf(b))
            + mpmath.mpf(b)
            - mpmath.mpf(a)
            for a, b in zip(p.tolist(), q.tolist(), strict=True)
        )
    assert float(kl_divergence(p, q)) == pytest.approx(float(truth), rel=1e-14, abs=0.0)


def test_a_divergence_of_the_least_numbers_is_the_nearest_float() -> None:
    least = 5e-324
    for a in range(8):
        for b in range(1, 8):
            # The second outcome takes b - a of the least number, whose logarithm is itself.
            truth = (a * math.log(a / b) if a else 0.0) + b - a
            assert kl_divergence([a * least, 1.0], [b * least, 1.0]) == round(truth) * least


def test_an_excluded_outcome_costs_infinitely_many_nats() -> None:
    assert cross_entropy([0.5, 0.5], [1.0, 0.0]) == math.inf
    assert kl_divergence([0.5, 0.5], [1.0, 0.0]) == math.inf
    assert kl_divergence([1.0, 0.0], [0.5, 0.5], base=2) == 1.0


def test_uniform_distributions_have_one_bit_for_each_halving() -> None:
    for bits in range(1, 8):
        assert entropy(np.full(2**bits, 2.0**-bits), base=2) == bits


def test_errors_name_the_arguments_of_the_call() -> None:
    with pytest.raises(ValueError, match=r"each row of p must sum to 1; got 1\.5"):
        entropy([0.5, 1.0])
    with pytest.raises(ValueError, match=r"each row of q must sum to 1; got 0\.5"):
        cross_entropy([0.5, 0.5], [0.5, 0.0])
    with pytest.raises(ValueError, match="p and q must have as many classes"):
        kl_divergence([0.5, 0.5], [0.5, 0.25, 0.25])
    with pytest.raises(ValueError, match="p must have at least one entry"):
        entropy([])
    with pytest.raises(TypeError, match="base must be a number; got '2'"):
        entropy([0.5, 0.5], base="2")  # type: ignore[arg-type]  # that is the point
