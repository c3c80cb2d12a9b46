"""Formulas become MathML that every engine draws right, and break where a line may."""

import re
import xml.etree.ElementTree as ET

import pytest
from docutils import nodes
from math_core import LatexError

from losstheory_site.maths import mathml
from losstheory_site.maths.derivation import rows_of
from small_site import Built


def mathml_of(tex: str) -> str:
    """Convert and write out, without the wrapper."""
    text = ET.tostring(mathml.to_mathml(tex, display=False), encoding="unicode")
    return re.sub(r"</?math[^>]*>|<mrow />", "", text)


def test_primes_leave_the_superscript() -> None:
    prime = '<mo lspace="0" rspace="0">′</mo>'
    assert f"<mrow><mi>σ</mi>{prime}</mrow>" in mathml_of(r"\sigma'(z)")
    assert f"<msup><mrow><mi>f</mi>{prime}</mrow><mrow><mn>2</mn></mrow></msup>" in mathml_of(
        "f'^2"
    )
    assert f"<msub><mrow><mi>e</mi>{prime}</mrow><mi>i</mi></msub>" in mathml_of("e'_i")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in mathml_of("x^2")


@pytest.mark.parametrize("tex", [r"\bigl(1 - o\bigr)^2", "(1 - o)^2", "a(b(1 - o))^2", "[1 - o]^2"])
def test_power_of_a_bracket_has_the_whole_bracket_as_its_base(tex: str) -> None:
    [script] = mathml.to_mathml(tex, display=True).iter("msup")
    base = "".join(script[0].itertext())
    assert base == {"a": "(b(1−o))", "[": "[1−o]"}.get(tex[0], "(1−o)")
    whole = "".join(mathml.to_mathml(tex, display=True).itertext())
    assert whole == "".join(re.sub(r"\\big[lr]|[\^ ]", "", tex)).replace("-", "−")


def test_wrong_tex_is_refused() -> None:
    for tex in (r"\frac{a}{", r"\nosuchcommand", "a_b_c", r"\begin{aligned} a"):
        with pytest.raises(LatexError):
            mathml.to_mathml(tex, display=True)


def test_wide_formulas_are_told_from_narrow_ones() -> None:
    rows = r"\begin{aligned} a &= b \\ &= c + d \\ &= f \end{aligned}"
    narrow, wide = (
        r"\frac{1 + \exp(-z)}{1 + \exp(-2z)}",
        "a + b + c + d + f + g + h = i + j + k + l",
    )
    lengths = [mathml.row_length(mathml.to_mathml(t, display=True)) for t in (rows, narrow, wide)]
    assert lengths[0] < lengths[1] <= mathml.WIDE < lengths[2]


def test_a_derivation_has_its_reasons_beside_its_rows() -> None:
    tex = r"""\begin{aligned}
    o &= \sigma(z) \\
      &= \frac{1}{1 + \exp(-z)} \qquad \text{for } z > 0 && \text{by definition, of } \text{z} \\
      &= 1 && \text{a limit}
    \end{aligned}"""
    rows = rows_of(mathml.to_mathml(tex, display=True))
    assert [row.reason for row in rows] == ["", "by definition, of z", "a limit"]
    parts = [["".join(side.itertext()) for side in (row.left, row.right)] for row in rows]
    assert parts == [["o", "=σ(z)"], ["", "=11+exp\u2061(−z)for\xa0z>0"], ["", "=1"]]
    assert all(side.get("displaystyle") for row in rows for side in (row.left, row.right))


def test_what_has_no_reasons_is_left_alone() -> None:
    for tex in ("a = b", r"\begin{aligned} a &= b \\ &= c \end{aligned}"):
        assert rows_of(mathml.to_mathml(tex, display=True)) == []


def test_a_reason_is_words() -> None:
    tex = r"\begin{aligned} a &= b && c = d \end{aligned}"
    with pytest.raises(ValueError, match="a reason is words"):
        rows_of(mathml.to_mathml(tex, display=True))


def test_long_inline_formula_may_break_before_its_relations() -> None:
    pieces = mathml.split_at_relations(mathml.to_mathml("a = b + c = d", display=False))
    assert ["".join(piece.itertext()) for piece in pieces] == ["a", "=b+c", "=d"]


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [("so ", ", and", "z,"), ("at most (", ").", "(z)."), ("so ", " is", None)],
)
def test_formula_keeps_its_punctuation(before: str, after: str, kept: str | None) -> None:
    formula = nodes.math("z", "z")
    paragraph = nodes.paragraph("", "", nodes.Text(before), formula, nodes.Text(after))
    mathml.keep_punctuation(formula)
    assert paragraph.astext() == before + "z" + after
    spans = [span.astext() for span in paragraph.findall(nodes.inline)]
    assert spans == ([] if kept is None else [kept])


def test_equation_has_its_number_its_mark_and_one_anchor(small: Built) -> None:
    page = small("learn/page.html")
    assert page.count('id="equation-eq-output"') == 1
    assert re.search(
        r'<span class="eqno"><a class="eqcheck checked" [^>]*>✓</a>\(1\)<a class="h', page
    )
    assert 'href="#equation-eq-output">(1)</a>' in page
    assert "),</span> and a long one" in page  # punctuation is kept with the formula before it
