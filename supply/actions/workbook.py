"""The supply plan as an xlsx workbook: cover, families, load, gaps, projected stock."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from cycles.actions.audit import record_act
from cycles.models import Company, User, Version
from cycles.permissions import sees_margins
from sop.quantities import from_minor, from_quanta
from sop.workbooks import write_sheets
from supply.models import ProductSiteFact, SupplyGap, SupplySummary
from supply.queries.load import load_rows

FAMILY_ROWS = (
    ("Wanted", "demand", False), ("Sales served", "supplied", False), ("Production", "production", False),
    ("Stock at month end", "closing", False), ("Revenue", "revenue_minor", True), ("Not served", "gap_minor", True),
)  # fmt: skip
LOAD_ROWS = (
    ("Hours needed", "needed"), ("Hours planned", "used"), ("Regular hours", "regular"), ("Overtime limit", "overtime"),
)  # fmt: skip


def export_plan(*, plan: Version, by: User, now: datetime) -> bytes:
    """The workbook as bytes, without costs and margins for those who may not see them; written down in the audit."""
    content = write_sheets(_sheets(plan, by, now), labels=2)
    record_act(
        by=by, act="export", subject=f"{plan.name}, {plan.cycle}",
        detail={"version": plan.content_hash, "margins": sees_margins(by)},
    )  # fmt: skip
    return content


def _sheets(
    plan: Version, by: User, now: datetime
) -> Iterator[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]:
    months = plan.cycle.months
    names = [f"{month:%Y-%m}" for month in months]
    yield "Cover", ("Supply plan", plan.name), _cover(plan, by, now)
    yield "Families", ("Family", "Measure", *names), _families(plan, months)
    yield "Load", ("Resource", "Measure", *names), _load(plan)
    margin = ("Margin",) if sees_margins(by) else ()
    yield (
        "Gaps",
        ("Product", "Market", "Month", "Units", "Sales", *margin, "Cause"),
        _gaps(plan, bool(margin)),
    )
    yield "Stock", ("Product", "Site", *names), _stock(plan, months)


def _cover(plan: Version, by: User, now: datetime) -> Iterator[Sequence[Any]]:
    company = Company.current()
    yield "Company", company.name
    yield "Cycle", str(plan.cycle)
    yield "Made", f"{plan.frozen_at:%Y-%m-%d %H:%M}" if plan.frozen_at else ""
    yield "With", plan.engine_version
    yield "Figures (SHA-256)", plan.content_hash
    yield "Exported", f"{now:%Y-%m-%d %H:%M} by {by}"
    yield "Quantities in units, money in", company.currency
    for finding in plan.params.get("findings", []):
        yield "Assumed", finding["text"]


def _families(plan: Version, months: list[date]) -> Iterator[Sequence[Any]]:
    rows: dict[str, dict[date, SupplySummary]] = {}
    for row in SupplySummary.objects.filter(version=plan).select_related("family").order_by("family__code"):
        rows.setdefault(str(row.family), {})[row.month] = row
    for family, by_month in rows.items():
        for label, name, is_money in FAMILY_ROWS:
            convert = from_minor if is_money else from_quanta
            values = [convert(getattr(by_month[month], name)) if month in by_month else 0 for month in months]
            yield family, label, *values


def _load(plan: Version) -> Iterator[Sequence[Any]]:
    for row in load_rows(plan):
        for label, name in LOAD_ROWS:
            yield f"{row.name}, {row.site}", label, *(getattr(cell, name) for cell in row.cells)


def _gaps(plan: Version, margins: bool) -> Iterator[Sequence[Any]]:
    gaps = SupplyGap.objects.filter(version=plan).select_related("stream__product", "stream__market")
    for gap in gaps.order_by("-revenue_minor", "pk"):
        margin = (from_minor(gap.margin_minor),) if margins else ()
        yield (
            str(gap.stream.product), str(gap.stream.market), f"{gap.month:%Y-%m}", gap.unit_count,
            from_minor(gap.revenue_minor), *margin, gap.cause,
        )  # fmt: skip


def _stock(plan: Version, months: list[date]) -> Iterator[Sequence[Any]]:
    facts = ProductSiteFact.objects.filter(version=plan).order_by("product__code", "site__code")
    names = ("product__code", "product__description", "site__code", "month", "closing")
    rows: dict[tuple[str, str], dict[date, int]] = {}
    for code, words, site, month, closing in facts.values_list(*names):
        rows.setdefault((f"{code} {words}".strip(), site), {})[month] = closing
    for (product, site), by_month in rows.items():
        yield product, site, *(from_quanta(by_month.get(month, 0)) for month in months)
