"""What goes wrong in JAX and optax, and what mends it: mend.py runs the body of each function."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

rng = np.random.default_rng(0)
X = np.append(rng.normal(0, 1, 950), rng.normal(0.7, 1, 50))
X = jnp.asarray(X, jnp.float32)
y = jnp.array([0.0] * 950 + [1.0] * 50)


def fit(weight=1.0):
    """Fit a logistic regression to the rare class."""

    def loss(w):
        e = optax.sigmoid_binary_cross_entropy(w[0] * X + w[1], y)
        return (jnp.where(y == 1, weight, 1.0) * e).mean()

    step = jax.jit(lambda w: w - 2.0 * jax.grad(loss)(w))
    w = jnp.zeros(2)
    for _ in range(300):
        w = step(w)
    return w


def nan_wrong() -> None:
    """Write the softmax by hand: `exp(100)` is inf in float32, and inf / inf is NaN."""
    s = jnp.array([100.0, 0.0])
    o = jnp.exp(s) / jnp.exp(s).sum()
    print(-jnp.log(o[0]))


def nan_right() -> None:
    """Give the scores to the loss, which subtracts the largest first."""
    s = jnp.array([100.0, 0.0])
    print(optax.softmax_cross_entropy_with_integer_labels(s, 0))


def find_nan_right() -> None:
    """Let JAX stop at the first operation that makes a NaN."""
    s = jnp.array([100.0, 0.0])
    with jax.debug_nans(True):
        print(jnp.exp(s) / jnp.exp(s).sum())


def where_wrong() -> None:
    """Mask the result: the value is fine, the gradient is 0 times inf."""

    def entropy(p):
        return jnp.where(p > 0, -p * jnp.log(p), 0.0).sum()

    print(jax.value_and_grad(entropy)(jnp.array([0.0, 1.0])))


def where_right() -> None:
    """Mask the argument as well, so that no branch ever meets the 0."""

    def entropy(p):
        safe = jnp.where(p > 0, p, 1.0)
        return jnp.where(p > 0, -p * jnp.log(safe), 0.0).sum()

    print(jax.value_and_grad(entropy)(jnp.array([0.0, 1.0])))


def diverge_wrong() -> None:
    """Step so far that every step overshoots further than the last."""
    loss = jax.value_and_grad(lambda w: (10 * w - 30) ** 2)
    w = 1.0
    for _ in range(100):
        e, grad = loss(w)
        w = w - 0.1 * grad
    print(e, w)


def diverge_right() -> None:
    """Take a smaller step; `clip_by_global_norm` bounds what a rare sample can do."""
    loss = jax.value_and_grad(lambda w: (10 * w - 30) ** 2)
    sgd = optax.chain(optax.clip_by_global_norm(1000.0), optax.sgd(0.001))
    w = jnp.array(1.0)
    state = sgd.init(w)
    for _ in range(100):
        e, grad = loss(w)
        update, state = sgd.update(grad, state)
        w = optax.apply_updates(w, update)
    print(f"{e:.4f} {w:.4f}")


def inf_wrong() -> None:
    """Take the sigmoid first: it rounds to 0, and the logarithm of 0 is -inf."""
    print(-jnp.log(jax.nn.sigmoid(jnp.array(-200.0))))


def inf_right() -> None:
    """Give the logit to the loss."""
    print(optax.sigmoid_binary_cross_entropy(jnp.array(-200.0), 1.0))


def capped_wrong() -> None:
    """Clip the probability: the loss has a ceiling, and no gradient beneath it."""

    def clipped(z, t):
        o = jnp.clip(jax.nn.sigmoid(z), 1e-7, 1 - 1e-7)
        return -(t * jnp.log(o) + (1 - t) * jnp.log(1 - o))

    print(*jax.value_and_grad(clipped)(-200.0, 1.0))
    print(*jax.value_and_grad(clipped)(200.0, 0.0))


def capped_right() -> None:
    """Give the logit: the loss is what it is, and so is the gradient."""
    bce = jax.value_and_grad(optax.sigmoid_binary_cross_entropy)
    print(*bce(-200.0, 1.0))
    print(*bce(200.0, 0.0))


def negative_wrong() -> None:
    """Write the labels -1 and 1 for a loss that wants 0 and 1."""
    z, t = jnp.array([-2.0, 2.0]), jnp.array([-1.0, 1.0])
    print(optax.sigmoid_binary_cross_entropy(z, t))


def negative_right() -> None:
    """Bring the labels to 0 and 1."""
    z, t = jnp.array([-2.0, 2.0]), jnp.array([-1.0, 1.0])
    print(optax.sigmoid_binary_cross_entropy(z, (t + 1) / 2))


def stuck_wrong() -> None:
    """Start every weight at 0: nothing tells the hidden units apart, and nothing moves."""
    xor = jnp.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    t = jnp.array([0.0, 1, 1, 0])

    def loss(w):
        z = jax.nn.relu(xor @ w[0] + w[1]) @ w[2] + w[3]
        return optax.sigmoid_binary_cross_entropy(z, t).mean()

    w = [jnp.zeros((2, 8)), jnp.zeros(8), jnp.zeros(8), jnp.zeros(())]
    adam = optax.adam(0.05)

    @jax.jit
    def step(w, state):
        update, state = adam.update(jax.grad(loss)(w), state)
        return optax.apply_updates(w, update), state

    state = adam.init(w)
    for _ in range(300):
        w, state = step(w, state)
    print(f"{loss(w):.4f}")


def stuck_right() -> None:
    """Draw the weights at random; the biases may start at 0."""
    xor = jnp.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    t = jnp.array([0.0, 1, 1, 0])

    def loss(w):
        z = jax.nn.relu(xor @ w[0] + w[1]) @ w[2] + w[3]
        return optax.sigmoid_binary_cross_entropy(z, t).mean()

    one, two = jax.random.split(jax.random.key(1))
    w = [jax.random.normal(one, (2, 8)), jnp.zeros(8)]
    w += [jax.random.normal(two, (8,)) / 8**0.5, jnp.zeros(())]
    adam = optax.adam(0.05)

    @jax.jit
    def step(w, state):
        update, state = adam.update(jax.grad(loss)(w), state)
        return optax.apply_updates(w, update), state

    state = adam.init(w)
    for _ in range(300):
        w, state = step(w, state)
    print(f"{loss(w):.4f}")


def accuracy_wrong() -> None:
    """Compare logits with 0.5, which is the threshold of probabilities."""
    z, t = jnp.array([-1.0, 0.2, 0.4, 2.0]), jnp.array([0, 1, 1, 1])
    print(jnp.mean((z > 0.5) == t))


def accuracy_right() -> None:
    """Compare logits with 0, or probabilities with 0.5."""
    z, t = jnp.array([-1.0, 0.2, 0.4, 2.0]), jnp.array([0, 1, 1, 1])
    print(jnp.mean((z > 0) == t))


def both_rise_wrong() -> None:
    """Train until one more answer is right, and one mistake is certain."""
    early = jnp.array([0.6, 0.8, -0.2, -0.4])
    late = jnp.array([3.0, 4.0, 1.0, -9.0])
    for z in (early, late):
        loss = optax.sigmoid_binary_cross_entropy(z, jnp.ones(4)).mean()
        print(f"{jnp.mean(z > 0):.2f} {loss:.4f}")


def both_rise_right() -> None:
    """Divide the logits by a temperature: the answers stay, the certainty goes."""
    late = jnp.array([3.0, 4.0, 1.0, -9.0])
    for z in (late, late / 10):
        loss = optax.sigmoid_binary_cross_entropy(z, jnp.ones(4)).mean()
        print(f"{jnp.mean(z > 0):.2f} {loss:.4f}")


def one_class_wrong() -> None:
    """Ask for more than one half where one sample in twenty says yes."""
    w = fit()
    yes = jax.nn.sigmoid(w[0] * X + w[1]) > 0.5
    print(f"says yes {yes.sum()}, finds {yes[y == 1].sum()} of 50")


def one_class_right() -> None:
    """Ask for more than the base rate: the same model, another threshold."""
    w = fit()
    yes = jax.nn.sigmoid(w[0] * X + w[1]) > y.mean()
    print(f"says yes {yes.sum()}, finds {yes[y == 1].sum()} of 50")


def slow_wrong() -> None:
    """Put squared error behind a sigmoid, and start certain and wrong."""
    grad = jax.grad(lambda w: optax.squared_error(jax.nn.sigmoid(w), 0.0))
    w = 4.0
    for _ in range(100):
        w -= 0.15 * grad(w)
    print(f"{jax.nn.sigmoid(w):.4f}")


def slow_right() -> None:
    """Take the loss that matches the sigmoid."""
    grad = jax.grad(lambda w: optax.sigmoid_binary_cross_entropy(w, 0.0))
    w = 4.0
    for _ in range(100):
        w -= 0.15 * grad(w)
    print(f"{jax.nn.sigmoid(w):.4f}")


def logits_wrong() -> None:
    """Put a softmax before the loss, which has one inside."""
    s = jnp.array([9.0, 0.0, 0.0])
    o = jax.nn.softmax(s)
    print(optax.softmax_cross_entropy_with_integer_labels(o, 0))


def logits_right() -> None:
    """Give it the scores."""
    s = jnp.array([9.0, 0.0, 0.0])
    print(optax.softmax_cross_entropy_with_integer_labels(s, 0))


def pos_weight_wrong() -> None:
    """Weight the rare class, and read the output as a probability."""
    w = fit(weight=19.0)
    o = jax.nn.sigmoid(w[0] * X + w[1])
    print(f"says {o.mean():.4f}, is {y.mean():.4f}")


def pos_weight_right() -> None:
    """Take the logarithm of the weight off the logit again."""
    w = fit(weight=19.0)
    o = jax.nn.sigmoid(w[0] * X + w[1] - jnp.log(19.0))
    print(f"says {o.mean():.4f}, is {y.mean():.4f}")


def class_weight_right() -> None:
    """Weight each loss and take the mean that you mean; optax takes none for you."""
    s = jnp.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    t, weight = jnp.array([0, 0, 1]), jnp.array([1.0, 4.0])
    e = optax.softmax_cross_entropy_with_integer_labels(s, t)
    e = weight[t] * e
    print(f"{e.mean():.4f} {e.sum() / weight[t].sum():.4f}")


def reduction_wrong() -> None:
    """Compare two losses that differ by their half."""
    o, t = jnp.array([0.9, 0.6, 0.2]), jnp.array([1.0, 1.0, 0.0])
    print(f"squared_error {optax.squared_error(o, t).mean():.4f}")
    print(f"l2_loss       {optax.l2_loss(o, t).mean():.4f}")


def reduction_right() -> None:
    """Choose one; optax returns a value a sample, so the mean is yours."""
    o, t = jnp.array([0.9, 0.6, 0.2]), jnp.array([1.0, 1.0, 0.0])
    e = optax.l2_loss(o, t)
    print(f"mean {e.mean():.4f}, sum {e.sum():.4f}")


def smoothing_right() -> None:
    """Smooth the one-hot row; the target is 0.9 + 0.1 / 3 here."""
    s, t = jnp.array([4.0, 0.0, 0.0]), jax.nn.one_hot(0, 3)
    print(optax.softmax_cross_entropy(s, t))
    print(optax.softmax_cross_entropy(s, optax.smooth_labels(t, 0.1)))


def mask_wrong() -> None:
    """Multiply the padding by 0, and divide by its number all the same."""
    s, t = jnp.zeros((1, 4, 10)), jnp.array([[3, 7, 0, 0]])
    mask = jnp.array([[1.0, 1.0, 0.0, 0.0]])
    e = optax.softmax_cross_entropy_with_integer_labels(s, t)
    print((e * mask).mean())


def mask_right() -> None:
    """Divide by what was counted, which mean does when it is told where."""
    s, t = jnp.zeros((1, 4, 10)), jnp.array([[3, 7, 0, 0]])
    mask = jnp.array([[1.0, 1.0, 0.0, 0.0]])
    e = optax.softmax_cross_entropy_with_integer_labels(s, t)
    print((e * mask).sum() / mask.sum())
    print(jnp.mean(e, where=mask == 1))


def no_target_wrong() -> None:
    """Average a batch in which everything is padding: 0 / 0."""
    e, mask = jnp.ones(2), jnp.zeros(2)
    print((e * mask).sum() / mask.sum())


def no_target_right() -> None:
    """Divide by the count or by 1, whichever is larger."""
    e, mask = jnp.ones(2), jnp.zeros(2)
    print((e * mask).sum() / jnp.maximum(mask.sum(), 1))


def focal_right() -> None:
    """Use optax's, which takes logits and returns a value a sample."""
    z, t = jnp.array([3.0, 0.0, -3.0]), jnp.ones(3)
    print(optax.sigmoid_binary_cross_entropy(z, t))
    print(optax.sigmoid_focal_loss(z, t, gamma=2.0))


