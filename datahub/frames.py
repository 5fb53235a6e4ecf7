"""What rules of data quality read: template-shaped frames, from the database or from a folder of files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from datahub.registry import Dataset, dataset_named
from datahub.stored import stored_frame
from sop.periods import add_months, first_of_month, last_of_month

RECENT_MONTHS = 25


@dataclass
class Frames:
    """Frames by dataset name, read when first asked for, with the few facts that rules need beside them.

    ``month`` is the last closed month, ``horizon`` the number of plan months after it.
    """

    read: Callable[[Dataset], pd.DataFrame]
    month: date
    horizon: int
    currency: str
    _kept: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        dataset = dataset_named(name)
        if dataset is None:
            raise LookupError(f"No dataset {name!r} is registered.")
        frame: pd.DataFrame = self.shared(name, lambda: self.read(dataset))
        return frame

    def shared(self, name: str, make: Callable[[], Any]) -> Any:
        """Something that several rules need, made once."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    @property
    def close(self) -> pd.Timestamp:
        """The last day of the last closed month."""
        return pd.Timestamp(last_of_month(self.month))

    @property
    def start(self) -> pd.Timestamp:
        """The first day of the last closed month."""
        return pd.Timestamp(self.month)

    @property
    def year(self) -> pd.DatetimeIndex:
        """The last twelve closed months."""
        return pd.date_range(end=self.start, periods=12, freq="MS")

    @property
    def plan(self) -> pd.DatetimeIndex:
        """The plan months."""
        return pd.date_range(start=pd.Timestamp(add_months(self.month, 1)), periods=self.horizon, freq="MS")


def stored_frames(*, month: date, horizon: int, currency: str) -> Frames:
    """Frames of what is stored; of long histories the last two years."""
    since = add_months(month, 1 - RECENT_MONTHS)

    def read(dataset: Dataset) -> pd.DataFrame:
        recent = {f"{dataset.time}__gte": since} if dataset.time else {}
        return stored_frame(dataset, filters=recent)

    return Frames(read, month, horizon, currency)


def file_frames(folder: Path, *, currency: str = "", horizon: int = 24) -> Frames:
    """Frames of the files in a folder as they are, rows that an import would refuse included."""
    from datahub.actions.folders import dataset_of_file

    paths = {dataset_of_file(path.name): path for path in sorted(folder.iterdir()) if path.is_file()}

    def read(dataset: Dataset) -> pd.DataFrame:
        path = paths.get(dataset.name)
        return lenient_frame(dataset, path) if path else empty_frame(dataset)

    frames = Frames(read, date(2000, 1, 1), horizon, currency)
    orders = frames["sales_orders"]
    frames.month = first_of_month(orders["entry_date"].max().date())
    frames.currency = currency or _own_currency(orders, frames["fx"])
    return frames


def lenient_frame(dataset: Dataset, path: Path) -> pd.DataFrame:
    """A file's typed columns; cells that cannot be read are empty. Raises FileRefused for the file as a whole."""
    from datahub.checking import FileReading
    from datahub.context import LoadContext
    from datahub.files import open_table

    reading = FileReading(dataset, path)
    frames = list(reading.frames_of(open_table(path), LoadContext(), check=False))
    frame = pd.concat(frames) if frames else empty_frame(dataset)
    missing = [name for name in dataset.names if name not in frame]
    return frame.assign(**{name: empty_frame(dataset)[name].reindex(frame.index) for name in missing})


def empty_frame(dataset: Dataset) -> pd.DataFrame:
    """No rows, all columns."""
    from datahub.stored import typed_column

    return pd.DataFrame({column.name: typed_column(column, None, 0) for column in dataset.columns})


def _own_currency(orders: pd.DataFrame, rates: pd.DataFrame) -> str:
    """The company's currency has no rates."""
    own = orders.loc[
        ~orders["currency"].isin(set(rates["currency"])) & (orders["currency"] != ""), "currency"
    ]
    return str(own.mode().iloc[0]) if len(own) else ""
