"""Read the record of the fair experiment, and compare what stands in it.

The page, its figures and the tests take every number from here.
"""

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit  # scipy.stats takes a second to import

Array = NDArray[np.float64]
Row = tuple[str, str]  # a data set and a model

RECORD: dict[str, Any] = json.loads(
    Path(__file__).with_name("fair_experiment.json").read_text("utf-8")
)
SETTINGS: dict[str, Any] = RECORD["settings"]
RESULTS = {(r["dataset"], r["model"], r["start"], r["pair"]): r for r in RECORD["results"]}
ROWS: list[Row] = list(dict.fromkeys(key[:2] for key in RESULTS))
USUAL, WRONG = STARTS = "usual", "confidently wrong"
PAIRS = list(dict.fromkeys(key[3] for key in RESULTS))
CE, SE = "cross entropy", "squared error"
OUTPUTS = "softmax", "sigmoid"  # of these, each was trained with either loss
BASE = f"softmax + {CE}"


class Interval(NamedTuple):
    """A mean difference and the half width of its interval."""

    mean: float
    half: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return abs(self.mean) > self.half


def scores(row: Row, start: str, pair: str, score: str) -> Array:
    """Return a score on the test parts, one number a split."""
    return np.array(RESULTS[*row, start, pair]["good"][score])


def corrected(values: Array, test_over_train: float, comparisons: int = 1) -> Interval:
    """Return a mean over splits and its 95 % interval, after Nadeau and Bengio.

    Splits of one data set share samples. So the variance of the mean is not the variance over the
    number of splits: the size of the test part over that of the training part is added to the
    fraction. With several `comparisons`, all of their intervals hold at once with 95 %
    (Bonferroni).
    """
    n = len(values)
    variance = np.var(values, ddof=1) * (1 / n + test_over_train)
    quantile = float(stdtrit(n - 1, 1 - 0.025 / comparisons))
    return Interval(float(np.mean(values)), quantile * math.sqrt(variance))


def difference(
    row: Row, start: str, score: str, pair: str, base: str, comparisons: int = 1
) -> Interval:
    """Compare two pairs split by split: positive if the first has more."""
    train, test = RESULTS[*row, start, pair]["samples"]
    values = scores(row, start, pair, score) - scores(row, start, base, score)
    return corrected(values, test / train, comparisons)


def same_output(score: str, start: str, comparisons: int = 1) -> dict[tuple[Row, str], Interval]:
    """Compare squared error with cross entropy on the same output, in every row."""
    return {
        (row, output): difference(
            row, start, score, f"{output} + {SE}", f"{output} + {CE}", comparisons
        )
        for row in ROWS
        for output in OUTPUTS
    }


def steps(row: Row, start: str, pair: str) -> Array:
    """Return the steps to the goal, tuned for speed, one number a split; infinite if never."""
    reached = np.array(RESULTS[*row, start, pair]["fast"]["reached"], dtype=float)
    return np.where(reached < 0, np.inf, reached)


def missed(row: Row, start: str, pair: str, race: str = "fast") -> NDArray[np.bool_]:
    """Say for each split whether a run stopped, or came to the last step, short of the goal."""
    return np.array(RESULTS[*row, start, pair][race]["reached"]) < 0


def at_rest(row: Row, start: str, pair: str, race: str = "fast") -> NDArray[np.bool_]:
    """Say for each split whether a run came to rest short of the goal."""
    return np.asarray(np.equal(RESULTS[*row, start, pair][race]["state"], "resting"))


def even_chances(one: int, other: int) -> float:
    """Return the p-value of both counts, or less even ones, if each case may as well be either."""
    fewer = sum(math.comb(one + other, k) for k in range(min(one, other) + 1))
    return float(min(1, 2 * fewer / 2 ** (one + other)))


def paired_count_test(ours: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> float:
    """Return the p-value of McNemar's exact test: only where the two differ can tell anything."""
    return even_chances(int((ours & ~theirs).sum()), int((theirs & ~ours).sum()))


def pooled(start: str, pair: str, race: str = "fast") -> NDArray[np.bool_]:
    """Return the misses of a pair in all rows and splits."""
    return np.concatenate([missed(row, start, pair, race) for row in ROWS])


def hangs_on_rounding(result: dict[str, Any], race: str) -> NDArray[np.bool_]:
    """Say for each split whether another order of the samples led elsewhere."""
    first, again = result[race], result[race]["rounding"]
    other = np.abs(np.subtract(first["brier"], again["brier"])) > 1e-6
    return np.asarray(other | np.not_equal(first["reached"], again["reached"]))


class Duel(NamedTuple):
    """On how many splits squared error was slower than cross entropy, and faster, or neither."""

    slower: int
    faster: int
    tied: int

    @property
    def p(self) -> float:
        """The p-value of the exact sign test: ties cannot tell anything."""
        return even_chances(self.slower, self.faster)


def duel(rows: list[Row], start: str, output: str) -> Duel:
    """Compare the steps to the goal on the same output, split by split; never is slowest."""
    ours, theirs = (
        np.concatenate([steps(row, start, f"{output} + {loss}") for row in rows])
        for loss in (SE, CE)
    )
    slower, faster = int((ours > theirs).sum()), int((ours < theirs).sum())
    return Duel(slower, faster, len(ours) - slower - faster)
