"""Random formulas, printed as LaTeX by SymPy and read back, have the value that SymPy gives."""

import random

import numpy as np
import pytest
import sympy
from sympy.printing.latex import LatexPrinter

from eqcheck.domains import DOMAINS
from eqcheck.notation import Notation
from eqcheck.points import Context, Point
from eqcheck.reader import read
from eqcheck.values import value

SYMBOLS = sympy.symbols("x y z", positive=True)
NOTATION = Notation(namespace=dict(DOMAINS)).extended("x, y, z : positive\nt : 0.0")


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


@pytest.mark.parametrize("seed", range(100))
def test_sympy_and_the_reader_agree(seed: int) -> None:
    rng = random.Random(seed)
    expression = grown(rng, rng.randint(1, 4))
    latex = Dialect({"fold_short_frac": False}).doprint(expression)
    ((chain,),) = [row.children for row in read(f"{latex} = t", NOTATION).children]
    for _ in range(3):
        values = {symbol: rng.uniform(0.3, 2.0) for symbol in SYMBOLS}
        point = {str(symbol): number for symbol, number in values.items()}
        expected = complex(expression.evalf(30, subs=values))
        if abs(expected.imag) > 1e-12 or not 1e-9 < abs(expected) < 1e9:
            continue
        with np.errstate(all="ignore"):
            found = value(chain.children[0], Point(NOTATION, point, Context()))
        assert found == pytest.approx(expected.real, rel=1e-9, abs=0.0), latex
