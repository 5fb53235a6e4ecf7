"""Months and days of a generated company, as whole numbers that arrays can hold."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]

HIDDEN_MONTHS = (
    7  # simulated beyond the last month shown, so that orders and purchases are open at every close
)


@dataclass(frozen=True)
class Timeline:
    """Month 0 is the first of the history; days are counted from its first day."""

    first: np.datetime64
    history: int
    later: int
    horizon: int

    @classmethod
    def ending(cls, last_closed: date, history: int, later: int, horizon: int) -> "Timeline":
        """The timeline whose history ends with a month."""
        first = np.datetime64(f"{last_closed:%Y-%m}", "M") - (history - 1)
        return cls(first, history, later, horizon)

    @property
    def simulated(self) -> int:
        return self.history + self.later + HIDDEN_MONTHS

    @property
    def origin(self) -> np.datetime64:
        return self.first.astype("datetime64[D]")

    def month(self, index: int) -> np.datetime64:
        return self.first + index

    def months(self, start: int, count: int) -> npt.NDArray[np.datetime64]:
        return self.first + np.arange(start, start + count)

    def text(self, index: int) -> str:
        return str(self.month(index))

    def close(self, index: int) -> int:
        """The last day of a month, counted from the origin."""
        return int((self.month(index + 1).astype("datetime64[D]") - self.origin).astype(int)) - 1

    def month_of(self, days: Ints) -> Ints:
        """The month of each day."""
        return ((self.origin + days).astype("datetime64[M]") - self.first).astype(np.int64)

    def dates(self, days: Ints) -> Days:
        """Days as dates; negative days of no date (below -10 000) become empty."""
        found = (self.origin + days).astype("datetime64[s]")
        found[days < -10_000] = np.datetime64("NaT")
        return found

    def working_days(self, index: int) -> Ints:
        """Mondays to Fridays of a month, as days from the origin."""
        first = self.close(index - 1) + 1
        days = np.arange(first, self.close(index) + 1)
        return days[np.is_busday(self.origin + days)]


NEVER = -99_999


def random_days(rng: np.random.Generator, timeline: Timeline, months: Ints) -> Ints:
    """A working day in each of the months."""
    if not len(months):
        return np.empty(0, dtype=np.int64)
    first, last = int(months.min()), int(months.max())
    table = [timeline.working_days(month) for month in range(first, last + 1)]
    counts = np.array([len(days) for days in table])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    places = (rng.random(len(months)) * counts[months - first]).astype(np.int64)
    return np.concatenate(table)[starts[months - first] + places]
