"""The laws of one neuron, against quadrature, a solver of the flow, and real descent."""

import math
import warnings
from collections.abc import Callable
from functools import cache

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from losstheory import (
    BINARY_CROSS_ENTROPY,
    FIRST,
    SECOND,
    SQUARED_ERROR,
    Case,
    Loss,
    binary_cross_entropy_with_logits_grad,
    cross_entropy_curvature,
    half_squared_error_with_logits_grad,
    sigmoid,
    squared_error_curvature,
    squared_error_inflections,
    unlearning_steps_cross_entropy,
    unlearning_steps_squared_error,
    unlearning_time_cross_entropy,
    unlearning_time_squared_error,
)

LAWS = pytest.mark.parametrize(
    ("loss", "time"),
    [
        (BINARY_CROSS_ENTROPY, unlearning_time_cross_entropy),
        (SQUARED_ERROR, unlearning_time_squared_error),
    ],
    ids=["cross entropy", "squared error"],
)
TIMES = pytest.mark.parametrize(
    "time", [unlearning_time_cross_entropy, unlearning_time_squared_error]
)
STEPS = pytest.mark.parametrize(
    "steps", [unlearning_steps_cross_entropy, unlearning_steps_squared_error]
)
Time = Callable[..., NDArray[np.float64]]


@cache
def exact_integral(loss: Loss, z0: float) -> mpmath.mpf:
    """Integrate dz / speed at x = 0 by quadrature, with nothing of the closed form in it."""

    def inverse_speed(z: mpmath.mpf) -> mpmath.mpf:
        o = 1 / (1 + mpmath.exp(-z))
        return 1 / o if loss is BINARY_CROSS_ENTROPY else 1 / (o * o * (1 - o))

    with mpmath.workdps(120):  # 1 - o must keep its digits at z = 200
        pieces = mpmath.linspace(0, z0, 2 + int(z0 / 10))
        return mpmath.quad(inverse_speed, pieces)


def exact_time(loss: Loss, z0: float, x: float) -> mpmath.mpf:
    """Return what the law says, with nothing of its closed form in it."""
    with mpmath.workdps(120):
        return exact_integral(loss, z0) / (1 + mpmath.mpf(x) ** 2)


def steps_of_descent(loss: Loss, z0: float, x: float, step: float, base: float) -> int:
    """Count the steps of w and b, followed one by one, until the output is 1/2 or less."""
    options = {"base": base} if loss.has_base else {}
    w, b, n = 0.0, z0, 0
    while w * x + b > 0:
        slope = float(loss.grad_with_logits(0.0, w * x + b, **options))
        w, b, n = w - step * slope * x, b - step * slope, n + 1
    return n


@LAWS
@pytest.mark.parametrize("z0", [1e-12, 1e-3, 0.7, FIRST.z, SECOND.z, 30.0, 200.0])
@pytest.mark.parametrize("x", [0.0, 1.5, -40.0])
def test_the_closed_form_is_the_integral(loss: Loss, time: Time, z0: float, x: float) -> None:
    np.testing.assert_allclose(time(z0, x), float(exact_time(loss, z0, x)), rtol=3e-15)


