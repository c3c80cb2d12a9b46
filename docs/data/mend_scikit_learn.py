"""What goes wrong in scikit-learn, and what mends it: mend.py runs the body of each function."""

import numpy as np
from scipy.special import expit, log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

rng = np.random.default_rng(0)
X = np.append(rng.normal(0, 1, 950), rng.normal(0.7, 1, 50))[:, None]
y = np.array([0] * 950 + [1] * 50)


def fit(**options):
    """Fit a logistic regression to the rare class."""
    return LogisticRegression(C=np.inf, **options).fit(X, y)


def nan_wrong() -> None:
    """Write the softmax by hand: `exp(1000)` is inf, and inf / inf is NaN."""
    s = np.array([[1000.0, 0.0]])
    o = np.exp(s) / np.exp(s).sum()
    print(log_loss([0], o, labels=[0, 1]))


def nan_right() -> None:
    """Take SciPy's `softmax`, which subtracts the largest first."""
    o = softmax(np.array([[1000.0, 0.0]]), axis=-1)
    print(log_loss([0], o, labels=[0, 1]))


def find_nan_right() -> None:
    """Let NumPy stop at the operation that makes the NaN."""
    s = np.array([[1000.0, 0.0]])
    with np.errstate(over="raise", invalid="raise"):
        print(np.exp(s) / np.exp(s).sum())


def diverge_wrong() -> None:
    """Step so far that every step overshoots further than the last."""
    from sklearn.linear_model import SGDRegressor

    x, t = np.linspace(0, 1000, 100)[:, None], np.linspace(0, 3000, 100)
    model = SGDRegressor(max_iter=5000, random_state=0).fit(x, t)
    print(f"{model.coef_[0]:.0e}, and 3 is right")


def diverge_right() -> None:
    """Scale the inputs, and keep the step size that it comes with."""
    from sklearn.linear_model import SGDRegressor

    x, t = np.linspace(0, 1, 100)[:, None], np.linspace(0, 3, 100)
    model = SGDRegressor(max_iter=5000, tol=1e-8, random_state=0).fit(x, t)
    print(f"{model.coef_[0]:.1f}, and 3 is right")


def inf_wrong() -> None:
    """Take the sigmoid first: it rounds to 0, and the logarithm of 0 is -inf."""
    print(-np.log(expit(-800.0)))


def inf_right() -> None:
    """Take the logarithm of the sigmoid from the logit."""
    from scipy.special import log_expit

    print(-log_expit(-800.0))


def capped_wrong() -> None:
    """Give probabilities that are exactly 0: they are clipped at the type's epsilon."""
    for dtype in (np.float64, np.float32):
        o = np.array([[1.0, 0.0]], dtype)
        print(log_loss([1], o, labels=[0, 1]))


def capped_right() -> None:
    """Compute the loss from the scores."""
    s = np.array([[800.0, 0.0]])
    print(-log_softmax(s, axis=-1)[0, 1])


def negative_wrong() -> None:
    """Read a score as a loss: of scores the larger is the better."""
    from sklearn.model_selection import cross_val_score

    scores = cross_val_score(LogisticRegression(), X, y, scoring="neg_log_loss")
    print(f"{scores.mean():.3f}")


def negative_right() -> None:
    """Put the minus back."""
    from sklearn.model_selection import cross_val_score

    scores = cross_val_score(LogisticRegression(), X, y, scoring="neg_log_loss")
    print(f"{-scores.mean():.3f}")


def stuck_wrong() -> None:
    """Ask a line to separate what no line can."""
    xor, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    model = LogisticRegression().fit(xor, t)
    print(f"{log_loss(t, model.predict_proba(xor)):.4f}")


def stuck_right() -> None:
    """Take a model that can bend, or give the product as an input."""
    xor, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    bent = np.column_stack([xor, xor[:, 0] * xor[:, 1]])
    model = LogisticRegression(C=1e6).fit(bent, t)
    print(f"{log_loss(t, model.predict_proba(bent)):.4f}")


