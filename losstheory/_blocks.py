"""Apply a kernel to arguments, block by block, so that temporaries stay in the cache.

A public function of numbers or rows is one call of this module: it names its kernel, and for each
argument its value and its domain. Here arguments become arrays, shapes broadcast, domains are
looked at, warnings are silenced, and results get their type and unit.

A kernel is a formula on arrays that returns fresh ones. Over ten million numbers such a formula
spends its time on fresh memory, one temporary array for each operation; over blocks of some
thousand numbers its temporaries fit the processor's cache, and only the results travel. All the
arrays that a kernel sees are of float64 (class indices aside) and of one shape, so that it may
build its results in place. Numbers of other types are widened on their way into the cache, and
results are rounded once on their way out: hardly one of them is not the nearest float32.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losstheory._checks import (
    FLOAT32,
    FLOAT64,
    Domain,
    FloatArray,
    as_numbers,
    class_index,
    common_shape,
    result_type,
    row_length,
)

# Numbers in a block: ten temporaries of 128 kB fit a second-level cache of 2 MB, and the half
# microsecond that a call of NumPy takes is small beside its work.
BLOCK = 16_384

Argument: TypeAlias = tuple[ArrayLike, Domain]
Kernel: TypeAlias = Callable[..., FloatArray]
# Takes one array more than it has inputs: where it may build its second result, or None.
PairKernel: TypeAlias = Callable[..., tuple[FloatArray, FloatArray]]


def by_elements(kernel: Kernel, unit: float = 1.0, /, **arguments: Argument) -> FloatArray:
    """Apply a kernel to corresponding elements of the arguments, which broadcast.

    The result is divided by `unit`, the number of nats in one unit of the base.
    """
    return _elements(lambda *blocks: (kernel(*blocks[:-1]),), 1, unit, arguments)[0]


def pair_by_elements(
    kernel: PairKernel, unit: float = 1.0, /, **arguments: Argument
) -> tuple[FloatArray, FloatArray]:
    """Apply a kernel with two results, such as a value and a gradient."""
    first, second = _elements(kernel, 2, unit, arguments)
    return first, second


def by_rows(
    kernel: Kernel,
    unit: float = 1.0,
    /,
    *,
    index: tuple[str, ArrayLike] | None = None,
    square: bool = False,
    **arguments: Argument,
) -> FloatArray:
    """Apply a kernel to corresponding rows of the arguments; their leading axes broadcast.

    Rows stand along the last axis. The kernel sees contiguous arrays of shape (n, K), after the
    class `index` of each row, of shape (n,), where its name and value are given. Its result has n
    entries along the first axis, K² numbers in each where it is `square`.
    """
    return _rows(lambda *blocks: (kernel(*blocks[:-1]),), unit, index, arguments, square=square)[0]


def pair_by_rows(
    kernel: PairKernel,
    unit: float = 1.0,
    /,
    *,
    index: tuple[str, ArrayLike] | None = None,
    **arguments: Argument,
) -> tuple[FloatArray, FloatArray]:
    """Apply a kernel with two results to corresponding rows."""
    first, second = _rows(kernel, unit, index, arguments)
    return first, second


def _arrays(arguments: dict[str, Argument]) -> tuple[list[NDArray[Any]], np.dtype[Any]]:
    """Return the arguments as arrays of numbers, and the type of the results."""
    arrays: list[NDArray[Any]] = []
    dtype = FLOAT64
    for value, _ in arguments.values():  # arrays of one type: the common case, at once
        if type(value) is not np.ndarray or (arrays and value.dtype is not dtype):
            break
        dtype = value.dtype
        arrays.append(value)
    else:
        if dtype is FLOAT64 or dtype is FLOAT32:
            return arrays, dtype
    values = [value for value, _ in arguments.values()]
    arrays = [as_numbers(name, value) for name, value in zip(arguments, values, strict=True)]
    return arrays, result_type(values, arrays)


def _check(arguments: dict[str, Argument], block: Any, arrays: list[NDArray[Any]]) -> None:
    """Look whether a block of each argument lies in its domain."""
    n = 0
    try:
        for name, (_, domain) in arguments.items():
            domain(name, block[n], arrays[n].dtype)
            n += 1
    except ValueError:
        domain(name, arrays[n], arrays[n].dtype)  # this time the error says where in the whole
        raise


def _in_unit(part: FloatArray, unit: float) -> FloatArray:
    return part if unit == 1.0 else np.divide(part, unit, out=part)


# --- elements ---------------------------------------------------------------------------------


def _elements(
    kernel: Callable[..., tuple[FloatArray, ...]],
    results: int,
    unit: float,
    arguments: dict[str, Argument],
) -> tuple[FloatArray, ...]:
    arrays, dtype = _arrays(arguments)
    shape = arrays[0].shape
    alike = True
    for array in arrays:
        alike = alike and array.shape == shape
    if not alike:
        shape = common_shape(arguments, [array.shape for array in arrays])
    size = math.prod(shape)
    if size > BLOCK // 8:
        _keep_freed_memory()
    with np.errstate(all="ignore"):
        if alike and size <= BLOCK:
            one = [np.asarray(array, FLOAT64) for array in arrays]
            if not shape:  # a single number stands in an array too: a kernel may build in place
                one = [array.reshape(1) for array in one]
            _check(arguments, one, arrays)
            parts = [np.asarray(_in_unit(part, unit), dtype) for part in kernel(*one, None)]
            return tuple(parts if shape else [part[0] for part in parts])
        inputs = len(arrays)
        operands: list[Any] = [*arrays, *(np.empty(shape, dtype) for _ in range(results))]
        reads: list[Literal["readonly"]] = ["readonly"]
        writes: list[Literal["writeonly"]] = ["writeonly"]
        with np.nditer(
            operands,
            flags=["external_loop", "buffered", "zerosize_ok"],
            op_flags=[reads] * inputs + [writes] * results,
            op_dtypes=[FLOAT64] * len(operands),
            casting="same_kind",
            buffersize=BLOCK,
        ) as blocks:
            for block in blocks:
                _check(arguments, block, arrays)
                made = kernel(*block[:inputs], block[-1])
                for result, part in zip(block[inputs:], made, strict=True):
                    scaled = _in_unit(part, unit)
                    if scaled is not result:
                        result[...] = scaled
            return tuple(blocks.operands[inputs:])


# --- rows -------------------------------------------------------------------------------------


def _rows(
    kernel: Callable[..., tuple[FloatArray, ...]],
    unit: float,
    index: tuple[str, ArrayLike] | None,
    arguments: dict[str, Argument],
    *,
    square: bool = False,
) -> tuple[FloatArray, ...]:
    rows, dtype = _arrays(arguments)
    K = row_length(arguments, rows)
    inputs, shapes = rows, [array.shape[:-1] for array in rows]
    if index is not None:
        classes = class_index(*index, K)
        inputs, shapes = [classes, *rows], [classes.shape, *shapes]
    leading = shapes[0]
    if shapes.count(leading) < len(shapes):
        names = (
            [index[0], *(f"the leading axes of {name}" for name in arguments)]
            if index
            else arguments
        )
        leading = common_shape(names, shapes)
    n = math.prod(leading)
    # Kernels of rows have fewer temporaries; the result of a square one is wide.
    step = max(1, 4 * BLOCK // (K * K if square else K))
    if n * K > BLOCK // 8:
        _keep_freed_memory()
    readers = [_reader(*pair, leading) for pair in zip(inputs, shapes, strict=True)]
    results: tuple[FloatArray, ...] = ()
    with np.errstate(all="ignore"):
        for start in range(0, max(n, 1), step):
            stop = min(start + step, n)
            block = [read(start, stop) for read in readers]
            _check(arguments, block[1:] if index else block, rows)
            out = results[-1][start:stop] if results and dtype is FLOAT64 else None
            parts = [_in_unit(part, unit) for part in kernel(*block, out)]
            if stop - start == n:  # all of them in one block
                results = tuple([part.astype(dtype, copy=False) for part in parts])
                break
            # The first block shows what shapes come out.
            results = results or tuple(np.empty((n, *part.shape[1:]), dtype) for part in parts)
            for result, part in zip(results, parts, strict=True):
                if part is not out:
                    result[start:stop] = part
    if leading == (n,):
        return results
    return tuple(result.reshape((*leading, *result.shape[1:]))[()] for result in results)


def _reader(
    array: NDArray[Any], shape: tuple[int, ...], leading: tuple[int, ...]
) -> Callable[[int, int], NDArray[Any]]:
    """Return what reads a block of rows, or of class indices, as one piece of memory."""
    row = array.shape[len(shape) :]
    dtype = FLOAT64 if row else array.dtype
    if len(leading) < 2 or (shape == leading and array.flags.c_contiguous):
        if shape == leading:
            table = array.reshape((math.prod(leading), *row))
        else:
            table = np.broadcast_to(array, (*leading, *row))
        return lambda start, stop: np.ascontiguousarray(table[start:stop], dtype)
    # What does not lie flat in memory would be copied as a whole; so a block at a time is gathered.
    view = np.broadcast_to(array, (*leading, *row))

    def gather(start: int, stop: int) -> NDArray[Any]:
        places = np.unravel_index(np.arange(start, stop), leading)
        return np.ascontiguousarray(view[places], dtype)

    return gather


@cache
def _keep_freed_memory() -> None:
    """Let the temporaries of a block reuse the memory of those before.

    The GNU C library hands freed memory back to the system, and the next temporary pays for fresh
    pages, more than its arithmetic costs. It keeps the memory of arrays no larger than one that it
    has seen freed (M_MMAP_THRESHOLD in mallopt(3)); so it is shown one of 16 MB, once, no page of
    which is ever touched. With other C libraries this does nothing.
    """
    np.empty(16_000_000, dtype=np.uint8)
