"""Money and outlooks of the company: rates, budget, earlier forecasts."""

from dataclasses import dataclass

import numpy as np

from datahub.company.calendar import Ints, Timeline
from datahub.company.demand import phase_out_end
from datahub.company.network import Floats, Network, Rng

FIRST_RATE = {"GBP": 1.17, "USD": 0.92}
OPTIMISM = 0.07  # salespeople forecast too much, most of all in the last market


@dataclass
class Outlooks:
    """Rates by month and currency; budget by family and month; forecasts by cycle.

    ``forecasts`` are (cycle, months, units by product, market and month). The budget starts with the last
    year of the history and ends with the horizon.
    """

    rates: dict[str, Floats]
    budget_units: Floats
    budget_revenue: Floats
    budget_cogs: Floats
    forecasts: list[tuple[int, Ints, Floats]]


def make_outlooks(network: Network, timeline: Timeline, demand: Floats, rng: Rng) -> Outlooks:
    """Everything that finance and planners have written down."""
    expected = _expected(timeline, demand)
    units, revenue, cogs = _budget(network, timeline, expected, rng)
    return Outlooks(
        _rates(network, timeline, rng), units, revenue, cogs, _forecasts(network, timeline, expected, rng)
    )


def _rates(network: Network, timeline: Timeline, rng: Rng) -> dict[str, Floats]:
    """Rates wander while months are closed and stay at the planning rate after."""
    months = timeline.history + timeline.later
    rates = {}
    for currency in sorted(set(network.currencies) - {"EUR"}):
        steps = rng.normal(0.0, 0.012, months)
        rates[currency] = np.round(FIRST_RATE[currency] * np.exp(np.cumsum(steps) - steps.sum() / 2), 4)
    return rates


def _expected(timeline: Timeline, demand: Floats) -> Floats:
    """What a planner may know: the true course for the months that were simulated, last year's after them."""
    months = timeline.history + timeline.horizon + 1
    course = np.concatenate([demand, np.zeros((*demand.shape[:2], max(0, months - demand.shape[2])))], axis=2)
    for month in range(timeline.history + timeline.later, months):
        course[:, :, month] = course[:, :, month - 12]
    return course


def _budget(
    network: Network, timeline: Timeline, expected: Floats, rng: Rng
) -> tuple[Floats, Floats, Floats]:
    """Last year's figures plus a wish: growth that the families do not have."""
    start = timeline.history - 12
    by_product = expected.sum(axis=1)[:, start : timeline.history + timeline.horizon]
    families = len(network.families)
    wish = rng.uniform(0.98, 1.14, families)
    shape = (families, by_product.shape[1])
    units, revenue, cogs = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    np.add.at(units, network.family, by_product)
    np.add.at(revenue, network.family, by_product * network.price[:, None] * 0.93)
    np.add.at(cogs, network.family, by_product * network.cost[:, None])
    smooth = rng.normal(1.0, 0.015, shape) * wish[:, None]
    return np.round(units * smooth), np.round(revenue * smooth, 2), np.round(cogs * smooth, 2)


def _forecasts(
    network: Network, timeline: Timeline, expected: Floats, rng: Rng
) -> list[tuple[int, Ints, Floats]]:
    """Three months of each earlier cycle, the whole horizon of the last ones."""
    size, found = network.size, []
    bias = 1 + OPTIMISM * np.linspace(0.3, 1.7, len(network.markets))[None, :, None]
    family = 1 + rng.normal(0.0, 0.04, len(network.families))[network.family][:, None, None]
    for back in range(size.forecast_cycles + size.full_forecasts - 1, -1, -1):
        cycle = timeline.history - back
        ahead = size.horizon_months if back < size.full_forecasts else 3
        months = np.arange(cycle, cycle + ahead)
        spread = 0.08 + 0.02 * np.minimum(6, np.arange(ahead))
        noise = np.exp(rng.normal(0.0, 1.0, (*expected.shape[:2], ahead)) * spread)
        base = 0.6 * _around(expected, months) + 0.4 * expected[:, :, months]
        units = np.round(base * bias * family * noise)
        for number, product in enumerate(network.phase_outs):
            units[product, :, months > phase_out_end(timeline, number)] = 0
        found.append((cycle, months, units))
    return found


def _around(expected: Floats, months: Ints) -> Floats:
    """The mean of a month and its neighbours: planners do not see single months coming."""
    last = expected.shape[2] - 1
    around: Floats = (
        expected[:, :, np.maximum(months - 1, 0)]
        + expected[:, :, months]
        + expected[:, :, np.minimum(months + 1, last)]
    ) / 3
    return around
