"""What the pages of the look back show: value added by step, errors by group, the waterfall, contributors."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum

from demand.models import DemandFact, DemandHistory, DemandStream, DemandSummary, ForecastLine
from demand.queries.past import IMPORTED, OWN, Past, signed_plans
from demand.queries.views import PlanView
from portfolio.models import Market
from sop.periods import add_months
from sop.quantities import QUANTA_PER_UNIT

if TYPE_CHECKING:
    from demand.learning.groups import GroupErrors
    from demand.learning.stairs import Stair
    from demand.learning.sums import Errors
    from demand.learning.waterfall import WaterfallRow

WATERFALL_LAGS = (6, 5, 4, 3, 2, 1)


@dataclass(frozen=True)
class StepReport:
    """The stair-step over the own plans, and naive beside consensus over all months with any forecast."""

    stairs: "list[Stair]"
    whole: "list[Stair]"
    own_months: int
    months: int
    missing: int
    by_month: "list[tuple[date, str, list[float | None]]]" = field(default_factory=list)


def step_report(past: Past) -> StepReport:
    """Value added by step. Where no own plan is old enough, the stair is naive and the imported consensus."""
    from demand.learning.stairs import stairs

    own = [place for place, source in enumerate(past.sources) if source == OWN]
    used = [place for place, source in enumerate(past.sources) if source]
    ends = {name: past.steps[name] for name in ("naive", "consensus")}
    whole = stairs(past.actual, ends)
    full = (
        stairs(past.actual[:, own], {name: table[:, own] for name, table in past.steps.items()})
        if own
        else []
    )
    return StepReport(
        full,
        whole,
        len(own),
        len(used),
        past.missing,
        [(past.months[place], past.sources[place], _month_errors(past, place)) for place in used],
    )


def _month_errors(past: Past, place: int) -> list[float | None]:
    from demand.learning.sums import errors_of

    return [errors_of(past.actual[:, place], table[:, place]).wape for table in past.steps.values()]


@dataclass(frozen=True)
class GroupRow:
    """A group with its name, and the filter that leads to it."""

    name: str
    detail: str
    link: str
    figures: "GroupErrors"


def errors_by(past: Past, kind: str, step: str, order: str) -> list[GroupRow]:
    """Errors of a step by ``family``, ``market`` or ``stream``, the largest first by money, wape, or bias."""
    import numpy as np

    from demand.learning.groups import by_group

    table = past.view.table
    groups = {"family": table.families, "market": table.markets, "stream": table.streams}[kind]
    found = [
        row
        for row in by_group(past.actual, past.steps[step], np.asarray(groups), past.prices)
        if row.errors.cells
    ]
    ranks = {
        "money": lambda row: row.money,
        "units": lambda row: row.errors.absolute,
        "wape": lambda row: _or_largest(row.errors.wape),
        "bias": lambda row: abs(_or_largest(row.errors.bias)),
    }
    found.sort(key=ranks[order], reverse=True)
    return _named(past.view, kind, found)


def _or_largest(value: float | None) -> float:
    """A forecast without any demand is an error without measure, and comes first."""
    return float("inf") if value is None else value


def _named(view: PlanView, kind: str, rows: "list[GroupErrors]") -> list[GroupRow]:
    if kind == "family":
        families = view.tree.families
        return [
            GroupRow(families[row.group].name, "", families[row.group].code, row)
            for row in rows
            if row.group in families
        ]
    if kind == "market":
        markets = Market.objects.in_bulk()
        return [GroupRow(str(markets[row.group]), "", markets[row.group].code, row) for row in rows]
    return [GroupRow("", "", str(row.group), row) for row in rows]


def with_stream_names(rows: list[GroupRow]) -> list[GroupRow]:
    """The rows of one page of streams with the names of product and market."""
    streams = DemandStream.objects.select_related("product", "market").in_bulk(
        {row.figures.group for row in rows}
    )
    return [
        GroupRow(
            str(streams[row.figures.group].product),
            str(streams[row.figures.group].market),
            row.link,
            row.figures,
        )
        for row in rows
    ]


def total_errors(past: Past, step: str) -> "Errors":
    """The errors of a step over everything shown."""
    from demand.learning.sums import errors_of

    return errors_of(past.actual, past.steps[step])


def waterfall_of(view: PlanView, months: list[date], stream: int | None = None) -> "list[WaterfallRow]":
    """The consensus of each month one to six cycles before it, and what was ordered: of the view or one stream."""
    from demand.learning.waterfall import waterfall

    made_in = sorted({add_months(month, -lag) for month in months for lag in WATERFALL_LAGS})
    plans = signed_plans(made_in)
    forecasts: dict[tuple[date, date], float] = defaultdict(float)
    pairs = set(zip(view.table.families.tolist(), view.table.markets.tolist(), strict=True))
    by_version = {version.pk: made for made, version in plans.items()}
    for version, month, quanta in _own_figures(list(by_version), months, pairs, stream):
        forecasts[by_version[version], month] += quanta / QUANTA_PER_UNIT
    imported = [made for made in made_in if made not in plans]
    for made, month, quanta in _imported_figures(imported, months, pairs, stream):
        forecasts[made, month] += quanta / QUANTA_PER_UNIT
    return waterfall(months, WATERFALL_LAGS, _actuals(months, pairs, stream), forecasts)


def _own_figures(
    versions: list[int], months: list[date], pairs: set[tuple[int, int]], stream: int | None
) -> list[tuple[int, date, int]]:
    if stream is not None:
        facts = DemandFact.objects.filter(version__in=versions, month__in=months, stream_id=stream)
        rows = facts.filter(consensus__isnull=False).values_list("version_id", "month", "consensus")
        return [(version, month, quanta or 0) for version, month, quanta in rows]
    summary = DemandSummary.objects.filter(version__in=versions, month__in=months)
    columns = ("version_id", "month", "consensus", "family_id", "market_id")
    return [
        (version, month, quanta)
        for version, month, quanta, *pair in summary.values_list(*columns)
        if tuple(pair) in pairs
    ]


def _imported_figures(
    made_in: list[date], months: list[date], pairs: set[tuple[int, int]], stream: int | None
) -> list[tuple[date, date, int]]:
    lines = ForecastLine.objects.filter(cycle_month__in=made_in, month__in=months, label=IMPORTED)
    if stream is not None:
        return list(lines.filter(stream_id=stream).values_list("cycle_month", "month", "quantity"))
    columns = ("cycle_month", "month", "stream__product__family_id", "stream__market_id")
    rows = lines.order_by().values_list(*columns).annotate(total=Sum("quantity"))
    return [(made, month, total) for made, month, *pair, total in rows if tuple(pair) in pairs]


def _actuals(months: list[date], pairs: set[tuple[int, int]], stream: int | None) -> dict[date, float]:
    """Ordered units by month; a closed month without an order is 0."""
    found = dict.fromkeys(months, 0.0)
    rows = DemandHistory.objects.filter(month__in=months)
    if stream is not None:
        rows = rows.filter(stream_id=stream)
    columns = ("month", "stream__product__family_id", "stream__market_id")
    for month, family, market, total in rows.order_by().values_list(*columns).annotate(total=Sum("quantity")):
        if (family, market) in pairs:
            found[month] += total / QUANTA_PER_UNIT
    return found


def sources_in_words(past: Past) -> str:
    """How many months come from own plans and how many from imported forecasts."""
    counted = Counter(source for source in past.sources if source)
    words = [
        f"{count} month{'' if count == 1 else 's'} from {_plural(source, count)}"
        for source, count in counted.items()
    ]
    return " and ".join(words)


def _plural(source: str, count: int) -> str:
    if source == OWN:
        return "an own plan" if count == 1 else "own plans"
    return "an imported forecast" if count == 1 else "imported forecasts"
