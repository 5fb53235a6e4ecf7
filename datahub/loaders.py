"""What the data hub's own datasets need beyond the general writer."""

from typing import Any

import pandas as pd

from cycles.models import User
from datahub.choices import ROLE_LETTERS
from datahub.context import LoadContext
from datahub.models import DatasetLoad
from datahub.writing import date_texts


def owner_fields(frame: pd.DataFrame, context: LoadContext) -> dict[str, list[Any]]:
    """Roles by their letters or full names, and the user where the owner is one."""
    users = dict(User.objects.values_list("username", "pk"))
    owners = frame["owner"] if "owner" in frame else pd.Series([""] * len(frame))
    return {
        "role": [ROLE_LETTERS.get(text, text) for text in frame["role"]],
        "user_id": [users.get(name) for name in owners],
    }


def write_load_log(frame: pd.DataFrame, context: LoadContext) -> None:
    """Earlier loads replace what was imported for the same dataset and month; own loads are never touched."""
    months, due, loaded = (date_texts(frame[name]) for name in ("cycle", "due_date", "loaded_date"))
    imported = DatasetLoad.objects.filter(file__isnull=True)
    imported.filter(dataset__in=set(frame["dataset"]), cycle_month__in=set(months)).delete()
    DatasetLoad.objects.bulk_create(
        DatasetLoad(
            dataset=dataset, cycle_month=month, due_date=due_day, loaded_date=day, rows=rows, rejects=rejects
        )
        for dataset, month, due_day, day, rows, rejects in zip(
            frame["dataset"],
            months,
            due,
            loaded,
            frame["rows"].astype(int),
            frame["rejects"].fillna(0).astype(int),
            strict=True,
        )
    )
