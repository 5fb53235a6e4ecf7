"""Rules of data quality about the loads themselves. Pure functions over frames."""

import pandas as pd

from datahub.frames import Frames
from datahub.registry import datasets
from datahub.rulebook import Outcome, judge

FEWER_ROWS = 0.7
REJECTS = 0.01


def without_owner(frames: Frames) -> Outcome:
    """DQ46: dataset without a named owner, or with one who is no longer active.

    Judged where owners are named at all; without any, each dataset is its role's.
    """
    if frames["data_owner"].empty:
        return Outcome(0)
    needed = pd.DataFrame({"dataset": [dataset.name for dataset in datasets() if dataset.needs_owner]})
    owners = frames["data_owner"].drop_duplicates("dataset")
    both = needed.merge(owners[["dataset", "owner", "active"]], on="dataset", how="left").fillna(
        {"owner": ""}
    )
    failed = (both["owner"] == "") | ~(both["active"] == 1)
    return judge(both, failed, "data_owner", ["dataset"], "{dataset} has no active owner (“{owner}”).")


def load_late(frames: Frames) -> Outcome:
    """DQ47: loaded after the day it was due, 30 % fewer rows than before, or more than 1 % of rows rejected."""
    loads = frames["load_log"].sort_values("cycle")
    last = loads.drop_duplicates("dataset", keep="last")
    before = loads[loads.duplicated("dataset", keep="last")].drop_duplicates("dataset", keep="last")
    both = last.merge(before[["dataset", "rows"]], on="dataset", how="left", suffixes=("", "_before"))
    late = both["loaded_date"] > both["due_date"]
    fewer = both["rows"] < FEWER_ROWS * both["rows_before"]
    rejected = both["rejects"].fillna(0) > REJECTS * both["rows"]
    message = "{dataset}: due {due_date}, loaded {loaded_date}, {rows} rows, {rejects} rejected."
    return judge(both, late | fewer | rejected, "load_log", ["dataset"], message)
