"""Load of resources: the heat table, and what loads one cell of it. Hours are floats, quantities quanta."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from cycles.models import Version
from sop.quantities import QUANTA_PER_UNIT
from supply.models import ProductSiteFact, ResourceFact, ResourceUse, StreamFact

ENOUGH = 0.005
"""Hours below which a difference is noise."""


@dataclass(frozen=True, slots=True)
class LoadCell:
    """A resource in a month: hours that demand needs, hours that the plan uses, hours that there are."""

    resource_id: int
    month: date
    needed: float
    used: float
    regular: float
    overtime: float
    overtime_used: float
    extra_used: float
    worth_minor: float

    def percent(self, *, planned: bool = False) -> float | None:
        """Share of the regular hours, in percent; None where there are none."""
        hours = self.used if planned else self.needed
        return 100 * hours / self.regular if self.regular > 0 else None

    @property
    def available(self) -> float:
        """With overtime."""
        return self.regular + self.overtime

    @property
    def short(self) -> float:
        """Hours that demand needs beyond regular hours and overtime."""
        return max(0.0, self.needed - self.available)

    @property
    def is_overloaded(self) -> bool:
        return self.short > ENOUGH

    @property
    def is_full(self) -> bool:
        return self.used >= self.regular - ENOUGH and self.used > 0


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A resource with its cells, one for each month."""

    resource_id: int
    code: str
    name: str
    site: str
    is_new_site: bool
    cells: list[LoadCell]

    @property
    def short_months(self) -> list[date]:
        return [cell.month for cell in self.cells if cell.is_overloaded]

    @property
    def short_hours(self) -> float:
        return sum(cell.short for cell in self.cells)


FIELDS = (
    "resource_id", "month", "needed_hours", "load_hours", "regular_hours", "overtime_limit_hours",
    "overtime_used_hours", "extra_used_hours", "hour_worth_minor",
)  # fmt: skip


def load_rows(version: Version) -> list[LoadRow]:
    """All resources of a plan by site and code."""
    facts = ResourceFact.objects.filter(version=version).order_by(
        "resource__site__code", "resource__code", "month"
    )
    rows: dict[int, LoadRow] = {}
    last_site = None
    names = ("resource__code", "resource__name", "resource__site__name", "resource__site__code")
    for *figures, code, name, site_name, site in facts.values_list(*FIELDS, *names):
        cell = LoadCell(*figures)
        if cell.resource_id not in rows:
            rows[cell.resource_id] = LoadRow(
                cell.resource_id, code, name or code, site_name or site, last_site not in {None, site}, []
            )
            last_site = site
        rows[cell.resource_id].cells.append(cell)
    return list(rows.values())


@dataclass(frozen=True, slots=True)
class LoadShare:
    """A product on a resource in a month; wanted is None where its demand comes through a bill.

    ``short`` are units wanted and not served in their month, from stock neither: lost, or owed at its end.
    """

    product: str
    code: str
    hours: float
    wanted: float | None
    planned: float
    short: float


def load_shares(version: Version, resource_id: int, site_id: int, month: date) -> list[LoadShare]:
    """What loads a resource in a month, the most hours first: needed hours, wanted and planned units."""
    uses = ResourceUse.objects.filter(version=version, resource_id=resource_id).select_related("product")
    products = [use.product_id for use in uses]
    made = dict(
        ProductSiteFact.objects.filter(version=version, site_id=site_id, month=month, product__in=products)
        .values_list("product_id", "production")
    )  # fmt: skip
    wanted: dict[int, float] = defaultdict(float)
    missed: dict[int, float] = defaultdict(float)
    demand = StreamFact.objects.filter(version=version, month=month, stream__product__in=products)
    for product, quanta, short in (
        demand.values_list("stream__product_id")
        .annotate(total=Sum("demand"), short=Sum(F("lost") + F("backlog")))
        .values_list("stream__product_id", "total", "short")
    ):
        wanted[product], missed[product] = quanta / QUANTA_PER_UNIT, short / QUANTA_PER_UNIT
    shares = [
        _share(use, wanted.get(use.product_id), missed[use.product_id], made.get(use.product_id, 0))
        for use in uses
    ]
    return sorted((share for share in shares if share.hours > 0), key=lambda share: -share.hours)


def _share(use: ResourceUse, wanted: float | None, missed: float, made: int) -> LoadShare:
    planned = made / QUANTA_PER_UNIT
    mine = None if wanted is None else wanted * use.share
    hours = max(mine or 0.0, planned if mine is None else 0.0) * use.hours_per_unit
    name = use.product.description or use.product.code
    return LoadShare(name, use.product.code, hours, mine, planned, missed * use.share)
