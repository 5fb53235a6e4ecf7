"""Pages that read the plan: the sheet of a family, projected stock, materials, lanes in use."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.permissions import planning_required
from portfolio.models import Family
from sop.errors import NotFound
from sop.numbers import format_compact, format_number, format_signed
from sop.periods import month_key
from sop.quantities import from_quanta
from supply.actions.workbook import export_plan
from supply.models import LaneFact, MaterialFact, SupplySummary
from supply.queries.materials import ShortMaterial, short_materials
from supply.queries.plans import required_plan
from supply.queries.sheet import FamilySheet, SheetRow, family_sheet
from supply.queries.stock import aged_stock, stock_rows, stock_totals, stocked_products
from supply.views.common import Room, plan_needed, room_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRODUCTS_A_PAGE = 25
SHEET_UNITS = {"units": (1, "units"), "thousands": (1000, "thousand units")}


@require_safe
@planning_required
@plan_needed
def sheet(request: HttpRequest) -> HttpResponse:
    """Sales, production and stock of a family."""
    room = room_of(request)
    plan = required_plan(room.cycle)
    families = Family.objects.filter(pk__in=SupplySummary.objects.filter(version=plan).values("family"))
    code = request.GET.get("family", "")
    family = families.filter(code=code).first() if code else families.first()
    if family is None:
        raise NotFound("The plan has no such family." if code else "The plan has no families.")
    found = family_sheet(plan, family)
    unit = _unit(request.GET.get("unit", ""), found)
    context = {
        "families": families,
        "family": family,
        "sheet": found,
        "unit": unit,
        "unit_word": SHEET_UNITS[unit][1],
    }
    context |= {"blocks": _written(found, room, SHEET_UNITS[unit][0]), "bars": _bars(found)}
    context |= {"facts": _facts(found, room, SHEET_UNITS[unit])}
    return render(request, "supply/sheet.html", room.context() | context)


def _unit(asked: str, found: FamilySheet) -> str:
    if asked in SHEET_UNITS:
        return asked
    return "thousands" if max((value or 0 for value in found.stock), default=0) > 100_000 * 1000 else "units"


def _written(found: FamilySheet, room: Room, divisor: int) -> list[dict[str, Any]]:
    shows_cost = room.context()["sees_margins"]
    return [
        {
            "title": block.title,
            "rows": [
                {"row": row, "cells": _cells(row, room, divisor, found.past)}
                for row in block.rows
                if (row.unit != "cost" or shows_cost) and any(value is not None for value in row.values)
            ],
        }
        for block in found.blocks
    ]


def _cells(row: SheetRow, room: Room, divisor: int, past: int) -> list[dict[str, Any]]:
    flagged = row.flagged or [False] * len(row.values)
    return [
        {
            "text": _text(row, value, room, divisor),
            "is_past": place < past,
            "is_first": place == past,
            "flagged": flag,
        }
        for place, (value, flag) in enumerate(zip(row.values, flagged, strict=True))
    ]


def _text(row: SheetRow, value: float | None, room: Room, divisor: int) -> str:
    """Empty for what is not known, so that a row of dashes does not hide the figures."""
    if value is None:
        return ""
    style = room.user.number_format
    if row.unit in {"money", "cost"}:
        return format_compact(value / 100, 1, style)
    if row.unit in {"days", "percent"}:
        return format_number(value, 0, style)
    figure, digits = value / 1000 / divisor, 1 if divisor > 1 else 0
    return format_signed(figure, digits, style) if row.signed else format_number(figure, digits, style)


def _bars(found: FamilySheet) -> list[dict[str, Any]]:
    """Heights of the stock bars and of the target line, percent of the tallest."""
    tallest = max([value or 0 for value in [*found.stock, *found.target]], default=0) or 1
    return [
        {
            "height": round(100 * max(0, stock or 0) / tallest, 1),
            "top": round(100 - 100 * max(0, stock or 0) / tallest, 1),
            "target": None if goal is None else round(100 - 100 * goal / tallest, 1),
            "is_past": place < found.past,
            "is_first": place == found.past,
            "is_low": place >= found.past and goal is not None and (stock or 0) < goal,
        }
        for place, (stock, goal) in enumerate(zip(found.stock, found.target, strict=True))
    ]


def _facts(found: FamilySheet, room: Room, unit: tuple[int, str]) -> list[dict[str, str]]:
    divisor, word = unit
    digits = 1 if divisor > 1 else 0
    end = next((value for value in reversed(found.stock) if value is not None), None)
    lowest = f"in {found.lowest_month:%B %Y}" if found.lowest_month else ""
    shown = [
        ("Not served, whole horizon", found.not_served / 1000 / divisor),
        (f"End of {found.months[-1]:%B %Y}", None if end is None else end / 1000 / divisor),
    ]
    facts = [{"label": label, "value": room.number(value, digits), "note": word} for label, value in shown]
    return [
        *facts,
        {"label": "Lowest stock", "value": f"{room.number(found.lowest_days)} days", "note": lowest},
    ]


@require_safe
@planning_required
@plan_needed
def stock(request: HttpRequest) -> HttpResponse:
    """Projected stock by product and site."""
    room = room_of(request)
    plan = required_plan(room.cycle)
    words, family = request.GET.get("q", "").strip(), request.GET.get("family", "")
    only_low = request.GET.get("low") == "1"
    products = stocked_products(plan, family=family, words=words, only_low=only_low)
    page = Paginator(products, PRODUCTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": stock_rows(plan, list(page), room.cycle.months),
        "months": room.cycle.months,
        "totals": stock_totals(plan),
        "aged": aged_stock(room.cycle.last_closed_month),
        "families": Family.objects.filter(pk__in=SupplySummary.objects.filter(version=plan).values("family")),
        "family": family,
        "words": words,
        "only_low": only_low,
    }
    return render(request, "supply/stock.html", room.context() | context)


@require_safe
@planning_required
@plan_needed
def materials(request: HttpRequest) -> HttpResponse:
    """Materials: stock at the months' ends, what is bought and from whom, where it runs out."""
    room = room_of(request)
    plan = required_plan(room.cycle)
    facts, short = MaterialFact.objects.filter(version=plan), short_materials(plan)
    keys = facts.order_by("product__code", "site__code").values_list("product_id", "site_id").distinct()
    only_short = request.GET.get("short") == "1"
    if only_short:
        keys = keys.filter(product__code__in={code for code, _, _ in short})
    page = Paginator(keys, PRODUCTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _material_rows(plan.pk, list(page), room, short),
        "months": room.cycle.months,
        "only_short": only_short,
        "short_count": len({(code, site) for code, site, _ in short}),
        "backup": facts.aggregate(units=Sum("backup_purchases"))["units"] or 0,
    }
    return render(request, "supply/materials.html", room.context() | context)


