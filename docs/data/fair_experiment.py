"""Train every pair of output and loss on real data, and record how well and how fast each learns.

``python docs/data/fair_experiment.py`` writes ``fair_experiment.json`` beside this file, one record
after the other; started again, it continues where it stopped. ``nox -s experiment`` does the same.

Every array of this script has the axes (split, run, class or feature, sample): on each split of a
data set, several runs, each with its own step size, train at once.
"""

import datetime as dt
import json
import multiprocessing
import os
import platform
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from signature import sign

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

DATASETS = ("iris", "wine", "breast_cancer", "digits")
MODELS = ("linear", "network")
STARTS = ("usual", "confidently wrong")
SPLITS = 10
INNER = 1  # splits of each training part, to tune on
TRAIN_SHARE = 0.75  # of all samples for training; and of these for the inner part, while tuning
THINNED = {"digits": 6, "breast_cancer": 2}  # every so many samples, to spare hours
HIDDEN = 16  # ReLU units of the network
LIMIT = 20_000  # steps of a run that is reported
TUNING_LIMIT = 1000  # steps of a run that tunes
# After these numbers of steps a run is looked at: all up to twenty, then each a twentieth further.
CHECKS = tuple(
    sorted({round(1.05**k) for k in range(203)} | {*range(1, 21)} | {TUNING_LIMIT, LIMIT})
)
GOAL = 0.9  # the training accuracy whose first step is recorded
PATIENCE = 2  # tuning ends at so many times the steps of the best score, if the goal is reached,
SOONEST = 100  # but not before this step
BETTER = 0.99  # a score counts as better if it is lower by a hundredth of itself
SMOOTH = 5  # looks whose mean is the score, lest the luck of one look decides
RESTING = 0.01  # weights that LIMIT more steps of the same gradient would move by less are at rest
RUNAWAY = 1e6  # scores beyond this have diverged
WRONG_SCORE = 6.0  # near the source's second case: sigmoid(6) = 0.9975 for the wrong class
SURE = 0.99  # the confidence of a sample that counts as confidently wrong
BINS = 10
# Step sizes are powers of the square root of two: k stands for 2 ** (k / 2).
COARSE = (0, 4, 8)  # 1, 4, 16: where the search begins
WIDEST = 32  # the search never leaves 2 ** -16 to 2 ** 16

SETTINGS = {
    "splits": SPLITS,
    "train_share": TRAIN_SHARE,
    "thinned": THINNED,
    "hidden": HIDDEN,
    "limit": LIMIT,
    "goal": GOAL,
    "patience": PATIENCE,
    "soonest": SOONEST,
    "resting": RESTING,
    "runaway": RUNAWAY,
    "inner": INNER,
    "tuning_limit": TUNING_LIMIT,
    "smooth": SMOOTH,
    "better": BETTER,
    "wrong_score": WRONG_SCORE,
    "sure": SURE,
    "bins": BINS,
    "coarse": list(COARSE),
    "widest": WIDEST,
}


# --- outputs and losses ---------------------------------------------------------------------


class Pair(NamedTuple):
    """An output and a loss: the mean over samples of the sum over classes is minimised."""

    name: str
    output: Callable[[Array], Array]
    gradient: Callable[[Array, Array], Array]  # of one-hot targets and scores, at the scores


def softmax(s: Array) -> Array:
    """Exponentiate and divide by the sum over classes."""
    e = np.exp(s - s.max(axis=-2, keepdims=True))
    o: Array = e / e.sum(axis=-2, keepdims=True)
    return o


def sigmoid(s: Array) -> Array:
    """Return one sigmoid a class."""
    e = np.exp(-np.abs(s))
    o: Array = np.where(s >= 0, 1.0, e) / (1 + e)
    return o


def linear(s: Array) -> Array:
    """Return the scores themselves."""
    return s


def softmax_cross_entropy_grad(y: Array, s: Array) -> Array:
    """Differentiate −Σ y log o."""
    return softmax(s) - y


def sigmoid_cross_entropy_grad(y: Array, s: Array) -> Array:
    """Differentiate −Σ (y log o + (1 − y) log(1 − o))."""
    return sigmoid(s) - y


