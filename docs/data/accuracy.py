"""Measure rounding errors against 240-bit arithmetic, and record them for the site.

``python docs/data/accuracy.py`` writes ``accuracy.json`` beside this file; ``nox -s accuracy`` does
the same. Errors are in ULP, the gap between neighbouring floating-point numbers at the truth; a
perfectly rounded result is off by at most half of one. Points are drawn from the whole range of the
type: random bit patterns, subnormals, zeros, the largest numbers, infinities, and the surroundings
of the places where an exponential over- or underflows.
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

Array = NDArray[Any]
Exact = Any  # an mpmath number

POINTS = 200_000
CLASSES = (2, 3, 10, 100, 1000)
BITS = 240
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


def work(task: tuple[str, Array, Array]) -> list[Truth]:
    """Compute a chunk of truths, in another process."""
    kind, y, z = task
    with mpmath.workprec(BITS):
        if kind == "rows":
            parts = [exact_rows(int(t), row.tolist()) for t, row in zip(y, z, strict=True)]
            o, logs, value, grad = zip(*parts, strict=True)
            flat = [list(chain.from_iterable(rows)) for rows in (o, logs, grad)]
            columns: list[list[Exact]] = [flat[0], flat[1], list(value), flat[2]]
        else:
            exact = exact_at_logits if kind == "logits" else exact_at_output
            pairs = zip(y.tolist(), z.tolist(), strict=True)
            columns = [
                list(column) for column in zip(*(exact(*pair) for pair in pairs), strict=True)
            ]
        truths = [rounded(column, z.dtype) for column in columns]
    if kind == "rows":
        truths = [
            Truth(*(part.reshape(z.shape) for part in truth)) if len(truth.rest) > len(y) else truth
            for truth in truths
        ]
    return truths


def truths(pool: ProcessPoolExecutor, kind: str, y: Array, z: Array, label: str) -> list[Truth]:
    """Compute truths on every processor, with a bar."""
    step = max(1, CHUNK // z.shape[-1]) if kind == "rows" else CHUNK
    tasks = [(kind, y[i : i + step], z[i : i + step]) for i in range(0, len(z), step)]
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
            error *= ulp(truth.nearest) / ulp(np.maximum(scale, np.abs(truth.nearest)))
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
OF_ONE_ARGUMENT = {"sigmoid", "sigmoid_grad", "log_sigmoid", "softmax", "log_softmax"}


def ours() -> Functions:
    """Name the package's functions as the tables do."""
    names = [name for name, _ in (*AT_LOGITS, *ON_ROWS, *ONE_HOT)] + ["binary_cross_entropy"]
    functions = {name: getattr(lt, name.partition(",")[0]) for name in names}
    return {
        name: partial(function, base=2) if name.endswith("base 2") else function
        for name, function in functions.items()
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


def cases(dtype: np.dtype[Any], points: int, pool: ProcessPoolExecutor) -> Iterator[Case]:
    """Draw arguments and compute the truth, one group of functions after the other."""
    rng = np.random.default_rng(SEED)
    z = logits(points, rng, dtype)
    y = rng.integers(2, size=points).astype(dtype)
    exact = truths(pool, "logits", y, z, f"{dtype}, hard targets")
    for (name, bound), truth in zip(AT_LOGITS, exact, strict=True):
        one = name in OF_ONE_ARGUMENT
        yield Case(name, "" if one else "hard", [z] if one else [y, z], truth, bound)

    o = lt.sigmoid(z)
    near = np.clip(o * (1 + 0.5 ** rng.integers(1, 60, points)).astype(dtype), 0, 1)
    y = np.where(rng.random(points) < 0.5, units(points, rng, dtype), near)
    exact = truths(pool, "logits", y, z, f"{dtype}, soft targets")
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
    (truth,) = truths(pool, "outputs", y, o, f"{dtype}, outputs")
    yield Case("binary_cross_entropy", "hard and soft", [y, o], truth, 2.7)

    for K in CLASSES:
        n = max(1, points // K if K < 10 else 2 * points // K)
        s, t = scores(n, K, rng, dtype), rng.integers(K, size=n)
        exact = truths(pool, "rows", t, s, f"{dtype}, {K} classes")
        for (name, bound), truth in zip(ON_ROWS, exact, strict=True):
            one = name in OF_ONE_ARGUMENT
            yield Case(name, f"K = {K}", [s] if one else [t, s], truth, bound)
        for (name, bound), truth in zip(ONE_HOT, exact[2:], strict=True):
            yield Case(name, f"K = {K}", [np.eye(K, dtype=dtype)[t], s], truth, bound)


def results(points: int, *, with_peers: bool = True) -> Iterator[dict[str, Any]]:
    """Measure every function of every library, in both types."""
    with ProcessPoolExecutor() as pool:
        for dtype in EDGES:
            implementations = {"losstheory": ours()}
            if dtype == np.float32:
                implementations["losstheory, through float64"] = through_float64(ours())
            if with_peers:
                implementations |= libraries()
            for case in cases(dtype, points, pool):
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
    parser.add_argument("--points", type=int, default=POINTS, help="for each function")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    record = {
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "versions": versions(),
        "machine": machine(),
        "points": options.points,
        "results": [],
    }
    for result in results(options.points):
        record["results"].append(result)
        worst = {name: f"{error['max_ulp']:.3g}" for name, error in result["errors"].items()}
        print(result["type"], result["function"], result["targets"], worst)
    options.output.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
