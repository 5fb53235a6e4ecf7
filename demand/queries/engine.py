"""The page of the forecast engine: the backtest by family and class, and the correction in use."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from cycles.models import Cycle, User
from demand.models import BacktestReport, BacktestRow, Refit
from demand.queries.streams import visible_pairs
from portfolio.queries import FamilyTree, family_tree

if TYPE_CHECKING:
    from demand.forecasting.tally import Tally

METHODS = ("engine", "seasonal naive", "Naive2")
CLASSES = ("smooth", "erratic", "intermittent", "lumpy", "new", "ended", "no demand")


@dataclass(frozen=True)
class TestedRow:
    """A family or class: the sums of each method, in the order of METHODS."""

    name: str
    code: str
    methods: "list[tuple[str, Tally]]"

    @property
    def engine(self) -> "Tally":
        """The engine's own sums."""
        return self.methods[0][1]

    @property
    def gain(self) -> float | None:
        """Percentage points of WAPE that the engine wins over seasonal naive; negative where it loses."""
        own, naive = self.engine.wape, self.methods[1][1].wape
        return None if own is None or naive is None else 100 * (naive - own)


@dataclass(frozen=True)
class Tested:
    """A backtest as one person sees it; ``worse``: families in which seasonal naive has the smaller error."""

    report: BacktestReport
    total: TestedRow
    classes: list[TestedRow]
    families: list[TestedRow]

    @property
    def worse(self) -> list[TestedRow]:
        """Where the engine loses, the largest loss first."""
        losing = [row for row in self.families if row.gain is not None and row.gain < 0]
        return sorted(losing, key=lambda row: row.gain or 0.0)


def newest_report() -> BacktestReport | None:
    """The last backtest that was made, of whatever cycle."""
    return BacktestReport.objects.select_related("cycle", "run__by").first()


def backtest_figures(report: BacktestReport, user: User, family: str = "") -> Tested:
    """The figures of a backtest within the families of a person's scope, or below one of them.

    Sums are stored by family: a scope that is narrower by market sees its families as a whole.
    """
    from demand.forecasting.tally import Tally

    tree = family_tree()
    allowed = _families(tree, user, family)
    rows = BacktestRow.objects.filter(report=report)
    if allowed is not None:
        rows = rows.filter(family_id__in=allowed)
    by_class: dict[str, dict[str, Tally]] = {}
    by_family: dict[int, dict[str, Tally]] = {}
    total: dict[str, Tally] = {}
    for row in rows:
        sums = _sums(row)
        for place in (
            by_class.setdefault(row.series_class, {}),
            by_family.setdefault(row.family_id, {}),
            total,
        ):
            place[row.method] = place.get(row.method, Tally()) + sums
    codes = sorted(by_family, key=lambda key: tree.families[key].code)
    return Tested(
        report,
        _row("All", "", total),
        [_row(name.capitalize(), "", by_class[name]) for name in CLASSES if name in by_class],
        [_row(tree.families[key].name, tree.families[key].code, by_family[key]) for key in codes],
    )


def _families(tree: FamilyTree, user: User, code: str) -> set[int] | None:
    pairs = visible_pairs(user, tree)
    allowed: set[int] | None = None
    if pairs is not None and not any(families is None for families, _ in pairs):
        allowed = {key for families, _ in pairs for key in families or ()}
    chosen = tree.by_code(code) if code else None
    if chosen is None:
        return allowed
    below = set(tree.descendants(chosen.pk))
    return below if allowed is None else below & allowed


def _sums(row: BacktestRow) -> "Tally":
    from dataclasses import fields

    from demand.forecasting.tally import Tally

    return Tally(**{field.name: getattr(row, field.name) for field in fields(Tally)})


def _row(name: str, code: str, methods: "dict[str, Tally]") -> TestedRow:
    from demand.forecasting.tally import Tally

    return TestedRow(name, code, [(method, methods.get(method, Tally())) for method in METHODS])


def refits(cycle: Cycle) -> QuerySet[Refit]:
    """What has been tried up to a cycle, the newest first, without the artefacts."""
    rows = Refit.objects.defer("artefact").select_related("cycle", "dropped_by", "run__by")
    return rows.filter(cycle__month__lte=cycle.month)
