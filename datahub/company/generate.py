"""A company from a size and a seed, and its folder of import files."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from datahub.company import masters, movements
from datahub.company.calendar import Timeline
from datahub.company.demand import choose_promotions, monthly_demand, order_lines
from datahub.company.finance import make_outlooks
from datahub.company.items import list_items
from datahub.company.movements import Story
from datahub.company.network import build_network
from datahub.company.operations import simulate
from datahub.company.sizes import Size

Tables = dict[str, pd.DataFrame]
LAST_CLOSED = date(2026, 7, 1)
NAME = "Brightwater Home Care"
CURRENCY = "EUR"
ZIP_ROWS = 200_000


@dataclass
class Company:
    """A generated company: its files as of the last closed month, and what later months add to them."""

    size: Size
    seed: int
    timeline: Timeline
    tables: Tables
    later: dict[str, Tables]

    @property
    def first_cycle(self) -> date:
        """The month of the first cycle: the one after the last closed month."""
        return date.fromisoformat(f"{self.timeline.text(self.timeline.history)}-01")


def generate_company(size: Size, *, seed: int = 1, last_closed: date = LAST_CLOSED) -> Company:
    """The same size, seed and month give the same company, number by number."""
    rng = np.random.default_rng(seed)
    timeline = Timeline.ending(last_closed, size.history_months, size.later_months, size.horizon_months)
    network = build_network(size, rng)
    promotions = choose_promotions(network, timeline, rng)
    demand = monthly_demand(network, timeline, promotions, rng)
    orders = order_lines(network, timeline, demand, rng)
    operations = simulate(network, timeline, orders, demand, rng)
    outlooks = make_outlooks(network, timeline, demand, rng)
    items = list_items(network, rng)
    story = Story(network, timeline, items, orders, operations, outlooks)
    tables = {
        **_masters(story, float(demand.sum(axis=(0, 1)).max()), rng),
        **movements.base_movements(story),
        **movements.forecasts(story),
        "promotions": masters.promotions(network, timeline, promotions),
    }
    tables["load_log"] = _load_log(tables, timeline)
    months = range(timeline.history, timeline.history + timeline.later)
    later = {timeline.text(month): movements.later_movements(story, month) for month in months}
    return Company(size, seed, timeline, tables, later)


def _masters(story: Story, monthly_units: float, rng: np.random.Generator) -> Tables:
    network, timeline, items = story.network, story.timeline, story.items
    master = masters.item_master(network, items, timeline)
    return {
        "item_master": master,
        "prior_item_master": masters.prior_item_master(master, rng),
        "customers": masters.customers(network, rng),
        "item_location": masters.item_location(network, items, story.operations),
        "bom": masters.bom(network, items),
        "resource": masters.resource(network, timeline, story.operations),
        "routing": masters.routing(network, items),
        "supplier_item": masters.supplier_item(network, items, story.operations),
        "lanes": masters.lanes(network, monthly_units),
        "calendar": masters.calendar(network, timeline),
        "uom_conversion": masters.uom_conversion(),
        "data_owner": masters.data_owner(),
        "pipeline": masters.pipeline(network, timeline, rng),
        **masters.budget(network, timeline, story.outlooks),
    }


def _load_log(tables: Tables, timeline: Timeline) -> pd.DataFrame:
    """The load of the month before: on time, a little smaller."""
    day = str(timeline.month(timeline.history - 1).astype("datetime64[D]") + 3)
    month = timeline.text(timeline.history - 2)
    rows = [(name, month, day, day, int(len(frame) * 0.98), 0) for name, frame in sorted(tables.items())]
    return pd.DataFrame(rows, columns=["dataset", "cycle", "due_date", "loaded_date", "rows", "rejects"])


def write_company(company: Company, folder: Path) -> None:
    """Write the import files, one folder per later month, and a manifest with rows and totals."""
    _write_tables(company.tables, folder)
    for month, tables in company.later.items():
        _write_tables(tables, folder / "actuals_later" / month)
    (folder / "manifest.json").write_text(json.dumps(_manifest(company), indent=1), encoding="utf-8")


def _write_tables(tables: Tables, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        large = len(frame) > ZIP_ROWS
        compression: Any = {"method": "gzip", "compresslevel": 1} if large else None
        path = folder / (f"{name}.csv.gz" if large else f"{name}.csv")
        frame.to_csv(path, index=False, date_format="%Y-%m-%d", compression=compression)


def _manifest(company: Company) -> dict[str, Any]:
    orders = company.tables["sales_orders"]
    month = orders["requested_date"].dt.strftime("%Y-%m")
    demand = orders["qty_ordered"].groupby(month).sum()
    closed = [company.timeline.text(number) for number in range(company.timeline.history)]
    return {
        "name": NAME,
        "currency": CURRENCY,
        "size": company.size.name,
        "seed": company.seed,
        "first_cycle": company.first_cycle.isoformat(),
        "rows": {name: len(frame) for name, frame in sorted(company.tables.items())},
        "demand": {name: int(units) for name, units in demand.items() if name in closed},
    }
