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
    text = f"{over['resources']} resources need more hours than there are, {over['months']} months in all"
    return Alert(AlertKind.OVERLOAD, text, over["resources"], "supply:home")


def _safety(version: Version) -> Alert:
    missed = ProductSiteFact.objects.filter(version=version, closing__lt=F("safety_stock")).aggregate(
        months=Count("pk"), products=Count("product", distinct=True)
    )
    text = f"Safety stock of {missed['products']} products is missed, {missed['months']} months in all"
    return Alert(AlertKind.SAFETY, text, missed["products"], "supply:stock")


def _materials(version: Version) -> Alert:
    """Materials that keep sales from being served."""
    short = short_materials(version)
    materials = {(code, site) for code, site, _ in short}
    text = f"{len(materials)} materials run out, {len(short)} months in all"
    return Alert(AlertKind.MATERIAL, text, len(materials), "supply:materials")


def _lanes(version: Version) -> Alert:
    spot = LaneFact.objects.filter(version=version, spot_quantity__gt=0).aggregate(
        lanes=Count("lane", distinct=True), quantity=Sum("spot_quantity")
    )
    return Alert(
        AlertKind.LANE, f"{spot['lanes']} lanes are full and need spot freight", spot["lanes"], "supply:lanes"
    )
