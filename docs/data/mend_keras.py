"""What goes wrong in Keras, and what mends it: mend.py runs the body of each function."""

import keras
import numpy as np
from keras import layers, losses, ops

rng = np.random.default_rng(0)
X = np.append(rng.normal(0, 1, 950), rng.normal(0.7, 1, 50))[:, None]
y = np.array([[0.0]] * 950 + [[1.0]] * 50)


def fit(**options):
    """Fit a logistic regression to the rare class."""
    model = keras.Sequential([layers.Dense(1, kernel_initializer="zeros")])
    loss = losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(2.0), loss)
    model.fit(X, y, epochs=300, batch_size=1000, verbose=0, **options)
    return model


def nan_wrong() -> None:
    """Write the softmax by hand: `exp(100)` is inf in float32, and inf / inf is NaN."""
    s = ops.array([100.0, 0.0])
    o = ops.exp(s) / ops.sum(ops.exp(s))
    print(-ops.log(o[0]))


def nan_right() -> None:
    """Give the scores to the loss, and say that they are logits."""
    s = ops.array([[100.0, 0.0]])
    print(losses.SparseCategoricalCrossentropy(from_logits=True)(np.array([0]), s))


def find_nan_right() -> None:
    """Stop at the first batch whose loss is NaN."""
    model = keras.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    bad = np.array([[1.0], [np.nan]])
    stop = keras.callbacks.TerminateOnNaN()
    model.fit(bad, bad, epochs=5, verbose=0, callbacks=[stop])


def diverge_wrong() -> None:
    """Step so far that every step overshoots further than the last."""
    model = keras.Sequential([layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    x, t = np.full((8, 1), 10.0), np.full((8, 1), 30.0)
    done = model.fit(x, t, epochs=100, verbose=0)
    print(done.history["loss"][-1])


def diverge_right() -> None:
    """Take a smaller step; `clipnorm` bounds what a rare sample can do."""
    model = keras.Sequential([layers.Dense(1, use_bias=False)])
    sgd = keras.optimizers.SGD(0.001, clipnorm=1000.0)
    model.compile(sgd, "mse")
    x, t = np.full((8, 1), 10.0), np.full((8, 1), 30.0)
    done = model.fit(x, t, epochs=100, verbose=0)
    print(f"{done.history['loss'][-1]:.4f}")


def inf_wrong() -> None:
    """Take the sigmoid first: it rounds to 0, and the logarithm of 0 is -inf."""
    print(-ops.log(ops.sigmoid(ops.array(-200.0))))


def inf_right() -> None:
    """Give the logit to the loss."""
    bce = losses.BinaryCrossentropy(from_logits=True)
    print(bce([[1.0]], [[-200.0]]))


def capped_wrong() -> None:
    """Give probabilities that are exactly 0 or 1: they are clipped."""
    bce = losses.BinaryCrossentropy()
    print(bce([[1.0]], [[0.0]]), bce([[0.0]], [[1.0]]))


def capped_right() -> None:
    """Give the logits, from a last layer without activation."""
    bce = losses.BinaryCrossentropy(from_logits=True)
    print(bce([[1.0]], [[-200.0]]), bce([[0.0]], [[200.0]]))


def negative_wrong() -> None:
    """Write the labels -1 and 1 for a loss that wants 0 and 1."""
    z, t = ops.array([[-2.0], [2.0]]), ops.array([[-1.0], [1.0]])
    print(losses.BinaryCrossentropy(from_logits=True)(t, z))


def negative_right() -> None:
    """Bring the labels to 0 and 1."""
    z, t = ops.array([[-2.0], [2.0]]), ops.array([[-1.0], [1.0]])
    print(losses.BinaryCrossentropy(from_logits=True)((t + 1) / 2, z))


def stuck_wrong() -> None:
    """Start every weight at 0: nothing tells the hidden units apart, and nothing moves."""
    xor = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    t = np.array([[0.0], [1], [1], [0]])
    net = keras.Sequential(
        [
            layers.Dense(8, "relu", kernel_initializer="zeros"),
            layers.Dense(1, kernel_initializer="zeros"),
        ]
    )
    bce = losses.BinaryCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(0.05), bce)
    done = net.fit(xor, t, epochs=300, verbose=0)
    print(f"{done.history['loss'][-1]:.4f}")


def stuck_right() -> None:
    """Keep the random start that the layers come with."""
    keras.utils.set_random_seed(0)
    xor = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    t = np.array([[0.0], [1], [1], [0]])
    net = keras.Sequential([layers.Dense(8, "relu"), layers.Dense(1)])
    bce = losses.BinaryCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(0.05), bce)
    done = net.fit(xor, t, epochs=300, verbose=0)
    print(f"{done.history['loss'][-1]:.4f}")


def accuracy_wrong() -> None:
    """Give logits to a metric whose threshold is 0.5."""
    z, t = [[-1.0], [0.2], [0.4], [2.0]], [[0.0], [1.0], [1.0], [1.0]]
    metric = keras.metrics.BinaryAccuracy()
    print(metric(t, z))


