"""The flowers of the classifier that moves are those of scikit-learn and the gallery."""

import csv

import numpy as np
from sklearn.datasets import load_iris

from losstheory_site.moving.directive import FLOWERS


def test_flowers_are_every_fourth_iris_and_one_has_the_wrong_label() -> None:
    with FLOWERS.open(encoding="utf-8", newline="") as rows:
        table = [[float(number) for number in row.values()] for row in csv.DictReader(rows)]
    x1, x2, y, mislabelled = np.array(table).T
    iris = load_iris()
    lengths = iris.data[:100, :2]
    standard = (lengths - lengths.mean(axis=0)) / lengths.std(axis=0)
    np.testing.assert_array_equal(np.column_stack([x1, x2]), standard[::4].round(2))
    setosa = iris.target[:100:4] == 0
    np.testing.assert_array_equal(y, setosa & (mislabelled == 0))
    [odd] = np.flatnonzero(mislabelled)
    middle = standard[::4][setosa].mean(axis=0)
    away = np.hypot(*(standard[::4] - middle).T) + 100 * ~setosa
    assert odd == away.argmin()
