"""What single losses promise beyond the laws of the registry."""

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losstheory as lt

targets = st.sampled_from([0.0, 1.0]) | st.floats(0, 1)
logits = st.floats(-700, 700)


def exact_cross_entropy(y: float, o: mpmath.mpf) -> mpmath.mpf:
    """Return the binary cross entropy in 240 bits, with ``0 log 0 = 0``."""
    yes = y * mpmath.log(o) if y else mpmath.mpf(0)
    no = (1 - mpmath.mpf(y)) * mpmath.log(1 - o) if y != 1 else mpmath.mpf(0)
    return -(yes + no)


@given(y=targets, z=logits)
def test_cross_entropy_at_the_logit_agrees_with_mpmath(y: float, z: float) -> None:
    with mpmath.workprec(2400):  # 1 - o must be exact at z = 700
        o = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
        value, error = float(exact_cross_entropy(y, o)), float(o - y)
    assert float(lt.binary_cross_entropy_with_logits(y, z)) == pytest.approx(
        value, rel=2e-15, abs=0.0
    )
    grad = float(lt.binary_cross_entropy_with_logits_grad(y, z))
    # Near y = o the truth is a difference of two rounded numbers: compare on their scale.
    scale = 0.0 if y in (0.0, 1.0) else max(y, float(o))
    assert grad == pytest.approx(error, rel=1e-15, abs=5e-324 + 1e-15 * scale)


@given(y=targets, o=st.sampled_from([0.0, 1.0]) | st.floats(1e-300, 1))
def test_cross_entropy_at_the_output_agrees_with_mpmath(y: float, o: float) -> None:
    value = float(lt.binary_cross_entropy(y, o))
    if o in (0.0, 1.0):
        assert value == (0.0 if o == y else math.inf)
        return
    with mpmath.workprec(1200):
        exact = exact_cross_entropy(y, mpmath.mpf(o))
        slope = float((mpmath.mpf(o) - y) / (mpmath.mpf(o) * (1 - mpmath.mpf(o))))
    assert value == pytest.approx(float(exact), rel=1e-15, abs=5e-324)
    assert float(lt.binary_cross_entropy_grad(y, o)) == pytest.approx(slope, rel=1e-15, abs=0.0)


def test_gradients_at_the_smallest_outputs_overflow_to_their_sign_without_a_warning() -> None:
    o = np.array([5e-324, 1.0])
    assert lt.binary_cross_entropy_grad(1.0, o[0]) == -math.inf
    assert lt.binary_cross_entropy_grad(0.0, o[0]) == 1.0
    np.testing.assert_array_equal(lt.categorical_cross_entropy_grad([1, 0], o), [-math.inf, 0])
    np.testing.assert_array_equal(lt.negative_log_likelihood_grad(0, o), [-math.inf, 0])


@given(y=st.sampled_from([0.0, 1.0]), z=logits)
def test_squared_error_at_the_logit_agrees_with_mpmath(y: float, z: float) -> None:
    with mpmath.workprec(2400):
        o = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
        value, grad = float((o - y) ** 2 / 2), float((o - y) * o * (1 - o))
    assert float(lt.half_squared_error_with_logits(y, z)) == pytest.approx(
        value, rel=1.5e-15, abs=5e-324
    )
    assert float(lt.half_squared_error_with_logits_grad(y, z)) == pytest.approx(
        grad, rel=1.5e-15, abs=1e-323
    )


@given(y=targets)
def test_the_least_cross_entropy_is_the_entropy_of_the_target(y: float) -> None:
    least = float(lt.binary_cross_entropy(y, y))
    assert least == pytest.approx(float(lt.entropy([y, 1 - y])), abs=1e-15)
    around = lt.binary_cross_entropy(y, np.linspace(0, 1, 101))
    assert around.min() >= least - 1e-15


def test_a_certain_and_right_output_costs_plain_zero() -> None:
    for value in (
        lt.binary_cross_entropy([0, 1], [0, 1]),
        lt.categorical_cross_entropy(np.eye(2), np.eye(2)),
        lt.negative_log_likelihood([0, 1], np.eye(2)),
        lt.binary_cross_entropy_with_logits([0, 1], [-math.inf, math.inf]),
    ):
        np.testing.assert_array_equal(value, [0, 0])
        assert not np.signbit(value).any()


def test_a_certain_and_wrong_output_costs_infinitely_much() -> None:
    wrong = np.eye(2)[::-1]
    for value in (
        lt.binary_cross_entropy([0, 1], [1, 0]),
        lt.categorical_cross_entropy(np.eye(2), wrong),
        lt.negative_log_likelihood([0, 1], wrong),
        lt.binary_cross_entropy_with_logits([0, 1], [math.inf, -math.inf]),
        lt.negative_log_likelihood_with_logits(1, [[math.inf, 0.0]]),
    ):
        assert np.isposinf(value).all()


