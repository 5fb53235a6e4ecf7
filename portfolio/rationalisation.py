"""Push, maintain or cut: classes by margin and by variability, tail and complexity, and what they suggest. Pure.

ABC: products by falling margin; with the rule "before" A while the share before a product is below the
boundary (80 %, then 95 % for B), with "inclusive" while the share with the product is up to it. XYZ:
coefficient of variation of monthly units; X up to 0.5, Y up to 1, else Z. Tail: the products that together
bring the last 5 % of revenue. Every limit is a rule of the company.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portfolio.queries.shapes import ProductComplexity

SLOW_LOT_MONTHS = 6.0
DECLINE, GROWTH = -0.10, 0.10
BIG_SHARE = 0.01  # an own share of margin below which complexity is not earned back


@dataclass(frozen=True)
class Limits:
    """Where classes end: shares 0 to 1, coefficients of variation, and the side of the ABC boundary."""

    a_share: float = 0.80
    b_share: float = 0.95
    inclusive: bool = False
    x_limit: float = 0.5
    y_limit: float = 1.0
    tail_share: float = 0.05


@dataclass(frozen=True)
class Advice:
    """The classes of a product, what they suggest, and why in a sentence.

    ``growth`` is this year over the last one; ``months_per_lot`` and ``setup_hours`` a year are None and 0
    where supply knows nothing.
    """

    abc: str
    xyz: str
    proposal: str
    reason: str
    margin: float
    share: float
    variability: float | None
    revenue: float = 0.0
    year_units: float = 0.0
    growth: float | None = None
    is_tail: bool = False
    complexity: ProductComplexity = field(default_factory=ProductComplexity)

    @property
    def margin_share(self) -> float | None:
        """Margin of its own revenue."""
        return self.margin / self.revenue if self.revenue else None

    @property
    def months_per_lot(self) -> float | None:
        return self.complexity.months_per_lot(self.year_units)

    @property
    def setup_hours(self) -> float:
        return self.complexity.setup_hours_per_year(self.year_units)


def abc_classes(margins: Mapping[int, float], limits: Limits | None = None) -> dict[int, str]:
    """Class of each product by cumulated margin; without any positive margin all are C.

    Margins 90, 77, 26 of 193: shares before are 0, .47 and .87: A, A, B.
    """
    limits = limits or Limits()
    total = sum(margin for margin in margins.values() if margin > 0)
    classes, before = {}, 0.0
    for product, margin in sorted(margins.items(), key=lambda item: -item[1]):
        with_it = before + max(margin, 0.0)
        classes[product] = "C" if margin <= 0 else _letter(before / total, with_it / total, limits)
        before = with_it
    return classes


def _letter(before: float, with_it: float, limits: Limits) -> str:
    if limits.inclusive:
        return "A" if with_it <= limits.a_share else "B" if with_it <= limits.b_share else "C"
    return "A" if before < limits.a_share else "B" if before < limits.b_share else "C"


def tail_products(revenues: Mapping[int, float], share: float = 0.05) -> set[int]:
    """Products that together bring the last ``share`` of revenue: those before which 1 - share is reached."""
    total = sum(value for value in revenues.values() if value > 0)
    tail, before = set(), 0.0
    for product, value in sorted(revenues.items(), key=lambda item: -item[1]):
        if not total or before / total >= 1 - share - 1e-12:
            tail.add(product)
        before += max(value, 0.0)
    return tail


def variability(units: Sequence[float]) -> float | None:
    """Standard deviation over mean of monthly units; None where nothing was sold."""
    mean = math.fsum(units) / len(units) if units else 0.0
    if mean <= 0:
        return None
    return math.sqrt(math.fsum((value - mean) ** 2 for value in units) / len(units)) / mean


def xyz_class(cv: float | None, limits: Limits | None = None) -> str:
    limits = limits or Limits()
    if cv is None:
        return "Z"
    return "X" if cv <= limits.x_limit else "Y" if cv <= limits.y_limit else "Z"


def year_on_year(units: Sequence[float]) -> float | None:
    """The last twelve months over the twelve before, less one; None without sales in both years' place."""
    before = sum(units[-24:-12]) if len(units) >= 24 else 0.0
    return sum(units[-12:]) / before - 1 if before > 0 else None


