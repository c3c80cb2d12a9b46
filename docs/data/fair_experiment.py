"""Train every pair of output and loss on real data, and record how well each does.

``python docs/data/fair_experiment.py`` writes ``fair_experiment.json`` beside this file, one record
after the other; started again, it continues where it stopped. ``nox -s experiment`` does the same.

An array of this script has the axes (seed, sample, feature or class): all seeds of a
configuration train at once, each on its own split and from its own start.
"""

import datetime as dt
import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.model_selection import train_test_split
from tqdm import tqdm

import losstheory as lt

Array = NDArray[np.floating[Any]]

DATASETS = ("iris", "wine", "breast_cancer", "digits")
MODELS = ("linear", "network")
STARTS = ("usual", "confidently wrong")
SEEDS = tuple(range(20))
# Splits to tune on, other than those that are reported; the digits have so many samples that three
# tell more than ten of the others.
TUNING_SEEDS = {
    dataset: tuple(range(100, 103 if dataset == "digits" else 110)) for dataset in DATASETS
}
GRID = tuple(float(f"{10.0**k:.3g}") for k in np.linspace(-4, 3, 15))
STEPS = 1000
HIDDEN = 32  # ReLU units of the network
GOAL = 0.9  # the training accuracy whose first step is recorded
WRONG_SCORE = 6.0  # near the source's second case: sigmoid(6) = 0.9975 for the wrong class
BINS = 10


class Pair(NamedTuple):
    """An output and a loss: the mean over samples of the sum over classes is minimised."""

    name: str
    gradient: Callable[[Array, Array], Array]  # of one-hot targets and scores, at the scores
    log_probabilities: Callable[[Array], Array]  # of scores; logarithms, so that none vanishes


def softmax_squared_error_grad(y: Array, s: Array) -> Array:
    """Multiply the error o − y by the softmax's Jacobian, without building that matrix."""
    o = lt.softmax(s)
    error = lt.half_squared_error_grad(y, o)
    through: Array = o * (error - (o * error).sum(axis=-1, keepdims=True))
    return through


def each_sigmoid(s: Array) -> Array:
    """Divide independent sigmoids by their sum, in logarithms."""
    return lt.log_softmax(lt.log_sigmoid(s))


def clipped(s: Array) -> Array:
    """Make probabilities of linear outputs, which promise none: clip, then divide by the sum."""
    o = np.clip(s, 1e-3, 1.0)
    logs: Array = np.log(o / o.sum(axis=-1, keepdims=True))
    return logs


PAIRS = (
    Pair("softmax + cross entropy", lt.categorical_cross_entropy_with_logits_grad, lt.log_softmax),
    Pair("sigmoid + cross entropy", lt.multilabel_cross_entropy_with_logits_grad, each_sigmoid),
    Pair("softmax + squared error", softmax_squared_error_grad, lt.log_softmax),
    Pair("sigmoid + squared error", lt.half_squared_error_with_logits_grad, each_sigmoid),
    Pair("linear + squared error", lt.half_squared_error_grad, clipped),
)


# --- data -----------------------------------------------------------------------------------


class Part(NamedTuple):
    """One part of every seed's split: inputs (a last column of ones included), one-hot targets."""

    x: Array
    y: Array


class Split(NamedTuple):
    """Six tenths of the samples to train on, two to tune the step size on, two to report."""

    train: Part
    validation: Part
    test: Part


def split(dataset: str, seeds: tuple[int, ...]) -> Split:
    """Split a bundled data set once for each seed, and standardise it by its training part."""
    inputs, labels = getattr(datasets, f"load_{dataset}")(return_X_y=True)
    one_hot = np.eye(labels.max() + 1)[labels]
    parts: tuple[list[Part], ...] = ([], [], [])
    for seed in seeds:
        train, rest = train_test_split(
            np.arange(len(labels)), train_size=0.6, stratify=labels, random_state=seed
        )
        validation, test = train_test_split(
            rest, train_size=0.5, stratify=labels[rest], random_state=seed
        )
        mean, std = inputs[train].mean(axis=0), inputs[train].std(axis=0)
        x = (inputs - mean) / np.where(std > 0, std, 1.0)  # some pixels of the digits are constant
        x = np.column_stack([x, np.ones(len(x))])
        for rows, part in zip((train, validation, test), parts, strict=True):
            part.append(Part(x[rows], one_hot[rows]))
    return Split(*(Part(*map(np.stack, zip(*part, strict=True))) for part in parts))


