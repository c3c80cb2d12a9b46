"""The check of equations: what it accepts, what it notices, and what it refuses to read."""

import math
from pathlib import Path

import numpy as np
import pytest

import losstheory
from eqcheck.checking import Verdict, check
from eqcheck.domains import DOMAINS
from eqcheck.notation import Notation, NotationError, python_name
from eqcheck.reader import read
from eqcheck.sources import formulas
from eqcheck.tokens import DialectError

SYMBOLS = r"""
w, b, x : real
y : unit
z : w*x + b
o : sigmoid(z)
e : half_squared_error(y, o)
\sigma(z) : sigmoid(z)
\sigma'(z) : sigmoid_grad(z)
f(u) : np.tanh(u)
K : size
i, j : index(K)
\mathbf{s} : real[K]
\mathbf{p} : softmax(s)
\mathbf{v}, \mathbf{q} : real[K]
\mathbf{A} : real[K, K]
P, Q : simplex[K]
P(i) : P[i - 1]
Q(i) : Q[i - 1]
H(P, Q) : cross_entropy(P, Q, base=2)
H(P) : entropy(P, base=2)
D_{\mathrm{KL}}(P\,\|\,Q) : kl_divergence(P, Q, base=2)
g(y \mid x) : y * x
\delta_{ij} : np.eye(K)
t : binary
B : interval(1.5, 9)
at FIRST : x = FIRST.x, w = FIRST.w, b = FIRST.b, y = FIRST.y
"""
NAMES = {**vars(losstheory), "np": np, "math": math, **DOMAINS}
NOTATION = Notation(namespace=NAMES).extended(SYMBOLS)


def verdict(latex: str, *, inline: bool = False) -> Verdict:
    return check(latex, NOTATION, inline=inline)


