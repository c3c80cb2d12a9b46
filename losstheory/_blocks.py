"""Check arguments and apply a kernel block by block, so that temporaries stay in the cache.

A kernel is a formula on arrays that returns fresh ones. Over ten million numbers such a formula
spends its time on fresh memory, one temporary array for each operation; over blocks of some
thousand numbers its temporaries fit the processor's cache, and only the results travel. A check
raises ValueError for a bad argument; it passes over the same blocks while they are in the cache.

Kernels compute in float64. A float32 block is widened on its way into the cache and its results are
rounded once on their way out, so that hardly one of them is not the nearest float32.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from losstheory._checks import FloatArray

# Numbers in a block: ten temporaries of 128 kB fit a second-level cache of 2 MB, and the half
# microsecond that a call of NumPy takes is small beside its work.
BLOCK = 16_384

Check: TypeAlias = Callable[..., None]
Kernel: TypeAlias = Callable[..., FloatArray]
# Takes one array more than it has inputs: where it may build its second result, or None.
PairKernel: TypeAlias = Callable[..., tuple[FloatArray, FloatArray]]


def no_check(*_: FloatArray) -> None:
    """Let every number through, NaN as well."""


def by_elements(check: Check, kernel: Kernel, *arrays: FloatArray, unit: float = 1.0) -> FloatArray:
    """Apply a kernel to corresponding elements of arrays of one dtype, which broadcast.

    The result is divided by `unit`, the number of nats in one unit of the base.
    """
    return _elements(check, lambda *blocks: (kernel(*blocks[:-1]),), arrays, 1, unit)[0]


def pair_by_elements(
    check: Check, kernel: PairKernel, *arrays: FloatArray, unit: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Apply a kernel with two results, a value and a gradient."""
    value, grad = _elements(check, kernel, arrays, 2, unit)
    return value, grad


def by_rows(check: Check, kernel: Kernel, *arrays: NDArray[Any], unit: float = 1.0) -> FloatArray:
    """Apply a kernel to corresponding rows of arrays; their leading axes broadcast.

    Rows stand along the last axis. The kernel sees contiguous arrays of shape (n, K), or (n, 1)
    for a column of class indices; its result has n entries along the first axis.
    """
    return _rows(check, lambda *blocks: (kernel(*blocks[:-1]),), arrays, unit)[0]


def pair_by_rows(
    check: Check, kernel: PairKernel, *arrays: NDArray[Any], unit: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Apply a kernel with two results to corresponding rows."""
    value, grad = _rows(check, kernel, arrays, unit)
    return value, grad


def _elements(
    check: Check,
    kernel: Callable[..., tuple[FloatArray, ...]],
    arrays: tuple[FloatArray, ...],
    results: int,
    unit: float,
) -> tuple[FloatArray, ...]:
    shape, dtype = arrays[0].shape, arrays[0].dtype
    if len(arrays) == 2 and arrays[1].shape != shape:
        shape = np.broadcast_shapes(shape, arrays[1].shape)
    size = math.prod(shape)
    if size > BLOCK // 8:
        _keep_freed_memory()
    with np.errstate(all="ignore"):
        if size <= BLOCK:
            if dtype == np.float64 and unit == 1.0:
                check(*arrays)
                return tuple(part[()] for part in kernel(*arrays, None))
            doubles = [array.astype(np.float64) for array in arrays]
            check(*doubles)
            parts = kernel(*doubles, None)
            return tuple(_in_unit(part, unit).astype(dtype)[()] for part in parts)
        inputs = len(arrays)
        operands: list[Any] = [*arrays, *(np.empty(shape, dtype) for _ in range(results))]
        reads: list[Literal["readonly"]] = ["readonly"]
        writes: list[Literal["writeonly"]] = ["writeonly"]
        with np.nditer(
            operands,
            flags=["external_loop", "buffered"],
            op_flags=[reads] * inputs + [writes] * results,
            op_dtypes=[np.float64] * len(operands),
            casting="same_kind",
            buffersize=BLOCK,
        ) as blocks:
            for block in blocks:
                _check(check, block[:inputs], arrays)
                parts = kernel(*block[:inputs], block[-1])
                for result, part in zip(block[inputs:], parts, strict=True):
                    scaled = _in_unit(part, unit)
                    if scaled is not result:
                        result[...] = scaled
            return tuple(blocks.operands[inputs:])


def _rows(
    check: Check,
    kernel: Callable[..., tuple[FloatArray, ...]],
    arrays: tuple[NDArray[Any], ...],
    unit: float,
) -> tuple[FloatArray, ...]:
    leading = np.broadcast_shapes(*(array.shape[:-1] for array in arrays))
    n, K, dtype = math.prod(leading), arrays[-1].shape[-1], arrays[-1].dtype
    step = max(1, 4 * BLOCK // K)  # kernels of rows have fewer temporaries
    if n * K > BLOCK // 8:
        _keep_freed_memory()
    rows = [
        np.broadcast_to(array, (*leading, array.shape[-1])).reshape(n, array.shape[-1])
        for array in arrays
    ]
    results: tuple[FloatArray, ...] = ()
    with np.errstate(all="ignore"):
        for start in range(0, max(n, 1), step):
            here = slice(start, start + step)
            block = [
                np.ascontiguousarray(array[here], np.float64 if array.dtype.kind == "f" else None)
                for array in rows
            ]
            _check(check, block, arrays)
            out = results[-1][here] if results and dtype == np.float64 else None
            parts = kernel(*block, out)
            # The first block shows what shapes come out.
            results = results or tuple(np.empty((n, *part.shape[1:]), dtype) for part in parts)
            for result, part in zip(results, parts, strict=True):
                scaled = _in_unit(part, unit)
                if scaled is not out:
                    result[here] = scaled
    return tuple(result.reshape((*leading, *result.shape[1:]))[()] for result in results)


def _check(check: Check, block: Any, arrays: tuple[NDArray[Any], ...]) -> None:
    try:
        check(*block)
    except ValueError:
        check(*arrays)  # this time the error says where in the whole
        raise


def _in_unit(part: FloatArray, unit: float) -> FloatArray:
    return part if unit == 1.0 else part / unit


@cache
def _keep_freed_memory() -> None:
    """Let the temporaries of a block reuse the memory of those before.

    The GNU C library hands freed memory back to the system, and the next temporary pays for fresh
    pages, more than its arithmetic costs. It keeps the memory of arrays no larger than one that it
    has seen freed (M_MMAP_THRESHOLD in mallopt(3)); so it is shown one of 16 MB, once, no page of
    which is ever touched. With other C libraries this does nothing.
    """
    np.empty(16_000_000, dtype=np.uint8)
