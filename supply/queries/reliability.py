"""What suppliers promised and what they did, and the safety stock that follows from it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import fmean, stdev

from django.db.models import Sum

from cycles.models import Cycle, Version
from demand.models import DemandHistory
from sop.periods import add_months, days_to_months
from sop.quantities import QUANTA_PER_UNIT
from supply.models import MaterialFact, ProductSite, PurchaseOrderLine, SupplierProduct
from supply.safety import a_day, safety_stock

MONTHS = 24
"""Receipts of these closed months count."""

FEWEST = 5
"""Receipts below this say nothing about a spread."""

DEFAULT_SERVICE = 95.0
"""Percent, for a product at a site without a target of its own."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """A supplier's deliveries of a product; days are calendar days, quantities units."""

    row: SupplierProduct
    receipts: int
    on_time_share: float
    mean_days: float
    spread_days: float
    policy: ProductSite | None
    proposal: float | None

    @property
    def stated_days(self) -> float | None:
        return self.row.lead_time_days

    @property
    def is_late(self) -> bool:
        """Real lead times a quarter longer than stated."""
        return self.stated_days is not None and self.mean_days > 1.25 * self.stated_days

    @property
    def months_move(self) -> bool:
        """Whether the real lead time rounds to other months than the stated one, so that it changes the plan."""
        return self.stated_days is not None and days_to_months(self.mean_days) != days_to_months(
            self.stated_days
        )

    @property
    def change(self) -> float | None:
        """Proposed less present safety stock."""
        if self.proposal is None or self.policy is None:
            return None
        return self.proposal - (self.policy.safety_stock or 0.0)


def reliabilities(cycle: Cycle, plan: Version | None) -> list[Reliability]:
    """Suppliers and products with enough receipts, the least punctual first."""
    receipts = _receipts(cycle)
    rows = SupplierProduct.objects.select_related("supplier", "product", "site").order_by("pk")
    policies = {(policy.product_id, policy.site_id): policy for policy in ProductSite.objects.all()}
    wanted = _wanted(cycle, plan)
    found: dict[tuple[int, int], Reliability] = {}
    for row in rows:
        lines = receipts.get((row.supplier_id, row.product_id), [])
        if len(lines) >= FEWEST:
            policy = policies.get((row.product_id, row.site_id))
            monthly = wanted.get(row.product_id, [])
            found[row.supplier_id, row.product_id] = _reliability(row, lines, policy, monthly)
    return sorted(found.values(), key=lambda one: (one.on_time_share, -one.receipts))


def _receipts(cycle: Cycle) -> dict[tuple[int, int], list[tuple[date, date, date]]]:
    """(order, due, receipt) of each line received in the last months, by supplier and product."""
    lines = PurchaseOrderLine.objects.filter(
        receipt_date__gte=add_months(cycle.month, -MONTHS), receipt_date__lt=cycle.month
    )
    found: dict[tuple[int, int], list[tuple[date, date, date]]] = defaultdict(list)
    columns = ("supplier_id", "product_id", "order_date", "due_date", "receipt_date")
    for supplier, product, ordered, due, received in lines.values_list(*columns):
        if received is not None:
            found[supplier, product].append((ordered, due, received))
    return found


def _reliability(
    row: SupplierProduct,
    lines: list[tuple[date, date, date]],
    policy: ProductSite | None,
    monthly: list[float],
) -> Reliability:
    days = [float((received - ordered).days) for ordered, _, received in lines]
    mean, spread = fmean(days), stdev(days)
    service = (policy.service_target_percent if policy else None) or DEFAULT_SERVICE
    demand, demand_spread = a_day(monthly)
    proposal = safety_stock(
        service_percent=service,
        demand=demand,
        demand_spread=demand_spread,
        lead_days=mean,
        lead_spread=spread,
    )
    on_time = sum(received <= due for _, due, received in lines) / len(lines)
    return Reliability(row, len(lines), on_time, mean, spread, policy, proposal if monthly else None)


def _wanted(cycle: Cycle, plan: Version | None) -> dict[int, list[float]]:
    """Units a month of each product: ordered in the last year, or what the plan uses of a material."""
    months = (add_months(cycle.month, -12), cycle.last_closed_month)
    history = DemandHistory.objects.filter(month__range=months).order_by()
    sums = history.values_list("stream__product_id", "month").annotate(total=Sum("quantity"))
    found: dict[int, list[float]] = defaultdict(list)
    for product, _, total in sums:
        found[product].append(total / QUANTA_PER_UNIT)
    uses = MaterialFact.objects.filter(version=plan, month__lt=add_months(cycle.month, 12)).order_by()
    for product, _, total in uses.values_list("product_id", "month").annotate(total=Sum("used")):
        found[product].append(total / QUANTA_PER_UNIT)
    return found
