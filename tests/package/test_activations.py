"""Activations against mpmath, their own derivatives, and their limits."""

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from losstheory import (
    log_sigmoid,
    log_softmax,
    logit,
    logsumexp,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    softmax,
    softmax_jacobian,
    softplus,
)

Function = Callable[..., Any]
Array = NDArray[np.float64]

any_logit = st.floats(allow_nan=False, width=64)
scores = arrays(float, st.integers(1, 6), elements=st.floats(-1e3, 1e3))

ELEMENTWISE: dict[Function, Function] = {
    sigmoid: lambda z: 1 / (1 + mpmath.exp(-z)),
    sigmoid_grad: lambda z: mpmath.exp(-abs(z)) / (1 + mpmath.exp(-abs(z))) ** 2,
    log_sigmoid: lambda z: (
        -mpmath.log1p(mpmath.exp(-z)) if z > 0 else z - mpmath.log1p(mpmath.exp(z))
    ),
    softplus: lambda z: z + mpmath.log1p(mpmath.exp(-z)) if z > 0 else mpmath.log1p(mpmath.exp(z)),
}


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.__name__)
@given(z=st.floats(-740, 740))
def test_elementwise_functions_lose_no_digits(function: Function, z: float) -> None:
    with mpmath.workprec(240):
        truth = float(ELEMENTWISE[function](mpmath.mpf(z)))
    assert float(function(z)) == pytest.approx(truth, rel=1e-15, abs=5e-324)


@given(z=any_logit)
def test_sigmoid_lies_between_zero_and_one_and_mirrors(z: float) -> None:
    assert 0.0 <= sigmoid(z) <= 1.0
    assert float(sigmoid(z) + sigmoid(-z)) == pytest.approx(1.0, abs=2.3e-16)
    assert sigmoid_grad(z) == sigmoid_grad(-z)


@given(z=any_logit, step=st.floats(0, 1e3))
def test_sigmoid_never_falls(z: float, step: float) -> None:
    assert sigmoid(z + step) >= sigmoid(z)


@given(z=st.floats(-30, 30))
def test_the_slopes_are_derivatives(z: float) -> None:
    h = 1e-5
    slope = (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)
    assert float(sigmoid_grad(z)) == pytest.approx(float(slope), abs=1e-10)
    slope = (softplus(z + h) - softplus(z - h)) / (2 * h)
    assert float(sigmoid(z)) == pytest.approx(float(slope), abs=1e-9)


def test_the_slope_peaks_with_one_quarter_at_zero() -> None:
    z = np.linspace(-50, 50, 100_001)
    assert sigmoid_grad(0.0) == 0.25
    assert sigmoid_grad(z).argmax() == 50_000


@given(o=st.floats(0, 1))
def test_logit_agrees_with_mpmath(o: float) -> None:
    with mpmath.workprec(1200):  # 1 - o must be exact for the smallest o
        truth = mpmath.log(mpmath.mpf(o) / (1 - mpmath.mpf(o))) if 0 < o < 1 else None
    expected = float(truth) if truth is not None else math.copysign(math.inf, o - 0.5)
    assert float(logit(o)) == pytest.approx(expected, rel=2e-15, abs=0.0)


@given(z=st.floats(-30, 30))
def test_logit_inverts_the_sigmoid(z: float) -> None:
    # The digits of 1 - o bound how well z can come back.
    tolerance = 4e-16 / float(sigmoid_grad(z)) + 1e-15
    assert float(logit(sigmoid(z))) == pytest.approx(z, abs=tolerance, rel=1e-15)


@pytest.mark.parametrize("o", [-1e-9, 1.0 + 1e-9, 2.0, -math.inf])
def test_logit_refuses_what_is_no_probability(o: float) -> None:
    with pytest.raises(ValueError, match=r"o must lie in \[0, 1\]; got"):
        logit([0.5, o])


def test_relu_and_its_slope() -> None:
    z = np.array([-np.inf, -1.0, -0.0, 0.0, 2.0, np.inf])
    np.testing.assert_array_equal(relu(z), [0, 0, 0, 0, 2, np.inf])
    np.testing.assert_array_equal(relu_grad(z), [0, 0, 0, 0, 1, 1])


@pytest.mark.parametrize(
    "function", [sigmoid, sigmoid_grad, log_sigmoid, softplus, logit, relu, relu_grad]
)
def test_elementwise_functions_carry_nan_through(function: Function) -> None:
    out = function([np.nan, 0.5])
    np.testing.assert_array_equal(np.isnan(out), [True, False])


@pytest.mark.parametrize("function", [softmax, log_softmax, softmax_jacobian])
def test_softmax_carries_nan_through_its_own_row_only(function: Function) -> None:
    out = function([[np.nan, 0.0], [1.0, 2.0]])
    assert np.isnan(out[0]).all()
    assert not np.isnan(out[1]).any()


