"""Measure the speed of the losses next to other libraries, and record it for the site.

``python docs/data/bench.py`` writes ``bench.json`` beside this file; ``nox -s bench`` does the
same. The libraries take turns, each in a process of its own, so that none changes how another's
memory is kept; each runs on one thread and returns fresh arrays, and the median of the turns
counts. Processor time is measured, so that other programs on the machine disturb less. The limits
are a copy of the logits, a bare exponential, and what no formula for value and gradient can do
without: an exponential, a logarithm and a division.

Small calls are compared with the bare formula alone, in one process, as often and as warm as they
are where a program trains. ``--part`` measures one part again and keeps the others; each part has
its own day.
"""

import argparse
import datetime as dt
import json
import math
import os
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache, lru_cache, partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

# Read when the libraries load: one thread each.
os.environ.update(
    OMP_NUM_THREADS="1",
    OPENBLAS_NUM_THREADS="1",
    XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
)

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

import losstheory as lt
from losstheory._blocks import BLOCK
from peers import LIBRARIES, Functions, machine, versions
from signature import sign

Array = NDArray[Any]

SHAPES = ((1_000,), (100_000,), (10_000_000,), (100_000, 10), (1_000, 1_000))
SMALL = ((1,), (10,), (100,), (1_000,), (1, 3), (32, 10), (256, 10))
TYPES = (np.float64, np.float32)
TURN = 0.02  # seconds, or one call if that takes longer
BINARY = "binary_cross_entropy_with_logits"
ROWS = "negative_log_likelihood_with_logits"


def ours() -> Functions:
    """Name the package's functions as the other libraries do."""
    return {
        BINARY: lt.binary_cross_entropy_with_logits,
        f"{BINARY}, both": lt.BINARY_CROSS_ENTROPY.value_and_grad,
        ROWS: lt.negative_log_likelihood_with_logits,
        f"{ROWS}, both": lt.NEGATIVE_LOG_LIKELIHOOD.value_and_grad,
    }


LEAST = "exp, log1p, divide"


def limits() -> Functions:
    """Name work that no such loss in NumPy can go below."""

    def least(_: Array, z: Array) -> tuple[Array, Array]:
        value, grad = np.empty_like(z), np.empty_like(z)
        for start in range(0, z.size, BLOCK):
            here = slice(start, start + BLOCK)
            u = np.exp(z[here])
            np.log1p(u, out=value[here])
            np.divide(z[here], u, out=grad[here])
        return value, grad

    return {"a copy": lambda _, z: z.copy(), "a bare exp": lambda _, z: np.exp(z), LEAST: least}


MAKERS: dict[str, Callable[[], Functions]] = {"losstheory": ours} | LIBRARIES
EVERYONE = MAKERS | {"limits": limits}


@cache
def functions(library: str) -> Functions:
    """Load a library, once in its process."""
    return EVERYONE[library]()


@lru_cache(1)
def arguments(
    shape: tuple[int, ...], dtype: type[np.floating[Any]], library: str = ""
) -> tuple[Any, ...]:
    """Draw targets and logits, or class indices and scores, in the library's own form."""
    rng = np.random.default_rng(2019)
    z = (4 * rng.standard_normal(shape)).astype(dtype)
    n = shape[0]
    y = rng.integers(shape[1], size=n) if len(shape) == 2 else rng.integers(2, size=n).astype(dtype)
    if library == "JAX":
        import jax

        return tuple(map(jax.numpy.asarray, (y, z)))
    return y, z


def clocked(
    call: Callable[[], Any], calls: int, clock: Callable[[], float] = process_time
) -> float:
    """Call a function once without, and then some times with the clock; return seconds a call."""
    with np.errstate(all="ignore"):
        call()
        start = clock()
        for _ in range(calls):
            call()
        return (clock() - start) / calls


def one_turn(library: str, name: str, shape: Any, dtype: Any, calls: int) -> float:
    """Let a library have its turn, in its own process."""
    function = functions(library)[name]  # first, since it may say how its arrays are made
    return clocked(partial(function, *arguments(shape, dtype, library)), calls)


def medians(
    contestants: Mapping[str, Callable[[int], float]], budget: float, label: str
) -> dict[str, float]:
    """Let contestants take turns for about `budget` seconds each; return their median seconds."""
    for run in contestants.values():
        run(1)  # compiles
    calls = {name: max(1, round(TURN / run(1))) for name, run in contestants.items()}
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in tqdm(range(max(7, round(budget / TURN))), desc=label, leave=False):
        for name, run in contestants.items():
            times[name].append(run(calls[name]))
    return {name: median(values) for name, values in times.items()}


