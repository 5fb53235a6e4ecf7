"""The product plan as an xlsx workbook: cover, effects in sum and by month, launches, phase-outs, decisions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from cycles.actions.audit import record_act
from cycles.models import Company, Cycle, User
from cycles.permissions import sees_margins, sees_prices
from portfolio.models import ProductReview
from portfolio.queries.effects import MEASURES, ChangeEffect, change_effects, total_effect
from portfolio.queries.review import effects_of, launch_cards, phase_out_rows
from portfolio.queries.shapes import PortfolioEffect
from sop.periods import month_key
from sop.quantities import from_minor
from sop.workbooks import Sheet, write_sheets


def export_effects(*, cycle: Cycle, by: User, now: datetime) -> bytes:
    """The workbook as bytes, without money or margins for those who may not see them; written down in the audit."""
    content = write_sheets(_sheets(cycle, by, now), labels=1)
    detail = {"prices": sees_prices(by), "margins": sees_margins(by)}
    record_act(by=by, act="export", subject=f"Product plan, {cycle}", detail=detail)
    return content


def _sheets(cycle: Cycle, by: User, now: datetime) -> Iterator[Sheet]:
    effects = effects_of(cycle)
    rows = change_effects(effects)
    shown = [pair for pair in MEASURES if _may_see(pair[0], by)]
    names = [month_key(month) for month in cycle.months]
    yield "Cover", ("Product plan", str(cycle)), _cover(by, now)
    yield (
        "Effects",
        ("Change", "Where", "In the plan", *(label for _, label in shown)),
        _totals([*rows, total_effect(rows, cycle.months)], shown),
    )
    yield "By month", ("Change", "Where", "Measure", *names), _by_month(rows, shown)
    yield "Launches", *_launches(cycle, effects, by)
    yield "Phase-outs", *_phase_outs(cycle, effects, by)
    yield "Decisions", *_decisions(cycle, by)


def _may_see(measure: str, by: User) -> bool:
    return sees_margins(by) if measure == "margin" else measure == "units" or sees_prices(by)


def _cover(by: User, now: datetime) -> Iterator[Sequence[Any]]:
    company = Company.current()
    yield "Company", company.name
    yield "Exported", f"{now:%Y-%m-%d %H:%M} by {by}"
    yield "Quantities in units, money in", company.currency


def _totals(rows: list[ChangeEffect], shown: list[tuple[str, str]]) -> Iterator[Sequence[Any]]:
    for row in rows:
        held = "yes" if row.planned else "no"
        if len(row.parts) > 1 and row.code:
            for part in row.parts:
                yield part.name, part.where, held, *(sum(getattr(part, name)) for name, _ in shown)
        yield row.name, "together", held, *(sum(getattr(row, name)) for name, _ in shown)


def _by_month(rows: list[ChangeEffect], shown: list[tuple[str, str]]) -> Iterator[Sequence[Any]]:
    for row in rows:
        for part in row.parts:
            for name, label in shown:
                yield part.name, part.where, label, *getattr(part, name)


def _launches(
    cycle: Cycle, effects: list[PortfolioEffect], by: User
) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    prices = ("Revenue, first year", "Really new") if sees_prices(by) else ()
    margins = ("Margin really new",) if sees_margins(by) else ()
    columns = ("Product", "Name", "Month", "Gate", "Owner", "Units, first year", *prices, *margins, "Lacks")
    return columns, [
        (
            card.launch.product.code,
            card.launch.product.description,
            month_key(card.launch.month),
            "on hold" if card.launch.is_held else card.launch.get_gate_display(),
            str(card.launch.owner or ""),
            card.units,
            *((card.money, card.net_money) if prices else ()),
            *((card.net_margin,) if margins else ()),
            ", ".join(card.problems),
        )
        for card in launch_cards(cycle, effects)
    ]


def _phase_outs(
    cycle: Cycle, effects: list[PortfolioEffect], by: User
) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    margins = ("Value", "Write-off") if sees_margins(by) else ()
    columns = (
        "Product", "Name", "Last month", "Last order", "Successor", "In stock", "Coming", "Still sells",
        "Left over", *margins, "Lacks",
    )  # fmt: skip
    return columns, [
        (
            row.phase_out.product.code,
            row.phase_out.product.description,
            month_key(row.phase_out.end_month),
            f"{row.phase_out.last_order:%Y-%m-%d}" if row.phase_out.last_order else "",
            row.phase_out.successor.code if row.phase_out.successor else "",
            row.stock,
            row.coming,
            row.sells,
            row.left,
            *((row.left_value, row.write_off) if margins else ()),
            ", ".join(row.problems),
        )
        for row in phase_out_rows(cycle, effects)
    ]


def _decisions(cycle: Cycle, by: User) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    prices = ("Revenue a year",) if sees_prices(by) else ()
    margins = ("Margin a year",) if sees_margins(by) else ()
    columns = ("Product", "Proposal", "Decision", "Owner", "Units a year", *prices, *margins, "Reason")
    rows = ProductReview.objects.filter(cycle=cycle).exclude(decision="").select_related("product", "owner")
    return columns, [
        (
            row.product.code,
            row.proposal,
            row.decision,
            str(row.owner or ""),
            row.effect_units,
            *((_money(row.effect_revenue_minor),) if prices else ()),
            *((_money(row.effect_margin_minor),) if margins else ()),
            row.reason,
        )
        for row in rows.order_by("product__code")
    ]


def _money(minor: int | None) -> float | None:
    return None if minor is None else from_minor(minor)
