"""What the checker must never do: read a formula wrongly, hang, crash, or run what it should not."""

import time

import numpy as np
import pytest

from eqcheck import DOMAINS, Notation, NotationError, Verdict, check

NAMES = {"np": np, **DOMAINS}
NOTATION = Notation(namespace=NAMES).extended(r"""
x, y, h, b, c : real
n : among(1, 2, 3)
i, j : index(3)
\mathbf{v}, \mathbf{u} : real[3]
\mathbf{A} : real[3, 3]
\mathbf{C} : np.linalg.inv(A)
\mathbf{S} : A * A
f(x) : np.sin(x)
f : np.sin(x)
g : np.cos(x)
t(x) : np.maximum(x, 0)
r(\mathbf{v}) : np.exp(v) / np.exp(v).sum()
q : x * y**2
a : x + b
k : a * x
m : 2 * b
\mathcal{B} : [1, 3]
p(y \mid x) : y * x
D(x\,\|\,y) : x - y
""")
WEAK = "\n% weak: for the test"


def verdict(latex: str, notation: Notation = NOTATION) -> Verdict:
    return check(latex + WEAK, notation)


# Each row: what is true as it is read; what was once read as if it were the same.
READ = [
    (r"\mathbf{A}^{-1} = \mathbf{C}", r"\mathbf{A}^{-1} = \mathbf{S}"),
    (r"\mathbf{A}^2 = \mathbf{A} \mathbf{A}", r"\mathbf{A}^2 = \mathbf{S}"),
    (r"q = x c \quad\text{where } c = y^2", r"q = x c \quad\text{where } c = y^3"),
    (r"x + m = x + 2 b \text{ where } m = 2 b", r"x + m = x + 2 b \text{ where } m = 3 b"),
    (r"\frac{df}{dx}(x) = \cos(x)", r"\frac{df}{dx}(x) = x \cos(x)"),
    (r"\frac{df}{dx}(y) = \cos(y)", r"\frac{df}{dx}(y) = \cos(x)"),
    (r"m = 2 b \quad a = x + b", r"m = 2 b a"),
    (r"m = 2 b \quad\text{and}\quad a = x + b", r"m = 2 b \quad\text{and}\quad a = x - b"),
    (r"m = 2 b \Rightarrow a = x + b", r"m = 2 b \Rightarrow a = x"),
    (r"m = 2 b, & a = x + b", r"m = 2 b, & a = x - b"),
    (r"\sum_{i \in \mathcal{B}} v_i = v_1 + v_3", r"\sum_{i \in \mathcal{B}} v_i = \sum_i v_i"),
    (r"|\mathcal{B}| = 2", r"|\mathcal{B}| = 3"),
    (r"\lim_{h \to 0} \frac{f(x + h) - f(x)}{h} = \cos(x)", r"\lim_{h \to 0} \frac{\cos(h)}{h^2} = 1"),
    (r"A_{21} = A_{2,1}", "A_{21} = A_{12}"),
    (r"\lVert \mathbf{v} \rVert^2 = ||\mathbf{v}||_2^2", r"\|\mathbf{v}\|_1 = \|\mathbf{v}\|_2"),
    (r"\|\mathbf{A}\|_F^2 = \sum_{i,j} A_{ij}^2", r"\|\mathbf{A}\|_F = \sum_{i,j} A_{ij}^2"),
    (r"p(y|x) = |x y| \quad\text{for } x = 1 \text{ and } y = 2", "p(y|x) = |x| + y"),
    (r"D(x\|y) = -D(y\|x)", r"D(x\|y) = D(y\|x)"),
    (r"{1 \over 2} x = \frac{x}{2}", r"{1 \over 2} x = \frac{2}{x}"),
    (r"{x + y} c = y c + x", r"{x + y} c = (x + y) c"),
    (r"\sin^2 x + \cos^2 x = 1", r"\sin x^2 + \cos x^2 = 1"),
    (r"\mathbb{1}\{x > 0\} + \mathbb{1}_{x \le 0} = 1", r"\mathbb{1}[x > 0] + \mathbb{1}[x \le 1] = 1"),
    (r"\frac{d}{dx} x^2 = 2 x", r"\frac{d}{dx} x^2 = 1"),
    (r"\mathbf{v} \cdot \mathbf{u} = \mathbf{v}^\top \mathbf{u}", r"\mathbf{v} \cdot \mathbf{u} = \mathbf{v}^T \mathbf{v}"),
    (r"\begin{align} m &= 2 b \label{eq:a} \\ a &= x + b && \text{by definition} \end{align}", r"\begin{gather} m = 2 b \\ a = x \end{gather}"),
    (r"n! = \prod_{i=1}^n i", r"n! = \prod_{i=1}^n n"),
    (r"\exp(x) = \sum_{n=0}^\infty \frac{x^n}{n!}", r"\exp(x) = \sum_{n=1}^\infty \frac{x^n}{n!}"),
    (r"x \in [-3, 3]", r"x \in [0, 1]"),
    (
        r"t(x) = \left\{ \begin{array}{lr} x, &\quad x > 0 \\ 0, &\quad x \le 0 \end{array} \right.",
        r"t(x) = \left\{ \begin{array}{lr} x, &\quad x < 0 \\ 0, &\quad x \ge 0 \end{array} \right.",
    ),
    (r"\sqrt[3]{\exp(x)} = \exp\left(\frac{x}{3}\right)", r"\sqrt[3]{\exp(x)} = \sqrt{\exp(x)}"),
]  # fmt: skip


