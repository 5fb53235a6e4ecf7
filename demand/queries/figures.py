"""The figures behind the grid: by family from the summary, by stream from the facts, as arrays over its months.

All tables are floats (rows, months) in the wanted unit, NaN where there is no figure.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Sum

from cycles.choices import StageKind
from cycles.models import Version
from cycles.queries import previous_signed
from demand.models import DemandHistory, DemandSummary, ForecastLine
from demand.queries.blocks import MANY, history_table, imported_table, load_bands, load_block, located
from demand.queries.stamp import kept_by_history, kept_by_streams, loaded_stamp
from demand.queries.units import Unit, rates_of, unit_named
from demand.queries.views import PlanView
from demand.registry import extra_measures
from sop.periods import add_months, month_range
from sop.quantities import QUANTA_PER_UNIT
from sop.reads import kept

if TYPE_CHECKING:
    from demand.steps import Floats, Whole

PAST_MONTHS = 12
PLAN_COLUMNS = ("baseline", "product", "marketing", "sales", "planner", "consensus")


@dataclass(frozen=True)
class Axis:
    """The months of the grid: some closed ones, then the plan."""

    months: list[date]
    first_plan: int
    unit: Unit

    @property
    def past(self) -> list[date]:
        return self.months[: self.first_plan]

    @property
    def plan(self) -> list[date]:
        return self.months[self.first_plan :]

    @property
    def scale(self) -> int:
        """What one shown unit is in stored ones."""
        return self.unit.scale

    @property
    def digits(self) -> int:
        return self.unit.digits


def axis_of(view: PlanView, unit: str) -> Axis:
    cycle = view.version.cycle
    first = add_months(cycle.month, -PAST_MONTHS)
    months = month_range(first, PAST_MONTHS + cycle.horizon_months)
    return Axis(months, PAST_MONTHS, unit_named(unit))


@dataclass
class Figures:
    """Tables by measure over the same rows."""

    axis: Axis
    rows: list[int]
    tables: dict[str, "Floats"] = field(default_factory=dict)

    def only(self, places: list[int]) -> "Figures":
        """Some of the rows."""
        tables = {measure: table[places] for measure, table in self.tables.items()}
        return Figures(self.axis, [self.rows[place] for place in places], tables)

    def summed(self, groups: list[int], keys: list[int]) -> "Figures":
        """Rows added up: row i goes to ``groups[i]``, a place in ``keys``; a group without figures stays empty."""
        import numpy as np

        totals = Figures(self.axis, keys)
        index = np.asarray(groups, dtype=np.int64)
        for measure, table in self.tables.items():
            known = np.isfinite(table)
            result = np.zeros((len(keys), table.shape[1]))
            seen = np.zeros(result.shape, dtype=bool)
            np.add.at(result, index, np.where(known, table, 0.0))
            np.logical_or.at(seen, index, known)
            result[~seen] = np.nan
            totals.tables[measure] = result
        return totals

    def values(self, place: int) -> dict[str, list[float | None]]:
        """One row for the page: numbers in the shown unit, None where empty."""
        return {measure: self._row(table[place].tolist()) for measure, table in self.tables.items()}

    def _row(self, figures: list[float]) -> list[float | None]:
        scale, digits = self.axis.scale, self.axis.digits
        return [None if value != value else _plain(round(value / scale, digits)) for value in figures]  # noqa: PLR0124


def _plain(value: float) -> float:
    """Whole numbers without their ".0": a third less to send."""
    return int(value) if value == int(value) else value


def empty(rows: int, axis: Axis) -> "Floats":
    import numpy as np

    return np.full((rows, len(axis.months)), np.nan)


def family_figures(view: PlanView, axis: Axis) -> Figures:
    """One row per family that holds products, all measures, from the summary."""
    families = sorted(set(view.table.families.tolist()))
    if axis.unit.is_converted:
        return _converted_families(view, axis, families)
    found = Figures(axis, families)
    pairs = _pairs(view)
    columns = [f"{name}_value" if axis.unit.is_money else name for name in PLAN_COLUMNS]
    found.tables["history"] = _family_history(view, axis, families, pairs)
    found.tables |= _from_summary(
        view.version, axis, families, pairs, dict(zip(PLAN_COLUMNS, columns, strict=True))
    )
    before = previous_signed(view.version.cycle, StageKind.DEMAND)
    if before:
        found.tables |= _from_summary(before, axis, families, pairs, {"previous": columns[-1]})
    else:
        found.tables["previous"] = _imported_by_family(view, axis, families, pairs)
    found.tables |= _extras(view, axis, families)
    found.tables |= _family_bands(view.version, axis, families, pairs)
    return found


def _converted_families(view: PlanView, axis: Axis, families: list[int]) -> Figures:
    """In another unit of measure each product counts by its own factor: added up from all streams, and kept."""
    import numpy as np

    before = previous_signed(view.version.cycle, StageKind.DEMAND)
    rates = rates_of(view, axis.unit, view.planned.streams)
    rests_on = (
        (
            axis.unit.key,
            axis.months[0],
            axis.months[-1],
            view.version.pk,
            view.version.rev,
            before and before.pk,
        ),
        (*loaded_stamp(), view.digest, hashlib.sha256(rates.tobytes()).hexdigest()),
    )
    by_pair, tables = kept("converted families", rests_on, lambda: _converted_by_pair(view, axis))
    shown = _pairs(view)
    chosen = [place for place, pair in enumerate(by_pair) if pair in shown]
    places = {family: place for place, family in enumerate(families)}
    rows = Figures(
        axis, [], {measure: table[np.array(chosen, dtype=np.int64)] for measure, table in tables.items()}
    )
    return rows.summed([places[by_pair[place][0]] for place in chosen], families)


def _converted_by_pair(view: PlanView, axis: Axis) -> tuple[list[tuple[int, int]], dict[str, "Floats"]]:
    import numpy as np

    whole = replace(view, table=view.planned)
    of_stream = list(zip(whole.table.families.tolist(), whole.table.markets.tolist(), strict=True))
    pairs = sorted(set(of_stream))
    places = {pair: place for place, pair in enumerate(pairs)}
    figures = stream_figures(whole, np.ones(len(of_stream), dtype=bool), axis)
    summed = figures.summed([places[pair] for pair in of_stream], list(range(len(pairs))))
    return pairs, summed.tables


def _pairs(view: PlanView) -> set[tuple[int, int]]:
    return set(zip(view.table.families.tolist(), view.table.markets.tolist(), strict=True))


def _from_summary(
    version: Version, axis: Axis, families: list[int], pairs: set[tuple[int, int]], columns: dict[str, str]
) -> dict[str, "Floats"]:
    tables = {measure: empty(len(families), axis) for measure in columns}
    places = {family: place for place, family in enumerate(families)}
    months = {month: place for place, month in enumerate(axis.months)}
    rows = DemandSummary.objects.filter(version=version).values_list(
        "family_id", "market_id", "month", *columns.values()
    )
    for family, market, month, *figures in rows:
        if (family, market) not in pairs or month not in months:
            continue
        for table, figure in zip(tables.values(), figures, strict=True):
            now = table[places[family], months[month]]
            table[places[family], months[month]] = figure if now != now else now + figure  # noqa: PLR0124 - NaN
    return tables


def _family_bands(
    version: Version, axis: Axis, families: list[int], pairs: set[tuple[int, int]]
) -> dict[str, "Floats"]:
    """The 80 % interval of families: errors of streams taken as independent, so squares of half widths add up."""
    import numpy as np

    if axis.unit.is_money:
        return {}
    got = _from_summary(version, axis, families, pairs, {"baseline": "baseline", "squares": "squares_80"})
    half = np.sqrt(got["squares"])
    return {
        "low": np.maximum(got["baseline"] - half, 0.0),
        "high": got["baseline"] + half,
        "squares": got["squares"],
    }


FAMILY_HISTORY = """
    SELECT p.family_id, s.market_id, h.month, SUM(h.quantity), SUM(h.value)
    FROM demand_demandhistory h
    JOIN demand_demandstream s ON s.id = h.stream_id
    JOIN portfolio_product p ON p.id = s.product_id
    WHERE h.month >= %s AND h.month < %s AND p.family_id IS NOT NULL
    GROUP BY p.family_id, s.market_id, h.month
