"""Turn arguments into arrays of numbers, or refuse them with an error that says what to do.

Every public function has its arguments checked here before it computes with them, so that a bad one
does not become a NaN a hundred lines later. An error names the argument, the value and the remedy.

What an argument may hold is its *domain*, a function that takes the argument's name, its numbers
and the type that they came in, and raises a ValueError. A domain looks at the least and the
greatest number first, which costs next to nothing; only an error looks for its place.
"""

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]
Domain: TypeAlias = Callable[[str, FloatArray, np.dtype[Any]], None]

FLOAT64 = np.dtype(np.float64)
FLOAT32 = np.dtype(np.float32)
_PYTHON_NUMBERS = frozenset({bool, int, float})
# Subclasses of ndarray that hold nothing but their numbers.
_PLAIN_ARRAYS = (np.ndarray, np.memmap, np.matrix)

# --- from arguments to arrays ---------------------------------------------------------------


def as_numbers(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return `value` as an array of booleans, integers or floats, or refuse it."""
    array = value if type(value) is np.ndarray else _new_array(name, value)
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > FLOAT64.itemsize:
        raise TypeError(
            f"{name} must hold real numbers; got dtype {array.dtype}; convert it to float64, "
            "for example with np.asarray(…, dtype=float)"
        )
    return array


def _new_array(name: str, value: ArrayLike) -> NDArray[Any]:
    _refuse_what_an_array_would_drop(name, value)
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a rectangular array of numbers; got {value!r}; "
            "give every row the same length"
        ) from error
    except Exception as error:
        raise TypeError(
            f"{name} must hold real numbers; got {value!r}, which NumPy does not take; {error}"
        ) from error


def _refuse_what_an_array_would_drop(name: str, value: object) -> None:
    """Refuse masks, units and sparse matrices, which `numpy.asarray` passes over in silence."""
    kind = type(value)
    if kind in _PYTHON_NUMBERS or kind in _PLAIN_ARRAYS or issubclass(kind, np.generic):
        return
    if issubclass(kind, np.ma.MaskedArray):
        raise TypeError(
            f"{name} must not be masked; got a masked array, of which the masked numbers would be "
            "used; use .compressed() to leave them out, or .filled(…) to put a number there"
        )
    if issubclass(kind, np.ndarray) or hasattr(kind, "units") or hasattr(kind, "unit"):
        raise TypeError(
            f"{name} must hold plain numbers; got {kind.__name__}, of which something would be "
            "lost, such as a unit; give its numbers alone, for example with .value or .magnitude"
        )
    if hasattr(kind, "toarray"):
        raise TypeError(
            f"{name} must hold real numbers; got a sparse {kind.__name__}; use .toarray()"
        )
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        odd = set(map(type, value)) - _PYTHON_NUMBERS
        for entry in value if odd else ():
            if type(entry) in odd:
                _refuse_what_an_array_would_drop(name, entry)


def result_type(values: Iterable[object], arrays: Iterable[NDArray[Any]]) -> np.dtype[Any]:
    """Return the float type that NumPy's promotion has for the arguments, float32 at the least.

    Python's own numbers take the type of the rest, as in NumPy. Without any float it is float64.
    """
    given = [
        array.dtype
        for value, array in zip(values, arrays, strict=True)
        if type(value) not in _PYTHON_NUMBERS
    ]
    narrow = any(dtype.kind == "f" for dtype in given)
    return FLOAT32 if narrow and np.result_type(FLOAT32, *given) == FLOAT32 else FLOAT64


def common_shape(names: Iterable[str], shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the shape that unequal shapes broadcast to, or refuse them."""
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise ValueError(
            f"{' and '.join(names)} must have shapes that broadcast; got "
            f"{' and '.join(map(str, shapes))}; reshape one of them"
        ) from error


def row_length(names: Iterable[str], rows: Sequence[NDArray[Any]]) -> int:
    """Return how many entries rows have along their last axis, or refuse them."""
    for name, array in zip(names, rows, strict=True):
        if array.ndim == 0 or array.shape[-1] == 0:
            raise ValueError(
                f"{name} must have at least one entry along its last axis; "
                f"got shape {array.shape}; put the classes on the last axis"
            )
    lengths = [array.shape[-1] for array in rows]
    if lengths.count(lengths[0]) < len(lengths):
        raise ValueError(
            f"{' and '.join(names)} must have as many classes along the last axis; got "
            f"{' and '.join(map(str, lengths))}; one-hot rows need all K columns"
        )
    return int(lengths[0])


def refuse_empty(name: str, array: NDArray[Any]) -> None:
    """Refuse an array that holds nothing, where an estimate needs at least one sample."""
    if array.size == 0:
        raise ValueError(
            f"{name} must hold at least one sample; got shape {array.shape}; "
            "an estimate from no data has no meaning"
        )


def class_index(name: str, value: ArrayLike, K: int) -> NDArray[np.intp]:
    """Return integer class indices in 0 … K − 1, or refuse them."""
    array = as_numbers(name, value)
    if array.size == 0:  # an empty list is of float64, but holds nothing that is no integer
        return array.astype(np.intp)
    if array.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must hold integer class indices; got dtype {array.dtype}; "
            f"use {name}.astype(int), or categorical_cross_entropy for one-hot rows"
        )
    if least(array) < 0 or greatest(array) >= K:
        wrong = (array < 0) | (array >= K)
        raise ValueError(
            f"{name} must be a class index from 0 to {K - 1}; got {_first(array, wrong)}; "
            "count the classes from 0"
        )
    return array.astype(np.intp, copy=False)


