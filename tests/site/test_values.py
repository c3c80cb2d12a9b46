"""Numbers in prose: what is right to the digits shown is accepted, what is not is refused."""

import re

import pytest

from losstheory_site.values import checked_values, numbers
from small_site import Built


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("0.7503", "FIRST.o"),
        ("0.1406", "half_squared_error_with_logits_grad(0.0, FIRST.z)"),
        ("−0.25", "-1 / 4"),
        ("4/27", "4 / 27"),
        ("1/4", "sigmoid_grad(0.0)"),
        ("4.54e-5", "sigmoid(-10.0)"),
        ("4.54×10⁻⁵", "sigmoid(-10.0)"),
        ("4.54 × 10^-5", "sigmoid(-10.0)"),
        ("1,000,000", "10**6"),
        ("22\N{THIN SPACE}026", "np.exp(10.0)"),
        ("7 %", "0.0707"),
        ("12.3 %", "0.12349"),
        ("50", "sum([49.9])"),
    ],
)
def test_right_value_is_accepted(text: str, expression: str) -> None:
    checked_values.check(text, expression)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("0.1407", "half_squared_error_with_logits_grad(0.0, FIRST.z)"),
        ("0.750", "0.7496 - 0.0002"),
        ("4/27", "0.148148"),
        ("−0.25", "1 / 4"),
        ("4.54e-4", "sigmoid(-10.0)"),
        ("7", "0.07"),
        ("0.5", "math.nan"),
        ("0.5", "no_such_name"),
        ("0.5", "open('/dev/null')"),
        ("half", "0.5"),
    ],
)
def test_wrong_value_is_refused(text: str, expression: str) -> None:
    with pytest.raises(ValueError, match=re.escape(expression) if text != "half" else "half"):
        checked_values.check(text, expression)


def test_values_are_found_with_their_lines() -> None:
    page = "One\n\n{value}`0.5 <1 / 2>`, and\n:value:`1/4 <sigmoid_grad(\n0.0)>`."
    assert list(checked_values.find(page)) == [
        (3, "0.5", "1 / 2"),
        (4, "1/4", "sigmoid_grad( 0.0)"),
    ]
    with pytest.raises(ValueError, match="write"):
        list(checked_values.find("{value}`0.5`"))


def test_number_carries_its_expression(small: Built) -> None:
    assert '<span class="value" title="sigmoid(0.0)">0.5</span>' in small("learn/page.html")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("65,504 and 10,000,000.", "65\u202f504 and 10\u202f000\u202f000."),
        ("1,000 × 1,000", "1\u202f000 × 1\u202f000"),
        ("-1e+12, 3e-17 and 2.5e6", "−1×10¹², 3×10⁻¹⁷ and 2.5×10⁶"),
        ("-1 and 1, at -100 (or -0.5)", "−1 and 1, at −100 (or −0.5)"),
        ("points 1,2,3 and 0.5,100", "points 1,2,3 and 0.5,100"),
        (
            "commit 7537e48, 01e33b6, x-1, 2020-01-02, 3-4",
            "commit 7537e48, 01e33b6, x-1, 2020-01-02, 3-4",
        ),
        ("in 1988, 12345,678", "in 1988, 12345,678"),
    ],
)
def test_numbers_are_written_one_way(typed: str, shown: str) -> None:
    assert numbers.write(typed) == shown


def test_numbers_are_written_where_people_read_them(small: Built) -> None:
    page = small("learn/page.html")
    assert ">1\u202f000\u202f000</span>, its inverse 1×10⁻⁶; in code" in page
    assert "1,000,000</span></code>" in page
