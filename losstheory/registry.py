"""One record for each loss, for whoever loops over all of them.

Tests, tables, figures and benchmarks read `LOSSES`; nothing is looked up by name. A record pairs
a loss with the activation before it, since whether the two match decides the gradient.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from numpy.typing import ArrayLike

from losstheory import _kernels, activations, losses
from losstheory._blocks import by_elements
from losstheory._checks import FloatArray, any_number

__all__ = [
    "BINARY_CROSS_ENTROPY",
    "CATEGORICAL_CROSS_ENTROPY",
    "LINEAR_SQUARED_ERROR",
    "LOSSES",
    "MULTILABEL_CROSS_ENTROPY",
    "NEGATIVE_LOG_LIKELIHOOD",
    "SQUARED_ERROR",
    "Loss",
    "Target",
]

Target: TypeAlias = Literal["real", "probability", "distribution", "labels", "class index"]
Activation: TypeAlias = Callable[[ArrayLike], FloatArray]
# (y, o) or (y, z), and `base=` where `has_base` says so.
Pair: TypeAlias = Callable[..., FloatArray]
Both: TypeAlias = Callable[..., tuple[FloatArray, FloatArray]]


class Loss(NamedTuple):
    """A loss together with the activation whose output it judges.

    Parameters
    ----------
    name : str
        What the pages call it.
    target : str
        The kind of target: "real", any real number; "probability", a number in [0, 1];
        "distribution", a row that sums to 1; "labels", a row of numbers in [0, 1]; or "class
        index", an integer. The last three have their classes on the last axis of the scores.
    activation : callable
        From the logit ``z`` (or the scores ``s``) to the output ``o``.
    value, grad : callable
        The loss of ``(y, o)`` and its gradient at the output.
    value_with_logits, grad_with_logits : callable
        The loss of ``(y, z)`` and its gradient at the logit.
    both_with_logits : callable
        These two at once, sharing what they have in common.
    matched : bool
        Whether loss and activation match, so that the gradient at the logit is ``o - y``.
    has_base : bool
        Whether these five functions take ``base``.

    Examples
    --------
    >>> from losstheory import LOSSES
    >>> [loss.name for loss in LOSSES if not loss.matched]
    ['squared error after a sigmoid']
    """

    name: str
    target: Target
    activation: Activation
    value: Pair
    grad: Pair
    value_with_logits: Pair
    grad_with_logits: Pair
    both_with_logits: Both
    matched: bool
    has_base: bool

    def value_and_grad(self, y: ArrayLike, z: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the loss at the logit and its gradient there.

        Parameters
        ----------
        y : array_like
            Target, of the kind that `target` names.
        z : array_like
            Logit, or scores.

        Returns
        -------
        value, grad : ndarray
            As ``value_with_logits(y, z)`` and ``grad_with_logits(y, z)``, in nats where
            `has_base` is true; computed together, to share what they have in common.

        Examples
        --------
        >>> from losstheory import BINARY_CROSS_ENTROPY
        >>> value, grad = BINARY_CROSS_ENTROPY.value_and_grad(1.0, 0.0)
        >>> round(float(value), 4), float(grad)
        (0.6931, -0.5)
        """
        return self.both_with_logits(y, z)


def _identity(z: ArrayLike) -> FloatArray:
    """Let the logit through: the output of a linear model."""
    return by_elements(_kernels.identity, z=(z, any_number))


LINEAR_SQUARED_ERROR = Loss(
    name="squared error of a linear output",
    target="real",
    activation=_identity,
    value=losses.half_squared_error,
    grad=losses.half_squared_error_grad,
    value_with_logits=losses.half_squared_error,
    grad_with_logits=losses.half_squared_error_grad,
    both_with_logits=losses._half_squared_error_both,
    matched=True,
    has_base=False,
)
SQUARED_ERROR = Loss(
    name="squared error after a sigmoid",
    target="probability",
    activation=activations.sigmoid,
    value=losses.half_squared_error,
    grad=losses.half_squared_error_grad,
    value_with_logits=losses.half_squared_error_with_logits,
    grad_with_logits=losses.half_squared_error_with_logits_grad,
    both_with_logits=losses._half_squared_error_with_logits_both,
    matched=False,
    has_base=False,
)
BINARY_CROSS_ENTROPY = Loss(
    name="binary cross entropy",
    target="probability",
    activation=activations.sigmoid,
    value=losses.binary_cross_entropy,
    grad=losses.binary_cross_entropy_grad,
    value_with_logits=losses.binary_cross_entropy_with_logits,
    grad_with_logits=losses.binary_cross_entropy_with_logits_grad,
    both_with_logits=losses._binary_cross_entropy_both,
    matched=True,
    has_base=True,
)
CATEGORICAL_CROSS_ENTROPY = Loss(
    name="categorical cross entropy",
    target="distribution",
    activation=activations.softmax,
    value=losses.categorical_cross_entropy,
    grad=losses.categorical_cross_entropy_grad,
    value_with_logits=losses.categorical_cross_entropy_with_logits,
    grad_with_logits=losses.categorical_cross_entropy_with_logits_grad,
    both_with_logits=losses._categorical_cross_entropy_both,
    matched=True,
    has_base=True,
)
MULTILABEL_CROSS_ENTROPY = Loss(
    name="multi-label cross entropy",
    target="labels",
    activation=activations.sigmoid,
    value=losses.multilabel_cross_entropy,
    grad=losses.multilabel_cross_entropy_grad,
    value_with_logits=losses.multilabel_cross_entropy_with_logits,
    grad_with_logits=losses.multilabel_cross_entropy_with_logits_grad,
    both_with_logits=losses._multilabel_cross_entropy_both,
    matched=True,
    has_base=True,
)
NEGATIVE_LOG_LIKELIHOOD = Loss(
    name="negative log-likelihood",
    target="class index",
    activation=activations.softmax,
    value=losses.negative_log_likelihood,
    grad=losses.negative_log_likelihood_grad,
    value_with_logits=losses.negative_log_likelihood_with_logits,
    grad_with_logits=losses.negative_log_likelihood_with_logits_grad,
    both_with_logits=losses._negative_log_likelihood_both,
    matched=True,
    has_base=True,
)

LOSSES: tuple[Loss, ...] = (
    LINEAR_SQUARED_ERROR,
    SQUARED_ERROR,
    BINARY_CROSS_ENTROPY,
    CATEGORICAL_CROSS_ENTROPY,
    MULTILABEL_CROSS_ENTROPY,
    NEGATIVE_LOG_LIKELIHOOD,
)
"""Every loss of the package, in the order of the pages."""
