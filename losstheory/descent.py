"""One gradient-descent loop, and the objective of a linear model for it."""

import math
import sys
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losstheory._checks import (
    FLOAT64,
    FloatArray,
    as_numbers,
    class_index,
    finite,
    greatest,
    least,
    positive,
    refuse_empty,
    result_type,
    single_number,
    whole_number,
)
from losstheory.registry import Loss

__all__ = ["DivergenceError", "History", "descend", "mean_loss"]

Objective: TypeAlias = Callable[[FloatArray], tuple[float, FloatArray]]


class History(NamedTuple):
    """What gradient descent passed through.

    Parameters
    ----------
    parameters : ndarray, shape (steps + 1, ...)
        The parameters before the first step and after each one.
    values : ndarray, shape (steps + 1,)
        The objective at each of them.

    Examples
    --------
    >>> from losstheory import descend
    >>> history = descend(lambda theta: (float(theta @ theta) / 2, theta), [1.0], step=0.5, steps=2)
    >>> history.values
    array([0.5    , 0.125  , 0.03125])
    """

    parameters: FloatArray
    values: NDArray[np.float64]


class DivergenceError(ValueError):
    """What `descend` raises when it leaves the finite numbers, most often by too large a step.

    Parameters
    ----------
    message : str
        What happened, at which step, and what to try.
    history : History
        What descent had passed through by then. Its last entry is the first that is not finite.

    Examples
    --------
    >>> from losstheory import DivergenceError, descend
    >>> try:
    ...     descend(lambda theta: (float(theta @ theta), 2 * theta), [1.0], step=9.0, steps=999)
    ... except DivergenceError as error:
    ...     print(error.history.values[:3])
    [1.0000e+00 2.8900e+02 8.3521e+04]
    """

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


def descend(objective: Objective, start: ArrayLike, *, step: float, steps: int) -> History:
    r"""Step against the gradient, again and again.

    Parameters
    ----------
    objective : callable
        From the parameters to the pair of value and gradient. It gets a copy of the parameters,
        which it may write into.
    start : array_like
        Parameters to start from, finite.
    step : float
        Step size, positive and finite.
    steps : int
        How many steps to take, at least 0.

    Returns
    -------
    History
        The parameters and values passed through, the start included; the parameters in float32 if
        `start` is an array of float32 or float16, else in float64.

    Raises
    ------
    TypeError
        If `start` does not hold real numbers, `step` is no single number, `steps` no integer, or
        if `objective` returns a value that is no single number.
    ValueError
        If `start` is not finite, `step` not positive and finite, `steps` negative, or if
        `objective` returns a gradient of another shape than `start`, or no finite numbers there.
    DivergenceError
        If parameters, value or gradient are not finite after some step. It carries the history.

    See Also
    --------
    mean_loss : The objective of a linear model.

    Notes
    -----
    Each step is :math:`\theta \leftarrow \theta - \eta \nabla e(\theta)`, with the step size
    :math:`\eta` the same throughout.

    Examples
    --------
    The source's first case, unlearning under binary cross entropy:

    >>> from losstheory import BINARY_CROSS_ENTROPY, FIRST, descend, mean_loss
    >>> objective = mean_loss(BINARY_CROSS_ENTROPY, [[FIRST.x]], [FIRST.y])
    >>> history = descend(objective, [FIRST.w, FIRST.b], step=0.1, steps=100)
    >>> history.values[[0, 100]].round(4)
    array([1.3873, 0.034 ])
    """
    theta = as_numbers("start", start)
    finite("start", theta, theta.dtype)
    theta = theta.astype(result_type([start], [theta]))  # a copy
    eta = single_number("step", step, "every parameter is moved by the same")
    positive("step", np.asarray(eta), FLOAT64)
    steps = whole_number("steps", steps, "0 returns the start alone", low=0)
    parameters = np.empty((steps + 1, *theta.shape), dtype=theta.dtype)
    values = np.empty(steps + 1)
    for n in range(steps + 1):
        parameters[n] = theta
        values[n], gradient = _evaluate(objective, theta)
        if not (math.isfinite(values[n]) and np.isfinite(gradient).all()):
            if n == 0:
                raise ValueError(
                    f"objective must be finite at start; got {values[0]} with the gradient "
                    f"{gradient}; start elsewhere"
                )
            raise DivergenceError(
                f"descent diverged at step {n}: the objective, its gradient or the parameters "
                f"are no longer finite; try a smaller step than {step}",
                History(parameters[: n + 1], values[: n + 1]),
            )
        with np.errstate(all="ignore"):
            theta = np.asarray(theta - eta * gradient, theta.dtype)
    return History(parameters, values)


def _evaluate(objective: Objective, theta: FloatArray) -> tuple[float, FloatArray]:
    """Return value and gradient at parameters, which the objective may overwrite."""
    if not np.isfinite(theta).all():
        return math.nan, theta
    with np.errstate(all="ignore"):  # what overflows is found, and reported, afterwards
        value, gradient = objective(theta.copy())
    slopes = as_numbers("the gradient that objective returns", gradient)
    if slopes.shape != theta.shape:
        raise ValueError(
            f"objective must return a gradient of the shape of start, {theta.shape}; got "
            f"{slopes.shape}; differentiate by each parameter"
        )
    remedy = "take the mean over the samples, or their sum"
    return single_number("the value that objective returns", value, remedy), slopes


