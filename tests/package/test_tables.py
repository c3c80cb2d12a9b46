"""Columns and tables of pandas are taken like arrays, and refused where a value is missing."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import losstheory as lt

P = [0.1, 0.5, 0.9]
ROWS = [[0.2, 0.8], [0.5, 0.5], [0.6, 0.4]]
OUTCOMES = ["int64", "Int64", "bool", "boolean", "float32", "Float64", "category", "Sparse[int]"]
MISSING = ["Int64", "Float64", "boolean", "float64", "object"]


@pytest.mark.parametrize("dtype", OUTCOMES)
def test_columns_are_taken_like_arrays(dtype: str) -> None:
    y = pd.Series([0, 1, 1], dtype=dtype)
    for column in (y, y.array):
        found = lt.binary_cross_entropy(column, pd.Series(P))
        np.testing.assert_array_equal(found, lt.binary_cross_entropy([0, 1, 1], P))
        assert lt.bernoulli_mle(column) == 2 / 3
        assert lt.gaussian_mle(column) == lt.gaussian_mle([0, 1, 1])


@pytest.mark.parametrize("dtype", ["int64", "Int64", "uint8", "category"])
def test_a_column_of_classes_and_a_table_of_outputs(dtype: str) -> None:
    y, o = pd.Series([0, 1, 1], dtype=dtype), pd.DataFrame(ROWS, columns=["no", "yes"])
    np.testing.assert_array_equal(
        lt.negative_log_likelihood(y, o), lt.negative_log_likelihood([0, 1, 1], ROWS)
    )
    np.testing.assert_array_equal(lt.categorical_mle(y, 2), [1 / 3, 2 / 3])
    np.testing.assert_array_equal(lt.softmax(o), lt.softmax(ROWS))


def test_a_table_trains_a_classifier() -> None:
    x, y = pd.DataFrame({"a": [1.0, 3.0], "b": [2, 4]}), pd.Series([0, 1])
    objective = lt.mean_loss(lt.BINARY_CROSS_ENTROPY, x, y)
    history = lt.descend(objective, pd.Series([0.0, 0.0, 0.0]), step=0.1, steps=3)
    plain = lt.mean_loss(lt.BINARY_CROSS_ENTROPY, x.to_numpy(), [0, 1])
    wanted = lt.descend(plain, [0.0, 0.0, 0.0], step=0.1, steps=3)
    np.testing.assert_array_equal(history.parameters, wanted.parameters)


@pytest.mark.parametrize("dtype", MISSING)
def test_a_missing_value_is_refused(dtype: str) -> None:
    y = pd.Series([0, None, 1], dtype=dtype)
    for column in (y, y.array):
        with pytest.raises((TypeError, ValueError), match=r"^y must "):
            lt.binary_cross_entropy(column, P)
        with pytest.raises((TypeError, ValueError), match=r"^y must "):
            lt.negative_log_likelihood(column, ROWS)
        for estimate in (lt.gaussian_mle, lt.bernoulli_mle):
            with pytest.raises((TypeError, ValueError), match=r"^y must "):
                estimate(column)


NO_NUMBERS = {
    "NA": pd.NA,
    "NaT": pd.NaT,
    "NA among numbers": [1.0, pd.NA],
    "words": pd.Series(["a", "b"]),
    "categories": pd.Series(["a", "b"], dtype="category"),
    "times": pd.Series(pd.to_timedelta([1, 2])),
    "days": pd.Series(pd.to_datetime(["2020-01-01"])),
    "years": pd.period_range("2020", "2021", freq="Y"),
    "a mixed table": pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
}


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_holds_no_numbers_is_refused(name: str) -> None:
    bad: Any = NO_NUMBERS[name]
    with pytest.raises(TypeError, match=r"^z must hold real numbers"):
        lt.sigmoid(bad)
