"""What stands beside the chart: the chosen row in a few figures."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cycles.choices import StageKind
from cycles.models import Change, ChangeLine, Cycle, Version
from demand.models import ForecastLine, SeriesNote
from demand.queries.blocks import history_table, load_block
from demand.queries.figures import axis_of, family_figures, stream_figures
from demand.queries.ledger import is_active, undo_map
from demand.queries.nodes import node_words
from demand.queries.views import Node, PlanView
from sop.periods import add_months, month_range

if TYPE_CHECKING:
    from demand.steps import Floats, Whole

FEW = 500
ACCURACY_MONTHS = 3


@dataclass(frozen=True)
class RowFacts:
    """Shares are fractions (0.02 = 2 %); None where there is nothing to compare with."""

    name: str
    year_total: float
    against_previous: float | None
    against_budget: float | None
    accuracy: float | None
    bias: float | None
    sales_value_added: float | None
    reason: str
    sentence: str

    @property
    def sales_points(self) -> float | None:
        """Percentage points of accuracy that the sales step has won."""
        return None if self.sales_value_added is None else self.sales_value_added * 100


def row_facts(view: PlanView, node: Node, unit: str) -> RowFacts:
    """The next twelve months of a row against the last plan and the budget, and how good its forecast was."""
    chosen = view.require(node)
    totals = _year_totals(view, node, chosen, unit)
    errors = lag_errors(view, chosen)
    words = node_words(view, [node])[str(node)]
    return RowFacts(
        words["name"],
        totals["consensus"] or 0.0,
        _share(totals["consensus"], totals["previous"]),
        _share(totals["consensus"], totals.get("budget")),
        errors.accuracy,
        errors.bias,
        errors.sales_value_added,
        _last_reason(view, view.table.streams[chosen].tolist()),
        _sentence(view, node),
    )


def _year_totals(view: PlanView, node: Node, chosen: Any, unit: str) -> dict[str, float | None]:
    axis = axis_of(view, unit)
    if node.kind in ("all", "family"):
        figures = family_figures(view, axis)
        below = set(view.tree.descendants(node.key)) if node.kind == "family" else set(figures.rows)
        figures = figures.only([place for place, family in enumerate(figures.rows) if family in below])
    else:
        figures = stream_figures(view, chosen, axis)
    row = figures.summed([0] * len(figures.rows), [0]).values(0)
    start = axis.first_plan
    return {name: _total(values[start : start + 12]) for name, values in row.items()}


def _total(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _share(now: float | None, then: float | None) -> float | None:
    return None if now is None or not then else now / then - 1


@dataclass(frozen=True)
class LagErrors:
    accuracy: float | None = None
    bias: float | None = None
    sales_value_added: float | None = None


def lag_errors(view: PlanView, chosen: Any) -> LagErrors:
    """Accuracy (1 - WAPE) and bias of what was planned one month ahead, over the last three closed months."""
    from demand.forecasting.accuracy import accuracy, bias, wape

    cycle = view.version.cycle
    streams = view.table.streams[chosen]
    months = month_range(add_months(cycle.last_closed_month, 1 - ACCURACY_MONTHS), ACCURACY_MONTHS)
    planned = [planned_for(streams, month) for month in months]
    known = [place for place, table in enumerate(planned) if table is not None]
    if not known:
        return LagErrors()
    import numpy as np

    actual = history_table(streams, months)[:, known]
    plan = np.stack([planned[place]["consensus"] for place in known], axis=1)  # type: ignore[index]
    before, after = (
        [planned[place].get(name) for place in known]  # type: ignore[union-attr]
        for name in ("marketing", "sales")
    )
    added = None
    if all(part is not None for part in (*before, *after)):
        errors = [wape(actual, np.stack(parts, axis=1)) for parts in (before, after)]  # type: ignore[arg-type]
        added = errors[0] - errors[1] if None not in errors else None  # type: ignore[operator]
    return LagErrors(accuracy(actual, plan), bias(actual, plan), added)


def planned_for(streams: "Whole", month: date) -> "dict[str, Floats] | None":
    """What the plan of the month before said of a month, by stream: the own signed plan, else the imported one."""
    from demand.steps import column_index

    version = lag_version(month, 1)
    if version is not None:
        block = load_block(version, streams, [month])
        columns = ("marketing", "sales", "consensus")
        return {name: block.plan[column_index(name)][:, 0].clip(0).astype(float) for name in columns}
    return _imported_for(streams, month, 1)


def lag_version(month: date, lag: int) -> Version | None:
    """The demand plan signed in the cycle ``lag`` months before a month."""
    cycle = Cycle.objects.filter(month=add_months(month, -lag)).first()
    if cycle is None:
        return None
    stage = cycle.stages.select_related("signed_version__cycle").get(kind=StageKind.DEMAND)
    return stage.signed_version


def _imported_for(streams: "Whole", month: date, lag: int) -> "dict[str, Floats] | None":
    import numpy as np

    lines = ForecastLine.objects.filter(cycle_month=add_months(month, -lag), month=month)
    label = lines.order_by("label").values_list("label", flat=True).first()
    if label is None:
        return None
    known = dict(lines.filter(label=label).values_list("stream_id", "quantity"))
    return {"consensus": np.array([float(known.get(stream, 0)) for stream in streams.tolist()])}


def _last_reason(view: PlanView, streams: list[int]) -> str:
    """Who changed this last and why, in a line; empty where nobody did."""
    changes = Change.objects.filter(version=view.version).exclude(source="baseline").exclude(operation="undo")
    if len(streams) <= FEW:
        lines = ChangeLine.objects.filter(change__version=view.version, stream_id__in=streams)
        changes = changes.filter(pk__in=lines.values("change_id"))
    undone = undo_map(view.version)
    for change in changes.select_related("by").order_by("-pk")[:20]:
        if is_active(change.pk, undone):
            why = change.comment or change.get_reason_code_display() or "no reason given"
            return f"{why} · {change.by or 'the system'}"
    return ""


def _sentence(view: PlanView, node: Node) -> str:
    if node.kind != "stream":
        return ""
    note = SeriesNote.objects.filter(version=view.version, stream_id=node.key).first()
    return note.sentence if note else ""
