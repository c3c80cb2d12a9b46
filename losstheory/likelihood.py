"""Log-likelihoods, and the estimates that maximise them.

Minus the logarithm of a likelihood is a loss: of a Gaussian half the squared error and a constant,
of a Bernoulli outcome the binary cross entropy, of a class the categorical one. All is in nats.
"""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, repeat

import numpy as np
from numpy.typing import ArrayLike

from losstheory import _kernels
from losstheory._blocks import BLOCK, by_elements, by_rows
from losstheory._checks import (
    FLOAT64,
    FloatArray,
    as_numbers,
    class_index,
    distribution,
    finite,
    outcome,
    positive,
    probability,
    refuse_empty,
    whole_number,
)

__all__ = [
    "bernoulli_log_likelihood",
    "bernoulli_mle",
    "categorical_log_likelihood",
    "categorical_mle",
    "gaussian_log_likelihood",
    "gaussian_mle",
]


def gaussian_log_likelihood(y: ArrayLike, mean: ArrayLike, std: ArrayLike = 1.0) -> FloatArray:
    r"""Take the log density of real targets under a Gaussian.

    Parameters
    ----------
    y : array_like
        Observed target, finite.
    mean : array_like
        Mean, finite; shapes broadcast.
    std : array_like, default 1
        Standard deviation, positive and finite.

    Returns
    -------
    ndarray
        Log density in nats. Being the logarithm of a density it can be positive, and so its
        negative can be below 0.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is not finite, `std` is not positive, or the shapes do not broadcast.

    See Also
    --------
    half_squared_error : What is left of its negative at ``std = 1``, but for a constant.
    gaussian_mle : The estimates that maximise it.

    Notes
    -----
    It is :math:`-\frac{1}{2} ((y - m)/s)^2 - \ln(s) - \frac{1}{2} \ln(2\pi)` with the mean
    :math:`m` and the standard deviation :math:`s`.

    References
    ----------
    .. [1] C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer, 2006,
       section 1.2.5.

    Examples
    --------
    >>> from losstheory import gaussian_log_likelihood
    >>> gaussian_log_likelihood(0.0, [0.0, 1.0]).round(4)
    array([-0.9189, -1.4189])
    """
    kernel = _kernels.gaussian_log_likelihood
    return by_elements(kernel, y=(y, finite), mean=(mean, finite), std=(std, positive))


def gaussian_mle(y: ArrayLike) -> tuple[float, float]:
    """Estimate mean and standard deviation by maximum likelihood.

    Parameters
    ----------
    y : array_like
        Observed targets, finite, at least one.

    Returns
    -------
    mean : float
        The mean, which also minimises the sum of squared errors.
    std : float
        The standard deviation, dividing by *n*. The estimate of the *variance* that divides by
        ``n - 1`` is unbiased; its square root is not.

    Raises
    ------
    TypeError
        If `y` does not hold real numbers.
    ValueError
        If `y` is empty or not finite.

    See Also
    --------
    gaussian_log_likelihood : What is maximised.

    Notes
    -----
    Sums are rounded once, so that the mean and spread of equal numbers are that number and 0.

    Examples
    --------
    >>> from losstheory import gaussian_mle
    >>> gaussian_mle([1.0, 3.0])
    (2.0, 1.0)
    """
    numbers = _sample(y)
    finite("y", numbers, numbers.dtype)
    numbers = numbers.reshape(-1).astype(FLOAT64, copy=False)
    with np.errstate(all="ignore"):  # squares of what is tiny beside the rest may underflow
        return _mean(numbers), _spread(numbers)


def _sample(y: ArrayLike) -> FloatArray:
    """Return targets of which there is one at least, or refuse them."""
    numbers = as_numbers("y", y)
    refuse_empty("y", numbers)
    return numbers


def _floats(numbers: FloatArray) -> Iterator[float]:
    """Yield numbers as Python's, a block of them at a time."""
    starts = range(0, numbers.size, BLOCK)
    return chain.from_iterable(numbers[n : n + BLOCK].tolist() for n in starts)


def _mean(numbers: FloatArray) -> float:
    """Return the mean, rounded once or next to it: of equal numbers that number itself."""
    n = numbers.size
    try:
        mean = math.fsum(_floats(numbers)) / n
        # The sum was rounded. What the numbers are off this mean by is summed exactly once more.
        return mean + math.fsum(chain(_floats(numbers), repeat(-mean, n))) / n
    except OverflowError:  # a sum beyond all floats
        return float(sum(map(Fraction, _floats(numbers))) / n)


