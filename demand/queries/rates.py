"""Exchange rates as a table in memory: a few hundred rows that value millions of lines."""

from bisect import bisect_right
from datetime import date

from portfolio.models import ExchangeRate


class RateTable:
    """Company currency for one unit of a foreign one, by month.

    A month without a rate takes the last one before it (the rule for missing rates reports it), the first
    one where none lies before. A currency without any rate counts as the company's own.
    """

    def __init__(self, rates: list[tuple[str, date, float]]) -> None:
        self._months: dict[str, list[date]] = {}
        self._rates: dict[str, list[float]] = {}
        for currency, month, rate in sorted(rates):
            self._months.setdefault(currency, []).append(month)
            self._rates.setdefault(currency, []).append(rate)

    @classmethod
    def stored(cls) -> "RateTable":
        """All rates of the database."""
        return cls(list(ExchangeRate.objects.values_list("currency", "month", "rate")))

    def at(self, currency: str, month: date) -> float:
        """The rate that holds in a month."""
        months = self._months.get(currency)
        if not months:
            return 1.0
        return self._rates[currency][max(0, bisect_right(months, month) - 1)]
