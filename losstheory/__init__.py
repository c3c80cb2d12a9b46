"""The losses of classification, their gradients, and the laws behind them.

The modules build on one another in this order, and import only from those before:

``activations``
    Sigmoid, softmax, ReLU and their derivatives.
``losses``
    Squared error and the cross entropies, each with its gradient at the output and at the logit.
``information``
    Entropy, cross entropy and Kullback-Leibler divergence of distributions.
``likelihood``
    Log-likelihoods, and the estimates that maximise them.
``registry``
    One record a loss, for whoever loops over all of them.
``neuron``
    One sigmoid neuron, and the two cases of the source.
``descent``
    One gradient-descent loop.
``laws``
    How long one neuron takes to unlearn, and where its losses curve.

Functions of arrays take any ``array_like`` of integers or of floats up to float64, check it, and
never change it. Masks, units and sparse matrices, which an array would not keep, are refused. All
is computed in float64. Results are float64, or float32 where NumPy's promotion has float32 or
float16 for the arguments: for arrays of these, together with Python's own numbers and with integers
of no more bits than fit them. A single number comes back as a NumPy scalar, an estimate as Python's
float. Entropies, divergences and log-likelihoods are in nats, unless a ``base`` sets another unit.
"""

from losstheory.activations import (
    log_sigmoid,
    log_softmax,
    logit,
    logsumexp,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    softmax,
    softmax_jacobian,
    softplus,
)
from losstheory.descent import (
    DivergenceError,
    History,
    descend,
    mean_loss,
)
from losstheory.information import (
    cross_entropy,
    entropy,
    kl_divergence,
)
from losstheory.laws import (
    cross_entropy_curvature,
    squared_error_curvature,
    squared_error_inflections,
    unlearning_steps_cross_entropy,
    unlearning_steps_squared_error,
    unlearning_time_cross_entropy,
    unlearning_time_squared_error,
)
from losstheory.likelihood import (
    bernoulli_log_likelihood,
    bernoulli_mle,
    categorical_log_likelihood,
    categorical_mle,
    gaussian_log_likelihood,
    gaussian_mle,
)
from losstheory.losses import (
    binary_cross_entropy,
    binary_cross_entropy_grad,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
    categorical_cross_entropy,
    categorical_cross_entropy_grad,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_grad,
    half_squared_error,
    half_squared_error_grad,
    half_squared_error_with_logits,
    half_squared_error_with_logits_grad,
    multilabel_cross_entropy,
    multilabel_cross_entropy_grad,
    multilabel_cross_entropy_with_logits,
    multilabel_cross_entropy_with_logits_grad,
    negative_log_likelihood,
    negative_log_likelihood_grad,
    negative_log_likelihood_with_logits,
    negative_log_likelihood_with_logits_grad,
)
from losstheory.neuron import (
    FIRST,
    SECOND,
    Case,
    neuron_gradients,
)
from losstheory.registry import (
    BINARY_CROSS_ENTROPY,
    CATEGORICAL_CROSS_ENTROPY,
    LINEAR_SQUARED_ERROR,
    LOSSES,
    MULTILABEL_CROSS_ENTROPY,
    NEGATIVE_LOG_LIKELIHOOD,
    SQUARED_ERROR,
    Loss,
    Target,
)

__all__ = [
    "BINARY_CROSS_ENTROPY",
    "CATEGORICAL_CROSS_ENTROPY",
    "FIRST",
    "LINEAR_SQUARED_ERROR",
    "LOSSES",
    "MULTILABEL_CROSS_ENTROPY",
    "NEGATIVE_LOG_LIKELIHOOD",
    "SECOND",
    "SQUARED_ERROR",
    "Case",
    "DivergenceError",
    "History",
    "Loss",
    "Target",
    "bernoulli_log_likelihood",
    "bernoulli_mle",
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "categorical_cross_entropy",
    "categorical_cross_entropy_grad",
    "categorical_cross_entropy_with_logits",
    "categorical_cross_entropy_with_logits_grad",
    "categorical_log_likelihood",
    "categorical_mle",
    "cross_entropy",
    "cross_entropy_curvature",
    "descend",
    "entropy",
    "gaussian_log_likelihood",
    "gaussian_mle",
    "half_squared_error",
    "half_squared_error_grad",
    "half_squared_error_with_logits",
    "half_squared_error_with_logits_grad",
    "kl_divergence",
    "log_sigmoid",
    "log_softmax",
    "logit",
    "logsumexp",
    "mean_loss",
    "multilabel_cross_entropy",
    "multilabel_cross_entropy_grad",
    "multilabel_cross_entropy_with_logits",
    "multilabel_cross_entropy_with_logits_grad",
    "negative_log_likelihood",
    "negative_log_likelihood_grad",
    "negative_log_likelihood_with_logits",
    "negative_log_likelihood_with_logits_grad",
    "neuron_gradients",
    "relu",
    "relu_grad",
    "sigmoid",
    "sigmoid_grad",
    "softmax",
    "softmax_jacobian",
    "softplus",
    "squared_error_curvature",
    "squared_error_inflections",
    "unlearning_steps_cross_entropy",
    "unlearning_steps_squared_error",
    "unlearning_time_cross_entropy",
    "unlearning_time_squared_error",
]