def comparisons(budget: float) -> Iterator[dict[str, Any]]:
    """Compare value, and value with gradient, at every size and type."""
    young = get_context("spawn")
    with ExitStack() as stack:
        processes = {
            library: stack.enter_context(ProcessPoolExecutor(1, young)) for library in EVERYONE
        }

        def elsewhere(*task: Any) -> float:
            return processes[task[0]].submit(one_turn, *task).result()

        for dtype, shape, part in product(TYPES, SHAPES, ("", ", both")):
            loss = ROWS if len(shape) == 2 else BINARY
            tasks = dict.fromkeys(MAKERS, loss + part) | {name: name for name in limits()}
            if (loss, part) != (BINARY, ", both"):
                del tasks[LEAST]
            contestants = {
                name: partial(elsewhere, name if name in MAKERS else "limits", task, shape, dtype)
                for name, task in tasks.items()
            }
            times = medians(contestants, budget, f"{loss}{part} {dtype.__name__} {shape}")
            yield {
                "loss": loss,
                "part": "value and gradient" if part else "value",
                "type": dtype.__name__,
                "shape": shape,
                "ns_per_element": {
                    name: nanoseconds(time, math.prod(shape)) for name, time in times.items()
                },
            }


def small_calls(budget: float) -> Iterator[dict[str, Any]]:
    """Compare calls on few numbers with the bare formula."""
    for dtype, shape, part in product(TYPES, SMALL, ("", ", both")):
        loss = ROWS if len(shape) == 2 else BINARY
        given = arguments(shape, dtype)
        contestants = {
            name: partial(clocked, partial(functions(name)[loss + part], *given))
            for name in ("losstheory", "naive NumPy")
        }
        times = medians(contestants, budget, f"{loss}{part} {dtype.__name__} {shape}")
        yield {
            "loss": loss,
            "part": "value and gradient" if part else "value",
            "type": dtype.__name__,
            "shape": shape,
            "microseconds": {name: float(f"{t * 1e6:.3g}") for name, t in times.items()},
            "ratio": round(times["losstheory"] / times["naive NumPy"], 2),
        }


def nanoseconds(time: float, elements: int) -> float:
    """Return the time of an element, to four digits."""
    return float(f"{time / elements * 1e9:.4g}")


def growth(sizes: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """Measure how time and memory grow with the size: value and gradient, float64."""
    for n in sizes:
        call = partial(lt.BINARY_CROSS_ENTROPY.value_and_grad, *arguments((n,), np.float64))
        time = medians({"": partial(clocked, call)}, 0.5, f"{n} elements")[""]
        tracemalloc.start()
        results = call()
        extra = tracemalloc.get_traced_memory()[1] - sum(result.nbytes for result in results)
        tracemalloc.stop()
        yield {
            "elements": n,
            "ns_per_element": nanoseconds(time, n),
            # The block of 16 MB that is never touched is part of it.
            "megabytes_beside_the_results": round(extra / 1e6, 1),
        }


def in_two(pool: ThreadPoolExecutor, call: Callable[..., Any], halves: Any) -> list[Any]:
    """Call a function for both halves at once."""
    return list(pool.map(call, *halves))


def second_thread(sizes: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """Measure what a second thread brings, each working on half of the samples."""
    both = lt.BINARY_CROSS_ENTROPY.value_and_grad
    with ThreadPoolExecutor(2) as pool:
        for n in sizes:
            y, z = arguments((n,), np.float64)
            halves = [(part[: n // 2], part[n // 2 :]) for part in (y, z)]
            one, two = partial(both, y, z), partial(in_two, pool, both, halves)
            contestants = {
                "one": partial(clocked, one, clock=perf_counter),
                "two": partial(clocked, two, clock=perf_counter),
            }
            times = medians(contestants, 0.5, f"{n} elements, two threads")
            yield {"elements": n, "gain": round(times["one"] / times["two"], 2)}


def with_date(rows: str, measured: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """Print what is measured, and say when and where it was."""
    record: dict[str, Any] = {
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "versions": versions(),
        "machine": machine(),
        rows: [],
    }
    for row in measured:
        record[rows].append(row)
        print(row, flush=True)
    return record


def large(budget: float) -> dict[str, Any]:
    """Compare the libraries, and see how the package's time and memory grow."""
    record = with_date("comparisons", comparisons(budget))
    record["growth"] = list(growth((100_000, 1_000_000, 10_000_000, 100_000_000)))
    print(*record["growth"], sep="\n")
    return record


PARTS: dict[str, Callable[[float], dict[str, Any]]] = {
    "large": large,
    "small": lambda budget: with_date("comparisons", small_calls(budget)),
    "threads": lambda _: with_date("gains", second_thread((100_000, 10_000_000))),
}


def main() -> None:
    """Measure, print, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--budget", type=float, default=0.5, help="seconds for each library")
    parser.add_argument("--part", choices=PARTS, help="measure this one, keep the others")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    record = json.loads(options.output.read_text("utf-8")) if options.part else {}
    for part in [options.part] if options.part else PARTS:
        record[part] = PARTS[part](options.budget)
    text = json.dumps(sign(record, Path(__file__)), indent=1, ensure_ascii=False)
    options.output.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
