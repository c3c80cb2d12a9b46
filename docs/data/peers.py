"""The same losses as other libraries have them, for the measurements beside this file.

A library is a dictionary from the names of losstheory's functions to functions of the same NumPy
arrays; what is not installed is left out. Values are per element or per row, gradients are those
that the library itself computes: by automatic differentiation where it has that.
"""

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Functions = dict[str, Callable[..., Any]]


def naive() -> Functions:
    """Type the textbook's formulas into NumPy."""

    def sigmoid(z: Array) -> Any:
        return 1 / (1 + np.exp(-z))

    def softmax(s: Array) -> Any:
        u = np.exp(s - s.max(axis=-1, keepdims=True))
        return u / u.sum(axis=-1, keepdims=True)

    def bce(y: Array, o: Array) -> Any:
        return -(y * np.log(o) + (1 - y) * np.log(1 - o))

    def bce_both(y: Array, z: Array) -> tuple[Array, Array]:
        o = sigmoid(z)
        return bce(y, o), o - y

    def nll_grad(y: Array, s: Array) -> Any:
        o = softmax(s)
        o[np.arange(len(y)), y] -= 1
        return o

    def nll_both(y: Array, s: Array) -> tuple[Array, Array]:
        o, rows = softmax(s), np.arange(len(y))
        value = -np.log(o[rows, y])
        o[rows, y] -= 1
        return value, o

    def gaussian(y: Array, mean: Array, std: Array) -> Any:
        return -((y - mean) ** 2) / (2 * std**2) - np.log(std * np.sqrt(2 * np.pi))

    return {
        "sigmoid": sigmoid,
        "sigmoid_grad": lambda z: sigmoid(z) * (1 - sigmoid(z)),
        "log_sigmoid": lambda z: np.log(sigmoid(z)),
        "half_squared_error_with_logits": lambda y, z: 0.5 * (y - sigmoid(z)) ** 2,
        "half_squared_error_with_logits_grad": lambda y, z: (
            (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z))
        ),
        "binary_cross_entropy": bce,
        "binary_cross_entropy_with_logits": lambda y, z: bce(y, sigmoid(z)),
        "binary_cross_entropy_with_logits_grad": lambda y, z: sigmoid(z) - y,
        "binary_cross_entropy_with_logits, both": bce_both,
        "softmax": softmax,
        "log_softmax": lambda s: np.log(softmax(s)),
        "negative_log_likelihood_with_logits": lambda y, s: nll_both(y, s)[0],
        "negative_log_likelihood_with_logits_grad": nll_grad,
        "negative_log_likelihood_with_logits, both": nll_both,
        "gaussian_log_likelihood": gaussian,
        "bernoulli_log_likelihood": lambda y, p: -bce(y, p),
        "categorical_log_likelihood": lambda y, p: np.log(p[np.arange(len(y)), y]),
        "entropy": lambda p: -np.sum(p * np.log(p), axis=-1),
        "cross_entropy": lambda p, q: -np.sum(p * np.log(q), axis=-1),
        "kl_divergence": lambda p, q: np.sum(p * np.log(p / q), axis=-1),
        "unlearning_time_cross_entropy": lambda z0, x: (z0 + 1 - np.exp(-z0)) / (1 + x**2),
        "unlearning_time_squared_error": lambda z0, x: (
            (np.exp(z0) + 3 * z0 + 5 / 2 - 3 * np.exp(-z0) - np.exp(-2 * z0) / 2) / (1 + x**2)
        ),
        "cross_entropy_curvature": lambda z: sigmoid(z) * (1 - sigmoid(z)),
        "squared_error_curvature": lambda y, z: (
            sigmoid(z)
            * (1 - sigmoid(z))
            * (sigmoid(z) * (1 - sigmoid(z)) + (sigmoid(z) - y) * (1 - 2 * sigmoid(z)))
        ),
        "squared_error_inflections, lower": lambda y: (1 + y - np.sqrt(1 - y + y**2)) / 3,
        "squared_error_inflections, upper": lambda y: (1 + y + np.sqrt(1 - y + y**2)) / 3,
    }


