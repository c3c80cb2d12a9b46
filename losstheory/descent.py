"""One gradient-descent loop, and the objective of a linear model for it."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losstheory._checks import FloatArray, as_floats, refuse_empty, refuse_infinite
from losstheory.registry import Loss

__all__ = ["History", "descend", "mean_loss"]

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


def descend(objective: Objective, start: ArrayLike, *, step: float, steps: int) -> History:
    r"""Walk downhill, each step as long as the gradient is steep.

    Parameters
    ----------
    objective : callable
        From the parameters to the pair of value and gradient.
    start : array_like
        Parameters to start from, finite.
    step : float
        Step size, positive and finite.
    steps : int
        How many steps to take, at least 0.

    Returns
    -------
    History
        The parameters and values passed through, the start included.

    Raises
    ------
    TypeError
        If `start` does not hold real numbers.
    ValueError
        If `start` is not finite, `step` not positive, or `steps` negative.

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
    (theta,) = as_floats(start=start)
    refuse_infinite(start=theta)
    if not 0.0 < step < np.inf:
        raise ValueError(f"step must be positive and finite; got {step!r}; try 0.1")
    if steps < 0:
        raise ValueError(f"steps must be at least 0; got {steps!r}; 0 returns the start alone")
    parameters = np.empty((steps + 1, *theta.shape), dtype=theta.dtype)
    values = np.empty(steps + 1)
    for n in range(steps + 1):
        parameters[n] = theta
        values[n], gradient = objective(theta)
        theta = theta - step * gradient
    return History(parameters, values)


def mean_loss(loss: Loss, x: ArrayLike, y: ArrayLike) -> Objective:
    r"""Build the objective of a linear model: its loss averaged over samples.

    Parameters
    ----------
    loss : Loss
        A record of the registry.
    x : array_like, shape (n, d)
        One row of inputs a sample, finite.
    y : array_like
        One target a sample, of the kind that ``loss.target`` names.

    Returns
    -------
    callable
        From parameters ``theta`` to the mean loss, in nats for an entropic one, and its gradient.
        With shape ``(d + 1,)`` they are the weights and the bias of one neuron; with shape
        ``(d + 1, K)`` the columns of a softmax regression, or of K sigmoid outputs. The last row
        holds the biases.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` is no matrix, is empty or is not finite.

    See Also
    --------
    descend : What walks down it.

    Notes
    -----
    The logits are :math:`z = \mathbf{x}^\top \mathbf{w} + b`, so the gradient is the mean of
    :math:`\mathbf{x}\, \partial e/\partial z`, and of :math:`\partial e/\partial z` for the bias.

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
    (x,) = as_floats(x=x)
    if x.ndim != 2:
        raise ValueError(f"x must be a matrix; got shape {x.shape}; give one row for each sample")
    refuse_empty(x=x)
    refuse_infinite(x=x)
    with_one = np.column_stack([x, np.ones(len(x), dtype=x.dtype)])

    def objective(theta: FloatArray) -> tuple[float, FloatArray]:
        values, grads = loss.value_and_grad(y, with_one @ theta)
        return float(values.mean()), with_one.T @ grads / len(with_one)

    return objective
