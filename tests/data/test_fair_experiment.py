"""The experiment: its gradients, its optimum, its scores, and a slice of its record."""

import json
from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.multiclass import OneVsRestClassifier

import losstheory as lt

SCRIPT = Path(__file__).parents[2] / "docs" / "data" / "fair_experiment.py"
RECORD: dict[str, Any] = json.loads(SCRIPT.with_suffix(".json").read_text("utf-8"))
experiment = SimpleNamespace(**run_path(str(SCRIPT)))

EVERY_PAIR = pytest.mark.parametrize("pair", experiment.PAIRS, ids=lambda pair: pair.name)
EVERY_MODEL = pytest.mark.parametrize("model", experiment.MODELS)
Array = NDArray[np.floating[Any]]
# From here on a run leaps about, and the rounding of another machine ends elsewhere: only averages
# over the seeds can agree.
CHAOTIC = 100.0

VALUES: dict[str, Callable[[Array, Array], Array]] = {
    "softmax + cross entropy": lt.categorical_cross_entropy_with_logits,
    "sigmoid + cross entropy": lt.multilabel_cross_entropy_with_logits,
    "softmax + squared error": lambda y, s: lt.half_squared_error(y, lt.softmax(s)).sum(axis=-1),
    "sigmoid + squared error": lambda y, s: lt.half_squared_error(y, lt.sigmoid(s)).sum(axis=-1),
    "linear + squared error": lambda y, s: lt.half_squared_error(y, s).sum(axis=-1),
}


def result_of(dataset: str, model: str, start: str, pair: str) -> dict[str, Any]:
    """Find one configuration in the record."""
    wanted = {"dataset": dataset, "model": model, "start": start, "pair": pair}
    return next(r for r in RECORD["results"] if wanted.items() <= r.items())


@EVERY_PAIR
@EVERY_MODEL
def test_gradients_are_slopes_of_the_mean_loss(pair: Any, model: str) -> None:
    part = experiment.split("wine", (1, 2)).train
    weights = experiment.start(model, "confidently wrong", part, (1, 2))
    rng = np.random.default_rng(3)
    direction = [rng.normal(size=w.shape) for w in weights]

    def value(shift: float) -> float:
        moved = tuple(w + shift * d for w, d in zip(weights, direction, strict=True))
        losses = VALUES[pair.name](part.y, experiment.scores(moved, part.x))
        return float(losses.mean(axis=-1).sum())

    _, grads = experiment.gradients(pair, weights, part)
    slope = sum(float((g * d).sum()) for g, d in zip(grads, direction, strict=True))
    assert slope == pytest.approx((value(1e-6) - value(-1e-6)) / 2e-6, rel=1e-5, abs=0.0)


@pytest.mark.parametrize("name", ["softmax + cross entropy", "sigmoid + cross entropy"])
def test_training_to_the_end_finds_the_optimum_of_scikit_learn(name: str) -> None:
    part = experiment.split("iris", (0,)).train
    pair = next(pair for pair in experiment.PAIRS if pair.name == name)
    decay = 0.01
    weights = experiment.start("linear", "usual", part, (0,))
    trained = experiment.train(pair, weights, part, 0.4, steps=4000, decay=decay)
    x, labels = part.x[0, :, :-1], part.y[0].argmax(axis=-1)
    # scikit-learn adds |w|²/2 to C times the sum of the losses.
    peer = LogisticRegression(C=1 / (decay * len(x)), tol=1e-10, max_iter=10_000)
    if name.startswith("softmax"):
        found = np.vstack([peer.fit(x, labels).coef_.T, peer.intercept_])
        # A shift of all scores changes no softmax, so biases are known up to a constant.
        found[-1] -= found[-1].mean()
    else:
        each = OneVsRestClassifier(peer).fit(x, labels).estimators_
        found = np.vstack(
            [np.hstack([one.coef_.T for one in each]), np.hstack([one.intercept_ for one in each])]
        )
    np.testing.assert_allclose(trained.weights[0][0], found, rtol=1e-5, atol=1e-5)


