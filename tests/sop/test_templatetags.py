"""Numbers, money, months and small drawings in templates."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from sop import numbers

NBSP = "\u00a0"


def drawn(text: str, **context: Any) -> str:
    return Template("{% load sop_format sop_parts %}" + text).render(Context(context))


# ---- numbers ----


@pytest.mark.parametrize(
    ("style", "text"),
    [("en", "−1,234.5"), ("de", "−1.234,5"), ("fr", "−1\u202f234,5"), ("ch", "−1’234.5"), ("??", "−1,234.5")],
)
def test_a_number_follows_the_persons_format(style: str, text: str) -> None:
    assert drawn("{% number value 1 %}", value=-1234.5, number_format=style) == text


@pytest.mark.parametrize("value", [None, "", "12", float("nan"), float("inf"), True])
def test_what_is_no_number_is_a_dash(value: Any) -> None:
    assert drawn("{% number value %}", value=value) == "–"


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "1"), (1.5, "2"), (2.5, "3"), (-0.4, "0"), (Decimal("2.675"), "3")]
)
def test_halves_round_away_from_zero_and_there_is_no_minus_zero(value: Any, text: str) -> None:
    assert drawn("{% number value %}", value=value) == text


@pytest.mark.parametrize(("value", "text"), [(3.14, "+3.1"), (-0.3, "−0.3"), (0.04, "0.0"), (-0.04, "0.0")])
def test_a_difference_has_a_sign_but_a_rounded_zero(value: float, text: str) -> None:
    assert drawn("{% signed value %}", value=value) == text


def test_a_difference_keeps_its_unit_on_the_line() -> None:
    assert drawn('{% signed 2 0 "pts" %}') == f"+2{NBSP}pts"


@pytest.mark.parametrize(
    ("share", "text"), [(0.813, f"81{NBSP}%"), (0, f"0{NBSP}%"), (1.2, f"120{NBSP}%"), (None, "–")]
)
def test_a_share_as_percent(share: Any, text: str) -> None:
    assert drawn("{% percent share %}", share=share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4_600_000, f"€{NBSP}4.6{NBSP}m"),
        (67_000, f"€{NBSP}67{NBSP}k"),
        (1_250, f"€{NBSP}1.3{NBSP}k"),
        (812, f"€{NBSP}812"),
        (-1_200_000, f"−€{NBSP}1.2{NBSP}m"),
        (999_999, f"€{NBSP}1.0{NBSP}m"),
        (2.5e9, f"€{NBSP}2.5{NBSP}bn"),
        (0, f"€{NBSP}0"),
        (None, "–"),
    ],
)
def test_money_is_short_unless_digits_are_asked_for(value: Any, text: str) -> None:
    assert drawn("{% money value %}", value=value) == text


def test_money_exact_in_cents_and_in_another_currency() -> None:
    assert drawn('{% money 123456 "CHF" digits=2 minor=True %}', number_format="ch") == f"CHF{NBSP}1’234.56"
    assert drawn("{% money 12 signed=True %}", currency="USD") == f"+${NBSP}12"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from(sorted(numbers.STYLES)))
def test_what_is_shown_reads_back_as_the_number(value: float, style: str) -> None:
    marks = numbers.STYLES[style]
    text = numbers.format_number(value, 2, style).replace(numbers.MINUS, "-")
    plain = text.replace(marks.thousands, "").replace(marks.decimal, ".")
    assert Decimal(plain) == numbers.rounded(Decimal(str(value)), 2)


# ---- dates ----


def test_months_and_days_in_words() -> None:
    context = {"month": date(2027, 2, 1), "when": datetime(2026, 11, 18, 17, 0, tzinfo=UTC)}
    assert drawn("{{ month|month }} {{ month|month_short }} {{ when|day }} {{ when|moment }}", **context) == (
        "Feb 2027 Feb Wed 18 Nov Wed 18 Nov, 17:00"
    )
    assert drawn("{{ nothing|month }}", nothing=None) == "–"


# ---- words and tones ----


@pytest.mark.parametrize(
    ("value", "direction", "tone"),
    [
        (1, "up", "good"),
        (-1, "up", "bad"),
        (1, "down", "bad"),
        (-1, "down", "good"),
        (0, "up", ""),
        (5, "none", ""),
    ],
)
def test_the_tone_of_a_difference(value: int, direction: str, tone: str) -> None:
    assert drawn("{{ value|tone:direction }}", value=value, direction=direction) == tone


@pytest.mark.parametrize(
    ("name", "letters"), [("Mara Lindqvist", "ML"), ("Ana de Souza Lima", "AL"), ("planner", "PL")]
)
def test_initials(name: str, letters: str) -> None:
    assert drawn("{{ name|initials }}", name=name) == letters


# ---- drawings ----


def numbers_in(text: str, attribute: str) -> list[float]:
    return [float(value) for value in re.findall(rf'\b{attribute}="(-?[\d.]+)"', text)]


def test_an_icon_is_decoration() -> None:
    assert '#check"' in drawn('{% icon "check" "good" %}')
    assert 'aria-hidden="true"' in drawn('{% icon "check" %}')


def test_a_sparkline_needs_two_values_and_stays_in_its_box() -> None:
    assert drawn("{% sparkline values %}", values=[1]) == ""
    line = drawn("{% sparkline values 5 %}", values=[1, None, 3, 2])
    points = [float(part) for part in re.search(r'points="([^"]+)"', line)[1].replace(",", " ").split()]
    assert all(0 <= y <= 22 for y in points[1::2])
    assert len(points) == 6
    assert 'class="goal"' in line


def test_flat_values_draw_a_flat_line() -> None:
    assert "nan" not in drawn("{% sparkline values %}", values=[4, 4, 4])


@pytest.mark.parametrize(("value", "left", "width"), [(10, 50, 48), (-5, 26, 24), (99, 50, 48), (0, 50, 0)])
def test_a_diverging_bar(value: int, left: float, width: float) -> None:
    bar = drawn("{% diverging value 10 %}", value=value)
    assert (numbers_in(bar, "x")[0], numbers_in(bar, "width")[0]) == (left, width)


def test_needed_against_available() -> None:
    over = numbers_in(drawn("{% stacked_share 150 100 %}"), "width")
    assert over == [100, pytest.approx(66.7), pytest.approx(33.3)]
    assert numbers_in(drawn("{% stacked_share 50 100 %}"), "width") == [100, 50, 0]


@pytest.mark.parametrize(
    ("value", "step"), [(60, 0), (70, 0), (85, 1), (86, 2), (100, 3), (101, 4), (113, 5)]
)
def test_the_step_of_a_heat_cell(value: int, step: int) -> None:
    assert drawn("{% heat_step value 70 85 95 100 110 %}", value=value) == f"heat-{step}"


def test_likelihood_says_its_word() -> None:
    assert "Possible" in drawn("{% likelihood 2 %}")
    assert drawn("{% likelihood 2 %}").count('class="on"') == 2


def test_names_are_escaped() -> None:
    assert "<b>" not in drawn("{% avatar name %}{% icon name %}", name="<b>x <b>y")


def test_a_query_string_with_one_thing_changed() -> None:
    request = SimpleNamespace(GET=QueryDict("family=A&page=3"))
    assert drawn("{% query page=4 %}", request=request) == "?family=A&amp;page=4"
    assert drawn("{% query page=None family='' %}", request=request) == "?"
