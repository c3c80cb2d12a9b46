"""Activation functions and their derivatives.

The logit ``z`` is a single number per output, the scores ``s`` are a vector along an axis.
Activations carry a NaN through, as NumPy does, and reach their limits at infinite arguments
without a warning. Sigmoid, ReLU and softmax stand beside their derivatives; the formulas are in
``_kernels``.
"""

import numpy as np
from numpy.typing import ArrayLike

from losstheory import _kernels
from losstheory._blocks import Kernel, by_elements, by_rows
from losstheory._checks import (
    FloatArray,
    any_number,
    as_numbers,
    probability_or_nan,
    whole_number,
)

__all__ = [
    "log_sigmoid",
    "log_softmax",
    "logit",
    "logsumexp",
    "relu",
    "relu_grad",
    "sigmoid",
    "sigmoid_grad",
    "softmax",
    "softmax_jacobian",
    "softplus",
]


def sigmoid(z: ArrayLike) -> FloatArray:
    r"""Squash a logit into a probability.

    Parameters
    ----------
    z : array_like
        Logit, any real number or infinity.

    Returns
    -------
    ndarray
        ``1 / (1 + exp(-z))`` in [0, 1], with the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    See Also
    --------
    sigmoid_grad : Its slope.
    logit : Its inverse.

    Notes
    -----
    Also called the logistic function, or expit. With :math:`u = \exp(-|z|)`, which never
    overflows, it is :math:`1/(1+u)` for :math:`z \ge 0` and :math:`u/(1+u)` below, so that no
    digit is lost on either side (Higham 2002).

    References
    ----------
    .. [1] N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM, 2002,
       chapter 1.

    Examples
    --------
    >>> from losstheory import sigmoid
    >>> sigmoid([-1000.0, 0.0, 1.1]).round(4)
    array([0.    , 0.5   , 0.7503])
    """
    return by_elements(_kernels.sigmoid, z=(z, any_number))


def sigmoid_grad(z: ArrayLike) -> FloatArray:
    r"""Differentiate the sigmoid.

    Parameters
    ----------
    z : array_like
        Logit.

    Returns
    -------
    ndarray
        The slope ``sigmoid(z) * (1 - sigmoid(z))`` in [0, 1/4], with the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    See Also
    --------
    sigmoid : The function itself.

    Notes
    -----
    The peak is 1/4 at ``z = 0``. The product form loses every digit beyond ``z = 37``, where
    ``1 - sigmoid(z)`` is exactly 0; with :math:`u = \exp(-|z|)` the slope is
    :math:`u/(1+u)^2` on both sides.

    Examples
    --------
    >>> from losstheory import sigmoid_grad
    >>> sigmoid_grad([0.0, 4.0, 40.0])
    array([2.50000000e-01, 1.76627062e-02, 4.24835426e-18])
    """
    return by_elements(_kernels.sigmoid_grad, z=(z, any_number))


def log_sigmoid(z: ArrayLike) -> FloatArray:
    r"""Take the natural logarithm of the sigmoid, without underflow.

    Parameters
    ----------
    z : array_like
        Logit.

    Returns
    -------
    ndarray
        ``log(sigmoid(z))`` in nats, at most 0, with the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    See Also
    --------
    softplus : ``-log_sigmoid(-z)``.

    Notes
    -----
    :math:`\ln\sigma(z) = \min(z, 0) - \ln(1 + \exp(-|z|))`; both terms are at most 0, so
    nothing cancels.

    Examples
    --------
    >>> from losstheory import log_sigmoid
    >>> log_sigmoid([-1000.0, 0.0, 40.0])
    array([-1.00000000e+03, -6.93147181e-01, -4.24835426e-18])
    """
    return by_elements(_kernels.log_sigmoid, z=(z, any_number))


