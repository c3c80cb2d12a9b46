"""The formulas themselves, as the page "Compute losses without losing digits" derives them.

A kernel takes float64 arrays of one shape that have been checked, and returns fresh ones; a
gradient stands beside its value, and the two together where they share their exponentials. Those
take an array `out` that the gradient may be built in, to spare a copy of it. For a logit ``u`` is
``exp(-abs(z))``, which lies in [0, 1] and never overflows, and ``h`` is the step, 1 where the sign
of ``z`` is plus. For scores ``u`` is the exponential of each.

Kernels mean their limits, such as the logarithm of 0: their caller silences NumPy's warnings.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from losstheory._checks import FloatArray, IntArray, greatest, least, row_sums

Pair: TypeAlias = tuple[FloatArray, FloatArray]
Out: TypeAlias = FloatArray | None

# --- one logit ------------------------------------------------------------------------------


def _exp_minus_abs(z: FloatArray) -> FloatArray:
    u: FloatArray = np.exp(-np.abs(z))
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
    return np.where(middle, near, np.log(o) - np.log1p(-o))


def identity(z: FloatArray) -> FloatArray:
    return z.copy()


def relu(z: FloatArray) -> FloatArray:
    return np.maximum(z, 0.0)


def relu_grad(z: FloatArray) -> FloatArray:
    # The sign is -1, 0, 1 or NaN, and a NaN passes through the maximum.
    return np.maximum(np.sign(z), 0.0)


# --- half squared error ---------------------------------------------------------------------


def half_squared_error(y: FloatArray, o: FloatArray) -> FloatArray:
    # Halved before it is squared: only a value too large for its type overflows.
    return (0.5 * (y - o)) * (y - o)


def half_squared_error_grad(y: FloatArray, o: FloatArray) -> FloatArray:
    return o - y


def half_squared_error_both(y: FloatArray, o: FloatArray, out: Out = None) -> Pair:
    error = np.subtract(o, y, out=out)
    return (0.5 * error) * error, error


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
    return np.where(np.isnan(grad), 1.0 - 2.0 * y, grad)


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
    value: FloatArray = np.fmax(z * w + spread, spread)
    return value


def _step_and_tail(u: FloatArray, w: FloatArray, z: FloatArray, out: Out = None) -> FloatArray:
    # sigma(z) is the step but for a tail u/(1 + u), taken off above 0 and added below.
    # For a hard target w is exact, so that the rounding of the tail costs no digit of the result.
    tail = u / (1.0 + u)
    return np.subtract(w, np.copysign(tail, z), out=out)


# --- rows of scores -------------------------------------------------------------------------

# Within this bound exp neither overflows nor underflows, and no quotient of two exponentials.
_FAR = 300.0
# An exponential that only a row with something taken off can hold.
_TINY = math.exp(-2.0 * _FAR)


def _exponentials(s: FloatArray, out: Out = None) -> Pair:
    """Return scores `d` less a number common to the row, and ``u = exp(d)``."""
    if least(s) >= -_FAR and greatest(s) <= _FAR:
        return s, np.exp(s, out=out)
    # A difference is rounded, and the exponential multiplies the error by its argument: so the
    # error is found (TwoSum, Knuth, TAOCP 2, 4.2.2) and put back: exp(d + error) = u (1 + error),
    # to first order.
    s = _limit(s)
    top = s.max(axis=-1, keepdims=True)
    d = s - top
    virtual = d - s
    error = (s - (d - virtual)) - (top + virtual)
    u = np.exp(d)
    return d, np.add(u, u * np.where(u > 0.0, error, 0.0), out=out)


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
    flat = u.reshape(-1)
    entries = flat[places]
    flat[places] = 0.0
    return entries, _totals(u)


def _totals(u: FloatArray) -> FloatArray:
    """Add up each row, in a long one the largest entry last: every sum with it is rounded to it.

    It is taken out of `u`, which must be fresh, and put back.
    """
    if u.shape[-1] <= 12:
        return row_sums(u)
    top, flat = _places(u.argmax(axis=-1), u.shape[-1]), u.reshape(-1)
    largest = flat[top]
    flat[top] = 0.0
    total = row_sums(u) + largest
    flat[top] = largest
    return total


def softmax(s: FloatArray) -> FloatArray:
    _, u = _exponentials(s)
    return u / _totals(u)[:, np.newaxis]


def softmax_jacobian(s: FloatArray) -> FloatArray:
    o = softmax(s)
    jacobian = -o[:, :, np.newaxis] * o[:, np.newaxis, :]
    # On the diagonal o (1 - o): the rest to 1 is the sum of the other outputs.
    diagonal = np.arange(o.shape[-1])
    jacobian[:, diagonal, diagonal] = 0.0
    jacobian[:, diagonal, diagonal] = -row_sums(jacobian)
    return jacobian


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


# --- negative log-likelihood: y holds one class index a row ---------------------------------


def negative_log_likelihood(y: IntArray, o: FloatArray) -> FloatArray:
    return 0.0 - np.log(o.ravel()[_places(y, o.shape[-1])])


def negative_log_likelihood_grad(y: IntArray, o: FloatArray) -> FloatArray:
    place = _places(y, o.shape[-1])
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
    place = _places(y, s.shape[-1])
    meant, others = _take_out(u, place)
    # -log o_y = log((meant + others) / meant). Far below the largest, `meant` may underflow, but
    # then it adds nothing to the sum, and its own logarithm is known: it is d.
    value = np.log1p(others / meant)
    if least(meant) < _TINY:
        far = np.flatnonzero(meant < _TINY)
        value[far] = np.log(others[far]) - d.ravel()[place[far]]
    return value, u, place, meant, others


# --- information: rows that miss 1 by rounding are divided by their sum ----------------------


def entropy(p: FloatArray) -> FloatArray:
    return cross_entropy(p, p)


def cross_entropy(p: FloatArray, q: FloatArray) -> FloatArray:
    surprises = np.fmax(p * _surprises(q), 0.0)  # 0 log 0 = 0
    return row_sums(surprises) / row_sums(p)


def _surprises(q: FloatArray) -> FloatArray:
    # -log q_i is log(total / q_i), and at least log 2 but for the largest; for that one it is
    # log(1 + others / q_i), which keeps its digits. Both are at least 0.
    top = _places(q.argmax(axis=-1), q.shape[-1])
    largest, others = _take_out(q.copy(), top)
    surprises: FloatArray = np.log(largest + others)[:, np.newaxis] - np.log(q)
    surprises.reshape(-1)[top] = np.log1p(others / largest)
    return surprises


def kl_divergence(p: FloatArray, q: FloatArray) -> FloatArray:
    # Each term is p log(p / q) + q - p, which is never negative; over the row the additions cancel.
    total, difference = row_sums(p), q - p
    miss = (row_sums(difference) / total)[:, np.newaxis]  # q sums to 1 + miss where p sums to 1
    # How far q is from p, as a part of p, with both divided by their sums.
    x = (difference / p - miss) / (1.0 + miss)
    near = (x >= -0.5) & (x <= 1.0)
    # log(p / q); a quotient that leaves the range of float64 is told by logarithms far apart.
    ratio = p / q
    log_ratio = np.where(
        (ratio > _SMALL) & (ratio < 1.0 / _SMALL), np.log(ratio), np.log(p) - np.log(q)
    ) + np.log1p(miss)
    far = p * log_ratio + (q / (1.0 + miss) - p)
    terms = np.where(near, p * _x_minus_log1p(np.where(near, x, 0.0)), far)
    terms = np.where(p == 0.0, q / (1.0 + miss), terms)
    return row_sums(terms) / total


# Quotients above this have all their digits.
_SMALL = 1e-300


def _x_minus_log1p(x: FloatArray) -> FloatArray:
    # x - log(1 + x) for x from -1/2 to 1, about x**2 / 2. With r = x / (2 + x), log(1 + x) is
    # 2 artanh(r) = 2 (r + r^3/3 + r^5/5 + ...), and x - 2r = x r; so the difference is
    # r (x - 2 (r^2/3 + r^4/5 + ...)), where nothing cancels.
    r = x / (2.0 + x)
    series = np.zeros_like(x)
    for n in range(33, 1, -2):  # abs(r) <= 1/3, and (1/3)^33 is below the last digit
        series = (series + 1.0 / n) * r * r
    return r * (x - 2.0 * series)


# --- log-likelihoods --------------------------------------------------------------------------

_HALF_LOG_2_PI = 0.5 * math.log(2.0 * math.pi)


def gaussian_log_likelihood(y: FloatArray, mean: FloatArray, std: FloatArray) -> FloatArray:
    t = (y - mean) / std
    # A difference beyond all floats is of two numbers of unlike signs: divided first, they add up.
    t = np.where(np.isinf(y - mean), y / std - mean / std, t)
    return -((0.5 * t) * t) - np.log(std) - _HALF_LOG_2_PI


def bernoulli_log_likelihood(y: FloatArray, p: FloatArray) -> FloatArray:
    return 0.0 - binary_cross_entropy(y, p)


def categorical_log_likelihood(y: IntArray, p: FloatArray) -> FloatArray:
    return 0.0 - negative_log_likelihood(y, p)


# --- laws of one neuron -----------------------------------------------------------------------


def unlearning_time_cross_entropy(
    z0: FloatArray, x: FloatArray, step: FloatArray | float = 1.0, nats: float = 1.0
) -> FloatArray:
    length = np.hypot(x, 1.0)  # its square, 1 + x², may overflow; the length does not
    # -expm1(-z0) is 1 - exp(-z0) with its digits at small z0; both terms are positive.
    return (z0 - np.expm1(-z0)) / length / length / step * nats


def unlearning_time_squared_error(
    z0: FloatArray, x: FloatArray, step: FloatArray | float = 1.0
) -> FloatArray:
    length: FloatArray = np.hypot(x, 1.0)
    # exp(z0) - 1 = exp(z0) (1 - exp(-z0)), and exp(z0) over the square of the length is the square
    # of exp(z0/2) over the length; taken apart once more, no factor overflows before the time does.
    root: FloatArray = np.exp(z0 / 4.0)
    half = root / length * root
    tail: FloatArray = -np.expm1(-z0) * half / step * half
    # The rest, rearranged so that every term is positive and none cancels at small z0.
    rest: FloatArray = 3.0 * z0 - 3.0 * np.expm1(-z0) - np.expm1(-2.0 * z0) / 2.0
    return tail + rest / length / length / step


def unlearning_steps_cross_entropy(
    z0: FloatArray, x: FloatArray, step: FloatArray, nats: float
) -> FloatArray:
    # g(z0)/g(0) = 2 σ(z0)
    time = unlearning_time_cross_entropy(z0, x, step, nats)
    return _whole_steps(time, -_log_half_one_plus_exp(-z0), z0)


def unlearning_steps_squared_error(z0: FloatArray, x: FloatArray, step: FloatArray) -> FloatArray:
    # g(z0)/g(0) = 8 σ(z0)² (1 - σ(z0)), and 1 - σ(z0) = σ(z0) exp(-z0)
    time = unlearning_time_squared_error(z0, x, step)
    return _whole_steps(time, -z0 - 3.0 * _log_half_one_plus_exp(-z0), z0)


def _log_half_one_plus_exp(z: FloatArray) -> FloatArray:
    # ln((1 + exp(z))/2), without cancellation near 0
    half: FloatArray = np.log1p(np.expm1(z) / 2.0)
    return half


def _whole_steps(time: FloatArray, log_ratio: FloatArray, z0: FloatArray) -> FloatArray:
    # Rounded up; a start above 0 needs one step at least.
    count: FloatArray = np.maximum(np.ceil(time - log_ratio / 2.0), z0 > 0.0)
    return count


def squared_error_curvature(y: FloatArray, z: FloatArray) -> FloatArray:
    slope = sigmoid_grad(z)
    error = binary_cross_entropy_with_logits_grad(y, z)
    turned: FloatArray = slope - error * np.tanh(z / 2.0)  # 1 - 2o = -tanh(z/2)
    return slope * turned


def squared_error_inflections(y: FloatArray, _: Out = None) -> Pair:
    # The product of the roots is y/3, which spares the lower one a cancellation at small y.
    larger: FloatArray = 1.0 + y + np.sqrt(1.0 - y + y * y)
    return y / larger, larger / 3.0
