"""Log-likelihoods against scipy, and estimates against a search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

import losstheory as lt

rng = np.random.default_rng(12)


@given(y=st.floats(-50, 50), mean=st.floats(-50, 50), std=st.floats(0.01, 50))
def test_gaussian_agrees_with_scipy(y: float, mean: float, std: float) -> None:
    assert float(lt.gaussian_log_likelihood(y, mean, std)) == pytest.approx(
        float(stats.norm.logpdf(y, mean, std)), rel=1e-12, abs=1e-12
    )


@given(y=st.integers(0, 1), p=st.floats(0.001, 0.999))
def test_bernoulli_agrees_with_scipy(y: int, p: float) -> None:
    assert float(lt.bernoulli_log_likelihood(y, p)) == pytest.approx(
        float(stats.bernoulli.logpmf(y, p)), rel=1e-12, abs=0.0
    )


def test_categorical_agrees_with_scipy() -> None:
    p = rng.dirichlet(np.ones(4))
    for y in range(4):
        truth = stats.multinomial.logpmf(np.eye(4, dtype=int)[y], n=1, p=p)
        assert float(lt.categorical_log_likelihood(y, p)) == pytest.approx(
            truth, rel=1e-12, abs=0.0
        )


def test_a_density_can_have_a_negative_loss() -> None:
    assert lt.gaussian_log_likelihood(0.0, 0.0, 0.1) > 0.0


def test_squared_error_is_the_gaussian_loss_but_for_a_constant() -> None:
    y, o = rng.normal(size=(2, 30))
    rest = -lt.gaussian_log_likelihood(y, o) - lt.half_squared_error(y, o)
    np.testing.assert_allclose(rest, 0.5 * np.log(2 * np.pi), rtol=1e-14)


def test_no_neighbour_is_likelier_than_the_gaussian_estimate() -> None:
    y = rng.normal(3.0, 2.0, size=200)
    found = optimize.minimize(
        lambda theta: -lt.gaussian_log_likelihood(y, theta[0], np.exp(theta[1])).sum(), [0.0, 0.0]
    )
    mean, std = lt.gaussian_mle(y)
    assert [mean, np.log(std)] == pytest.approx(found.x, abs=1e-4)


def test_no_neighbour_is_likelier_than_the_bernoulli_estimate() -> None:
    y = (rng.random(200) < 0.3).astype(int)
    found = optimize.minimize_scalar(
        lambda p: -lt.bernoulli_log_likelihood(y, p).sum(), bounds=(0.001, 0.999), method="bounded"
    )
    assert lt.bernoulli_mle(y) == pytest.approx(found.x, abs=1e-4)


def test_no_neighbour_is_likelier_than_the_categorical_estimate() -> None:
    y = rng.integers(3, size=200)
    found = optimize.minimize(
        lambda s: -lt.categorical_log_likelihood(y, lt.softmax(s)).sum(), np.zeros(3)
    )
    np.testing.assert_allclose(lt.categorical_mle(y, 3), lt.softmax(found.x), atol=1e-4)


def test_bad_arguments_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"std must be positive and finite; got 0\.0"):
        lt.gaussian_log_likelihood(0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="y must be finite; got inf"):
        lt.gaussian_mle([1.0, np.inf])
    with pytest.raises(ValueError, match=r"y must be 0 or 1; got 0\.5"):
        lt.bernoulli_log_likelihood([0.5], 0.5)
    with pytest.raises(ValueError, match="y must be a class index from 0 to 2; got 3"):
        lt.categorical_mle([0, 3], 3)
    with pytest.raises(ValueError, match="K must be at least 1; got 0"):
        lt.categorical_mle([0], 0)
    for estimate in (lt.gaussian_mle, lt.bernoulli_mle):
        with pytest.raises(ValueError, match="y must hold at least one sample"):
            estimate([])
