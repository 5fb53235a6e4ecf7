"""Push, maintain or cut: classes by margin and by variability, and what they suggest. Pure.

ABC: products by falling margin; A while the share before a product is below 80 %, B below 95 %, else C.
XYZ: coefficient of variation of monthly units; X up to 0.5, Y up to 1, else Z. Both limits are shown.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

A_SHARE, B_SHARE = 0.80, 0.95
X_LIMIT, Y_LIMIT = 0.5, 1.0


@dataclass(frozen=True)
class Advice:
    """The classes of a product, what they suggest, and why in a sentence."""

    abc: str
    xyz: str
    proposal: str
    reason: str
    margin: float
    share: float
    variability: float | None


def abc_classes(margins: Mapping[int, float]) -> dict[int, str]:
    """Class of each product by cumulated margin before it; without any positive margin all are C.

    Margins 90, 77, 26 of 193: shares before are 0, .47 and .87: A, A, B.
    """
    total = sum(margin for margin in margins.values() if margin > 0)
    classes, before = {}, 0.0
    for product, margin in sorted(margins.items(), key=lambda item: -item[1]):
        share = before / total if total else 1.0
        classes[product] = "C" if margin <= 0 else "A" if share < A_SHARE else "B" if share < B_SHARE else "C"
        before += max(margin, 0.0)
    return classes


def variability(units: Sequence[float]) -> float | None:
    """Standard deviation over mean of monthly units; None where nothing was sold."""
    mean = math.fsum(units) / len(units) if units else 0.0
    if mean <= 0:
        return None
    return math.sqrt(math.fsum((value - mean) ** 2 for value in units) / len(units)) / mean


def xyz_class(cv: float | None) -> str:
    if cv is None:
        return "Z"
    return "X" if cv <= X_LIMIT else "Y" if cv <= Y_LIMIT else "Z"


def advise(margins: Mapping[int, float], units: Mapping[int, Sequence[float]]) -> dict[int, Advice]:
    """Advice for every product of ``margins`` (money of the last year) with its monthly ``units``."""
    total = sum(margin for margin in margins.values() if margin > 0)
    advice = {}
    for product, abc in abc_classes(margins).items():
        cv = variability(units.get(product, ()))
        xyz = xyz_class(cv)
        proposal, reason = _proposal(abc, xyz, margins[product], sum(units.get(product, ())[-12:]))
        share = margins[product] / total if total else 0.0
        advice[product] = Advice(abc, xyz, proposal, reason, margins[product], share, cv)
    return advice


def _proposal(abc: str, xyz: str, margin: float, year_units: float) -> tuple[str, str]:
    if year_units <= 0:
        return "cut", "Nothing was ordered in the last twelve months."
    if margin < 0:
        return "cut", "It costs more than it earns."
    if abc == "C" and xyz == "Z":
        return "cut", "It earns little and sells by fits and starts."
    if abc == "A" and xyz in "XY":
        return "push", "It earns much and sells steadily."
    if abc == "C":
        return "maintain", "It earns little but sells steadily; watch the lots it needs."
    return (
        "maintain",
        "It earns its place." if xyz != "Z" else "It earns its place, though it sells unsteadily.",
    )
