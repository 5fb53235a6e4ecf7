"""Before anything is forecast: histories cleansed, routed, and given the season of their family where theirs
is short."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from demand.forecasting.arrays import SEASON, Bools, Floats, Ints, chunks, everywhere
from demand.forecasting.cleansing import Repair, cleanse
from demand.forecasting.context import Context
from demand.forecasting.ensemble import indices_of
from demand.forecasting.routing import Kind, Kinds, route
from demand.forecasting.seasonality import Indices, family_indices

Table = TypeVar("Table", bound=np.generic)


@dataclass(frozen=True)
class Prepared:
    """Cleansed values (N, T), NaN before the first demand; kinds (N,); repairs; calendar month (0 = January)
    of the first month forecast (N,), if known; log seasonal profile of the family (N, 12), NaN for none, if
    anyone needs it."""

    values: Floats
    kinds: Kinds
    repairs: list[Repair]
    first_months: Ints | None
    family: Floats | None

    @cached_property
    def positive(self) -> Bools:
        """Rows that are positive throughout, and are forecast in logs (N,)."""
        return all_positive(self.values)

    def repairs_by_series(self) -> dict[int, list[Repair]]:
        """Row -> its repairs."""
        grouped: dict[int, list[Repair]] = defaultdict(list)
        for repair in self.repairs:
            grouped[repair.series].append(repair)
        return grouped


def all_positive(values: Floats) -> Bools:
    """Rows of (N, T) without a month at or below zero; months unknown do not count."""
    return everywhere(np.where(np.isfinite(values), values, 1.0) > 0)


def prepare(recorded: Floats, context: Context, outliers: bool) -> Prepared:
    """Prepares recorded (N, T), chunk by chunk; the input is not changed."""
    count = len(recorded)
    values, repairs, order = np.empty_like(recorded), list[Repair](), [np.empty(0, object)]
    for part in chunks(count):
        cleansed = cleanse(
            recorded[part],
            first_months=rows_of(context.launches, part),
            stock_outs=rows_of(context.stock_outs, part),
            promotions=rows_of(context.promotions, part),
            as_recorded=rows_of(context.as_recorded, part),
            outliers=outliers,
        )
        values[part] = cleansed.values
        order.append(route(cleansed.values, rows_of(context.ended, part)))
        found = cleansed.repairs(recorded[part])
        repairs += [repair._replace(series=repair.series + part.start) for repair in found]
    kinds = np.concatenate(order)
    first = _first_months(context, count)
    return Prepared(values, kinds, repairs, first, _family_profiles(values, kinds, context, first))


def rows_of(table: npt.NDArray[Table] | None, part: slice) -> npt.NDArray[Table] | None:
    """Some rows of a table that may not be there."""
    return None if table is None else table[part]


def _first_months(context: Context, count: int) -> Ints | None:
    if context.last_month is None:
        return None
    return np.broadcast_to(np.asarray(context.last_month, np.int64) % SEASON, (count,))


def _family_profiles(values: Floats, kinds: Kinds, context: Context, first: Ints | None) -> Floats | None:
    """Profiles of the families; only made where a short series wants one."""
    families = context.families
    if families is None or not ((kinds == Kind.SHORT) | (kinds == Kind.NEW)).any():
        return None
    labels: dict[object, int] = {}
    codes = [-1 if family is None else labels.setdefault(family, len(labels)) for family in families]
    lenders = np.where(all_positive(values), np.array(codes, np.int64), -1)
    parts = [indices_of(values[part], logs=True)[1] for part in chunks(len(values))]
    indices = Indices(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return family_indices(indices, lenders, np.zeros(len(values), np.int64) if first is None else first)