# --- models ---------------------------------------------------------------------------------

Weights = tuple[Array, ...]


def hidden(weights: Weights, x: Array) -> Array:
    """Return the inputs of the last layer: x itself, or the hidden units and a one."""
    if len(weights) == 1:
        return x
    h = lt.relu(x @ weights[0])
    return np.concatenate([h, np.ones((*h.shape[:-1], 1))], axis=-1)


def scores(weights: Weights, x: Array) -> Array:
    """Run the model up to its scores."""
    return hidden(weights, x) @ weights[-1]


def gradients(pair: Pair, weights: Weights, part: Part) -> tuple[Array, Weights]:
    """Return the scores, and the gradient of the mean loss by each weight matrix."""
    h = hidden(weights, part.x)
    s = h @ weights[-1]
    de_ds = pair.gradient(part.y, s) / part.x.shape[1]
    last = h.mT @ de_ds
    if len(weights) == 1:
        return s, (last,)
    # The ones beside the hidden units have no weights before them: drop the last row.
    de_dh = de_ds @ weights[1][:, :-1].mT
    return s, (part.x.mT @ (de_dh * (h[..., :-1] > 0)), last)


def start(model: str, kind: str, part: Part, seeds: tuple[int, ...]) -> Weights:
    """Draw the weights that training starts from, one set for each seed."""
    d, K = part.x.shape[-1], part.y.shape[-1]
    weights: Weights = (np.zeros((len(seeds), d, K)),)
    if model == "network":
        draws = [np.random.default_rng(seed) for seed in seeds]
        first = np.stack([rng.normal(0, np.sqrt(2 / d), (d, HIDDEN)) for rng in draws])
        last = np.stack([rng.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN + 1, K)) for rng in draws])
        weights = (first, last)
    if kind == "usual":
        return weights
    # Least squares (with a slight ridge) onto large scores for the class after the right one.
    h = hidden(weights, part.x)
    target = WRONG_SCORE * (2 * np.roll(part.y, 1, axis=-1) - 1)
    ridge = 1e-3 * part.x.shape[1] * np.eye(h.shape[-1])
    return (*weights[:-1], np.linalg.solve(h.mT @ h + ridge, h.mT @ target))


# --- training and scoring -------------------------------------------------------------------


class Trained(NamedTuple):
    """Weights after the last step, and the step at which each seed reached the goal (or -1)."""

    weights: Weights
    reached: NDArray[np.int64]


def accuracy(y: Array, s: Array) -> Array:
    """Return the share of samples whose right class has the highest score, for each seed."""
    return np.asarray((s.argmax(axis=-1) == y.argmax(axis=-1)).mean(axis=-1))


def train(
    pair: Pair, weights: Weights, part: Part, step: float, *, steps: int = STEPS, decay: float = 0
) -> Trained | None:
    """Descend on the whole training part; None if the weights run away.

    A positive `decay` adds half of it times the squared weights, biases apart, to the loss. The
    experiment uses none; the comparison with scikit-learn's optimum does.
    """
    reached = np.full(part.x.shape[0], -1)
    for n in range(steps):
        s, grads = gradients(pair, weights, part)
        if not np.abs(s).max() < 1e6:
            return None
        reached[(reached < 0) & (accuracy(part.y, s) >= GOAL)] = n
        weights = tuple(
            w - step * (g + decay * np.concatenate([w[:, :-1], 0 * w[:, -1:]], axis=1))
            for w, g in zip(weights, grads, strict=True)
        )
    return Trained(weights, reached)


def calibration_error(y: Array, p: Array) -> Array:
    """Return the expected calibration error of the top class, over bins of equal width."""
    confidence, right = p.max(axis=-1), p.argmax(axis=-1) == y.argmax(axis=-1)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [((confidence - right) * (bins == b)).mean(axis=-1) for b in range(BINS)]
    total: Array = np.abs(gaps).sum(axis=0)
    return total


def evaluate(pair: Pair, weights: Weights, part: Part) -> dict[str, Array]:
    """Score the model on a part: one number a seed and score."""
    s = scores(weights, part.x)
    log_p = pair.log_probabilities(s)
    p = np.exp(log_p)
    return {
        "accuracy": accuracy(part.y, s),
        "nll": -(part.y * log_p).sum(axis=-1).mean(axis=-1),
        "brier": ((p - part.y) ** 2).sum(axis=-1).mean(axis=-1),
        "ece": calibration_error(part.y, p),
    }


