"""Measure the speed of the losses next to other libraries, and record it for the site.

``python docs/data/bench.py`` writes ``bench.json`` beside this file; ``nox -s bench`` does the
same. Every library runs on one thread and returns fresh arrays, the libraries take turns, and the
median of the turns counts. Processor time is measured, so that other programs on the machine
disturb less. The limits are a copy of the logits and a bare exponential of them.
"""

import argparse
import datetime as dt
import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
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
from peers import Functions, libraries, machine, naive, versions

Array = NDArray[Any]

SIZES = (1_000, 100_000, 10_000_000)
SHAPES = ((100_000, 10), (1_000, 1_000))
TYPES = (np.float64, np.float32)
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


def arguments(shape: tuple[int, ...], dtype: type[np.floating[Any]]) -> tuple[Array, Array]:
    """Draw targets and logits, or class indices and scores."""
    rng = np.random.default_rng(2019)
    z = (4 * rng.standard_normal(shape)).astype(dtype)
    if len(shape) == 2:
        return rng.integers(shape[1], size=shape[0]), z
    return rng.integers(2, size=shape).astype(dtype), z


def prepared(library: str, arrays: tuple[Array, ...]) -> tuple[Any, ...]:
    """Hand a library its arrays in its own form, outside the clock."""
    if library != "JAX":
        return arrays
    import jax

    return tuple(map(jax.numpy.asarray, arrays))


def seconds(
    calls: dict[str, Callable[[], Any]],
    budget: float,
    label: str,
    clock: Callable[[], float] = process_time,
) -> dict[str, float]:
    """Time calls in turns for about `budget` seconds each, and return their medians."""
    repeats: dict[str, tuple[int, float]] = {}
    times: dict[str, list[float]] = {name: [] for name in calls}
    with np.errstate(all="ignore"):
        for name, call in calls.items():
            call()  # compiles, and fills caches
            start = clock()
            call()
            once = clock() - start
            repeats[name] = max(1, round(0.002 / once)), once
        turns = max(7, min(101, int(budget / max(once for _, once in repeats.values()))))
        for _ in tqdm(range(turns), desc=label, leave=False):
            for name, call in calls.items():
                n = repeats[name][0]
                start = clock()
                for _ in range(n):
                    call()
                times[name].append((clock() - start) / n)
    return {name: median(values) for name, values in times.items()}


def comparisons(budget: float) -> Iterator[dict[str, Any]]:
    """Compare value, and value with gradient, at every size and type."""
    others = {"losstheory": ours()} | libraries()
    for dtype in TYPES:
        for shape in ((SIZES[0],), (SIZES[1],), (SIZES[2],), *SHAPES):
            arrays = arguments(shape, dtype)
            loss = ROWS if len(shape) == 2 else BINARY
            for part in ("", ", both"):
                calls: dict[str, Callable[[], Any]] = {
                    library: partial(functions[loss + part], *prepared(library, arrays))
                    for library, functions in others.items()
                }
                calls["a copy"] = arrays[1].copy
                calls["a bare exp"] = partial(np.exp, arrays[1])
                label = f"{loss}{part} {dtype.__name__} {shape}"
                times = seconds(calls, budget, label)
                yield {
                    "loss": loss,
                    "part": "value and gradient" if part else "value",
                    "type": dtype.__name__,
                    "shape": shape,
                    "ns_per_element": {
                        name: float(f"{time / arrays[1].size * 1e9:.4g}")
                        for name, time in times.items()
                    },
                }


def naive_alone(n: int) -> dict[str, Any]:
    """Time the plain formula in a young process, before anyone has changed how memory is kept."""
    call = partial(naive()[f"{BINARY}, both"], *arguments((n,), np.float64))
    time = seconds({"naive NumPy": call}, 1.0, "naive NumPy alone")["naive NumPy"]
    return {"elements": n, "ns_per_element": float(f"{time / n * 1e9:.4g}")}


def growth(sizes: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """Measure how time and memory grow with the size: value and gradient, float64."""
    for n in sizes:
        y, z = arguments((n,), np.float64)
        call = partial(lt.BINARY_CROSS_ENTROPY.value_and_grad, y, z)
        time = seconds({"losstheory": call}, 2.0, f"{n} elements")["losstheory"]
        tracemalloc.start()
        results = call()
        extra = tracemalloc.get_traced_memory()[1] - sum(result.nbytes for result in results)
        tracemalloc.stop()
        yield {
            "elements": n,
            "ns_per_element": float(f"{time / n * 1e9:.4g}"),
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
            calls: dict[str, Callable[[], Any]] = {
                "one": partial(both, y, z),
                "two": partial(in_two, pool, both, halves),
            }
            times = seconds(calls, 2.0, f"{n} elements, two threads", perf_counter)
            yield {"elements": n, "gain": round(times["one"] / times["two"], 2)}


def one_thread(budget: float) -> dict[str, Any]:
    """Measure all that runs on one thread."""
    record: dict[str, Any] = {
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "versions": versions(),
        "machine": machine(),
        "threads": 1,
        "naive_alone": naive_alone(SIZES[1]),
        "comparisons": [],
    }
    for row in comparisons(budget):
        record["comparisons"].append(row)
        own = row["ns_per_element"]["losstheory"]
        ratios = {name: f"{ns / own:.2f}" for name, ns in row["ns_per_element"].items()}
        print(row["loss"], row["part"], row["type"], row["shape"], f"{own} ns", ratios)
    record["growth"] = list(growth((100_000, 1_000_000, 10_000_000, 100_000_000)))
    print(record["naive_alone"], *record["growth"], sep="\n")
    return record


def main() -> None:
    """Measure, print, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--budget", type=float, default=3.0, help="seconds for each library")
    parser.add_argument("--threads-only", action="store_true", help="keep the rest of the record")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    if options.threads_only:
        record = json.loads(options.output.read_text("utf-8"))
    else:
        record = one_thread(options.budget)
    record["second_thread"] = list(second_thread((100_000, 10_000_000)))
    print(*record["second_thread"], sep="\n")
    options.output.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
