"""What a plan is checked for once it is there: overloads, missed safety stock, short materials, full lanes."""

from dataclasses import dataclass

from django.db.models import Count, F, Sum

from cycles.models import Version
from sop.reads import once
from supply.choices import AlertKind
from supply.models import LaneFact, ProductSiteFact, ResourceFact
from supply.queries.materials import short_materials
from supply.registry import further_alerts


@dataclass(frozen=True, slots=True)
class Alert:
    """One kind of alert with how many things it concerns, and the page where something is done about it."""

    kind: AlertKind
    text: str
    count: int
    url_name: str
    action: str = "Open"
    args: tuple[int | str, ...] = ()
    query: str = ""


@once
def alerts_of(version: Version) -> list[Alert]:
    """The alerts of a plan, the graver first; none for a plan without any."""
    found = [_overloads(version), _safety(version), _materials(version), _lanes(version)]
    return [alert for alert in found if alert.count] + further_alerts(version)


def _overloads(version: Version) -> Alert:
    """Months in which demand needs more hours than there are with overtime; leads to the worst resource."""
    over = ResourceFact.objects.filter(
        version=version, needed_hours__gt=F("regular_hours") + F("overtime_limit_hours") + 0.005
    )
    short = Sum(F("needed_hours") - F("regular_hours") - F("overtime_limit_hours"))
    worst = over.values("resource").annotate(short=short).order_by("-short").values_list("resource").first()
    counts = over.aggregate(months=Count("pk"), resources=Count("resource", distinct=True))
    lines, need = ("resource", "needs") if counts["resources"] == 1 else ("resources", "need")
    text = (
        f"{counts['resources']} {lines} {need} more hours than there are, {_months(counts['months'])} in all"
    )
    return Alert(
        AlertKind.OVERLOAD, text, counts["resources"], "supply:hours", "Hours of the worst", worst or ()
    )


def _safety(version: Version) -> Alert:
    missed = ProductSiteFact.objects.filter(version=version, closing__lt=F("safety_stock")).aggregate(
        months=Count("pk"), products=Count("product", distinct=True)
    )
    products = "product" if missed["products"] == 1 else "products"
    text = f"Safety stock of {missed['products']} {products} is missed, {_months(missed['months'])} in all"
    return Alert(AlertKind.SAFETY, text, missed["products"], "supply:stock", "See which", query="low=1")


def _materials(version: Version) -> Alert:
    """Materials that keep sales from being served."""
    short = short_materials(version)
    materials = {(code, site) for code, site, _ in short}
    words = "material runs" if len(materials) == 1 else "materials run"
    text = f"{len(materials)} {words} out, {_months(len(short))} in all"
    return Alert(AlertKind.MATERIAL, text, len(materials), "supply:materials", "See which", query="short=1")


def _lanes(version: Version) -> Alert:
    spot = LaneFact.objects.filter(version=version, spot_quantity__gt=0).aggregate(
        lanes=Count("lane", distinct=True), quantity=Sum("spot_quantity")
    )
    words = "lane is full and needs" if spot["lanes"] == 1 else "lanes are full and need"
    text = f"{spot['lanes']} {words} spot freight"
    return Alert(AlertKind.LANE, text, spot["lanes"], "supply:lanes", "See which")


def _months(count: int) -> str:
    return f"{count} month" if count == 1 else f"{count} months"