@pytest.mark.parametrize("right", [right for right, _ in READ])
def test_it_is_read_as_it_is_meant(right: str) -> None:
    found = verdict(right)
    assert found.mark in {"checked", "sampled"}, found.message


@pytest.mark.parametrize("wrong", [wrong for _, wrong in READ])
def test_it_is_not_read_as_something_else(wrong: str) -> None:
    assert verdict(wrong).mark == "failed"


REFUSED = {
    r"\sum_x x = 1": "takes any value",
    r"\max_x x = 3": "drawn no further",
    r"x \foo y = 1": "no such sign",
    r"\frac{\partial m}{\partial x} + 1 = 1": "depends on x",
    r"\frac{\partial k}{\partial x} = a + x": r"\partial : partial",
    r"\mathbf{v}_{1.5} = 1": "whole number",
    r"v_{2 1} = 1": "side by side",
    r"\|\mathbf{A}\| = 1": "which norm",
    r"|\mathbf{v}| = 1": "around an array",
    r"\exp(\mathbf{A}) = 1": "entry by entry",
    r"r'(\mathbf{v}) = \mathbf{v}": "entry by entry",
    r"\mathbf{v}^2 = 1": "power of a vector",
    r"\frac{1}{\mathbf{v}} = 1": "below the line",
    r"\mathbf{A} + 1 = \mathbf{A}": "square matrix",
    r"\mathbf{v} = 1": "shapes differ",
    r"x = y \text{ or } x = -y": "set words apart",
    r"x = 5 \text{ percent}": "set words apart",
    r"x = x c \text{ for } c = 1, m = b": "the condition",
    r"x = x c \text{ for } c = 1 \\ = 2": "last row",
    r"\ln(x)^2 = 1": "of what it takes",
    r"\sin^{-1} x = 1": "no inverse",
    r"f^2(x) = 1": "outside",
    r"\frac{dg}{dx}(y) = 1": "a product?",
    r"x = 1{,}000": "thousand",
    r"\mathbf{v} \times \mathbf{u} = 1": "between arrays",
    r"x \leftarrow x - 1": "assignment",
    r"x = \cdots + y": "with its index",
    r"x \propto y": "factor",
    r"|x|, |b| \ge 0": "relation of its own",
    r"\sin(x) \approx x": "at some points",
    r"\sum_{i=1}^{x} i = 1": "whole number",
    r"\frac{d}{dx} x y = y": "cannot read",
    r"2 \times x^ y^2 = 1": "cannot read",
}