def _spread(numbers: FloatArray) -> float:
    """Return the standard deviation: of equal numbers 0."""
    # A power of two is taken off, which costs no digit, so that no square leaves the range.
    _, exponent = math.frexp(float(np.abs(numbers).max()))
    scaled = np.ldexp(numbers, -exponent)
    off = scaled - _mean(scaled)
    largest = float(np.abs(off).max())
    if largest == 0.0:
        return 0.0
    off /= largest
    n = numbers.size
    variance = (math.fsum(_floats(off * off)) - math.fsum(_floats(off)) ** 2 / n) / n
    return math.ldexp(math.sqrt(variance) * largest, exponent)


def bernoulli_log_likelihood(y: ArrayLike, p: ArrayLike) -> FloatArray:
    """Take the log probability of outcomes 0 and 1.

    Parameters
    ----------
    y : array_like
        Observed outcome, 0 or 1.
    p : array_like
        Probability of 1, in [0, 1]; shapes broadcast.

    Returns
    -------
    ndarray
        ``log(p)`` where `y` is 1 and ``log(1 - p)`` where it is 0, in nats.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` is neither 0 nor 1, `p` leaves [0, 1], or the shapes do not broadcast.

    See Also
    --------
    binary_cross_entropy : Its negative.

    Examples
    --------
    >>> from losstheory import bernoulli_log_likelihood
    >>> bernoulli_log_likelihood([0, 1], 0.75).round(4)
    array([-1.3863, -0.2877])
    """
    return by_elements(_kernels.bernoulli_log_likelihood, y=(y, outcome), p=(p, probability))


def bernoulli_mle(y: ArrayLike) -> float:
    """Estimate the probability of 1 by maximum likelihood.

    Parameters
    ----------
    y : array_like
        Observed outcomes, 0 or 1, at least one.

    Returns
    -------
    float
        The share of ones.

    Raises
    ------
    TypeError
        If `y` does not hold real numbers.
    ValueError
        If `y` is empty, or holds something other than 0 and 1.

    See Also
    --------
    bernoulli_log_likelihood : What is maximised.

    Examples
    --------
    >>> from losstheory import bernoulli_mle
    >>> bernoulli_mle([1, 1, 1, 0])
    0.75
    """
    numbers = _sample(y)
    outcome("y", numbers, numbers.dtype)
    return int(np.count_nonzero(numbers)) / numbers.size


def categorical_log_likelihood(y: ArrayLike, p: ArrayLike) -> FloatArray:
    """Take the log probability of a class.

    Parameters
    ----------
    y : array_like of int, shape (...)
        Observed class index, counted from 0.
    p : array_like, shape (..., K)
        Probabilities of the classes; leading axes broadcast with `y`.

    Returns
    -------
    ndarray, shape (...)
        ``log(p[y])`` in nats.

    Raises
    ------
    TypeError
        If `y` does not hold integers, or `p` no real numbers.
    ValueError
        If `y` is no class, a row of `p` is no distribution, or the shapes do not fit.

    See Also
    --------
    negative_log_likelihood : Its negative.

    Notes
    -----
    The categorical distribution is also called multinoulli.

    Examples
    --------
    >>> from losstheory import categorical_log_likelihood
    >>> categorical_log_likelihood([0, 2], [0.25, 0.25, 0.5]).round(4)
    array([-1.3863, -0.6931])
    """
    kernel = _kernels.categorical_log_likelihood
    return by_rows(kernel, index=("y", y), p=(p, distribution))


def categorical_mle(y: ArrayLike, K: int) -> FloatArray:
    """Estimate the probabilities of K classes by maximum likelihood.

    Parameters
    ----------
    y : array_like of int
        Observed class indices, counted from 0, at least one.
    K : int
        Number of classes.

    Returns
    -------
    ndarray, shape (K,)
        The share of each class.

    Raises
    ------
    TypeError
        If `y` does not hold integers.
    ValueError
        If `y` is empty or holds what is no class, or `K` is less than 1.

    See Also
    --------
    categorical_log_likelihood : What is maximised.

    Examples
    --------
    >>> from losstheory import categorical_mle
    >>> categorical_mle([0, 2, 2, 2], K=3)
    array([0.25, 0.  , 0.75])
    """
    K = whole_number("K", K, "count the classes", low=1)
    index = class_index("y", y, K)
    refuse_empty("y", index)
    return np.bincount(index.reshape(-1), minlength=K) / index.size
