"""Log-likelihoods, and the estimates that maximise them.

A loss is the negative logarithm of a likelihood: Gaussian gives squared error, Bernoulli binary
cross entropy, categorical the negative log-likelihood. All values are in nats.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from losstheory._checks import (
    FloatArray,
    as_floats,
    class_index,
    refuse_empty,
    refuse_infinite,
    refuse_shapes,
)
from losstheory.losses import binary_cross_entropy, negative_log_likelihood

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
    y, mean, std = as_floats(y=y, mean=mean, std=std)
    refuse_shapes(y=y, mean=mean, std=std)
    refuse_infinite(y=y, mean=mean, std=std)
    if (std <= 0.0).any():
        raise ValueError(
            f"std must be positive; got {std.min().item()!r}; a Gaussian of no width has no density"
        )
    return -0.5 * ((y - mean) / std) ** 2 - np.log(std) - 0.5 * math.log(2.0 * math.pi)


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
        The standard deviation, dividing by *n* (the unbiased estimate divides by ``n - 1``).

    Raises
    ------
    TypeError
        If `y` does not hold real numbers.
    ValueError
        If `y` is empty or not finite.

    See Also
    --------
    gaussian_log_likelihood : What is maximised.

    Examples
    --------
    >>> from losstheory import gaussian_mle
    >>> gaussian_mle([1.0, 3.0])
    (2.0, 1.0)
    """
    (y,) = as_floats(y=y)
    refuse_empty(y=y)
    refuse_infinite(y=y)
    return float(y.mean()), float(y.std())


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
    y, p = as_floats(y=y, p=p)
    refuse_shapes(y=y, p=p)
    _refuse_not_binary(y)
    return 0.0 - binary_cross_entropy(y, p)


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
    (y,) = as_floats(y=y)
    refuse_empty(y=y)
    _refuse_not_binary(y)
    return float(y.mean())


def _refuse_not_binary(y: FloatArray) -> None:
    wrong = (y != 0.0) & (y != 1.0)
    if wrong.any():
        raise ValueError(
            f"y must be 0 or 1; got {np.asarray(y)[wrong][0].item()!r}; "
            "an outcome has happened or not; use binary_cross_entropy for soft targets"
        )


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
    return 0.0 - negative_log_likelihood(y, p)


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
    if K < 1:
        raise ValueError(f"K must be at least 1; got {K}; count the classes")
    index = class_index("y", y, K)
    refuse_empty(y=index)
    return np.bincount(index.ravel(), minlength=K) / index.size
