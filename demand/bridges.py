"""From one plan to another, cause by cause. Pure: whole numbers in, whole numbers out, so the parts add up exactly.

A step's contribution to a plan is the result after it less the result before it. The bridge between two plans
is the change of the baseline and of each step's contribution:

    new consensus - old consensus = (b1 - b0) + sum over steps of ((s1 - s1_before) - (s0 - s0_before))

In money, old figures are first taken to the new prices; what that moves is the part of prices. Worked example:
old 100, 100, 120 (baseline, marketing, sales), new 110, 130, 140: baseline +10, marketing +20, sales -10;
together +20 = 140 - 120.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

STEPS = ("baseline", "product", "marketing", "sales", "planner", "consensus")


@dataclass(frozen=True)
class Bridge:
    """``parts`` by cause; start, end and residual in the same whole unit."""

    start: int
    end: int
    parts: dict[str, int]

    @property
    def residual(self) -> int:
        """What no cause explains: always zero, and shown to be."""
        return self.end - self.start - sum(self.parts.values())


def bridge(old: Mapping[str, int], new: Mapping[str, int], *, start: int | None = None) -> Bridge:
    """The bridge from the totals by column of one plan to those of another.

    ``start`` is the old consensus in old prices where money is bridged; ``old`` then holds the old figures
    at new prices.
    """
    parts: dict[str, int] = {}
    begin = old[STEPS[-1]] if start is None else start
    if start is not None:
        parts["prices"] = old[STEPS[-1]] - start
    parts |= zip(STEPS, _moved(old, new), strict=True)
    return Bridge(begin, new[STEPS[-1]], parts)


def _moved(old: Mapping[str, int], new: Mapping[str, int]) -> Sequence[int]:
    contributions = [_contributions(plan) for plan in (old, new)]
    return [after - before for before, after in zip(*contributions, strict=True)]


def _contributions(plan: Mapping[str, int]) -> list[int]:
    figures = [0, *(plan[step] for step in STEPS)]
    return [after - before for before, after in pairwise(figures)]