def test_logsumexp_carries_nan_through() -> None:
    np.testing.assert_array_equal(np.isnan(logsumexp([[np.nan, 0.0], [1.0, 2.0]])), [True, False])


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [(sigmoid, 0, 1), (sigmoid_grad, 0, 0), (log_sigmoid, -math.inf, 0), (softplus, 0, math.inf)],
)
def test_infinite_logits_reach_the_limit(function: Function, low: float, high: float) -> None:
    np.testing.assert_array_equal(function([-math.inf, math.inf]), [low, high])


@given(s=scores)
def test_softmax_is_a_distribution_and_agrees_with_mpmath(s: Array) -> None:
    o = softmax(s)
    with mpmath.workprec(240):
        exponentials = [mpmath.exp(mpmath.mpf(score)) for score in s]
        total = mpmath.fsum(exponentials)
        truth = [float(u / total) for u in exponentials]
        log_truth = [float(mpmath.log(u / total)) for u in exponentials]
        sum_truth = float(mpmath.log(total))
    assert float(o.sum()) == pytest.approx(1.0, abs=1e-15)
    # The rounding of s - max stands in the exponent; subnormal outputs have few digits.
    np.testing.assert_allclose(o, truth, rtol=5e-13, atol=1e-323)
    np.testing.assert_allclose(log_softmax(s), log_truth, rtol=1e-14, atol=2e-13)
    assert float(logsumexp(s)) == pytest.approx(sum_truth, rel=1e-14, abs=1e-13)


@given(s=scores, shift=st.integers(-50, 50))
def test_softmax_ignores_a_shift_and_logsumexp_does_not(s: Array, shift: int) -> None:
    np.testing.assert_allclose(softmax(s + shift), softmax(s), rtol=1e-12, atol=1e-300)
    assert float(logsumexp(s + shift) - logsumexp(s)) == pytest.approx(shift, abs=1e-11)


@given(z=any_logit)
def test_the_sigmoid_is_the_softmax_of_two_classes(z: float) -> None:
    assert float(softmax([z, 0.0])[0]) == pytest.approx(float(sigmoid(z)), rel=1e-15, abs=5e-324)


@given(s=arrays(float, (2, 4), elements=st.floats(-20, 20)))
def test_the_jacobian_is_the_derivative_of_the_softmax(s: Array) -> None:
    h = 1e-5
    columns = [(softmax(s + h * e) - softmax(s - h * e)) / (2 * h) for e in np.eye(4)]
    jacobian = softmax_jacobian(s)
    np.testing.assert_allclose(jacobian, np.stack(columns, axis=-1), atol=1e-10)
    np.testing.assert_array_equal(jacobian, np.swapaxes(jacobian, -1, -2))
    np.testing.assert_allclose(jacobian.sum(axis=-1), 0.0, atol=1e-16)


def test_logsumexp_has_the_softmax_as_its_gradient() -> None:
    s, h = np.array([0.3, -1.0, 2.0]), 1e-6
    slope = [(logsumexp(s + h * e) - logsumexp(s - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(slope, softmax(s), atol=1e-9)


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_any_axis_can_hold_the_classes(function: Function) -> None:
    s = np.random.default_rng(0).normal(size=(2, 3, 4))
    for axis in range(-3, 3):
        by_hand = np.moveaxis(function(np.moveaxis(s, axis, -1)), -1, axis)
        np.testing.assert_array_equal(function(s, axis=axis), by_hand)
    np.testing.assert_array_equal(logsumexp(s, axis=0), logsumexp(np.moveaxis(s, 0, -1)))


def test_infinite_scores_share_the_probability() -> None:
    inf = math.inf
    np.testing.assert_array_equal(softmax([inf, 0.0, inf]), [0.5, 0.0, 0.5])
    np.testing.assert_array_equal(softmax([-inf, 0.0]), [0.0, 1.0])
    np.testing.assert_array_equal(softmax([-inf, -inf]), [0.5, 0.5])
    np.testing.assert_array_equal(log_softmax([inf, 0.0]), [0.0, -inf])
    np.testing.assert_array_equal(logsumexp([[inf, 0.0], [-inf, -inf]]), [inf, -inf])


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp])
def test_softmax_refuses_what_has_no_classes(function: Function) -> None:
    with pytest.raises(ValueError, match="s must have at least one entry"):
        function(np.empty((3, 0)))
    with pytest.raises(ValueError, match="must"):
        function(1.0)
    with pytest.raises(ValueError, match="axis must be an axis of s"):
        function([1.0, 2.0], axis=1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "function", [*ELEMENTWISE, relu, relu_grad, softmax, log_softmax, logsumexp]
)
def test_the_float_type_is_kept(function: Function, dtype: type[np.floating[Any]]) -> None:
    assert function(np.array([0.25, 0.5], dtype=dtype)).dtype == dtype


def test_integers_become_float64_without_overflow() -> None:
    assert sigmoid(np.int8(-128)).dtype == np.float64
    assert float(sigmoid(np.int8(-128))) == float(sigmoid(-128.0))
    assert relu(np.uint64(2**63)) == 2.0**63
