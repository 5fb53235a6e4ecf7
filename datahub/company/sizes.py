"""How large a company is made."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Counts of a company. ``lines`` is the mean number of order lines per product, market and month."""

    name: str
    products: int
    markets: int
    families: int
    sites: int
    lines_per_site: int
    customers_per_market: int
    suppliers: int
    lines: float
    units: float
    history_months: int = 36
    later_months: int = 6
    horizon_months: int = 24
    forecast_cycles: int = 11
    full_forecasts: int = 2
    launches: int = 1
    phase_outs: int = 2
    promotions: int = 4


SIZES = {
    size.name: size
    for size in (
        Size("tiny", 8, 2, 2, 2, 1, 2, 4, 1.2, 300, phase_outs=1, promotions=2, forecast_cycles=6),
        Size("small", 84, 4, 6, 2, 4, 8, 14, 1.4, 120),
        Size(
            "mid",
            2_000,
            4,
            12,
            4,
            10,
            100,
            60,
            2.6,
            120,
            history_months=48,
            later_months=3,
            launches=12,
            phase_outs=24,
            promotions=60,
        ),
        Size(
            "large",
            12_500,
            4,
            15,
            6,
            40,
            400,
            200,
            1.65,
            90,
            later_months=2,
            forecast_cycles=3,
            full_forecasts=1,
            launches=40,
            phase_outs=120,
            promotions=200,
        ),
    )
}
