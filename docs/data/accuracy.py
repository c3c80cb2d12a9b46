"""Measure rounding errors against 240-bit arithmetic, and record them for the site.

``python docs/data/accuracy.py`` writes ``accuracy.json`` beside this file; ``nox -s accuracy`` does
the same. Errors are in ULP, the gap between neighbouring floating-point numbers at the truth; a
perfectly rounded result is off by at most half of one. Points are drawn from the whole range of the
type: random bit patterns, subnormals, zeros, the largest numbers, infinities, and the surroundings
of the places where an exponential over- or underflows.

The record has two parts, each with its own day, versions and number of points: the losses, next to
other libraries, and the likelihoods, divergences, laws and curvatures. ``--part`` measures one of
them again and keeps the other.
"""

import argparse
import datetime as dt
import json
import math
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

import losstheory as lt
from peers import Functions, libraries, machine, versions
from signature import sign

Array = NDArray[Any]
Exact = Any  # an mpmath number

POINTS = {"losses": 200_000, "likelihoods and laws": 10_000}
CLASSES = (2, 3, 10, 100, 1000)
BITS = 240
# A sum of 1 and the smallest float64 number has 1075 digits.
BITS_OF_DISTRIBUTIONS = 1200
SEED = 2019
CHUNK = 2_000
# exp(-z) overflows, underflows, drops below half an ULP of 1, or is 1 to all digits.
EDGES: dict[np.dtype[Any], tuple[float, ...]] = {
    np.dtype(np.float64): (1e-16, 1.0, 36.74, 37.4, 300.0, 354.9, 372.6, 708.4, 709.78, 745.13),
    np.dtype(np.float32): (1e-7, 1.0, 16.64, 17.3, 40.0, 44.4, 51.9, 87.34, 88.72, 103.97),
}


class Truth(NamedTuple):
    """Exact values: each the nearest number of the type, and how far off that is in ULP."""

    nearest: Array
    rest: Array


# --- where to look --------------------------------------------------------------------------


def any_floats(n: int, rng: np.random.Generator, dtype: np.dtype[Any]) -> Array:
    """Draw random bit patterns, which cover every exponent alike; no NaN."""
    kind = np.dtype(f"u{dtype.itemsize}")
    bits = rng.integers(0, np.iinfo(kind).max, size=2 * n, dtype=kind, endpoint=True)
    floats: Array = bits.view(dtype)
    return floats[np.isfinite(floats)][:n]