# Each row: a right equation, then slips of it that have to be found.
CORPUS = [
    (r"o = \sigma(w x + b)", r"o = \sigma(w x - b)", r"o = \sigma(w + b)"),
    (r"\sigma(z) = \frac{1}{1 + \exp(-z)}", r"\sigma(z) = \frac{1}{1 + \exp(z)}"),
    (r"e = \tfrac12 (y - o)^2", r"e = (y - o)^2", r"e = \tfrac12 (y - o)^3", r"e = \tfrac12 (y + o)^2"),
    (
        r"\begin{aligned}\frac{\partial e}{\partial w} &= \frac{\partial e}{\partial o} \,"
        r"\frac{\partial o}{\partial z} \, \frac{\partial z}{\partial w} \\ &= -(y - o) \cdot"
        r" \sigma'(z) \cdot x\end{aligned}",
        r"\begin{aligned}\frac{\partial e}{\partial w} &= \frac{\partial e}{\partial o} \,"
        r"\frac{\partial o}{\partial z} \, \frac{\partial z}{\partial b} \\ &= -(y - o) \cdot"
        r" \sigma'(z) \cdot x\end{aligned}",
        r"\frac{\partial e}{\partial w} = (y - o) \, \sigma'(z) \, x",
        r"\frac{\partial e}{\partial w} = -(y - o) \, \sigma(z) \, x",
    ),
    (
        r"\frac{\partial^2 e}{\partial z^2} = \sigma'(z) (\sigma'(z) + (o - y)(1 - 2 o))",
        r"\frac{\partial^2 e}{\partial z^2} = \sigma'(z) (\sigma'(z) - (o - y)(1 - 2 o))",
    ),
    (
        r"\frac{\partial^2 z}{\partial w\,\partial x} = 1 - \frac{\partial^2 z}{\partial w\,\partial b}",
        r"\frac{\partial^2 z}{\partial w\,\partial x} = \frac{\partial^2 z}{\partial w\,\partial b}",
    ),
    (
        r"\frac{d}{dz} \ln(1 + \exp(z)) = \sigma(z)",
        r"\frac{d}{dz} \log_2(1 + \exp(z)) = \sigma(z)",
        r"\frac{d}{dz} \ln(1 - \exp(z)) = \sigma(z)",
    ),
    (r"f'(z) = 1 - f(z)^2", r"f'(z) = 1 - f(z)"),
    (r"f''(z) = -2 f(z) f'(z)", r"f''(z) = -2 f(z)"),
    (
        r"\frac{\partial p_i}{\partial s_j} = p_i (\delta_{ij} - p_j)",
        r"\frac{\partial p_i}{\partial s_j} = p_i (\delta_{ij} - p_i)",
        r"\frac{\partial p_i}{\partial s_j} = p_i (1 - p_j)",
    ),
    (
        r"p_i = \frac{\exp(s_i)}{\sum_{j=1}^{K} \exp(s_j)}",
        r"p_i = \frac{\exp(s_i)}{\sum_{j=2}^{K} \exp(s_j)}",
        r"p_i = \frac{\exp(s_j)}{\sum_{j=1}^{K} \exp(s_j)}",
    ),
    (
        r"H(P, Q) = -\sum_i P(i) \log_2 Q(i) = H(P) + D_{\mathrm{KL}}(P\,\|\,Q)",
        r"H(P, Q) = -\sum_i P(i) \ln Q(i)",
        r"H(P, Q) = H(P) + D_{\mathrm{KL}}(Q\,\|\,P)",
        r"H(P, Q) = -\sum_i Q(i) \log_2 P(i)",
    ),
    (r"\log_B(x^2 + 1) = \frac{\ln(x^2 + 1)}{\ln B}", r"\log_B(x^2 + 1) = \ln(x^2 + 1) \ln B"),
    (r"\mathbf{v}^\top\mathbf{q} = \sum_{i=1}^{K} v_i q_i", r"\mathbf{v}^\top\mathbf{q} = \sum_i v_i"),
    (
        r"\nabla_{\mathbf{v}} (\mathbf{v}^\top \mathbf{A} \mathbf{v}) = (\mathbf{A} + \mathbf{A}^\top) \mathbf{v}",
        r"\nabla_{\mathbf{v}} (\mathbf{v}^\top \mathbf{A} \mathbf{v}) = 2 \mathbf{A} \mathbf{v}",
    ),
    (
        r"\frac{\partial \mathbf{p}}{\partial \mathbf{s}} = \operatorname{diag}(\mathbf{p}) - \mathbf{p}\mathbf{p}^\top",
        r"\frac{\partial \mathbf{p}}{\partial \mathbf{s}} = \operatorname{diag}(\mathbf{p}) + \mathbf{p}\mathbf{p}^\top",
    ),
    (r"\lVert \mathbf{v} \rVert_2^2 = \mathbf{v}^\top \mathbf{v}", r"\lVert \mathbf{v} \rVert_1^2 = \mathbf{v}^\top \mathbf{v}"),
    (r"\mathbf{v} \odot \mathbf{q} = \operatorname{diag}(\mathbf{v}) \mathbf{q}", r"\mathbf{v} \odot \mathbf{q} = \mathbf{q}"),
    (r"\int_0^z \sigma(u) \, du = \ln(1 + \exp(z)) - \ln 2", r"\int_1^z \sigma(u) \, du = \ln(1 + \exp(z)) - \ln 2"),
    (
        r"\int_{-\infty}^{\infty} \exp\left(-\frac{u^2}{2}\right) \mathrm{d}u = \sqrt{2\pi}",
        r"\int_{-\infty}^{\infty} \exp\left(-\frac{u^2}{2}\right) \mathrm{d}u = 2\pi",
    ),
    (
        r"\max(0, x) = \begin{cases} x, & \text{if } x > 0 \\ 0, & \text{otherwise} \end{cases}",
        r"\max(0, x) = \begin{cases} x, & \text{if } x < 0 \\ 0, & \text{otherwise} \end{cases}",
    ),
    (r"|x| |b| = \lvert x b \rvert", r"|x| |b| = x b"),
    (r"\mathbb{E}_{i \sim P}[s_i] = \sum_i P(i) s_i", r"\mathbb{E}_{i \sim Q}[s_i] = \sum_i P(i) s_i"),
    (r"g(y \mid x) = x y", r"g(x \mid y) = x + y"),
    (r"\prod_{i=1}^{K} \exp(s_i) = \exp\left(\sum_i s_i\right)", r"\prod_{i=1}^{K} \exp(s_i) = \sum_i \exp(s_i)"),
    (r"y^t (1 - y)^{1 - t} = y \quad\text{for } t = 1", r"y^t (1 - y)^{1 - t} = y \quad\text{for } t = 0"),
    (r"\sum_{j \ne i} p_j = 1 - p_i", r"\sum_{j \ne i} p_j = 1"),
    (r"\left. \frac{\partial o}{\partial z} \right|_{z = 0} = \frac14", r"\left. \frac{\partial o}{\partial z} \right|_{z = 0} = \frac12"),
    (r"[x > 0] + [x \le 0] = 1", r"[x > 0] + [x < 1] = 1"),
    (r"\partial o/\partial z = o (1 - o)", r"\partial o/\partial z = o (1 + o)"),
    (r"\max_i s_i = \lim_{B \to \infty} \frac{1}{B} \ln\left(\sum_i \exp(B (s_i - \max_j s_j))\right) + \max_j s_j", r"\max_i s_i = \min_i s_i"),
    (r"\det \begin{pmatrix} x & b \\ y & w \end{pmatrix} = x w - b y".replace(r"\det \begin", r"\det(\begin").replace(r"{pmatrix} =", r"{pmatrix}) ="), r"\det(\begin{pmatrix} x & b \\ y & w \end{pmatrix}) = x w + b y"),
    (r"\underbrace{(y - o)^2}_{\text{error}} = 2 e", r"\underbrace{(y - o)^2}_{\text{error}} = e"),
    (r"\operatorname{artanh}(y) = \tfrac12 \ln\left(\frac{1 + y}{1 - y}\right)", r"\operatorname{artanh}(y) = \ln\left(\frac{1 + y}{1 - y}\right)"),
]  # fmt: skip


