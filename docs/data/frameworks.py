"""Run the frameworks' losses at the edge, and record what they compute.

``python docs/data/frameworks.py`` writes ``frameworks.json`` beside this file; ``nox -s
frameworks`` does the same with all of them installed. Nothing here is looked up in a manual: every
convention is read off a result. The truth is losstheory's, whose digits accuracy.py measures.
"""

import argparse
import datetime as dt
import json
import math
import os
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import losstheory as lt
from peers import versions
from signature import sign

Array = NDArray[Any]
Call = Callable[[Any, Any], Any]  # of targets and outputs, or logits


class Function(NamedTuple):
    """A loss of a framework, as it is called with its defaults, and sample by sample."""

    library: str
    name: str
    loss: str  # the function of losstheory that it corresponds to
    default: Call
    each: Call | None = None  # one value a sample, for many samples
    grad: Call | None = None  # the gradients of these by each logit


def scikit_learn() -> Iterator[Function]:
    """Take the metrics, and the losses that scikit-learn's models train with."""
    from sklearn import metrics
    from sklearn._loss import loss as inner

    binomial, squared = inner.HalfBinomialLoss(), inner.HalfSquaredError()
    multinomial = inner.HalfMultinomialLoss(n_classes=2)
    yield Function(
        "scikit-learn",
        "metrics.log_loss",
        "binary_cross_entropy",
        lambda y, o: metrics.log_loss(y, o, labels=[0, 1]),
    )
    yield Function(
        "scikit-learn",
        "_loss.HalfBinomialLoss",
        "binary_cross_entropy_with_logits",
        binomial.loss,
        binomial.loss,
        binomial.gradient,
    )
    yield Function(
        "scikit-learn",
        "_loss.HalfMultinomialLoss",
        "negative_log_likelihood_with_logits",
        lambda t, s: multinomial.loss(t.astype(s.dtype), s),
        lambda t, s: multinomial.loss(t.astype(s.dtype), s),
        lambda t, s: multinomial.gradient(t.astype(s.dtype), s),
    )
    yield Function(
        "scikit-learn",
        "metrics.mean_squared_error",
        "half_squared_error",
        metrics.mean_squared_error,
    )
    yield Function("scikit-learn", "_loss.HalfSquaredError", "half_squared_error", squared.loss)


def pytorch() -> Iterator[Function]:
    """Take torch.nn.functional."""
    import torch

    F = torch.nn.functional

    def numbers(function: Callable[..., Any], **options: Any) -> Call:
        def run(y: Array, x: Array) -> Any:
            return function(torch.from_numpy(x), torch.from_numpy(y), **options).numpy()

        return run

    def grad(function: Callable[..., Any]) -> Call:
        def run(y: Array, x: Array) -> Any:
            x_ = torch.from_numpy(x).requires_grad_()
            function(x_, torch.from_numpy(y), reduction="sum").backward()
            return x_.grad.numpy()

        return run

    def squared(z: Any, y: Any, **options: Any) -> Any:
        return F.mse_loss(torch.sigmoid(z), y, **options)

    for name, loss, function in (
        ("binary_cross_entropy", "binary_cross_entropy", F.binary_cross_entropy),
        (
            "binary_cross_entropy_with_logits",
            "binary_cross_entropy_with_logits",
            F.binary_cross_entropy_with_logits,
        ),
        ("cross_entropy", "negative_log_likelihood_with_logits", F.cross_entropy),
        ("mse_loss", "half_squared_error", F.mse_loss),
        ("mse_loss of torch.sigmoid", "half_squared_error_with_logits", squared),
    ):
        each = numbers(function, reduction="none")
        yield Function("PyTorch", name, loss, numbers(function), each, grad(function))


