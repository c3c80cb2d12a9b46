"""Losses and their hand-derived gradients.

Every function takes the target first, ``(y, o)`` at the output or ``(y, z)`` / ``(y, s)`` at the
logit, and returns one value per sample; the caller reduces with ``.mean()`` or ``.sum()``. Each
loss stands with its gradient at the output, its value at the logit and its gradient there.

At the logit a hard target, 0 or 1, loses no digits however large the logit is: the forms use
``u = exp(-|z|)``, which never overflows, and subtract no two rounded numbers that are nearly equal.
For a soft target the gradient of a cross entropy is the difference of output and target. Near the
output that fits, where it vanishes, only the digits of the larger of the two are kept, and the
error can be larger than the difference itself: for one logit it is below three ULP of the larger,
in rows of a thousand scores about five were seen.
"""

import math

from numpy.typing import ArrayLike

from losstheory import _kernels
from losstheory._blocks import by_elements, by_rows, pair_by_elements, pair_by_rows
from losstheory._checks import (
    FloatArray,
    distribution,
    finite,
    log_of_base,
    no_nan,
    output,
    target,
)

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "categorical_cross_entropy",
    "categorical_cross_entropy_grad",
    "categorical_cross_entropy_with_logits",
    "categorical_cross_entropy_with_logits_grad",
    "half_squared_error",
    "half_squared_error_grad",
    "half_squared_error_with_logits",
    "half_squared_error_with_logits_grad",
    "multilabel_cross_entropy",
    "multilabel_cross_entropy_grad",
    "multilabel_cross_entropy_with_logits",
    "multilabel_cross_entropy_with_logits_grad",
    "negative_log_likelihood",
    "negative_log_likelihood_grad",
    "negative_log_likelihood_with_logits",
    "negative_log_likelihood_with_logits_grad",
]

# --- half squared error ---------------------------------------------------------------------


def half_squared_error(y: ArrayLike, o: ArrayLike) -> FloatArray:
    r"""Measure half the squared distance of an output from its target.

    Parameters
    ----------
    y : array_like
        Target, any finite real number.
    o : array_like
        Output, any finite real number; shapes broadcast.

    Returns
    -------
    ndarray
        ``(y - o)**2 / 2`` for each element, in the squared unit of `y`.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument holds NaN or infinity, or the shapes do not broadcast.

    See Also
    --------
    half_squared_error_grad : Its gradient at the output.
    half_squared_error_with_logits : The same at the logit of a sigmoid.

    Notes
    -----
    Synonyms: L2 loss; twice its mean is the MSE, or for a yes or no the Brier score. The half
    makes the gradient ``o - y`` and nothing else; without it every gradient doubles.

    Examples
    --------
    >>> from losstheory import half_squared_error
    >>> half_squared_error(0.0, [0.7503, 0.9971]).round(4)
    array([0.2815, 0.4971])
    """
    return by_elements(_kernels.half_squared_error, y=(y, finite), o=(o, finite))


def half_squared_error_grad(y: ArrayLike, o: ArrayLike) -> FloatArray:
    r"""Differentiate the half squared error by the output.

    Parameters
    ----------
    y : array_like
        Target, any finite real number.
    o : array_like
        Output, any finite real number; shapes broadcast.

    Returns
    -------
    ndarray
        ``o - y``.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument holds NaN or infinity, or the shapes do not broadcast.

    See Also
    --------
    half_squared_error : The loss.

    Examples
    --------
    >>> from losstheory import half_squared_error_grad
    >>> half_squared_error_grad(0.0, [0.7503, 0.9971])
    array([0.7503, 0.9971])
    """
    return by_elements(_kernels.half_squared_error_grad, y=(y, finite), o=(o, finite))


