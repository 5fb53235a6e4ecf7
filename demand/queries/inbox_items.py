"""Items of the inbox as a page shows them: only the rows that are looked at get names and sentences."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cycles.models import User
from cycles.permissions import sees_margins
from demand.models import DemandStream, InboxAnswer
from demand.queries.inbox import Ranking
from sop.quantities import QUANTA_PER_UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class Item:
    """Units over the shown months; ``risk_minor`` is margin, or revenue for those who see no margins."""

    stream: DemandStream
    units: float
    previous: float
    risk_minor: int
    chance: float
    reasons: list[str]
    answer: InboxAnswer | None

    @property
    def name(self) -> str:
        product, market = self.stream.product, self.stream.market
        return f"{product.description or product.code}, {market.name or market.code}"


def items_at(ranking: Ranking, places: "Sequence[int]", user: User) -> list[Item]:
    """These places of a ranking, in this order."""
    keys = [int(ranking.streams[place]) for place in places]
    streams = DemandStream.objects.select_related("product", "market").in_bulk(keys)
    margins = sees_margins(user)
    return [
        Item(
            streams[key],
            float(ranking.plan[place]) / QUANTA_PER_UNIT,
            float(ranking.previous[place]) / QUANTA_PER_UNIT,
            ranking.risk([place], margins=margins),
            float(ranking.chance[place]),
            list(_reasons(ranking, place)),
            ranking.answers.get(key),
        )
        for place, key in zip(places, keys, strict=True)
    ]


def _reasons(ranking: Ranking, place: int) -> "Iterator[str]":
    """Each signal in a sentence, then what like entries were worth."""
    on = {name for name, flags in ranking.signals.items() if flags[place]}
    plan, previous = float(ranking.plan[place]), float(ranking.previous[place])
    if "missing" in on:
        yield (
            "An event has no lift yet."
            if ranking.coming.without_lift[place]
            else "Nothing is planned, though it sold in the last six months."
        )
    if "change" in on:
        share = f"{abs(plan / previous - 1):.0%}" if previous else ""
        yield (
            f"{share} {'above' if plan > previous else 'below'} last cycle’s plan.".strip()
            if share
            else ("New against last cycle’s plan.")
        )
    if on & {"bias", "tracking"}:
        yield _past(ranking, place, tracking="tracking" in on)
    if "event" in on:
        yield (
            "A marketing event is near." if ranking.coming.events[place] else "A launch or phase-out is near."
        )
    if not on:
        width = float(ranking.half_width[place]) / plan if plan else 0.0
        yield f"The forecast may be off by {width:.0%} either way."
    if ranking.is_measured:
        yield f"{float(ranking.helps[place]):.0%} of like changes helped."


def _past(ranking: Ranking, place: int, *, tracking: bool) -> str:
    from demand.coaching.ranking import tracking_signal

    row = int(ranking.errors.keys.searchsorted(ranking.streams[place]))
    errors = ranking.errors.errors[row]
    total, sold = float(errors.sum()), float(ranking.errors.sold[row])
    way = "high" if total > 0 else "low"
    share = f"{abs(total) / sold:.0%} too {way}" if sold else f"Too {way}"
    words = f"{share} over the last {ranking.errors.months} months"
    return f"{words} (signal {abs(tracking_signal(errors.tolist())):.1f})." if tracking else f"{words}."