def _material_rows(
    version: int, keys: list[tuple[int, int]], room: Room, short: set[ShortMaterial]
) -> list[dict[str, Any]]:
    chosen = MaterialFact.objects.filter(version=version, product__in=[product for product, _ in keys])
    facts = chosen.select_related("product", "site").order_by("product__code", "site__code", "month")
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for fact in facts:
        key = (fact.product_id, fact.site_id)
        if key in keys:
            row = rows.setdefault(
                key, {"product": fact.product, "site": fact.site, "by_month": {}, "backup": 0}
            )
            is_short = (fact.product.code, fact.site.code, f"{fact.month:%Y-%m}") in short
            row["by_month"][fact.month] = {"units": fact.closing_units, "is_short": is_short}
            row["backup"] += fact.backup_purchases
    for row in rows.values():
        row["cells"] = [row["by_month"].get(month) for month in room.cycle.months]
        row["backup_units"] = from_quanta(row["backup"])
    return list(rows.values())


@require_safe
@planning_required
@plan_needed
def lanes_in_use(request: HttpRequest) -> HttpResponse:
    """Volume on each lane by month against its capacity."""
    room = room_of(request)
    plan = required_plan(room.cycle)
    sums = (
        LaneFact.objects.filter(version=plan).order_by("lane__origin__code", "lane_id", "month")
        .values("lane_id", "month").annotate(volume=Sum("quantity"), spot=Sum("spot_quantity"))
        .values_list("lane_id", "month", "volume", "spot", "lane__volume_capacity",
                     "lane__origin__name", "lane__origin__code", "lane__market__name", "lane__site__name")
    )  # fmt: skip
    rows: dict[int, dict[str, Any]] = {}
    for lane, month, volume, spot, capacity, origin, code, market, site in sums:
        row = rows.setdefault(
            lane, {"name": f"{origin or code} to {market or site}", "pk": lane, "by_month": {}}
        )
        row["by_month"][month] = {
            "units": from_quanta(volume), "spot": from_quanta(spot),
            "percent": volume / 10 / capacity if capacity else None,
        }  # fmt: skip
    for row in rows.values():
        row["cells"] = [row["by_month"].get(month) for month in room.cycle.months]
    return render(
        request,
        "supply/lanes_in_use.html",
        room.context() | {"rows": list(rows.values()), "months": room.cycle.months},
    )


@require_safe
@planning_required
@plan_needed
def workbook(request: HttpRequest) -> HttpResponse:
    """The plan as a file; who may not see margins gets it without them."""
    room = room_of(request)
    content = export_plan(plan=required_plan(room.cycle), by=room.user, now=timezone.now())
    name = f"supply-plan-{month_key(room.cycle.month)}.xlsx"
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