"""


def _family_history(view: PlanView, axis: Axis, families: list[int], pairs: set[tuple[int, int]]) -> "Floats":
    import numpy as np

    table = empty(len(families), axis)
    table[:, : axis.first_plan] = 0.0
    places = {family: place for place, family in enumerate(families)}
    months = {month.isoformat(): place for place, month in enumerate(axis.past)}
    rows = kept_by_streams("family history", view, lambda: _sold_by_family(axis))
    for family, market, month, quantity, value in rows:
        if (family, market) in pairs:
            table[places[family], months[str(month)]] += float(value if axis.unit.is_money else quantity)
    return table if rows else np.full_like(table, np.nan)


def _sold_by_family(axis: Axis) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(FAMILY_HISTORY, [axis.past[0].isoformat(), axis.plan[0].isoformat()])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _imported_by_family(
    view: PlanView, axis: Axis, families: list[int], pairs: set[tuple[int, int]]
) -> "Floats":
    """Before an own last plan exists: the newest imported forecast, kept by family and market of all streams."""
    import numpy as np

    name = f"imported {axis.unit.key} {axis.months[-1]}"
    imported = kept_by_streams(name, view, lambda: _imported_by_pair(view, axis))
    shown = [pair for pair in imported if pair in pairs]
    if not shown:
        return empty(len(families), axis)
    places = {family: place for place, family in enumerate(families)}
    tables = Figures(axis, [], {"previous": np.stack([imported[pair] for pair in shown])})
    return tables.summed([places[family] for family, _ in shown], families).tables["previous"]


def _imported_by_pair(view: PlanView, axis: Axis) -> "dict[tuple[int, int], Floats]":
    planned = view.planned
    found = _imported(planned.streams, view, axis)
    if found is None:
        return {}
    of_stream = list(zip(planned.families.tolist(), planned.markets.tolist(), strict=True))
    pairs = sorted(set(of_stream))
    places = {pair: place for place, pair in enumerate(pairs)}
    groups = [places[pair] for pair in of_stream]
    summed = Figures(axis, [], {"previous": found}).summed(groups, list(range(len(pairs))))
    return dict(zip(pairs, summed.tables["previous"], strict=True))


def _imported(streams: "Whole", view: PlanView, axis: Axis) -> "Floats | None":
    newest = kept_by_history("newest forecast", view.version.cycle, lambda: _newest_forecast(view))
    if not newest or not len(streams):
        return None
    table = imported_table(*newest, streams, axis.months)
    return _valued(table, view, streams, axis)


def _newest_forecast(view: PlanView) -> tuple[date, str] | tuple[()]:
    lines = ForecastLine.objects.filter(cycle_month__lt=view.version.cycle.month)
    return lines.order_by("-cycle_month", "label").values_list("cycle_month", "label").first() or ()


def _valued(table: "Floats", view: PlanView, streams: "Whole", axis: Axis) -> "Floats":
    """Quanta in the shown unit: money at planned prices in whole minor units, others by their factors."""
    import numpy as np

    if axis.unit.is_units:
        return table
    rates = rates_of(view, axis.unit, streams)
    valued: Floats = np.rint(table * (rates[:, None] / QUANTA_PER_UNIT))
    return valued


def _extras(view: PlanView, axis: Axis, families: list[int]) -> dict[str, "Floats"]:
    """Budget and the like: known by family for all markets, so left empty where the view is cut by market."""
    tables = {}
    for measure in extra_measures():
        table = empty(len(families), axis)
        tables[measure.key] = table
        if not view.has_all_markets:
            continue
        figures = measure.figures(view.version.cycle, axis.months, axis.unit.key)
        for place, family in enumerate(families):
            if family in figures:
                row = [float("nan") if value is None else value * axis.scale for value in figures[family]]
                table[place] = row
    return tables


def stream_figures(view: PlanView, chosen: Any, axis: Axis) -> Figures:
    """One row per chosen stream (mask over the view), all measures and the interval, from the facts."""
    streams = view.table.streams[chosen]
    found = Figures(axis, streams.tolist())
    found.tables["history"] = _stream_history(view, streams, axis)
    found.tables |= _from_facts(view, view.version, streams, axis, PLAN_COLUMNS)
    before = previous_signed(view.version.cycle, StageKind.DEMAND)
    if before:
        found.tables["previous"] = _from_facts(view, before, streams, axis, ("consensus",))["consensus"]
    else:
        imported = _imported(streams, view, axis)
        found.tables["previous"] = empty(len(streams), axis) if imported is None else imported
    for measure in extra_measures():
        found.tables[measure.key] = empty(len(streams), axis)
    if axis.unit.is_units:
        found.tables |= _stream_bands(view.version, streams, axis)
    return found


def _stream_bands(version: Version, streams: "Whole", axis: Axis) -> dict[str, "Floats"]:
    low, high, floor, ceiling = load_bands(version, streams, axis.plan)
    tables = {name: empty(len(streams), axis) for name in ("low", "high", "floor", "ceiling", "squares")}
    for name, table in (("low", low), ("high", high), ("floor", floor), ("ceiling", ceiling)):
        tables[name][:, axis.first_plan :] = table
    tables["squares"][:, axis.first_plan :] = ((high - low) / 2) ** 2
    return tables


def _from_facts(
    view: PlanView, version: Version, streams: "Whole", axis: Axis, columns: tuple[str, ...]
) -> dict[str, "Floats"]:
    import numpy as np

    from demand.steps import EMPTY, column_index

    block = load_block(version, streams, axis.plan)
    tables = {}
    for column in columns:
        figures = block.plan[column_index(column)]
        table = empty(len(streams), axis)
        table[:, axis.first_plan :] = np.where(figures == EMPTY, np.nan, figures)
        tables[column] = _valued(table, view, streams, axis)
    return tables


def _stream_history(view: PlanView, streams: "Whole", axis: Axis) -> "Floats":
    table = empty(len(streams), axis)
    if not axis.unit.is_money:
        table[:, : axis.first_plan] = history_table(streams, axis.past)
        return _valued(table, view, streams, axis)
    table[:, : axis.first_plan] = 0.0
    lines = DemandHistory.objects.filter(month__gte=axis.past[0], month__lt=axis.plan[0])
    if len(streams) <= MANY:
        lines = lines.filter(stream_id__in=streams.tolist())
    _put(table, lines, "value", streams, axis)
    return table


def _put(table: "Floats", lines: Any, column: str, streams: "Whole", axis: Axis) -> None:
    """Writes rows of a queryset into their places of the table."""
    import numpy as np

    rows = list(lines.values_list("stream_id", "month", column))
    if rows:
        keys, months, values = zip(*rows, strict=True)
        wanted, places = located(keys, months, streams, axis.months)
        table[places] = np.array(values, dtype=np.float64)[wanted]


def year_total(version: Version, column: str = "consensus") -> int:
    """Sum of a column over the first twelve plan months, quanta."""
    months = version.cycle.months[:12]
    rows = DemandSummary.objects.filter(version=version, month__in=months)
    return int(rows.aggregate(total=Sum(column))["total"] or 0)
