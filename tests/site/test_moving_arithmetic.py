"""The arithmetic of what moves against losstheory, on the very file that the pages load."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from py_mini_racer import MiniRacer

import losstheory as lt

ARITHMETIC = Path(__file__).parents[2] / "docs/_ext/losstheory_site/moving/arithmetic.js"
RELATIVE = 1e-14
SETTINGS = 3000

VALUE_AND_SLOPE: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "nats": (
        lt.binary_cross_entropy_with_logits,
        lt.binary_cross_entropy_with_logits_grad,
    ),
    "bits": (
        lambda y, z: lt.binary_cross_entropy_with_logits(y, z, base=2.0),
        lambda y, z: lt.binary_cross_entropy_with_logits_grad(y, z, base=2.0),
    ),
    "squared": (
        lt.half_squared_error_with_logits,
        lt.half_squared_error_with_logits_grad,
    ),
    "linear": (lt.half_squared_error, lt.half_squared_error_grad),
}
SIGMOIDAL = ["nats", "bits", "squared"]


@pytest.fixture(scope="module")
def js() -> Iterator[MiniRacer]:
    """Yield a JavaScript engine that has run the file; its threads end with the tests."""
    with MiniRacer() as engine:
        engine.eval(ARITHMETIC.read_text(encoding="utf-8"))
        engine.eval("const call = (path, rows) => rows.map(row => eval(path)(...row));")
        yield engine


def run(js: MiniRacer, function: str, rows: list[Any]) -> NDArray[np.float64]:
    """Apply a function of ``lossMath`` to each row of arguments."""
    # JSON writes 1e300 as a whole number, so the type must be said.
    return np.array(js.call("call", f"lossMath.{function}", rows), dtype=np.float64)


def columns(*arrays: Any) -> list[Any]:
    """Make a row of arguments for each entry of the arrays."""
    rows: list[Any] = np.column_stack(np.broadcast_arrays(*arrays)).tolist()
    return rows


def logits() -> NDArray[np.float64]:
    """Return ordinary logits, confident ones, tiny ones and huge ones, of both signs."""
    rng = np.random.default_rng(0)
    sizes = np.concatenate(
        [
            np.linspace(0.0, 50.0, 501),
            rng.uniform(0.0, 745.0, 500),
            10.0 ** rng.uniform(-300, 150, 500),
        ]
    )
    return np.concatenate([sizes, -sizes])


def score_rows(K: int) -> NDArray[np.float64]:
    """Draw rows of scores: close ones, well separated ones, and ones as large as a field takes."""
    rng = np.random.default_rng(K)
    sizes = np.repeat([0.01, 1.0, 10.0, 1000.0], SETTINGS // 4)
    scores: NDArray[np.float64] = rng.uniform(-1.0, 1.0, (sizes.size, K)) * sizes[:, None]
    return scores


# ---- one output ----


@pytest.mark.parametrize(
    ("function", "ours"), [("sigmoid", lt.sigmoid), ("sigmoidSlope", lt.sigmoid_grad)]
)
def test_activation_agrees(js: MiniRacer, function: str, ours: Any) -> None:
    z = logits()
    theirs = run(js, function, columns(z))
    np.testing.assert_allclose(theirs, ours(z), rtol=RELATIVE, atol=1e-307)


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("loss", VALUE_AND_SLOPE)
def test_loss_agrees_to_the_last_digits_at_a_hard_target(
    js: MiniRacer, loss: str, y: float
) -> None:
    """Compare relatively, also tiny numbers; below 1e-307 floats themselves lose digits."""
    z = logits()
    for part, ours in zip(("value", "slope"), VALUE_AND_SLOPE[loss], strict=True):
        theirs = run(js, f"losses.{loss}.{part}", columns(y, z))
        np.testing.assert_allclose(theirs, ours(y, z), rtol=RELATIVE, atol=1e-307)


@pytest.mark.parametrize("loss", SIGMOIDAL)
def test_loss_agrees_at_a_soft_target(js: MiniRacer, loss: str) -> None:
    """Compare absolutely as well: at o = y the slopes pass through 0."""
    z = logits()
    y = np.random.default_rng(1).uniform(size=z.size)
    for part, ours in zip(("value", "slope"), VALUE_AND_SLOPE[loss], strict=True):
        theirs = run(js, f"losses.{loss}.{part}", columns(y, z))
        np.testing.assert_allclose(theirs, ours(y, z), rtol=RELATIVE, atol=1e-15)


# ---- one neuron ----


def test_table_carries_the_slope_to_weight_and_bias(js: MiniRacer) -> None:
    neuron = {"x": -2.0, "w": 0.7, "b": 3.0, "y": 0.25, "eta": 0.1}
    table: Any = js.call("lossMath.neuronTable", neuron)
    case = lt.Case(x=-2.0, w=0.7, b=3.0, y=0.25)
    assert table["o"] == pytest.approx(case.o, rel=RELATIVE, abs=0.0)
    for name, loss in (("nats", lt.BINARY_CROSS_ENTROPY), ("squared", lt.SQUARED_ERROR)):
        gradients = table[name]["dw"], table[name]["db"]
        expected = lt.neuron_gradients(loss, case)
        assert gradients == pytest.approx(expected, rel=RELATIVE, abs=0.0)


@given(
    x=st.floats(-3, 3),
    w=st.floats(-4, 4),
    b=st.floats(-4, 4),
    y=st.floats(0, 1),
    eta=st.floats(0.01, 0.4),
)
@pytest.mark.parametrize("loss", ["nats", "squared"])
def test_descent_agrees(
    js: MiniRacer, loss: str, x: float, w: float, b: float, y: float, eta: float
) -> None:
    """Walk down with the package's own loop; a step of at most 0.4 contracts, so errors fade."""
    value, slope = VALUE_AND_SLOPE[loss]

    def objective(theta: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        z = theta @ [x, 1.0]
        return float(value(y, z)), slope(y, z) * np.array([x, 1.0])

    neuron = {"x": x, "w": w, "b": b, "y": y, "eta": eta}
    theirs = js.call("lossMath.descend", loss, neuron, 50)
    ours = lt.descend(objective, [w, b], step=eta, steps=50).parameters @ [x, 1.0]
    np.testing.assert_allclose(theirs, ours, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    ("case", "loss", "steps"),
    [
        (lt.FIRST, "nats", 6),
        (lt.FIRST, "bits", 4),
        (lt.FIRST, "squared", 24),
        (lt.SECOND, "nats", 21),
        (lt.SECOND, "bits", 15),
        (lt.SECOND, "squared", 1132),
    ],
)
def test_steps_to_half_are_those_of_descent(
    js: MiniRacer, case: lt.Case, loss: str, steps: int
) -> None:
    neuron = {**case._asdict(), "eta": 0.1}
    path = np.array(js.call("lossMath.descend", loss, neuron, 1200))
    assert int(np.argmax(path <= 0.0)) == steps
    assert js.call("lossMath.stepsToHalf", loss, neuron, 1200) == steps


@pytest.mark.parametrize(
    ("target", "limit", "answer"),
    [(0.0, 1131, "Infinity"), (0.0, 1132, "1132"), (0.5, 10, "null"), (1.0, 10, "0")],
)
def test_steps_to_half_says_when_there_are_none(
    js: MiniRacer, target: float, limit: int, answer: str
) -> None:
    neuron = json.dumps({**lt.SECOND._asdict(), "y": target, "eta": 0.1})
    assert js.eval(f"String(lossMath.stepsToHalf('squared', {neuron}, {limit}))") == answer


# ---- many outputs ----


@pytest.mark.parametrize("K", [1, 2, 3, 5])
def test_softmax_and_its_losses_agree(js: MiniRacer, K: int) -> None:
    s = score_rows(K)
    right = np.random.default_rng(2).integers(K, size=len(s))
    rows = [[int(y), row] for y, row in zip(right, s.tolist(), strict=True)]
    ours = lt.softmax(s)
    # The shift by the largest score rounds: up to half a unit of a score of 1000.
    theirs = run(js, "softmax", [[row] for row in s.tolist()])
    np.testing.assert_allclose(theirs, ours, rtol=5e-13, atol=1e-307)
    small = np.abs(s).max(axis=1) <= 10.0
    np.testing.assert_allclose(theirs[small], ours[small], rtol=RELATIVE, atol=0.0)
    value = run(js, "negativeLogLikelihood", rows)
    expected = lt.negative_log_likelihood_with_logits(right, s)
    np.testing.assert_allclose(value[small], expected[small], rtol=RELATIVE, atol=0.0)
    np.testing.assert_allclose(value, expected, rtol=5e-13, atol=0.0)
    slopes = run(js, "negativeLogLikelihoodSlopes", rows)
    expected = lt.negative_log_likelihood_with_logits_grad(right, s)
    np.testing.assert_allclose(slopes[small], expected[small], rtol=RELATIVE, atol=0.0)
    np.testing.assert_allclose(slopes, expected, rtol=5e-13, atol=1e-307)


@pytest.mark.parametrize("K", [2, 3, 5])
def test_squared_error_behind_a_softmax_agrees(js: MiniRacer, K: int) -> None:
    s = score_rows(K)
    s = s[np.abs(s).max(axis=1) <= 10.0]
    right = np.random.default_rng(3).integers(K, size=len(s))
    rows = [[int(y), row] for y, row in zip(right, s.tolist(), strict=True)]
    o, y = lt.softmax(s), np.eye(K)[right]
    miss = lt.negative_log_likelihood_with_logits_grad(right, s)
    value = lt.half_squared_error(y, o).sum(axis=1)
    np.testing.assert_allclose(run(js, "softmaxSquaredError", rows), value, rtol=1e-10, atol=1e-15)
    slopes = np.einsum("nij,nj->ni", np.array([lt.softmax_jacobian(row) for row in s]), miss)
    theirs = run(js, "softmaxSquaredErrorSlopes", rows)
    np.testing.assert_allclose(theirs, slopes, rtol=1e-10, atol=1e-15)


def test_multi_label_loss_agrees(js: MiniRacer) -> None:
    s = score_rows(3)
    y = np.random.default_rng(4).integers(2, size=s.shape).astype(float)
    rows = [list(pair) for pair in zip(y.tolist(), s.tolist(), strict=True)]
    expected = lt.multilabel_cross_entropy_with_logits(y, s)
    np.testing.assert_allclose(run(js, "multiLabel", rows), expected, rtol=RELATIVE, atol=0.0)
    expected = lt.multilabel_cross_entropy_with_logits_grad(y, s)
    theirs = run(js, "multiLabelSlopes", rows)
    np.testing.assert_allclose(theirs, expected, rtol=RELATIVE, atol=1e-307)


# ---- distributions and likelihoods ----


def test_entropy_cross_entropy_and_divergence_agree(js: MiniRacer) -> None:
    rng = np.random.default_rng(5)
    p, q = rng.dirichlet(np.ones(4), SETTINGS), rng.dirichlet(np.ones(4), SETTINGS)
    pairs = [list(pair) for pair in zip(p.tolist(), q.tolist(), strict=True)]
    for function, rows, expected in (
        ("entropyBits", [[row] for row in p.tolist()], lt.entropy(p, base=2)),
        ("crossEntropyBits", pairs, lt.cross_entropy(p, q, base=2)),
        ("divergenceBits", pairs, lt.kl_divergence(p, q, base=2)),
    ):
        np.testing.assert_allclose(run(js, function, rows), expected, rtol=1e-13, atol=1e-15)


def test_what_never_happens_costs_nothing_and_what_was_excluded_everything(js: MiniRacer) -> None:
    for function in "crossEntropyBits", "divergenceBits":
        for arguments, answer in (("[0, 1], [0, 1]", "0"), ("[0.5, 0.5], [0, 1]", "Infinity")):
            assert js.eval(f"String(lossMath.{function}({arguments}))") == answer


def test_log_likelihoods_agree(js: MiniRacer) -> None:
    rng = np.random.default_rng(6)
    n = rng.integers(1, 1000, SETTINGS)
    ones = rng.integers(0, n + 1)
    p = rng.uniform(1e-6, 1 - 1e-6, SETTINGS)
    each = lt.bernoulli_log_likelihood(1, p), lt.bernoulli_log_likelihood(0, p)
    theirs = run(js, "bernoulliLogLikelihood", columns(ones, n, p))
    np.testing.assert_allclose(theirs, ones * each[0] + (n - ones) * each[1], rtol=RELATIVE, atol=0)
    y, o = rng.uniform(-10, 10, SETTINGS), rng.uniform(-1000, 1000, SETTINGS)
    std = 10.0 ** rng.uniform(-2, 3, SETTINGS)
    theirs = run(js, "gaussianLogLikelihood", columns(y, o, std))
    expected = lt.gaussian_log_likelihood(y, o, std)
    np.testing.assert_allclose(theirs, expected, rtol=1e-13, atol=1e-13)


# ---- logistic regression, and depth ----


@pytest.mark.parametrize(
    ("loss", "record"), [("nats", lt.BINARY_CROSS_ENTROPY), ("squared", lt.SQUARED_ERROR)]
)
def test_a_classifier_is_trained_as_the_package_trains_it(
    js: MiniRacer, loss: str, record: lt.Loss
) -> None:
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(25, 2)), rng.integers(2, size=25).astype(float)
    points = np.column_stack([x, y]).tolist()
    history = lt.descend(lt.mean_loss(record, x, y), [4.0, -4.0, 0.0], step=0.7, steps=200)
    theta: Any = [4.0, -4.0, 0.0]
    for parameters, value in zip(history.parameters, history.values, strict=True):
        np.testing.assert_allclose(theta, parameters, rtol=1e-10, atol=1e-12)
        mean = js.call("lossMath.meanLoss", loss, theta, points)
        assert mean == pytest.approx(value, rel=1e-10, abs=0.0)
        theta = js.call("lossMath.descendOnPoints", loss, theta, points, 0.7)