def whole_number(name: str, value: object, remedy: str, low: float = -math.inf) -> int:
    """Return an integer that is at least `low`, or refuse it."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # the error is the answer
    except TypeError as error:
        raise TypeError(f"{name} must be an integer; got {value!r}; {remedy}") from error
    if number < low:
        raise ValueError(f"{name} must be at least {low}; got {number}; {remedy}")
    return number


def single_number(name: str, value: Any, remedy: str) -> float:
    """Return one number, or refuse what is none, or are several."""
    if isinstance(value, float):  # at once
        return float(value)
    array = as_numbers(name, value)
    if array.shape:
        raise TypeError(f"{name} must be a single number; got shape {array.shape}; {remedy}")
    return float(array)


def log_of_base(base: float) -> float:
    """Return the natural logarithm of `base`, the number of nats in one unit, or refuse it."""
    if base is math.e:  # the default, at once
        return 1.0
    number: Any = base
    if isinstance(number, np.floating):
        number = float(number)
    elif isinstance(number, np.integer):
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise TypeError(f"base must be a number; got {base!r}; use math.e for nats, 2 for bits")
    if not 1 < number < math.inf:
        raise ValueError(
            f"base must be a finite number greater than 1; got {base!r}; "
            "use math.e for nats, 2 for bits"
        )
    return math.log(number)  # of an integer too, however large


# --- domains --------------------------------------------------------------------------------


def least(array: NDArray[Any]) -> float:
    """Return the least number, or NaN if there is one; infinity if there is no number."""
    # For few numbers faster than array.min(), which goes through Python.
    return array.item(array.argmin()) if array.size else math.inf


def greatest(array: NDArray[Any]) -> float:
    """Return the greatest number, or NaN if there is one; minus infinity if there is no number."""
    return array.item(array.argmax()) if array.size else -math.inf


def _first(array: NDArray[Any], wrong: NDArray[np.bool_]) -> str:
    """Return the first wrong value, and where it stands, for an error message."""
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    where = f" at index {place[0] if len(place) == 1 else place}" if place else ""
    return f"{array[place].item()!r}{where}"


def any_number(_name: str, _array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Let every number through, NaN as well."""