def softmax_squared_error_grad(y: Array, s: Array) -> Array:
    """Differentiate Σ (y − o)²: multiply 2(o − y) by the Jacobian, without building it."""
    o = softmax(s)
    error: Array = 2 * (o - y)
    gradient: Array = o * (error - (o * error).sum(axis=-2, keepdims=True))
    return gradient


def sigmoid_squared_error_grad(y: Array, s: Array) -> Array:
    """Differentiate Σ (y − o)²: multiply 2(o − y) by the slope, from e so that none vanishes."""
    e = np.exp(-np.abs(s))
    o = np.where(s >= 0, 1.0, e) / (1 + e)
    grad: Array = 2 * (o - y) * e / (1 + e) ** 2
    return grad


def linear_squared_error_grad(y: Array, s: Array) -> Array:
    """Differentiate Σ (y − s)²."""
    grad: Array = 2 * (s - y)
    return grad


PAIRS = (
    Pair("softmax + cross entropy", softmax, softmax_cross_entropy_grad),
    Pair("softmax + squared error", softmax, softmax_squared_error_grad),
    Pair("sigmoid + cross entropy", sigmoid, sigmoid_cross_entropy_grad),
    Pair("sigmoid + squared error", sigmoid, sigmoid_squared_error_grad),
    Pair("linear + squared error", linear, linear_squared_error_grad),
)


def log_probabilities(pair: Pair, s: Array) -> Array:
    """Make a distribution over classes of any output, as logarithms.

    A softmax is one. Sigmoids are divided by their sum. A linear output promises nothing: it is
    clipped to at least a thousandth and at most 1, and divided by the sum.
    """
    if pair.output is linear:
        logs = np.log(np.clip(s, 1e-3, 1.0))
    elif pair.output is sigmoid:
        logs = np.minimum(s, 0) - np.log1p(np.exp(-np.abs(s)))
    else:
        logs = s
    logs = logs - logs.max(axis=-2, keepdims=True)
    normed: Array = logs - np.log(np.exp(logs).sum(axis=-2, keepdims=True))
    return normed


# --- data -----------------------------------------------------------------------------------


class Part(NamedTuple):
    """One part of every split: inputs (split, 1, feature, sample), one-hot targets likewise."""

    x: Array
    y: Array


class Split(NamedTuple):
    """A training part and the part that judges, standardised by the training part."""

    train: Part
    judge: Part


def load(dataset: str) -> tuple[Array, NDArray[np.int64]]:
    """Load a data set that comes with scikit-learn, or every so many samples of it."""
    x, labels = getattr(datasets, f"load_{dataset}")(return_X_y=True)
    every = THINNED.get(dataset, 1)
    return x[::every], labels[::every]


def standardised(
    x: Array, labels: NDArray[np.int64], train: NDArray[np.int64], judge: NDArray[np.int64]
) -> tuple[Part, Part]:
    """Centre and scale by the training part, and put features and classes first."""
    mean, std = x[train].mean(axis=0), x[train].std(axis=0)
    z = (x - mean) / np.where(std > 0, std, 1.0)  # some pixels of the digits are constant
    one_hot = np.eye(labels.max() + 1)[labels]
    return Part(z[train].T, one_hot[train].T), Part(z[judge].T, one_hot[judge].T)


def stacked(parts: list[tuple[Part, Part]]) -> Split:
    """Put the parts of all splits into one array each, with an axis for the runs."""
    return Split(
        *(
            Part(*(np.stack(a)[:, None] for a in zip(*side, strict=True)))
            for side in zip(*parts, strict=True)
        )
    )


def splits(dataset: str, seeds: range) -> tuple[Split, Split]:
    """Split once for each seed, to report, and the training part again `INNER` times, to tune.

    No sample of the test part is in an inner split, nor in its standardisation.
    """
    x, labels = load(dataset)
    outer, inner = [], []
    for seed in seeds:
        options: dict[str, Any] = {"train_size": TRAIN_SHARE, "random_state": seed}
        train, test = train_test_split(np.arange(len(labels)), stratify=labels, **options)
        outer.append(standardised(x, labels, train, test))
        for again in range(INNER):
            options["random_state"] = 1000 * again + seed
            fit, validation = train_test_split(train, stratify=labels[train], **options)
            inner.append(standardised(x, labels, fit, validation))
    return stacked(outer), stacked(inner)