def optax_() -> Iterator[Function]:
    """Take optax, and its gradients by JAX."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)

    def function(name: str, loss: str, call: Callable[..., Any]) -> Function:
        def run(y: Array, x: Array) -> Array:
            return np.asarray(call(x, y))

        def grad(y: Array, x: Array) -> Array:
            return np.asarray(jax.grad(lambda x: call(x, y).sum())(x))

        return Function("optax", name, loss, run, run, grad)

    def squared(z: Any, y: Any) -> Any:
        return optax.l2_loss(jax.nn.sigmoid(z), y)

    bce, nll = "binary_cross_entropy_with_logits", "negative_log_likelihood_with_logits"
    yield function("sigmoid_binary_cross_entropy", bce, optax.sigmoid_binary_cross_entropy)
    yield function(
        "softmax_cross_entropy_with_integer_labels",
        nll,
        optax.softmax_cross_entropy_with_integer_labels,
    )
    yield function("l2_loss", "half_squared_error", optax.l2_loss)
    yield function("squared_error", "half_squared_error", optax.squared_error)
    yield function("l2_loss of jax.nn.sigmoid", "half_squared_error_with_logits", squared)


def keras_() -> Iterator[Function]:
    """Take Keras, on JAX; a sample is a row."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import jax
    import keras

    def function(name: str, loss: str, maker: Callable[..., Any], **options: Any) -> Function:
        one, all_of_them = maker(**options), maker(reduction=None, **options)
        column = loss != "negative_log_likelihood_with_logits"

        def shaped(x: Array) -> Array:
            return x[:, np.newaxis] if column else x

        def default(y: Array, x: Array) -> Array:
            return np.asarray(one(shaped(y), shaped(x)))

        def each(y: Array, x: Array) -> Array:
            return np.asarray(all_of_them(shaped(y), shaped(x)))

        def grad(y: Array, x: Array) -> Array:
            return np.asarray(jax.grad(lambda x: all_of_them(shaped(y), shaped(x)).sum())(x))

        return Function("Keras", name, loss, default, each, grad)

    losses = keras.losses
    yield function("BinaryCrossentropy", "binary_cross_entropy", losses.BinaryCrossentropy)
    yield function(
        "BinaryCrossentropy(from_logits=True)",
        "binary_cross_entropy_with_logits",
        losses.BinaryCrossentropy,
        from_logits=True,
    )
    yield function(
        "SparseCategoricalCrossentropy(from_logits=True)",
        "negative_log_likelihood_with_logits",
        losses.SparseCategoricalCrossentropy,
        from_logits=True,
    )
    yield function("MeanSquaredError", "half_squared_error", losses.MeanSquaredError)


FRAMEWORKS: dict[str, tuple[Callable[[], Iterator[Function]], tuple[str, ...]]] = {
    "scikit-learn": (scikit_learn, ("sklearn",)),
    "PyTorch": (pytorch, ("torch",)),
    "optax": (optax_, ("jax", "optax")),
    "Keras": (keras_, ("jax", "keras")),
}


# --- conventions, read off results ----------------------------------------------------------


def is_on_rows(function: Function) -> bool:
    """Say whether its targets are class indices, one a row of scores."""
    return function.loss.startswith("negative_log_likelihood")


