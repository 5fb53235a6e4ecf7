"""The plan as rows of a workbook."""

from datetime import datetime
from typing import Any

from cycles.choices import Measure
from cycles.models import User
from demand.queries.figures import axis_of, stream_figures
from demand.queries.grid import grid_answer
from demand.queries.views import PlanView
from demand.workbooks import Book, PlanRow
from portfolio.models import Market, Product
from sop.periods import month_key

SHOWN = [
    ("history", "History"),
    ("baseline", "Baseline"),
    ("consensus", "Consensus"),
    ("previous", "Last cycle"),
]
HOW = (
    "Change figures on the sheet Plan, in the rows of products and markets; sums follow by themselves. Keep the "
    "first row and the hidden columns. Then load the file on the demand page: what others changed meanwhile is "
    "shown to you before anything is saved, and all of it is one step to undo."
)


def plan_book(view: PlanView, measure: str, *, by: User, now: datetime) -> Book:
    """The measure's figures of every stream in the view, with sums by product and family above them."""
    version, axis = view.version, axis_of(view, "units")
    months = [month_key(month) for month in axis.plan]
    top = grid_answer(view, depth=0)["nodes"][0]["values"]
    filters = ", ".join(text for text in (view.filters.family, view.filters.market) if text)
    return Book(
        f"{Measure(measure).label}: {version.name}",
        [
            ("Plan", f"{version.name}, revision {version.rev}"),
            ("Figures", f"{Measure(measure).label}, units"),
            ("Shown", filters or "all families and markets"),
            ("Exported by", f"{by}, {now:%d %b %Y, %H:%M}"),
            ("How to use it", HOW),
        ],
        months,
        _rows(view, measure),
        [(label, top[key]) for key, label in SHOWN],
        [
            ("version", str(version.pk)),
            ("rev", str(version.rev)),
            ("measure", measure),
            ("axis", " ".join(month_key(month) for month in axis.months)),
        ],
    )


def _rows(view: PlanView, measure: str) -> list[PlanRow]:
    import numpy as np

    axis, table = axis_of(view, "units"), view.table
    figures = stream_figures(view, np.ones(len(table.streams), dtype=bool), axis)
    products, markets = (
        Product.objects.in_bulk(sorted(set(table.products.tolist()))),
        Market.objects.in_bulk(),
    )
    families = view.tree.families
    order = sorted(
        range(len(figures.rows)),
        key=lambda place: (
            families[int(table.families[place])].code,
            products[int(table.products[place])].code,
            markets[int(table.markets[place])].code,
        ),
    )
    rows: list[PlanRow] = []
    sums: dict[str, Any] = {}
    for place in order:
        family = families[int(table.families[place])]
        product, market = products[int(table.products[place])], markets[int(table.markets[place])]
        values = figures.values(place)[measure][axis.first_plan :]
        for level, key, labels in (
            (0, f"family:{family.pk}", [family.code, "", family.name, ""]),
            (1, f"product:{product.pk}", [family.code, product.code, product.description, ""]),
        ):
            if key not in sums:
                sums[key] = [0.0] * len(values)
                rows.append(PlanRow(level, key, labels, sums[key]))
            _add(sums[key], values)
        labels = [family.code, product.code, product.description, market.code]
        rows.append(PlanRow(2, f"stream:{figures.rows[place]}", labels, values))
    return rows


def _add(sums: list[float], values: list[float | None]) -> None:
    for place, value in enumerate(values):
        sums[place] = round(sums[place] + (value or 0.0), 3)