@pytest.mark.parametrize("latex", REFUSED)
def test_what_could_be_read_in_two_ways_is_refused(latex: str) -> None:
    found = verdict(latex)
    assert found.mark == "failed"
    assert REFUSED[latex] in found.message


def test_at_a_kink_there_is_no_derivative() -> None:
    at_0 = NOTATION.extended("z : among(0.0)")
    assert "kink" in verdict("t'(z) = 1/2", at_0).message
    assert verdict("t'(z) = 1", at_0.extended("z : interval(1, 2)")).mark == "checked"


def test_partial_and_total_derivatives_are_what_the_notation_says() -> None:
    formulas = r"\frac{\partial k}{\partial x} = a", r"\frac{\partial k}{\partial x} = a + x"
    for rule, marks in (("partial", ["checked", "failed"]), ("total", ["failed", "checked"])):
        chosen = NOTATION.extended(rf"\partial : {rule}")
        assert [verdict(formula, chosen).mark for formula in formulas] == marks
    assert verdict(r"\frac{dk}{dx} = a + x").mark == "checked"


def test_a_bare_logarithm_has_the_base_of_the_notation() -> None:
    two = NOTATION.extended(r"\log : np.log2" + "\nu : positive")
    assert verdict(r"\log(u) = \log_2 u", two).mark == "checked"
    assert verdict(r"\log(u) = \ln u", two).mark == "failed"
    none = NOTATION.extended("u, w : positive")
    assert verdict(r"\log(u w) = \log u + \log w", none).mark == "checked"
    guessed = verdict(r"\log u = \ln u", none)
    assert guessed.mark == "sampled"
    assert "base e, as the notation does not say" in guessed.message
    assert "each base" in verdict(r"\log u = 2 \ln u", none).message


def test_a_base_to_which_a_formula_has_no_value_does_not_decide() -> None:
    free = NOTATION.extended("u : positive")
    found = verdict(r"\frac{u (\log 10 - 1)}{\log 10 - 1} = u", free)  # 0/0 to the base 10
    assert found.mark == "sampled"
    assert "base e or 2, as" in found.message
    wrong = verdict(r"\frac{u (\log 10 - 1)}{\log 10 - 1} = 2 u", free)
    assert wrong.mark == "failed"
    assert "to each base of e, 2, 10" in wrong.message
    assert "could be evaluated" in verdict(r"\frac{u (\log 1)}{\log 1} = u", free).message


def test_indices_and_rows_are_those_of_the_notation() -> None:
    zero = Notation(namespace=NAMES).extended(
        "first index : 0\nK : 3\ni : index(K)\n\\mathbf{X} : real[K, 2]\n\\mathbf{v} : real[K]\n"
        "\\mathbf{x}_i : X[i]\nw : np.sum(v)"
    )
    assert verdict(r"w = \sum_{i=0}^{K-1} v_i", zero).mark == "checked"
    assert "out of range" in verdict(r"w = \sum_{i=1}^{K} v_i", zero).message
    assert (
        verdict(r"\mathbf{x}_1 = \begin{pmatrix} X_{10} \\ X_{11} \end{pmatrix}", zero).mark
        == "checked"
    )
    anew = zero.extended(r"\mathbf{x} : real[2]")
    assert verdict(r"x_0 + x_1 = (x_0 + x_1)", anew).mark == "failed"  # it says nothing
    assert verdict(r"2 x_0 = x_0 + x_0", anew).mark == "checked"


def test_a_name_with_a_subscript_may_depend_on_the_symbol_in_it() -> None:
    named = NOTATION.extended("p : unit\nb_p : np.log(p / (1 - p))\ne_p : np.max([p, 1 - p])")
    assert verdict(r"b_p = \ln\left(\frac{p}{1 - p}\right)", named).mark == "checked"
    assert verdict(r"2 e_p = e_p + \max(p, 1 - p)", named).mark == "checked"


