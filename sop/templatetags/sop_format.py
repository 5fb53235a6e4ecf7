"""Numbers, money, months and tones in templates, in the format of the person who reads."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from sop import numbers

register = template.Library()


def _style(context: Context) -> str:
    return str(context.get("number_format") or numbers.DEFAULT_STYLE)


@register.simple_tag(takes_context=True)
def number(context: Context, value: Any, digits: int = 0) -> str:
    """``{% number 1234.5 1 %}``: 1,234.5"""
    return numbers.format_number(value, digits, _style(context))


@register.simple_tag(takes_context=True)
def signed(context: Context, value: Any, digits: int = 1, suffix: str = "") -> str:
    """``{% signed 3.14 suffix="pts" %}``: +3.1 pts"""
    text = numbers.format_signed(value, digits, _style(context))
    return f"{text}{numbers.THIN}{suffix}" if suffix else text


@register.simple_tag(takes_context=True)
def percent(context: Context, share: Any, digits: int = 0, signed: bool = False) -> str:
    """``{% percent 0.813 %}``: 81 %"""
    return numbers.format_percent(share, digits, _style(context), signed=signed)


@register.simple_tag(takes_context=True)
def money(
    context: Context,
    value: Any,
    currency: str = "",
    digits: int | None = None,
    signed: bool = False,
    minor: bool = False,
) -> str:
    """``{% money 4600000 %}``: € 4.6 m. ``minor=True`` takes cents; without currency the company's own is used."""
    amount = numbers.as_decimal(value)
    if amount is not None and minor:
        amount /= 100
    shown = currency or str(context.get("currency") or "EUR")
    return numbers.format_money(amount, shown, digits, _style(context), signed=signed)


@register.simple_tag(takes_context=True)
def compact(context: Context, value: Any, digits: int = 1) -> str:
    """``{% compact 6070000 %}``: 6.1 m"""
    return numbers.format_compact(value, digits, _style(context))


def _as_date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


@register.filter
def month(value: Any) -> str:
    """Feb 2027"""
    day = _as_date(value)
    return f"{day:%b %Y}" if day else numbers.EMPTY


@register.filter
def month_short(value: Any) -> str:
    """Feb"""
    day = _as_date(value)
    return f"{day:%b}" if day else numbers.EMPTY


@register.filter
def day(value: Any) -> str:
    """Wed 18 Nov"""
    when = _as_date(value)
    return f"{when:%a} {when.day} {when:%b}" if when else numbers.EMPTY


@register.filter
def moment(value: Any) -> str:
    """Wed 18 Nov, 17:00"""
    if not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {local:%H:%M}"


@register.filter
def tone(value: Any, good_direction: str = "up") -> str:
    """ "good" or "bad" for a difference; nothing for zero or where no direction is good."""
    amount = numbers.as_decimal(value)
    if not amount or good_direction not in {"up", "down"}:
        return ""
    return "good" if (amount > 0) == (good_direction == "up") else "bad"


@register.filter
def initials(name: Any) -> str:
    """Mara Lindqvist: ML"""
    words = str(name).split()
    return (
        "".join(word[0] for word in (words[0], words[-1]) if word).upper()
        if len(words) > 1
        else str(name)[:2].upper()
    )