def tune(pair: Pair, dataset: str, model: str, kind: str) -> list[dict[str, Any]]:
    """Score every step size of the grid on the validation parts of the tuning seeds."""
    seeds = TUNING_SEEDS[dataset]
    data = split(dataset, seeds)
    weights = start(model, kind, data.train, seeds)
    rows = []
    for step in GRID:
        trained = train(pair, weights, data.train, step)
        row: dict[str, Any] = {"step": step, "diverged": trained is None}
        if trained:
            result = evaluate(pair, trained.weights, data.validation)
            row |= {score: float(result[score].mean()) for score in ("accuracy", "nll", "brier")}
            row |= {"reached": trained.reached.tolist()}
        rows.append(row)
    return rows


def best(rows: list[dict[str, Any]]) -> float:
    """Return the step size with the lowest Brier score on the validation parts.

    It is smooth, bounded and proper, and a squared error itself, so it gives cross entropy no
    advantage.
    """
    return float(
        min((row for row in rows if not row["diverged"]), key=lambda r: r["brier"])["step"]
    )


def report(pair: Pair, dataset: str, model: str, kind: str, step: float) -> dict[str, Any]:
    """Train with a given step size and score the test parts of the reported seeds."""
    data = split(dataset, SEEDS)
    weights = start(model, kind, data.train, SEEDS)
    trained = train(pair, weights, data.train, step)
    while trained is None:  # a seed runs away that the tuning did not know: take smaller steps
        step = max(smaller for smaller in GRID if smaller < step)
        trained = train(pair, weights, data.train, step)
    result = {score: v.tolist() for score, v in evaluate(pair, trained.weights, data.test).items()}
    return {"step": step, **result, "reached": trained.reached.tolist()}


# --- the record -----------------------------------------------------------------------------

SETTINGS: dict[str, Any] = {
    "seeds": len(SEEDS),
    "tuning_seeds": {dataset: len(seeds) for dataset, seeds in TUNING_SEEDS.items()},
    "grid": list(GRID),
    "steps": STEPS,
    "hidden": HIDDEN,
    "goal": GOAL,
    "wrong_score": WRONG_SCORE,
    "bins": BINS,
    "train_test_ratio": 3.0,
}
Configuration = tuple[str, str, str, Pair]
CONFIGURATIONS: tuple[Configuration, ...] = tuple(
    (dataset, model, kind, pair)
    for dataset in DATASETS
    for model in MODELS
    for kind in STARTS
    for pair in PAIRS
)


def versions() -> dict[str, str]:
    """Say what computed the record, and when."""
    return {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
    }


def rounded(value: Any) -> Any:
    """Keep seven significant digits of every float, more than the page shows."""
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return value


def main(path: Path, configurations: tuple[Configuration, ...] = CONFIGURATIONS) -> None:
    """Fill the record at `path` with the configurations that it lacks."""
    record: dict[str, Any] = {"settings": SETTINGS, "results": []}
    if path.exists():
        found = json.loads(path.read_text("utf-8"))
        if found["settings"] == SETTINGS:  # else the old results mean something different
            record = found
    done = {(r["dataset"], r["model"], r["start"], r["pair"]) for r in record["results"]}
    todo = [c for c in configurations if (*c[:3], c[3].name) not in done]
    for dataset, model, kind, pair in tqdm(todo, unit="configuration"):
        rows = tune(pair, dataset, model, kind)
        result = {"dataset": dataset, "model": model, "start": kind, "pair": pair.name}
        result |= {"test": report(pair, dataset, model, kind, best(rows)), "validation": rows}
        record["results"].append(rounded(result))
        record["versions"] = versions()
        lines = ",\n".join(json.dumps(r) for r in record["results"])
        head = json.dumps({k: record[k] for k in ("versions", "settings")}, indent=1)
        unfinished = path.with_suffix(".part")  # so that an interruption leaves a whole file
        unfinished.write_text(f'{head[:-2]},\n "results": [\n{lines}\n]}}\n', "utf-8")
        unfinished.replace(path)


if __name__ == "__main__":
    main(Path(__file__).with_suffix(".json"))