def advise(
    margins: Mapping[int, float],
    units: Mapping[int, Sequence[float]],
    *,
    revenues: Mapping[int, float] | None = None,
    complexity: Mapping[int, ProductComplexity] | None = None,
    limits: Limits | None = None,
) -> dict[int, Advice]:
    """Advice for every product of ``margins`` (money of the last year) with its monthly ``units``."""
    limits, revenues = limits or Limits(), revenues or {}
    total = sum(margin for margin in margins.values() if margin > 0)
    tail = tail_products(revenues, limits.tail_share) if revenues else set()
    advice = {}
    for product, abc in abc_classes(margins, limits).items():
        sold = units.get(product, ())
        cv = variability(sold)
        facts = Advice(
            abc=abc,
            xyz=xyz_class(cv, limits),
            proposal="",
            reason="",
            margin=margins[product],
            share=margins[product] / total if total else 0.0,
            variability=cv,
            revenue=revenues.get(product, 0.0),
            year_units=sum(sold[-12:]),
            growth=year_on_year(sold),
            is_tail=product in tail,
            complexity=(complexity or {}).get(product, ProductComplexity()),
        )
        proposal, words = _proposal(facts)
        advice[product] = Advice(**(facts.__dict__ | {"proposal": proposal, "reason": " ".join(words)}))
    return advice


def _proposal(facts: Advice) -> tuple[str, list[str]]:
    """What the facts suggest, and its sentences: the first names the ground, the others what speaks with it."""
    if facts.year_units <= 0:
        return "cut", ["Nothing was ordered in the last twelve months."]
    if ground := _ground_to_cut(facts):
        return "cut", [ground, *_burden(facts)]
    falls = facts.growth is not None and facts.growth <= DECLINE
    grows = facts.growth is None or facts.growth >= GROWTH
    if facts.abc == "A" and facts.xyz in "XY" and grows:
        return "push", ["It earns much and sells steadily.", *_trend(facts)]
    if facts.abc == "C":
        return "maintain", ["It earns little but sells steadily.", *_burden(facts)]
    if facts.abc == "A" and falls:
        return "maintain", ["It earns much, but sells less than a year ago.", *_trend(facts)]
    ground = "It earns its place." if facts.xyz != "Z" else "It earns its place, though it sells unsteadily."
    return "maintain", [ground, *_trend(facts)]


def _ground_to_cut(facts: Advice) -> str:
    if facts.margin < 0:
        return "It costs more than it earns."
    if facts.abc == "C" and facts.xyz == "Z":
        return "It earns little and sells by fits and starts."
    return "It is in the tail and asks more of production than it earns." if _outweighed(facts) else ""


def _outweighed(facts: Advice) -> bool:
    """In the tail, shrinking, and made in lots that last half a year or with components of its own."""
    slow = (facts.months_per_lot or 0.0) > SLOW_LOT_MONTHS
    falling = facts.growth is not None and facts.growth <= DECLINE
    heavy = slow or facts.complexity.own_components > 0
    return facts.abc == "C" and facts.is_tail and falling and heavy and facts.share < BIG_SHARE


def _burden(facts: Advice) -> list[str]:
    """What it asks of production, as far as it is known, and where it goes."""
    words = _trend(facts)
    lot = facts.months_per_lot
    if lot is not None and lot > SLOW_LOT_MONTHS:
        words.append(f"One lot lasts {lot:,.0f} months.")
    own = facts.complexity.own_components
    if own:
        words.append(
            f"{own} component{'s' if own > 1 else ''} {'are' if own > 1 else 'is'} needed for it alone."
        )
    if facts.setup_hours >= 1:
        words.append(f"Changing over to it takes {facts.setup_hours:,.0f} hours a year.")
    return words


def _trend(facts: Advice) -> list[str]:
    if facts.growth is None or DECLINE < facts.growth < GROWTH:
        return []
    return [f"Units {'rose' if facts.growth > 0 else 'fell'} by {abs(facts.growth):.0%} in a year."]