def test_mistakes_are_counted_and_the_boundary_says_neither(js: MiniRacer) -> None:
    points = [[1, 0, 1], [-1, 0, 1], [1, 0, 0], [-1, 0, 0], [0, 5, 1], [0, 5, 0]]
    assert js.call("lossMath.mistakes", [1, 0, 0], points) == 4


SLOPES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sigmoid": (lt.sigmoid, lt.sigmoid_grad),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lt.relu, lt.relu_grad),
    "linear": (lambda z: z, np.ones_like),
}


@pytest.mark.parametrize("activation", SLOPES)
def test_gradients_through_a_chain_agree(js: MiniRacer, activation: str) -> None:
    """Differentiate the chain by hand with the package's activations."""
    value, slope = SLOPES[activation]
    rng = np.random.default_rng(8)
    for _ in range(300):
        w, x = rng.uniform(-3, 3, 2)
        layers = int(rng.integers(2, 21))
        logits, a = [], x
        for _ in range(layers):
            logits.append(w * a)
            a = value(w * a)
        expected = [float(lt.binary_cross_entropy_with_logits_grad(0, logits[-1]))]
        for z in reversed(logits[:-1]):
            expected.append(expected[-1] * w * float(slope(z)))
        chain: Any = js.call("lossMath.chainGradients", activation, w, x, 0, layers)
        np.testing.assert_allclose(chain["gradients"][::-1], expected, rtol=1e-11, atol=1e-300)
