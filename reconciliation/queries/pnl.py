"""The stored profit and loss of versions, and the budget in the same shape. Web pages read these."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum

from cycles.models import Cycle, Version
from reconciliation.finance.bridges import Sold
from reconciliation.finance.lines import VARIABLE_COSTS, Amounts, Line, with_results
from reconciliation.models import BudgetLine, CompanyBudget, PnlLine
from sop.periods import add_months
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

if TYPE_CHECKING:
    import pandas as pd

Basket = dict[str, Sold]
NO_FAMILY = ""


def empty_statement(months: int) -> Amounts:
    """All rows, nothing in them."""
    return {line.value: [0] * months for line in Line}


def statement_of(version: Version, months: Sequence[date], family: str | None = None) -> Amounts:
    """The P&L of a version, of the company or of one family code: row -> amount of each month.

    Minor units, quanta in the rows of units.
    """
    rows = PnlLine.objects.filter(version=version, month__in=months)
    if family is not None:
        rows = rows.filter(family__code=family) if family else rows.filter(family__isnull=True)
    places = {month: place for place, month in enumerate(months)}
    amounts = empty_statement(len(months))
    for line, month, total in rows.values_list("row", "month").annotate(total=Sum("amount")).order_by():
        amounts[line][places[month]] = total
    return amounts


def ebit_of(version: Version) -> int:
    """EBIT of a version over its whole horizon."""
    lines = PnlLine.objects.filter(version=version, row=Line.EBIT.value)
    return int(lines.aggregate(total=Sum("amount"))["total"] or 0)


def statements_by_family(version: Version, months: Sequence[date]) -> dict[str, Amounts]:
    """The P&L of each family of a version; "" is what no family carries."""
    places = {month: place for place, month in enumerate(months)}
    families: dict[str, Amounts] = {}
    rows = PnlLine.objects.filter(version=version, month__in=months)
    for code, line, month, amount in rows.values_list("family__code", "row", "month", "amount"):
        family = families.setdefault(code or NO_FAMILY, empty_statement(len(months)))
        family[line][places[month]] = amount
    return dict(sorted(families.items()))


def budget_statement(months: Sequence[date], family: str | None = None) -> Amounts | None:
    """The budget in the shape of a P&L; None where no month of it has a budget.

    It knows units, revenue, COGS and operating cost; its EBIT carries no logistics of its own.
    """
    lines = BudgetLine.objects.filter(month__in=months)
    if family is not None:
        lines = lines.filter(family__code=family)
    found = lines.values_list("month").annotate(*map(Sum, BUDGET_COLUMNS)).order_by()
    totals = {month: amounts for month, *amounts in found}
    if not totals:
        return None
    columns = [[totals.get(month, [0] * 4)[place] for month in months] for place in range(4)]
    return with_results(dict(zip(BUDGET_ROWS, columns, strict=True)), len(months))


BUDGET_COLUMNS = ("quantity", "revenue_minor", "cogs_minor", "opex_minor")
BUDGET_ROWS = (Line.UNITS, Line.REVENUE, Line.COGS, Line.OPEX)


def budget_figures(*, cycle: Cycle, months: list[date], unit: str) -> dict[int, list[float | None]]:
    """The budget by family (key) for the demand grid: units, or money in whole currency units."""
    column, base = ("revenue_minor", MINOR_PER_MAJOR) if unit == "money" else ("quantity", QUANTA_PER_UNIT)
    places = {month: place for place, month in enumerate(months)}
    figures: dict[int, list[float | None]] = {}
    for family, month, amount in BudgetLine.objects.filter(month__in=months).values_list(
        "family_id", "month", column
    ):
        figures.setdefault(family, [None] * len(months))[places[month]] = amount / base
    return figures


def budget_gap(months: Sequence[date]) -> int | None:
    """Company budget less the sum of the families, revenue in minor units; None without a company budget."""
    company = CompanyBudget.objects.filter(month__in=months)
    if not company.exists():
        return None
    covered = list(company.values_list("month", flat=True))
    total = company.aggregate(total=Sum("revenue_minor"))["total"]
    families = BudgetLine.objects.filter(month__in=covered).aggregate(total=Sum("revenue_minor"))["total"]
    return int(total) - int(families or 0)


def opex_of(months: Sequence[date]) -> dict[str, list[int]]:
    """Operating cost of each family: its budget; beyond its end the same month of the latest year known."""
    known: dict[str, dict[date, int]] = {}
    for code, month, amount in BudgetLine.objects.values_list("family__code", "month", "opex_minor"):
        known.setdefault(code, {})[month] = amount
    return {code: [_or_year_before(budget, month) for month in months] for code, budget in known.items()}


def _or_year_before(amounts: Mapping[date, int], month: date) -> int:
    earlier = (add_months(month, -12 * years) for years in range(6))
    return next((amounts[known] for known in earlier if known in amounts), 0)


def basket_of(version: Version, first: date, last: date) -> Basket:
    """What each family sells between two months (both included), for bridges."""
    wanted = (Line.UNITS.value, Line.REVENUE.value, Line.COGS.value)
    rows = (
        PnlLine.objects.filter(version=version, month__range=(first, last), row__in=wanted)
        .values_list("family__code", "row")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    families: dict[str, dict[str, int]] = {}
    for code, line, total in rows:
        families.setdefault(code or NO_FAMILY, {})[line] = total
    return {code: Sold(*(lines.get(line, 0) for line in wanted)) for code, lines in families.items()}


def budget_basket(first: date, last: date) -> Basket:
    """The same of the budget."""
    rows = (
        BudgetLine.objects.filter(month__range=(first, last))
        .values_list("family__code")
        .annotate(Sum("quantity"), Sum("revenue_minor"), Sum("cogs_minor"))
        .order_by()
    )
    return {code: Sold(quantity, revenue, cogs) for code, quantity, revenue, cogs in rows}


def cost_lines(statement: Mapping[str, Sequence[int]], months: range) -> dict[str, int]:
    """Variable costs and operating cost of some months (places) of a statement."""
    return {
        line.value: sum(statement[line][month] for month in months) for line in (*VARIABLE_COSTS, Line.OPEX)
    }


def pnl_frame(version: Version) -> "pd.DataFrame":
    """Columns family (code, "" for none), month, row, amount (minor units, quanta for units)."""
    import pandas as pd

    rows = PnlLine.objects.filter(version=version).values_list("family__code", "month", "row", "amount")
    frame = pd.DataFrame.from_records(list(rows), columns=["family", "month", "row", "amount"])
    return frame.fillna({"family": NO_FAMILY})


def budget_frame() -> "pd.DataFrame":
    """Columns family (code), month, quantity (quanta), revenue_minor, cogs_minor, opex_minor."""
    import pandas as pd

    columns = ["family", "month", *BUDGET_COLUMNS]
    rows = BudgetLine.objects.values_list("family__code", "month", *BUDGET_COLUMNS)
    return pd.DataFrame.from_records(list(rows), columns=columns)