@pytest.mark.parametrize("right", [row[0] for row in CORPUS])
def test_right_equations_pass(right: str) -> None:
    found = verdict(right + "\n% weak: the corpus is about truth")
    assert found.mark in {"checked", "sampled"}, found.message
    assert found.gap < 1e-7


@pytest.mark.parametrize("wrong", [slip for row in CORPUS for slip in row[1:]])
def test_slips_are_found(wrong: str) -> None:
    assert verdict(wrong).mark == "failed"
    assert "does not hold" in verdict(wrong).message


HARMLESS = [
    (r"e = \frac{1}{2} (y - o)^2", r"e = \tfrac12(y-o)^{2}"),
    (r"H(P, Q) = -\sum_{i=1}^{K} P(i) \log_2 Q(i)", r"H(P, Q) = -\sum_{j=1}^{K} P(j) \log_2(Q(j))"),
    (r"o - y = -(y - o)", r"-y + o = -(-o + y)"),
    (r"z = w x + b", r"z = b + x \cdot w"),
    (r"2 e = (y - o)^2", r"2\,e = \bigl(y - o\bigr)^2 ."),
    (r"o = \sigma(z)", r"o = \sigma\left( z \right)"),
    (r"x / 2 = b", r"\frac x2 = b"),
]


@pytest.mark.parametrize(("one", "other"), HARMLESS)
def test_harmless_rewrites_change_nothing(one: str, other: str) -> None:
    assert verdict(one).mark == verdict(other).mark


REFUSED = {
    r"\ln o (1 - o) = 1": "brackets",
    r"x / y z = 1": "slash",
    r"x^12 = 1": "write {12}",
    r"x = \pm 1": "two rows",
    r"x + = 1": "cannot read",
    r"x = ": "too early",
    r"o = o": "says nothing",
    r"q_i + r = 1": "does not declare",
    r"h'(x) = 1": "no function h",
    r"\begin{verbatim} x = 1 \end{verbatim}": "environments",
    r"\frac{d}{dz} z \sigma(z) = 1": "cannot read",
    r"s_{ij} = 1": "2 indices",
    r"\mathbf{v} \mathbf{q} = 1": "two columns",
    r"\mathbf{v} = \mathbf{A}": "shapes",
    r"\frac{\partial e}{\partial w^2} = 1": "order",
    "x + y": "no relation",
    r"H(P, Q, P) = 1": "no H",
    "x = y \\text{ for } x > 100": "no point",
    "% stated:": "no reason",
    "% at: NOWHERE\nx = 1": "no point NOWHERE",
    "% notation: q is 1\nx = 1": "a line reads",
}