def logits(n: int, rng: np.random.Generator, dtype: np.dtype[Any]) -> Array:
    """Draw logits from the whole range, most of them where something happens."""
    info, edges = np.finfo(dtype), np.array(EDGES[dtype], dtype)
    special = [0.0, info.smallest_subnormal, info.tiny, info.max, math.inf]
    with np.errstate(over="ignore"):
        near = rng.choice(edges, n // 4) * (1 + rng.integers(-99, 99, n // 4) * info.eps)
        middle = rng.normal(size=n // 4) * 8
        wide = rng.uniform(0, 1.1 * edges[-1], n // 4)
        z = np.concatenate([special, near, middle, wide]).astype(dtype)
    z = np.concatenate([z, any_floats(n - len(z), rng, dtype)])
    z *= rng.choice([-1, 1], n).astype(dtype)
    return z


def units(n: int, rng: np.random.Generator, dtype: np.dtype[Any]) -> Array:
    """Draw numbers from [0, 1], many of them close to an end."""
    tiny = np.abs(any_floats(4 * n, rng, dtype))
    tiny = tiny[tiny <= 1][: n // 4]
    close = (1 - 0.5 ** rng.uniform(0, -np.log2(np.finfo(dtype).eps), n // 4)).astype(dtype)
    rest = n - len(tiny) - len(close)
    return rng.permuted(np.concatenate([tiny, close, rng.random(rest).astype(dtype)]))


def scores(n: int, K: int, rng: np.random.Generator, dtype: np.dtype[Any]) -> Array:
    """Draw rows of scores: close, spread, confident, shifted far, and beyond any shift."""
    info, edges = np.finfo(dtype), EDGES[dtype]
    scale = rng.choice([1e-3, 1.0, 5.0, 30.0, edges[4], edges[-1]], (n, 1))
    s = rng.normal(size=(n, K)) * scale
    confident = rng.random(n) < 0.3
    s[confident, rng.integers(K, size=confident.sum())] += rng.uniform(20, 60, confident.sum())
    s[rng.random(n) < 0.2] += edges[-2] * 1.3
    rows: Array = s.astype(dtype)
    whole = rng.random(n) < 0.02
    rows[whole] = any_floats(int(whole.sum()) * K, rng, dtype).reshape(-1, K)
    rows[0, 0], rows[-1, -1] = info.max / 4, -info.max / 4
    return rows


def distributions(n: int, K: int, rng: np.random.Generator, dtype: np.dtype[Any]) -> Array:
    """Draw rows that sum to 1, even, uneven and nearly certain, some outcomes impossible."""
    weights = rng.random((n, K)) ** rng.choice([1.0, 5.0, 30.0], (n, 1))
    weights *= (rng.random((n, K)) < 0.9) | (rng.random((n, 1)) < 0.8)
    weights[np.arange(n), rng.integers(K, size=n)] += rng.choice([1e-3, 1.0, 1e6, 1e12], n)
    return normed(weights, dtype)


def normed(weights: Array, dtype: np.dtype[Any]) -> Array:
    """Divide rows by their sum, and round them."""
    rows: Array = (weights / weights.sum(axis=-1, keepdims=True)).astype(dtype)
    return rows


def close_to(p: Array, rng: np.random.Generator) -> Array:
    """Draw a row near each row, from a tenth away down to the last digit."""
    last = np.log10(np.finfo(p.dtype).eps)
    step = 10.0 ** rng.uniform(last, -1.0, (len(p), 1))
    return normed(p * (1 + step * np.clip(rng.normal(size=p.shape), -3, 3)), p.dtype)


def targets_of_gaussians(
    n: int, rng: np.random.Generator, dtype: np.dtype[Any]
) -> tuple[Array, Array, Array]:
    """Draw targets, means and standard deviations of any size, most of the targets likely."""
    std = np.concatenate([np.exp(3 * rng.normal(size=n - n // 4)), positives(n // 4, rng, dtype)])
    std = np.maximum(std.astype(dtype), np.finfo(dtype).smallest_subnormal)
    mean = np.concatenate([rng.normal(size=n // 2) * 9, any_floats(n - n // 2, rng, dtype)])
    likely = mean + std.astype(float) * rng.normal(size=n) * 2
    y = np.where(rng.random(n) < 0.8, likely, any_floats(n, rng, dtype))
    largest = np.finfo(dtype).max
    mean, y = (np.clip(x, -largest, largest).astype(dtype) for x in (mean, y))
    return y, mean, std


def positives(n: int, rng: np.random.Generator, dtype: np.dtype[Any]) -> Array:
    """Draw numbers of any size."""
    return np.abs(any_floats(n, rng, dtype))


# --- the truth ------------------------------------------------------------------------------


def rounded(exact: list[Exact], dtype: np.dtype[Any]) -> Truth:
    """Round exact numbers to the type, and keep what rounding took off."""
    with np.errstate(over="ignore"):
        nearest = np.array([float(number) for number in exact]).astype(dtype)
    rest = np.zeros(len(exact))
    for i, (number, near, gap) in enumerate(
        zip(exact, nearest.tolist(), ulp(nearest).tolist(), strict=True)
    ):
        if math.isfinite(near):
            rest[i] = float((number - near) / gap)
    return Truth(nearest, rest)


def ulp(x: Array) -> Array:
    """Return the gap to the next number, which below the normal numbers is the smallest one."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.abs(np.spacing(x)).astype(float)


def small_exp(z: Exact) -> Exact:
    """Return exp(z) for z <= 0, and 0 for what no type can tell from it."""
    return mpmath.exp(z) if z > -5000 else mpmath.mpf(0)


def log1p(x: Exact) -> Exact:
    """Return log(1 + x), of which a tiny x keeps all its digits."""
    if x == mpmath.inf:
        return x
    return mpmath.log(1 + x) if x > mpmath.mpf(2) ** -120 else x - x * x / 2


def product(x: Exact, z: Exact) -> Exact:
    """Return x z, with 0 times infinity as 0."""
    return x * z if x else mpmath.mpf(0)


def exact_at_logits(y: float, z: float) -> Iterator[Exact]:
    """Yield everything that has one logit, in the order of AT_LOGITS."""
    u, z, y = small_exp(-abs(mpmath.mpf(z))), mpmath.mpf(z), mpmath.mpf(y)
    above, below = 1 / (1 + u), u / (1 + u)
    o, rest = (above, below) if z > 0 else (below, above)
    spread = log1p(u)
    error = (1 - y) * o - y * rest
    yield o
    yield o * rest
    yield min(z, 0) - spread
    yield error * error / 2
    yield error * o * rest
    value = product(1 - y, spread + max(z, 0)) + product(y, spread - min(z, 0))
    yield value
    yield error
    yield value / mpmath.log(2)
    yield error / mpmath.log(2)


def exact_at_output(y: float, o: float) -> Iterator[Exact]:
    """Yield the binary cross entropy of a probability."""
    yes = -mpmath.log(o) if o else mpmath.inf
    no = -log1p_of_minus(mpmath.mpf(o))
    yield product(mpmath.mpf(y), yes) + product(1 - mpmath.mpf(y), no)


def log1p_of_minus(o: Exact) -> Exact:
    """Return log(1 - o)."""
    if o == 1:
        return -mpmath.inf
    return mpmath.log(1 - o) if o > mpmath.mpf(2) ** -120 else -o - o * o / 2


def exact_rows(t: int, row: list[float]) -> tuple[list[Exact], list[Exact], Exact, list[Exact]]:
    """Return the softmax of a row, its logarithm, and loss and gradient for the class t."""
    s = [mpmath.mpf(x) for x in row]
    top = max(s)
    m = s.index(top)
    u = [small_exp(x - top) for x in s]
    others = mpmath.fsum(u[:m] + u[m + 1 :])
    total, spread = 1 + others, log1p(others)
    o = [x / total for x in u]
    grad = [*o]
    grad[t] = -mpmath.fsum(u[:t] + u[t + 1 :]) / total
    return o, [x - top - spread for x in s], top - s[t] + spread, grad


def exact_gaussian(y: float, mean: float, std: float) -> Iterator[Exact]:
    """Yield the log density."""
    t, std = (mpmath.mpf(y) - mpmath.mpf(mean)) / mpmath.mpf(std), mpmath.mpf(std)
    yield -t * t / 2 - mpmath.log(std) - mpmath.log(2 * mpmath.pi) / 2


def exact_log(p: float) -> Iterator[Exact]:
    """Yield the logarithm of a probability."""
    yield mpmath.log(p) if p else -mpmath.inf


def exact_distributions(p: list[float], q: list[float]) -> Iterator[Exact]:
    """Yield entropy, cross entropy and divergence of rows, each divided by its sum."""
    P, Q = ([mpmath.mpf(x) / mpmath.fsum(map(mpmath.mpf, row)) for x in row] for row in (p, q))
    pairs = [pair for pair in zip(P, Q, strict=True) if pair[0]]
    possible = all(b for _, b in pairs)
    yield mpmath.fsum(-a * mpmath.log(a) for a, _ in pairs)
    yield mpmath.fsum(-a * mpmath.log(b) for a, b in pairs) if possible else mpmath.inf
    yield mpmath.fsum(a * mpmath.log(a / b) for a, b in pairs) if possible else mpmath.inf


def exact_times(z0: float, x: float) -> Iterator[Exact]:
    """Yield how long a neuron takes to unlearn, in the order of TIMES."""
    u, z, square = small_exp(-mpmath.mpf(z0)), mpmath.mpf(z0), 1 + mpmath.mpf(x) ** 2
    rise = -mpmath.expm1(-z)
    yield (z + rise) / square
    # e^z - 1 + 3 z + 3 (1 - e^-z) + (1 - e^-2z) / 2, with e^-z - e^-2z taken apart
    yield (rise / u + 3 * z + 3 * rise + rise * (1 + u) / 2) / square if u else mpmath.inf


def exact_curvatures(y: float, z: float) -> Iterator[Exact]:
    """Yield the second derivatives by the logit, in the order of CURVATURES."""
    _, slope, _, _, _, _, error, *_ = exact_at_logits(y, z)
    yield slope
    yield slope * (slope - error * mpmath.tanh(mpmath.mpf(z) / 2))


def exact_inflections(y: float) -> Iterator[Exact]:
    """Yield the outputs where the curvature of squared error is 0."""
    root = mpmath.sqrt(1 - mpmath.mpf(y) + mpmath.mpf(y) ** 2)
    yield y / (1 + y + root)
    yield (1 + y + root) / 3


EXACT: dict[str, Callable[..., Iterator[Exact]]] = {
    "logits": exact_at_logits,
    "outputs": exact_at_output,
    "gaussians": exact_gaussian,
    "logarithms": exact_log,
    "distributions": exact_distributions,
    "times": exact_times,
    "curvatures": exact_curvatures,
    "inflections": exact_inflections,
}


def work(task: tuple[str, tuple[Array, ...]]) -> list[Truth]:
    """Compute a chunk of truths, in another process."""
    kind, arrays = task
    dtype, shape = arrays[-1].dtype, arrays[-1].shape
    with mpmath.workprec(BITS_OF_DISTRIBUTIONS if kind == "distributions" else BITS):
        points = zip(*(array.tolist() for array in arrays), strict=True)
        if kind != "rows":
            exact = [EXACT[kind](*point) for point in points]
            return [rounded(list(column), dtype) for column in zip(*exact, strict=True)]
        o, logs, value, grad = zip(*(exact_rows(*point) for point in points), strict=True)
        flat = [rounded(list(chain.from_iterable(rows)), dtype) for rows in (o, logs, grad)]
        o, logs, grad = [Truth(*(part.reshape(shape) for part in truth)) for truth in flat]
        return [o, logs, rounded(list(value), dtype), grad]


def truths(pool: ProcessPoolExecutor, kind: str, label: str, *arrays: Array) -> list[Truth]:
    """Compute truths on every processor, with a bar."""
    step = max(1, CHUNK // math.prod(arrays[-1].shape[1:]))
    tasks = [
        (kind, tuple(array[i : i + step] for array in arrays))
        for i in range(0, len(arrays[0]), step)
    ]
    chunks = list(tqdm(pool.map(work, tasks), total=len(tasks), desc=label, leave=False))
    return [
        Truth(*(np.concatenate(parts) for parts in zip(*column, strict=True)))
        for column in zip(*chunks, strict=True)
    ]


# --- errors ---------------------------------------------------------------------------------


def errors_in_ulp(computed: Array, truth: Truth, scale: Array | None = None) -> Array:
    """Return how far results are from the truth, in ULP of the truth or of a larger number."""
    with np.errstate(all="ignore"):
        difference = computed.astype(float) - truth.nearest.astype(float)
        error = np.abs(difference / ulp(truth.nearest) - truth.rest)
        error = np.where(computed == truth.nearest, np.abs(truth.rest), error)
        if scale is not None:
            larger = ulp(truth.nearest) / ulp(np.maximum(scale, np.abs(truth.nearest)))
            error = np.where(np.isfinite(truth.nearest), error * larger, error)
    return np.where(np.isnan(error), math.inf, error)


def summary(computed: Array, case: "Case") -> dict[str, Any]:
    """Say how large the error is, where, and how often everything is lost."""
    error = errors_in_ulp(computed, case.truth, case.scale)
    truth, info = case.truth.nearest, np.finfo(case.truth.nearest.dtype)
    normal = (np.abs(truth) >= info.tiny) & np.isfinite(truth)
    row = np.unravel_index(int(error.argmax()), error.shape)[0]
    worst = [argument[row].tolist() for argument in case.arguments]
    return {
        "max_ulp": float(error.max()),
        "lost": float((normal & (error * info.eps >= 0.5)).mean()),  # half of the number, or more
        "zeros": int((normal & (computed == 0)).sum()) if case.scale is None else None,
        "not_finite": int((np.isfinite(truth) & ~np.isfinite(computed)).sum()),
        "worst_at": worst if np.size(worst[-1]) <= 3 else None,
    }


# --- functions ------------------------------------------------------------------------------

# The bound, in float64, is what the tests hold the package to.
AT_LOGITS = (
    ("sigmoid", 2.6),
    ("sigmoid_grad", 2.6),
    ("log_sigmoid", 2.0),
    ("half_squared_error_with_logits", 4.6),
    ("half_squared_error_with_logits_grad", 4.6),
    ("binary_cross_entropy_with_logits", 2.0),
    ("binary_cross_entropy_with_logits_grad", 2.6),
    ("binary_cross_entropy_with_logits, base 2", 3.0),
    ("binary_cross_entropy_with_logits_grad, base 2", 3.6),
)
ON_ROWS = (
    ("softmax", 6.5),
    ("log_softmax", 6.5),
    ("negative_log_likelihood_with_logits", 3.0),
    ("negative_log_likelihood_with_logits_grad", 5.5),
)
ONE_HOT = (
    ("categorical_cross_entropy_with_logits", 3.0),
    ("categorical_cross_entropy_with_logits_grad", 5.5),
)
DIVERGENCES = (("entropy", 4.0), ("cross_entropy", 4.0), ("kl_divergence", 8.0))
TIMES = (("unlearning_time_cross_entropy", 3.5), ("unlearning_time_squared_error", 8.0))
CURVATURES = (("cross_entropy_curvature", 2.6), ("squared_error_curvature", 5.0))
INFLECTIONS = (("squared_error_inflections, lower", 3.0), ("squared_error_inflections, upper", 3.0))
OF_ONE_ARGUMENT = {"sigmoid", "sigmoid_grad", "log_sigmoid", "softmax", "log_softmax"}


def ours() -> Functions:
    """Name the package's functions as the tables do."""
    names = [name for name, _ in (*AT_LOGITS, *ON_ROWS, *ONE_HOT)] + ["binary_cross_entropy"]
    names += [name for name, _ in (*DIVERGENCES, *TIMES, *CURVATURES)]
    names += [f"{name}_log_likelihood" for name in ("gaussian", "bernoulli", "categorical")]
    functions = {name: getattr(lt, name.partition(",")[0]) for name in names}
    return {
        name: partial(function, base=2) if name.endswith("base 2") else function
        for name, function in functions.items()
    } | {
        name: lambda y, root=root: lt.squared_error_inflections(y)[root]
        for root, (name, _) in enumerate(INFLECTIONS)
    }


def through_float64(functions: Functions) -> Functions:
    """Compute float32 results in float64, and round them at the end."""

    def wide(function: Callable[..., Array]) -> Callable[..., Array]:
        def run(*arguments: Array) -> Array:
            doubles = [x.astype(float) if x.dtype == np.float32 else x for x in arguments]
            with np.errstate(over="ignore"):
                return function(*doubles).astype(np.float32)

        return run

    return {name: wide(function) for name, function in functions.items()}


class Case(NamedTuple):
    """A function with its arguments, what it should return, and how the table calls it."""

    function: str
    targets: str
    arguments: list[Array]
    truth: Truth
    bound: float
    scale: Array | None = None


def losses(dtype: np.dtype[Any], points: int, pool: ProcessPoolExecutor) -> Iterator[Case]:
    """Draw arguments and compute the truth, one group of functions after the other."""
    rng = np.random.default_rng(SEED)
    z = logits(points, rng, dtype)
    y = rng.integers(2, size=points).astype(dtype)
    exact = truths(pool, "logits", f"{dtype}, hard targets", y, z)
    for (name, bound), truth in zip(AT_LOGITS, exact, strict=True):
        one = name in OF_ONE_ARGUMENT
        yield Case(name, "" if one else "hard", [z] if one else [y, z], truth, bound)

    o = lt.sigmoid(z)
    near = np.clip(o * (1 + 0.5 ** rng.integers(1, 60, points)).astype(dtype), 0, 1)
    y = np.where(rng.random(points) < 0.5, units(points, rng, dtype), near)
    exact = truths(pool, "logits", f"{dtype}, soft targets", y, z)
    yield Case("binary_cross_entropy_with_logits", "soft", [y, z], exact[5], 2.0)
    yield Case(
        # Where the output is close to the target, the truth is far smaller than both.
        "binary_cross_entropy_with_logits_grad",
        "soft",
        [y, z],
        exact[6],
        2.6,
        np.maximum(o, y),
    )

    o, hard = units(points, rng, dtype), rng.integers(2, size=points).astype(dtype)
    y = np.where(rng.random(points) < 0.5, units(points, rng, dtype), hard)
    (truth,) = truths(pool, "outputs", f"{dtype}, outputs", y, o)
    yield Case("binary_cross_entropy", "hard and soft", [y, o], truth, 2.7)

    for K in CLASSES:
        n = max(1, points // K if K < 10 else 2 * points // K)
        s, t = scores(n, K, rng, dtype), rng.integers(K, size=n)
        exact = truths(pool, "rows", f"{dtype}, {K} classes", t, s)
        for (name, bound), truth in zip(ON_ROWS, exact, strict=True):
            one = name in OF_ONE_ARGUMENT
            yield Case(name, f"K = {K}", [s] if one else [t, s], truth, bound)
        for (name, bound), truth in zip(ONE_HOT, exact[2:], strict=True):
            yield Case(name, f"K = {K}", [np.eye(K, dtype=dtype)[t], s], truth, bound)


def likelihoods_and_laws(
    dtype: np.dtype[Any], points: int, pool: ProcessPoolExecutor
) -> Iterator[Case]:
    """Draw arguments of what is not a loss, and compute the truth."""
    rng = np.random.default_rng(SEED)
    y, mean, std = targets_of_gaussians(points, rng, dtype)
    (truth,) = truths(pool, "gaussians", f"{dtype}, Gaussians", y, mean, std)
    with np.errstate(all="ignore"):
        # The logarithm of a density is a difference, which may be far smaller than its terms.
        square = ((y.astype(float) - mean) / std) ** 2 / 2
        scale = np.maximum(np.maximum(np.abs(np.log(std.astype(float))), square), 1)
        scale = np.minimum(scale, float(np.finfo(dtype).max)).astype(dtype)
    yield Case("gaussian_log_likelihood", "", [y, mean, std], truth, 3.0, scale)

    p, y = units(points, rng, dtype), rng.integers(2, size=points).astype(dtype)
    (truth,) = truths(pool, "outputs", f"{dtype}, outcomes", y, p)
    yield Case("bernoulli_log_likelihood", "hard", [y, p], negative(truth), 2.0)

    for K in (2, 10, 100):
        n = max(1, points // K)
        p, q, t = (*(distributions(n, K, rng, dtype) for _ in "pq"), rng.integers(K, size=n))
        (truth,) = truths(pool, "logarithms", f"{dtype}, classes", p[np.arange(n), t])
        yield Case("categorical_log_likelihood", f"K = {K}", [t, p], truth, 1.0)
        exact = truths(pool, "distributions", f"{dtype}, {K} outcomes", p, q)
        for (name, bound), truth in zip(DIVERGENCES, exact, strict=True):
            yield Case(name, f"K = {K}", [p] if name == "entropy" else [p, q], truth, bound)
        near = close_to(p, rng)
        exact = truths(pool, "distributions", f"{dtype}, {K} outcomes, close", p, near)
        with np.errstate(all="ignore"):
            # Of rows that differ in little but their sums, hardly anything is left once these
            # are divided out.
            double = p.astype(float)
            size = np.where(double > 0, (near.astype(float) - double) ** 2 / double, 0.0)
            scale = (size.sum(axis=-1) / 2).astype(dtype)
        yield Case(
            "kl_divergence", f"close, K = {K}", [p, near], exact[2], DIVERGENCES[2][1], scale
        )

    z0 = np.abs(logits(points, rng, dtype))
    x = np.where(
        rng.random(points) < 0.5, rng.normal(size=points) * 3, any_floats(points, rng, dtype)
    )
    x = x.astype(dtype)
    exact = truths(pool, "times", f"{dtype}, times", z0, x)
    for (name, bound), truth in zip(TIMES, exact, strict=True):
        yield Case(name, "", [z0, x], truth, bound)

    z, soft = logits(points, rng, dtype), units(points, rng, dtype)
    for targets, y in (("hard", rng.integers(2, size=points).astype(dtype)), ("soft", soft)):
        exact = truths(pool, "curvatures", f"{dtype}, curvatures, {targets} targets", y, z)
        if targets == "hard":
            yield Case(CURVATURES[0][0], "", [z], exact[0], CURVATURES[0][1])
        # It is a difference too, and changes sign at the inflections.
        slope, error = lt.sigmoid_grad(z), np.abs(lt.binary_cross_entropy_with_logits_grad(y, z))
        size = np.maximum(error, np.maximum(lt.sigmoid(z), y)) if targets == "soft" else error
        scale = slope * np.maximum(slope, size)
        yield Case(CURVATURES[1][0], targets, [y, z], exact[1], CURVATURES[1][1], scale)

    exact = truths(pool, "inflections", f"{dtype}, inflections", soft)
    for (name, bound), truth in zip(INFLECTIONS, exact, strict=True):
        yield Case(name, "", [soft], truth, bound)


def negative(truth: Truth) -> Truth:
    """Return the truth of the negative."""
    return Truth(-truth.nearest, -truth.rest)


PARTS = {"losses": losses, "likelihoods and laws": likelihoods_and_laws}


def results(part: str, points: int, *, with_peers: bool = True) -> Iterator[dict[str, Any]]:
    """Measure every function of every library, in both types."""
    with ProcessPoolExecutor() as pool:
        for dtype in EDGES:
            implementations = {"losstheory": ours()}
            if dtype == np.float32:
                implementations["losstheory, through float64"] = through_float64(ours())
            if with_peers:
                implementations |= libraries()
            for case in PARTS[part](dtype, points, pool):
                with np.errstate(all="ignore"):
                    errors = {
                        library: summary(functions[case.function](*case.arguments), case)
                        for library, functions in implementations.items()
                        if case.function in functions and speaks(library, case)
                    }
                yield {
                    "function": case.function,
                    "type": str(dtype),
                    "targets": case.targets,
                    "bound": case.bound if dtype == np.float64 else None,
                    "points": case.truth.nearest.size,
                    "errors": errors,
                }


def speaks(library: str, case: Case) -> bool:
    """Say whether a library takes such arguments."""
    return library != "scikit-learn" or case.targets != "soft" or case.arguments[-1].ndim == 1


def main() -> None:
    """Measure, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--points", type=int, help="for each function")
    parser.add_argument("--part", choices=PARTS, help="measure this one, keep the other")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    record = json.loads(options.output.read_text("utf-8")) if options.part else {}
    for part in [options.part] if options.part else PARTS:
        points = options.points or POINTS[part]
        record[part] = {
            "made": dt.datetime.now(dt.UTC).date().isoformat(),
            "versions": versions(),
            "machine": machine(),
            "points": points,
            "results": [],
        }
        for result in results(part, points):
            record[part]["results"].append(result)
            worst = {name: f"{error['max_ulp']:.3g}" for name, error in result["errors"].items()}
            print(result["type"], result["function"], result["targets"], worst, flush=True)
    text = json.dumps(sign(record, Path(__file__)), indent=1, ensure_ascii=False)
    options.output.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
