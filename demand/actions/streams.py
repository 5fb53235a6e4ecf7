"""Streams that the plan needs before anybody has ordered: those of launches and of successors."""

from demand.models import DemandStream
from portfolio.models import Launch, PhaseOut


def ensure_streams() -> int:
    """Makes the streams in which launches and successors will sell: the markets of what they follow."""
    wanted: set[tuple[int, int]] = set()
    for launch in Launch.objects.filter(is_dropped=False).prefetch_related("references"):
        for reference in launch.references.all():
            wanted |= _markets(reference.product_id, launch.product_id)
    for phase_out in PhaseOut.objects.filter(is_dropped=False, successor__isnull=False):
        wanted |= _markets(phase_out.product_id, phase_out.successor_id or 0)
    known = set(DemandStream.objects.values_list("product_id", "market_id")) if wanted else set()
    missing = sorted(wanted - known)
    DemandStream.objects.bulk_create(
        DemandStream(product_id=product, market_id=market) for product, market in missing
    )
    return len(missing)


def _markets(model: int, follower: int) -> set[tuple[int, int]]:
    markets = DemandStream.objects.filter(product_id=model).values_list("market_id", flat=True)
    return {(follower, market) for market in markets}