@pytest.mark.parametrize("latex", REFUSED)
def test_what_is_not_of_the_dialect_is_refused_with_a_reason(latex: str) -> None:
    found = verdict(latex)
    assert found.mark == "failed"
    assert REFUSED[latex] in found.message


def test_a_name_that_is_a_number_and_a_function_is_ambiguous() -> None:
    both = NOTATION.extended("p : unit\np(y) : y")
    with pytest.raises(DialectError, match="call or a product"):
        read("p(1 - y) = 1", both)
    anew = both.extended("p : unit")  # a name declared anew forgets all that it meant
    assert check("p(1 - y) = p - p y", anew).mark == "checked"


@pytest.mark.parametrize("ends", ["1e-12, 2e-12", "1e-6, 2e-6", "1 - 2e-6, 1 - 1e-6"])
def test_derivatives_raise_no_false_alarm_near_0_and_1(ends: str) -> None:
    close = NOTATION.extended(f"o : interval({ends})")
    weak = "% weak: at the very end some terms are too small to be missed\n"
    found = check(weak + r"\frac{\partial}{\partial o} (o^2 (1 - o)) = 2 o - 3 o^2", close)
    assert found.mark == "checked", found.message
    entropic = close.extended("e : binary_cross_entropy(y, o)")
    found = check(weak + r"\frac{\partial e}{\partial o} = \frac{o - y}{o (1 - o)}", entropic)
    assert found.mark == "checked", found.message


def test_numbers_are_rounded_where_they_say_so() -> None:
    assert verdict(r"\sigma'(4) \approx 0.01766", inline=True).mark == "checked"
    assert verdict(r"\sigma'(4) \approx 0.01767", inline=True).mark == "failed"
    assert verdict(r"\sigma'(4) = 0.01766", inline=True).mark == "failed"
    assert verdict(r"\sigma'(0) = 1/4", inline=True).mark == "checked"
    assert verdict(r"\sigma'(0) = 1/2", inline=True).mark == "failed"
    weak = "% weak: 0 has no sign\n"
    assert verdict(weak + r"-(0 - 0.7503) \cdot 0.1873 \cdot 1.5 \approx 0.2108").mark == "checked"


def test_numbers_of_a_named_point() -> None:
    assert verdict(r"\frac{\partial e}{\partial w} \approx 0.2109").mark == "checked"
    assert verdict(r"\frac{\partial e}{\partial w} \approx 0.2119").mark == "failed"
    assert verdict("% at: FIRST\n" + r"o \approx 0.7503").mark == "checked"


def test_inline_settings_and_conditions_are_no_claims() -> None:
    for setting in ("y = 0", "K = 3", "o = 2/3", "|z| = 4", "x", r"i \ne j"):
        assert verdict(setting, inline=True).mark == "setting", setting
    assert verdict("o_i = 1 + q", inline=True).mark == "setting"
    assert verdict("(q + 1) r = 2 q", inline=True).mark == "unread"
    assert verdict(r"(1 + o)^2 = -1", inline=True).mark == "failed"


def test_marks_tell_sampling_from_checking() -> None:
    assert verdict(r"\sigma(-z) = 1 - \sigma(z)").mark == "checked"
    weak = "\n% weak: a bound leaves room"
    assert verdict(r"D_{\mathrm{KL}}(P\,\|\,Q) \ge 0" + weak).mark == "sampled"
    assert verdict(r"D_{\mathrm{KL}}(P\,\|\,Q) \le 0" + weak).mark == "failed"
    assert verdict(r"\max_z \sigma'(z) = \frac14" + weak).mark == "sampled"
    assert verdict(r"\max_z \sigma'(z) = \frac13" + weak).mark == "failed"
    assert verdict(r"\sigma(z) \to 0 \quad\text{as } z \to -\infty" + weak).mark == "sampled"
    assert verdict(r"\sigma(z) \to 1 \quad\text{as } z \to -\infty" + weak).mark == "failed"
    assert verdict(r"\lim_{x \to 0} \frac{\exp(x) - 1}{x} = 1" + weak).mark == "sampled"
    assert verdict(r"\lim_{y \to 0^+} \ln y = -\infty" + weak).mark == "sampled"
    assert (
        verdict(r"\operatorname*{arg\,max}_{y \in [0, 1]} y^2 (1 - y) = \frac23" + weak).mark
        == "sampled"
    )
    assert verdict(r"2 < 3" + weak).mark == "checked"