def accuracy_right() -> None:
    """Set the threshold of logits, which is 0."""
    z, t = [[-1.0], [0.2], [0.4], [2.0]], [[0.0], [1.0], [1.0], [1.0]]
    metric = keras.metrics.BinaryAccuracy(threshold=0.0)
    print(metric(t, z))


def both_rise_wrong() -> None:
    """Train until one more answer is right, and one mistake is certain."""
    bce = losses.BinaryCrossentropy(from_logits=True)
    early = ops.array([0.6, 0.8, -0.2, -0.4])
    late = ops.array([3.0, 4.0, 1.0, -9.0])
    for z in (early, late):
        print(f"{np.mean(z > 0):.2f} {bce(ops.ones(4), z):.4f}")


def both_rise_right() -> None:
    """Divide the logits by a temperature: the answers stay, the certainty goes."""
    bce = losses.BinaryCrossentropy(from_logits=True)
    late = ops.array([3.0, 4.0, 1.0, -9.0])
    for z in (late, late / 10):
        print(f"{np.mean(z > 0):.2f} {bce(ops.ones(4), z):.4f}")


def one_class_wrong() -> None:
    """Ask for more than one half where one sample in twenty says yes."""
    o = ops.sigmoid(fit()(X))
    yes = np.asarray(o > 0.5)
    print(f"says yes {yes.sum()}, finds {yes[y == 1].sum()} of 50")


def one_class_right() -> None:
    """Ask for more than the base rate: the same model, another threshold."""
    o = ops.sigmoid(fit()(X))
    yes = np.asarray(o > y.mean())
    print(f"says yes {yes.sum()}, finds {yes[y == 1].sum()} of 50")


def slow_wrong() -> None:
    """Put squared error behind a sigmoid, and start certain and wrong."""
    start = keras.initializers.Constant(4.0)
    dense = layers.Dense(1, "sigmoid", False, kernel_initializer=start)
    model = keras.Sequential([dense])
    model.compile(keras.optimizers.SGD(0.15), "mse")
    one = np.ones((1, 1))
    model.fit(one, 0 * one, epochs=100, verbose=0)
    print(f"{model(one)[0, 0]:.4f}")


def slow_right() -> None:
    """Take the loss that matches the sigmoid."""
    start = keras.initializers.Constant(4.0)
    dense = layers.Dense(1, None, False, kernel_initializer=start)
    model = keras.Sequential([dense])
    bce = losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.15), bce)
    one = np.ones((1, 1))
    model.fit(one, 0 * one, epochs=100, verbose=0)
    print(f"{ops.sigmoid(model(one))[0, 0]:.4f}")


def logits_wrong() -> None:
    """End in a softmax and say `from_logits=True`; or give scores and say nothing."""
    s = ops.array([[9.0, 0.0, 0.0]])
    twice = losses.SparseCategoricalCrossentropy(from_logits=True)
    never = losses.SparseCategoricalCrossentropy()
    print(twice(np.array([0]), ops.softmax(s)), never(np.array([1]), s))


def logits_right() -> None:
    """Take the softmax off the last layer, and say `from_logits=True`."""
    s = ops.array([[9.0, 0.0, 0.0]])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    print(loss(np.array([0]), s), loss(np.array([1]), s))


def pos_weight_wrong() -> None:
    """Weight the rare class, and read the output as a probability."""
    model = fit(class_weight={0: 1.0, 1: 19.0})
    o = ops.sigmoid(model(X))
    print(f"says {ops.mean(o):.4f}, is {y.mean():.4f}")


def pos_weight_right() -> None:
    """Take the logarithm of the weight off the logit again."""
    model = fit(class_weight={0: 1.0, 1: 19.0})
    o = ops.sigmoid(model(X) - np.log(19.0))
    print(f"says {ops.mean(o):.4f}, is {y.mean():.4f}")


def class_weight_wrong() -> None:
    """Expect a weighted mean: Keras divides by the number of samples."""
    s = ops.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    t, weight = np.array([0, 0, 1]), np.array([1.0, 4.0])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    print(f"{loss(t, s, sample_weight=weight[t]):.4f}")


def class_weight_right() -> None:
    """Name the mean: this reduction divides by the sum of the weights."""
    s = ops.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    t, weight = np.array([0, 0, 1]), np.array([1.0, 4.0])
    loss = losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight"
    )
    print(f"{loss(t, s, sample_weight=weight[t]):.4f}")


def reduction_wrong() -> None:
    """Expect a sum over labels: `BinaryCrossentropy` takes their mean."""
    z, t = ops.zeros((1, 4)), ops.array([[1.0, 0.0, 1.0, 0.0]])
    print(losses.BinaryCrossentropy(from_logits=True)(t, z))


def reduction_right() -> None:
    """Multiply by the number of labels for the sum."""
    z, t = ops.zeros((1, 4)), ops.array([[1.0, 0.0, 1.0, 0.0]])
    e = losses.BinaryCrossentropy(from_logits=True)(t, z)
    print(e * t.shape[-1])


