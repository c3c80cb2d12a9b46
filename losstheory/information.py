"""Entropy, cross entropy and divergence of probability distributions.

Distributions stand along the last axis. All three share ``base``: ``math.e`` for nats, 2 for bits.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from losstheory._checks import (
    FloatArray,
    as_floats,
    log_of_base,
    refuse_not_distribution,
    refuse_rows,
)
from losstheory.losses import categorical_cross_entropy

__all__ = ["cross_entropy", "entropy", "kl_divergence"]


def entropy(p: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Average the surprise of a distribution at its own outcomes.

    Parameters
    ----------
    p : array_like, shape (..., K)
        Distribution along the last axis.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        ``-sum_i p_i log(p_i)``, from 0 to ``log(K)``, with ``0 log 0 = 0``.

    Raises
    ------
    TypeError
        If `p` does not hold real numbers.
    ValueError
        If a row of `p` is no distribution, or `base` is not above 1.

    See Also
    --------
    cross_entropy : The same under another distribution.

    Notes
    -----
    It is greatest, :math:`\log_B(K)`, for equal probabilities and 0 for a certain outcome.

    References
    ----------
    .. [1] T. M. Cover and J. A. Thomas, *Elements of Information Theory*, 2nd ed., Wiley, 2006,
       chapter 2.

    Examples
    --------
    >>> from losstheory import entropy
    >>> entropy([0.5, 0.25, 0.25], base=2)
    np.float64(1.5)
    """
    log_of_base(base)
    (p,) = as_floats(p=p)
    refuse_not_distribution(p=p)
    return categorical_cross_entropy(p, p, base=base)


def cross_entropy(p: ArrayLike, q: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Average the surprise of outcomes of `p` under the belief `q`.

    Parameters
    ----------
    p : array_like, shape (..., K)
        The distribution that the outcomes follow.
    q : array_like, shape (..., K)
        The distribution that is believed; leading axes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        ``-sum_i p_i log(q_i)``, at least ``entropy(p)``; infinite where `q` excludes an outcome
        of `p`.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a row is no distribution, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    kl_divergence : What it exceeds the entropy by.
    categorical_cross_entropy : The same number, as a loss of target and output.

    Notes
    -----
    The order of the arguments matters: the first follows the world, the second is the belief. Some
    frameworks call a function from *scores* by this name.

    Examples
    --------
    >>> from losstheory import cross_entropy
    >>> cross_entropy([0.5, 0.5], [0.25, 0.75], base=2).round(4)
    np.float64(1.2075)
    """
    log_of_base(base)
    p, q = as_floats(p=p, q=q)  # checked here too, so that an error names p and q
    refuse_rows(p=p, q=q)
    refuse_not_distribution(p=p, q=q)
    return categorical_cross_entropy(p, q, base=base)


def kl_divergence(p: ArrayLike, q: ArrayLike, *, base: float = math.e) -> FloatArray:
    r"""Measure the surprise that believing `q` costs beyond believing `p`.

    Parameters
    ----------
    p : array_like, shape (..., K)
        The distribution that the outcomes follow.
    q : array_like, shape (..., K)
        The distribution that is believed; leading axes broadcast.
    base : float, default math.e
        Base of the logarithm, greater than 1: ``math.e`` for nats, 2 for bits.

    Returns
    -------
    ndarray, shape (...)
        ``sum_i p_i log(p_i / q_i)``, at least 0, and 0 only where the two agree.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a row is no distribution, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    cross_entropy : It equals ``entropy(p) + kl_divergence(p, q)``.

    Notes
    -----
    Also called relative entropy; it is not symmetric. Each term is computed as
    :math:`p_i \ln(p_i / q_i) + q_i - p_i`, which is never negative; over two distributions the
    additions cancel. Where `q` is close to `p` the term is of second order, and a series keeps
    its digits.

    References
    ----------
    .. [1] S. Kullback and R. A. Leibler, "On information and sufficiency", *Annals of
       Mathematical Statistics* 22, 1951.

    Examples
    --------
    >>> from losstheory import kl_divergence
    >>> kl_divergence([0.5, 0.5], [0.25, 0.75], base=2).round(4)
    np.float64(0.2075)
    """
    nats = log_of_base(base)
    p, q = as_floats(p=p, q=q)
    refuse_rows(p=p, q=q)
    refuse_not_distribution(p=p, q=q)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # the limit is infinite
        x = (q - p) / p
        near = p * _x_minus_log1p(np.where(np.abs(x) < 0.5, x, 0.0))
        far = (q - p) - p * (np.log(q) - np.log(p))
        terms = np.where(p == 0.0, q, np.where(np.abs(x) < 0.5, near, far))
    divergence: FloatArray = terms.sum(axis=-1) / nats
    return divergence


def _x_minus_log1p(x: FloatArray) -> FloatArray:
    """Return ``x - log(1 + x)`` for ``abs(x) <= 1/2``, about ``x**2 / 2``, with all its digits.

    With r = x / (2 + x), log(1 + x) = 2 artanh(r) = 2 (r + r^3/3 + r^5/5 + ...) and
    x - 2r = x r, so the difference is r (x - 2 (r^2/3 + r^4/5 + ...)), where nothing cancels.
    """
    r = x / (2.0 + x)
    series = np.zeros_like(x)
    for n in range(33, 1, -2):  # abs(r) <= 1/3, and (1/3)^33 is below the last digit
        series = (series + 1.0 / n) * r * r
    return r * (x - 2.0 * series)