def shuffled(part: Part) -> Part:
    """Put the samples into another order: the same sums, rounded differently."""
    order = np.random.default_rng(0).permutation(part.x.shape[-1])
    return Part(part.x[..., order], part.y[..., order])


# --- models ---------------------------------------------------------------------------------

Weights = tuple[Array, ...]  # (..., class, feature) and biases (..., class, 1), layer by layer


def layer(weights: Array, x: Array) -> Array:
    """Multiply the weights of all runs on one split by the inputs that they share."""
    splits, runs, rows, columns = weights.shape
    product: Array = weights.reshape(splits, runs * rows, columns) @ x[:, 0]
    return product.reshape(splits, runs, rows, -1)


def hidden(weights: Weights, x: Array) -> Array:
    """Return the outputs of the hidden layer, if there is one; else the inputs."""
    if len(weights) == 2:
        return x
    z = layer(weights[0], x)
    z += weights[1]
    return np.maximum(z, 0, out=z)  # in place, which halves the time


def scores(weights: Weights, x: Array, h: Array | None = None) -> Array:
    """Run the model up to its scores."""
    if len(weights) == 2:
        return layer(weights[0], x) + weights[1]
    h = hidden(weights, x) if h is None else h
    s: Array = weights[2] @ h + weights[3]
    return s


def gradients(pair: Pair, weights: Weights, part: Part) -> tuple[Array, Weights]:
    """Return the scores, and the gradient of the mean loss by each array of weights."""
    h = hidden(weights, part.x)
    s = scores(weights, part.x, h)
    de_ds = pair.gradient(part.y, s) / part.x.shape[-1]
    last_bias = de_ds.sum(axis=-1, keepdims=True)
    if len(weights) == 2:
        return s, (layer(de_ds, part.x.mT), last_bias)
    de_dz: Array = weights[2].mT @ de_ds
    de_dz *= h > 0
    first = layer(de_dz, part.x.mT), de_dz.sum(axis=-1, keepdims=True)
    return s, (*first, de_ds @ h.mT, last_bias)


def start(model: str, kind: str, part: Part, seeds: Sequence[int]) -> Weights:
    """Draw the weights that training starts from, one run a split."""
    d, K = part.x.shape[2], part.y.shape[2]
    weights: Weights = (np.zeros((len(seeds), 1, K, d)), np.zeros((len(seeds), 1, K, 1)))
    if model == "network":
        draws = [np.random.default_rng(seed) for seed in seeds]
        first = np.stack([rng.normal(0, np.sqrt(2 / d), (1, HIDDEN, d)) for rng in draws])
        last = np.stack([rng.normal(0, np.sqrt(1 / HIDDEN), (1, K, HIDDEN)) for rng in draws])
        weights = (first, np.zeros((len(seeds), 1, HIDDEN, 1)), last, weights[1])
    if kind == "usual":
        return weights
    # Least squares (with a slight ridge) onto large scores for the class after the right one.
    h = hidden(weights, part.x)
    h = np.concatenate([h, np.ones_like(h[..., :1, :])], axis=-2)
    target = WRONG_SCORE * (2 * np.roll(part.y, 1, axis=-2) - 1)
    ridge = 1e-3 * part.x.shape[-1] * np.eye(h.shape[-2])
    fitted = np.linalg.solve(h @ h.mT + ridge, h @ target.mT).mT
    return (*weights[:-2], fitted[..., :-1], fitted[..., -1:])


# --- training and scoring -------------------------------------------------------------------


def accuracy(y: Array, s: Array) -> Array:
    """Return the share of samples whose right class has the highest score."""
    return np.asarray((s.argmax(axis=-2) == y.argmax(axis=-2)).mean(axis=-1))


