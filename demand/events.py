"""What a marketing event lifts, estimated from past ones. Pure.

An estimate is the median of past lifts, each weighted by half for every year of age, taken from the narrowest
level with at least three events: product and market, product, family and market, family, then all, first among
events of the same kind, then among all kinds. Lifts are numbers of percent of the baseline; an event of half a
month lifts the month by half of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HALF_LIFE_MONTHS = 12.0
ENOUGH = 3


@dataclass(frozen=True)
class PastEvent:
    """A past event: where, of what kind, how long ago (months), and its lift in percent."""

    product: int
    family: int
    market: int | None
    age_months: int
    lift: float
    kind: str = ""


@dataclass(frozen=True)
class Estimate:
    """A lift in percent, and in words where it comes from."""

    lift: float
    basis: str
    events: int


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value at which half of the weight is reached; between two values where it falls exactly between them.

    10, 20, 40 with weights 1, 1, 1 give 20; with weights 1, 1, 2 the half (2) falls between 20 and 40: 30.
    """
    pairs = sorted(zip(values, weights, strict=True))
    half = sum(weights) / 2
    reached = 0.0
    for place, (value, weight) in enumerate(pairs):
        reached += weight
        if reached > half:
            return value
        if reached == half:
            return (value + pairs[min(place + 1, len(pairs) - 1)][0]) / 2
    raise ValueError("There is nothing to take a median of.")


def estimate_lift(
    events: Sequence[PastEvent], *, product: int, family: int, market: int | None, kind: str = ""
) -> Estimate | None:
    """The lift to expect of a new event; None where no past event is known at all."""
    alike = [event for event in events if kind and event.kind == kind]
    levels = _levels(alike, f" of the kind “{kind}”", product, family, market)
    levels += _levels(events, "", product, family, market)
    words, chosen = next(((words, found) for words, found in levels if len(found) >= ENOUGH), levels[-1])
    if not chosen:
        return None
    weights = [0.5 ** (event.age_months / HALF_LIFE_MONTHS) for event in chosen]
    lift = weighted_median([event.lift for event in chosen], weights)
    plural = "s" if len(chosen) > 1 else ""
    return Estimate(lift, f"median of {len(chosen)} past event{plural} of {words}", len(chosen))


def _levels(
    events: Sequence[PastEvent], suffix: str, product: int, family: int, market: int | None
) -> list[tuple[str, list[PastEvent]]]:
    """From the narrowest to the widest: where, in words, and the events there."""
    return [
        (
            f"this product and market{suffix}",
            [e for e in events if e.product == product and e.market == market],
        ),
        (f"this product{suffix}", [e for e in events if e.product == product]),
        (f"this family and market{suffix}", [e for e in events if e.family == family and e.market == market]),
        (f"this family{suffix}", [e for e in events if e.family == family]),
        (f"all products{suffix}", list(events)),
    ]


def measured_lift(actual: float, baseline: float, share: float = 1.0) -> float | None:
    """Lift in percent that an event really had: (actual - baseline) / baseline, over the share of the month it covered.

    100 against 80 is 25 %. None where there is no baseline or no day.
    """
    return (actual - baseline) / baseline * 100 / share if baseline > 0 and share > 0 else None


def weighted_pipeline(amounts: Sequence[float], probabilities: Sequence[float]) -> tuple[float, float]:
    """Expected value and standard deviation of deals that each come or do not.

    sum(p a) and sqrt(sum(a^2 p (1 - p))). 45,000 at .7, 18,500 at .85 and 12,000 at .5 give 53,225 and 22,470.
    """
    expected = sum(amount * share for amount, share in zip(amounts, probabilities, strict=True))
    variance = sum(a * a * p * (1 - p) for a, p in zip(amounts, probabilities, strict=True))
    return expected, variance**0.5


def spread_pipeline(
    deals: Sequence[tuple[int, int, float, float]], months: int
) -> tuple[list[float], list[float]]:
    """Expected value and standard deviation by month (months) of deals (first place, parts, size, probability).

    A deal is delivered in equal parts from its first place on; a part that lies outside counts nowhere.
    """
    sizes: list[list[float]] = [[] for _ in range(months)]
    shares: list[list[float]] = [[] for _ in range(months)]
    for first, parts, size, probability in deals:
        for place in range(max(first, 0), min(first + parts, months)):
            sizes[place].append(size / parts)
            shares[place].append(probability)
    pairs = [weighted_pipeline(*month) for month in zip(sizes, shares, strict=True)]
    return [expected for expected, _ in pairs], [deviation for _, deviation in pairs]
