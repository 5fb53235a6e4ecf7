"""Streams that the plan needs before anybody has ordered: those of launches and of successors."""

from demand.models import DemandStream
from portfolio.choices import LaunchBasis
from portfolio.models import Launch, PhaseOut, Product


def ensure_streams() -> int:
    """Makes the streams in which launches and successors will sell: the markets of what they follow."""
    wanted: set[tuple[int, int]] = set()
    for launch in (
        Launch.objects.filter(is_dropped=False).select_related("product").prefetch_related("references")
    ):
        for model in _models(launch):
            wanted |= _markets(model, launch.product_id)
    for phase_out in PhaseOut.objects.filter(is_dropped=False, successor__isnull=False):
        wanted |= _markets(phase_out.product_id, phase_out.successor_id or 0)
    known = set(DemandStream.objects.values_list("product_id", "market_id")) if wanted else set()
    missing = sorted(wanted - known)
    DemandStream.objects.bulk_create(
        DemandStream(product_id=product, market_id=market) for product, market in missing
    )
    return len(missing)


def _models(launch: Launch) -> list[int]:
    """The products in whose markets a launch will sell: its like products, else those of its family."""
    likes = [reference.product_id for reference in launch.references.all()]
    if likes or launch.basis in LaunchBasis.with_references():
        return likes
    family = Product.objects.filter(family=launch.product.family).exclude(pk=launch.product_id)
    return list(family.values_list("pk", flat=True))


def _markets(model: int, follower: int) -> set[tuple[int, int]]:
    markets = DemandStream.objects.filter(product_id=model).values_list("market_id", flat=True)
    return {(follower, market) for market in markets}
