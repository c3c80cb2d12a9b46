"""The formulas themselves, as the page "Compute losses without losing digits" derives them.

A kernel takes float64 arrays that have been checked and returns fresh ones; a gradient stands
beside its value, and the two together where they share their exponentials. Those take an array
`out` that the gradient may be built in, to spare a copy of it. Everywhere
``u = exp(-abs(z))``, which lies in [0, 1] and never overflows, and ``h`` is the step, 1 where ``z``
is at least 0.

Kernels mean their limits, such as the logarithm of 0: their caller silences NumPy's warnings.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from losstheory._checks import FloatArray, IntArray, row_sums

Pair: TypeAlias = tuple[FloatArray, FloatArray]
Out: TypeAlias = FloatArray | None

# --- one logit ------------------------------------------------------------------------------


def _exp_minus_abs(z: FloatArray) -> FloatArray:
    u: FloatArray = np.asarray(np.abs(z))  # in place from here: one array in the cache, not three
    np.negative(u, out=u)
    np.exp(u, out=u)
    return u


def _step(z: FloatArray) -> NDArray[np.bool_]:
    # Read off the sign, so that -0 counts as below, as it does for copysign.
    return ~np.signbit(z)


def sigmoid(z: FloatArray) -> FloatArray:
    u = _exp_minus_abs(z)
    # The numerator is u below 0 and 1 above: the larger of u and h, for u is at most 1.
    numerator: FloatArray = np.maximum(u, _step(z))
    return numerator / (1.0 + u)


def sigmoid_grad(z: FloatArray) -> FloatArray:
    u = _exp_minus_abs(z)
    # The square (1 + u)**2, multiplied out: it is rounded with the smaller error.
    return u / (1.0 + u * (2.0 + u))


def log_sigmoid(z: FloatArray) -> FloatArray:
    # Both terms are at most 0, so nothing cancels; log1p keeps the digits of a small u.
    return np.minimum(z, 0.0) - np.log1p(_exp_minus_abs(z))


def softplus(z: FloatArray) -> FloatArray:
    return np.maximum(z, 0.0) + np.log1p(_exp_minus_abs(z))


def logit(o: FloatArray) -> FloatArray:
    # Around 1/2 the odds are near 1 and their logarithm loses digits; 2o - 1 is exact there.
    middle = np.abs(o - 0.5) < 0.25
    near = 2.0 * np.arctanh(np.where(middle, 2.0 * o - 1.0, 0.0))
    return np.where(middle, near, np.log(o) - np.log1p(-o))[()]


def relu_grad(z: FloatArray) -> FloatArray:
    # The sign is -1, 0, 1 or NaN, and a NaN passes through the maximum.
    return np.maximum(np.sign(z), 0.0)


# --- half squared error ---------------------------------------------------------------------


def half_squared_error(y: FloatArray, o: FloatArray) -> FloatArray:
    # Halved before it is squared: only a value too large for its type overflows.
    return (0.5 * (y - o)) * (y - o)


def half_squared_error_grad(y: FloatArray, o: FloatArray) -> FloatArray:
    return o - y


def _numerator(u: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
    # sigma(z) - y over the denominator 1 + u. For a hard target it is 1, u, -u or -1, exactly.
    h = _step(z)
    return (h - y) + u * (~h - y)


def half_squared_error_with_logits(y: FloatArray, z: FloatArray) -> FloatArray:
    u = _exp_minus_abs(z)
    n = _numerator(u, y, z)
    return (0.5 * n) * n / (1.0 + u * (2.0 + u))


def half_squared_error_with_logits_grad(y: FloatArray, z: FloatArray) -> FloatArray:
    u = _exp_minus_abs(z)
    # n / (1 + u) for the error times u / (1 + u)**2 for the slope, over one common denominator.
    return _numerator(u, y, z) * u / (1.0 + u * (3.0 + u * (3.0 + u)))


def half_squared_error_with_logits_both(y: FloatArray, z: FloatArray, out: Out = None) -> Pair:
    u = _exp_minus_abs(z)
    n = _numerator(u, y, z)
    square = 1.0 + u * (2.0 + u)
    return (0.5 * n) * n / square, np.divide(n * u, square * (1.0 + u), out=out)


# --- binary cross entropy -------------------------------------------------------------------


def binary_cross_entropy(y: FloatArray, o: FloatArray) -> FloatArray:
    # Both terms are at least 0. The product 0 log 0 is NaN, and fmax makes it the 0 it stands for.
    yes = np.fmax(y * -np.log(o), 0.0)
    no = np.fmax((1.0 - y) * -np.log1p(-o), 0.0)
    value: FloatArray = yes + no
    return value


def binary_cross_entropy_grad(y: FloatArray, o: FloatArray) -> FloatArray:
    grad = (o - y) / (o * (1.0 - o))
    # At its own end, a hard target leaves 0/0, where the limit is 1 for y = 0 and -1 for y = 1.
    return np.where(np.isnan(grad), 1.0 - 2.0 * y, grad)[()]


def binary_cross_entropy_with_logits(y: FloatArray, z: FloatArray) -> FloatArray:
    return _softplus_and_error(_exp_minus_abs(z), _step(z) - y, z)


def binary_cross_entropy_with_logits_grad(y: FloatArray, z: FloatArray) -> FloatArray:
    return _step_and_tail(_exp_minus_abs(z), _step(z) - y, z)


def binary_cross_entropy_with_logits_both(y: FloatArray, z: FloatArray, out: Out = None) -> Pair:
    u, w = _exp_minus_abs(z), _step(z) - y
    return _softplus_and_error(u, w, z), _step_and_tail(u, w, z, out)


def _softplus_and_error(u: FloatArray, w: FloatArray, z: FloatArray) -> FloatArray:
    # With w = h - y, both terms of the sum are at least 0. Where an infinite logit is
    # right, z w is inf * 0, a NaN; fmax returns the other number, the spread alone.
    spread = np.log1p(u)
    value = np.asarray(z * w)
    value += spread
    return np.fmax(value, spread, out=value)


def _step_and_tail(u: FloatArray, w: FloatArray, z: FloatArray, out: Out = None) -> FloatArray:
    # sigma(z) is the step but for a tail u/(1 + u), taken off above 0 and added below.
    # For a hard target w is exact, so that only the small part is ever rounded.
    tail = np.asarray(u / (1.0 + u))
    np.copysign(tail, z, out=tail)
    error: FloatArray = np.subtract(w, tail, out=tail if out is None else out)
    return error


# --- rows of scores -------------------------------------------------------------------------

# Within this bound exp neither overflows nor underflows, and no quotient of two exponentials.
_FAR = 300.0
# An exponential that only a row with something taken off can hold.
_TINY = math.exp(-2.0 * _FAR)


def _exponentials(s: FloatArray, out: Out = None) -> Pair:
    """Return scores `d` less a number common to the row, and ``u = exp(d)``."""
    if max(-s.min(initial=0.0), s.max(initial=0.0)) <= _FAR:
        return s, np.exp(s, out=out)
    # A difference is rounded, and the exponential multiplies the error by its argument: so the
    # error is found (Dekker 1971) and put back, exp(d + error) = u (1 + error) to first order.
    s = _limit(s)
    top = s.max(axis=-1, keepdims=True)
    d = s - top
    virtual = d - s
    error = (s - (d - virtual)) - (top + virtual)
    u = np.exp(d)
    return d, u + u * np.where(u > 0.0, error, 0.0)


def _limit(s: FloatArray) -> FloatArray:
    # Infinite scores share the whole probability equally, as if they had grown together; a row of
    # nothing but minus infinities is a tie as well.
    top = s.max(axis=-1, keepdims=True)
    return np.where(np.isinf(top), np.where(s == top, 0.0, -np.inf), s)


def _places(index: IntArray, K: int) -> IntArray:
    """Return where the entry at `index` of each row stands in the flattened rows."""
    return np.arange(0, index.size * K, K) + index


def _take_out(u: FloatArray, places: IntArray) -> Pair:
    """Return one entry of each row and the sum of the others, and leave 0 in its place.

    In a confident row the others are all that a loss is made of, and their digits would be lost
    in a sum with the large one.
    """
    entries = u.ravel()[places]
    u.ravel()[places] = 0.0
    return entries, _totals(u)


def _totals(u: FloatArray) -> FloatArray:
    """Add up each row, in a long one the largest entry last: every sum with it is rounded to it."""
    if u.shape[-1] <= 12:
        return row_sums(u)
    top = _places(u.argmax(axis=-1), u.shape[-1])
    largest = u.ravel()[top]
    u.ravel()[top] = 0.0
    total = row_sums(u) + largest
    u.ravel()[top] = largest
    return total


def softmax(s: FloatArray) -> FloatArray:
    _, u = _exponentials(s)
    return u / _totals(u)[:, np.newaxis]


def log_softmax(s: FloatArray) -> FloatArray:
    d, u = _exponentials(s)
    top = _places(d.argmax(axis=-1), d.shape[-1])
    largest, others = _take_out(u, top)
    below = d - d.ravel()[top][:, np.newaxis]
    return below - np.log1p(others / largest)[:, np.newaxis]


def logsumexp(s: FloatArray) -> FloatArray:
    _, u = _exponentials(s)
    top = _places(s.argmax(axis=-1), s.shape[-1])
    largest, others = _take_out(u, top)
    peak = s.ravel()[top]
    return np.where(np.isinf(peak), peak, peak + np.log1p(others / largest))


# --- categorical cross entropy --------------------------------------------------------------


def categorical_cross_entropy(y: FloatArray, o: FloatArray) -> FloatArray:
    return row_sums(np.fmax(y * -np.log(o), 0.0))  # 0 log 0 = 0, as in the binary one


def categorical_cross_entropy_grad(y: FloatArray, o: FloatArray) -> FloatArray:
    return 0.0 - np.fmax(y / o, 0.0)  # 0/0: a class that is neither meant nor expected


def categorical_cross_entropy_with_logits(y: FloatArray, s: FloatArray) -> FloatArray:
    d, _, top, largest, others = _largest_apart(s)
    return _spread_and_distance(y, d, top, others / largest)


def categorical_cross_entropy_with_logits_grad(y: FloatArray, s: FloatArray) -> FloatArray:
    _, u, top, largest, others = _largest_apart(s)
    return _outputs_less_targets(y, u, top, largest, others)


def categorical_cross_entropy_with_logits_both(
    y: FloatArray, s: FloatArray, out: Out = None
) -> Pair:
    d, u, top, largest, others = _largest_apart(s)
    value = _spread_and_distance(y, d, top, others / largest)
    return value, _outputs_less_targets(y, u, top, largest, others, out)


def _largest_apart(
    s: FloatArray,
) -> tuple[FloatArray, FloatArray, IntArray, FloatArray, FloatArray]:
    d, u = _exponentials(s)
    top = _places(d.argmax(axis=-1), d.shape[-1])
    return d, u, top, *_take_out(u.copy(), top)


def _spread_and_distance(
    y: FloatArray, d: FloatArray, top: IntArray, ratio: FloatArray
) -> FloatArray:
    # -log o_i is the distance of d_i to the largest, and the spread log(1 + ratio) of all: both
    # are at least 0. An infinite distance of no weight is 0 inf, a NaN that stands for 0.
    distance = d.ravel()[top][:, np.newaxis] - d
    return row_sums(y) * np.log1p(ratio) + row_sums(np.fmax(y * distance, 0.0))


def _outputs_less_targets(
    y: FloatArray,
    u: FloatArray,
    top: IntArray,
    largest: FloatArray,
    others: FloatArray,
    out: Out = None,
) -> FloatArray:
    # o - y is (1 - y) o - y (1 - o), and 1 - o the share of the other classes: their sum for the
    # largest, and for the rest a difference that leaves at least half of the total.
    total = (largest + others)[:, np.newaxis]
    rest = total - u
    rest.ravel()[top] = others
    return np.divide((1.0 - y) * u - y * rest, total, out=out)


# --- multi-label cross entropy --------------------------------------------------------------


def multilabel_cross_entropy(y: FloatArray, o: FloatArray) -> FloatArray:
    return row_sums(binary_cross_entropy(y, o))


def multilabel_cross_entropy_with_logits(y: FloatArray, z: FloatArray) -> FloatArray:
    return row_sums(binary_cross_entropy_with_logits(y, z))


def multilabel_cross_entropy_with_logits_both(
    y: FloatArray, z: FloatArray, out: Out = None
) -> Pair:
    value, grad = binary_cross_entropy_with_logits_both(y, z, out)
    return row_sums(value), grad


# --- negative log-likelihood: y holds one class index a row, as a column --------------------


def negative_log_likelihood(y: IntArray, o: FloatArray) -> FloatArray:
    return 0.0 - np.log(o.ravel()[_places(y[:, 0], o.shape[-1])])


def negative_log_likelihood_grad(y: IntArray, o: FloatArray) -> FloatArray:
    place = _places(y[:, 0], o.shape[-1])
    grad = np.zeros_like(o)
    grad.ravel()[place] = -1.0 / o.ravel()[place]
    return grad


def negative_log_likelihood_with_logits(y: IntArray, s: FloatArray) -> FloatArray:
    return _meant_apart(y, s)[0]


def negative_log_likelihood_with_logits_grad(y: IntArray, s: FloatArray) -> FloatArray:
    return negative_log_likelihood_with_logits_both(y, s)[1]


def negative_log_likelihood_with_logits_both(y: IntArray, s: FloatArray, out: Out = None) -> Pair:
    value, u, place, meant, others = _meant_apart(y, s, out)
    total = meant + others
    grad = np.divide(u, total[:, np.newaxis], out=u)
    # At the class meant, o - 1 is minus the share of the others.
    grad.ravel()[place] = -others / total
    return value, grad


def _meant_apart(
    y: IntArray, s: FloatArray, out: Out = None
) -> tuple[FloatArray, FloatArray, IntArray, FloatArray, FloatArray]:
    """Return the loss, exponentials without the class meant, its places, it, and their sum."""
    d, u = _exponentials(s, out)
    place = _places(y[:, 0], s.shape[-1])
    meant, others = _take_out(u, place)
    # -log o_y = log((meant + others) / meant). Far below the largest, `meant` may underflow, but
    # then it adds nothing to the sum, and its own logarithm is known: it is d.
    value = np.log1p(others / meant)
    far = np.flatnonzero(meant < _TINY)
    if far.size:
        value[far] = np.log(others[far]) - d.ravel()[place[far]]
    return value, u, place, meant, others