def no_nan(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse NaN: a loss of an undefined number has no meaning."""
    if math.isnan(least(array)):
        raise ValueError(
            f"{name} must not hold NaN; got {_first(array, np.isnan(array))}; "
            "find where it arises, or drop that sample"
        )


def finite(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse NaN and infinities."""
    if not (least(array) > -math.inf and greatest(array) < math.inf):
        raise ValueError(
            f"{name} must be finite; got {_first(array, ~np.isfinite(array))}; "
            "find where it arises, or drop that sample"
        )


def positive(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse NaN, infinities, and what is not above 0."""
    if not (least(array) > 0.0 and greatest(array) < math.inf):
        wrong = ~((array > 0.0) & (array < math.inf))
        raise ValueError(
            f"{name} must be positive and finite; got {_first(array, wrong)}; try 1 or 0.1"
        )


def not_negative(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse NaN and what lies below 0."""
    no_nan(name, array, _dtype)
    if least(array) < 0.0:
        raise ValueError(
            f"{name} must be at least 0; got {_first(array, array < 0.0)}; below 0 the neuron has "
            "unlearnt already"
        )


def outcome(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse what is neither 0 nor 1."""
    wrong = (array != 0.0) & (array != 1.0)
    if wrong.any():
        raise ValueError(
            f"{name} must be 0 or 1; got {_first(array, wrong)}; "
            "an outcome has happened or not; use binary_cross_entropy for soft targets"
        )


def target(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse what is neither 0, nor 1, nor a probability between them."""
    if not (least(array) >= 0.0 and greatest(array) <= 1.0):
        raise _outside_unit(name, array, "a target is 0, 1 or a probability between them")


def output(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse what is no probability, as logits are not."""
    if not (least(array) >= 0.0 and greatest(array) <= 1.0):
        raise _outside_unit(name, array, "use the function with _with_logits for logits")


def probability(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse what is no probability."""
    if not (least(array) >= 0.0 and greatest(array) <= 1.0):
        raise _outside_unit(name, array, "it is a probability")


def probability_or_nan(name: str, array: FloatArray, _dtype: np.dtype[Any]) -> None:
    """Refuse what lies outside [0, 1], and let NaN through."""
    low = np.fmin.reduce(array, axis=None, initial=0.0)
    high = np.fmax.reduce(array, axis=None, initial=1.0)
    if low < 0.0 or high > 1.0:
        wrong = (array < 0.0) | (array > 1.0)
        raise ValueError(
            f"{name} must lie in [0, 1]; got {_first(array, wrong)}; "
            "a logit exists only for a probability"
        )


def _outside_unit(name: str, array: FloatArray, remedy: str) -> ValueError:
    wrong = ~((array >= 0.0) & (array <= 1.0))
    return ValueError(f"{name} must lie in [0, 1]; got {_first(array, wrong)}; {remedy}")


def distribution(name: str, array: FloatArray, dtype: np.dtype[Any]) -> None:
    """Refuse rows (along the last axis) that are no probability distribution.

    A row may miss 1 by 1e-5: more than rounding to float32 ever adds up to, and little enough to
    find mistakes. Numbers that came as float16 may miss by what rounding to that type
    adds up to: some of its relative steps, and one of its smallest numbers for each entry.
    """
    if not (least(array) >= 0.0 and greatest(array) <= 1.0):
        raise _outside_unit(name, array, "each row must be a probability distribution")
    tolerance = 1e-5
    if dtype == np.float16:
        steps = np.finfo(np.float16)
        tolerance = 4.0 * float(steps.eps) + array.shape[-1] * float(steps.smallest_subnormal)
    total = np.asarray(row_sums(array.astype(FLOAT64, copy=False)))
    miss = np.abs(total - 1.0)
    if greatest(miss) > tolerance:
        raise ValueError(
            f"each row of {name} must sum to 1; got {_first(total, miss > tolerance)}; "
            "divide it by its sum, or use the function for labels or scores"
        )


_ONES = np.ones(32)


def row_sums(rows: FloatArray) -> FloatArray:
    """Add up along the last axis, in groups of 32 and then the groups' sums likewise.

    NumPy's ``sum`` is slow in short rows; a product with ones is not. In one long product the
    rounding errors would add up; over groups they hardly do.
    """
    K = rows.shape[-1]
    if K <= 32:
        total: FloatArray = rows.dot(_ONES[:K])  # half the time of `@` in a single row
        return total
    whole = K // 32 * 32
    groups = rows[..., :whole].reshape((*rows.shape[:-1], whole // 32, 32))
    return row_sums(np.einsum("...i->...", groups)) + row_sums(rows[..., whole:])