def attempt(call: Callable[[], Any]) -> Any:
    """Return a number as JSON can hold it, or the error."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return spelled(float(np.max(call())))
    except (ValueError, TypeError, RuntimeError, IndexError) as error:
        return f"refused: {type(error).__name__}"


def spelled(number: float) -> float | str:
    """Spell what JSON has no number for."""
    return number if math.isfinite(number) else str(number)


def conventions(function: Function) -> dict[str, Any]:
    """Find unit, reduction, factor, clipping and accepted targets of a function."""
    at = function.loss
    logits = at.endswith("with_logits")
    half = at.startswith("half_squared_error")
    if is_on_rows(function):
        sample, soft = (
            (np.array([0]), np.zeros((1, 2))),
            (np.array([[0.25, 0.75]]), np.zeros((1, 2))),
        )
        pair = np.array([0, 0]), np.zeros((2, 2))
    else:
        middle = 0.0 if logits else 0.5
        sample = np.array([0.0]), np.array([middle])
        soft = np.array([0.25]), np.array([middle])
        pair = np.array([0.0, 0.0]), np.array([middle, middle])
    # One bit of surprise is 0.693 nats; half of the square of one half is 0.125.
    one = float(np.max(function.default(*sample)))
    result = np.asarray(function.default(*pair))
    found: dict[str, Any] = {
        "takes": "logits" if logits else "values" if half else "probabilities",
        "result": "each sample" if result.ndim else "mean" if math.isclose(result, one) else "sum",
        "factor": float(f"{one / 0.125:.6g}") / 2 if half else None,
        "unit": None if half else {0.6931: "nats", 1.0: "bits"}[round(one, 4)],
        "soft_target": attempt(lambda: function.default(*soft)),
    }
    if at == "binary_cross_entropy":
        wrong = np.array([1.0]), np.array([0.0])
        found["certain_and_wrong"] = attempt(lambda: function.default(*wrong))
        if function.grad is not None:
            gradient = function.grad
            found["certain_and_wrong_gradient"] = attempt(lambda: gradient(*wrong))
    return found


# --- where digits end -----------------------------------------------------------------------

MARGINS = np.arange(1, 80_000) / 100


def edges(function: Function, dtype: type[np.floating[Any]]) -> dict[str, Any]:
    """Find the margins from which value or gradient is off by a hundredth, or is exactly 0.

    A margin is how far the logit lies on the right side, or by how much the score of the right
    class exceeds the other; for the squared error also on the wrong side.
    """
    each, grad = function.each, function.grad
    assert each is not None
    assert grad is not None
    found: dict[str, Any] = {}
    m = MARGINS[(740 if dtype is np.float64 else 85) > MARGINS].astype(dtype)
    zero = np.zeros_like(m)
    if is_on_rows(function):
        arguments = {"right": (zero.astype(int), np.stack([m, zero], axis=-1))}
        infinite = np.array([0]), np.array([[math.inf, 0.0]], dtype)
    else:
        arguments = {"y = 0, right": (zero, -m), "y = 1, right": (zero + 1, m)}
        infinite = np.array([1.0], dtype), np.array([math.inf], dtype)
        if function.loss.startswith("half"):
            arguments["y = 0, wrong"] = zero, m
    for label, (y, x) in arguments.items():
        for part, call, suffix in (
            ("value", each, ""),
            ("gradient", grad, "_grad"),
        ):
            with np.errstate(all="ignore"):
                truth = getattr(lt, function.loss + suffix)(y, x.astype(float))
                result = np.asarray(call(y, x)).astype(float)
            if result.ndim == 2:  # of the gradient by every score, the one at the right class
                truth, result = truth[:, 0], result[:, 0]
            if function.loss.startswith("half"):
                result = result * (truth[0] / result[0]).round(1)  # with or without the half
            normal = np.abs(truth) > np.finfo(dtype).tiny
            off = normal & ~(np.abs(result - truth) <= 0.01 * np.abs(truth))
            found[f"{part}, {label}"] = {
                "off": first(m, off),
                "zero": first(m, normal & (result == 0)),
            }
    found["value, infinite and right"] = attempt(lambda: each(*infinite))
    return found


def first(margins: Array, wrong: Array) -> float | None:
    """Return the first margin at which something is wrong, to two digits."""
    return round(float(margins[wrong.argmax()]), 2) if wrong.any() else None


def record(function: Function) -> dict[str, Any]:
    """Put together what is found of a function."""
    found: dict[str, Any] = {
        "library": function.library,
        "function": function.name,
        "losstheory": function.loss,
    }
    found |= conventions(function)
    if function.loss.endswith("with_logits"):
        found["edges"] = {
            dtype.__name__: edges(function, dtype) for dtype in (np.float64, np.float32)
        }
    return found


def records(*names: str) -> list[dict[str, Any]]:
    """Run the named frameworks, as far as they are installed."""
    return [
        record(function)
        for name in names
        for make, needs in [FRAMEWORKS[name]]
        if all(find_spec(module) for module in needs)
        for function in make()
    ]


def main() -> None:
    """Run all of them, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    result = {
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "versions": versions(),
        "functions": records(*FRAMEWORKS),
    }
    text = json.dumps(sign(result, Path(__file__)), indent=1, ensure_ascii=False)
    options.output.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