def brier(pair: Pair, y: Array, s: Array) -> Array:
    """Return the Brier score: the sum over classes of squared errors of the probabilities."""
    p = np.exp(log_probabilities(pair, s))
    return np.asarray(((p - y) ** 2).sum(axis=-2).mean(axis=-1))


def calibration_error(y: Array, p: Array) -> Array:
    """Return the expected calibration error of the top class, over bins of equal width."""
    confidence, right = p.max(axis=-2), p.argmax(axis=-2) == y.argmax(axis=-2)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [((confidence - right) * (bins == b)).mean(axis=-1) for b in range(BINS)]
    total: Array = np.abs(gaps).sum(axis=0)
    return total


def evaluate(pair: Pair, y: Array, s: Array) -> dict[str, Array]:
    """Score each run."""
    log_p = log_probabilities(pair, s)
    return {
        "accuracy": accuracy(y, s),
        "nll": -(y * log_p).sum(axis=-2).mean(axis=-1),
        "brier": brier(pair, y, s),
        "ece": calibration_error(y, np.exp(log_p)),
    }


class Look(NamedTuple):
    """What is seen of the runs that still train, after `n` steps."""

    n: int
    splits: NDArray[np.int64]  # (remaining splits): which ones
    runs: NDArray[np.int64]  # (remaining splits, remaining runs): which ones
    active: Mask  # False where a finished run only fills up the array
    weights: Weights
    accuracy: Array  # on the training part
    diverged: Mask
    resting: Mask


def descend(
    pair: Pair,
    weights: Weights,
    part: Part,
    step: Array,
    observe: Callable[[Look], Mask],
    limit: int = LIMIT,
    decay: float = 0.0,
) -> None:
    """Descend on the whole training part, for every step size of `step` (split, run).

    After each number of steps in `CHECKS`, `observe` looks at the runs and says which are done; a
    step of nan stands for no run. A positive `decay` adds half of it times the squared weights,
    biases apart, to the loss. The experiment uses none; the comparison with scikit-learn does.
    """
    active = np.isfinite(step)
    runs = np.tile(np.arange(step.shape[1]), (len(step), 1))
    rows = np.arange(len(step))
    weights = tuple(np.repeat(w, step.shape[1], axis=1) for w in weights)
    for n in range(limit + 1):
        if n in CHECK_SET or n == 0:
            # Go on with the runs that are not done, as many on each split as the busiest has.
            keep = active.any(axis=1)
            order = np.argsort(~active, axis=1, kind="stable")[keep, : active.sum(axis=1).max()]
            if not order.size:
                return
            at = np.flatnonzero(keep)[:, None], order
            active, runs, step = active[at], runs[at], step[at]
            weights = tuple(w[at] for w in weights)
            part = Part(part.x[keep], part.y[keep])
            rows = rows[keep]
            rate = np.where(active, step, 0.0)[..., None, None]
        s, grads = gradients(pair, weights, part)
        if n in CHECK_SET:
            largest = np.max([np.abs(g).max(axis=(-2, -1)) for g in grads], axis=0)
            diverged = ~(np.abs(s).max(axis=(-2, -1)) < RUNAWAY)
            resting = rate[..., 0, 0] * largest * LIMIT < RESTING
            look = Look(n, rows, runs, active, weights, accuracy(part.y, s), diverged, resting)
            active = active & ~(observe(look) | diverged)
        if decay:
            grads = tuple(
                g + decay * w if k % 2 == 0 else g
                for k, (w, g) in enumerate(zip(weights, grads, strict=True))
            )
        weights = tuple(w - rate * g for w, g in zip(weights, grads, strict=True))


CHECK_SET = frozenset(CHECKS)


class Tried(NamedTuple):
    """What one step size did on the inner splits of one split."""

    brier: float  # the lowest on the validation parts, in the mean; infinite if a run diverged
    best: int  # the number of steps at which it was lowest
    reached: int  # the look at which the last inner run had reached the goal, or -1
    ended: int  # the steps of the longest run