def _half_squared_error_both(y: ArrayLike, o: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the value and the gradient, which share their difference."""
    kernel = _kernels.half_squared_error_both
    return pair_by_elements(kernel, y=(y, finite), o=(o, finite))


def half_squared_error_with_logits(y: ArrayLike, z: ArrayLike) -> FloatArray:
    r"""Measure half the squared error of a sigmoid output, from its logit.

    Parameters
    ----------
    y : array_like
        Target in [0, 1].
    z : array_like
        Logit, any real number or infinity; shapes broadcast.

    Returns
    -------
    ndarray
        ``(y - sigmoid(z))**2 / 2``, at most 1/2.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` leaves [0, 1], `z` holds NaN, or the shapes do not broadcast.

    See Also
    --------
    half_squared_error_with_logits_grad : Its gradient at the logit.

    Notes
    -----
    This pair of loss and activation does not match: the slope of the sigmoid stays in the
    gradient.

    Examples
    --------
    >>> from losstheory import half_squared_error_with_logits
    >>> half_squared_error_with_logits(0.0, [1.1, 5.85]).round(4)
    array([0.2814, 0.4971])
    """
    return by_elements(_kernels.half_squared_error_with_logits, y=(y, target), z=(z, no_nan))


def half_squared_error_with_logits_grad(y: ArrayLike, z: ArrayLike) -> FloatArray:
    r"""Differentiate the half squared error of a sigmoid output by the logit.

    Parameters
    ----------
    y : array_like
        Target in [0, 1].
    z : array_like
        Logit, any real number or infinity; shapes broadcast.

    Returns
    -------
    ndarray
        ``(sigmoid(z) - y) * sigmoid_grad(z)``.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` leaves [0, 1], `z` holds NaN, or the shapes do not broadcast.

    See Also
    --------
    half_squared_error_with_logits : The loss.

    Notes
    -----
    At ``y = 0`` it is :math:`o^2 (1 - o)`: it peaks at ``o = 2/3`` and vanishes as the
    output grows confidently wrong.

    Examples
    --------
    >>> from losstheory import half_squared_error_with_logits_grad
    >>> half_squared_error_with_logits_grad(0.0, [1.1, 5.85]).round(4)
    array([0.1406, 0.0029])
    """
    return by_elements(_kernels.half_squared_error_with_logits_grad, y=(y, target), z=(z, no_nan))


def _half_squared_error_with_logits_both(
    y: ArrayLike, z: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the value and the gradient, which share their exponentials."""
    kernel = _kernels.half_squared_error_with_logits_both
    return pair_by_elements(kernel, y=(y, target), z=(z, no_nan))


# --- binary cross entropy -------------------------------------------------------------------


def binary_cross_entropy(y: ArrayLike, o: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Measure the surprise at a yes-or-no target, given the probability of yes.

    Parameters
    ----------
    y : array_like
        Target in [0, 1]: 0, 1 or a probability.
    o : array_like
        Output, the probability of 1, in [0, 1]; shapes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray
        ``-(y log(o) + (1 - y) log(1 - o))`` for each element, with ``0 log 0 = 0``; infinite
        where the output excludes what happened.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` or `o` leaves [0, 1], the shapes do not broadcast, or `base` is not above 1.

    See Also
    --------
    binary_cross_entropy_grad : Its gradient at the output.
    binary_cross_entropy_with_logits : The same from the logit, to prefer wherever there is one.
    multilabel_cross_entropy : The sum of several of these.

    Notes
    -----
    Synonyms: log loss, logistic loss, Bernoulli negative log-likelihood. Its minimum over `o` is
    the entropy of `y`, which is 0 only for a hard target.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, MIT Press, 2016,
       section 6.2.2.2.

    Examples
    --------
    >>> from losstheory import binary_cross_entropy
    >>> binary_cross_entropy(1.0, [0.98, 0.0001], base=2).round(4)
    array([ 0.0291, 13.2877])
    """
    unit = log_of_base(base)
    kernel = _kernels.binary_cross_entropy
    return by_elements(kernel, unit, y=(y, target), o=(o, output))


def binary_cross_entropy_grad(y: ArrayLike, o: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Differentiate the binary cross entropy by the output.

    Parameters
    ----------
    y : array_like
        Target in [0, 1].
    o : array_like
        Output in [0, 1]; shapes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray
        ``(o - y) / (o (1 - o) log(base))``; its limit at the ends.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` or `o` leaves [0, 1], the shapes do not broadcast, or `base` is not above 1.

    See Also
    --------
    binary_cross_entropy : The loss.
    binary_cross_entropy_with_logits_grad : The gradient at the logit, where the denominator is
        gone.

    Examples
    --------
    >>> from losstheory import binary_cross_entropy_grad
    >>> binary_cross_entropy_grad([0.0, 1.0], [0.5, 0.5])
    array([ 2., -2.])
    """
    unit = log_of_base(base)
    kernel = _kernels.binary_cross_entropy_grad
    return by_elements(kernel, unit, y=(y, target), o=(o, output))


def binary_cross_entropy_with_logits(
    y: ArrayLike, z: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Measure the binary cross entropy of a sigmoid output, from its logit.

    Parameters
    ----------
    y : array_like
        Target in [0, 1].
    z : array_like
        Logit, any real number or infinity; shapes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray
        ``binary_cross_entropy(y, sigmoid(z))``, exact to the last digits for any logit.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` leaves [0, 1], `z` holds NaN, the shapes do not broadcast, or `base` is not above 1.

    See Also
    --------
    binary_cross_entropy_with_logits_grad : Its gradient at the logit.

    Notes
    -----
    With :math:`u = \exp(-|z|)` and :math:`h` the step from 0 to 1 at zero, the loss is
    :math:`\ln(1 + u) + z (h - y)`. Both terms are at least 0, so nothing cancels.

    Examples
    --------
    >>> from losstheory import binary_cross_entropy_with_logits
    >>> binary_cross_entropy_with_logits([0.0, 0.0, 1.0], [-40.0, 1000.0, 1.1])
    array([4.24835426e-18, 1.00000000e+03, 2.87335325e-01])
    """
    unit = log_of_base(base)
    kernel = _kernels.binary_cross_entropy_with_logits
    return by_elements(kernel, unit, y=(y, target), z=(z, no_nan))


def binary_cross_entropy_with_logits_grad(
    y: ArrayLike, z: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Differentiate the binary cross entropy of a sigmoid output by the logit.

    Parameters
    ----------
    y : array_like
        Target in [0, 1].
    z : array_like
        Logit, any real number or infinity; shapes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray
        ``(sigmoid(z) - y) / log(base)``: in nats the error itself, in bits ``1 / ln 2`` times it.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` leaves [0, 1], `z` holds NaN, the shapes do not broadcast, or `base` is not above 1.

    See Also
    --------
    binary_cross_entropy_with_logits : The loss.

    Notes
    -----
    For a hard target all digits are right at any logit. For a soft one the error is below three
    ULP of the larger of ``sigmoid(z)`` and `y`, which is much where the two nearly agree.

    Examples
    --------
    >>> from losstheory import binary_cross_entropy_with_logits_grad
    >>> binary_cross_entropy_with_logits_grad(0.0, [1.1, 5.85]).round(4)
    array([0.7503, 0.9971])
    """
    unit = log_of_base(base)
    kernel = _kernels.binary_cross_entropy_with_logits_grad
    return by_elements(kernel, unit, y=(y, target), z=(z, no_nan))


def _binary_cross_entropy_both(
    y: ArrayLike, z: ArrayLike, *, base: float = math.e
) -> tuple[FloatArray, FloatArray]:
    """Return the value and the gradient, which share their exponentials."""
    unit = log_of_base(base)
    kernel = _kernels.binary_cross_entropy_with_logits_both
    return pair_by_elements(kernel, unit, y=(y, target), z=(z, no_nan))


# --- categorical cross entropy --------------------------------------------------------------


def categorical_cross_entropy(y: ArrayLike, o: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Measure the surprise at one of K classes, given their probabilities.

    Parameters
    ----------
    y : array_like, shape (..., K)
        Target rows: one-hot, or a distribution over the classes.
    o : array_like, shape (..., K)
        Output rows, each a distribution; leading axes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        ``-sum_i y_i log(o_i)`` for each row, with ``0 log 0 = 0``.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a row is no distribution, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    negative_log_likelihood : The same number for a class index.
    multilabel_cross_entropy : When several labels can be right at once.

    Notes
    -----
    Synonyms: softmax cross entropy (at the scores), multinomial log loss.

    Examples
    --------
    >>> from losstheory import categorical_cross_entropy
    >>> categorical_cross_entropy([0, 1, 0], [0.25, 0.5, 0.25], base=2)
    np.float64(1.0)
    """
    unit = log_of_base(base)
    kernel = _kernels.categorical_cross_entropy
    return by_rows(kernel, unit, y=(y, distribution), o=(o, distribution))


def categorical_cross_entropy_grad(
    y: ArrayLike, o: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Differentiate the categorical cross entropy by each output.

    Parameters
    ----------
    y : array_like, shape (..., K)
        Target rows, each a distribution.
    o : array_like, shape (..., K)
        Output rows, each a distribution; leading axes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (..., K)
        ``-y_i / (o_i log(base))``, and 0 where ``y_i`` is 0.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a row is no distribution, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    categorical_cross_entropy : The loss.

    Notes
    -----
    The outputs are taken as independent here; through the softmax, which keeps their sum at 1,
    the gradient becomes ``o - y``.

    Examples
    --------
    >>> from losstheory import categorical_cross_entropy_grad
    >>> categorical_cross_entropy_grad([0, 1, 0], [0.25, 0.5, 0.25])
    array([ 0., -2.,  0.])
    """
    unit = log_of_base(base)
    kernel = _kernels.categorical_cross_entropy_grad
    return by_rows(kernel, unit, y=(y, distribution), o=(o, distribution))


def categorical_cross_entropy_with_logits(
    y: ArrayLike, s: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Measure the categorical cross entropy of a softmax output, from its scores.

    Parameters
    ----------
    y : array_like, shape (..., K)
        Target rows, each a distribution.
    s : array_like, shape (..., K)
        Scores, any real numbers or infinities; leading axes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        ``categorical_cross_entropy(y, softmax(s))``, without underflow.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a row of `y` is no distribution, `s` holds NaN, the shapes do not fit, or `base` is not
        above 1.

    See Also
    --------
    categorical_cross_entropy_with_logits_grad : Its gradient at the scores.

    Examples
    --------
    >>> from losstheory import categorical_cross_entropy_with_logits
    >>> categorical_cross_entropy_with_logits([1, 0], [[40.0, 0.0], [0.0, 1000.0]])
    array([4.24835426e-18, 1.00000000e+03])
    """
    unit = log_of_base(base)
    kernel = _kernels.categorical_cross_entropy_with_logits
    return by_rows(kernel, unit, y=(y, distribution), s=(s, no_nan))


def categorical_cross_entropy_with_logits_grad(
    y: ArrayLike, s: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Differentiate the categorical cross entropy of a softmax output by each score.

    Parameters
    ----------
    y : array_like, shape (..., K)
        Target rows, each a distribution.
    s : array_like, shape (..., K)
        Scores, any real numbers or infinities; leading axes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (..., K)
        ``(softmax(s) - y) / log(base)``.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a row of `y` is no distribution, `s` holds NaN, the shapes do not fit, or `base` is not
        above 1.

    See Also
    --------
    categorical_cross_entropy_with_logits : The loss.

    Examples
    --------
    >>> from losstheory import categorical_cross_entropy_with_logits_grad
    >>> categorical_cross_entropy_with_logits_grad([0, 1], [0.0, 0.0])
    array([ 0.5, -0.5])
    """
    unit = log_of_base(base)
    kernel = _kernels.categorical_cross_entropy_with_logits_grad
    return by_rows(kernel, unit, y=(y, distribution), s=(s, no_nan))


def _categorical_cross_entropy_both(
    y: ArrayLike, s: ArrayLike, *, base: float = math.e
) -> tuple[FloatArray, FloatArray]:
    """Return the value and the gradient, which share their exponentials."""
    unit = log_of_base(base)
    kernel = _kernels.categorical_cross_entropy_with_logits_both
    return pair_by_rows(kernel, unit, y=(y, distribution), s=(s, no_nan))


# --- multi-label cross entropy --------------------------------------------------------------


def multilabel_cross_entropy(y: ArrayLike, o: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Measure the surprise at K labels, each of which can be on or off.

    Parameters
    ----------
    y : array_like, shape (..., K)
        Targets in [0, 1], one a label; they need not sum to 1.
    o : array_like, shape (..., K)
        Outputs in [0, 1], the probability of each label; shapes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        The sum over the last axis of K binary cross entropies.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` or `o` leaves [0, 1], the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    binary_cross_entropy : One of the terms.
    categorical_cross_entropy : When exactly one class is right.

    Notes
    -----
    In frameworks it is binary cross entropy, by default often a *mean* over the labels (Keras) or
    over labels and samples (PyTorch): for one sample the sum divided by K.

    Examples
    --------
    >>> from losstheory import multilabel_cross_entropy
    >>> multilabel_cross_entropy([1, 1, 0], [0.5, 0.5, 0.5], base=2)
    np.float64(3.0)
    """
    unit = log_of_base(base)
    kernel = _kernels.multilabel_cross_entropy
    return by_rows(kernel, unit, y=(y, target), o=(o, output))


def multilabel_cross_entropy_grad(
    y: ArrayLike, o: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Differentiate the multi-label cross entropy by each output.

    Parameters
    ----------
    y : array_like, shape (..., K)
        Targets in [0, 1].
    o : array_like, shape (..., K)
        Outputs in [0, 1]; shapes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (..., K)
        ``(o_i - y_i) / (o_i (1 - o_i) log(base))``.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` or `o` leaves [0, 1], the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    multilabel_cross_entropy : The loss.

    Examples
    --------
    >>> from losstheory import multilabel_cross_entropy_grad
    >>> multilabel_cross_entropy_grad([1, 1, 0], [0.5, 0.5, 0.5])
    array([-2., -2.,  2.])
    """
    unit = log_of_base(base)
    kernel = _kernels.binary_cross_entropy_grad
    return by_rows(kernel, unit, y=(y, target), o=(o, output))


def multilabel_cross_entropy_with_logits(
    y: ArrayLike, z: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Measure the multi-label cross entropy of K sigmoid outputs, from their logits.

    Parameters
    ----------
    y : array_like, shape (..., K)
        Targets in [0, 1].
    z : array_like, shape (..., K)
        Logits, any real numbers or infinities; shapes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        ``multilabel_cross_entropy(y, sigmoid(z))``, without underflow.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` leaves [0, 1], `z` holds NaN, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    multilabel_cross_entropy_with_logits_grad : Its gradient at the logits.

    Examples
    --------
    >>> from losstheory import multilabel_cross_entropy_with_logits
    >>> multilabel_cross_entropy_with_logits([1, 0], [1000.0, 1000.0])
    np.float64(1000.0)
    """
    unit = log_of_base(base)
    kernel = _kernels.multilabel_cross_entropy_with_logits
    return by_rows(kernel, unit, y=(y, target), z=(z, no_nan))


def multilabel_cross_entropy_with_logits_grad(
    y: ArrayLike, z: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Differentiate the multi-label cross entropy of K sigmoid outputs by each logit.

    Parameters
    ----------
    y : array_like, shape (..., K)
        Targets in [0, 1].
    z : array_like, shape (..., K)
        Logits, any real numbers or infinities; shapes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (..., K)
        ``(sigmoid(z_i) - y_i) / log(base)``.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` leaves [0, 1], `z` holds NaN, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    multilabel_cross_entropy_with_logits : The loss.

    Examples
    --------
    >>> from losstheory import multilabel_cross_entropy_with_logits_grad
    >>> multilabel_cross_entropy_with_logits_grad([1, 0], [0.0, 0.0])
    array([-0.5,  0.5])
    """
    unit = log_of_base(base)
    kernel = _kernels.binary_cross_entropy_with_logits_grad
    return by_rows(kernel, unit, y=(y, target), z=(z, no_nan))


def _multilabel_cross_entropy_both(
    y: ArrayLike, z: ArrayLike, *, base: float = math.e
) -> tuple[FloatArray, FloatArray]:
    """Return the value and the gradient, which share their exponentials."""
    unit = log_of_base(base)
    kernel = _kernels.multilabel_cross_entropy_with_logits_both
    return pair_by_rows(kernel, unit, y=(y, target), z=(z, no_nan))


# --- negative log-likelihood ----------------------------------------------------------------


def negative_log_likelihood(y: ArrayLike, o: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Measure the surprise at a class, given by its index.

    Parameters
    ----------
    y : array_like of int, shape (...)
        Class index, counted from 0.
    o : array_like, shape (..., K)
        Output rows, each a distribution; leading axes broadcast with `y`.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        ``-log(o[y])`` for each row; infinite where the class was excluded.

    Raises
    ------
    TypeError
        If `y` does not hold integers, or `o` no real numbers.
    ValueError
        If `y` is no class, a row of `o` is no distribution, the shapes do not fit, or `base` is
        not above 1.

    See Also
    --------
    categorical_cross_entropy : The same number for the one-hot row of `y`.

    Notes
    -----
    Synonyms: sparse categorical cross entropy, log loss. Unlike a framework's NLL it takes
    probabilities, not their logarithms.

    Examples
    --------
    >>> from losstheory import negative_log_likelihood
    >>> negative_log_likelihood([0, 2], [0.25, 0.25, 0.5], base=2)
    array([2., 1.])
    """
    unit = log_of_base(base)
    kernel = _kernels.negative_log_likelihood
    return by_rows(kernel, unit, index=("y", y), o=(o, distribution))


def negative_log_likelihood_grad(y: ArrayLike, o: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Differentiate the negative log-likelihood by each output.

    Parameters
    ----------
    y : array_like of int, shape (...)
        Class index, counted from 0.
    o : array_like, shape (..., K)
        Output rows, each a distribution; leading axes broadcast with `y`.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (..., K)
        ``-1 / (o[y] log(base))`` at the class, 0 elsewhere.

    Raises
    ------
    TypeError
        If `y` does not hold integers, or `o` no real numbers.
    ValueError
        If `y` is no class, a row of `o` is no distribution, the shapes do not fit, or `base` is
        not above 1.

    See Also
    --------
    negative_log_likelihood : The loss.

    Notes
    -----
    Only one output has a gradient; through the softmax every score gets one.

    Examples
    --------
    >>> from losstheory import negative_log_likelihood_grad
    >>> negative_log_likelihood_grad(2, [0.25, 0.25, 0.5])
    array([ 0.,  0., -2.])
    """
    unit = log_of_base(base)
    kernel = _kernels.negative_log_likelihood_grad
    return by_rows(kernel, unit, index=("y", y), o=(o, distribution))


def negative_log_likelihood_with_logits(
    y: ArrayLike, s: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Measure the negative log-likelihood of a softmax output, from its scores.

    Parameters
    ----------
    y : array_like of int, shape (...)
        Class index, counted from 0.
    s : array_like, shape (..., K)
        Scores, any real numbers or infinities; leading axes broadcast with `y`.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        ``-log_softmax(s)[y]``, without underflow.

    Raises
    ------
    TypeError
        If `y` does not hold integers, or `s` no real numbers.
    ValueError
        If `y` is no class, `s` holds NaN, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    negative_log_likelihood_with_logits_grad : Its gradient at the scores.

    Notes
    -----
    Synonyms: cross entropy (PyTorch), sparse categorical cross entropy from logits (Keras).

    Examples
    --------
    >>> from losstheory import negative_log_likelihood_with_logits
    >>> negative_log_likelihood_with_logits([0, 1], [40.0, 0.0])
    array([4.24835426e-18, 4.00000000e+01])
    """
    unit = log_of_base(base)
    kernel = _kernels.negative_log_likelihood_with_logits
    return by_rows(kernel, unit, index=("y", y), s=(s, no_nan))


def negative_log_likelihood_with_logits_grad(
    y: ArrayLike, s: ArrayLike, *, base: float = math.e
) -> FloatArray:
    r"""Differentiate the negative log-likelihood of a softmax output by each score.

    Parameters
    ----------
    y : array_like of int, shape (...)
        Class index, counted from 0.
    s : array_like, shape (..., K)
        Scores, any real numbers or infinities; leading axes broadcast with `y`.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (..., K)
        ``(softmax(s) - onehot(y)) / log(base)``.

    Raises
    ------
    TypeError
        If `y` does not hold integers, or `s` no real numbers.
    ValueError
        If `y` is no class, `s` holds NaN, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    negative_log_likelihood_with_logits : The loss.

    Notes
    -----
    At the class itself ``o - 1`` is minus the sum of the *other* outputs, which keeps the digits
    of a confident output.

    Examples
    --------
    >>> from losstheory import negative_log_likelihood_with_logits_grad
    >>> negative_log_likelihood_with_logits_grad(0, [40.0, 0.0])
    array([-4.24835426e-18,  4.24835426e-18])
    """
    unit = log_of_base(base)
    kernel = _kernels.negative_log_likelihood_with_logits_grad
    return by_rows(kernel, unit, index=("y", y), s=(s, no_nan))


def _negative_log_likelihood_both(
    y: ArrayLike, s: ArrayLike, *, base: float = math.e
) -> tuple[FloatArray, FloatArray]:
    """Return the value and the gradient, which share their exponentials."""
    unit = log_of_base(base)
    kernel = _kernels.negative_log_likelihood_with_logits_both
    return pair_by_rows(kernel, unit, index=("y", y), s=(s, no_nan))
