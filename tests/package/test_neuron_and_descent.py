"""The source's neuron, and the loop that trains it."""

import math

import numpy as np
import pytest

import losstheory as lt
from losstheory._checks import FloatArray

SIGMOID_LOSSES = pytest.mark.parametrize(
    "loss", [lt.SQUARED_ERROR, lt.BINARY_CROSS_ENTROPY], ids=lambda loss: loss.name
)


def test_the_cases_carry_the_digits_that_the_source_prints() -> None:
    assert f"{lt.FIRST.o:.4f}" == "0.7503"
    assert f"{lt.SECOND.o:.4f}" == "0.9971"
    assert lt.FIRST.y == lt.SECOND.y == 0.0
    printed = [f"{g:.4f}" for g in lt.neuron_gradients(lt.SQUARED_ERROR, lt.SECOND)]
    assert printed == ["0.0043", "0.0029"]  # both of one case: claim S04


@SIGMOID_LOSSES
@pytest.mark.parametrize("case", [lt.FIRST, lt.SECOND, lt.Case(-0.7, 2.0, 0.1, 1.0)])
def test_the_gradients_are_slopes_in_weight_and_bias(loss: lt.Loss, case: lt.Case) -> None:
    h = 1e-6

    def value(case: lt.Case) -> float:
        return float(loss.value_with_logits(case.y, case.z))

    slope_w = (value(case._replace(w=case.w + h)) - value(case._replace(w=case.w - h))) / (2 * h)
    slope_b = (value(case._replace(b=case.b + h)) - value(case._replace(b=case.b - h))) / (2 * h)
    assert lt.neuron_gradients(loss, case) == pytest.approx((slope_w, slope_b), rel=1e-5, abs=0.0)


def test_a_loss_of_something_else_is_refused() -> None:
    for loss in lt.LOSSES:
        if loss not in (lt.SQUARED_ERROR, lt.BINARY_CROSS_ENTROPY):
            with pytest.raises(ValueError, match="loss must judge the output of one sigmoid; got"):
                lt.neuron_gradients(loss, lt.FIRST)


@SIGMOID_LOSSES
def test_the_mean_loss_of_one_sample_is_the_neuron(loss: lt.Loss) -> None:
    case = lt.SECOND
    value, gradient = lt.mean_loss(loss, [[case.x]], [case.y])(np.array([case.w, case.b]))
    assert value == pytest.approx(float(loss.value_with_logits(case.y, case.z)), rel=1e-12, abs=0.0)
    assert tuple(gradient) == pytest.approx(lt.neuron_gradients(loss, case), rel=1e-12, abs=0.0)


def test_descent_takes_the_steps_that_are_written_down() -> None:
    case, step = lt.FIRST, 0.1
    history = lt.descend(
        lt.mean_loss(lt.SQUARED_ERROR, [[case.x]], [case.y]), [case.w, case.b], step=step, steps=5
    )
    for before, after in zip(history.parameters[:-1], history.parameters[1:], strict=True):
        here = case._replace(w=before[0], b=before[1])
        np.testing.assert_allclose(
            after, before - step * np.array(lt.neuron_gradients(lt.SQUARED_ERROR, here))
        )
    assert history.values.shape == (6,)
    assert (np.diff(history.values) < 0).all()


def test_softmax_regression_reaches_the_class_shares_without_inputs() -> None:
    y = np.array([0, 0, 0, 1, 2, 2])
    objective = lt.mean_loss(lt.NEGATIVE_LOG_LIKELIHOOD, np.zeros((6, 1)), y)
    history = lt.descend(objective, np.zeros((2, 3)), step=1.0, steps=400)
    np.testing.assert_allclose(
        lt.softmax(history.parameters[-1, 1]), lt.categorical_mle(y, 3), atol=1e-8
    )
    assert history.values[-1] == pytest.approx(
        float(lt.entropy(lt.categorical_mle(y, 3))), rel=1e-12, abs=0.0
    )


def test_softmax_regression_has_the_right_gradient() -> None:
    rng = np.random.default_rng(3)
    x, y, theta = rng.normal(size=(20, 2)), rng.integers(3, size=20), rng.normal(size=(3, 3))
    objective, h = lt.mean_loss(lt.NEGATIVE_LOG_LIKELIHOOD, x, y), 1e-6
    slope = np.empty_like(theta)
    for place in np.ndindex(theta.shape):
        move = np.zeros_like(theta)
        move[place] = h
        slope[place] = (objective(theta + move)[0] - objective(theta - move)[0]) / (2 * h)
    np.testing.assert_allclose(objective(theta)[1], slope, atol=1e-8)


def test_bad_arguments_are_refused_by_name() -> None:
    def objective(theta: FloatArray) -> tuple[float, FloatArray]:
        raise AssertionError(f"nothing may be computed, but {theta} was")

    for step in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="step must be positive and finite; got"):
            lt.descend(objective, [1.0], step=step, steps=1)
    with pytest.raises(ValueError, match="steps must be at least 0; got -1"):
        lt.descend(objective, [1.0], step=1.0, steps=-1)
    with pytest.raises(ValueError, match="start must be finite; got nan"):
        lt.descend(objective, [math.nan], step=1.0, steps=1)
    with pytest.raises(ValueError, match=r"x must be a matrix; got shape \(2,\)"):
        lt.mean_loss(lt.SQUARED_ERROR, [1.0, 2.0], [0.0, 1.0])
    with pytest.raises(ValueError, match="x must hold at least one sample"):
        lt.mean_loss(lt.SQUARED_ERROR, np.empty((0, 2)), [])