def smoothing_right() -> None:
    """Smooth inside the loss, which wants one-hot rows for it."""
    s, t = ops.array([[4.0, 0.0, 0.0]]), ops.array([[1.0, 0.0, 0.0]])
    for a in (0.0, 0.1):
        loss = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=a)
        print(loss(t, s))


def mask_wrong() -> None:
    """Multiply the padding by 0, and divide by its number all the same."""
    s, t = ops.zeros((1, 4, 10)), ops.array([[3, 7, 0, 0]])
    mask = ops.array([[1.0, 1.0, 0.0, 0.0]])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    print(loss(t, s, sample_weight=mask))


def mask_right() -> None:
    """Divide by the sum of the mask, or mark the padding with `ignore_class`."""
    s, t = ops.zeros((1, 4, 10)), ops.array([[3, 7, 0, 0]])
    mask = ops.array([[1.0, 1.0, 0.0, 0.0]])
    loss = losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight"
    )
    print(loss(t, s, sample_weight=mask))
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    print(loss(ops.array([[3, 7, -1, -1]]), s))


def no_target_right() -> None:
    """Let `ignore_class` count: a batch in which nothing counts costs 0."""
    s, t = ops.zeros((2, 10)), ops.array([-1, -1])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    print(loss(t, s))


def focal_right() -> None:
    """Use Keras's, which returns the mean."""
    z, t = ops.array([[3.0], [0.0], [-3.0]]), ops.ones((3, 1))
    print(losses.BinaryCrossentropy(from_logits=True, reduction=None)(t, z))
    print(losses.BinaryFocalCrossentropy(from_logits=True, reduction=None)(t, z))


def perplexity_wrong() -> None:
    """Average the perplexities of the batches."""
    batches = ops.array([1.0, 2.0]), ops.array([6.0])
    print(ops.mean(ops.stack([ops.exp(ops.mean(e)) for e in batches])))


def perplexity_right() -> None:
    """Average the losses of all tokens, then take one exponential."""
    batches = ops.array([1.0, 2.0]), ops.array([6.0])
    print(ops.exp(ops.mean(ops.concatenate(batches))))


def temperature_right() -> None:
    """Fit one number on held-out data: a layer that only scales."""
    z = np.array([[8.0], [6.0], [-5.0], [7.0], [-6.0], [9.0]])
    t = np.array([[1.0], [1.0], [0.0], [0.0], [0.0], [1.0]])
    dense = layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([dense])
    bce = losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.05), bce)
    done = model.fit(z, t, epochs=300, batch_size=6, verbose=0)
    before, after = done.history["loss"][0], done.history["loss"][-1]
    T = 1 / dense.kernel[0, 0]
    print(f"T = {T:.3f}, loss {before:.4f} -> {after:.4f}")


def soft_wrong() -> None:
    """Swap the arguments: in Keras the target comes first."""
    p, q = ops.array([[0.9, 0.1]]), ops.array([[0.5, 0.5]])
    print(losses.KLDivergence()(q, p))


def soft_right() -> None:
    """Give the target, then the output, both as probabilities."""
    p, q = ops.array([[0.9, 0.1]]), ops.array([[0.5, 0.5]])
    print(losses.KLDivergence()(p, q))
    print(losses.CategoricalCrossentropy()(p, q))


def distillation_right() -> None:
    """Soften both sides by T, and give back the factor that softening costs."""
    T = 4.0
    teacher = ops.array([[6.0, 2.0, -2.0]])
    s = ops.array([[1.0, 0.0, 0.0]])
    kl = losses.KLDivergence()
    print(T * T * kl(ops.softmax(teacher / T), ops.softmax(s / T)))


def hinge_wrong() -> None:
    """Give the loss probabilities: no margin of a probability reaches 1."""
    o, t = ops.sigmoid(ops.array([[2.0], [-0.5]])), ops.array([[1.0], [0.0]])
    print(losses.Hinge(reduction=None)(t, o))


def hinge_right() -> None:
    """Give it scores; the labels may be 0 and 1, Keras makes -1 and 1 of them."""
    z, t = ops.array([[2.0], [-0.5]]), ops.array([[1.0], [0.0]])
    print(losses.Hinge(reduction=None)(t, z))


def half_wrong() -> None:
    """Compute a loss by hand in float16, whose largest number is 65504."""
    s = ops.array([12.0, 0.0], dtype="float16")
    print(ops.log(ops.sum(ops.exp(s))) - s[0])


def half_right() -> None:
    """Keep the last layer in float32 when the rest is float16."""
    last = layers.Dense(2, dtype="float32")
    body = layers.Dense(4, dtype="mixed_float16")
    model = keras.Sequential([body, last])
    print(model(np.ones((1, 3), np.float16)).dtype)
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    print(loss(np.array([0]), ops.array([[12.0, 0.0]], dtype="float32")))


def scaling_right() -> None:
    """Wrap the optimizer: it scales the loss up and the gradients down again."""
    sgd = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1))
    print(sgd.initial_scale)