def perplexity_wrong() -> None:
    """Average the perplexities of the batches."""
    batches = jnp.array([1.0, 2.0]), jnp.array([6.0])
    print(jnp.stack([jnp.exp(e.mean()) for e in batches]).mean())


def perplexity_right() -> None:
    """Average the losses of all tokens, then take one exponential."""
    batches = jnp.array([1.0, 2.0]), jnp.array([6.0])
    print(jnp.exp(jnp.concatenate(batches).mean()))


def temperature_right() -> None:
    """Fit one number on held-out data."""
    z = jnp.array([8.0, 6.0, -5.0, 7.0, -6.0, 9.0])
    t = jnp.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0])

    def loss(log_t):
        return optax.sigmoid_binary_cross_entropy(z / jnp.exp(log_t), t).mean()

    grad = jax.jit(jax.grad(loss))
    log_t = 0.0
    for _ in range(500):
        log_t -= 0.2 * grad(log_t)
    print(f"T = {jnp.exp(log_t):.3f}, loss {loss(0.0):.4f} -> {loss(log_t):.4f}")


def soft_wrong() -> None:
    """Swap what `kl_divergence` takes: log-probabilities come first, the target second."""
    p, q = jnp.array([0.9, 0.1]), jnp.array([0.5, 0.5])
    print(optax.kl_divergence(p, q))