def softplus(z: ArrayLike) -> FloatArray:
    r"""Integrate the sigmoid: a smooth ReLU.

    Parameters
    ----------
    z : array_like
        Logit.

    Returns
    -------
    ndarray
        ``log(1 + exp(z))``, at least 0, with the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    See Also
    --------
    sigmoid : Its derivative.

    Notes
    -----
    It is the binary cross entropy, in nats, of the target 0 at the logit `z`.

    Examples
    --------
    >>> from losstheory import softplus
    >>> softplus([-40.0, 0.0, 1000.0])
    array([4.24835426e-18, 6.93147181e-01, 1.00000000e+03])
    """
    return by_elements(_kernels.softplus, z=(z, any_number))


def logit(o: ArrayLike) -> FloatArray:
    r"""Turn a probability back into its logit, the logarithm of the odds.

    Parameters
    ----------
    o : array_like
        Probability in [0, 1]. A NaN is carried through.

    Returns
    -------
    ndarray
        ``log(o / (1 - o))``; minus infinity at 0, infinity at 1; with the shape of `o`.

    Raises
    ------
    TypeError
        If `o` does not hold real numbers.
    ValueError
        If `o` leaves [0, 1].

    See Also
    --------
    sigmoid : Its inverse.

    Notes
    -----
    Around 1/2 the odds are near 1 and their logarithm would lose digits; there
    :math:`2\operatorname{artanh}(2o - 1)` is used, whose argument is exact.

    Examples
    --------
    >>> from losstheory import logit
    >>> logit([0.0, 0.5, 0.9]).round(4)
    array([  -inf, 0.    , 2.1972])
    """
    return by_elements(_kernels.logit, o=(o, probability_or_nan))


