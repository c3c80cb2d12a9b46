"""Random formulas, printed as LaTeX by SymPy and read back, have the value that SymPy gives."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy
from sympy.printing.latex import LatexPrinter

from eqcheck.domains import DOMAINS
from eqcheck.notation import Notation
from eqcheck.points import Context, Point
from eqcheck.reader import read
from eqcheck.tokens import DialectError
from eqcheck.values import value

SYMBOLS = sympy.symbols("x y z", positive=True)
IN, JN, H = sympy.symbols("i j h")
W, V = sympy.IndexedBase("w"), sympy.IndexedBase("v")
A, B = sympy.MatrixSymbol("A", 3, 3), sympy.MatrixSymbol("B", 3, 3)
C = sympy.MatrixSymbol("c", 3, 1)
NOTATION = Notation(namespace=dict(DOMAINS)).extended(
    "x, y, z : positive\ni, j : index(3)\nw, v, c : real[3]\nA, B : real[3, 3]\nt : 0.0"
)


class Dialect(LatexPrinter):  # type: ignore[misc]  # SymPy is untyped
    """Print in the dialect of the site: functions with brackets, no letter e for a number."""

    def _call(self, name: str, argument: sympy.Expr) -> str:
        return rf"{name}\left({self._print(argument)}\right)"

    def _print_exp(self, expr: sympy.Expr, exp: str | None = None) -> str:
        return self._powered(self._call(r"\exp", expr.args[0]), exp)

    _print_ExpBase = _print_exp

    def _print_log(self, expr: sympy.Expr, exp: str | None = None) -> str:
        return self._powered(self._call(r"\ln", expr.args[0]), exp)

    def _print_tanh(self, expr: sympy.Expr, exp: str | None = None) -> str:
        return self._powered(self._call(r"\tanh", expr.args[0]), exp)

    def _print_Abs(self, expr: sympy.Expr, exp: str | None = None) -> str:
        return self._powered(rf"\left|{self._print(expr.args[0])}\right|", exp)

    def _print_Max(self, expr: sympy.Expr, exp: str | None = None) -> str:
        inside = ", ".join(map(self._print, expr.args))
        return self._powered(rf"\max\left({inside}\right)", exp)

    def _print_Determinant(self, expr: Any, exp: str | None = None) -> str:
        return self._powered(self._call(r"\det", expr.args[0]), exp)

    def _print_HadamardProduct(self, expr: Any) -> str:
        return r" \odot ".join(rf"\left({self._print(part)}\right)" for part in expr.args)

    def _print_Sum(self, expr: Any) -> str:
        folds = (rf"\sum_{{{name}={low}}}^{{{high}}}" for name, low, high in reversed(expr.limits))
        return rf"{' '.join(folds)} \left({self._print(expr.function)}\right)"

    def _print_Derivative(self, expr: Any) -> str:
        below = " ".join(rf"\partial {name}" for name in expr.variables)
        order = f"^{len(expr.variables)}" if len(expr.variables) > 1 else ""
        return rf"\frac{{\partial{order}}}{{{below}}} \left({self._print(expr.expr)}\right)"

    def _print_Limit(self, expr: Any) -> str:
        inner, symbol, end, _ = expr.args
        return rf"\lim_{{{symbol} \to {self._print(end)}}} \left({self._print(inner)}\right)"

    def _powered(self, text: str, exp: str | None) -> str:
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


def grown(rng: random.Random, depth: int) -> sympy.Expr:
    """Return a random expression."""
    if depth == 0:
        return rng.choice([*SYMBOLS, sympy.Integer(rng.randint(1, 12)), sympy.Rational(1, 3)])
    a, b = grown(rng, depth - 1), grown(rng, rng.randint(0, depth - 1))
    grow = [
        lambda: a + b,
        lambda: a - b,
        lambda: a * b,
        lambda: a / (1 + b**2),
        lambda: -a,
        lambda: a ** rng.choice([2, 3, -1, sympy.Rational(1, 2)]),
        lambda: sympy.exp(-(a**2)),
        lambda: sympy.log(1 + a**2),
        lambda: sympy.tanh(a),
        lambda: sympy.Abs(a),
        lambda: sympy.Max(a, b),
    ]
    return rng.choice(grow)()


def large(rng: random.Random) -> sympy.Expr:
    """Return a random sum, product, derivative, integral, limit or choice of cases."""
    x, y, z = SYMBOLS
    a, b = grown(rng, rng.randint(0, 2)), grown(rng, 1)
    smooth = rng.choice(
        [
            x**2 + b.subs(x, y),
            x**2 + a.subs(x, y),
            sympy.exp(-x) * y,
            sympy.tanh(x + y),
            1 / (1 + x**2),
        ]
    )
    forms: list[Callable[[], sympy.Expr]] = [
        lambda: a + sympy.Sum(W[IN] * b, (IN, 1, rng.choice([2, 3]))) * z,
        lambda: sympy.Sum(sympy.Sum(W[IN] * V[JN] ** 2 * x, (IN, 1, 2)), (JN, 1, 3)) - a,
        lambda: sympy.Product(1 + V[IN] ** 2 * b, (IN, 1, 3)) / (1 + a**2),
        lambda: a * sympy.Sum(W[IN] ** 2, (IN, 1, 3)) ** rng.choice([2, 3]),
        lambda: b + sympy.Derivative(smooth, x),
        lambda: a * sympy.Derivative(smooth, x, rng.choice([x, y])),
        lambda: a + sympy.Integral(smooth, (x, rng.choice([0, 1]), rng.choice([2, y]))),
        lambda: b * sympy.Limit((smooth.subs(x, x + H) - smooth) / H, H, 0),
        lambda: b + sympy.Limit(smooth.subs(a, 1) / (x + 1), x, rng.choice([0, 1, 3])),
        lambda: 2 * sympy.Piecewise((a, x > y), (b, y <= z), (a - b, True)),
    ]
    return rng.choice(forms)()


def arrays(rng: random.Random, depth: int) -> Any:
    """Return a random square matrix."""
    if depth == 0:
        return rng.choice([A, B, A.T, B.T])
    one, other = arrays(rng, depth - 1), arrays(rng, 0)
    forms: list[Callable[[], Any]] = [
        lambda: one + other,
        lambda: one - 2 * other,
        lambda: one * other,
        lambda: other * one,
        lambda: SYMBOLS[0] * one,
        lambda: one.T,
        lambda: (one + other) ** 2,
        (one + other).inverse,
        lambda: sympy.HadamardProduct(one + B, other),
        lambda: C * C.T * one,
    ]
    return rng.choice(forms)()


PRINTER = Dialect({"fold_short_frac": False})


def read_value(latex: str, values: dict[Any, Any]) -> Any:
    """Return the value of a formula as the checker reads it, or None where it refuses to."""
    try:
        ((chain,),) = [row.children for row in read(f"{latex} = t", NOTATION).children]
        with np.errstate(all="ignore"):
            point = Point(NOTATION, {str(name): v for name, v in values.items()}, Context())
            return value(chain.children[0], point)
    except DialectError:
        return None


def drawn(rng: random.Random) -> dict[Any, float]:
    """Return a number for each symbol."""
    return {symbol: rng.uniform(0.3, 2.0) for symbol in SYMBOLS}


Case = tuple[str, dict[Any, Any], Any]  # a formula, values for its symbols, and its own value


def numbers(rng: random.Random) -> Case:
    expression = grown(rng, rng.randint(1, 4))
    values = drawn(rng)
    expected = complex(expression.evalf(30, subs=values))
    real = abs(expected.imag) < 1e-12 and 1e-9 < abs(expected) < 1e9
    return PRINTER.doprint(expression), values, expected.real if real else None


def calculus(rng: random.Random) -> Case:
    expression, values = large(rng), drawn(rng)
    w, v = (np.array([rng.uniform(-2, 2) for _ in range(3)]) for _ in range(2))
    entries = {base[k + 1]: array[k] for base, array in ((W, w), (V, v)) for k in range(3)}
    expected = float(expression.doit().subs({**values, **entries}).evalf())
    return PRINTER.doprint(expression), {**values, "w": w, "v": v}, expected


def matrices(rng: random.Random) -> Case:
    matrix, x = arrays(rng, rng.randint(1, 3)), rng.uniform(0.3, 2.0)
    forms = [matrix, matrix * C, C.T * matrix, sympy.trace(matrix), sympy.det(matrix)]
    expression = rng.choice(forms)
    drawn = {s: np.array([rng.uniform(-2, 2) for _ in range(s.rows * s.cols)]) for s in (A, B, C)}
    given = {s: sympy.Matrix(s.rows, s.cols, list(drawn[s])) for s in drawn}
    expected = np.array(expression.subs({**given, SYMBOLS[0]: x}).doit(), dtype=float)
    shaped = {s: drawn[s] if s is C else drawn[s].reshape(3, 3) for s in drawn}
    return PRINTER.doprint(expression), {**shaped, SYMBOLS[0]: x}, expected


def conditions(rng: random.Random) -> Case:
    signs = [sympy.Gt, sympy.Lt, sympy.Ge, sympy.Le, sympy.Ne, sympy.Eq]
    relations = [rng.choice(signs)(grown(rng, 1), grown(rng, 1)) for _ in range(rng.randint(1, 2))]
    values: dict[Any, Any] = {symbol: rng.choice([0.5, 1.0, 1.5]) for symbol in SYMBOLS}
    if any(relation in {sympy.true, sympy.false} for relation in relations):
        return "1", values, 1.0
    inside = ", ".join(map(PRINTER.doprint, relations))
    expected = all(bool(relation.subs(values)) for relation in relations)
    return rf"\mathbb{{1}}\{{{inside}\}}", values, float(expected)


KINDS: dict[Callable[[random.Random], Case], float] = {
    numbers: 1e-9,
    calculus: 1e-6,
    matrices: 1e-6,
    conditions: 0.0,
}  # and how near they come


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("start", range(0, 64, 16))
def test_sympy_and_the_reader_agree(kind: Callable[[random.Random], Case], start: int) -> None:
    refused = []
    for seed in range(start, start + 16):
        latex, values, expected = kind(random.Random(seed))
        if expected is None:
            continue
        found = read_value(latex, values)
        if found is None:
            refused.append(latex)
            continue
        near = pytest.approx(np.ravel(expected), rel=KINDS[kind], abs=min(KINDS[kind], 1e-8))
        assert np.ravel(found) == near, (seed, latex)
    assert len(refused) <= 1, refused
