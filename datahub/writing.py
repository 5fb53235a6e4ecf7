"""The general writer: a checked frame becomes rows of the dataset's model, new ones and changed ones."""

from typing import Any

import numpy as np
import pandas as pd
from django.db import models

from cycles.models import User
from datahub.context import LoadContext
from datahub.registry import Column, Dataset, Kind, Scale, function_at
from sop.bulk import bulk_upsert
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT, quanta_array

HISTORY_ROWS = 500

Fields = dict[str, list[Any]]  # attribute name -> one value per row


def write_frame(dataset: Dataset, frame: pd.DataFrame, context: LoadContext) -> int:
    """Insert or update the rows of a frame. Unknown codes must have been refused before."""
    if dataset.write:
        function_at(dataset.write)(frame, context)
        return len(frame)
    for column in dataset.columns:
        if column.creates and column.name in frame:
            _make_codes(column, frame, context)
    fields = {**field_values(dataset, frame, context), **_hook_values(dataset, frame, context)}
    upsert(dataset.model, fields, key=dataset.unique, by=context.by)
    for column in dataset.columns:
        if column.creates:
            context.forget(column.creates)
    return len(frame)


def _make_codes(column: Column, frame: pd.DataFrame, context: LoadContext) -> None:
    """Codes of other models that a column brings along: a family of a product, a site of a calendar."""
    if column.field and column.field != "code":
        context.ensure(column.creates, pd.unique(frame[column.name]))


def _hook_values(dataset: Dataset, frame: pd.DataFrame, context: LoadContext) -> Fields:
    if not dataset.prepare:
        return {}
    prepared: Fields = function_at(dataset.prepare)(frame, context)
    return prepared


def field_values(dataset: Dataset, frame: pd.DataFrame, context: LoadContext) -> Fields:
    """The values of the model's fields, as the bulk writer takes them (ids, quanta, minor units, ISO dates)."""
    values: Fields = {}
    for column in dataset.columns:
        if column.field and column.name in frame:
            stored = dataset.model._meta.get_field(column.field)
            name = stored.attname if isinstance(stored, models.ForeignKey) else stored.name
            values[name] = _stored_values(column, stored, frame[column.name], context)
    for name, value in dataset.constants.items():
        values[name] = [value] * len(frame)
    return values


def _stored_values(column: Column, stored: Any, cells: "pd.Series[Any]", context: LoadContext) -> list[Any]:
    if isinstance(stored, models.ForeignKey):
        return context.id_column(column.refers[0] if column.refers else column.creates, cells)
    if column.kind in {Kind.DATE, Kind.MONTH}:
        return date_texts(cells)
    if column.kind in {Kind.NUMBER, Kind.FLAG}:
        return _numbers(column, stored, cells.to_numpy(dtype=np.float64))
    return list(cells.tolist())


def _numbers(column: Column, stored: Any, values: Any) -> list[Any]:
    """Whole numbers where the field is one; an empty cell is empty, or the field's default where it must not be."""
    empty = np.isnan(values)
    filler = None if stored.null else (0 if stored.default is models.NOT_PROVIDED else stored.default)
    if column.scale == Scale.PLAIN and column.kind == Kind.NUMBER:
        return [filler if gone else value for value, gone in zip(values.tolist(), empty, strict=True)]
    whole = whole_numbers(column.scale, np.where(empty, 0.0, values)).tolist()
    if column.kind == Kind.FLAG:
        whole = [bool(value) for value in whole]
    return (
        [filler if gone else value for value, gone in zip(whole, empty, strict=True)]
        if empty.any()
        else whole
    )


def whole_numbers(scale: Scale, values: Any) -> Any:
    """Numbers at their stored scale, half away from zero."""
    if scale == Scale.QUANTA:
        return quanta_array(values)
    factor = MINOR_PER_MAJOR / QUANTA_PER_UNIT if scale == Scale.MINOR else 1 / QUANTA_PER_UNIT
    return quanta_array(values * factor)


def date_texts(cells: "pd.Series[Any]") -> list[str | None]:
    """Dates as ISO texts, which both databases take; each distinct date is written once."""
    codes, distinct = pd.factorize(cells)
    texts = np.array([*pd.DatetimeIndex(distinct).strftime("%Y-%m-%d"), None], dtype=object)
    return list(texts[codes].tolist())  # a missing date has code -1: the last entry


def upsert(model: type[models.Model], fields: Fields, *, key: tuple[str, ...], by: User | None = None) -> int:
    """Write rows by their key; fields that the file does not carry get their default in new rows only.

    Master data whose changes are kept gets its history rows, as if ``by`` had edited it by hand.
    """
    if not hasattr(model, "history"):
        return _write(model, fields, key)
    before = _values(model, fields)
    count = _write(model, fields, key)
    _keep_history(model, before, _values(model, fields), by)
    return count


def _values(model: type[models.Model], fields: Fields) -> dict[Any, tuple[Any, ...]]:
    rows = model._default_manager.values_list("pk", *fields)
    return {pk: values for pk, *values in rows}


def _keep_history(model: Any, before: dict[Any, Any], after: dict[Any, Any], by: User | None) -> None:
    """History rows of new and of changed records."""
    new = [pk for pk in after if pk not in before]
    changed = [pk for pk, values in after.items() if pk in before and values != before[pk]]
    for keys, update in ((new, False), (changed, True)):
        for start in range(0, len(keys), HISTORY_ROWS):
            records = list(model._default_manager.filter(pk__in=keys[start : start + HISTORY_ROWS]))
            model.history.bulk_history_create(
                records, batch_size=HISTORY_ROWS, update=update, default_user=by
            )


def _write(model: type[models.Model], fields: Fields, key: tuple[str, ...]) -> int:
    count = len(next(iter(fields.values())))
    given = list(fields)
    columns = dict(fields)
    for stored in model._meta.concrete_fields:
        if stored.attname not in columns and not stored.primary_key and not stored.null:
            columns[stored.attname] = [_default(stored)] * count
    defaults = [value for name, values in columns.items() if name not in fields for value in values[:1]]
    ready = all(value is None or isinstance(value, int | float | str) for value in defaults)
    rows = zip(*columns.values(), strict=True)
    return bulk_upsert(model, list(columns), rows, key=key, update=given, ready=ready)


def _default(stored: Any) -> Any:
    from django.utils import timezone

    if getattr(stored, "auto_now_add", False) or getattr(stored, "auto_now", False):
        return timezone.now()
    return stored.get_default()