def test_gradients_at_the_ends_of_the_output_are_limits() -> None:
    np.testing.assert_array_equal(
        lt.binary_cross_entropy_grad([0, 0, 1, 1, 0.5, 0.5], [0, 1, 0, 1, 0, 1]),
        [1, math.inf, -math.inf, -1, -math.inf, math.inf],
    )


def test_the_three_names_of_one_number_agree() -> None:
    rng = np.random.default_rng(7)
    s, y = rng.normal(size=(50, 5)), rng.integers(5, size=50)
    o, onehot = lt.softmax(s), np.eye(5)[y]
    nll = lt.negative_log_likelihood(y, o)
    np.testing.assert_allclose(nll, lt.categorical_cross_entropy(onehot, o), rtol=1e-15)
    np.testing.assert_allclose(nll, lt.cross_entropy(onehot, o), rtol=1e-15)
    np.testing.assert_allclose(
        lt.negative_log_likelihood_with_logits_grad(y, s),
        lt.categorical_cross_entropy_with_logits_grad(onehot, s),
        atol=1e-15,
    )


def test_multilabel_is_not_categorical() -> None:
    # The source writes the multi-label sum under the categorical name (claim S18).
    y, o = np.array([0.0, 1.0, 0.0]), lt.softmax([0.5, 1.5, -0.5])
    extra = -np.log1p(-o[[0, 2]]).sum()
    categorical = lt.categorical_cross_entropy(y, o)
    assert float(lt.multilabel_cross_entropy(y, o) - categorical) == pytest.approx(
        float(extra), rel=1e-12, abs=0.0
    )
    assert extra > 0.3


@pytest.mark.parametrize("margin", [30.0, 40.0, 300.0, 700.0])
def test_confident_and_right_still_has_a_loss_and_a_gradient(margin: float) -> None:
    truth = math.exp(-margin)
    assert float(lt.negative_log_likelihood_with_logits(0, [margin, 0.0])) == pytest.approx(
        truth, rel=1e-12, abs=0.0
    )
    grad = lt.negative_log_likelihood_with_logits_grad(0, [margin, 0.0])
    np.testing.assert_allclose(grad, [-truth, truth], rtol=1e-12)


@pytest.mark.parametrize(
    ("y", "remedy"), [([2, 0], "count the classes from 0"), ([-1, 0], "count the classes from 0")]
)
def test_a_target_that_is_no_class_is_refused(y: list[int], remedy: str) -> None:
    for function in (lt.negative_log_likelihood, lt.negative_log_likelihood_with_logits_grad):
        with pytest.raises(ValueError, match=rf"y must be a class index from 0 to 1.*{remedy}"):
            function(y, [[0.5, 0.5], [0.5, 0.5]])


@pytest.mark.parametrize("y", [[0.0, 1.0], [True, False]])
def test_a_class_index_must_be_an_integer(y: Any) -> None:
    with pytest.raises(TypeError, match="y must hold integer class indices"):
        lt.negative_log_likelihood(y, [[0.5, 0.5], [0.5, 0.5]])


@pytest.mark.parametrize("row", [[0.5, 0.6], [0.5, 0.4], [1.0, 1.0]])
def test_rows_that_do_not_sum_to_one_are_refused(row: list[float]) -> None:
    good = [0.5, 0.5]
    with pytest.raises(ValueError, match="each row of o must sum to 1; got"):
        lt.categorical_cross_entropy(good, row)
    with pytest.raises(ValueError, match="each row of y must sum to 1; got"):
        lt.categorical_cross_entropy_with_logits(row, [0.0, 0.0])
    with pytest.raises(ValueError, match="each row of o must sum to 1; got"):
        lt.negative_log_likelihood(0, row)


@pytest.mark.parametrize("o", [-0.1, 1.1, math.nan, math.inf])
def test_an_output_that_is_no_probability_is_refused(o: float) -> None:
    for function in (lt.binary_cross_entropy, lt.binary_cross_entropy_grad):
        with pytest.raises(ValueError, match=r"o must lie in \[0, 1\]; got .*_with_logits"):
            function(0.0, o)


def test_a_single_column_does_not_stand_for_all_classes() -> None:
    with pytest.raises(ValueError, match="as many classes along the last axis; got 1 and 3"):
        lt.multilabel_cross_entropy([1.0], [0.2, 0.3, 0.5])


def test_empty_batches_give_empty_results_and_empty_rows_are_refused() -> None:
    assert lt.binary_cross_entropy([], []).shape == (0,)
    assert lt.negative_log_likelihood(np.empty(0, dtype=int), np.empty((0, 3))).shape == (0,)
    with pytest.raises(ValueError, match="at least one entry along its last axis"):
        lt.categorical_cross_entropy(np.empty((3, 0)), np.empty((3, 0)))