@LAWS
@pytest.mark.parametrize("case", [FIRST, SECOND], ids=["first", "second"])
def test_the_law_holds_for_the_flow_of_weight_and_bias(loss: Loss, time: Time, case: Case) -> None:

    def flow(tau: float, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        del tau
        slope = float(loss.grad_with_logits(case.y, theta @ [case.x, 1.0]))
        return -slope * np.array([case.x, 1.0])

    def logit(tau: float, theta: NDArray[np.float64]) -> float:
        del tau
        return float(np.dot(theta, [case.x, 1.0]))

    solution = solve_ivp(
        flow, (0.0, 200.0), [case.w, case.b], events=logit, rtol=1e-12, atol=1e-12, method="DOP853"
    )
    np.testing.assert_allclose(solution.t_events[0][0], float(time(case.z, case.x)), rtol=1e-8)


@pytest.mark.parametrize(
    ("loss", "steps", "base"),
    [
        (BINARY_CROSS_ENTROPY, unlearning_steps_cross_entropy, math.e),
        (BINARY_CROSS_ENTROPY, unlearning_steps_cross_entropy, 2.0),
        (SQUARED_ERROR, unlearning_steps_squared_error, math.e),
    ],
    ids=["cross entropy in nats", "cross entropy in bits", "squared error"],
)
def test_the_steps_are_those_of_real_descent(loss: Loss, steps: Time, base: float) -> None:
    options = {"base": base} if loss.has_base else {}
    rng = np.random.default_rng(5)
    cases = [(case.z, case.x, 0.1) for case in (FIRST, SECOND)]
    # Step sizes up to a tenth of 4/(1 + x²), the scale at which descent starts to overshoot.
    for z0, x, fraction in rng.random((60, 3)) * [6.0, 3.0, 0.1]:
        cases.append((z0, x, fraction * 4 / (1 + x * x) + 0.002))
    gaps = [
        float(steps(z0, x, step=step, **options)) - steps_of_descent(loss, z0, x, step, base)
        for z0, x, step in cases
    ]
    assert gaps[:2] == [0, 0]
    assert np.abs(gaps).max() <= 1
    assert np.mean(np.equal(gaps, 0)) >= 0.97


def test_bits_take_less_time_than_nats() -> None:
    ratio = unlearning_time_cross_entropy(5.0, 2.0, base=2) / unlearning_time_cross_entropy(
        5.0, 2.0
    )
    np.testing.assert_allclose(ratio, math.log(2), rtol=1e-15)


@pytest.mark.parametrize("z0", [705.0, 709.0, 712.0, 714.0])
def test_a_large_input_keeps_a_large_time_finite(z0: float) -> None:
    with mpmath.workdps(40):
        truth = mpmath.exp(z0) / (1 + mpmath.mpf(20) ** 2)
    np.testing.assert_allclose(unlearning_time_squared_error(z0, 20.0), float(truth), rtol=1e-12)


@TIMES
def test_limits_come_without_a_warning(time: Time) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert time(0.0, 1.5) == 0
        assert time(np.inf, 1.5) == np.inf
        assert time(1.0, 1e200) == 0
        np.testing.assert_array_equal(time([0.0, 1.0], [[1.0], [2.0]]).shape, (2, 2))
    assert unlearning_time_squared_error(800.0, 1.0) == np.inf
    assert unlearning_steps_squared_error(800.0, 1.0, step=0.1) == np.inf


@TIMES
def test_float32_stays_float32(time: Time) -> None:
    z0 = np.array([1e-4, 1.1, 5.85], dtype=np.float32)
    assert time(z0, np.float32(1.5)).dtype == np.float32
    np.testing.assert_allclose(time(z0, np.float32(1.5)), time(z0.astype(float), 1.5), rtol=4e-7)


@given(st.floats(1e-300, 700.0), st.floats(1e-3, 1.0))
def test_more_wrong_takes_longer(z0: float, growth: float) -> None:
    for time in (unlearning_time_cross_entropy, unlearning_time_squared_error):
        assert time(z0 * (1 + growth), 1.0) > time(z0, 1.0) > 0
    assert unlearning_time_squared_error(z0, 1.0) >= 3.9 * unlearning_time_cross_entropy(z0, 1.0)


@TIMES
@pytest.mark.parametrize(
    ("z0", "x", "message"),
    [
        (-1.0, 1.0, r"z0 must be at least 0; got -1\.0; .* unlearnt already"),
        (np.nan, 1.0, "z0 must not hold NaN"),
        (1.0, np.inf, "x must be finite"),
        ([1.0, 2.0], [1.0, 2.0, 3.0], "z0 and x must have shapes that broadcast"),
    ],
)
def test_bad_starts_are_refused(time: Time, z0: object, x: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        time(z0, x)


@STEPS
def test_a_start_above_zero_takes_a_step_however_large(steps: Time) -> None:
    np.testing.assert_array_equal(steps([0.0, 1e-3], 1.0, step=100.0), [0.0, 1.0])


@pytest.mark.parametrize("step", [0.0, -0.1, np.inf, np.nan])
def test_a_step_must_be_positive(step: float) -> None:
    with pytest.raises(ValueError, match="step must be positive and finite; got"):
        unlearning_steps_cross_entropy(1.0, 1.0, step=step)


@pytest.mark.parametrize("y", [0.0, 0.2, 0.5, 1.0])
def test_the_curvatures_are_slopes_of_the_gradients(y: float) -> None:
    z, h = np.linspace(-12, 12, 97), 1e-5
    for grad, curvature in (
        (half_squared_error_with_logits_grad, squared_error_curvature(y, z)),
        (binary_cross_entropy_with_logits_grad, cross_entropy_curvature(z)),
    ):
        slope = (grad(y, z + h) - grad(y, z - h)) / (2 * h)
        np.testing.assert_allclose(curvature, slope, atol=1e-10)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_curvature_keeps_its_digits_in_the_tails(y: float) -> None:
    for z in (-600.0, -40.0, 40.0, 600.0):
        with mpmath.workdps(300):
            o = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
            truth = o * (1 - o) * (o * (1 - o) + (o - y) * (1 - 2 * o))
        np.testing.assert_allclose(squared_error_curvature(y, z), float(truth), rtol=1e-14)


@given(st.floats(0.0, 1.0))
def test_squared_error_is_convex_exactly_between_its_inflections(y: float) -> None:
    lower, upper = map(float, squared_error_inflections(y))
    assert 0 <= lower <= 1 / 3 <= 2 / 3 - 1e-15 <= upper <= 1
    o = np.linspace(1e-3, 1 - 1e-3, 999)
    curvature = squared_error_curvature(y, np.log(o / (1 - o)))
    clear = np.minimum(np.abs(o - lower), np.abs(o - upper)) > 1e-9
    assert (np.sign(curvature) == np.where((o > lower) & (o < upper), 1, -1))[clear].all()


def test_the_lower_inflection_of_a_soft_target_keeps_its_digits() -> None:
    y = 1e-12
    with mpmath.workdps(40):
        exact_y = mpmath.mpf(y)
        truth = (1 + exact_y - mpmath.sqrt(1 - exact_y + exact_y**2)) / 3
    np.testing.assert_allclose(squared_error_inflections(y)[0], float(truth), rtol=1e-15)


def test_cross_entropy_is_convex_everywhere() -> None:
    z = np.linspace(-700, 700, 2001)
    assert (cross_entropy_curvature(z) > 0).all()
    np.testing.assert_allclose(
        cross_entropy_curvature(z, base=2), sigmoid(z) * sigmoid(-z) / np.log(2), rtol=1e-14
    )


@pytest.mark.parametrize("curvature", [cross_entropy_curvature, squared_error_inflections])
def test_nan_is_refused(curvature: Callable[[float], object]) -> None:
    with pytest.raises(ValueError, match="got nan"):
        curvature(np.nan)
