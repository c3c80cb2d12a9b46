"""Laws that every record of the registry obeys."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from losstheory import LOSSES, Loss, sigmoid

rng = np.random.default_rng(2019)
Array = NDArray[Any]

EVERY = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
ENTROPIC = pytest.mark.parametrize(
    "loss", [loss for loss in LOSSES if loss.has_base], ids=lambda loss: loss.name
)
SATURATING = pytest.mark.parametrize(
    "loss", [loss for loss in LOSSES if loss.target != "real"], ids=lambda loss: loss.name
)


def samples(loss: Loss, n: int = 40, K: int = 4) -> tuple[NDArray[Any], Array]:
    """Return targets of the loss's kind, hard and soft, and logits to go with them."""
    if loss.target == "real":
        return rng.normal(size=n), rng.normal(size=n)
    if loss.target == "probability":
        return np.r_[0.0, 1.0, rng.random(n - 2)], rng.normal(scale=3.0, size=n)
    s = rng.normal(scale=3.0, size=(n, K))
    if loss.target == "distribution":
        y = rng.dirichlet(np.ones(K), size=n)
        y[: n // 2] = np.eye(K)[rng.integers(K, size=n // 2)]
        return y, s
    if loss.target == "labels":
        return np.where(rng.random((n, K)) < 0.5, rng.random((n, K)).round(), 0.3), s
    return rng.integers(K, size=n), s


def numerical_gradient(loss: Loss, y: NDArray[Any], z: Array, h: float = 1e-5) -> Array:
    """Differentiate the value at the logit by central differences, one logit at a time."""
    if z.ndim == 1:
        return (loss.value_with_logits(y, z + h) - loss.value_with_logits(y, z - h)) / (2 * h)
    return np.stack(
        [
            (loss.value_with_logits(y, z + h * e) - loss.value_with_logits(y, z - h * e)) / (2 * h)
            for e in np.eye(z.shape[-1])
        ],
        axis=-1,
    )


@EVERY
def test_the_gradient_at_the_logit_is_the_slope_of_the_value(loss: Loss) -> None:
    y, z = samples(loss)
    np.testing.assert_allclose(
        loss.grad_with_logits(y, z), numerical_gradient(loss, y, z), atol=1e-8
    )


@EVERY
def test_the_gradient_at_the_output_is_the_slope_of_the_value(loss: Loss) -> None:
    # Rows must stay distributions, so we move along the line between two of them.
    y, z = samples(loss)
    o, other = loss.activation(z), loss.activation(samples(loss)[1])
    middle, direction, h = (o + other) / 2, other - o, 1e-6
    ahead, behind = loss.value(y, middle + h * direction), loss.value(y, middle - h * direction)
    slope = loss.grad(y, middle) * direction
    if slope.ndim > ahead.ndim:
        slope = slope.sum(axis=-1)
    np.testing.assert_allclose(slope, (ahead - behind) / (2 * h), rtol=1e-5, atol=1e-8)


@EVERY
def test_the_value_at_the_logit_is_the_value_at_the_output(loss: Loss) -> None:
    y, z = samples(loss)
    np.testing.assert_allclose(
        loss.value_with_logits(y, z),
        loss.value(y, loss.activation(z)),
        rtol=1e-10,
        atol=1e-15,
    )


@EVERY
def test_a_loss_is_matched_exactly_if_its_gradient_is_the_error(loss: Loss) -> None:
    y, z = samples(loss)
    target = np.eye(z.shape[-1])[y] if loss.target == "class index" else y
    error = loss.activation(z) - target
    assert np.allclose(loss.grad_with_logits(y, z), error, rtol=1e-9, atol=1e-12) == loss.matched


@EVERY
def test_value_and_grad_returns_both(loss: Loss) -> None:
    y, z = samples(loss)
    value, grad = loss.value_and_grad(y, z)
    np.testing.assert_allclose(value, loss.value_with_logits(y, z), rtol=1e-14)
    np.testing.assert_allclose(grad, loss.grad_with_logits(y, z), rtol=1e-14)


@ENTROPIC
@pytest.mark.parametrize("base", [2, 10.0, np.float64(3.5)])
def test_a_base_divides_value_and_gradient_by_its_logarithm(loss: Loss, base: float) -> None:
    y, z = samples(loss)
    o = loss.activation(z)
    for function, at in (
        (loss.value, o),
        (loss.grad, o),
        (loss.value_with_logits, z),
        (loss.grad_with_logits, z),
    ):
        np.testing.assert_allclose(
            function(y, at, base=base),
            function(y, at) / np.log(base),
            rtol=1e-14,
        )


@ENTROPIC
@pytest.mark.parametrize("base", [1, 0.5, 0, -2, np.inf, np.nan])
def test_a_base_of_one_or_less_is_refused(loss: Loss, base: float) -> None:
    y, z = samples(loss)
    for function in (
        loss.value,
        loss.grad,
        loss.value_with_logits,
        loss.grad_with_logits,
    ):
        with pytest.raises(ValueError, match="base must be a finite number greater than 1; got"):
            function(y, z, base=base)


@SATURATING
@pytest.mark.parametrize("size", [1e2, 1e5, 1e300, np.inf])
def test_logits_of_any_size_reach_a_limit(loss: Loss, size: float) -> None:
    y, z = samples(loss)
    z = (
        np.where(z > 0, size, -size)
        if z.ndim == 1
        else np.where(z == z.max(-1, keepdims=True), size, z)
    )
    value, grad = loss.value_and_grad(y, z)
    assert not np.isnan(value).any()
    assert np.isfinite(grad).all()


@EVERY
def test_float32_stays_float32_and_agrees_with_float64(loss: Loss) -> None:
    y, z = samples(loss)
    z32 = z.astype(np.float32)
    y32 = y if loss.target == "class index" else y.astype(np.float32)
    for function in (loss.value_with_logits, loss.grad_with_logits):
        narrow = function(y32, z32)
        assert narrow.dtype == np.float32
        wide = function(
            y32 if loss.target == "class index" else y32.astype(float),
            z32.astype(float),
        )
        np.testing.assert_allclose(narrow, wide, rtol=2e-6, atol=1e-7)


@EVERY
def test_leading_axes_broadcast(loss: Loss) -> None:
    y, z = samples(loss, n=6)
    wide = z[:, np.newaxis]
    table = loss.value_with_logits(y, wide)
    assert table.shape == (6, 6)
    np.testing.assert_allclose(np.diagonal(table), loss.value_with_logits(y, z), rtol=1e-14)


@EVERY
def test_lists_and_python_numbers_are_taken(loss: Loss) -> None:
    y, z = samples(loss, n=3)
    np.testing.assert_array_equal(
        loss.value_with_logits(y.tolist(), z.tolist()), loss.value_with_logits(y, z)
    )
    single = loss.value_with_logits(y[0].tolist(), z[0].tolist())
    assert np.ndim(single) == 0
    assert np.asarray(single).dtype == np.float64


@EVERY
def test_no_argument_is_changed(loss: Loss) -> None:
    y, z = samples(loss)
    o = loss.activation(z)
    before = y.copy(), z.copy(), o.copy()
    loss.value_and_grad(y, z), loss.value(y, o), loss.grad(y, o)
    for array, copy in zip((y, z, o), before, strict=True):
        np.testing.assert_array_equal(array, copy)


@EVERY
def test_nan_is_refused_by_name(loss: Loss) -> None:
    y, z = samples(loss)
    letter = (
        "o" if loss.target == "real" else "z" if z.ndim == 1 or loss.target == "labels" else "s"
    )
    z.flat[5] = np.nan
    for function in (
        loss.value_with_logits,
        loss.grad_with_logits,
        loss.value_and_grad,
    ):
        with pytest.raises(ValueError, match=rf"^{letter} must .*got nan at index"):
            function(y, z)


@EVERY
@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (np.array([1j, 2j]), TypeError),
        (np.array([1, "a"], dtype=object), TypeError),
        (["a", "b"], TypeError),
        ([10**400, 1], TypeError),
        (np.ones(2, dtype=np.longdouble), TypeError),
        ([[1.0], [1.0, 2.0]], ValueError),
    ],
)
def test_what_is_no_array_of_real_numbers_is_refused(
    loss: Loss, bad: object, error: type[Exception]
) -> None:
    y, z = samples(loss, n=2)
    for function in (
        loss.value,
        loss.grad,
        loss.value_with_logits,
        loss.grad_with_logits,
    ):
        with pytest.raises(error, match=r"must (hold real numbers|be a rectangular array)"):
            function(y, bad)
    with pytest.raises(error, match=r"y must (hold|be a rectangular array)"):
        loss.value_with_logits(bad, z)


@EVERY
def test_shapes_that_do_not_fit_are_refused(loss: Loss) -> None:
    y, z = samples(loss, n=4)
    with pytest.raises(ValueError, match=r"must have shapes that broadcast; got .*\(4,"):
        loss.value_with_logits(y, z[:3])


def test_no_two_records_share_a_name() -> None:
    assert len({loss.name for loss in LOSSES}) == len(LOSSES)


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        LOSSES[0].matched = False  # type: ignore[misc]  # that is the point


def test_the_sigmoid_losses_are_those_with_a_sigmoid() -> None:
    assert [loss.activation is sigmoid for loss in LOSSES] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]
