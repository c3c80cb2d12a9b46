"""One sigmoid neuron, ``o = sigmoid(w x + b)``, and the two cases of the source."""

import math
from typing import NamedTuple

from losstheory._checks import single_number
from losstheory.activations import sigmoid
from losstheory.registry import Loss

__all__ = ["FIRST", "SECOND", "Case", "neuron_gradients"]


class Case(NamedTuple):
    """One neuron at one sample.

    Parameters
    ----------
    x : float
        Input.
    w : float
        Weight.
    b : float
        Bias.
    y : float
        Target in [0, 1].

    Examples
    --------
    >>> from losstheory import Case
    >>> case = Case(x=1.5, w=0.4, b=0.5, y=0.0)
    >>> round(case.z, 12), round(case.o, 4)
    (1.1, 0.7503)
    """

    x: float
    w: float
    b: float
    y: float

    @property
    def z(self) -> float:
        """The logit ``w x + b``, computed in float64."""
        x, w, b = (_finite(name, getattr(self, name)) for name in "xwb")
        return w * x + b

    @property
    def o(self) -> float:
        """The output ``sigmoid(z)``."""
        return float(sigmoid(self.z))


def _finite(name: str, value: float) -> float:
    """Return one finite number of a neuron, or refuse it."""
    number = single_number(name, value, "a case is one neuron at one sample")
    if not math.isfinite(number):
        raise ValueError(f"{name} must be finite; got {value!r}; find where it arises")
    return number


FIRST = Case(x=1.5, w=0.4, b=0.5, y=0.0)
"""The source's first case: wrong, with an output of 0.7503 where the target is 0.

The source prints outputs and two gradients only, both of the second case. To the digits printed,
each output fixes its ``w x + b``, and the ratio of the gradients leaves 1.44 to 1.53 for the second
`x`. The rest is a choice, made here to agree with all of them.
"""

SECOND = Case(x=1.5, w=1.9, b=3.0, y=0.0)
"""The source's second case: more wrong, with an output of 0.9971 where the target is 0."""


def neuron_gradients(loss: Loss, case: Case) -> tuple[float, float]:
    r"""Differentiate the loss of one neuron by its weight and its bias.

    Parameters
    ----------
    loss : Loss
        A record whose activation is the sigmoid, such as `SQUARED_ERROR`.
    case : Case
        The neuron and its sample.

    Returns
    -------
    de_dw, de_db : float
        ``x * de_dz`` and ``de_dz``, in nats for an entropic loss.

    Raises
    ------
    TypeError
        If an entry of `case` is no single number.
    ValueError
        If `loss` does not judge the output of one sigmoid, an entry of `case` is not finite, or
        its target leaves [0, 1].

    Notes
    -----
    By the chain rule through :math:`z = w x + b`,
    :math:`\partial e/\partial w = x\, \partial e/\partial z` and
    :math:`\partial e/\partial b = \partial e/\partial z`.

    Examples
    --------
    >>> from losstheory import FIRST, SECOND, SQUARED_ERROR, neuron_gradients
    >>> [round(gradient, 4) for gradient in neuron_gradients(SQUARED_ERROR, FIRST)]
    [0.2109, 0.1406]
    >>> [round(gradient, 4) for gradient in neuron_gradients(SQUARED_ERROR, SECOND)]
    [0.0043, 0.0029]
    """
    if loss.activation is not sigmoid or loss.target != "probability":
        raise ValueError(
            f"loss must judge the output of one sigmoid; got {loss.name!r}; "
            "use SQUARED_ERROR or BINARY_CROSS_ENTROPY"
        )
    de_dz = float(loss.grad_with_logits(_finite("y", case.y), case.z))
    return de_dz * _finite("x", case.x), de_dz
