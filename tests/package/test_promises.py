"""What is promised beyond single numbers: shapes, types, copies, threads, and the last digit."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import losstheory as lt

Array = NDArray[Any]


# --- shapes of samples --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "y", "theta"),
    [
        (lt.NEGATIVE_LOG_LIKELIHOOD, [0, 1, 0, 1], (2,)),
        (lt.NEGATIVE_LOG_LIKELIHOOD, [0, 1, 0, 1], (3, 2)),
        (lt.NEGATIVE_LOG_LIKELIHOOD, [0, 1, 0, 1], (2, 2, 1)),
        (lt.BINARY_CROSS_ENTROPY, [0, 1, 0, 1], (2, 4)),
        (lt.BINARY_CROSS_ENTROPY, [0, 1, 0, 1], (3,)),
        (lt.MULTILABEL_CROSS_ENTROPY, np.ones((4, 3)), (2, 2)),
        (lt.CATEGORICAL_CROSS_ENTROPY, np.eye(4), (2,)),
    ],
)
def test_parameters_that_do_not_fit_are_refused(
    loss: lt.Loss, y: Any, theta: tuple[int, ...]
) -> None:
    objective = lt.mean_loss(loss, np.zeros((4, 1)), y)
    with pytest.raises(ValueError, match=r"^theta must have shape \(2,.*\(4, 1\) and y .*; got \("):
        objective(np.zeros(theta))


@pytest.mark.parametrize("loss", lt.LOSSES, ids=lambda loss: loss.name)
@pytest.mark.parametrize("shape", [(), (1,), (3,), (4, 1, 1), (1, 4)])
def test_targets_that_do_not_fit_are_refused(loss: lt.Loss, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^y must hold one target for each of the 4 samples"):
        lt.mean_loss(loss, np.zeros((4, 1)), np.zeros(shape, int))


def test_an_objective_keeps_what_it_was_given() -> None:
    x, y = np.ones((2, 1)), np.array([0, 1])
    objective = lt.mean_loss(lt.NEGATIVE_LOG_LIKELIHOOD, x, y)
    before = objective(np.ones((2, 2)))[0]
    x[...], y[...] = 9.0, 0
    assert objective(np.ones((2, 2)))[0] == before


def test_an_objective_cannot_change_the_start() -> None:
    def greedy(theta: Array) -> tuple[float, Array]:
        theta += 1.0
        return 0.0, np.zeros_like(theta)

    start = np.zeros(2)
    history = lt.descend(greedy, start, step=1.0, steps=2)
    np.testing.assert_array_equal(start, 0.0)
    np.testing.assert_array_equal(history.parameters, 0.0)


def test_a_gradient_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"gradient of the shape of start, \(2,\); got \(2, 4\)"):
        lt.descend(lambda _: (0.0, np.zeros((2, 4))), np.zeros(2), step=1.0, steps=1)


def test_divergence_says_at_which_step_and_keeps_the_history() -> None:
    objective = lt.mean_loss(lt.LINEAR_SQUARED_ERROR, [[1.0], [100.0], [1000.0]], [1.0, 2.0, 3.0])
    with pytest.raises(lt.DivergenceError, match=r"diverged at step \d+.*try a smaller step") as at:
        lt.descend(objective, [0.0, 0.0], step=1.0, steps=1000)
    history = at.value.history
    assert f"step {len(history.values) - 1}:" in str(at.value)
    assert np.isfinite(history.values[:-1]).all()
    assert np.isfinite(history.parameters[:-1]).all()
    with pytest.raises(ValueError, match="objective must be finite at start; got inf"):
        lt.descend(lambda theta: (math.inf, theta), [0.0], step=1.0, steps=1)


def test_perfect_separation_stands_any_step() -> None:
    objective = lt.mean_loss(lt.BINARY_CROSS_ENTROPY, [[-1.0], [1.0]], [0.0, 1.0])
    with np.errstate(all="raise"):
        history = lt.descend(objective, [0.0, 0.0], step=1e308, steps=3)
    np.testing.assert_array_equal(history.values[1:], 0.0)


@pytest.mark.parametrize("steps", [2.5, "3", None])
def test_steps_and_classes_are_counted(steps: Any) -> None:
    with pytest.raises(TypeError, match="steps must be an integer; got"):
        lt.descend(lambda theta: (0.0, theta), [0.0], step=1.0, steps=steps)
    with pytest.raises(TypeError, match="K must be an integer; got"):
        lt.categorical_mle([0], steps)


# --- estimates ----------------------------------------------------------------------------------


@given(y=st.floats(allow_nan=False, allow_infinity=False), n=st.integers(1, 60))
def test_equal_numbers_have_themselves_as_mean_and_no_spread(y: float, n: int) -> None:
    with np.errstate(all="raise"):
        assert lt.gaussian_mle([y] * n) == (y, 0.0)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_mean_and_spread_are_right_to_the_last_digits(y: list[float]) -> None:
    mean, std = lt.gaussian_mle(y)
    exact = sum(map(Fraction, y), Fraction(0)) / len(y)
    assert abs(Fraction(mean) - exact) <= Fraction(math.ulp(mean))
    variance = sum(((Fraction(x) - exact) ** 2 for x in y), Fraction(0)) / len(y)
    # In squares, since no fraction is the root.
    gap = Fraction(4 * math.ulp(std))
    assert max(Fraction(std) - gap, Fraction(0)) ** 2 <= variance <= (Fraction(std) + gap) ** 2


def test_an_empty_sample_gives_the_documented_error() -> None:
    with pytest.raises(ValueError, match="y must hold at least one sample"):
        lt.categorical_mle([], 3)
    assert lt.negative_log_likelihood([], np.empty((0, 3))).shape == (0,)
    assert lt.NEGATIVE_LOG_LIKELIHOOD.value_and_grad([], np.empty((0, 3)))[1].shape == (0, 3)


# --- types and rows -----------------------------------------------------------------------------


def test_promotion_is_that_of_numpy() -> None:
    value = lt.half_squared_error(np.array([16_777_217]), np.array([16_777_216], np.float32))
    assert value.dtype == np.float64
    assert value[0] == 0.5
    small = np.array([1], np.int16)
    assert lt.half_squared_error(small, np.array([2], np.float32)).dtype == np.float32
    assert lt.half_squared_error(1, np.array([2], np.float16)).dtype == np.float32


@pytest.mark.parametrize("K", [3, 100, 4000])
def test_rows_of_float16_may_miss_what_float16_rounds(K: int) -> None:
    o = lt.softmax(np.random.default_rng(K).normal(size=(50, K))).astype(np.float16)
    assert np.isfinite(lt.entropy(o)).all()
    assert lt.negative_log_likelihood(1, lt.softmax([1, 2, 3]).astype(np.float16)).dtype == "f4"
    with pytest.raises(ValueError, match=r"each row of p must sum to 1; got 1\.00"):
        lt.entropy(np.array([0.5, 0.51], np.float16))


@given(
    weights=st.lists(st.floats(0, 1), min_size=1, max_size=40).filter(any),
    miss=st.floats(-9e-6, 9e-6),
    other=st.floats(-9e-6, 9e-6),
)
def test_cross_entropy_is_entropy_and_divergence_for_rows_that_miss_one(
    weights: list[float], miss: float, other: float
) -> None:
    p = np.array(weights) / sum(weights)
    q = (p + 1.0 / len(p)) / 2 * (1 - other * other - abs(other) / 2)
    p *= 1 - abs(miss) / 2
    divergence = float(lt.kl_divergence(p, q))
    assert divergence >= 0.0
    assert 0.0 <= lt.entropy(p) <= math.log(len(p)) + 1e-14
    total = float(lt.entropy(p)) + divergence
    assert float(lt.cross_entropy(p, q)) == pytest.approx(total, rel=1e-14, abs=1e-15)


# --- where numbers lie --------------------------------------------------------------------------


def test_memory_mapped_numbers_are_taken(tmp_path: Path) -> None:
    for n in (100, 20_000):
        z = np.memmap(tmp_path / f"{n}", np.float64, "w+", shape=(n,))
        z[:] = np.linspace(-9, 9, n)
        assert type(lt.sigmoid(z)) is np.ndarray
        np.testing.assert_array_equal(lt.sigmoid(z), lt.sigmoid(np.array(z)))


@pytest.mark.parametrize("dtype", ["u1", ">i8", ">u2", "u8"])
def test_class_indices_of_any_integer_type(dtype: str) -> None:
    y, s = np.array([2, 0], dtype), np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
    plain = lt.NEGATIVE_LOG_LIKELIHOOD.value_and_grad([2, 0], s)
    for found, wanted in zip(lt.NEGATIVE_LOG_LIKELIHOOD.value_and_grad(y, s), plain, strict=True):
        np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(lt.categorical_mle(y, 3), [0.5, 0.0, 0.5])


def test_excluded_classes_have_limits_in_value_and_gradient() -> None:
    s = np.array([[-math.inf, 0.0], [-math.inf, -math.inf]])
    value, grad = lt.CATEGORICAL_CROSS_ENTROPY.value_and_grad([[0.0, 1.0], [0.5, 0.5]], s)
    np.testing.assert_array_equal(value, [0.0, math.log(2)])
    np.testing.assert_array_equal(grad, 0.0)
    value, grad = lt.NEGATIVE_LOG_LIKELIHOOD.value_and_grad([1, 0], s)
    np.testing.assert_array_equal(value, [0.0, math.log(2)])
    np.testing.assert_array_equal(grad, [[0.0, 0.0], [-0.5, 0.5]])


def test_five_million_equal_scores() -> None:
    K = 5_000_000
    value, grad = lt.NEGATIVE_LOG_LIKELIHOOD.value_and_grad(7, np.zeros(K))
    assert float(value) == pytest.approx(math.log(K), rel=1e-14, abs=0.0)
    assert float(grad.sum()) == pytest.approx(0.0, abs=1e-12)


def test_six_threads_with_warnings_as_errors() -> None:
    y, z = np.array([0.0, 1.0] * 30_000), np.linspace(-800, 800, 60_000)
    calls: list[Callable[[], Any]] = [
        lambda: lt.SQUARED_ERROR.value_and_grad(y, z),
        lambda: lt.BINARY_CROSS_ENTROPY.value_and_grad(y, z),
        lambda: lt.softmax_jacobian(z.reshape(-1, 3)),
        lambda: lt.gaussian_log_likelihood(z, -z, 1e-200),
        lambda: lt.kl_divergence([1.0, 0.0], [[0.5, 0.5], [0.0, 1.0]]),
        lambda: lt.unlearning_steps_squared_error(np.abs(z), 1.0, step=1e-3),
    ]

    def strictly(call: Callable[[], Any]) -> Any:
        with np.errstate(all="raise"):
            return [call() for _ in range(3)]

    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(strictly, calls))
    for alone, three in zip(map(strictly, calls), together, strict=True):
        for one, other in zip(alone, three, strict=True):
            np.testing.assert_array_equal(one, other)