def relu(z: ArrayLike) -> FloatArray:
    """Cut off the negative part.

    Parameters
    ----------
    z : array_like
        Logit of a hidden unit.

    Returns
    -------
    ndarray
        ``max(z, 0)``, with the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    See Also
    --------
    relu_grad : Its slope.

    Notes
    -----
    The rectified linear unit.

    References
    ----------
    .. [1] X. Glorot, A. Bordes and Y. Bengio, "Deep sparse rectifier neural networks", *AISTATS*,
       PMLR 15, 2011.

    Examples
    --------
    >>> from losstheory import relu
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return by_elements(_kernels.relu, z=(z, any_number))


def relu_grad(z: ArrayLike) -> FloatArray:
    """Differentiate the ReLU.

    Parameters
    ----------
    z : array_like
        Logit of a hidden unit.

    Returns
    -------
    ndarray
        1 where `z` is positive, 0 elsewhere, with the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    See Also
    --------
    relu : The function itself.

    Notes
    -----
    At 0 there is no derivative; every number from 0 to 1 is a subgradient, of which 0 is chosen.

    Examples
    --------
    >>> from losstheory import relu_grad
    >>> relu_grad([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    return by_elements(_kernels.relu_grad, z=(z, any_number))


def _along(kernel: Kernel, s: ArrayLike, axis: int) -> FloatArray:
    """Apply a kernel of rows along an axis; the entries of its results come last."""
    scores = as_numbers("s", s)
    axis, ndim = whole_number("axis", axis, "-1 is the last axis"), scores.ndim
    if not -ndim <= axis < ndim:
        raise ValueError(
            f"axis must be an axis of s, from {-ndim} to {ndim - 1}; got {axis}; "
            "a single number has no classes"
        )
    return by_rows(kernel, s=(np.moveaxis(scores, axis, -1), any_number))


def softmax(s: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Turn scores into a probability distribution.

    Parameters
    ----------
    s : array_like
        Scores, any real numbers or infinities.
    axis : int, default -1
        The axis along which the outputs sum to 1.

    Returns
    -------
    ndarray
        ``exp(s_j) / sum_i exp(s_i)``, with the shape of `s`.

    Raises
    ------
    TypeError
        If `s` does not hold real numbers.
    ValueError
        If `s` has no such axis, or nothing along it.

    See Also
    --------
    log_softmax : Its logarithm, without underflow.
    softmax_jacobian : Its derivative.
    sigmoid : The case of two classes, ``softmax([z, 0])[0]``.

    Notes
    -----
    Adding the same number to every score changes nothing, so the largest score may be taken
    off first and no exponential overflows. Where several scores are infinite and the largest, they
    share the probability equally.

    References
    ----------
    .. [1] J. S. Bridle, "Probabilistic interpretation of feedforward classification network
       outputs", *Neurocomputing*, Springer, 1990.

    Examples
    --------
    >>> from losstheory import softmax
    >>> softmax([1.0, 2.0, 3.0]).round(4)
    array([0.09  , 0.2447, 0.6652])
    >>> softmax([1000.0, 0.0])
    array([1., 0.])
    """
    return np.moveaxis(_along(_kernels.softmax, s, axis), -1, axis)


def log_softmax(s: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Take the natural logarithm of the softmax, without underflow.

    Parameters
    ----------
    s : array_like
        Scores.
    axis : int, default -1
        The axis of the classes.

    Returns
    -------
    ndarray
        ``log(softmax(s))`` in nats, at most 0, with the shape of `s`.

    Raises
    ------
    TypeError
        If `s` does not hold real numbers.
    ValueError
        If `s` has no such axis, or nothing along it.

    See Also
    --------
    softmax : The distribution itself.
    logsumexp : The normalising constant.

    Notes
    -----
    :math:`d_j - \ln(1 + \sum_{i \ne m} \exp(d_i))` with :math:`d_j = s_j - s_m` and :math:`m`
    the largest; leaving the 1 to ``log1p`` keeps the digits of a confident output
    (Blanchard, Higham and Higham 2021).

    References
    ----------
    .. [1] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and
       softmax functions", *IMA Journal of Numerical Analysis* 41, 2021.

    Examples
    --------
    >>> from losstheory import log_softmax
    >>> log_softmax([40.0, 0.0])
    array([-4.24835426e-18, -4.00000000e+01])
    """
    return np.moveaxis(_along(_kernels.log_softmax, s, axis), -1, axis)


def logsumexp(s: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Add exponentials and take the logarithm: a smooth maximum.

    Parameters
    ----------
    s : array_like
        Scores.
    axis : int, default -1
        The axis to sum over; it is gone from the result.

    Returns
    -------
    ndarray
        ``log(sum_i exp(s_i))``.

    Raises
    ------
    TypeError
        If `s` does not hold real numbers.
    ValueError
        If `s` has no such axis, or nothing along it.

    See Also
    --------
    softmax : Its gradient.

    Notes
    -----
    Unlike the softmax it is not invariant to a shift: adding *c* to every score adds *c*. So the
    largest score is taken off before the exponentials and added again at the end
    (Blanchard, Higham and Higham 2021).

    References
    ----------
    .. [1] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and
       softmax functions", *IMA Journal of Numerical Analysis* 41, 2021.

    Examples
    --------
    >>> from losstheory import logsumexp
    >>> logsumexp([1000.0, 1000.0]).round(4)
    np.float64(1000.6931)
    """
    return _along(_kernels.logsumexp, s, axis)


def softmax_jacobian(s: ArrayLike) -> FloatArray:
    r"""Differentiate every output of the softmax by every score.

    Parameters
    ----------
    s : array_like
        Scores, the classes along the last axis.

    Returns
    -------
    ndarray
        ``J[..., i, j] = o_i (delta_ij - o_j)``, the derivative of output *i* by score *j*;
        one axis more than `s`.

    Raises
    ------
    TypeError
        If `s` does not hold real numbers.
    ValueError
        If `s` has nothing along its last axis.

    See Also
    --------
    softmax : The function itself.

    Notes
    -----
    The matrix is symmetric, and each of its rows sums to 0: a shift of all the scores moves no
    output. Its diagonal :math:`o_i(1 - o_i)` is written as :math:`o_i` times the sum of the
    *other* outputs, which keeps its digits when one output is close to 1.

    Examples
    --------
    >>> from losstheory import softmax_jacobian
    >>> softmax_jacobian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    return by_rows(_kernels.softmax_jacobian, square=True, s=(s, any_number))
