"""One sentence per series: what was done and why, in the planner's words."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from demand.forecasting.arrays import SEASON, Bools, Floats, median
from demand.forecasting.cleansing import Cause, Repair
from demand.forecasting.ensemble import Fit
from demand.forecasting.routing import ENDED_INTERVALS, Kind

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
STRONG, WEAK = 0.25, 0.03  # logs: from here a season is strong, below it none is worth a word
FLAT = 0.01  # yearly growth that is no trend
SHIFTED = 6.0  # steps of the usual size that make the last month a jump
SHORT = 36  # months of history below which it is worth a word
TOLD_CORRECTION = 0.005
SHIFTED_AT_LEAST = 0.3


class Story(NamedTuple):
    """What there is to tell of one fitted series; shares of the level (0.1 = 10 %)."""

    months: int
    growth: float
    growth_before: float
    peak_phase: int
    peak: float
    amplitude: float
    jump: float
    correction: float
    workdays: float
    lent: bool


def stories(fit: Fit, correction: Floats, workdays: Floats, lent: Bools) -> list[Story]:
    """A Story per row of a fit; correction (N, 12 or more) in logs, workdays (N,) elasticity, lent (N,)
    family season used."""
    base = fit.members["base"]
    size = np.ones(len(base)) if fit.logs else np.maximum(np.abs(fit.level), 1e-9)
    growth = (base[:, SEASON - 1] - base[:, 0]) / size
    steps = np.abs(np.diff(fit.x[:, -37:], axis=1))
    usual = np.nan_to_num(median(steps))
    before = np.nan_to_num(median(fit.x[:, -7:-1]))
    jump = np.nan_to_num(fit.x[:, -1]) - before
    real = (np.abs(jump) > SHIFTED * usual) & (np.abs(jump) > SHIFTED_AT_LEAST * size)
    columns = (
        fit.indices.months,
        growth,
        fit.drifts.recent * SEASON / size,
        np.argmax(fit.profile, 1),
        fit.profile.max(1) / size,
        np.ptp(fit.profile, axis=1) / size,
        np.where(real, jump / size, 0.0),
        correction[:, :SEASON].mean(1),
        workdays,
        lent,
    )
    return [Story(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def percent(logs_or_share: float, logs: bool) -> str:
    """Signed whole percent."""
    return f"{100 * (np.expm1(logs_or_share) if logs else logs_or_share):+.0f} %"


def trend_words(story: Story, logs: bool) -> str:
    """What the level does over the coming year."""
    if abs(story.growth) < FLAT:
        return "trend flattens" if abs(story.growth_before) > 2 * FLAT else "level stays"
    ahead = f"{'grows' if story.growth > 0 else 'falls'} ({percent(story.growth, logs)} within a year)"
    slows = story.growth * story.growth_before > 0 and abs(story.growth) < abs(story.growth_before) / 2
    return f"{ahead}, slower than before" if slows else ahead


def season_words(story: Story, logs: bool, first_month: int | None) -> str:
    """How strong the season is and where it peaks; first_month (0 = January) is the first month forecast."""
    if story.amplitude < WEAK:
        return "no season"
    size = "strong" if story.amplitude >= STRONG else "mild"
    if first_month is None:
        return f"{size} season (peak {percent(story.peak, logs)})"
    month = MONTHS[(first_month + story.peak_phase) % SEASON]
    return f"{size} {month} season ({percent(story.peak, logs)})"


def repair_words(repairs: list[Repair]) -> list[str]:
    """'three stock-out months repaired', one phrase per cause."""
    phrases = []
    for cause, count in Counter(one.cause for one in repairs).items():
        number = NUMBERS[count] if count < len(NUMBERS) else str(count)
        phrases.append(f"{number} {_noun(cause, count)} {_verb(cause)}")
    return phrases


def _noun(cause: Cause, count: int) -> str:
    many = "" if count == 1 else "s"
    words = {
        Cause.MISSING: f"missing month{many}",
        Cause.NEGATIVE: f"negative month{many}",
        Cause.NOT_A_NUMBER: f"unreadable month{many}",
        Cause.PROMOTION: f"promotion month{many}",
        Cause.OUTLIER: f"outlier{many}",
        Cause.STOCK_OUT: f"stock-out month{many}",
        Cause.EMPTY: f"suspected stock-out month{many}",
    }
    return words[cause]


def _verb(cause: Cause) -> str:
    verbs = {
        Cause.MISSING: "filled",
        Cause.NOT_A_NUMBER: "filled",
        Cause.PROMOTION: "brought down to normal",
    }
    return verbs.get(cause, "repaired")


def fitted_sentence(story: Story, logs: bool, first_month: int | None, repairs: list[Repair]) -> str:
    """The sentence of a series the ensemble forecast; first_month (0 = January) is the first month
    forecast."""
    phrases = [trend_words(story, logs), season_words(story, logs, first_month)]
    if story.months < SHORT:
        helped = "season partly lent by its family" if story.lent else "season trusted with care"
        phrases.append(f"only {story.months} months of history, {helped}")
    if story.jump:
        jump = percent(story.jump, logs)
        phrases.append(f"the last month is {jump} out of line: one month alone hardly moves the level")
    if story.workdays > 0:
        phrases.append(f"working days count ({story.workdays:.1f} % per 1 % more days)")
    phrases += repair_words(repairs)
    if abs(story.correction) >= TOLD_CORRECTION:
        phrases.append(f"learned correction {percent(story.correction, True)}")
    return _sentence(phrases)


class Plain(NamedTuple):
    """What there is to tell of a series the ensemble did not touch: level a month, months between demands,
    idle."""

    kind: Kind
    months: int
    level: float
    interval: float
    idle: int


def plain_sentence(told: Plain, repairs: list[Repair]) -> str:
    """The sentence of a series that was routed away from the ensemble."""
    rate = f"mean of {told.level:.3g} a month"
    span = f"{told.months} month{'' if told.months == 1 else 's'}"
    ended = (
        f"demand has ended, {told.idle} months without any" if told.idle >= ENDED_INTERVALS else "withdrawn"
    )
    said = {
        Kind.NO_HISTORY: "no usable history: forecast 0, enter a forecast by hand",
        Kind.NO_DEMAND: f"no demand in {span}: forecast 0",
        Kind.ENDED: f"{ended}: forecast 0, not revived",
        Kind.NEW: f"new, {span} of history: level of the latest months held",
        Kind.INTERMITTENT: f"intermittent, demand every {told.interval:.1f} months: {rate}",
        Kind.CONSTANT: f"the same quantity in all {span}: carried on",
    }
    return _sentence([said[told.kind], *repair_words(repairs)])


def _sentence(phrases: list[str]) -> str:
    text = ", ".join(phrases)
    return text[:1].upper() + text[1:] + "."