def try_steps(
    pair: Pair, weights: Weights, data: Split, powers: list[list[int]]
) -> list[dict[int, Tried]]:
    """Train on the inner splits, with the given step sizes, different ones for each outer split."""
    shape = len(powers) * INNER, max(map(len, powers))
    step = np.full(shape, np.nan)
    for i, ks in enumerate(powers):
        step[i * INNER : (i + 1) * INNER, : len(ks)] = [2 ** (k / 2) for k in ks]
    last = np.full((SMOOTH, *shape), np.nan)
    lowest = np.full(shape, np.inf)
    best, reached, ended = np.ones(shape, int), np.full(shape, -1), np.zeros(shape, int)
    ran_away = np.zeros(shape, bool)

    def observe(look: Look) -> Mask:
        at = look.splits[:, None], look.runs
        s = scores(look.weights, data.judge.x[look.splits])
        now = np.where(look.diverged, np.inf, brier(pair, data.judge.y[look.splits], s))
        last[:, *at] = np.concatenate([last[1:, *at], now[None]])
        score = np.nanmean(last[:, *at], axis=0)
        better = look.active & (score < BETTER * lowest[at])
        lowest[at] = np.where(better, score, lowest[at])
        best[at] = np.where(better, look.n, best[at])
        first = look.active & (reached[at] < 0) & (look.accuracy >= GOAL)
        reached[at] = np.where(first, look.n, reached[at])
        ran_away[at] |= look.active & look.diverged
        ended[at] = np.where(look.active, look.n, ended[at])
        patient = look.n < np.maximum(SOONEST, PATIENCE * best[at])
        finished: Mask = look.resting | ((reached[at] > 0) & ~patient)
        return finished

    descend(pair, weights, data.train, step, observe, TUNING_LIMIT)
    lowest[ran_away], reached[ran_away] = np.inf, -1
    results = []
    for i, ks in enumerate(powers):
        mine = slice(i * INNER, (i + 1) * INNER)
        result = {}
        for j, k in enumerate(ks):
            # The mean number of steps, in logarithms, as the look that is nearest.
            middle = np.exp(np.log(best[mine, j]).mean())
            result[k] = Tried(
                float(lowest[mine, j].mean()),
                min(CHECKS, key=lambda n: abs(n - middle)),
                -1 if (reached[mine, j] < 0).any() else int(reached[mine, j].max()),
                int(ended[mine, j].max()),
            )
        results.append(result)
    return results


# --- choosing a step size -------------------------------------------------------------------


def best_for_brier(tried: dict[int, Tried]) -> int | None:
    """Choose the step size, as its power, with the lowest Brier score; a tie goes to the smaller.

    The score is smooth, bounded and proper, and a squared error itself, so it gives cross entropy
    no advantage.
    """
    stable = {k: (t.brier, k) for k, t in tried.items() if np.isfinite(t.brier)}
    return min(stable, key=lambda k: stable[k]) if stable else None


def best_for_speed(tried: dict[int, Tried]) -> int | None:
    """Choose the step size that reached the goal first; a tie goes to the better Brier score."""
    fast = {k: (t.reached, t.brier) for k, t in tried.items() if t.reached > 0}
    return min(fast, key=lambda k: fast[k]) if fast else None


def chosen(tried: dict[int, Tried]) -> set[int]:
    """Return both choices, as far as there are any."""
    both = best_for_brier(tried), best_for_speed(tried)
    return {k for k in both if k is not None}


def beyond(tried: dict[int, Tried]) -> list[int]:
    """Return the step sizes past the ends of those tried, where a choice is the last one."""
    ends = {min(tried): -4, max(tried): 4}
    # Where all ran away, only a smaller step can help.
    wanted = [k + ends[k] for k in sorted(chosen(tried) or {min(tried)}) if k in ends]
    return [k for k in wanted if abs(k) <= WIDEST]


