"""Numbers as people read them. The format is each person's own and never guessed: 1.234 is two different numbers."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "\u2212"
EMPTY = "\u2013"
THIN = "\u00a0"  # keeps a number and its unit on one line
CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
STEPS = [(Decimal(1_000_000_000), "bn"), (Decimal(1_000_000), "m"), (Decimal(1_000), "k")]

EXACT = Context(prec=400)  # the longest float written out


@dataclass(frozen=True)
class NumberStyle:
    """How one format groups thousands and marks decimals."""

    thousands: str
    decimal: str


STYLES = {
    "en": NumberStyle(",", "."),
    "de": NumberStyle(".", ","),
    "fr": NumberStyle("\u202f", ","),
    "ch": NumberStyle("\u2019", "."),
}
DEFAULT_STYLE = "en"


def as_decimal(value: object) -> Decimal | None:
    """The value as an exact decimal; None where it is no finite number."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def rounded(number: Decimal, digits: int) -> Decimal:
    """Half away from zero, as people round."""
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=EXACT)


def format_number(value: object, digits: int = 0, style: str = DEFAULT_STYLE) -> str:
    """``1,234.5`` in the person's format; a dash for what is empty, never "-0"."""
    number = as_decimal(value)
    if number is None:
        return EMPTY
    number = rounded(number, digits)
    marks = STYLES.get(style, STYLES[DEFAULT_STYLE])
    text = (
        f"{abs(number):,.{digits}f}".replace(",", "\0")
        .replace(".", marks.decimal)
        .replace("\0", marks.thousands)
    )
    return (MINUS if number < 0 else "") + text


def format_signed(value: object, digits: int = 1, style: str = DEFAULT_STYLE) -> str:
    """A difference with its sign, except for a rounded zero."""
    number = as_decimal(value)
    text = format_number(value, digits, style)
    return f"+{text}" if number is not None and rounded(number, digits) > 0 else text


def format_percent(
    share: object, digits: int = 0, style: str = DEFAULT_STYLE, *, signed: bool = False
) -> str:
    """A share (0.813) as percent: ``81 %``."""
    number = as_decimal(share)
    if number is None:
        return EMPTY
    text = (format_signed if signed else format_number)(number * 100, digits, style)
    return f"{text}{THIN}%"


def format_compact(value: object, digits: int = 1, style: str = DEFAULT_STYLE) -> str:
    """A large number short: ``6.1 m``, ``12 k``; below a thousand as it is."""
    number = as_decimal(value)
    if number is None:
        return EMPTY
    for size, letter in STEPS:
        # 999,960 is 1.0 m, not 1,000.0 k
        if rounded(abs(number) / size, digits) >= 1:
            shown = 0 if letter == "k" and abs(number) >= 10_000 else digits
            return f"{format_number(number / size, shown, style)}{THIN}{letter}"
    return format_number(number, 0 if number == number.to_integral_value() else digits, style)


def format_money(
    value: object,
    currency: str = "EUR",
    digits: int | None = None,
    style: str = DEFAULT_STYLE,
    *,
    signed: bool = False,
) -> str:
    """Money in whole currency units: ``€ 4.6 m``, or exact where ``digits`` are given. The sign stands in front."""
    number = as_decimal(value)
    if number is None:
        return EMPTY
    size = abs(number)
    if digits is None:
        # Below a thousand nobody counts the cents; prices ask for them by ``digits``.
        text = format_number(size, 0, style) if size < 1_000 else format_compact(size, 1, style)
    else:
        text = format_number(size, digits, style)
    sign = MINUS if number < 0 else "+" if signed and number else ""
    return f"{sign}{CURRENCY_SIGNS.get(currency, currency)}{THIN}{text}"