def accuracy_wrong() -> None:
    """Compare `decision_function`, which is a logit, with 0.5."""
    model = fit(class_weight="balanced")
    yes = model.decision_function(X) > 0.5
    print((yes == model.predict(X)).mean())


def accuracy_right() -> None:
    """Compare it with 0."""
    model = fit(class_weight="balanced")
    yes = model.decision_function(X) > 0
    print((yes == model.predict(X)).mean())


def both_rise_wrong() -> None:
    """Go on until one more answer is right, and one mistake is certain."""
    early = np.array([0.6, 0.8, -0.2, -0.4])
    late = np.array([3.0, 4.0, 1.0, -9.0])
    for z in (early, late):
        loss = log_loss([1, 1, 1, 1], expit(z), labels=[0, 1])
        print(f"{(z > 0).mean():.2f} {loss:.4f}")


def both_rise_right() -> None:
    """Divide the logits by a temperature: the answers stay, the certainty goes."""
    late = np.array([3.0, 4.0, 1.0, -9.0])
    for z in (late, late / 10):
        loss = log_loss([1, 1, 1, 1], expit(z), labels=[0, 1])
        print(f"{(z > 0).mean():.2f} {loss:.4f}")


def one_class_wrong() -> None:
    """Use predict, which asks for more than one half."""
    yes = fit().predict(X) == 1
    print(f"says yes {yes.sum()}, finds {yes[y == 1].sum()} of 50")


def one_class_right() -> None:
    """Ask for more than the base rate: the same model, another threshold."""
    yes = fit().predict_proba(X)[:, 1] > y.mean()
    print(f"says yes {yes.sum()}, finds {yes[y == 1].sum()} of 50")


def slow_right() -> None:
    """Train as ever: `MLPClassifier` pairs its output with the matching loss itself."""
    from sklearn.neural_network import MLPClassifier

    net = MLPClassifier(hidden_layer_sizes=(4,), solver="lbfgs", random_state=0).fit(X, y)
    print(net.out_activation_, net.loss)


def logits_wrong() -> None:
    """Give logits to a function of probabilities."""
    z = fit().decision_function(X)
    print(log_loss(y, z))


def logits_right() -> None:
    """Give it what `predict_proba` returns."""
    print(f"{log_loss(y, fit().predict_proba(X)):.4f}")


def pos_weight_wrong() -> None:
    """Weight the rare class, and read the output as a probability."""
    o = fit(class_weight={0: 1, 1: 19}).predict_proba(X)[:, 1]
    print(f"says {o.mean():.4f}, is {y.mean():.4f}")


def pos_weight_right() -> None:
    """Take the logarithm of the weight off the logit again."""
    z = fit(class_weight={0: 1, 1: 19}).decision_function(X)
    print(f"says {expit(z - np.log(19)).mean():.4f}, is {y.mean():.4f}")


def class_weight_wrong() -> None:
    """Expect the weights to change the size: `log_loss` divides by their sum."""
    o = softmax([[1.0, 0.0]] * 3, axis=-1)
    t, weight = np.array([0, 0, 1]), np.array([1.0, 4.0])
    print(f"{log_loss(t, o, sample_weight=weight[t]):.4f}")


def class_weight_right() -> None:
    """Ask for the sum, and divide by what you mean."""
    o = softmax([[1.0, 0.0]] * 3, axis=-1)
    t, weight = np.array([0, 0, 1]), np.array([1.0, 4.0])
    total = log_loss(t, o, sample_weight=weight[t], normalize=False)
    print(f"{total / len(t):.4f} {total / weight[t].sum():.4f}")


def reduction_wrong() -> None:
    """Compare a mean of squares with a mean of half squares."""
    from sklearn.metrics import mean_squared_error

    print(f"{mean_squared_error([1.0, 1.0, 0.0], [0.9, 0.6, 0.2]):.4f}")


