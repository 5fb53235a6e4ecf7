"""The comparison of scenarios as an xlsx workbook that proves its own totals.

Sheets: cover (what, which versions, when, who), comparison with a native chart, one P&L per scenario and
the budget (months outlined below quarters and years), and checks whose formulas add the figures up again.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from cycles.actions.audit import record_act
from cycles.models import Company, User
from cycles.permissions import sees_margins
from reconciliation.choices import PnlRow
from reconciliation.finance.lines import Amounts
from reconciliation.models import ScenarioDifference
from reconciliation.queries.scenarios import Column, Comparison
from reconciliation.queries.scorecard import FIGURES
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT
from sop.workbooks import plain

MONEY, UNITS, SHARE = "#,##0.00;[Red]-#,##0.00", "#,##0.000;[Red]-#,##0.000", "0.0 %"
FIRST_ROW, FIRST_COLUMN = 3, 1  # of the figures on a P&L sheet: below title and head, behind the labels


def export_comparison(*, comparison: Comparison, by: User, now: datetime) -> bytes:
    """The workbook as bytes; writes the export down in the audit log."""
    content = Workbook(comparison, margins=sees_margins(by), by=by, now=now).content()
    versions = [c.scenario.version.content_hash for c in comparison.columns if c.scenario.version]
    record_act(
        by=by,
        act="export",
        subject=f"Scenario comparison, {comparison.cycle}",
        detail={"versions": versions, "margins": sees_margins(by)},
    )
    return content


class Workbook:
    """Writes the sheets; rows that the person may not see are not in the file at all."""

    def __init__(self, comparison: Comparison, *, margins: bool, by: User, now: datetime) -> None:
        import xlsxwriter

        self.comparison, self.margins, self.by, self.now = comparison, margins, by, now
        self.rows = [row for row in PnlRow.shown() if row in set(PnlRow.visible(margins=margins))]
        self.buffer = BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True, "strings_to_formulas": False})
        self.formats = {
            name: self.book.add_format(style)
            for name, style in {
                "title": {"bold": True, "font_size": 14},
                "head": {"bold": True, "bottom": 1, "align": "right"},
                "label": {"text_wrap": False},
                "sum": {"bold": True, "top": 1},
                "money": {"num_format": MONEY},
                "units": {"num_format": UNITS},
                "share": {"num_format": SHARE},
                "sum_money": {"num_format": MONEY, "bold": True, "top": 1},
                "year": {"num_format": MONEY, "bg_color": "#F1F3F6"},
                "year_units": {"num_format": UNITS, "bg_color": "#F1F3F6"},
                "wrap": {"text_wrap": True, "valign": "top"},
            }.items()
        }
        self.columns = layout_of(len(comparison.months))
        self.sheets: dict[str, str] = {}

    def content(self) -> bytes:
        computed = [column for column in self.comparison.columns if column.amounts]
        self._cover(computed)
        self._comparison(computed)
        for column in computed:
            self._pnl(self._sheet_name(column), f"Scenario {column.name}", column.amounts or {})
        if self.comparison.budget:
            self._pnl("Budget", "Budget", self.comparison.budget)
        self._checks()
        self.book.close()
        return self.buffer.getvalue()

    def _sheet_name(self, column: Column) -> str:
        return f"P&L {column.letter}"

    def _cover(self, computed: Sequence[Column]) -> None:
        sheet = self.book.add_worksheet("Cover")
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 90)
        company = Company.current()
        sheet.write_string(0, 0, "Scenario comparison", self.formats["title"])
        lines = [
            ("Company", company.name),
            ("Cycle", str(self.comparison.cycle)),
            ("Currency", f"{company.currency}, whole units with two decimals"),
            ("Made at", f"{self.now:%Y-%m-%d %H:%M} UTC"),
            ("Made by", str(self.by)),
            ("Money", "Worked out from the limited plan, not from what customers want."),
        ]
        for place, (label, text) in enumerate(lines, start=2):
            sheet.write_string(place, 0, label)
            sheet.write_string(place, 1, plain(text), self.formats["wrap"])
        row = len(lines) + 3
        for column in computed:
            row = self._cover_scenario(sheet, row, column)

    def _cover_scenario(self, sheet: Any, row: int, column: Column) -> int:
        scenario, version = column.scenario, column.scenario.version
        mark = " (recommended)" if scenario.is_recommended else ""
        stale = "" if column.is_current else " (out of date)"
        sheet.write_string(row, 0, f"Scenario {column.letter}", self.formats["sum"])
        sheet.write_string(row, 1, plain(f"{scenario.name}{mark}{stale}"), self.formats["sum"])
        lines = [("Version", f"{version.name}, {version.content_hash}" if version else "")]
        lines += [
            ("On" if difference.is_active else "Off", self._words(difference))
            for difference in scenario.differences.all()
        ]
        for place, (label, text) in enumerate(lines, start=row + 1):
            sheet.write_string(place, 0, label)
            sheet.write_string(place, 1, plain(text), self.formats["wrap"])
        return row + len(lines) + 2

    def _words(self, difference: ScenarioDifference) -> str:
        costs = f" ({difference.cost_words})" if self.margins and difference.cost_words else ""
        return f"{difference.sentence}{costs}"

    def _comparison(self, computed: Sequence[Column]) -> None:
        sheet = self.book.add_worksheet("Comparison")
        sheet.freeze_panes(3, 1)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, len(computed) + 1, 18)
        sheet.write_string(0, 0, "First twelve plan months", self.formats["title"])
        heads = ["Budget", *(f"{column.name}"[:40] for column in computed)]
        for place, head in enumerate(heads, start=1):
            sheet.write_string(2, place, plain(head), self.formats["head"])
        figures = [figure for figure in FIGURES if self.margins or not figure.needs_margins]
        for row, figure in enumerate(figures, start=3):
            sheet.write_string(row, 0, figure.label)
            statements = [
                self.comparison.budget if figure.in_budget else None,
                *(c.amounts for c in computed),
            ]
            for place, amounts in enumerate(statements, start=1):
                value = figure.read(amounts) if amounts else None
                if value is not None:
                    is_share = figure.unit == "share"
                    number = value if is_share else value / MINOR_PER_MAJOR
                    sheet.write_number(row, place, number, self.formats["share" if is_share else "money"])
        self._comparison_chart(sheet, len(figures), len(heads))

    def _comparison_chart(self, sheet: Any, figures: int, heads: int) -> None:
        chart = self.book.add_chart({"type": "column"})
        for row in range(3, min(5, 3 + figures)) if self.margins else [3]:
            chart.add_series(
                {
                    "name": ["Comparison", row, 0],
                    "categories": ["Comparison", 2, 1, 2, heads],
                    "values": ["Comparison", row, 1, row, heads],
                }
            )
        chart.set_title({"name": "Revenue and EBIT" if self.margins else "Revenue"})
        chart.set_legend({"position": "bottom"})
        sheet.insert_chart(figures + 5, 0, chart, {"x_scale": 1.5, "y_scale": 1.2})

    def _pnl(self, name: str, title: str, amounts: Amounts) -> None:
        sheet = self.book.add_worksheet(name)
        self.sheets[name] = title
        sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN)
        sheet.outline_settings(True, True, True, False)
        sheet.set_column(0, 0, 28)
        sheet.write_string(0, 0, plain(title), self.formats["title"])
        for place, part in enumerate(self.columns, start=FIRST_COLUMN):
            sheet.set_column(place, place, 16, None, {"level": part.level})
            sheet.write_string(FIRST_ROW - 1, place, part.head(self.comparison.months), self.formats["head"])
        for place, row in enumerate(self.rows, start=FIRST_ROW):
            self._pnl_row(sheet, place, row, amounts)
        self._pnl_chart(sheet, name)

    def _pnl_row(self, sheet: Any, place: int, row: PnlRow, amounts: Amounts) -> None:
        """Months are figures; quarters and years are formulas over them, with the result written beside."""
        is_units = row in PnlRow.quantities()
        sheet.write_string(
            place, 0, str(row.label), self.formats["sum" if row in PnlRow.results() else "label"]
        )
        base = QUANTA_PER_UNIT if is_units else MINOR_PER_MAJOR
        values = amounts[row.value]
        for column, part in enumerate(self.columns, start=FIRST_COLUMN):
            if part.level == 2:
                style = "units" if is_units else "sum_money" if row in PnlRow.results() else "money"
                sheet.write_number(place, column, values[part.first] / base, self.formats[style])
                continue
            is_balance = row in PnlRow.balances()
            months = range(part.last, part.last + 1) if is_balance else range(part.first, part.last + 1)
            formula = "=" + "+".join(cell(place, self._month_column(month)) for month in months)
            result = sum(values[month] for month in months) / base
            style = self.formats["year_units" if is_units else "year"]
            sheet.write_formula(place, column, formula, style, result)

    def _month_column(self, month: int) -> int:
        wanted = next(p for p, part in enumerate(self.columns) if part.level == 2 and part.first == month)
        return FIRST_COLUMN + wanted

    def _pnl_chart(self, sheet: Any, name: str) -> None:
        chart = self.book.add_chart({"type": "line"})
        shown = [PnlRow.REVENUE, PnlRow.EBIT] if self.margins else [PnlRow.REVENUE]
        for row in shown:
            place = FIRST_ROW + self.rows.index(row)
            chart.add_series(
                {
                    "name": [name, place, 0],
                    "categories": self._months_range(name, FIRST_ROW - 1),
                    "values": self._months_range(name, place),
                }
            )
        chart.set_title({"name": "By month"})
        chart.set_legend({"position": "bottom"})
        sheet.insert_chart(FIRST_ROW + len(self.rows) + 2, 0, chart, {"x_scale": 2.2, "y_scale": 1.2})

    def _months_range(self, name: str, row: int) -> str:
        """The cells of the months alone: a union, for quarters and years stand between them."""
        cells = [
            f"'{name}'!{cell(row, FIRST_COLUMN + place, fixed=True)}"
            for place, part in enumerate(self.columns)
            if part.level == 2
        ]
        return f"=({','.join(cells)})"

    def _checks(self) -> None:
        """Adds the figures of every sheet up again: each difference must be 0."""
        sheet = self.book.add_worksheet("Checks")
        sheet.set_column(0, 0, 70)
        sheet.set_column(1, 1, 18)
        sheet.write_string(0, 0, "Each of these must be 0", self.formats["title"])
        row = 2
        for name in self.sheets:
            for label, formula in self._proofs(name):
                sheet.write_string(row, 0, plain(f"{name}: {label}"))
                sheet.write_formula(row, 1, f"=ROUND({formula},2)", self.formats["money"], 0)
                row += 1
        sheet.write_string(row + 1, 0, "Sum of absolute differences", self.formats["sum"])
        sheet.write_formula(row + 1, 1, f"=SUMPRODUCT(ABS(B3:B{row}))", self.formats["sum_money"], 0)

    def _proofs(self, name: str) -> list[tuple[str, str]]:
        months = [FIRST_COLUMN + p for p, part in enumerate(self.columns) if part.level == 2]
        years = [FIRST_COLUMN + p for p, part in enumerate(self.columns) if part.level == 0]

        def total(row: PnlRow, places: list[int]) -> str:
            place = FIRST_ROW + self.rows.index(row)
            return "+".join(f"'{name}'!{cell(place, column)}" for column in places)

        def over_months(row: PnlRow) -> str:
            return f"({total(row, months)})"

        proofs = [
            (
                "years of revenue = months of revenue",
                f"({total(PnlRow.REVENUE, years)})-{over_months(PnlRow.REVENUE)}",
            )
        ]
        if self.margins:
            costs = [row for row in self.rows if row in PnlRow.costs() and row != PnlRow.OPEX]
            minus = "".join(f"-{over_months(row)}" for row in costs)
            proofs += [
                (
                    "contribution = revenue - all variable costs",
                    f"{over_months(PnlRow.CONTRIBUTION)}-({over_months(PnlRow.REVENUE)}{minus})",
                ),
                (
                    "EBIT = contribution - operating cost",
                    f"{over_months(PnlRow.EBIT)}-({over_months(PnlRow.CONTRIBUTION)}-{over_months(PnlRow.OPEX)})",
                ),
            ]
        return proofs


class Part:
    """A column of a P&L sheet: level 2 a month, 1 a quarter, 0 a year."""

    def __init__(self, level: int, first: int, last: int) -> None:
        self.level, self.first, self.last = level, first, last

    def head(self, months: Sequence[Any]) -> str:
        start, end = months[self.first], months[self.last]
        if self.level == 2:
            return f"{start:%b %Y}"
        return f"{start:%b}–{end:%b %Y}" if self.level == 1 else f"Year to {end:%b %Y}"


def layout_of(months: int) -> list[Part]:
    """Months, each quarter behind its months and each year behind its quarters; the last may be shorter."""
    parts = []
    for month in range(months):
        parts.append(Part(2, month, month))
        last = month == months - 1
        if month % 3 == 2 or last:
            parts.append(Part(1, month - month % 3, month))
        if month % 12 == 11 or last:
            parts.append(Part(0, month - month % 12, month))
    return parts


def cell(row: int, column: int, *, fixed: bool = False) -> str:
    """A1 name of a cell, counted from 0; with dollar signs where it is fixed."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"${name}${row + 1}" if fixed else f"{name}{row + 1}"
