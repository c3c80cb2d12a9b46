"""Blocks change nothing: not a value, not an error, and not the memory that a call may take."""

import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import losstheory as lt
from losstheory import _blocks, _kernels

Array = NDArray[Any]
MATCHED_TO_LOGITS = [loss for loss in lt.LOSSES if loss.target != "real"]
EVERY_LOSS = pytest.mark.parametrize("loss", MATCHED_TO_LOGITS, ids=lambda loss: loss.name)
RNG = np.random.default_rng(5)


def sample(loss: lt.Loss, n: int, K: int = 5, dtype: Any = float) -> tuple[Array, Array]:
    """Draw targets and logits for a loss."""
    if loss.target == "probability":
        return RNG.random(n).astype(dtype), RNG.normal(size=n).astype(dtype) * 9
    s = RNG.normal(size=(n, K)).astype(dtype) * 9
    if loss.target == "class index":
        return RNG.integers(K, size=n), s
    y = RNG.random((n, K)).astype(dtype)
    return (y / y.sum(axis=-1, keepdims=True) if loss.target == "distribution" else y), s


@EVERY_LOSS
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_many_blocks_give_what_one_gives(
    loss: lt.Loss, dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    y, z = sample(loss, 1_003, dtype=dtype)
    options = {"base": 2} if loss.has_base else {}
    whole = [f(y, z, **options) for f in (loss.value_with_logits, loss.grad_with_logits)]
    both = loss.both_with_logits(y, z, **options)
    monkeypatch.setattr(_blocks, "BLOCK", 64)
    parts = [f(y, z, **options) for f in (loss.value_with_logits, loss.grad_with_logits)]
    for first, second, third in zip(whole, parts, both, strict=True):
        assert first.dtype == dtype
        # NumPy's own exponential may round the last element of a block in another way.
        np.testing.assert_array_max_ulp(first, second, 2, dtype)
        np.testing.assert_array_max_ulp(first, third, 4, dtype)


@EVERY_LOSS
def test_float32_is_float64_rounded_once_in_every_block(
    loss: lt.Loss, monkeypatch: pytest.MonkeyPatch
) -> None:
    y, z = sample(loss, 1_003, dtype=np.float32)
    wide = [x.astype(float) if x.dtype == np.float32 else x for x in (y, z)]
    monkeypatch.setattr(_blocks, "BLOCK", 64)
    for single, double in zip(loss.value_and_grad(y, z), loss.value_and_grad(*wide), strict=True):
        assert single.dtype == np.float32
        np.testing.assert_array_equal(single, double.astype(np.float32))


@pytest.mark.parametrize("n", [0, 1, 7, 64, 65, 300])
def test_shapes_broadcast_over_blocks(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    y, z = RNG.random((n, 1)), RNG.normal(size=3)
    pairs = [[float(lt.binary_cross_entropy_with_logits(a, b)) for b in z] for a in y[:, 0]]
    expected = np.reshape(pairs, (n, 3))
    monkeypatch.setattr(_blocks, "BLOCK", 64)
    np.testing.assert_allclose(lt.binary_cross_entropy_with_logits(y, z), expected, rtol=1e-15)
    s = RNG.normal(size=(n, 4, 3))
    np.testing.assert_allclose(
        lt.categorical_cross_entropy_with_logits([0.5, 0.25, 0.25], s),
        -(lt.log_softmax(s) * [0.5, 0.25, 0.25]).sum(axis=-1),
        rtol=1e-14,
    )


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
@pytest.mark.parametrize("function", [lt.softmax, lt.log_softmax])
def test_any_axis_and_any_layout(
    function: Callable[..., Array], axis: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = RNG.normal(size=(20, 9, 5)) * 200
    expected = np.apply_along_axis(function, axis, s)
    monkeypatch.setattr(_blocks, "BLOCK", 64)
    for layout in (s, np.asfortranarray(s), np.repeat(s, 2, axis=0)[::2]):
        np.testing.assert_allclose(function(layout, axis=axis), expected, rtol=1e-14)


def test_an_error_says_where_in_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_blocks, "BLOCK", 64)
    y, z = np.zeros(1_000), np.zeros(1_000)
    y[777] = -1.0
    with pytest.raises(ValueError, match=r"y must lie in \[0, 1\]; got -1.0 at index 777"):
        lt.binary_cross_entropy_with_logits(y, z)
    s = np.zeros((300, 3))
    s[222, 1] = math.nan
    with pytest.raises(ValueError, match=r"s must not hold NaN; got nan at index \(222, 1\)"):
        lt.negative_log_likelihood_with_logits(np.zeros(300, int), s)


@EVERY_LOSS
def test_memory_is_bounded_by_the_results_and_a_constant(loss: lt.Loss) -> None:
    y, z = sample(loss, 1_000_000 if loss.target == "probability" else 200_000)
    tracemalloc.start()
    try:
        results = loss.value_and_grad(y, z)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # A single temporary of the whole size would come to 8 MB. (The 16 MB are those that nobody
    # touches, before the results are there.)
    assert peak < max(16.1e6, sum(result.nbytes for result in results) + 6e6)


def test_the_exponential_is_computed_once_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(z: Array) -> Array:
        calls.append(z.size)
        return np.exp(-np.abs(z))

    monkeypatch.setattr(_kernels, "_exp_minus_abs", counted)
    for loss in (lt.BINARY_CROSS_ENTROPY, lt.SQUARED_ERROR, lt.MULTILABEL_CROSS_ENTROPY):
        calls.clear()
        loss.value_and_grad(np.zeros(6), np.zeros(6))
        assert calls == [6]


def test_inputs_are_left_alone() -> None:
    for loss in MATCHED_TO_LOGITS:
        y, z = sample(loss, 40)
        before = y.copy(), z.copy()
        loss.value_and_grad(y, z)
        np.testing.assert_array_equal(y, before[0])
        np.testing.assert_array_equal(z, before[1])


def test_row_sums_are_right_to_the_last_digits() -> None:
    for K in (1, 2, 31, 32, 33, 64, 100, 1_000, 1_057):
        rows = RNG.random((50, K))
        truth = [math.fsum(row) for row in rows.tolist()]
        np.testing.assert_array_max_ulp(_kernels._totals(rows.copy()), np.array(truth), 3)


def test_a_confident_row_keeps_what_the_small_entries_add_up_to() -> None:
    for K in (100, 1_000):
        rows = np.full((1, K), 0.7e-16)  # each is lost when it is added to the 1 on its own
        rows[0, K // 3] = 1.0
        truth = math.fsum(rows[0].tolist())
        assert truth > 1.0
        np.testing.assert_array_max_ulp(_kernels._totals(rows), np.array([truth]), 1)
