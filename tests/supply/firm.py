"""Builds a company small enough to be planned in the head."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cycles.actions.versions import writing_version
from cycles.choices import Role, StageKind, StageState, VersionKind
from cycles.models import Cycle, Stage, User, Version
from demand.models import DemandFact, DemandStream, OrderLine
from portfolio.models import Customer, Family, Market, PlannedPrice, Product
from sop.quantities import to_quanta
from supply.models import (
    BillLine,
    Lane,
    ProductSite,
    PurchaseOrderLine,
    Resource,
    ResourceMonth,
    Routing,
    Site,
    StockRecord,
    Supplier,
    SupplierProduct,
)

MONTH = date(2026, 1, 1)
CLOSE = date(2025, 12, 31)


@dataclass
class Firm:
    """Builds rows by short names; quantities are units, money major currency."""

    cycle: Cycle
    people: dict[Role, User]
    site: Site
    market: Market
    family: Family
    demand: dict[DemandStream, list[float]] = field(default_factory=dict)

    def product(self, code: str, *, cost: float | None = 6, price: float | None = 10, **more: Any) -> Product:
        more.setdefault("family", self.family if more.get("kind", "FG") == "FG" else None)
        return Product.objects.create(
            code=code, description=f"Product {code}", standard_cost=cost, list_price=price, **more
        )

    def sold(
        self, product: Product, *units: float, price: float | None = 10, market: Market | None = None
    ) -> DemandStream:
        """Demand of the first months; later ones are zero."""
        stream = DemandStream.objects.create(product=product, market=market or self.market)
        if price is not None:
            PlannedPrice.objects.create(product=product, market=stream.market, price=price)
        self.demand[stream] = list(units)
        return stream

    def line(
        self, code: str = "LINE1", *, hours: float = 100, site: Site | None = None, **more: Any
    ) -> Resource:
        """A resource with the same hours in every plan month."""
        resource = Resource.objects.create(code=code, name=f"Line {code[-1]}", site=site or self.site)
        for month in self.cycle.months:
            ResourceMonth.objects.create(resource=resource, month=month, available_hours=hours, **more)
        return resource

    def made_on(self, product: Product, resource: Resource, hours: float = 1, **more: Any) -> Routing:
        return Routing.objects.create(product=product, resource=resource, hours_per_unit=hours, **more)

    def needs(self, parent: Product, component: Product, quantity: float = 1, **more: Any) -> BillLine:
        return BillLine.objects.create(parent=parent, component=component, quantity_per=quantity, **more)

    def supplied_by(self, code: str, product: Product, *, price: float = 2, **more: Any) -> SupplierProduct:
        supplier, _ = Supplier.objects.get_or_create(code=code, defaults={"name": f"Supplier {code}"})
        return SupplierProduct.objects.create(
            supplier=supplier, product=product, site=more.pop("site", self.site), price=price, **more
        )

    def hours(self, resource: Resource, month: date, hours: float, **more: Any) -> None:
        ResourceMonth.objects.update_or_create(
            resource=resource, month=month, defaults={"available_hours": hours, **more}
        )

    def order(self, stream: DemandStream, *, units: float, requested: date) -> OrderLine:
        customer, _ = Customer.objects.get_or_create(
            code="C", defaults={"name": "Customer", "market": self.market}
        )
        return OrderLine.objects.create(
            order_number=f"SO{OrderLine.objects.count()}",
            line_number="1",
            stream=stream,
            customer=customer,
            quantity=to_quanta(units),
            requested_date=requested,
            status="open",
        )

    def in_stock(
        self, product: Product, units: float, *, blocked: float = 0, transit: float = 0, **more: Any
    ) -> None:
        StockRecord.objects.create(
            product=product,
            site=more.pop("site", self.site),
            day=more.pop("day", CLOSE),
            on_hand=to_quanta(units),
            blocked=to_quanta(blocked),
            in_transit=to_quanta(transit),
        )

    def ordered(self, product: Product, supplier: str, units: float, due: date) -> None:
        PurchaseOrderLine.objects.create(
            order_number=f"PO{PurchaseOrderLine.objects.count()}",
            line_number="1",
            product=product,
            supplier=Supplier.objects.get(code=supplier),
            order_date=CLOSE,
            due_date=due,
            quantity=to_quanta(units),
        )

    def policy(self, product: Product, **more: Any) -> ProductSite:
        return ProductSite.objects.create(product=product, site=more.pop("site", self.site), **more)

    def lane(self, **more: Any) -> Lane:
        more.setdefault("market", None if "site" in more else self.market)
        return Lane.objects.create(origin=more.pop("origin", self.site), **more)

    def signed_demand(self) -> Version:
        """The frozen demand plan, signed; the supply review is open."""
        with writing_version(
            cycle=self.cycle, kind=VersionKind.DEMAND, name="Demand plan", by=self.people[Role.DEMAND_PLANNER]
        ) as version:
            DemandFact.objects.bulk_create(
                DemandFact(
                    version=version,
                    stream=stream,
                    month=month,
                    consensus=to_quanta(units[t]) if t < len(units) else 0,
                )
                for stream, units in self.demand.items()
                for t, month in enumerate(self.cycle.months)
            )
        stage = self.stage(StageKind.DEMAND)
        stage.signed_version, stage.state = version, StageState.SIGNED
        stage.save()
        Stage.objects.filter(cycle=self.cycle, kind=StageKind.SUPPLY).update(state=StageState.OPEN)
        return version

    def products(self, code: str) -> Product:
        return Product.objects.get(code=code)

    @property
    def a(self) -> Product:
        return self.products("A")

    @property
    def stream(self) -> DemandStream:
        return next(iter(self.demand))

    @property
    def line1(self) -> Resource:
        return Resource.objects.get(code="LINE1")

    def stage(self, kind: StageKind) -> Stage:
        return Stage.objects.select_related("cycle").get(cycle=self.cycle, kind=kind)