def reduction_right() -> None:
    """Halve it; `log_loss` gives a sum when it is told not to normalize."""
    from sklearn.metrics import mean_squared_error

    print(f"{mean_squared_error([1.0, 1.0, 0.0], [0.9, 0.6, 0.2]) / 2:.4f}")
    print(f"{log_loss([1, 1, 0], [0.9, 0.6, 0.2], normalize=False):.4f}")


def smoothing_wrong() -> None:
    """Give a soft target: scikit-learn's classifiers and metrics refuse it."""
    LogisticRegression().fit([[0.0], [1.0]], [0.05, 0.95])


def smoothing_right() -> None:
    """Let each sample vote for both classes, with weights."""
    x, t = np.array([[0.0], [1.0]]), np.array([0.05, 0.95])
    both = np.concatenate([x, x])
    weight = np.concatenate([1 - t, t])
    model = LogisticRegression(C=np.inf).fit(both, [0, 0, 1, 1], weight)
    print(model.predict_proba(x)[:, 1].round(3))


def mask_wrong() -> None:
    """Multiply the padding by 0, and divide by its number all the same."""
    e, mask = np.full(4, np.log(10)), np.array([1.0, 1.0, 0.0, 0.0])
    print(f"{(e * mask).mean():.4f}")


def mask_right() -> None:
    """Divide by what was counted; `log_loss` does with a weight of 0."""
    e, mask = np.full(4, np.log(10)), np.array([1.0, 1.0, 0.0, 0.0])
    print(f"{np.average(e, weights=mask):.4f}")
    o = np.full((4, 10), 0.1)
    t = [3, 7, 0, 0]
    print(f"{log_loss(t, o, labels=range(10), sample_weight=mask):.4f}")


def no_target_wrong() -> None:
    """Average a batch in which everything is padding."""
    print(np.average([1.0, 1.0], weights=[0.0, 0.0]))


def focal_right() -> None:
    """Write it over the stable loss; no estimator here trains with it."""
    from scipy.special import log_expit

    e = -log_expit(np.array([3.0, 0.0, -3.0]))
    print(e.round(4))
    print((np.expm1(-e) ** 2 * e).round(4))


def perplexity_wrong() -> None:
    """Average the perplexities of the batches."""
    batches = np.array([1.0, 2.0]), np.array([6.0])
    print(f"{np.mean([np.exp(e.mean()) for e in batches]):.3f}")


def perplexity_right() -> None:
    """Average the losses of all tokens, then take one exponential."""
    batches = np.array([1.0, 2.0]), np.array([6.0])
    print(f"{np.exp(np.concatenate(batches).mean()):.3f}")


def temperature_right() -> None:
    """Let `CalibratedClassifierCV` fit the temperature of a model that is fitted."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.frozen import FrozenEstimator

    z = np.array([[8.0], [6.0], [-5.0], [7.0], [-6.0], [9.0]])
    t = np.array([1, 1, 0, 0, 0, 1])
    model = LogisticRegression().fit([[-1.0], [1.0]], [0, 1])
    model.coef_, model.intercept_ = np.array([[1.0]]), np.array([0.0])
    scaled = CalibratedClassifierCV(FrozenEstimator(model), method="temperature", cv=3)
    scaled.fit(z, t)
    for m in (model, scaled):
        print(f"loss {log_loss(t, m.predict_proba(z)):.4f}")


def hinge_wrong() -> None:
    """Ask a margin for a probability."""
    from sklearn.svm import LinearSVC

    print(LinearSVC().fit(X, y).predict_proba(X))


def hinge_right() -> None:
    """Calibrate the margins on data that the model has not seen."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import LinearSVC

    model = CalibratedClassifierCV(LinearSVC(), cv=5).fit(X, y)
    print(f"{model.predict_proba(X)[:, 1].mean():.3f}")


def half_wrong() -> None:
    """Compute a loss by hand in float16, whose largest number is 65504."""
    s = np.array([12.0, 0.0], np.float16)
    print(np.log(np.exp(s).sum()) - s[0])


def half_right() -> None:
    """Cast the scores to float32 before the loss."""
    s = np.array([12.0, 0.0], np.float16).astype(np.float32)
    print(-log_softmax(s)[0])