def scipy_() -> Functions:
    """Combine what scipy.special has; it has none of these losses."""
    from scipy import stats
    from scipy.special import expit, log_expit, log_softmax, softmax, xlog1py, xlogy

    def bce(y: Array, z: Array) -> Any:
        return -(xlogy(y, expit(z)) + xlog1py(1 - y, -expit(z)))

    def stable_bce(y: Array, z: Array) -> Any:
        return -(y * log_expit(z) + (1 - y) * log_expit(-z))

    def nll_both(y: Array, s: Array) -> tuple[Array, Array]:
        rows, logs = np.arange(len(y)), log_softmax(s, axis=-1)
        grad = np.exp(logs)
        grad[rows, y] -= 1
        return -logs[rows, y], grad

    return {
        "sigmoid": expit,
        "log_sigmoid": log_expit,
        "binary_cross_entropy": lambda y, o: -(xlogy(y, o) + xlog1py(1 - y, -o)),
        "binary_cross_entropy_with_logits": stable_bce,
        "binary_cross_entropy_with_logits_grad": lambda y, z: expit(z) - y,
        "binary_cross_entropy_with_logits, both": lambda y, z: (stable_bce(y, z), expit(z) - y),
        "softmax": lambda s: softmax(s, axis=-1),
        "log_softmax": lambda s: log_softmax(s, axis=-1),
        "negative_log_likelihood_with_logits": lambda y, s: nll_both(y, s)[0],
        "negative_log_likelihood_with_logits_grad": lambda y, s: nll_both(y, s)[1],
        "negative_log_likelihood_with_logits, both": nll_both,
        "gaussian_log_likelihood": stats.norm.logpdf,
        "bernoulli_log_likelihood": stats.bernoulli.logpmf,
        "entropy": lambda p: stats.entropy(p, axis=-1),
        "kl_divergence": lambda p, q: stats.entropy(p, q, axis=-1),
    }


def sklearn_() -> Functions:
    """Take scikit-learn's own loss classes, which its models train with."""
    from sklearn._loss.loss import HalfBinomialLoss, HalfMultinomialLoss

    binary = HalfBinomialLoss()

    def rows(method: str) -> Callable[[Array, Array], Any]:
        def run(y: Array, s: Array) -> Any:
            loss = HalfMultinomialLoss(n_classes=s.shape[-1])
            return getattr(loss, method)(y.astype(s.dtype), s)

        return run

    return {
        "binary_cross_entropy_with_logits": binary.loss,
        "binary_cross_entropy_with_logits_grad": binary.gradient,
        "binary_cross_entropy_with_logits, both": binary.loss_gradient,
        "negative_log_likelihood_with_logits": rows("loss"),
        "negative_log_likelihood_with_logits_grad": rows("gradient"),
        "negative_log_likelihood_with_logits, both": rows("loss_gradient"),
    }


def torch_() -> Functions:
    """Take PyTorch's losses, on the processor, with one thread."""
    import torch

    F = torch.nn.functional

    torch.set_num_threads(1)

    def values(function: Callable[..., Any]) -> Callable[..., Array]:
        def run(*arrays: Array) -> Array:
            return np.asarray(function(*map(torch.from_numpy, arrays)).numpy())

        return run

    def both(function: Callable[..., Any]) -> Callable[..., tuple[Array, Array]]:
        def run(*arrays: Array) -> tuple[Array, Array]:
            *others, z = map(torch.from_numpy, arrays)
            z.requires_grad_()
            value = function(*others, z)
            value.backward(torch.ones_like(value))
            return value.detach().numpy(), z.grad.numpy()

        return run

    def grad(function: Callable[..., Any]) -> Callable[..., Array]:
        return lambda *arrays: both(function)(*arrays)[1]

    def bce(y: Any, z: Any) -> Any:
        return F.binary_cross_entropy_with_logits(z, y, reduction="none")

    def nll(y: Any, s: Any) -> Any:
        return F.cross_entropy(s, y, reduction="none")

    def squared(y: Any, z: Any) -> Any:
        return F.mse_loss(torch.sigmoid(z), y, reduction="none") / 2

    return {
        "sigmoid": values(torch.sigmoid),
        "sigmoid_grad": grad(torch.sigmoid),
        "log_sigmoid": values(F.logsigmoid),
        "half_squared_error_with_logits": values(squared),
        "half_squared_error_with_logits_grad": grad(squared),
        "binary_cross_entropy": values(lambda y, o: F.binary_cross_entropy(o, y, reduction="none")),
        "binary_cross_entropy_with_logits": values(bce),
        "binary_cross_entropy_with_logits_grad": grad(bce),
        "binary_cross_entropy_with_logits, both": both(bce),
        "softmax": values(lambda s: F.softmax(s, dim=-1)),
        "log_softmax": values(lambda s: F.log_softmax(s, dim=-1)),
        "negative_log_likelihood_with_logits": values(nll),
        "negative_log_likelihood_with_logits_grad": grad(nll),
        "negative_log_likelihood_with_logits, both": both(nll),
    }


