"""What a rule of data quality answers: how many records it looked at, and which of them fail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Failure:
    """A record that breaks a rule; ``key`` are the record's own key fields, joined by ``|``."""

    dataset: str
    key: str
    message: str
    money: float = 0.0


@dataclass
class Outcome:
    """Records checked and failed."""

    checked: int
    failures: list[Failure] = field(default_factory=list)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.checked + other.checked, [*self.failures, *other.failures])


def judge(
    frame: pd.DataFrame,
    failed: Any,
    dataset: str,
    keys: Sequence[str],
    message: str,
    *,
    checked: int | None = None,
    money: str = "",
) -> Outcome:
    """One failure per row under the mask; ``{column}`` in the message becomes the row's value."""
    rows = frame[failed]
    failures = {
        key: Failure(dataset, key, message.format_map(row), float(row.get(money) or 0))
        for row in map(_readable, rows.to_dict("records"))
        if (key := "|".join(str(row[name]) for name in keys))
    }
    return Outcome(len(frame) if checked is None else checked, list(failures.values()))


def _readable(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m" if value.day == 1 and value.hour == 0 else "%Y-%m-%d")
    if value is pd.NaT or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN alone differs from itself
        return ""
    return round(value, 4) if isinstance(value, float) else value


def month_of(dates: "pd.Series[Any]") -> "pd.Series[Any]":
    """The first day of each date's month."""
    return dates.dt.to_period("M").dt.to_timestamp()


def long_form(table: pd.DataFrame, columns: str, values: str) -> pd.DataFrame:
    """A row per cell of a wide table, with its index, the column (named ``columns``) and the value."""
    names = [str(name) for name in table.index.names]
    return table.reset_index().melt(id_vars=names, var_name=columns, value_name=values)


def by_item(items: pd.DataFrame, column: str) -> dict[str, Any]:
    """A column of the item master by item code; of codes that stand twice the first."""
    once = items.drop_duplicates("item_code")
    return dict(zip(once["item_code"], once[column], strict=True))
