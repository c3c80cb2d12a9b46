"""The experiment: its gradients, its optimum, its scores, its search, and a slice of its record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest, ttest_rel
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.multiclass import OneVsRestClassifier

import fair_experiment as experiment
import fair_results as fair
import losstheory as lt
from fair_experiment import Part, Tried

RECORD: dict[str, Any] = json.loads(
    Path(experiment.__file__).with_suffix(".json").read_text("utf-8")
)
RESULTS: list[dict[str, Any]] = RECORD["results"]

EVERY_PAIR = pytest.mark.parametrize("pair", experiment.PAIRS, ids=lambda pair: pair.name)
EVERY_MODEL = pytest.mark.parametrize("model", experiment.MODELS)
EVERY_RESULT = pytest.mark.parametrize(
    "result", RESULTS, ids=lambda r: "-".join(experiment.key(r)).replace(" ", "_")
)
Array = NDArray[np.floating[Any]]

# Values and gradients from the package, whose arrays have the classes last.
VALUES: dict[str, Callable[[Array, Array], Array]] = {
    "softmax + cross entropy": lt.categorical_cross_entropy_with_logits,
    "sigmoid + cross entropy": lt.multilabel_cross_entropy_with_logits,
    "softmax + squared error": lambda y, s: 2 * lt.half_squared_error(y, lt.softmax(s)).sum(-1),
    "sigmoid + squared error": lambda y, s: 2 * lt.half_squared_error(y, lt.sigmoid(s)).sum(-1),
    "linear + squared error": lambda y, s: 2 * lt.half_squared_error(y, s).sum(-1),
}
GRADIENTS: dict[str, Callable[[Array, Array], Array]] = {
    "softmax + cross entropy": lt.categorical_cross_entropy_with_logits_grad,
    "sigmoid + cross entropy": lt.multilabel_cross_entropy_with_logits_grad,
    "softmax + squared error": lambda y, s: np.stack(
        [
            2 * lt.softmax_jacobian(row) @ lt.half_squared_error_grad(target, lt.softmax(row))
            for target, row in zip(y, s, strict=True)
        ]
    ),
    "sigmoid + squared error": lambda y, s: 2 * lt.half_squared_error_with_logits_grad(y, s),
    "linear + squared error": lambda y, s: 2 * lt.half_squared_error_grad(y, s),
}


def pair_named(name: str) -> experiment.Pair:
    """Find a pair."""
    return next(pair for pair in experiment.PAIRS if pair.name == name)


# --- the mathematics ------------------------------------------------------------------------


@EVERY_PAIR
def test_gradients_at_the_scores_are_those_of_the_package(pair: experiment.Pair) -> None:
    rng = np.random.default_rng(1)
    s = rng.normal(size=(40, 3)) * np.repeat([1.0, 6.0, 30.0, 400.0], 10)[:, None]
    y = np.eye(3)[rng.integers(3, size=40)]
    found = pair.gradient(y.T, s.T).T
    np.testing.assert_allclose(found, GRADIENTS[pair.name](y, s), rtol=1e-12, atol=1e-15)


@EVERY_PAIR
@EVERY_MODEL
def test_gradients_are_slopes_of_the_mean_loss(pair: experiment.Pair, model: str) -> None:
    part = experiment.splits("wine", range(2))[0].train
    weights = experiment.start(model, "confidently wrong", part, range(2))
    rng = np.random.default_rng(3)
    direction = [rng.normal(size=w.shape) for w in weights]

    def value(shift: float) -> float:
        moved = tuple(w + shift * d for w, d in zip(weights, direction, strict=True))
        s = experiment.scores(moved, part.x)
        losses = VALUES[pair.name](part.y.swapaxes(-1, -2), s.swapaxes(-1, -2))
        return float(losses.mean(axis=-1).sum())

    _, grads = experiment.gradients(pair, weights, part)
    slope = sum(float((g * d).sum()) for g, d in zip(grads, direction, strict=True))
    assert slope == pytest.approx((value(1e-6) - value(-1e-6)) / 2e-6, rel=1e-5, abs=0.0)


@pytest.mark.parametrize("name", ["softmax + cross entropy", "sigmoid + cross entropy"])
def test_training_to_the_end_finds_the_optimum_of_scikit_learn(name: str) -> None:
    part = experiment.splits("iris", range(1))[0].train
    decay = 0.01
    seen: list[experiment.Look] = []

    def observe(look: experiment.Look) -> NDArray[np.bool_]:
        seen.append(look)
        return np.zeros_like(look.diverged)

    weights = experiment.start("linear", "usual", part, range(1))
    pair = pair_named(name)
    experiment.descend(pair, weights, part, np.array([[0.4]]), observe, 4000, decay)
    found = np.hstack([w[0, 0] for w in seen[-1].weights])
    assert seen[-1].n > 3500
    x, labels = part.x[0, 0].T, part.y[0, 0].argmax(axis=0)
    # scikit-learn adds |w|²/2 to C times the sum of the losses.
    peer = LogisticRegression(C=1 / (decay * len(x)), tol=1e-10, max_iter=10_000)
    if name.startswith("softmax"):
        wanted = np.column_stack([peer.fit(x, labels).coef_, peer.intercept_])
        # A shift of all scores changes no softmax, so biases are known up to a constant.
        wanted[:, -1] += found[:, -1].mean() - wanted[:, -1].mean()
    else:
        each = OneVsRestClassifier(peer).fit(x, labels).estimators_
        wanted = np.vstack([np.hstack([one.coef_[0], one.intercept_]) for one in each])
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


def test_scores_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    s, y = rng.normal(size=(50, 3)), np.eye(3)[rng.integers(3, size=50)]
    found = {k: float(v) for k, v in experiment.evaluate(experiment.PAIRS[0], y.T, s.T).items()}
    p, labels = lt.softmax(s), y.argmax(axis=-1)
    assert found["accuracy"] == pytest.approx(
        accuracy_score(labels, p.argmax(axis=-1)), rel=1e-12, abs=0.0
    )
    assert found["nll"] == pytest.approx(log_loss(labels, p), rel=1e-12, abs=0.0)
    assert found["brier"] == pytest.approx(
        np.mean(np.sum((p - y) ** 2, axis=-1)), rel=1e-12, abs=0.0
    )


@EVERY_PAIR
def test_every_output_becomes_a_distribution(pair: experiment.Pair) -> None:
    s = np.array([[0.2, 500.0, -2000.0], [0.9, 400.0, -1000.0]])
    p = np.exp(experiment.log_probabilities(pair, s))
    np.testing.assert_allclose(p.sum(axis=0), 1, rtol=1e-12, atol=0.0)
    if pair.output is not experiment.linear:
        o = pair.output(s[:, :1])
        np.testing.assert_allclose(p[:, :1], o / o.sum(), rtol=1e-12, atol=0.0)
        np.testing.assert_allclose(
            p[:, 2], [0, 1], rtol=0.0, atol=1e-12
        )  # by the logarithms, not by 0/0
    else:
        np.testing.assert_allclose(
            p.T, [[0.2 / 1.1, 0.9 / 1.1], [0.5, 0.5], [0.5, 0.5]], rtol=1e-12, atol=0.0
        )


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    y = np.eye(2)[np.zeros(8, dtype=int)].T
    p = np.tile([[0.75], [0.25]], (1, 8))
    p[:, :4] = [[0.35], [0.65]]  # half of them wrong, with confidence 0.65
    # (4 · |0.65 - 0| + 4 · |0.75 - 1|) / 8
    assert experiment.calibration_error(y, p) == pytest.approx(0.45, rel=1e-12, abs=0.0)


# --- the data and the starts ----------------------------------------------------------------


@pytest.mark.parametrize("dataset", experiment.DATASETS)
def test_tuning_sees_no_sample_that_is_reported(
    dataset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(
        _: Array, labels: NDArray[np.int64], train: NDArray[np.int64], judge: NDArray[np.int64]
    ) -> tuple[Part, Part]:
        return Part(train, labels[train]), Part(judge, labels[judge])  # type: ignore[arg-type]  # numbers of rows

    monkeypatch.setattr(experiment, "standardised", rows)
    outer, inner = experiment.splits(dataset, range(3))
    for split in range(3):
        train, test = outer.train.x[split, 0], outer.judge.x[split, 0]
        assert not set(train) & set(test)
        assert len(train) / len(test) == pytest.approx(3, rel=0.03, abs=0.0)
        for again in range(experiment.INNER):
            at = split * experiment.INNER + again
            fit, validation = inner.train.x[at, 0], inner.judge.x[at, 0]
            assert not set(fit) & set(validation)
            assert set(fit) | set(validation) == set(train)
    for part in (outer.train, outer.judge, inner.train, inner.judge):
        counts = np.array([np.bincount(row[0]) for row in part.y.astype(int)])
        assert np.ptp(counts, axis=0).max() <= 1  # the classes have their shares, to a sample


def test_a_part_is_standardised_by_the_training_part() -> None:
    outer, inner = experiment.splits("wine", range(2))
    for split in (outer, inner):
        np.testing.assert_allclose(split.train.x.mean(axis=-1), 0, rtol=0.0, atol=1e-10)
        np.testing.assert_allclose(split.train.x.std(axis=-1), 1, rtol=0.0, atol=1e-10)
        assert np.abs(split.judge.x.mean(axis=-1)).max() > 1e-3


@EVERY_RESULT
def test_the_second_start_is_wrong_and_the_record_says_how_surely(result: dict[str, Any]) -> None:
    assert all(len(v) == experiment.SPLITS for v in result["beginning"].values())
    if result["start"] == "confidently wrong":
        assert min(result["beginning"]["wrong"]) > 0.7
    outer, _ = experiment.splits(result["dataset"], range(1))
    weights = experiment.start(result["model"], result["start"], outer.train, range(1))
    found = experiment.beginning(pair_named(result["pair"]), weights, outer.train)
    for name, (value,) in found.items():
        assert value == pytest.approx(result["beginning"][name][0], rel=1e-5, abs=0.0)


# --- training and searching -----------------------------------------------------------------


@EVERY_MODEL
def test_runs_that_train_together_do_not_touch_each_other(model: str) -> None:
    """Finished runs leave the arrays, so a slip of an index would mix the others up."""
    pair = pair_named("softmax + cross entropy")
    _, inner = experiment.splits("wine", range(2))
    seeds = np.repeat(range(2), experiment.INNER).tolist()
    weights = experiment.start(model, "confidently wrong", inner.train, seeds)
    powers = [[2, -3, 6], [1]]
    together = experiment.try_steps(pair, weights, inner, powers)
    for row, ks in enumerate(powers):
        mine = slice(row * experiment.INNER, (row + 1) * experiment.INNER)
        data = experiment.Split(*(Part(part.x[mine], part.y[mine]) for part in inner))
        for k in ks:
            alone = experiment.try_steps(pair, tuple(w[mine] for w in weights), data, [[k]])
            assert alone[0][k][1:] == together[row][k][1:]
            assert alone[0][k].brier == pytest.approx(together[row][k].brier, rel=1e-8, abs=0.0)
    assert len({t.ended for t in together[0].values()}) > 1  # some did leave


def test_a_step_beyond_the_limit_of_stability_is_known_as_such() -> None:
    pair = pair_named("linear + squared error")
    _, inner = experiment.splits("wine", range(1))
    weights = experiment.start("linear", "usual", inner.train, [0] * experiment.INNER)
    x = inner.train.x[0, 0]
    ones = np.vstack([x, np.ones(x.shape[1])])
    limit = 1 / np.linalg.eigvalsh(ones @ ones.T / x.shape[1]).max()  # 2 over the curvature 2λ
    k = int(np.floor(2 * np.log2(limit)))
    tried = experiment.try_steps(pair, weights, inner, [[k - 1, k + 3]])[0]
    assert np.isfinite(tried[k - 1].brier)
    assert tried[k + 3].brier == np.inf
    assert tried[k + 3].reached == -1


def test_choices_follow_the_rules() -> None:
    tried = {
        -2: Tried(0.5, 900, -1, 1000),
        0: Tried(0.2, 300, 40, 900),
        2: Tried(0.2, 200, 20, 600),
        4: Tried(0.3, 90, 20, 300),
        6: Tried(np.inf, 1, -1, 3),
    }
    assert experiment.best_for_brier(tried) == 0  # the smaller of two that tie
    assert experiment.best_for_speed(tried) == 2  # the better of two that tie
    assert experiment.beyond(tried) == []
    assert experiment.beyond({k: tried[k] for k in (2, 4)}) == [-2]
    assert experiment.beyond({k: tried[k] for k in (0, 2)}) == [-4, 6]
    assert experiment.beyond({6: tried[6], 8: tried[6]}) == [2]  # all ran away
    assert experiment.best_for_speed({-2: tried[-2]}) is None
    assert experiment.best_for_brier({6: tried[6]}) is None


# --- the record -----------------------------------------------------------------------------


def test_the_record_is_complete_and_of_this_experiment() -> None:
    assert RECORD["settings"] == json.loads(json.dumps(experiment.SETTINGS))
    assert tuple(experiment.key(r) for r in RESULTS) == experiment.CONFIGURATIONS
    for result in RESULTS:
        assert len(result["tuning"]) == experiment.SPLITS
        for race in ("good", "fast"):
            assert all(
                len(v) == experiment.SPLITS for k, v in result[race].items() if k != "rounding"
            )
            assert not {None} & {*result[race]["brier"], *result[race]["nll"]}
    assert {"date", "numpy", "scikit-learn"} <= RECORD["versions"].keys()
    assert RECORD["minutes"] > 0


@EVERY_RESULT
def test_no_choice_lies_at_an_end_of_what_was_tried(result: dict[str, Any]) -> None:
    for split, rows in enumerate(result["tuning"]):
        tried = {int(k): Tried(np.inf if t[0] is None else t[0], *t[1:]) for k, t in rows.items()}
        for race, choose in (
            ("good", experiment.best_for_brier),
            ("fast", experiment.best_for_speed),
        ):
            k = result[race]["chosen"][split]
            again = choose(tried)
            if again is None:  # no step reached the goal: that for the Brier score races
                k = result["good"]["chosen"][split]
                again = experiment.best_for_brier(tried)
            # The record rounds, which may make ties.
            assert again is not None
            assert (
                tried[k].brier == pytest.approx(tried[again].brier, rel=1e-3, abs=0.0)
                or race == "fast"
            )
            assert tried[k].reached == tried[again].reached or race == "good"
            assert {k - 1, k + 1} <= tried.keys()
            # A step that runs away on all samples is made smaller until it does not.
            assert result[race]["power"][split] <= k
            assert result[race]["steps"][split] == tried[k].best
            assert result[race]["state"][split] != "diverged"


@pytest.mark.parametrize("kind", experiment.STARTS)
@EVERY_PAIR
def test_reported_runs_at_the_recorded_choices_agree_with_the_record(
    pair: experiment.Pair, kind: str
) -> None:
    (recorded,) = (r for r in RESULTS if experiment.key(r) == ("wine", "linear", kind, pair.name))
    outer, _ = experiment.splits("wine", range(1))
    weights = experiment.start("linear", kind, outer.train, range(1))
    for name in "good", "fast":
        wanted = recorded[name]
        step = 2 ** (np.array([wanted["power"][:1]]) / 2)
        with np.errstate(over="ignore", invalid="ignore"):
            (found,) = experiment.race(pair, weights, outer, step, np.array([wanted["steps"][:1]]))
        assert found["reached"] == wanted["reached"][:1]
        assert found["state"] == wanted["state"][:1]
        for score in ("accuracy", "nll", "brier", "ece"):
            assert found[score] == pytest.approx(wanted[score][:1], rel=1e-5, abs=0.0)


@pytest.mark.parametrize("kind", experiment.STARTS)
@EVERY_PAIR
def test_tuning_agrees_with_the_record(pair: experiment.Pair, kind: str) -> None:
    """On one split alone: what trains beside a run must not matter."""
    again = experiment.rounded(experiment.run(("wine", "linear", kind, pair.name), range(1)))
    (recorded,) = (r for r in RESULTS if experiment.key(r) == experiment.key(again))
    mine, theirs = again["tuning"][0], recorded["tuning"][0]
    assert {k: row[1:] for k, row in mine.items()} == {k: row[1:] for k, row in theirs.items()}
    for k, row in mine.items():
        assert row[0] == (theirs[k][0] and pytest.approx(theirs[k][0], rel=1e-3, abs=0.0))


def test_a_run_resumes_where_it_stopped(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """In processes of its own, as the whole does."""
    path = tmp_path / "record.json"
    cheap = [
        c for c in experiment.CONFIGURATIONS if c[:2] == ("iris", "linear") and c[3][:6] == "linear"
    ]
    experiment.main(path, tuple(cheap[:1]), workers=1, seeds=range(1))
    first = json.loads(path.read_text("utf-8"))
    capfd.readouterr()
    experiment.main(path, tuple(cheap), workers=2, seeds=range(1))
    both = json.loads(path.read_text("utf-8"))
    assert both["results"][:1] == first["results"]
    assert [experiment.key(r) for r in both["results"]] == cheap
    assert both["minutes"] >= first["minutes"]
    assert "1/1" in capfd.readouterr().err  # one left to do, and the bar says so


# --- what is concluded ----------------------------------------------------------------------


def test_an_interval_is_that_of_the_t_test_where_nothing_is_shared() -> None:
    rng = np.random.default_rng(5)
    ours, theirs = rng.normal(size=(2, 10))
    plain = fair.corrected(ours - theirs, 0.0)
    low, high = ttest_rel(ours, theirs).confidence_interval(0.95)
    assert plain.mean - plain.half == pytest.approx(low, rel=1e-12, abs=0.0)
    assert plain.mean + plain.half == pytest.approx(high, rel=1e-12, abs=0.0)
    # Shared samples add their share to the tenth, and more comparisons ask for more room.
    shared = fair.corrected(ours - theirs, 1 / 3)
    assert shared.half / plain.half == pytest.approx(
        np.sqrt((1 / 10 + 1 / 3) / (1 / 10)), rel=1e-12, abs=0.0
    )
    assert fair.corrected(ours - theirs, 1 / 3, 32).half > 1.5 * shared.half


def test_counts_are_compared_where_they_differ() -> None:
    five, none = np.arange(10) < 5, np.zeros(10, dtype=bool)
    assert fair.paired_count_test(five, none) == pytest.approx(2 * 0.5**5, rel=1e-12, abs=0.0)
    assert fair.paired_count_test(five, ~five) == pytest.approx(1.0, rel=1e-12, abs=0.0)
    assert fair.paired_count_test(five, five) == 1.0
    for one, other in ((1, 6), (7, 2), (70, 2), (25, 9), (0, 3)):
        exact = binomtest(one, one + other).pvalue
        assert fair.even_chances(one, other) == pytest.approx(exact, rel=1e-12, abs=0.0)
    assert fair.Duel(5, 0, 40).p == pytest.approx(2 * 0.5**5, rel=1e-12, abs=0.0)
    assert fair.Duel(0, 0, 50).p == 1.0


def test_steps_and_misses_are_read_from_the_record() -> None:
    row = ("iris", "linear")
    pair = f"linear + {fair.SE}"
    recorded = np.array(fair.RESULTS[*row, fair.WRONG, pair]["fast"]["reached"])
    never = fair.missed(row, fair.WRONG, pair)
    steps = fair.steps(row, fair.WRONG, pair)
    np.testing.assert_array_equal(np.isinf(steps), never)
    np.testing.assert_array_equal(steps[~never], recorded[~never])
    assert not (fair.at_rest(row, fair.WRONG, pair) & ~never).any()
    duel = fair.duel([row], fair.WRONG, "softmax")
    assert sum(duel) == experiment.SPLITS


SENTENCES = {
    "docs/reference/claims.md": "a usual start shows no difference in accuracy; from a"
    " confidently wrong one squared error needs more steps on most splits.",
    "docs/index.md": "whether the loss makes a difference on real data (from a usual start none"
    " in accuracy that shows, from a confidently wrong one in speed)",
}


@pytest.mark.parametrize("page", SENTENCES)
def test_what_other_pages_say_of_the_experiment_is_in_its_record(page: str) -> None:
    text = " ".join((Path(__file__).parents[2] / page).read_text("utf-8").split())
    assert SENTENCES[page] in text
    comparisons = len(fair.ROWS) * len(fair.OUTPUTS) * len(fair.STARTS)
    for score in "accuracy", "brier":
        found = fair.same_output(score, fair.USUAL, comparisons).values()
        assert not any(interval.clear for interval in found)
    for output in fair.OUTPUTS:
        wrong = fair.duel(fair.ROWS, fair.WRONG, output)
        assert wrong.p < 0.05 / 4
        assert 2 * wrong.slower > sum(wrong)
