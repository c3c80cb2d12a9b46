"""The explorer's own JavaScript against losstheory, on the file that the page loads."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from py_mini_racer import MiniRacer

import losstheory as lt
from losstheory_site.names import HOUSE

ARITHMETIC = HOUSE / "moving" / "arithmetic.js"

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
}


@pytest.fixture(scope="module")
def js() -> Iterator[MiniRacer]:
    """Yield a JavaScript engine that has run the file; its threads end with the tests."""
    with MiniRacer() as engine:
        engine.eval(ARITHMETIC.read_text(encoding="utf-8"))
        engine.eval("const call = (path, rows) => rows.map(row => eval(path)(...row));")
        yield engine


def run(js: MiniRacer, function: str, *columns: Any) -> NDArray[np.float64]:
    """Apply a function of ``lossMath`` to each row of the columns."""
    rows = np.column_stack(np.broadcast_arrays(*columns)).tolist()
    # JSON writes 1e300 as a whole number, so the type must be said.
    return np.array(js.call("call", f"lossMath.{function}", rows), dtype=np.float64)


def logits() -> NDArray[np.float64]:
    """Return ordinary logits, confident ones, tiny ones and huge ones, of both signs."""
    rng = np.random.default_rng(0)
    sizes = np.concatenate(
        [
            np.linspace(0.0, 50.0, 501),
            rng.uniform(0.0, 745.0, 500),
            10.0 ** rng.uniform(-300, 308, 500),
        ]
    )
    return np.concatenate([sizes, -sizes])


@pytest.mark.parametrize(
    ("function", "ours"), [("sigmoid", lt.sigmoid), ("sigmoidSlope", lt.sigmoid_grad)]
)
def test_activation_agrees(js: MiniRacer, function: str, ours: Any) -> None:
    z = logits()
    np.testing.assert_allclose(run(js, function, z), ours(z), rtol=1e-14, atol=1e-307)


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("loss", VALUE_AND_SLOPE)
def test_loss_agrees_to_the_last_digits_at_a_hard_target(
    js: MiniRacer, loss: str, y: float
) -> None:
    """Compare relatively, also tiny numbers; below 1e-307 floats themselves lose digits."""
    z = logits()
    for part, ours in zip(("value", "slope"), VALUE_AND_SLOPE[loss], strict=True):
        theirs = run(js, f"losses.{loss}.{part}", y, z)
        np.testing.assert_allclose(theirs, ours(y, z), rtol=1e-14, atol=1e-307)


@pytest.mark.parametrize("loss", VALUE_AND_SLOPE)
def test_loss_agrees_at_a_soft_target(js: MiniRacer, loss: str) -> None:
    """Compare absolutely as well: at o = y the slopes pass through 0."""
    z = logits()
    y = np.random.default_rng(1).uniform(size=z.size)
    for part, ours in zip(("value", "slope"), VALUE_AND_SLOPE[loss], strict=True):
        theirs = run(js, f"losses.{loss}.{part}", y, z)
        np.testing.assert_allclose(theirs, ours(y, z), rtol=1e-14, atol=1e-15)


def test_table_carries_the_slope_to_weight_and_bias(js: MiniRacer) -> None:
    neuron = {"x": -2.0, "w": 0.7, "b": 3.0, "y": 0.25, "eta": 0.1}
    table: Any = js.call("lossMath.neuronTable", neuron)
    case = lt.Case(x=-2.0, w=0.7, b=3.0, y=0.25)
    assert table["o"] == pytest.approx(case.o, rel=1e-14)
    for name, loss in (("nats", lt.BINARY_CROSS_ENTROPY), ("squared", lt.SQUARED_ERROR)):
        gradients = table[name]["dw"], table[name]["db"]
        assert gradients == pytest.approx(lt.neuron_gradients(loss, case), rel=1e-14)


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
    slope = VALUE_AND_SLOPE[loss][1]
    value = VALUE_AND_SLOPE[loss][0]

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