def test_two_symbols_of_one_python_name_are_refused() -> None:
    with pytest.raises(NotationError, match="rename"):
        NOTATION.extended("W_1 : real\nW^{(1)} : real")


HOSTILE = {
    "\\frac{1}{" * 400 + "x" + "}" * 400 + " = 1": "",
    "x " * 1000 + "= 1": "",
    "x " * 5000 + "= 1": "",
    r"\frac{d^{12}}{dx^{12}} \sin x = \sin x": "",
    r"\sum_{i=1}^{100000} i = 1": "",
    r"\sum_i" * 14 + " x = 1": "",
    r"\lim_{x \to 0} \lim_{y \to 0} \int_0^1 \frac{\sin(x y c)}{x y c} \, dc = 1": "",
    "|" * 51 + "x = 1": "",
    "\x00": "",
    "": "",
    "\\": "",
    r"\begin{cases} x": "",
    r"171! = 1": "",
    "z = w": "z : w\nw : z",
    "z = 1": "z : 10**400",
    "z = 2": "z : 9**9**9",
    "z = 3": "z : exit()",
    "z = 4": "z : leave()",
    "z = 5": 'z : open("secret")',
    "z = 6": "z : np.ones(10**12)",
    "z = 7": "z : index(0)",
    "z = 8": "z : interval(3, 1)",
    "z = 9": "z : None",
    "z = 10": 'z : "ten"',
    "z = 11": 'z : [1, "a"]',
    "z = 12": "z : np",
    "z(x) = 13": "z(x) : z_1(x)",
    "x \\in [0, 1]": "",
    "x = y \\text{ where } y = 1/0": "",
}


@pytest.mark.parametrize("latex", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_fails_in_time(latex: str) -> None:
    def leave() -> None:
        raise SystemExit

    hostile = Notation(namespace={**NAMES, "leave": leave}).extended(NOTATION_TEXT + HOSTILE[latex])
    before = time.thread_time()
    found = check(latex, hostile, seconds=0.5)
    assert found.mark == "failed"
    assert found.message
    assert time.thread_time() - before < 10


NOTATION_TEXT = "x, y, c : real\ni : index(3)\n"
FORBIDDEN = [
    'z : __import__("os")',
    "z : np.__class__",
    "z : (lambda: 1)()",
    "z : [k for k in [1]]",
    "z : (k for k in [1]).gi_frame",
    "z : x if (k := 1) else 2",
    "z : [0] * 10",
    "z : 1 << 10",
    'z : f"{x}"',
    "z : {}",
    "z : 1 +",
    "z",
]


@pytest.mark.parametrize("line", FORBIDDEN)
def test_a_notation_line_is_an_expression_of_numbers_names_and_calls(line: str) -> None:
    with pytest.raises(NotationError):
        NOTATION.extended(line)
    assert check(f"% notation: {line}\nx = 1", NOTATION).mark == "failed"


def test_a_failure_knows_its_row() -> None:
    found = check("m = 2 b \\\\\na = x + b \\\\\nm = b \\\\\na = b", NOTATION)
    assert (found.line, found.column) == (3, 5)
    missing = check("m = 2 b \\\\\na = x + \\mathbf{w}", NOTATION)
    assert (missing.line, missing.column) == (2, 9)


def test_a_message_shows_a_side_whole() -> None:
    assert r"is \left(x\right)^{2}" in verdict(r"m = \left(x\right)^{2}").message


def test_the_audit_counts_no_slip_that_is_none() -> None:
    even = NOTATION.extended("s(x) : x**2\nd(x, y) : (x - y)**2\nz : np.maximum(x, 0)")
    for fair in (
        r"z = \max(x, 0)",
        "s(x) = x^2",
        "s(2 x) = 4 x^2",
        "d(x, y) = (x - y)^2",
        "x + 0 = 1 x",
    ):
        assert check(fair, even).mark == "checked", check(fair, even).message
    assert "would notice" in check("y + 0 x = y", even).message
