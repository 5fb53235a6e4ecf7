"""What a plan is checked for once it is there: overloads, missed safety stock, short materials, full lanes."""

from dataclasses import dataclass

from django.db.models import Count, F, Sum

from cycles.models import Version
from supply.choices import AlertKind
from supply.models import LaneFact, ProductSiteFact, ResourceFact
from supply.queries.materials import short_materials


@dataclass(frozen=True, slots=True)
class Alert:
    """One kind of alert with how many things it concerns; ``href_name`` is the page that lists them."""

    kind: AlertKind
    text: str
    count: int
    url_name: str


def alerts_of(version: Version) -> list[Alert]:
    """The alerts of a plan, the graver first; none for a plan without any."""
    found = [_overloads(version), _safety(version), _materials(version), _lanes(version)]
    return [alert for alert in found if alert.count]


def _overloads(version: Version) -> Alert:
    """Months in which demand needs more hours than there are with overtime."""
    over = ResourceFact.objects.filter(
        version=version, needed_hours__gt=F("regular_hours") + F("overtime_limit_hours") + 0.005
    ).aggregate(months=Count("pk"), resources=Count("resource", distinct=True))
    lines, need = ("resource", "needs") if over["resources"] == 1 else ("resources", "need")
    text = f"{over['resources']} {lines} {need} more hours than there are, {_months(over['months'])} in all"
    return Alert(AlertKind.OVERLOAD, text, over["resources"], "supply:home")


def _safety(version: Version) -> Alert:
    missed = ProductSiteFact.objects.filter(version=version, closing__lt=F("safety_stock")).aggregate(
        months=Count("pk"), products=Count("product", distinct=True)
    )
    products = "product" if missed["products"] == 1 else "products"
    text = f"Safety stock of {missed['products']} {products} is missed, {_months(missed['months'])} in all"
    return Alert(AlertKind.SAFETY, text, missed["products"], "supply:stock")


def _materials(version: Version) -> Alert:
    """Materials that keep sales from being served."""
    short = short_materials(version)
    materials = {(code, site) for code, site, _ in short}
    words = "material runs" if len(materials) == 1 else "materials run"
    text = f"{len(materials)} {words} out, {_months(len(short))} in all"
    return Alert(AlertKind.MATERIAL, text, len(materials), "supply:materials")


def _lanes(version: Version) -> Alert:
    spot = LaneFact.objects.filter(version=version, spot_quantity__gt=0).aggregate(
        lanes=Count("lane", distinct=True), quantity=Sum("spot_quantity")
    )
    words = "lane is full and needs" if spot["lanes"] == 1 else "lanes are full and need"
    return Alert(AlertKind.LANE, f"{spot['lanes']} {words} spot freight", spot["lanes"], "supply:lanes")


def _months(count: int) -> str:
    return f"{count} month" if count == 1 else f"{count} months"