def test_messages_name_the_sides_the_point_and_the_slip() -> None:
    flipped = verdict(r"\frac{\partial e}{\partial b} = (y - o) \, \sigma'(z)").message
    assert "a sign is flipped" in flipped
    assert "w = " in flipped
    nats = verdict(r"H(P, Q) = -\sum_i P(i) \ln Q(i)").message
    assert "1/ln 2" in nats
    assert "base changed to 2" in nats
    half = verdict("e = (y - o)^2").message
    assert "a factor 2" in half
    place = verdict("o = \\sigma(z), \\\\\nz = w x - b")
    assert (place.line, place.column) == (2, 5)


def test_the_audit_fails_a_check_that_sees_too_little() -> None:
    blind = check("y + 0 x = y", NOTATION)
    assert blind.mark == "failed"
    assert "would notice" in blind.message
    excused = check("% weak: there for the test\ny + 0 x = y", NOTATION)
    assert excused.mark == "checked"
    assert excused.unseen
    assert excused.message == "there for the test"


def test_a_statement_can_be_stated() -> None:
    stated = check("% stated: Shannon's theorem\nL \\ge H", NOTATION)
    assert stated == Verdict("stated", "Shannon's theorem")


def test_notation_lines() -> None:
    assert python_name(r"e_{\mathrm{SE}}") == "e_SE"
    assert python_name(r"\mathbf{w}") == "w"
    assert python_name(r"\lambda") == "lambda_"
    assert python_name(r"\sigma^{-1}") == "sigma_minus1"
    entries = Notation().extended("a, b : real  # weight, bias").entries
    assert [e.meaning for e in entries.values()] == ["weight", "bias"]
    with pytest.raises(NotationError, match="no Python"):
        Notation().extended("a : 1 +")
    broken = NOTATION.extended("c : nowhere(x)")
    assert "fails" in check("c = 1", broken).message


MARKDOWN = r"""
# A page

Inline $a = 1$ and $$b = 2$$ in a line, `code $no$`.

$$
c = 3
$$ (eq-c)

:::{dropdown} Solution
```{math}
:label: eq-d
d = 4
```
:::

```{notation}
k : real
```

```python
# $nothing$
```

| a | b |
|---|---|
| $t = 5$ | |

```{include} other.md
```
"""


def test_formulas_of_a_page(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("$$o = 6$$\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(MARKDOWN, encoding="utf-8")
    found = [(f.kind, f.latex.strip(), f.label) for f in formulas(page)]
    assert found == [
        ("inline", "a = 1", ""),
        ("display", "b = 2", ""),
        ("display", "c = 3", "eq-c"),
        ("display", "d = 4", "eq-d"),
        ("notation", "k : real", ""),
        ("inline", "t = 5", ""),
        ("display", "o = 6", ""),
    ]
    lines = MARKDOWN.splitlines()
    for formula in formulas(page):
        if formula.path == page and formula.kind != "display":
            assert formula.latex.strip() in lines[formula.line - 1]


def test_formulas_of_a_script(tmp_path: Path) -> None:
    script = tmp_path / "plot_x.py"
    script.write_text(
        '"""Title.\n\n:math:`a = 1`\n"""\n# %%\n# Text\n#\n# .. math::\n#    :label: eq-b\n#\n'
        '#    b = 2\n\ndef f():\n    """Do.\n\n    .. math:: c = 3\n    """\n',
        encoding="utf-8",
    )
    found = [(f.kind, f.latex.strip(), f.label) for f in formulas(script)]
    assert found == [
        ("inline", "a = 1", ""),
        ("display", "b = 2", "eq-b"),
        ("display", "c = 3", ""),
    ]
