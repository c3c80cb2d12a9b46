"""Every public function, driven with whatever fits it: shapes, layouts, types, extremes, bases.

The oracle is a plain formula in 400 bits, applied to the numbers as they were given; so it knows
nothing of blocks, broadcasting, types or kernels.
"""

import math
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import losstheory as lt
from losstheory import _blocks

Array = NDArray[Any]
Exact = Any  # an mpmath number
mpf = mpmath.mpf

# --- the truth, number by number --------------------------------------------------------------


def exp(z: Exact) -> Exact:
    return mpmath.exp(z) if z > -(10**5) else mpf(0)


def sigmoid(z: Exact) -> Exact:
    u = exp(-abs(z))
    return (1 if z >= 0 else u) / (1 + u)


def rest(z: Exact) -> Exact:
    return sigmoid(-z)


def log1p(x: Exact) -> Exact:
    return mpmath.log1p(x) if mpmath.isfinite(x) else x


def softplus(z: Exact) -> Exact:
    return max(z, mpf(0)) + log1p(exp(-abs(z)))


def times(weight: Exact, x: Exact) -> Exact:
    """Return the product, with 0 times infinity as 0."""
    return weight * x if weight else mpf(0)


def minus_log(o: Exact) -> Exact:
    return -mpmath.log(o) if o else mpf("inf")


def bce(y: Exact, o: Exact) -> Exact:
    return times(y, minus_log(o)) + times(1 - y, minus_log(1 - o))


def bce_grad(y: Exact, o: Exact) -> Exact:
    if o in {0, 1}:
        limit = mpf(1 - 2 * o)
        return limit if y == o else (mpf("-inf") if o == 0 else mpf("inf"))
    return (o - y) / (o * (1 - o))


def bce_logit(y: Exact, z: Exact) -> Exact:
    return times(1 - y, softplus(z)) + times(y, softplus(-z))


def error(y: Exact, z: Exact) -> Exact:
    return (1 - y) * sigmoid(z) - y * rest(z)


def softmax(s: list[Exact]) -> list[Exact]:
    top = max(s)
    u = [mpf(x == top) for x in s] if mpmath.isinf(top) else [exp(x - top) for x in s]
    total = mpmath.fsum(u)
    return [x / total for x in u]


def surprises(s: list[Exact]) -> list[Exact]:
    top = max(s)
    if mpmath.isinf(top):
        return [minus_log(o) for o in softmax(s)]
    spread = log1p(mpmath.fsum(exp(x - top) for x in s) - 1)
    return [top - x + spread for x in s]


def logsumexp(s: list[Exact]) -> Exact:
    top = max(s)
    return top if mpmath.isinf(top) else top + log1p(mpmath.fsum(exp(x - top) for x in s) - 1)


def jacobian(s: list[Exact]) -> list[Exact]:
    o = softmax(s)
    return [
        o[i] * mpmath.fsum(o[:i] + o[i + 1 :]) if i == j else -o[i] * o[j]
        for i in range(len(o))
        for j in range(len(o))
    ]


def parts(row: list[Exact]) -> list[Exact]:
    total = mpmath.fsum(row)
    return [p / total for p in row]


def cross_entropy(p: list[Exact], q: list[Exact]) -> Exact:
    return mpmath.fsum(times(a, minus_log(b)) for a, b in zip(parts(p), parts(q), strict=True))


def divergence(p: list[Exact], q: list[Exact]) -> Exact:
    pairs = list(zip(parts(p), parts(q), strict=True))
    if any(a and not b for a, b in pairs):
        return mpf("inf")
    return mpmath.fsum(times(a, mpmath.log(a / b)) for a, b in pairs if a)


def gaussian(y: Exact, mean: Exact, std: Exact) -> Exact:
    return -(((y - mean) / std) ** 2) / 2 - mpmath.log(std) - mpmath.log(2 * mpmath.pi) / 2


def time_ce(z0: Exact, x: Exact) -> Exact:
    return (z0 + 1 - exp(-z0)) / (1 + x * x)


def time_se(z0: Exact, x: Exact) -> Exact:
    if z0 > 10**5:
        return mpf("inf")
    total = mpmath.exp(z0) + 3 * z0 + mpf(5) / 2 - 3 * exp(-z0) - exp(-2 * z0) / 2
    return total / (1 + x * x)


def curvature_se(y: Exact, z: Exact) -> Exact:
    slope = sigmoid(z) * rest(z)
    return slope * (slope + error(y, z) * (rest(z) - sigmoid(z)))


def inflections(y: Exact) -> tuple[Exact, Exact]:
    root = mpmath.sqrt(1 - y + y * y)
    return (1 + y - root) / 3, (1 + y + root) / 3


class Spec(NamedTuple):
    """How a function is called, and what it should return."""

    function: Callable[..., Any]
    arguments: tuple[str, ...]  # name:domain
    truth: Callable[..., Any]
    rows: str = ""  # "" for elementwise; else the shape of a result for a row: "1", "K" or "KK"
    base: int = 0  # the power of the logarithm of the base that divides the result
    # What the error is measured by beside the result, where the result is a difference.
    scale: Callable[..., Any] | None = None


def both(loss: lt.Loss) -> Callable[..., Any]:
    """Take both of a record, with a base where it has one."""
    return loss.both_with_logits


