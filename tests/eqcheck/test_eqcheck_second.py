"""What the checker lets pass is read by a second parser as well; the two have to agree."""

import random

import numpy as np
import pytest

from eqcheck import DOMAINS, Notation, check
from second_reading import compared
from site_equations import displayed

NOTATION = Notation(namespace={"np": np, **DOMAINS}).extended(r"""
a, b, c, x, t, m : real
p, q, u, \lambda, \eta : unit
r, s, \sigma, \beta, n : positive
N : size
i, j : index(N)
w_i, v_i : real[N]
z : a*x + b
y : 1 / (1 + np.exp(-z))
e : (c - y)**2 / 2
f(x) : np.sin(x) * x
g(x) : np.exp(-x**2)
k(x, t) : np.exp(-(x - t)**2 / 2)
S(x) : 1 / (1 + np.exp(-x))
""")
# Formulas as papers and textbooks of this field write them.
PUBLISHED = [
    r"S(z) = \frac{1}{1 + e^{-z}} % notation: e : np.e",
    r"S(-x) = 1 - S(x)",
    r"S(x) = \frac{1}{2} + \frac{1}{2} \tanh\left(\frac{x}{2}\right)",
    r"\tanh x = 2 S(2x) - 1",
    r"\frac{dy}{dz} = y (1 - y)",
    r"\frac{\partial e}{\partial a} = (y - c)\, y (1 - y)\, x",
    r"\frac{\partial e}{\partial b} = \frac{\partial e}{\partial y} \frac{\partial y}{\partial z} \frac{\partial z}{\partial b}",
    r"\frac{\partial^2 z}{\partial a \, \partial x} = 1 + 0 b",
    r"\frac{d}{dx} \left(x^3 - 2x\right) = 3x^2 - 2",
    r"\frac{d}{dx} \ln(1 + e^x) = \frac{e^x}{1 + e^x}",
    r"\ln(r s) = \ln r + \ln s",
    r"\ln \frac{r}{s} = \ln r - \ln s",
    r"\log_2(r) = \frac{\ln r}{\ln 2}",
    r"-p \ln p - (1-p) \ln(1-p) = -\ln\left(p^p (1-p)^{1-p}\right)",
    r"p^2 + 2pq + q^2 = (p + q)^2",
    r"\frac{1}{1+\lambda} = 1 - \frac{\lambda}{1+\lambda}",
    r"\frac{a^2 - b^2}{a - b} = a + b",
    r"(a+b)^{3} = a^{3} + 3a^{2}b + 3ab^{2} + b^{3}",
    r"\sqrt{x^2} = |x|",
    r"\left|a b\right| = \left|a\right| \left|b\right|",
    r"\sqrt[3]{r^6} = r^2",
    r"2^{n+1} = 2 \cdot 2^n",
    r"e^{a+b} = e^a e^b",
    r"\sum_{i=1}^{N} (w_i - m)^2 = \sum_{i=1}^{N} w_i^2 - 2m \sum_{i=1}^{N} w_i + N m^2",
    r"\sum_{i=1}^{N} \left(a w_i + b v_i\right) = a \sum_{i=1}^{N} w_i + b \sum_{i=1}^{N} v_i",
    r"\sum_{i=1}^{N} \sum_{j=1}^{N} w_i v_j = \left(\sum_{i=1}^{N} w_i\right) \left(\sum_{j=1}^{N} v_j\right)",
    r"\prod_{i=1}^{N} e^{w_i} = e^{\sum_{i=1}^{N} w_i}",
    r"\frac{1}{N} \sum_{i=1}^{N} i = \frac{N + 1}{2}",
    r"\int_0^1 x^2 \, dx = \frac{1}{3} + 0 a",
    r"\int_0^u e^{-\beta t} \, dt = \frac{1 - e^{-\beta u}}{\beta}",
    r"\int_{-1}^{1} k(x, t) \, dt = \int_{-1}^{1} \exp\left(-\frac{(x-t)^2}{2}\right) dt",
    r"f(x) = x \sin x",
    r"\sin(2x) = 2 \sin x \cos x",
    r"\sin^2 x + \cos^2 x = 1",
    r"\cosh^2 x - \sinh^2 x = 1",
    r"g(x) = \exp(-x^2)",
    r"k(x, t) = g\left(\frac{x - t}{\sqrt{2}}\right)",
    r"\frac{1}{\sqrt{2 \pi \sigma^2}} e^{-\frac{(x-m)^2}{2\sigma^2}} = \frac{1}{\sigma\sqrt{2\pi}} \exp\left(-\frac{1}{2}\left(\frac{x-m}{\sigma}\right)^2\right)",
    r"a - \eta (a - b) = (1 - \eta) a + \eta b",
    r"x - (a - b) = x - a + b",
    r"-x^2 = -(x \cdot x)",
    r"\frac{a}{b} c = \frac{a c}{b}",
    r"a \cdot b + c = c + b a",
    r"\max(a, b) = \frac{a + b + |a - b|}{2}",
    r"\min(a, b) + \max(a, b) = a + b",
    r"3! \, a = 6 a",
    r"w_1 + v_{1} = v_1 + w_{1}",
]


def disagreements(latex: str, notation: Notation) -> tuple[int, list[str]]:
    """Return how many sides both read as a number, and those whose values differ."""
    pairs = list(compared(latex, notation))
    bad = [f"{text}: {a} and {b}" for text, a, b in pairs if abs(a - b) > 1e-5 * (1 + abs(a))]
    return len(pairs), bad


@pytest.mark.parametrize("latex", PUBLISHED)
def test_two_readings_of_what_is_published_agree(latex: str) -> None:
    notation = NOTATION.extended("e : np.e") if "e^" in latex else NOTATION
    formula = latex.partition(" %")[0]
    found = check(f"{formula}\n% weak: it is about reading", notation)
    assert found.mark == "checked", found.message
    count, bad = disagreements(formula, notation)
    assert count
    assert not bad


def test_two_readings_of_the_site_agree() -> None:
    # SymPy cannot take up what a formula says of its own notation.
    plain = [
        (f, n) for f, n in displayed() if "% notation" not in f.latex and "% at" not in f.latex
    ]
    results = [disagreements(f.latex, n) for f, n in random.Random(3).sample(plain, 8)]
    assert sum(count for count, _ in results) > 6
    assert not [text for _, bad in results for text in bad]


def test_the_second_reading_is_another_one() -> None:
    # A value of the derivative for us, a product for SymPy: the notation tells, it knows none.
    both = NOTATION.extended("h : np.sin(x) * x\nh(x) : np.sin(x) * x")
    count, bad = disagreements(r"\frac{dh}{dx}(t) = \sin t + t \cos t", both)
    assert (count, len(bad)) == (2, 1)
