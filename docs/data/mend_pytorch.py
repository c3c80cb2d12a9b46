"""What goes wrong in PyTorch, and what mends it: mend.py runs the body of each function."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

rng = np.random.default_rng(0)
X = np.append(rng.normal(0, 1, 950), rng.normal(0.7, 1, 50))
X = torch.tensor(X, dtype=torch.float32)[:, None]
y = torch.tensor([0.0] * 950 + [1.0] * 50)


def fit(**options):
    """Fit a logistic regression to the rare class."""
    model = nn.Linear(1, 1)
    loss = nn.BCEWithLogitsLoss(**options)
    sgd = torch.optim.SGD(model.parameters(), lr=2.0)
    for _ in range(300):
        sgd.zero_grad()
        loss(model(X)[:, 0], y).backward()
        sgd.step()
    return model


def nan_wrong() -> None:
    """Write the softmax by hand: `exp(100)` is inf in float32, and inf / inf is NaN."""
    s = torch.tensor([[100.0, 0.0]])
    o = torch.exp(s) / torch.exp(s).sum()
    print(-torch.log(o[0, 0]))


def nan_right() -> None:
    """Give the scores to the loss, which subtracts the largest first."""
    s = torch.tensor([[100.0, 0.0]])
    print(F.cross_entropy(s, torch.tensor([0])))


def find_nan_right() -> None:
    """Let the backward pass name the operation that made the first NaN."""
    s = torch.tensor([100.0, 0.0], requires_grad=True)
    with torch.autograd.set_detect_anomaly(True):
        o = torch.exp(s) / torch.exp(s).sum()
        (-torch.log(o[0])).backward()


def where_wrong() -> None:
    """Mask the result: the value is fine, the gradient is 0 times inf."""
    p = torch.tensor([0.0, 1.0], requires_grad=True)
    e = torch.where(p > 0, -p * torch.log(p), 0.0)
    e.sum().backward()
    print(e.detach(), p.grad)


def where_right() -> None:
    """Mask the argument as well, so that no branch ever meets the 0."""
    p = torch.tensor([0.0, 1.0], requires_grad=True)
    safe = torch.where(p > 0, p, 1.0)
    e = torch.where(p > 0, -p * torch.log(safe), 0.0)
    e.sum().backward()
    print(e.detach(), p.grad)


def diverge_wrong() -> None:
    """Step so far that every step overshoots further than the last."""
    w = torch.tensor(1.0, requires_grad=True)
    sgd = torch.optim.SGD([w], lr=0.1)
    for _ in range(100):
        loss = (10 * w - 30) ** 2
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    print(loss.item(), w.item())


def diverge_right() -> None:
    """Take a smaller step; `clip_grad_norm_` bounds what a rare sample can do."""
    w = torch.tensor(1.0, requires_grad=True)
    sgd = torch.optim.SGD([w], lr=0.001)
    for _ in range(100):
        loss = (10 * w - 30) ** 2
        sgd.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([w], max_norm=1000.0)
        sgd.step()
    print(f"{loss.item():.4f} {w.item():.4f}")


def inf_wrong() -> None:
    """Take the sigmoid first: it rounds to 0, and the logarithm of 0 is -inf."""
    z = torch.tensor([-200.0])
    print(-torch.log(torch.sigmoid(z)))


def inf_right() -> None:
    """Give the logit to the loss."""
    z = torch.tensor([-200.0])
    print(F.binary_cross_entropy_with_logits(z, torch.tensor([1.0])))


def capped_wrong() -> None:
    """Give probabilities that are exactly 0: the logarithm is stopped at -100."""
    z = torch.tensor([-200.0], requires_grad=True)
    e = F.binary_cross_entropy(torch.sigmoid(z), torch.tensor([1.0]))
    e.backward()
    print(e.item(), z.grad)


def capped_right() -> None:
    """Give the logit: the loss is what it is, and so is the gradient."""
    z = torch.tensor([-200.0], requires_grad=True)
    e = F.binary_cross_entropy_with_logits(z, torch.tensor([1.0]))
    e.backward()
    print(e.item(), z.grad)


def negative_wrong() -> None:
    """Give probabilities to `NLLLoss`, which takes no logarithm."""
    s = torch.tensor([[2.0, 0.0]])
    print(F.nll_loss(F.softmax(s, dim=-1), torch.tensor([0])))


def negative_right() -> None:
    """Give it log-probabilities, or the scores to `cross_entropy`."""
    s = torch.tensor([[2.0, 0.0]])
    print(F.nll_loss(F.log_softmax(s, dim=-1), torch.tensor([0])))
    print(F.cross_entropy(s, torch.tensor([0])))


def stuck_wrong() -> None:
    """Start every weight at 0: nothing tells the hidden units apart, and nothing moves."""
    xor = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    t = torch.tensor([0.0, 1, 1, 0])
    net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
    for weight in net.parameters():
        nn.init.zeros_(weight)
    adam = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(300):
        loss = F.binary_cross_entropy_with_logits(net(xor)[:, 0], t)
        adam.zero_grad()
        loss.backward()
        adam.step()
    print(f"{loss.item():.4f}")


def stuck_right() -> None:
    """Keep the random start that the layers come with."""
    torch.manual_seed(0)
    xor = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    t = torch.tensor([0.0, 1, 1, 0])
    net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
    adam = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(300):
        loss = F.binary_cross_entropy_with_logits(net(xor)[:, 0], t)
        adam.zero_grad()
        loss.backward()
        adam.step()
    print(f"{loss.item():.4f}")


def accuracy_wrong() -> None:
    """Compare logits with 0.5, which is the threshold of probabilities."""
    z = torch.tensor([-1.0, 0.2, 0.4, 2.0])
    t = torch.tensor([0.0, 1.0, 1.0, 1.0])
    print(((z > 0.5) == t.bool()).float().mean())


def accuracy_right() -> None:
    """Compare logits with 0, or probabilities with 0.5."""
    z = torch.tensor([-1.0, 0.2, 0.4, 2.0])
    t = torch.tensor([0.0, 1.0, 1.0, 1.0])
    print(((z > 0) == t.bool()).float().mean())


def both_rise_wrong() -> None:
    """Train until one more answer is right, and one mistake is certain."""
    t = torch.tensor([1.0, 1.0, 1.0, 1.0])
    early = torch.tensor([0.6, 0.8, -0.2, -0.4])
    late = torch.tensor([3.0, 4.0, 1.0, -9.0])
    for z in (early, late):
        loss = F.binary_cross_entropy_with_logits(z, t)
        print(f"{(z > 0).float().mean():.2f} {loss:.4f}")


def both_rise_right() -> None:
    """Divide the logits by a temperature: the answers stay, the certainty goes."""
    t = torch.tensor([1.0, 1.0, 1.0, 1.0])
    late = torch.tensor([3.0, 4.0, 1.0, -9.0])
    for z in (late, late / 10):
        loss = F.binary_cross_entropy_with_logits(z, t)
        print(f"{(z > 0).float().mean():.2f} {loss:.4f}")


def one_class_wrong() -> None:
    """Ask for more than one half where one sample in twenty says yes."""
    o = torch.sigmoid(fit()(X)[:, 0])
    yes = o > 0.5
    print(f"says yes {yes.sum()}, finds {yes[y == 1].sum()} of 50")


def one_class_right() -> None:
    """Ask for more than the base rate: the same model, another threshold."""
    o = torch.sigmoid(fit()(X)[:, 0])
    yes = o > y.mean()
    print(f"says yes {yes.sum()}, finds {yes[y == 1].sum()} of 50")


def slow_wrong() -> None:
    """Put squared error behind a sigmoid, and start certain and wrong."""
    w = torch.tensor(4.0, requires_grad=True)
    for _ in range(100):
        F.mse_loss(torch.sigmoid(w), torch.tensor(0.0)).backward()
        w = (w - 0.15 * w.grad).detach().requires_grad_()
    print(f"{torch.sigmoid(w):.4f}")


def slow_right() -> None:
    """Take the loss that matches the sigmoid."""
    w = torch.tensor(4.0, requires_grad=True)
    for _ in range(100):
        F.binary_cross_entropy_with_logits(w, torch.tensor(0.0)).backward()
        w = (w - 0.15 * w.grad).detach().requires_grad_()
    print(f"{torch.sigmoid(w):.4f}")


def logits_wrong() -> None:
    """Put a softmax before `cross_entropy`, which has one inside."""
    s = torch.tensor([[9.0, 0.0, 0.0]])
    print(F.cross_entropy(F.softmax(s, dim=-1), torch.tensor([0])))


def logits_right() -> None:
    """Give `cross_entropy` the scores."""
    s = torch.tensor([[9.0, 0.0, 0.0]])
    print(F.cross_entropy(s, torch.tensor([0])))


def pos_weight_wrong() -> None:
    """Weight the rare class, and read the output as a probability."""
    model = fit(pos_weight=torch.tensor(19.0))
    print(f"says {torch.sigmoid(model(X)).mean():.4f}, is {y.mean():.4f}")


def pos_weight_right() -> None:
    """Take the logarithm of the weight off the logit again."""
    model = fit(pos_weight=torch.tensor(19.0))
    z = model(X) - torch.log(torch.tensor(19.0))
    print(f"says {torch.sigmoid(z).mean():.4f}, is {y.mean():.4f}")


def class_weight_wrong() -> None:
    """Expect a mean over samples: PyTorch divides by the sum of the weights."""
    s = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    t, weight = torch.tensor([0, 0, 1]), torch.tensor([1.0, 4.0])
    print(f"{F.cross_entropy(s, t, weight=weight):.4f}")


def class_weight_right() -> None:
    """Weight each loss and take the mean that you mean."""
    s = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    t, weight = torch.tensor([0, 0, 1]), torch.tensor([1.0, 4.0])
    e = weight[t] * F.cross_entropy(s, t, reduction="none")
    print(f"{e.mean():.4f} {e.sum() / weight[t].sum():.4f}")


def reduction_wrong() -> None:
    """Compare two losses that share their name, and little else."""
    o, t = torch.tensor([0.9, 0.6, 0.2]), torch.tensor([1.0, 1.0, 0.0])
    print(f"mean {F.mse_loss(o, t):.4f}")
    print(f"sum  {F.mse_loss(o, t, reduction='sum'):.4f}")


def reduction_right() -> None:
    """Ask for one value a sample; then the half and the mean are yours."""
    o, t = torch.tensor([0.9, 0.6, 0.2]), torch.tensor([1.0, 1.0, 0.0])
    e = F.mse_loss(o, t, reduction="none") / 2
    print(f"mean {e.mean():.4f}, sum {e.sum():.4f}")


def smoothing_right() -> None:
    """Smooth inside the loss; the target is 0.9 + 0.1 / 3 here."""
    s, t = torch.tensor([[4.0, 0.0, 0.0]]), torch.tensor([0])
    print(F.cross_entropy(s, t).item())
    print(F.cross_entropy(s, t, label_smoothing=0.1).item())


def mask_wrong() -> None:
    """Multiply the padding by 0, and divide by its number all the same."""
    s = torch.zeros(1, 4, 10)
    t = torch.tensor([[3, 7, 0, 0]])
    mask = torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    e = F.cross_entropy(s.transpose(1, 2), t, reduction="none")
    print((e * mask).mean())


def mask_right() -> None:
    """Divide by what was counted, or mark the padding with `ignore_index`."""
    s = torch.zeros(1, 4, 10)
    t = torch.tensor([[3, 7, 0, 0]])
    mask = torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    e = F.cross_entropy(s.transpose(1, 2), t, reduction="none")
    print((e * mask).sum() / mask.sum())
    t = torch.tensor([[3, 7, -100, -100]])
    print(F.cross_entropy(s.transpose(1, 2), t, ignore_index=-100))


def no_target_wrong() -> None:
    """Average a batch in which every target is ignored: 0 / 0."""
    s, t = torch.zeros(2, 10), torch.tensor([-100, -100])
    print(F.cross_entropy(s, t))


def no_target_right() -> None:
    """Sum, and divide by the count or by 1, whichever is larger."""
    s, t = torch.zeros(2, 10), torch.tensor([-100, -100])
    e = F.cross_entropy(s, t, reduction="sum")
    print(e / (t != -100).sum().clamp(min=1))


def focal_right() -> None:
    """Write it over the stable loss, from which `expm1` gives 1 - o."""
    z, t = torch.tensor([3.0, 0.0, -3.0]), torch.tensor([1.0, 1.0, 1.0])
    e = F.binary_cross_entropy_with_logits(z, t, reduction="none")
    focal = torch.expm1(-e) ** 2 * e
    print(e, focal)


def perplexity_wrong() -> None:
    """Average the perplexities of the batches."""
    batches = torch.tensor([1.0, 2.0]), torch.tensor([6.0])
    print(torch.stack([e.mean().exp() for e in batches]).mean())


def perplexity_right() -> None:
    """Average the losses of all tokens, then take one exponential."""
    batches = torch.tensor([1.0, 2.0]), torch.tensor([6.0])
    print(torch.cat(batches).mean().exp())


def temperature_right() -> None:
    """Fit one number on held-out data."""
    z = torch.tensor([8.0, 6.0, -5.0, 7.0, -6.0, 9.0])
    t = torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0, 1.0])
    log_t = torch.zeros((), requires_grad=True)
    lbfgs = torch.optim.LBFGS([log_t], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        lbfgs.zero_grad()
        e = F.binary_cross_entropy_with_logits(z / log_t.exp(), t)
        e.backward()
        return e

    before = loss().item()
    lbfgs.step(loss)
    print(f"T = {log_t.exp():.3f}, loss {before:.4f} -> {loss():.4f}")


def soft_wrong() -> None:
    """Swap what `kl_div` takes: log-probabilities come first, the target second."""
    p, q = torch.tensor([[0.9, 0.1]]), torch.tensor([[0.5, 0.5]])
    print(F.kl_div(p, q, reduction="batchmean"))


def soft_right() -> None:
    """Give the output in logarithms and the target as it is."""
    p, q = torch.tensor([[0.9, 0.1]]), torch.tensor([[0.5, 0.5]])
    print(F.kl_div(q.log(), p, reduction="batchmean"))
    print(F.cross_entropy(q.log(), p))


def distillation_right() -> None:
    """Soften both sides by T, and give back the factor that softening costs."""
    T = 4.0
    teacher = torch.tensor([[6.0, 2.0, -2.0]])
    s = torch.tensor([[1.0, 0.0, 0.0]], requires_grad=True)
    e = F.kl_div(
        F.log_softmax(s / T, dim=-1),
        F.log_softmax(teacher / T, dim=-1),
        log_target=True,
        reduction="batchmean",
    )
    (T * T * e).backward()
    print((T * T * e).item(), s.grad)


def hinge_wrong() -> None:
    """Take `HingeEmbeddingLoss`, which judges distances and not margins."""
    z, t = torch.tensor([2.0, -0.5]), torch.tensor([1.0, -1.0])
    print(F.hinge_embedding_loss(z, t, reduction="none"))


def hinge_right() -> None:
    """Write the hinge in one line; `multi_margin_loss` is the one for scores."""
    z, t = torch.tensor([2.0, -0.5]), torch.tensor([1.0, -1.0])
    print(torch.relu(1 - t * z))


def half_wrong() -> None:
    """Compute a loss by hand in float16, whose largest number is 65504."""
    s = torch.tensor([12.0, 0.0], dtype=torch.float16)
    print(torch.log(torch.exp(s).sum()) - s[0])


def half_right() -> None:
    """Cast the scores to float32 before the loss."""
    s = torch.tensor([[12.0, 0.0]], dtype=torch.float16)
    print(F.cross_entropy(s.float(), torch.tensor([0])))


def scaling_wrong() -> None:
    """Let small gradients round to 0 in float16."""
    w = torch.tensor(1.0, dtype=torch.float16, requires_grad=True)
    (1e-8 * w.float()).backward()
    print(w.grad)


def scaling_right() -> None:
    """Scale the loss up and the gradient down again, in float32."""
    w = torch.tensor(1.0, dtype=torch.float16, requires_grad=True)
    (65536 * (1e-8 * w.float())).backward()
    print(f"{w.grad.float() / 65536:.2e}")