def mean_loss(loss: Loss, x: ArrayLike, y: ArrayLike) -> Objective:
    r"""Build the objective of a linear model: its loss averaged over samples.

    Parameters
    ----------
    loss : Loss
        A record of the registry.
    x : array_like, shape (n, d)
        One row of inputs a sample, finite.
    y : array_like
        One target a sample, of the kind that ``loss.target`` names: shape (n,), or (n, K) for
        "distribution" and "labels".

    Returns
    -------
    callable
        From parameters ``theta`` to the mean loss, in nats for an entropic one, and its gradient.
        With shape ``(d + 1,)`` they are the weights and the bias of one neuron; with shape
        ``(d + 1, K)`` the columns of a softmax regression, or of K sigmoid outputs. The last row
        holds the biases. It keeps copies of `x` and `y`. Where a logit comes out as NaN, or under
        squared error of a linear output as infinite, the mean is infinite and its gradient NaN.

    Raises
    ------
    TypeError
        If `x`, `y` or `theta` do not hold real numbers, or `y` holds no integers where it must.
    ValueError
        If `x` is no matrix, is empty or is not finite; if `y` does not hold one target of its kind
        for each row of `x`; and in a call, if `theta` is not finite or does not fit `x` and `y`.

    See Also
    --------
    descend : What walks down it.

    Notes
    -----
    The logits are :math:`z = \mathbf{x}^\top \mathbf{w} + b`, so the gradient is the mean of
    :math:`\mathbf{x}\, \partial e/\partial z`, and of :math:`\partial e/\partial z` for the bias.
    Both are computed in float64; the gradient is float32 if `x` and ``theta`` are.

    Examples
    --------
    >>> import numpy as np
    >>> from losstheory import NEGATIVE_LOG_LIKELIHOOD, mean_loss
    >>> objective = mean_loss(NEGATIVE_LOG_LIKELIHOOD, [[0.0], [1.0]], [0, 1])
    >>> value, gradient = objective(np.zeros((2, 2)))
    >>> round(value, 4)
    0.6931
    >>> gradient
    array([[ 0.25, -0.25],
           [ 0.  ,  0.  ]])
    """
    inputs = as_numbers("x", x)
    if inputs.ndim != 2:
        raise ValueError(
            f"x must be a matrix; got shape {inputs.shape}; give one row for each sample"
        )
    refuse_empty("x", inputs)
    finite("x", inputs, inputs.dtype)
    n, d = inputs.shape
    with_one = np.column_stack([inputs, np.ones(n)]).astype(FLOAT64)
    targets = _targets(loss, y, n, d)
    outputs = targets.shape[1:] or ((None,) if loss.target == "class index" else ())

    def objective(theta: ArrayLike) -> tuple[float, FloatArray]:
        parameters = as_numbers("theta", theta)
        if not _fits(parameters.shape, (d + 1, *outputs)):
            wanted = ", ".join("K" if size is None else str(size) for size in (d + 1, *outputs))
            raise ValueError(
                f"theta must have shape ({wanted}{'' if outputs else ','}) for x of shape "
                f"{inputs.shape} and y of shape {targets.shape}; got {parameters.shape}; give one "
                "weight for each column of x, and the bias last"
            )
        finite("theta", parameters, parameters.dtype)
        with np.errstate(all="ignore"):
            z = with_one @ parameters.astype(FLOAT64)
            overflown = not math.isfinite(least(z) - greatest(z))
            if math.isnan(least(z)) or (loss.target == "real" and overflown):
                return math.inf, np.full(parameters.shape, math.nan)
            values, grads = loss.value_and_grad(targets, z)
            gradient = with_one.T @ grads / n
        dtype = result_type([x, theta], [inputs, parameters])
        return float(values.sum()) / n, gradient.astype(dtype, copy=False)

    return objective


def _targets(loss: Loss, y: ArrayLike, n: int, d: int) -> NDArray[Any]:
    """Return a copy of the targets of n samples, or refuse them."""
    targets = np.array(as_numbers("y", y))
    rows = loss.target in {"distribution", "labels"}
    if targets.shape[:1] != (n,) or targets.ndim != (2 if rows else 1):
        raise ValueError(
            f"y must hold one target for each of the {n} samples of x, whose shape is {(n, d)}; "
            f"got shape {targets.shape}; give it the shape {f'({n}, K)' if rows else f'({n},)'}"
        )
    if loss.target == "class index":
        return class_index("y", targets, sys.maxsize)
    loss.value_with_logits(targets, np.zeros(targets.shape))  # refuses what is no target
    return targets


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    """Say whether a shape is the one wanted, of which None is any length but 0."""
    return len(shape) == len(wanted) and all(
        size == want or (want is None and size > 0)
        for size, want in zip(shape, wanted, strict=True)
    )