def test_scores_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    part = experiment.Part(rng.normal(size=(1, 50, 4)), np.eye(3)[rng.integers(3, size=(1, 50))])
    weights = (rng.normal(size=(1, 4, 3)),)
    pair = experiment.PAIRS[0]
    found = {score: float(v[0]) for score, v in experiment.evaluate(pair, weights, part).items()}
    p = lt.softmax(part.x[0] @ weights[0][0])
    labels = part.y[0].argmax(axis=-1)
    assert found["accuracy"] == pytest.approx(
        accuracy_score(labels, p.argmax(axis=-1)), rel=1e-12, abs=0.0
    )
    assert found["nll"] == pytest.approx(log_loss(labels, p), rel=1e-12, abs=0.0)
    assert found["brier"] == pytest.approx(
        np.mean(np.sum((p - part.y[0]) ** 2, axis=-1)), rel=1e-12, abs=0.0
    )


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    y = np.eye(2)[np.zeros((1, 8), dtype=int)]
    p = np.tile([0.75, 0.25], (1, 8, 1))
    p[0, :4] = [0.35, 0.65]  # half of them wrong, with confidence 0.65
    # (4 · |0.65 - 0| + 4 · |0.75 - 1|) / 8
    assert experiment.calibration_error(y, p)[0] == pytest.approx(0.45, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("dataset", experiment.DATASETS)
def test_a_split_shares_no_sample_and_keeps_the_classes(dataset: str) -> None:
    parts = experiment.split(dataset, (7, 8))
    sizes = np.array([part.y.shape[1] for part in parts])
    np.testing.assert_allclose(sizes / sizes.sum(), [0.6, 0.2, 0.2], atol=0.01)
    shares = np.stack([part.y.mean(axis=1) for part in parts])
    np.testing.assert_allclose(shares, shares[:1].repeat(3, axis=0), atol=0.03)
    assert not np.array_equal(parts.train.x[0], parts.train.x[1])
    np.testing.assert_allclose(parts.train.x[..., :-1].mean(axis=1), 0, atol=1e-10)


def test_the_second_start_is_confidently_wrong() -> None:
    part = experiment.split("wine", (0, 1)).train
    for model in experiment.MODELS:
        s = experiment.scores(experiment.start(model, "confidently wrong", part, (0, 1)), part.x)
        assert experiment.accuracy(part.y, s).max() < 0.05
        assert np.median(lt.softmax(s).max(axis=-1)) > 0.99


@pytest.mark.parametrize("kind", experiment.STARTS)
@EVERY_PAIR
def test_a_slice_of_the_experiment_agrees_with_the_record(pair: Any, kind: str) -> None:
    recorded = result_of("iris", "linear", kind, pair.name)["test"]
    again = experiment.report(pair, "iris", "linear", kind, recorded["step"])
    if again["step"] >= CHAOTIC:
        for score in ("accuracy", "brier", "ece"):
            assert np.mean(again[score]) == pytest.approx(np.mean(recorded[score]), abs=0.05)
        return
    assert again["reached"] == recorded["reached"]
    for score in ("accuracy", "nll", "brier", "ece"):
        np.testing.assert_allclose(again[score], recorded[score], rtol=1e-5, atol=1e-9)


def test_stuck_runs_rest_on_a_plateau_with_their_units_alive() -> None:
    pair = experiment.PAIRS[2]
    step = result_of("iris", "network", "confidently wrong", pair.name)["test"]["step"]
    part = experiment.split("iris", experiment.SEEDS).train
    start = experiment.start("network", "confidently wrong", part, experiment.SEEDS)
    weights, reached = experiment.train(pair, start, part, step)
    s, grads = experiment.gradients(pair, weights, part)
    stuck = reached < 0
    assert stuck.sum() >= 10
    length = np.sqrt(sum((g**2).sum(axis=(1, 2)) for g in grads))[stuck]
    assert np.median(length) < 1e-3
    assert lt.softmax(s).max(axis=-1)[stuck].mean() > 0.99
    assert experiment.accuracy(part.y, s)[stuck].max() < experiment.GOAL
    alive = (experiment.hidden(weights, part.x)[..., :-1] > 0).any(axis=1)
    assert alive[stuck].mean() > 0.95


def test_tuning_agrees_with_the_record() -> None:
    pair = experiment.PAIRS[3]
    recorded = result_of("iris", "linear", "usual", pair.name)
    rows = experiment.tune(pair, "iris", "linear", "usual")
    assert experiment.best(rows) == recorded["test"]["step"]
    for row, before in zip(rows, recorded["validation"], strict=True):
        if row["step"] >= CHAOTIC:
            assert row["brier"] == pytest.approx(before["brier"], abs=0.05)
        else:
            assert row["reached"] == before["reached"]
            assert row["brier"] == pytest.approx(before["brier"], rel=1e-5, abs=0.0)


def test_the_record_is_complete_and_of_this_experiment() -> None:
    assert RECORD["settings"] == experiment.SETTINGS
    found = [(r["dataset"], r["model"], r["start"], r["pair"]) for r in RECORD["results"]]
    assert found == [(*c[:3], c[3].name) for c in experiment.CONFIGURATIONS]
    assert all(len(r["test"]["accuracy"]) == len(experiment.SEEDS) for r in RECORD["results"])
    assert {"date", "numpy", "scikit-learn"} <= RECORD["versions"].keys()


def test_a_run_resumes_where_it_stopped(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(experiment.main.__globals__, "GRID", (0.01,))
    path = tmp_path / "record.json"
    two = experiment.CONFIGURATIONS[4:5], experiment.CONFIGURATIONS[4:6]
    experiment.main(path, two[0])
    first = json.loads(path.read_text("utf-8"))["results"]
    capfd.readouterr()
    experiment.main(path, two[1])
    results = json.loads(path.read_text("utf-8"))["results"]
    assert results[:1] == first
    assert [r["pair"] for r in results] == [c[3].name for c in two[1]]
    assert "1/1" in capfd.readouterr().err  # one left to do, and the bar says so
