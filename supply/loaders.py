"""What supply data needs beyond the general writer: resources with their site, lanes with two kinds of end."""

from typing import Any

import pandas as pd

from datahub.context import LoadContext
from datahub.writing import field_values, upsert
from supply.datasets import LANES
from supply.models import Lane, Resource


def resource_fields(frame: pd.DataFrame, context: LoadContext) -> dict[str, list[Any]]:
    """The resource of each month; resources that are new are made at their site."""
    places = frame.drop_duplicates("resource", keep="last")
    sites = context.ensure("site", places["site"])
    fields = {
        "code": places["resource"].tolist(),
        "name": places["resource"].tolist(),
        "site_id": [sites[code] for code in places["site"]],
    }
    upsert(Resource, fields, key=("code",))
    context.forget("resource")
    return {"resource_id": context.id_column("resource", frame["resource"])}


def write_lanes(frame: pd.DataFrame, context: LoadContext) -> None:
    """A destination is a market, or a site where no market has the code."""
    to_market = frame["destination"].isin(set(context.ids("market"))).to_numpy()
    for rows, space in ((frame[to_market], "market"), (frame[~to_market], "site")):
        if len(rows):
            ends = {f"{space}_id": context.id_column(space, rows["destination"])}
            upsert(
                Lane,
                {**field_values(LANES, rows, context), **ends},
                key=("origin_id", f"{space}_id"),
                by=context.by,
            )