def jax_() -> Functions:
    """Take JAX's functions and optax's losses, compiled."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)

    def values(function: Callable[..., Any]) -> Callable[..., Array]:
        compiled = jax.jit(function)
        return lambda *arrays: np.asarray(compiled(*arrays))

    def both(function: Callable[..., Any], argument: int) -> Callable[..., tuple[Array, Array]]:
        compiled = jax.jit(jax.vmap(jax.value_and_grad(function, argument)))

        def run(*arrays: Array) -> tuple[Array, Array]:
            value, grad = compiled(*arrays)
            return np.asarray(value), np.asarray(grad)

        return run

    def grad(function: Callable[..., Any], argument: int) -> Callable[..., Array]:
        run = both(function, argument)
        return lambda *arrays: run(*arrays)[1]

    def bce(y: Any, z: Any) -> Any:
        return optax.sigmoid_binary_cross_entropy(z, y)

    def nll(y: Any, s: Any) -> Any:
        return optax.softmax_cross_entropy_with_integer_labels(s, y)

    def squared(y: Any, z: Any) -> Any:
        return optax.l2_loss(jax.nn.sigmoid(z), y)

    return {
        "sigmoid": values(jax.nn.sigmoid),
        "sigmoid_grad": grad(jax.nn.sigmoid, 0),
        "log_sigmoid": values(jax.nn.log_sigmoid),
        "half_squared_error_with_logits": values(squared),
        "half_squared_error_with_logits_grad": grad(squared, 1),
        "binary_cross_entropy_with_logits": values(bce),
        "binary_cross_entropy_with_logits_grad": grad(bce, 1),
        "binary_cross_entropy_with_logits, both": both(bce, 1),
        "softmax": values(jax.nn.softmax),
        "log_softmax": values(jax.nn.log_softmax),
        "negative_log_likelihood_with_logits": values(nll),
        "negative_log_likelihood_with_logits_grad": grad(nll, 1),
        "negative_log_likelihood_with_logits, both": both(nll, 1),
    }


LIBRARIES: dict[str, Callable[[], Functions]] = {
    name: make
    for name, make, needs in (
        ("naive NumPy", naive, ("numpy",)),
        ("SciPy", scipy_, ("scipy",)),
        ("scikit-learn", sklearn_, ("sklearn",)),
        ("JAX", jax_, ("jax", "optax")),
        ("PyTorch", torch_, ("torch",)),
    )
    if all(find_spec(module) for module in needs)
}
"""How to load every library that is installed, the plain formulas first."""


def libraries() -> dict[str, Functions]:
    """Load them all."""
    return {name: make() for name, make in LIBRARIES.items()}


def versions() -> dict[str, str]:
    """Say which releases are installed."""

    def installed() -> Iterator[tuple[str, str]]:
        yield "python", platform.python_version()
        for name in ("numpy", "scipy", "scikit-learn", "jax", "optax", "keras", "torch", "mpmath"):
            try:
                yield name, version(name)
            except PackageNotFoundError:
                continue

    return dict(installed())


def machine() -> dict[str, str | int]:
    """Describe the processor in general terms."""
    info = Path("/proc/cpuinfo")
    flags = info.read_text(encoding="utf-8") if info.exists() else ""
    sets = {"AVX-512": " avx512f", "AVX2": " avx2", "NEON": " asimd"}
    best = next((name for name, flag in sets.items() if flag in flags), "unknown")
    model = next((x.partition(":")[2] for x in flags.splitlines() if "model name" in x), "")
    return {"processor": model.strip() or platform.machine(), "vectors": best}
