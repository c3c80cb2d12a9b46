"""Turn arguments into float arrays, or refuse them with an error that says what to do.

Every public function calls these checks before it computes anything, so that a bad argument
never becomes a NaN a hundred lines later. An error names the argument, the value and the remedy.
The checks of values look at the least and the largest number first, which costs next to nothing;
only an error looks for its place.
"""

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]

_PYTHON_SCALARS = (bool, int, float)
_FLOAT_TYPES = (np.dtype(np.float64), np.dtype(np.float32))


def _number_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return `value` as an array of booleans, integers or floats, or refuse it."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a rectangular array of numbers; got {value!r}; "
            "give every row the same length"
        ) from error
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise TypeError(
            f"{name} must hold real numbers; got dtype {array.dtype}; convert it to float64, "
            "for example with np.asarray(…, dtype=float)"
        )
    return array


def as_floats(**arguments: ArrayLike) -> tuple[FloatArray, ...]:
    """Convert the named arguments to arrays of one float type.

    The common type is float32 if at least one argument is a float32 (or float16) array and none
    is float64; otherwise float64. Integers, booleans and Python numbers take the type of the rest,
    as NumPy's own promotion has it.
    """
    for dtype in _FLOAT_TYPES:  # arrays of one float type: the common case, at once
        if all(type(value) is np.ndarray and value.dtype is dtype for value in arguments.values()):
            return tuple(arguments.values())  # type: ignore[arg-type]  # all are arrays
    arrays = {name: _number_array(name, value) for name, value in arguments.items()}
    strong = [
        array.dtype
        for name, array in arrays.items()
        if array.dtype.kind == "f" and type(arguments[name]) not in _PYTHON_SCALARS
    ]
    dtype = np.result_type(np.float32, *strong) if strong else np.dtype(np.float64)
    return tuple(array.astype(dtype, copy=False) for array in arrays.values())


def _first(array: NDArray[Any], wrong: NDArray[np.bool_]) -> str:
    """Return the first wrong value, and where it stands, for an error message."""
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    where = f" at index {place[0] if len(place) == 1 else place}" if place else ""
    return f"{array[place].item()!r}{where}"


def refuse_nan(**arrays: FloatArray) -> None:
    """Refuse NaN: a loss of an undefined number has no meaning."""
    for name, array in arrays.items():
        if array.size and math.isnan(array.min()):
            wrong = np.isnan(array)
            raise ValueError(
                f"{name} must not hold NaN; got {_first(array, wrong)}; "
                "find where it arises, or drop that sample"
            )


def refuse_infinite(**arrays: FloatArray) -> None:
    """Refuse NaN and infinities."""
    for name, array in arrays.items():
        if array.size and not (array.min() > -math.inf and array.max() < math.inf):
            wrong = ~np.isfinite(array)
            raise ValueError(
                f"{name} must be finite; got {_first(array, wrong)}; "
                "find where it arises, or drop that sample"
            )


def refuse_outside_unit(remedy: str, **arrays: FloatArray) -> None:
    """Refuse NaN and whatever lies outside [0, 1]."""
    for name, array in arrays.items():
        if array.size and not (array.min() >= 0.0 and array.max() <= 1.0):
            wrong = ~((array >= 0.0) & (array <= 1.0))
            raise ValueError(f"{name} must lie in [0, 1]; got {_first(array, wrong)}; {remedy}")


def row_sums(rows: FloatArray) -> FloatArray:
    """Add up along the last axis, in groups of 32 and then the groups' sums likewise.

    NumPy's ``sum`` is slow in short rows; a product with ones is not. Over a long row the rounding
    errors of either add up, over groups they hardly do.
    """
    total: FloatArray
    if rows.shape[-1] <= 32:
        total = rows @ np.ones(rows.shape[-1], rows.dtype)
    else:
        whole = rows.shape[-1] // 32 * 32
        groups = rows[..., :whole].reshape((*rows.shape[:-1], whole // 32, 32))
        total = row_sums(np.einsum("...i->...", groups)) + row_sums(rows[..., whole:])
    return total


def refuse_not_distribution(**arrays: FloatArray) -> None:
    """Refuse rows (along the last axis) that are no probability distribution.

    A row may miss 1 by 1e-5: more than rounding to float32 ever adds up to, less than any
    mistake worth finding.
    """
    for name, array in arrays.items():
        refuse_empty_axis(**{name: array})
        refuse_outside_unit("each row must be a probability distribution", **{name: array})
        total = row_sums(array)
        wrong = np.abs(total - 1.0) > 1e-5
        if wrong.any():
            raise ValueError(
                f"each row of {name} must sum to 1; got {_first(np.asarray(total), wrong)}; "
                f"divide it by its sum, or use the function for labels or scores"
            )


def refuse_empty_axis(**arrays: NDArray[Any]) -> None:
    """Refuse arrays without a last axis, or with nothing along it."""
    for name, array in arrays.items():
        if array.ndim == 0 or array.shape[-1] == 0:
            raise ValueError(
                f"{name} must have at least one entry along its last axis; "
                f"got shape {array.shape}; put the classes on the last axis"
            )


def refuse_empty(**arrays: NDArray[Any]) -> None:
    """Refuse arrays that hold nothing, where an estimate needs at least one sample."""
    for name, array in arrays.items():
        if array.size == 0:
            raise ValueError(
                f"{name} must hold at least one sample; got shape {array.shape}; "
                "an estimate from no data has no meaning"
            )


def refuse_shapes(**arrays: NDArray[Any]) -> None:
    """Refuse shapes that NumPy cannot broadcast together."""
    first, *rest = arrays.values()
    if all(array.shape == first.shape for array in rest):
        return
    try:
        np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError as error:
        raise ValueError(
            f"{' and '.join(arrays)} must have shapes that broadcast; got "
            f"{' and '.join(str(array.shape) for array in arrays.values())}; reshape one of them"
        ) from error


def refuse_rows(**arrays: NDArray[Any]) -> None:
    """Refuse arrays whose last axes differ, or whose leading axes do not broadcast."""
    refuse_empty_axis(**arrays)
    lengths = {name: array.shape[-1] for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(
            f"{' and '.join(arrays)} must have as many classes along the last axis; got "
            f"{' and '.join(map(str, lengths.values()))}; one-hot rows need all K columns"
        )
    refuse_shapes(**arrays)


def class_index(name: str, value: ArrayLike, K: int) -> IntArray:
    """Return integer class indices in 0 … K − 1, or refuse them."""
    array = _number_array(name, value)
    if array.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must hold integer class indices; got dtype {array.dtype}; "
            f"use {name}.astype(int), or categorical_cross_entropy for one-hot rows"
        )
    if array.size and (array.min() < 0 or array.max() >= K):
        wrong = (array < 0) | (array >= K)
        raise ValueError(
            f"{name} must be a class index from 0 to {K - 1}; got {_first(array, wrong)}; "
            "count the classes from 0"
        )
    return array


def log_of_base(base: float) -> float:
    """Return the natural logarithm of `base`, the number of nats in one unit, or refuse it."""
    if base is math.e:  # the default, at once
        return 1.0
    if isinstance(base, (bool, np.bool_)) or not isinstance(base, (int, float, np.number)):
        raise TypeError(f"base must be a number; got {base!r}; use math.e for nats, 2 for bits")
    if np.iscomplexobj(base) or not 1.0 < float(base) < math.inf:
        raise ValueError(
            f"base must be a finite number greater than 1; got {base!r}; "
            "use math.e for nats, 2 for bits"
        )
    return math.log(base)
