"""Small drawn parts: icons, trend lines, bars. SVG attributes, because the content policy allows no inline style."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from sop.numbers import as_decimal
from sop.templatetags.sop_format import initials

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT = 76, 22
LIKELIHOODS = ["Unlikely", "Possible", "Likely"]


@register.simple_tag
def icon(name: str, tone: str = "") -> SafeString:
    """A symbol of static/img/icons.svg; decoration, the words beside it say the same."""
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        tone,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def sparkline(values: Sequence[float | None], goal: float | None = None) -> SafeString:
    """A trend line with an optional dashed goal. Empty values are left out; fewer than two draw nothing."""
    known = [float(value) for value in values or [] if value is not None]
    if len(known) < 2:
        return mark_safe("")
    span = [*known, float(goal)] if goal is not None else known
    low, height = min(span), max(span) - min(span) or 1.0

    def x(position: int) -> str:
        return f"{position / (len(known) - 1) * SPARK_WIDTH:.1f}"

    def y(value: float) -> str:
        return f"{SPARK_HEIGHT - 2 - (value - low) / height * (SPARK_HEIGHT - 4):.1f}"

    goal_line = (
        format_html(
            '<line class="goal" x1="0" x2="{}" y1="{}" y2="{}"/>', SPARK_WIDTH, y(float(goal)), y(float(goal))
        )
        if goal is not None
        else ""
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true">{}<polyline class="line" points="{}"/>'
        '<circle class="last" cx="{}" cy="{}" r="2.5"/></svg>',
        SPARK_WIDTH,
        SPARK_HEIGHT,
        goal_line,
        " ".join(f"{x(place)},{y(value)}" for place, value in enumerate(known)),
        x(len(known) - 1),
        y(known[-1]),
    )


@register.simple_tag
def diverging(value: Any, largest: Any) -> SafeString:
    """A bar to the right (plus) or to the left (minus) of the middle; ``largest`` fills one half."""
    amount, most = float(as_decimal(value) or 0), abs(float(as_decimal(largest) or 0))
    width = min(abs(amount) / most, 1.0) * 48 if most else 0.0
    left = 50 - width if amount < 0 else 50.0
    return format_html(
        '<svg class="diverge" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="{}" x="{}" y="2" width="{}" height="10"/>'
        '<line class="middle" x1="50" x2="50" y1="0" y2="14" vector-effect="non-scaling-stroke"/></svg>',
        "minus" if amount < 0 else "plus",
        f"{left:.1f}",
        f"{width:.1f}",
    )


@register.simple_tag
def stacked_share(used: Any, available: Any) -> SafeString:
    """Needed against available: grey up to what is there, red for what is beyond it."""
    need, room = float(as_decimal(used) or 0), float(as_decimal(available) or 0)
    whole = max(need, room) or 1.0
    within, over = min(need, room) / whole * 100, max(need - room, 0.0) / whole * 100
    return format_html(
        '<svg class="share" viewBox="0 0 100 15" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="free" width="100" height="15"/><rect class="used" width="{}" height="15"/>'
        '<rect class="over" x="{}" width="{}" height="15"/></svg>',
        f"{within:.1f}",
        f"{within:.1f}",
        f"{over:.1f}",
    )


@register.simple_tag
def likelihood(level: int) -> SafeString:
    """1, 2 or 3 as small bars and a word."""
    level = min(max(int(level), 1), len(LIKELIHOODS))
    bars = format_html_join(
        "", '<i class="{}"></i>', (("on" if place < level else "",) for place in range(3))
    )
    return format_html('<span class="likely">{}<span>{}</span></span>', bars, LIKELIHOODS[level - 1])


@register.simple_tag
def avatar(name: str, own: bool = False) -> SafeString:
    """Initials in a small circle; the name itself stands beside it."""
    kind = "me small" if own else "me small other"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', kind, initials(name))


@register.simple_tag
def heat_step(value: Any, *limits: float) -> str:
    """``heat-0`` up to the first limit, one step more above each limit."""
    amount = as_decimal(value)
    if amount is None:
        return ""
    return f"heat-{sum(amount > limit for limit in limits[:5])}"


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The present query string with these parameters changed; None or "" takes one out."""
    request = context.get("request")
    present = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        if value in (None, ""):
            present.pop(key, None)
        else:
            present[key] = str(value)
    return f"?{present.urlencode()}" if present else "?"


@register.simple_tag
def field_attributes(field: BoundField) -> str:
    """A form field's widget with what a screen reader needs: whether it is wrong, and where help and errors stand."""
    described = [f"{field.auto_id}_help"] if field.help_text else []
    attributes: dict[str, str | bool] = {}
    if field.errors:
        described.append(f"{field.auto_id}_errors")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attributes)
