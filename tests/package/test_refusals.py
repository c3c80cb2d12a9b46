"""What is refused and what is not: at the ends of each range, among good numbers, by name."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import losstheory as lt

Array = NDArray[Any]
GOOD: dict[str, Any] = {
    "z": [0.5, -2.0, 3.0],
    "s": [0.5, -2.0, 3.0],
    "o": [0.5, 0.25, 0.25],
    "p": [0.5, 0.25, 0.25],
    "q": [0.25, 0.25, 0.5],
    "mean": [0.0, 1.0, 2.0],
    "std": [1.0, 2.0, 5.0],
    "z0": [1.0, 2.0, 4.0],
    "x": [0.5, -4.0, 5.0],
    "step": [0.1, 4.0, 100.0],
}
# The targets, and what each of the arguments is spoilt with.
OUTCOMES, SOFT, ROW, INDEX = [0, 1, 1], [0.0, 0.5, 1.0], [0.5, 0.25, 0.25], [2]
NOT_FINITE = [-math.inf, math.inf, math.nan]
NO_NUMBER = [math.nan]
OUTSIDE = [-0.25, 1.25, -math.inf, math.inf, math.nan]
NO_OUTCOME = [0.5, -1.0, 2.0, math.nan]
NOT_POSITIVE = [0.0, -1.0, -math.inf, math.inf, math.nan]
BELOW_ZERO = [-1.0, -math.inf, math.nan]

CASES: list[tuple[Callable[..., Any], dict[str, Any], dict[str, list[float]]]] = [
    (lt.logit, {}, {"o": [-0.25, 1.25, -math.inf, math.inf]}),
    (lt.half_squared_error, {"y": SOFT}, {"y": NOT_FINITE, "o": NOT_FINITE}),
    (lt.half_squared_error_grad, {"y": SOFT}, {"y": NOT_FINITE, "o": NOT_FINITE}),
    (lt.LINEAR_SQUARED_ERROR.both_with_logits, {"y": SOFT}, {"y": NOT_FINITE, "o": NOT_FINITE}),
    (lt.gaussian_mle, {"y": SOFT}, {"y": NOT_FINITE}),
    (lt.bernoulli_mle, {"y": OUTCOMES}, {"y": NO_OUTCOME}),
    (lt.entropy, {}, {"p": OUTSIDE}),
    (lt.cross_entropy, {}, {"p": OUTSIDE, "q": OUTSIDE}),
    (lt.kl_divergence, {}, {"p": OUTSIDE, "q": OUTSIDE}),
    (
        lt.gaussian_log_likelihood,
        {"y": SOFT},
        {"y": NOT_FINITE, "mean": NOT_FINITE, "std": NOT_POSITIVE},
    ),
    (lt.bernoulli_log_likelihood, {"y": OUTCOMES}, {"y": NO_OUTCOME, "p": OUTSIDE}),
    (lt.categorical_log_likelihood, {"y": INDEX}, {"y": [-1, 3], "p": OUTSIDE}),
    (lt.negative_log_likelihood, {"y": INDEX}, {"y": [-1, 3], "o": OUTSIDE}),
    (lt.negative_log_likelihood_with_logits, {"y": INDEX}, {"y": [-1, 3], "s": NO_NUMBER}),
    (lt.unlearning_time_cross_entropy, {}, {"z0": BELOW_ZERO, "x": NOT_FINITE}),
    (lt.unlearning_time_squared_error, {}, {"z0": BELOW_ZERO, "x": NOT_FINITE}),
    *(
        (law, {}, {"z0": BELOW_ZERO, "x": NOT_FINITE, "step": NOT_POSITIVE})
        for law in (lt.unlearning_steps_cross_entropy, lt.unlearning_steps_squared_error)
    ),
    (lt.cross_entropy_curvature, {}, {"z": NO_NUMBER}),
    (lt.squared_error_curvature, {"y": SOFT}, {"y": OUTSIDE, "z": NO_NUMBER}),
    (lt.squared_error_inflections, {"y": SOFT}, {"y": OUTSIDE}),
    *(
        (function, {"y": SOFT}, {"y": OUTSIDE, "z": NO_NUMBER})
        for loss in (lt.SQUARED_ERROR, lt.BINARY_CROSS_ENTROPY, lt.MULTILABEL_CROSS_ENTROPY)
        for function in (loss.value_with_logits, loss.grad_with_logits, loss.both_with_logits)
    ),
    *(
        (function, {"y": SOFT}, {"y": OUTSIDE, "o": OUTSIDE})
        for loss in (lt.BINARY_CROSS_ENTROPY, lt.MULTILABEL_CROSS_ENTROPY)
        for function in (loss.value, loss.grad)
    ),
    *(
        (function, {"y": ROW}, {"y": OUTSIDE, "o": OUTSIDE})
        for function in (lt.CATEGORICAL_CROSS_ENTROPY.value, lt.CATEGORICAL_CROSS_ENTROPY.grad)
    ),
    (lt.CATEGORICAL_CROSS_ENTROPY.both_with_logits, {"y": ROW}, {"y": OUTSIDE, "s": NO_NUMBER}),
    (lt.NEGATIVE_LOG_LIKELIHOOD.both_with_logits, {"y": INDEX}, {"y": [-1, 3], "s": NO_NUMBER}),
]


@pytest.mark.parametrize(
    ("function", "own", "spoilt"), CASES, ids=[case[0].__name__ for case in CASES]
)
def test_one_bad_number_among_good_ones_is_named(
    function: Callable[..., Any], own: dict[str, Any], spoilt: dict[str, list[float]]
) -> None:
    given = {name: (GOOD | own)[name] for name in spoilt}
    function(**given)
    for name, bad_ones in spoilt.items():
        for bad in bad_ones:
            places = range(len(given[name]))
            for place in places:
                numbers = list(given[name])
                numbers[place] = bad
                with pytest.raises(ValueError, match=rf"^{name} must .*; got {bad}") as error:
                    function(**given | {name: numbers})
                assert f"got {bad} at index {place};" in str(error.value)


@pytest.mark.parametrize("function", [lt.entropy, lt.cross_entropy, lt.kl_divergence])
def test_one_row_that_misses_one_among_good_ones_is_named(function: Callable[..., Any]) -> None:
    good, bad = np.full((3, 2), 0.5), np.array([[0.5, 0.5], [0.5, 0.25], [0.5, 0.5]])
    with pytest.raises(ValueError, match=r"^each row of p must sum to 1; got 0\.75 at index 1;"):
        function(bad) if function is lt.entropy else function(bad, good)
    if function is not lt.entropy:
        with pytest.raises(ValueError, match=r"^each row of q must sum to 1; got 0\.75 at index 1"):
            function(good, bad)


def test_one_class_alone_is_certain() -> None:
    for s in ([3.0], [-math.inf], [math.inf], [[3.0], [-800.0]]):
        ones, zeros = np.ones_like(s), np.zeros_like(s)
        np.testing.assert_array_equal(lt.softmax(s), ones)
        np.testing.assert_array_equal(lt.log_softmax(s), zeros)
        np.testing.assert_array_equal(lt.logsumexp(s), np.asarray(s)[..., 0])
        np.testing.assert_array_equal(lt.softmax_jacobian(s), zeros[..., np.newaxis])
        for loss, y in ((lt.NEGATIVE_LOG_LIKELIHOOD, 0), (lt.CATEGORICAL_CROSS_ENTROPY, ones)):
            value, grad = loss.value_and_grad(y, s)
            np.testing.assert_array_equal(value, zeros[..., 0])
            np.testing.assert_array_equal(grad, zeros)
            np.testing.assert_array_equal(loss.value(y, ones), zeros[..., 0])
            np.testing.assert_array_equal(loss.grad(y, ones), -ones)
    assert lt.entropy([1.0]) == lt.cross_entropy([1.0], [1.0]) == 0.0
    assert lt.kl_divergence([[1.0]], [1.0]).tolist() == [0.0]
    assert lt.categorical_log_likelihood(0, [1.0]) == 0.0
    assert lt.categorical_mle([0, 0], K=1).tolist() == [1.0]


@pytest.mark.parametrize("step", [1e-300, 0.5, 3.0, 4.0, 100.0, 1e300])
def test_any_positive_step_is_taken(step: float) -> None:
    def flat(theta: Array) -> tuple[float, Array]:
        return 0.0, np.ones_like(theta)

    history = lt.descend(flat, [0.0], step=step, steps=5)
    np.testing.assert_allclose(history.parameters[:, 0], -step * np.arange(6), rtol=1e-15)
    assert lt.unlearning_steps_cross_entropy(1.0, 1.0, step=step) >= 1.0
    assert lt.unlearning_steps_squared_error(1.0, 1.0, step=step) >= 1.0


@pytest.mark.parametrize("function", [lt.cross_entropy, lt.kl_divergence])
def test_distributions_stand_along_the_last_axis(function: Callable[..., Array]) -> None:
    rng = np.random.default_rng(4)
    # As many rows as outcomes, where the wrong axis would fit as well.
    p, q = (lt.softmax(rng.normal(size=(2, 3, 3))) for _ in "pq")
    # Each misses 1 by another part, and is read in proportion.
    missing, other = 1.0 - 9e-6 * rng.random((2, 2, 3, 1))
    found = function(p * missing, q * other)
    np.testing.assert_allclose(found, function(p, q), rtol=1e-12)
    assert found.shape == (2, 3)
    for place in np.ndindex(found.shape):
        np.testing.assert_allclose(found[place], function(p[place], q[place]), rtol=1e-14)
        plain = (p * np.log(p / q if function is lt.kl_divergence else 1 / q))[place].sum()
        np.testing.assert_allclose(found[place], plain, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(lt.entropy(p), lt.cross_entropy(p, p))
