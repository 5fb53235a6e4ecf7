"""What a person's entries at a level and of a size have added so far, and how much of the next one to keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from demand.coaching.cases import Case
from demand.coaching.credibility import Credibility, Pulled, credibility

# Below this many closed entries in the whole company even its mean is noise, and nothing is suggested.
ENOUGH_CASES = 10
# Below 0 one would turn a person's entry round; beyond 1.5 one would put words into her mouth.
LEAST_SHRINK, MOST_SHRINK = 0.0, 1.5


@dataclass(frozen=True, order=True)
class Group:
    """Entries that are alike: of a person, at a level, of a size."""

    person: int
    level: str
    size: str


@dataclass(frozen=True)
class Record:
    """A group's record: ``gain`` (share of volume), ``shrink`` (factor on the change), ``helps`` (share of entries)."""

    gain: Pulled
    shrink: float
    helps: float

    @property
    def cases(self) -> int:
        return self.gain.cases


class Skills:
    """The records of a company, from all of its closed entries."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = list(cases)
        self._groups = [Group(case.person, case.level, case.size) for case in self.cases]

    @property
    def is_enough(self) -> bool:
        """Whether there are entries enough to say anything."""
        return len(self.cases) >= ENOUGH_CASES

    @cached_property
    def gains(self) -> Credibility:
        return credibility([case.gain for case in self.cases], self._groups)

    @cached_property
    def helps(self) -> Credibility:
        return credibility([float(case.helped) for case in self.cases], self._groups)

    @cached_property
    def slopes(self) -> Credibility:
        """Slopes through the origin of what was needed on what was entered.

        The slope sum(xy) / sum(x^2) is the mean of the ratios y/x with weights x^2, so the same estimator pulls it:
        a regression with credibility (Hachemeister 1975) that has a slope alone.
        """
        ratios = [case.needed / case.entered for case in self.cases]
        return credibility(ratios, self._groups, [case.entered for case in self.cases])

    def record(self, group: Group) -> Record:
        """What is known of a group; without own entries it is the company's mean."""
        shrink = min(max(self.slopes.of(group).value, LEAST_SHRINK), MOST_SHRINK)
        return Record(self.gains.of(group), shrink, min(max(self.helps.of(group).value, 0.0), 1.0))

    def records(self) -> dict[Group, Record]:
        """All groups with entries."""
        return {group: self.record(group) for group in sorted(set(self._groups))}


def suggested(before: float, typed: float, shrink: float) -> float:
    """The typed figure with its change shrunk; never below zero."""
    return max(0.0, before + shrink * (typed - before))
