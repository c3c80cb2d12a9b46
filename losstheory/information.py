"""Entropy, cross entropy and divergence of probability distributions.

Distributions stand along the last axis. All three share ``base``: ``math.e`` for nats, 2 for bits.

A row of rounded numbers seldom sums to 1. All three read a row as what its numbers are in
proportion to: each is divided by the sum of its row. So ``cross_entropy(p, q)`` is
``entropy(p) + kl_divergence(p, q)`` for any rows that are accepted, to rounding.
"""

import math

from numpy.typing import ArrayLike

from losstheory import _kernels
from losstheory._blocks import by_rows
from losstheory._checks import FloatArray, distribution, log_of_base

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
        ``-sum_i p_i log(p_i)``, from 0 to ``log(K)``, with ``0 log 0 = 0``; each row divided by
        its sum.

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
    return by_rows(_kernels.entropy, log_of_base(base), p=(p, distribution))


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
        of `p`; each row divided by its sum.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a row is no distribution, the shapes do not fit, or `base` is not above 1.

    See Also
    --------
    kl_divergence : What it exceeds the entropy by.
    categorical_cross_entropy : The same as a loss, which takes rows as they are: where one misses
        1 by rounding, so does the loss miss this.

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
    unit = log_of_base(base)
    return by_rows(_kernels.cross_entropy, unit, p=(p, distribution), q=(q, distribution))


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
        ``sum_i p_i log(p_i / q_i)``, each row divided by its sum. It is at least 0; and it is 0
        where the two agree, or where less than half of the least positive float64 is between.

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
    unit = log_of_base(base)
    return by_rows(_kernels.kl_divergence, unit, p=(p, distribution), q=(q, distribution))