def tune(pair: Pair, weights: Weights, data: Split) -> list[dict[int, Tried]]:
    """Search the step size on each inner split: coarsely, wider, then finer around the choices."""
    tried: list[dict[int, Tried]] = [{} for _ in range(len(data.train.x) // INNER)]

    def add(wanted: list[list[int]]) -> bool:
        new = [[k for k in ks if k not in t] for ks, t in zip(wanted, tried, strict=True)]
        if not any(new):
            return False
        for t, more in zip(tried, try_steps(pair, weights, data, new), strict=True):
            t.update(more)
        return True

    add([list(COARSE)] * len(tried))
    while add([beyond(t) for t in tried]):
        pass
    for finer in 2, 1:
        add([sorted({k + side for k in chosen(t) for side in (-finer, finer)}) for t in tried])
    return tried


# --- what is reported -----------------------------------------------------------------------


def race(
    pair: Pair, weights: Weights, data: Split, step: Array, wanted: NDArray[np.int64]
) -> list[dict[str, Any]]:
    """Train on the outer training parts: for each split one dictionary of arrays over runs.

    A run is scored on the test part after `wanted` steps and goes on until it has reached the goal.
    """
    reached, state = np.full(step.shape, -1), np.full(step.shape, "limit", dtype=object)
    ended, top = np.zeros(step.shape, int), np.zeros(step.shape)
    result = {name: np.full(step.shape, np.nan) for name in ("accuracy", "nll", "brier", "ece")}

    def observe(look: Look) -> Mask:
        at = look.splits[:, None], look.runs
        first = look.active & (reached[at] < 0) & (look.accuracy >= GOAL) & ~look.diverged
        reached[at] = np.where(first, look.n, reached[at])
        counts = look.active & ~look.diverged
        top[at] = np.where(counts, np.maximum(top[at], look.accuracy), top[at])
        y = data.judge.y[look.splits]
        s = scores(look.weights, data.judge.x[look.splits])
        # Who rests or runs away before the wanted step is scored where it is.
        early = (look.resting | look.diverged) & (look.n < wanted[at])
        now = look.active & ((look.n == wanted[at]) | early)
        if now.any():
            found = evaluate(pair, y, np.clip(np.nan_to_num(s), -RUNAWAY, RUNAWAY))
            for name, value in found.items():
                result[name][at] = np.where(now, value, result[name][at])
        ended[at] = np.where(look.active, look.n, ended[at])
        done = (reached[at] > 0) & (look.n >= wanted[at])
        now_is = np.select(
            [look.diverged, reached[at] > 0, look.resting],
            ["diverged", "reached", "resting"],
            "limit",
        )
        state[at] = np.where(look.active, now_is, state[at])
        finished: Mask = done | look.resting
        return finished

    descend(pair, weights, data.train, step, observe)
    arrays = result | {"reached": reached, "ended": ended, "state": state, "top": top}
    return [
        {name: a[:, run].tolist() for name, a in arrays.items()} for run in range(step.shape[1])
    ]


def beginning(pair: Pair, weights: Weights, part: Part) -> dict[str, list[float]]:
    """Say how wrong, and how sure of it, a model is before the first step."""
    s = scores(weights, part.x)
    confidence = pair.output(s).max(axis=-2)
    wrong = s.argmax(axis=-2) != part.y.argmax(axis=-2)
    found = {
        "wrong": wrong.mean(axis=-1),
        "sure": (wrong & (confidence > SURE)).mean(axis=-1),
        "confidence": np.median(confidence, axis=-1),
    }
    return {name: a[:, 0].tolist() for name, a in found.items()}


Configuration = tuple[str, str, str, str]
CONFIGURATIONS: tuple[Configuration, ...] = tuple(
    (dataset, model, kind, pair.name)
    for dataset in DATASETS
    for model in MODELS
    for kind in STARTS
    for pair in PAIRS
)


def run(configuration: Configuration, seeds: range = range(SPLITS)) -> dict[str, Any]:
    """Tune and report one configuration, on one core."""
    begun = time.perf_counter()
    dataset, model, kind, name = configuration
    pair = next(pair for pair in PAIRS if pair.name == name)
    with threadpool_limits(1), np.errstate(over="ignore", invalid="ignore"):
        outer, inner = splits(dataset, seeds)
        tried = tune(
            pair, start(model, kind, inner.train, [s for s in seeds for _ in range(INNER)]), inner
        )
        powers, wanted = [], []
        for t in tried:
            good, fast = best_for_brier(t), best_for_speed(t)
            assert good is not None, "every step size ran away"
            # Where no step size reached the goal, the one for the Brier score races as well.
            fast = good if fast is None else fast
            powers.append([good, fast])
            wanted.append([t[good].best, t[fast].best])
        power, steps = np.array(powers), np.array(wanted)
        weights = start(model, kind, outer.train, seeds)
        while True:
            races = race(pair, weights, outer, 2.0 ** (power / 2), steps)
            ran_away = np.transpose([r["state"] for r in races]) == "diverged"
            if not ran_away.any():
                break
            power = power - ran_away  # more samples, less room: a smaller step, and again
        mixed = Split(shuffled(outer.train), outer.judge)
        again = race(pair, weights, mixed, 2.0 ** (power / 2), steps)
        begins = beginning(pair, weights, outer.train)
    for j, (one, other) in enumerate(zip(races, again, strict=True)):
        one |= {"chosen": [p[j] for p in powers], "power": power[:, j].tolist()}
        one |= {"steps": [w[j] for w in wanted]}
        one["rounding"] = {name: other[name] for name in ("brier", "reached")}
    return {
        **dict(zip(("dataset", "model", "start", "pair"), configuration, strict=True)),
        "samples": [outer.train.x.shape[-1], outer.judge.x.shape[-1]],
        "seconds": time.perf_counter() - begun,
        "beginning": begins,
        "good": races[0],
        "fast": races[1],
        "tuning": [{str(k): list(t[k]) for k in sorted(t)} for t in tried],
    }


# --- the record -----------------------------------------------------------------------------


def rounded(value: Any, digits: int = 7) -> Any:
    """Keep seven significant digits of every float, and four of those that only choose."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") if np.isfinite(value) else None
    if isinstance(value, list):
        return [rounded(v, digits) for v in value]
    if isinstance(value, dict):
        return {key: rounded(v, 4 if key == "tuning" else digits) for key, v in value.items()}
    return value


def versions() -> dict[str, str]:
    """Name what computed the record."""
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
    }


def key(result: dict[str, Any]) -> Configuration:
    """Return what a result is a result of."""
    return result["dataset"], result["model"], result["start"], result["pair"]


def write(path: Path, record: dict[str, Any]) -> None:
    """Write the record, a line for each configuration, in their order."""
    record["results"].sort(key=lambda result: CONFIGURATIONS.index(key(result)))
    record = sign(record, Path(__file__))
    lines = ",\n".join(json.dumps(r) for r in record["results"])
    head = json.dumps({k: v for k, v in record.items() if k != "results"}, indent=1)
    unfinished = path.with_suffix(".part")  # so that an interruption leaves a whole file
    unfinished.write_text(f'{head[:-2]},\n "results": [\n{lines}\n]}}\n', "utf-8")
    unfinished.replace(path)


def main(
    path: Path,
    configurations: tuple[Configuration, ...] = CONFIGURATIONS,
    workers: int = os.cpu_count() or 1,
    seeds: range = range(SPLITS),
) -> None:
    """Fill the record at `path` with the configurations that it lacks."""
    record: dict[str, Any] = {"settings": SETTINGS, "minutes": 0.0, "results": []}
    if path.exists():
        found = json.loads(path.read_text("utf-8"))
        if found["settings"] == SETTINGS:  # else the old results mean something different
            record = found
    done = {key(result) for result in record["results"]}
    todo = [c for c in configurations if c not in done]
    begun, before = time.perf_counter(), record["minutes"]
    # Fresh processes rather than forks, as Windows and macOS have no others.
    fresh = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(workers, mp_context=fresh) as pool,
        tqdm(total=len(todo), unit="configuration") as bar,
    ):
        for future in as_completed([pool.submit(run, c, seeds) for c in todo]):
            record["results"].append(rounded(future.result()))
            record["minutes"] = round(before + (time.perf_counter() - begun) / 60, 2)
            record |= {"workers": workers, "versions": versions()}
            write(path, record)
            bar.update()


if __name__ == "__main__":
    main(Path(__file__).with_suffix(".json"))