def soft_right() -> None:
    """Give the output in logarithms and the target as it is."""
    p, q = jnp.array([0.9, 0.1]), jnp.array([0.5, 0.5])
    print(optax.kl_divergence(jnp.log(q), p))
    print(optax.softmax_cross_entropy(jnp.log(q), p))


def distillation_right() -> None:
    """Soften both sides by T, and give back the factor that softening costs."""
    T, teacher = 4.0, jnp.array([6.0, 2.0, -2.0])

    @jax.value_and_grad
    def loss(s):
        target = jax.nn.softmax(teacher / T)
        return T * T * optax.kl_divergence(jax.nn.log_softmax(s / T), target)

    print(*loss(jnp.array([1.0, 0.0, 0.0])))


def hinge_wrong() -> None:
    """Write the labels 0 and 1 for a loss that wants -1 and 1."""
    z, t = jnp.array([2.0, -0.5]), jnp.array([1.0, 0.0])
    print(optax.hinge_loss(z, t))


def hinge_right() -> None:
    """Bring the labels to -1 and 1."""
    z, t = jnp.array([2.0, -0.5]), jnp.array([1.0, 0.0])
    print(optax.hinge_loss(z, 2 * t - 1))


def half_wrong() -> None:
    """Compute a loss by hand in float16, whose largest number is 65504."""
    s = jnp.array([12.0, 0.0], jnp.float16)
    print(jnp.log(jnp.exp(s).sum()) - s[0])


def half_right() -> None:
    """Cast the scores to float32 before the loss."""
    s = jnp.array([12.0, 0.0], jnp.float16).astype(jnp.float32)
    print(optax.softmax_cross_entropy_with_integer_labels(s, 0))


def scaling_wrong() -> None:
    """Let small gradients round to 0 in float16."""
    loss = lambda w: 1e-8 * w.astype(jnp.float32)
    print(jax.grad(loss)(jnp.float16(1.0)))


def scaling_right() -> None:
    """Scale the loss up and the gradient down again, in float32."""
    loss = lambda w: 65536 * 1e-8 * w.astype(jnp.float32)
    grad = jax.grad(loss)(jnp.float16(1.0))
    print(f"{grad.astype(jnp.float32) / 65536:.2e}")