def pair(value: Callable[..., Any], grad: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: (value(*given), grad(*given))


def onehot_nll(y: int, s: list[Exact]) -> Exact:
    return surprises(s)[y]


def nll_grad(y: int, s: list[Exact]) -> list[Exact]:
    o = softmax(s)
    return [-mpmath.fsum(o[:i] + o[i + 1 :]) if i == y else x for i, x in enumerate(o)]


def cce(y: list[Exact], s: list[Exact]) -> Exact:
    return mpmath.fsum(times(a, b) for a, b in zip(y, surprises(s), strict=True))


def cce_grad(y: list[Exact], s: list[Exact]) -> list[Exact]:
    return [a - b for a, b in zip(softmax(s), y, strict=True)]


def se(y: Exact, o: Exact) -> Exact:
    return (y - o) ** 2 / 2


def se_logit(y: Exact, z: Exact) -> Exact:
    return error(y, z) ** 2 / 2


def se_logit_grad(y: Exact, z: Exact) -> Exact:
    return error(y, z) * sigmoid(z) * rest(z)


def larger(*given: Any) -> Exact:
    """Return the size that soft targets are rounded at."""
    y, z = given
    return max(y, sigmoid(z))


def larger_row(y: list[Exact], s: list[Exact]) -> list[Exact]:
    return [max(pair) for pair in zip(y, softmax(s), strict=True)]


SPECS = [
    Spec(lt.sigmoid, ("z:logit",), sigmoid),
    Spec(lt.sigmoid_grad, ("z:logit",), lambda z: sigmoid(z) * rest(z)),
    Spec(lt.log_sigmoid, ("z:logit",), lambda z: -softplus(-z)),
    Spec(lt.softplus, ("z:logit",), softplus),
    Spec(lt.logit, ("o:unit",), lambda o: minus_log(1 - o) - minus_log(o)),
    Spec(lt.relu, ("z:logit",), lambda z: max(z, mpf(0))),
    Spec(lt.relu_grad, ("z:logit",), lambda z: mpf(z > 0)),
    Spec(lt.softmax, ("s:logit",), softmax, "K"),
    Spec(lt.log_softmax, ("s:logit",), lambda s: [-x for x in surprises(s)], "K"),
    Spec(lt.logsumexp, ("s:logit",), logsumexp, "1", scale=lambda s: max(map(abs, s))),
    Spec(lt.softmax_jacobian, ("s:logit",), jacobian, "KK"),
    Spec(lt.half_squared_error, ("y:real", "o:real"), se),
    Spec(lt.half_squared_error_grad, ("y:real", "o:real"), lambda y, o: o - y),
    Spec(both(lt.LINEAR_SQUARED_ERROR), ("y:real", "o:real"), pair(se, lambda y, o: o - y)),
    Spec(lt.LINEAR_SQUARED_ERROR.activation, ("z:logit",), lambda z: z),
    Spec(lt.half_squared_error_with_logits, ("y:unit", "z:logit"), se_logit, scale=larger),
    Spec(
        lt.half_squared_error_with_logits_grad, ("y:unit", "z:logit"), se_logit_grad, scale=larger
    ),
    Spec(
        both(lt.SQUARED_ERROR), ("y:unit", "z:logit"), pair(se_logit, se_logit_grad), scale=larger
    ),
    Spec(lt.binary_cross_entropy, ("y:unit", "o:unit"), bce, base=1),
    Spec(lt.binary_cross_entropy_grad, ("y:unit", "o:unit"), bce_grad, base=1),
    Spec(lt.binary_cross_entropy_with_logits, ("y:unit", "z:logit"), bce_logit, base=1),
    Spec(lt.binary_cross_entropy_with_logits_grad, ("y:unit", "z:logit"), error, "", 1, larger),
    Spec(
        both(lt.BINARY_CROSS_ENTROPY), ("y:unit", "z:logit"), pair(bce_logit, error), "", 1, larger
    ),
    Spec(
        lt.categorical_cross_entropy,
        ("y:row", "o:row"),
        lambda y, o: mpmath.fsum(times(a, minus_log(b)) for a, b in zip(y, o, strict=True)),
        "1",
        1,
    ),
    Spec(
        lt.categorical_cross_entropy_grad,
        ("y:row", "o:row"),
        lambda y, o: [
            (-a / b if b else mpf("-inf")) if a else mpf(0) for a, b in zip(y, o, strict=True)
        ],
        "K",
        1,
    ),
    Spec(lt.categorical_cross_entropy_with_logits, ("y:row", "s:logit"), cce, "1", 1),
    Spec(
        lt.categorical_cross_entropy_with_logits_grad,
        ("y:row", "s:logit"),
        cce_grad,
        "K",
        1,
        larger_row,
    ),
    Spec(
        both(lt.CATEGORICAL_CROSS_ENTROPY),
        ("y:row", "s:logit"),
        pair(cce, cce_grad),
        "1K",
        1,
        lambda y, s: (mpf(0), larger_row(y, s)),
    ),
    Spec(
        lt.multilabel_cross_entropy,
        ("y:units", "o:units"),
        lambda y, o: mpmath.fsum(map(bce, y, o)),
        "1",
        1,
    ),
    Spec(
        lt.multilabel_cross_entropy_grad,
        ("y:units", "o:units"),
        lambda y, o: list(map(bce_grad, y, o)),
        "K",
        1,
    ),
    Spec(
        lt.multilabel_cross_entropy_with_logits,
        ("y:units", "z:logit"),
        lambda y, z: mpmath.fsum(map(bce_logit, y, z)),
        "1",
        1,
    ),
    Spec(
        lt.multilabel_cross_entropy_with_logits_grad,
        ("y:units", "z:logit"),
        lambda y, z: list(map(error, y, z)),
        "K",
        1,
        lambda y, z: list(map(larger, y, z)),
    ),
    Spec(
        both(lt.MULTILABEL_CROSS_ENTROPY),
        ("y:units", "z:logit"),
        lambda y, z: (mpmath.fsum(map(bce_logit, y, z)), list(map(error, y, z))),
        "1K",
        1,
        lambda y, z: (mpf(0), list(map(larger, y, z))),
    ),
    Spec(lt.negative_log_likelihood, ("y:index", "o:row"), lambda y, o: minus_log(o[y]), "1", True),
    Spec(
        lt.negative_log_likelihood_grad,
        ("y:index", "o:row"),
        lambda y, o: [
            (-1 / x if x else mpf("-inf")) if i == y else mpf(0) for i, x in enumerate(o)
        ],
        "K",
        1,
    ),
    Spec(lt.negative_log_likelihood_with_logits, ("y:index", "s:logit"), onehot_nll, "1", 1),
    Spec(lt.negative_log_likelihood_with_logits_grad, ("y:index", "s:logit"), nll_grad, "K", 1),
    Spec(
        both(lt.NEGATIVE_LOG_LIKELIHOOD),
        ("y:index", "s:logit"),
        pair(onehot_nll, nll_grad),
        "1K",
        1,
    ),
    Spec(lt.entropy, ("p:row",), lambda p: cross_entropy(p, p), "1", 1),
    Spec(lt.cross_entropy, ("p:row", "q:row"), cross_entropy, "1", 1),
    Spec(lt.kl_divergence, ("p:row", "q:row"), divergence, "1", 1),
    Spec(
        lt.gaussian_log_likelihood,
        ("y:real", "mean:real", "std:positive"),
        gaussian,
        scale=lambda y, mean, std: max(abs(mpmath.log(std)), ((y - mean) / std) ** 2 / 2, 1),
    ),
    Spec(lt.bernoulli_log_likelihood, ("y:bit", "p:unit"), lambda y, p: -bce(y, p)),
    Spec(lt.categorical_log_likelihood, ("y:index", "p:row"), lambda y, p: -minus_log(p[y]), "1"),
    Spec(lt.unlearning_time_squared_error, ("z0:start", "x:real"), time_se),
    Spec(lt.unlearning_time_cross_entropy, ("z0:start", "x:real"), time_ce, base=-1),
    Spec(lt.cross_entropy_curvature, ("z:logit",), lambda z: sigmoid(z) * rest(z), "", True),
    Spec(
        lt.squared_error_curvature,
        ("y:unit", "z:logit"),
        curvature_se,
        scale=lambda y, z: sigmoid(z) * rest(z) * max(sigmoid(z) * rest(z), abs(error(y, z)), y),
    ),
    Spec(lt.squared_error_inflections, ("y:unit",), inflections),
]

NAMES = [f"{i}_{getattr(spec.function, '__name__', '')}" for i, spec in enumerate(SPECS)]

# --- what goes in -----------------------------------------------------------------------------

FLOATS = ("f8", "f4", "f2", ">f8", ">f4")
INTEGERS = ("i1", "u1", "i4", "i8", ">i8", "u8")


def numbers(domain: str, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    """Draw numbers of a domain, the extremes of their type among them."""
    kind = np.dtype(dtype)
    if domain == "row":
        return distributions(shape, kind, rng)
    if kind.kind in "biu":
        low = 0 if domain in {"start", "unit", "units", "bit"} or kind.kind != "i" else -9
        low = 1 if domain == "positive" else low
        high = 1 if domain in {"unit", "units", "bit"} or kind.kind == "b" else 99
        return rng.integers(low, high, shape, endpoint=True).astype(kind)
    info = np.finfo(kind)
    some = [0.0, info.smallest_subnormal, info.tiny, info.eps, 0.5, 1 - info.epsneg, 1.0]
    plain: Array
    if domain in {"unit", "units"}:
        plain = rng.random(shape)
    elif domain == "bit":
        plain, some = rng.integers(2, size=shape), [0.0, 1.0]
    else:
        plain = rng.normal(size=shape) * rng.choice([1e-3, 1.0, 40.0, 400.0])
        some += [37.0, 709.0 if kind.itemsize > 2 else 7.0, info.max, info.max / 2]
    if domain in {"logit", "start"}:
        some.append(math.inf)
    drawn = np.where(rng.random(shape) < 0.3, rng.choice(some, shape), plain)
    if domain in {"logit", "real"}:
        drawn = drawn * rng.choice([-1.0, 1.0], shape)
    if domain in {"start", "positive"}:
        drawn = np.abs(drawn)
    if domain == "positive":
        drawn = np.where(drawn.astype(kind) > 0, drawn, 1.0)
    return np.asarray(np.clip(drawn, -np.inf, np.inf), kind)


def distributions(shape: tuple[int, ...], kind: np.dtype[Any], rng: np.random.Generator) -> Array:
    """Draw rows that sum to 1, to the rounding of their type or as far off as is let through."""
    K, n = shape[-1], math.prod(shape[:-1])
    weights = rng.random((n, K)) ** rng.choice([1.0, 30.0]) * (rng.random((n, K)) < 0.8)
    weights[np.arange(n), rng.integers(K, size=n)] += rng.choice([1.0, 1e-6, 1e9])
    rows = weights / weights.sum(axis=-1, keepdims=True)
    if kind.kind in "biu":
        rows = np.eye(K)[rng.integers(K, size=n)]
    elif rng.random() < 0.3:
        rows *= 1 - 9e-6 * rng.random((n, 1))
    drawn: Array = rows.reshape(shape).astype(kind)
    return drawn


def laid_out(array: Array, layout: str) -> Any:
    """Return an equal array that lies in memory in another way."""
    if layout == "Fortran":
        return np.asfortranarray(array)
    if layout == "strided":
        return np.repeat(array, 2, axis=-1)[..., ::2] if array.ndim else array
    if layout == "reversed":
        return array[..., ::-1].copy()[..., ::-1] if array.ndim else array
    if layout == "unaligned":
        raw = np.zeros(array.nbytes + 1, np.uint8)
        shifted = raw[1:].view(array.dtype).reshape(array.shape)
        shifted[...] = array
        return shifted
    if layout == "read-only":
        array = array.copy()
        array.flags.writeable = False
    if layout == "list" and array.size:
        return array.tolist()
    return array


LAYOUTS = ("plain", "Fortran", "strided", "reversed", "unaligned", "read-only", "list")


class Call(NamedTuple):
    """Arguments as a caller has them, and what a result should look like."""

    given: list[Any]
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


@st.composite
def calls(draw: st.DrawFn, spec: Spec) -> Call:
    """Draw arguments of any type and layout whose shapes broadcast."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    full = tuple(draw(st.lists(st.integers(0, 4), max_size=3)))
    K = draw(st.sampled_from([1, 2, 3, 5, 13] if spec.rows == "KK" else [1, 2, 3, 5, 13, 33]))
    vast = draw(st.booleans())  # all of them near the end of their type's range
    given: list[Any] = []
    strong = []
    for argument in spec.arguments:
        domain = argument.partition(":")[2]
        dropped = draw(st.integers(0, len(full)))
        shape = tuple(1 if draw(st.integers(0, 3)) == 0 else n for n in full[dropped:])
        layout = draw(st.sampled_from(LAYOUTS))
        if domain == "index":
            dtype = draw(st.sampled_from(INTEGERS))
            array = rng.integers(K, size=shape).astype(dtype)
        else:
            dtype = draw(st.sampled_from(FLOATS) | st.sampled_from((*INTEGERS, "?")))
            row = (K,) if spec.rows else ()
            array = numbers(domain, (*shape, *row), dtype, rng)
            if vast and domain in {"real", "positive"} and array.dtype.kind == "f":
                signs = np.sign(array) if domain == "real" else 1.0
                drawn = signs * rng.uniform(0.3, 1.0, array.shape) * np.finfo(array.dtype).max
                array = np.asarray(drawn, dtype)
        if layout == "list" and domain == "row":  # it would hide that numbers were of float16
            layout = "plain"
        value = laid_out(array, layout)
        given.append(value)
        if domain != "index" and type(value) not in {bool, int, float}:
            strong.append(np.asarray(value).dtype)
    narrow = any(dtype.kind == "f" for dtype in strong)
    narrow = narrow and np.result_type(np.float32, *strong) == np.float32
    shapes = [
        np.shape(value)[: np.ndim(value) - bool(spec.rows and ":index" not in argument)]
        for value, argument in zip(given, spec.arguments, strict=True)
    ]
    expected_type: np.dtype[Any] = np.dtype(np.float32 if narrow else np.float64)
    return Call(given, np.broadcast_shapes(*shapes), expected_type)


# --- what comes out ---------------------------------------------------------------------------


def exact_numbers(value: Any) -> Any:
    if np.ndim(value) == 0:
        return int(value) if isinstance(value, np.integer) else mpf(float(value))
    return [mpf(float(x)) for x in value]


def expected(spec: Spec, call: Call) -> Iterator[tuple[Any, Any]]:
    """Yield what each entry of the results should be, and the size that errors are measured by."""
    views = []
    for value, argument in zip(call.given, spec.arguments, strict=True):
        array = np.asarray(value)
        row = array.shape[-1:] if spec.rows and ":index" not in argument else ()
        if ":index" in argument:
            array = array.astype(np.int64)
        views.append(np.broadcast_to(array, (*call.shape, *row)))
    for place in places(call.shape):
        exact = [exact_numbers(view[place]) for view in views]
        truth = spec.truth(*exact)
        yield truth, (spec.scale(*exact) if spec.scale else 0)


def places(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the places that are looked at: all of a few, or the first, the last and some."""
    n = math.prod(shape)
    chosen = range(n) if n <= 8 else sorted({0, n - 1, *(range(0, n, n // 6))})
    return [tuple(map(int, np.unravel_index(i, shape))) for i in chosen]


def entries(results: tuple[Any, ...], shape: tuple[int, ...]) -> list[list[Array]]:
    """Return what belongs to each place, one array a result."""
    return [
        [np.asarray(result)[place].reshape(-1) for result in results] for place in places(shape)
    ]


def as_lists(truth: Any, results: int) -> list[list[Exact]]:
    truths = truth if isinstance(truth, tuple) else (truth,) * results
    return [x if isinstance(x, list) else [x] for x in truths]


def off(found: float, exact: Exact, scale: Exact, dtype: np.dtype[Any]) -> float:
    """Return how many times too far off a number is."""
    wide = float(exact)
    if found == wide or (math.isinf(wide) and found == wide):
        return 0.0
    with np.errstate(all="ignore"):
        nearest = dtype.type(wide)
    if math.isinf(nearest) or not math.isfinite(found):
        near = (
            found == nearest
            or abs(found) == np.finfo(dtype).max
            or (math.isinf(found) and abs(wide) > 0.999 * float(np.finfo(dtype).max))
        )
        return 0.0 if near and np.sign(found) == np.sign(wide) else math.inf
    size = max(abs(wide), min(float(scale), 1e300))
    allowed = 16.0 * float(np.spacing(np.float64(size)))
    if dtype == np.float32:
        allowed += 0.51 * float(np.spacing(np.abs(nearest)))
    return float(abs(mpf(found) - exact)) / allowed


LEAST_NORMAL = mpf(2) ** -1022


def check(spec: Spec, call: Call, base: Any) -> None:
    before = [np.array(value) for value in call.given]
    options = {} if base is None else {"base": base}
    with np.errstate(all="raise"):
        results = spec.function(*call.given, **options)
    results = results if isinstance(results, tuple) else (results,)
    for value, copy in zip(call.given, before, strict=True):
        np.testing.assert_array_equal(np.asarray(value), copy)
    kinds = spec.rows if len(spec.rows) == 2 and spec.rows[0] == "1" else [spec.rows] * len(results)
    for result, kind in zip(results, kinds, strict=True):
        K = np.shape(call.given[-1])[-1:] if spec.rows else ()
        row = {"": (), "1": (), "K": K, "KK": K + K}[kind]
        assert np.shape(result) == (*call.shape, *row)
        assert np.asarray(result).dtype == call.dtype
    with mpmath.workprec(1300):
        unit = mpf(1) if base is None else mpmath.log(mpf(float(base))) ** spec.base
        for (truth, scale), place in zip(
            expected(spec, call), entries(results, call.shape), strict=True
        ):
            truths, scales = as_lists(truth, len(results)), as_lists(scale, len(results))
            for found, exact, sizes in zip(place, truths, scales, strict=True):
                full = sizes if len(sizes) == len(exact) else sizes * len(exact)
                for x, in_nats, size in zip(found.tolist(), exact, full, strict=True):
                    # A result too large in nats, which come first, is infinite in any unit.
                    lost = math.isinf(float(in_nats))
                    true = mpmath.sign(in_nats) * mpf("inf") if lost else in_nats / unit
                    # What has lost digits near 0 in nats has lost them in any unit.
                    far = off(x, true, max(size, LEAST_NORMAL) / unit, call.dtype)
                    assert far <= 1.0, (spec.function, x, float(true), far)


class Quantity:
    """Numbers with a unit, as some libraries have them."""

    units = "m"

    def __init__(self, numbers: Any) -> None:
        self.numbers = numbers

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        return np.array(self.numbers, dtype)


def refuses_what_an_array_would_drop(spec: Spec, call: Call) -> None:
    for n, argument in enumerate(spec.arguments):
        name = argument.partition(":")[0]
        value = np.array(call.given[n])
        for bad in (
            np.ma.masked_array(value, mask=np.ones(value.shape, bool)),
            [np.ma.masked_array(value)],
            Quantity(value),
            value.astype(object),
            value.astype(complex),
            value.astype(str),
        ):
            with pytest.raises(TypeError, match=rf"^{name} must (not be masked|hold)"):
                spec.function(*call.given[:n], bad, *call.given[n + 1 :])


BASES = st.sampled_from([2, 10, 1.5, 1 + 2.0**-40, 1e300, np.float32(3.0), np.int64(7)])


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
@settings(max_examples=15)
@given(data=st.data())
def test_any_input_gives_the_exact_result(spec: Spec, data: st.DataObject) -> None:
    call = data.draw(calls(spec))
    base = data.draw(st.none() | BASES) if spec.base else None
    block = data.draw(st.sampled_from([8, 64, 16_384]))
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("error")
        patch.setattr(_blocks, "BLOCK", block)
        check(spec, call, base)
        refuses_what_an_array_would_drop(spec, call)


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
@pytest.mark.parametrize("size", [16_384, 40_000])
def test_large_arguments_give_what_small_ones_give(spec: Spec, size: int) -> None:
    rng = np.random.default_rng(size)
    for dtype, layout in (("f8", "plain"), ("f4", "strided"), (">f8", "unaligned")):
        K = 3
        given = []
        for argument in spec.arguments:
            domain = argument.partition(":")[2]
            if domain == "index":
                given.append(rng.integers(K, size=size).astype("u1"))
            else:
                shape = (size, K) if spec.rows else (size,)
                given.append(laid_out(numbers(domain, shape, dtype, rng), layout))
        with np.errstate(all="raise"):
            whole = spec.function(*given)
            # The second target alone, for all of the others: the block broadcasts it.
            alone = spec.function(given[0][1:2], *given[1:]) if len(given) > 1 else whole
            single = spec.function(*(value[1] for value in given))
        for large, wide, small in zip(
            *(x if isinstance(x, tuple) else (x,) for x in (whole, alone, single)), strict=True
        ):
            assert large.dtype == wide.dtype == small.dtype
            assert large.shape == wide.shape == (size, *small.shape)
            tiny = 64 * np.finfo(large.dtype).eps
            np.testing.assert_allclose(large[1], small, rtol=tiny, atol=tiny)
            np.testing.assert_allclose(wide[1], small, rtol=tiny, atol=tiny)


# --- steps: whole numbers, which a last digit may turn ----------------------------------------


def fall_ce(z0: Exact) -> Exact:
    """Return how much the speed falls on the way: ln(g(z0) / g(0)) under cross entropy."""
    return mpmath.log(2 * sigmoid(z0))


def fall_se(z0: Exact) -> Exact:
    return 3 * mpmath.log(2 * sigmoid(z0)) - z0


def steps_ce(z0: Any, x: Any, step: Any, **base: Any) -> Array:
    return lt.unlearning_steps_cross_entropy(z0, x, step=step, **base)


def steps_se(z0: Any, x: Any, step: Any) -> Array:
    return lt.unlearning_steps_squared_error(z0, x, step=step)


STEPS = {
    "cross entropy": (Spec(steps_ce, ("z0:start", "x:real", "step:positive"), time_ce), fall_ce),
    "squared error": (Spec(steps_se, ("z0:start", "x:real", "step:positive"), time_se), fall_se),
}


def counts(time: Exact, fall: Exact, z0: Exact, dtype: np.dtype[Any]) -> tuple[float, float]:
    """Return the least and the greatest count that a few last digits may make of the law."""
    if mpmath.isinf(time):
        return math.inf, math.inf
    slack = 32 * np.finfo(np.float64).eps * max(time, abs(fall))
    ends = [max(mpmath.ceil(time - fall / 2 + d), mpf(z0 > 0)) for d in (-slack, slack)]
    rounding = 0.51 * float(np.finfo(dtype).eps)
    return float(ends[0]) * (1 - rounding), float(ends[1]) * (1 + rounding)


@pytest.mark.parametrize("loss", STEPS)
@settings(max_examples=40)
@given(data=st.data())
def test_any_input_gives_the_whole_steps(loss: str, data: st.DataObject) -> None:
    spec, fall = STEPS[loss]
    call = data.draw(calls(spec))
    base: Any = data.draw(st.none() | BASES) if loss == "cross entropy" else None
    options = {} if base is None else {"base": base}
    before = [np.array(value) for value in call.given]
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="raise"):
        patch.setattr(_blocks, "BLOCK", data.draw(st.sampled_from([8, 64, 16_384])))
        found = spec.function(*call.given, **options)
        refuses_what_an_array_would_drop(spec, call)
    for value, copy in zip(call.given, before, strict=True):
        np.testing.assert_array_equal(np.asarray(value), copy)
    assert np.shape(found) == call.shape
    assert np.asarray(found).dtype == call.dtype
    views = [np.broadcast_to(np.asarray(value), call.shape) for value in call.given]
    with mpmath.workprec(1300):
        nats = mpf(1) if base is None else mpmath.log(mpf(float(base)))
        for place in places(call.shape):
            z0, x, step = (exact_numbers(view[place]) for view in views)
            time = spec.truth(z0, x) / step * nats
            low, high = counts(time, fall(z0) if mpmath.isfinite(z0) else mpf(0), z0, call.dtype)
            n = float(np.asarray(found)[place])
            largest = float(np.finfo(call.dtype).max)
            assert min(low, largest) <= n <= (high if high < largest else math.inf), (z0, x, step)
            assert math.isinf(n) or n == math.floor(n)


# --- estimates ---------------------------------------------------------------------------------


def sample(
    data: st.DataObject, domain: str, rng: np.random.Generator, K: int = 0, kinds: Any = None
) -> Any:
    """Draw a sample of any shape, type and layout, one number at least."""
    shape = tuple(data.draw(st.lists(st.integers(1, 9), max_size=3)))
    dtype = data.draw(st.sampled_from(kinds or (*FLOATS, *INTEGERS, "?")))
    if domain == "index":
        array = rng.integers(K, size=shape).astype(dtype)
    else:
        array = numbers(domain, shape, dtype, rng)
    return laid_out(array, data.draw(st.sampled_from(LAYOUTS)))


def assert_untouched(estimate: Callable[[Any], Any], y: Any) -> Any:
    """Estimate under errors for warnings, and see that the sample stays as it was."""
    before = np.array(y)
    with np.errstate(all="raise"):
        found = estimate(y)
    np.testing.assert_array_equal(np.asarray(y), before)
    for bad in (np.ma.masked_array(before, np.ones(before.shape, bool)), Quantity(before)):
        with pytest.raises(TypeError, match=r"^y must (not be masked|hold)"):
            estimate(bad)
    return found


@settings(max_examples=200)
@given(data=st.data(), seed=st.integers(0, 2**32), vast=st.booleans(), equal=st.booleans())
def test_any_sample_gives_mean_and_spread(
    data: st.DataObject, seed: int, vast: bool, equal: bool
) -> None:
    rng = np.random.default_rng(seed)
    y = sample(data, "real", rng)
    if vast and np.asarray(y).dtype.kind == "f":
        signs = np.where(np.asarray(y) < 0, -1.0, 1.0)
        y = np.asarray(signs * rng.uniform(0.5, 1, np.shape(y)) * np.finfo(np.asarray(y).dtype).max)
    if equal:
        y = np.full(np.shape(y), np.asarray(y).reshape(-1)[0])
    mean, spread = assert_untouched(lt.gaussian_mle, y)
    assert type(mean) is type(spread) is float
    with mpmath.workprec(2400):
        exact = [mpf(float(x)) for x in np.asarray(y).reshape(-1)]
        middle = mpmath.fsum(exact) / len(exact)
        around = mpmath.sqrt(mpmath.fsum((x - middle) ** 2 for x in exact) / len(exact))
        assert off(mean, middle, 0, np.dtype(np.float64)) <= 0.6 / 16  # of a unit in the last place
        assert off(spread, around, 0, np.dtype(np.float64)) <= 1 / 2
    if equal:
        assert (mean, spread) == (float(np.asarray(y).reshape(-1)[0]), 0.0)


@settings(max_examples=60)
@given(data=st.data(), seed=st.integers(0, 2**32), K=st.sampled_from([1, 2, 3, 9, 40]))
def test_any_sample_gives_the_shares(data: st.DataObject, seed: int, K: int) -> None:
    rng = np.random.default_rng(seed)
    y = sample(data, "bit", rng)
    assert assert_untouched(lt.bernoulli_mle, y) == float(np.asarray(y, float).mean())
    y = sample(data, "index", rng, K, INTEGERS)
    sizes: list[Any] = [K, np.int64(K)]
    for size in sizes:
        found = assert_untouched(partial(lt.categorical_mle, K=size), y)
        flat = np.asarray(y).reshape(-1).tolist()
        assert found.tolist() == [flat.count(k) / len(flat) for k in range(K)]
        assert found.dtype == np.float64


# --- one neuron --------------------------------------------------------------------------------

SCALARS = (float, np.float64, np.float32, np.float16, np.array, int, np.int64, np.uint8)
ONE_NEURON = {
    "half squared error": (lt.SQUARED_ERROR, se_logit_grad),
    "binary cross entropy": (lt.BINARY_CROSS_ENTROPY, error),
}


@pytest.mark.parametrize("name", ONE_NEURON)
@settings(max_examples=150)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_any_case_gives_the_gradients_of_weight_and_bias(
    name: str, data: st.DataObject, seed: int
) -> None:
    loss, truth = ONE_NEURON[name]
    rng = np.random.default_rng(seed)
    entries = {}
    for field in ("x", "w", "b", "y"):
        kind = data.draw(st.sampled_from(SCALARS))
        whole = kind in {int, np.int64, np.uint8}
        dtype = "u1" if whole else {np.float32: "f4", np.float16: "f2"}.get(kind, "f8")
        number = numbers("unit" if field == "y" else "real", (), dtype, rng)
        entries[field] = kind(number.item())
    case = lt.Case(**entries)
    x, w, b, y = (float(entry) for entry in case)
    z = w * x + b
    with np.errstate(all="raise"):
        found = lt.neuron_gradients(loss, case)
        assert case.z == z
    assert all(type(gradient) is float for gradient in found)
    with mpmath.workprec(1300):
        slope = truth(mpf(y), mpf(z))
        size = larger(mpf(y), mpf(z))
        assert off(found[1], slope, size, np.dtype(np.float64)) <= 1.0
    assert found[0] == found[1] * x
    for field in entries:
        several: tuple[Any, ...] = ([1.0], np.zeros(2), np.ma.masked_array(1.0, mask=True))
        for bad in (*several, "1", None, 1j):
            with pytest.raises(TypeError, match=rf"^{field} must"):
                lt.neuron_gradients(loss, case._replace(**{field: bad}))
        for endless in (math.nan, math.inf, -math.inf):
            with pytest.raises(ValueError, match=rf"^{field} must be finite"):
                lt.neuron_gradients(loss, case._replace(**{field: endless}))


# --- the mean over samples, and descent ---------------------------------------------------------

OBJECTIVES: dict[str, tuple[lt.Loss, Callable[..., Any], Callable[..., Any]]] = {
    "real": (lt.LINEAR_SQUARED_ERROR, se, lambda y, z: z - y),
    "probability": (lt.BINARY_CROSS_ENTROPY, bce_logit, error),
    "class index": (lt.NEGATIVE_LOG_LIKELIHOOD, onehot_nll, nll_grad),
    "distribution": (lt.CATEGORICAL_CROSS_ENTROPY, cce, cce_grad),
    "labels": (
        lt.MULTILABEL_CROSS_ENTROPY,
        lambda y, z: mpmath.fsum(map(bce_logit, y, z)),
        lambda y, z: list(map(error, y, z)),
    ),
}


def small(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    """Draw numbers of which no product leaves the range of any type."""
    kind = np.dtype(dtype)
    if kind.kind in "biu":
        return numbers("unit", shape, dtype, rng)
    return np.asarray(rng.normal(size=shape) * rng.choice([1e-3, 1.0, 9.0]), kind)


@pytest.mark.parametrize("kind", OBJECTIVES)
@settings(max_examples=40)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_any_samples_give_the_mean_loss(kind: str, data: st.DataObject, seed: int) -> None:
    loss, value, slope = OBJECTIVES[kind]
    assert loss.target == kind
    rng = np.random.default_rng(seed)
    n, d, K = (data.draw(st.integers(1, top)) for top in (6, 4, 4))
    layouts = st.sampled_from(LAYOUTS)
    types = st.sampled_from((*FLOATS, *INTEGERS, "?"))
    rows = kind in {"distribution", "labels"}
    outputs = (K,) if rows or kind == "class index" else ()
    x = laid_out(small((n, d), data.draw(types), rng), data.draw(layouts))
    theta = laid_out(small((d + 1, *outputs), data.draw(types), rng), data.draw(layouts))
    if kind == "class index":
        targets = rng.integers(K, size=n).astype(data.draw(st.sampled_from(INTEGERS)))
    else:
        domain = {"real": "real", "distribution": "row"}.get(kind, "unit")
        shape = (n, K) if rows else (n,)
        dtype = data.draw(st.sampled_from(FLOATS))
        targets = small(shape, dtype, rng) if kind == "real" else numbers(domain, shape, dtype, rng)
    y = laid_out(targets, data.draw(layouts.filter(lambda layout: layout != "list")))
    before = [np.array(given) for given in (x, y, theta)]
    with np.errstate(all="raise"):
        objective = lt.mean_loss(loss, x, y)
        found, gradient = objective(theta)
    for given_, copy in zip((x, y, theta), before, strict=True):
        np.testing.assert_array_equal(np.asarray(given_), copy)
    types_given = [np.asarray(given_).dtype for given_ in (x, theta)]
    narrow = any(t.kind == "f" for t in types_given)
    narrow = narrow and np.result_type(np.float32, *types_given) == np.float32
    assert gradient.dtype == (np.float32 if narrow else np.float64)
    assert type(found) is float
    assert gradient.shape == np.shape(theta)
    with mpmath.workprec(400):
        inputs = [[*map(mpf, map(float, row)), mpf(1)] for row in before[0]]
        weights = np.asarray(before[2], float).reshape(d + 1, -1).tolist()
        mean, total, reach = mpf(0), [[mpf(0)] * len(weights[0]) for _ in weights], mpf(1)
        for row, target in zip(inputs, before[1], strict=True):
            columns = range(len(weights[0]))
            z = [
                mpmath.fsum(a * mpf(w[k]) for a, w in zip(row, weights, strict=True))
                for k in columns
            ]
            reach = max([reach, *map(abs, z)])
            scores: Any = z if outputs else z[0]
            exact = exact_numbers(target)
            mean += value(exact, scores) / n
            slopes = slope(exact, scores)
            for i, a in enumerate(row):
                for k, g in enumerate(slopes if outputs else [slopes]):
                    total[i][k] += a * g / n
    size = 1e-13 * float(reach) ** 2 * max(1.0, float(np.abs(before[0].astype(float)).max()))
    assert found == pytest.approx(float(mean), rel=1e-13, abs=size)
    allowed = 6e-8 if narrow else 1e-13
    np.testing.assert_allclose(
        gradient.reshape(d + 1, -1), np.array(total, float), rtol=allowed, atol=size
    )


@settings(max_examples=100)
@given(data=st.data(), seed=st.integers(0, 2**32), steps=st.integers(0, 5))
def test_any_start_descends_as_it_is_written_down(
    data: st.DataObject, seed: int, steps: int
) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(data.draw(st.lists(st.integers(0, 4), max_size=3)))
    array = small(shape, data.draw(st.sampled_from((*FLOATS, *INTEGERS, "?"))), rng)
    start = laid_out(array, data.draw(st.sampled_from(LAYOUTS)))
    shape = np.shape(start)  # a Fortran array has an axis at the least
    steep: Array = np.asarray(rng.uniform(0, 2, shape))
    sizes: list[Any] = [0.5, 1, 2**-1074, np.float32(0.1), np.int64(1), np.array(0.3)]
    step = data.draw(st.sampled_from(sizes))
    before = np.array(start)

    def objective(theta: Array) -> tuple[Any, Array]:
        answer = (np.sum(steep * theta * theta) / 2, steep * theta)
        theta[...] = math.nan  # it is the objective's own
        return answer

    with np.errstate(all="raise"):
        history = lt.descend(objective, start, step=step, steps=steps)
    np.testing.assert_array_equal(np.asarray(start), before)
    narrow = type(start) is not list and before.dtype.kind == "f" and before.dtype.itemsize <= 4
    dtype = np.float32 if narrow else np.float64
    assert history.parameters.shape == (steps + 1, *shape)
    assert history.parameters.dtype == dtype
    assert history.values.shape == (steps + 1,)
    assert history.values.dtype == np.float64
    theta: Array = before.astype(dtype)
    for parameters, value in zip(history.parameters, history.values, strict=True):
        np.testing.assert_array_equal(parameters, theta)
        assert value == np.sum(steep * theta * theta) / 2
        theta = np.asarray(theta - float(step) * (steep * theta), dtype)


SETTINGS: dict[str, Callable[[Any], Any]] = {
    "step": lambda bad: lt.descend(lambda theta: (0.0, theta), [1.0], step=bad, steps=1),
    "steps": lambda bad: lt.descend(lambda theta: (0.0, theta), [1.0], step=1.0, steps=bad),
    "the value that objective returns": lambda bad: lt.descend(
        lambda theta: (bad, theta), [1.0], step=1.0, steps=1
    ),
    "K": lambda bad: lt.categorical_mle([0, 1], bad),
    "axis": lambda bad: lt.softmax([[1.0, 2.0]], axis=bad),
    "base": lambda bad: lt.entropy([0.5, 0.5], base=bad),
}


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(
    "bad",
    [
        [1],
        [2.0, 3.0],
        (1.0,),
        np.array([2]),
        np.array([2.0, 2.0]),
        np.zeros((0,)),
        "2",
        None,
        2j,
        np.ma.masked_array(2.0, mask=True),
        {"a": 1},
    ],
    ids=repr,
)
def test_a_setting_is_one_number(name: str, bad: Any) -> None:
    with pytest.raises(TypeError, match=rf"^{name} must "):
        SETTINGS[name](bad)
