"""Laws of one sigmoid neuron: how long it takes to unlearn, and where its losses curve.

The neuron starts confidently wrong, with the target ``y = 0`` and a logit ``z0 > 0``, and has
unlearnt when the logit reaches 0, where the output is 1/2. By symmetry the same laws hold for
``y = 1`` and ``-z0``. Time ``τ`` is that of gradient flow, the limit of gradient descent with a
small step size ``η``, in which ``n`` steps take the time ``η n``.
"""

import math
from functools import partial

from numpy.typing import ArrayLike

from losstheory import _kernels
from losstheory._blocks import by_elements, pair_by_elements
from losstheory._checks import (
    FloatArray,
    finite,
    log_of_base,
    no_nan,
    not_negative,
    positive,
    target,
)

__all__ = [
    "cross_entropy_curvature",
    "squared_error_curvature",
    "squared_error_inflections",
    "unlearning_steps_cross_entropy",
    "unlearning_steps_squared_error",
    "unlearning_time_cross_entropy",
    "unlearning_time_squared_error",
]


# --- time of gradient flow ------------------------------------------------------------------


def unlearning_time_cross_entropy(
    z0: ArrayLike, x: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Time the unlearning of one neuron under binary cross entropy: linear in the logit.

    Parameters
    ----------
    z0 : array_like
        Logit at the start, at least 0; the target is 0.
    x : array_like
        Input of the neuron, finite; shapes broadcast.
    base : float, default math.e
        Base of the loss's logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray
        Time until the logit is 0, with the shape of `z0` and `x` broadcast.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `z0` is negative or NaN, `x` is not finite, the shapes do not broadcast, or `base` is
        not above 1.

    See Also
    --------
    unlearning_time_squared_error : The same under squared error: exponential.
    unlearning_steps_cross_entropy : The same in steps of gradient descent.

    Notes
    -----
    Weight and bias follow the negative gradient, so
    :math:`dz/d\tau = -(1 + x^2)\, \partial e/\partial z = -(1 + x^2)\, \sigma(z)`, and
    :math:`T = (z_0 + 1 - \exp(-z_0))/(1 + x^2)` in nats. In bits the gradient is larger by
    the factor :math:`1/\ln(2)`, and the time is multiplied by :math:`\ln(2)`.

    Examples
    --------
    The source's two cases: the second starts five times as far from 0 and takes four times as long.

    >>> from losstheory import unlearning_time_cross_entropy
    >>> unlearning_time_cross_entropy([1.1, 5.85], 1.5).round(4)
    array([0.5437, 2.1068])
    """
    kernel = partial(_kernels.unlearning_time_cross_entropy, nats=log_of_base(base))
    return by_elements(kernel, z0=(z0, not_negative), x=(x, finite))


def unlearning_time_squared_error(z0: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""Time the unlearning of one neuron under half squared error: exponential in the logit.

    Parameters
    ----------
    z0 : array_like
        Logit at the start, at least 0; the target is 0.
    x : array_like
        Input of the neuron, finite; shapes broadcast.

    Returns
    -------
    ndarray
        Time until the logit is 0, with the shape of `z0` and `x` broadcast. Where it exceeds the
        range of float64 (at ``x = 0`` from about ``z0 = 709.8`` on) it is infinite, without a
        warning: no time that could be waited for is lost.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `z0` is negative or NaN, `x` is not finite, or the shapes do not broadcast.

    See Also
    --------
    unlearning_time_cross_entropy : The same under cross entropy: linear.
    unlearning_steps_squared_error : The same in steps of gradient descent.

    Notes
    -----
    Here :math:`dz/d\tau = -(1 + x^2)\, o^2 (1 - o)`, and
    ``T = (exp(z_0) + 3 z_0 + 5/2 - 3 exp(-z_0) - exp(-2 z_0) / 2) / (1 + x**2)``. The first term
    is the price of the sigmoid's flat tail.

    Examples
    --------
    The source's two cases: the second takes 47 times as long.

    >>> from losstheory import unlearning_time_squared_error
    >>> unlearning_time_squared_error([1.1, 5.85], 1.5).round(4)
    array([  2.3847, 113.0079])
    """
    kernel = _kernels.unlearning_time_squared_error
    return by_elements(kernel, z0=(z0, not_negative), x=(x, finite))


# --- steps of gradient descent --------------------------------------------------------------


def unlearning_steps_cross_entropy(
    z0: ArrayLike, x: ArrayLike, *, step: ArrayLike, base: float = math.e
) -> FloatArray:
    r"""Predict the gradient descent steps that unlearning takes under binary cross entropy.

    Parameters
    ----------
    z0 : array_like
        Logit at the start, at least 0; the target is 0.
    x : array_like
        Input of the neuron, finite; shapes broadcast.
    step : array_like
        Step size, positive and finite; shapes broadcast.
    base : float, default math.e
        Base of the loss's logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray
        Whole numbers, as floats: after so many steps the logit is 0 or less for the first time.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `z0` is negative or NaN, `x` is not finite, `step` is not positive, the shapes do not
        broadcast, or `base` is not above 1.

    See Also
    --------
    unlearning_time_cross_entropy : The time that the steps add up to.

    Notes
    -----
    With the speed :math:`g(z) = -dz/d\tau`, it is
    :math:`\lceil T/\eta - \tfrac12 \ln(g(z_0)/g(0)) \rceil`: gradient descent follows, to second
    order in the step size, a slightly different flow, the modified equation (Hairer, Lubich and
    Wanner 2006). Hence the count may be off by one, when the number that is rounded up lies close
    to a whole number, or when ``step * (1 + x**2)`` is no longer small beside 4.

    References
    ----------
    .. [1] E. Hairer, C. Lubich and G. Wanner, *Geometric Numerical Integration*, 2nd ed.,
       Springer, 2006, chapter IX.

    Examples
    --------
    >>> from losstheory import unlearning_steps_cross_entropy
    >>> unlearning_steps_cross_entropy([1.1, 5.85], 1.5, step=0.1)
    array([ 6., 21.])
    """
    kernel = partial(_kernels.unlearning_steps_cross_entropy, nats=log_of_base(base))
    return by_elements(kernel, z0=(z0, not_negative), x=(x, finite), step=(step, positive))


def unlearning_steps_squared_error(z0: ArrayLike, x: ArrayLike, *, step: ArrayLike) -> FloatArray:
    r"""Predict the gradient descent steps that unlearning takes under half squared error.

    Parameters
    ----------
    z0 : array_like
        Logit at the start, at least 0; the target is 0.
    x : array_like
        Input of the neuron, finite; shapes broadcast.
    step : array_like
        Step size, positive and finite; shapes broadcast.

    Returns
    -------
    ndarray
        Whole numbers, as floats: after so many steps the logit is 0 or less for the first time.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `z0` is negative or NaN, `x` is not finite, `step` is not positive, or the shapes do
        not broadcast.

    See Also
    --------
    unlearning_time_squared_error : The time that the steps add up to.
    unlearning_steps_cross_entropy : The same under cross entropy, where the law is explained.

    Notes
    -----
    Again :math:`\lceil T/\eta - \tfrac12 \ln(g(z_0)/g(0)) \rceil`, here with the speed
    :math:`g(z) = (1 + x^2)\, \sigma(z)^2 (1 - \sigma(z))`.

    Examples
    --------
    >>> from losstheory import unlearning_steps_squared_error
    >>> unlearning_steps_squared_error([1.1, 5.85], 1.5, step=0.1)
    array([  24., 1132.])
    """
    kernel = _kernels.unlearning_steps_squared_error
    return by_elements(kernel, z0=(z0, not_negative), x=(x, finite), step=(step, positive))


# --- curvature ------------------------------------------------------------------------------


def cross_entropy_curvature(z: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Differentiate binary cross entropy twice by the logit: positive at each finite one.

    Parameters
    ----------
    z : array_like
        Logit, any real number or infinity.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray
        ``sigmoid_grad(z) / log(base)``, with the shape of `z`, whatever the target.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.
    ValueError
        If `z` holds NaN, or `base` is not above 1.

    See Also
    --------
    squared_error_curvature : The same for squared error: negative where confidently wrong.

    Examples
    --------
    >>> from losstheory import cross_entropy_curvature
    >>> cross_entropy_curvature([0.0, 5.85]).round(4)
    array([0.25  , 0.0029])
    """
    return by_elements(_kernels.sigmoid_grad, log_of_base(base), z=(z, no_nan))


def squared_error_curvature(y: ArrayLike, z: ArrayLike) -> FloatArray:
    r"""Differentiate the half squared error of a sigmoid output twice by the logit.

    Parameters
    ----------
    y : array_like
        Target in [0, 1].
    z : array_like
        Logit, any real number or infinity; shapes broadcast.

    Returns
    -------
    ndarray
        The second derivative: positive between the two inflections, negative outside them.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` leaves [0, 1], `z` holds NaN, or the shapes do not broadcast.

    See Also
    --------
    squared_error_inflections : Where it changes sign.
    cross_entropy_curvature : The same for cross entropy.

    Notes
    -----
    With :math:`\sigma'(z) = o(1 - o)` it is
    :math:`\sigma'(z)\,(\sigma'(z) + (o - y)(1 - 2o))`; at ``y = 0``,
    :math:`o^2 (1 - o)(2 - 3o)`.

    Examples
    --------
    >>> from losstheory import squared_error_curvature
    >>> squared_error_curvature(0.0, [-1.0, 0.0, 5.85]).round(4)
    array([ 0.0631,  0.0625, -0.0028])
    """
    return by_elements(_kernels.squared_error_curvature, y=(y, target), z=(z, no_nan))


def squared_error_inflections(y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Find the outputs between which half squared error is convex in the logit.

    Parameters
    ----------
    y : array_like
        Target in [0, 1].

    Returns
    -------
    lower, upper : ndarray
        Outputs at which the curvature is 0. At ``y = 0`` the lower one is 0 and at ``y = 1`` the
        upper one is 1, which no finite logit reaches: one inflection is left.

    Raises
    ------
    TypeError
        If `y` does not hold real numbers.
    ValueError
        If `y` leaves [0, 1].

    See Also
    --------
    squared_error_curvature : What changes sign there.
    logit : From these outputs to logits.

    Notes
    -----
    The curvature has the sign of the parabola :math:`-3 o^2 + 2 (1 + y) o - y`, whose roots are
    :math:`(1 + y)/3` less and plus :math:`\sqrt{1 - y + y^2}/3`.

    Examples
    --------
    >>> from losstheory import squared_error_inflections
    >>> lower, upper = squared_error_inflections([0.0, 0.5, 1.0])
    >>> lower.round(4), upper.round(4)
    (array([0.    , 0.2113, 0.3333]), array([0.6667, 0.7887, 1.    ]))
    """
    return pair_by_elements(_kernels.squared_error_inflections, y=(y, target))
