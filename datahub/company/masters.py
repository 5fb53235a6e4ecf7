"""Import files of master data and targets."""

import numpy as np
import pandas as pd

from datahub.company.calendar import Timeline
from datahub.company.demand import LAUNCH_AFTER, Promotion, phase_out_end
from datahub.company.finance import Outlooks
from datahub.company.items import Items, bill_lines
from datahub.company.network import Network, Rng, mixer_of
from datahub.company.operations import BOUGHT_LEAD_DAYS, MIX_HOURS, Operations, supplier_of

Tables = dict[str, pd.DataFrame]
SINCE = "2015-01-01"
CHANNELS = ["Retail", "Wholesale", "Online", "Professional"]
REGIONS = ["North", "South", "East", "West"]
STAGES = [("lead", 10), ("qualified", 25), ("proposal", 50), ("negotiation", 75), ("commit", 90)]


def item_master(network: Network, items: Items, timeline: Timeline) -> pd.DataFrame:
    """All items, with launches and phase-outs."""
    count, products = len(items), len(network.codes)
    frame = pd.DataFrame(
        {
            "item_code": items.codes,
            "description": items.names,
            "item_type": items.kinds,
            "family": [network.families[f] for f in items.family],
            "subfamily": [
                network.group_name(int(f), int(s)) for f, s in zip(items.family, items.site, strict=True)
            ],
            "uom": [
                "EA" if kind == "FG" or code.startswith("PKG") else "KG"
                for kind, code in zip(items.kinds, items.codes, strict=True)
            ],
            "std_cost": items.cost,
            "list_price": np.concatenate([network.price, np.full(count - products, np.nan)]),
            "status": "active",
            "launch_date": "",
            "eol_date": "",
            "successor": "",
            "make_strategy": ["MTS" if kind == "FG" else "" for kind in items.kinds],
            "like_item": "",
            "like_pct": "",
            "source": _sources(network, items),
        }
    )
    launch = timeline.month(timeline.history + LAUNCH_AFTER).astype("datetime64[D]")
    for product, like in network.launches.items():
        columns = ["status", "launch_date", "like_item", "like_pct"]
        frame.loc[product, columns] = ["new", str(launch), network.codes[like], "30"]
    for number, (product, successor) in enumerate(network.phase_outs.items()):
        end = timeline.month(phase_out_end(timeline, number) + 1).astype("datetime64[D]") - 1
        follows = network.codes[successor] if successor is not None else ""
        frame.loc[product, ["status", "eol_date", "successor"]] = ["phase_out", str(end), follows]
    return frame


def _sources(network: Network, items: Items) -> list[str]:
    products = ["make" if made else "buy" for made in network.made]
    return [*products, *("make" if kind == "SFG" else "buy" for kind in items.kinds[len(network.codes) :])]


def prior_item_master(master: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """The same items with the costs of the cycle before."""
    frame = master[["item_code", "uom", "std_cost", "list_price", "status"]].copy()
    frame["std_cost"] = (frame["std_cost"] * rng.uniform(0.96, 1.02, len(frame))).round(4)
    return frame


def customers(network: Network, rng: Rng) -> pd.DataFrame:
    count = len(network.customers)
    place = np.arange(count) // len(network.markets)
    return pd.DataFrame(
        {
            "customer": network.customers,
            "name": network.customer_names,
            "channel": [CHANNELS[number % len(CHANNELS)] for number in place],
            "region": [REGIONS[number % len(REGIONS)] for number in place],
            "otif_early_days": rng.choice([1, 2, 3], count, p=[0.6, 0.3, 0.1]),
            "otif_late_days": rng.choice([0, 1, 2], count, p=[0.7, 0.2, 0.1]),
            "under_tol": rng.choice([0, 2, 5], count, p=[0.8, 0.1, 0.1]),
            "over_tol": rng.choice([0, 5, 10], count, p=[0.5, 0.3, 0.2]),
            "market": [network.markets[m] for m in network.customer_market],
        }
    )


def item_location(network: Network, items: Items, operations: Operations) -> pd.DataFrame:
    """Policies; materials hold a fifth of a month."""
    stock, used = operations.materials, operations.materials.used
    mixes = operations.materials.mix_stock.mean(axis=1)
    safety = np.concatenate([operations.safety, np.round(0.4 * mixes), np.round(0.2 * used.mean(axis=1))])
    rest = len(items) - len(network.codes)
    return pd.DataFrame(
        {
            "item_code": items.codes,
            "site": [network.sites[site] for site in items.site],
            "safety_stock": safety.astype(int),
            "min_qty": 0,
            "max_qty": np.round(safety * 6 + 100).astype(int),
            "lot_size": np.concatenate([network.lot, np.full(rest, 10)]).astype(int),
            "lead_time_days": np.concatenate(
                [np.where(network.made, 14, BOUGHT_LEAD_DAYS), np.full(len(mixes), 7), stock.lead]
            ).astype(int),
            "service_target": np.where(np.array(items.kinds) == "FG", 97.5, 99.0),
        }
    )


def bom(network: Network, items: Items) -> pd.DataFrame:
    frame = pd.DataFrame(bill_lines(network, items), columns=["parent", "component", "qty_per", "scrap_pct"])
    return frame.assign(valid_from=SINCE, valid_to="")


def resource(network: Network, timeline: Timeline, operations: Operations) -> pd.DataFrame:
    """Hours of the last three years and of the horizon."""
    start = max(0, timeline.history - 36)
    months = [timeline.text(month) for month in range(start, timeline.history + timeline.horizon)]
    count = len(months)
    hours, overtime = (
        operations.hours[:, start : start + count],
        operations.overtime[:, start : start + count],
    )
    return pd.DataFrame(
        {
            "resource": np.repeat(network.resources, count),
            "site": np.repeat([network.sites[site] for site in network.resource_site], count),
            "period": months * len(network.resources),
            "available_hours": hours.ravel(),
            "efficiency_pct": 92,
            "ot_hours": overtime.ravel(),
            "ot_cost_per_hour": 55,
        }
    )


def routing(network: Network, items: Items) -> pd.DataFrame:
    made = np.flatnonzero(network.made)
    mixes = np.arange(len(network.codes), len(network.codes) + len(network.groups))
    return pd.DataFrame(
        {
            "item_code": [items.codes[item] for item in (*made, *mixes)],
            "resource": [network.resources[r] for r in network.resource[made]]
            + [network.resources[mixer_of(network, int(items.site[item]))] for item in mixes],
            "hours_per_unit": [*network.hours[made], *[MIX_HOURS] * len(mixes)],
            "setup_hours": [*network.setup[made], *[0.5] * len(mixes)],
            "lot": [*network.lot[made], *[1000] * len(mixes)],
        }
    )


def supplier_item(network: Network, items: Items, operations: Operations) -> pd.DataFrame:
    """Suppliers of materials and bought products, and the dearer backup of the short one."""
    materials = operations.materials
    first = len(network.codes) + len(network.groups)
    bought = np.flatnonzero(~network.made)
    rows = [
        (
            int(materials.supplier[row]),
            first + row,
            int(materials.lead[row]),
            0.98,
            int(materials.capacity[row]),
        )
        for row in range(len(materials.lead))
    ]
    rows += [
        (
            int(supplier_of(network, np.array([p]))[0]),
            int(p),
            BOUGHT_LEAD_DAYS,
            1.0,
            int(network.level[p] * 6) + 50,
        )
        for p in bought
    ]
    short = first + materials.backup
    rows.append((materials.backup_supplier, short, 30, 1.24, int(materials.capacity[materials.backup])))
    return pd.DataFrame(
        {
            "supplier": [f"SUP{supplier + 1:02d}" for supplier, *_ in rows],
            "item_code": [items.codes[item] for _, item, *_ in rows],
            "site": [network.sites[int(items.site[item])] for _, item, *_ in rows],
            "lead_time_days": [lead for _, _, lead, _, _ in rows],
            "moq": 10,
            "multiple": 10,
            "price": [round(float(items.cost[item]) * factor, 4) for _, item, _, factor, _ in rows],
            "capacity_per_month": [capacity for *_, capacity in rows],
            "valid_from": SINCE,
        }
    )


def lanes(network: Network, total_units: float) -> pd.DataFrame:
    """Every site serves every market; sites help each other out at a price."""
    rows = []
    for number, site in enumerate(network.sites):
        rows += [
            (site, market, 0.08 + 0.05 * place, 1 + (place + number) % 3)
            for place, market in enumerate(network.markets)
        ]
        rows += [(site, other, 0.05, 2) for other in network.sites if other != site]
    frame = pd.DataFrame(rows, columns=["origin", "destination", "unit_cost", "lead_time_days"])
    frame["unit_cost"] = frame["unit_cost"].round(4)
    frame["volume_capacity"] = int(total_units * 1.2 / len(network.sites))
    frame["spot_cost"] = (frame["unit_cost"] * 2.5).round(4)
    return frame[["origin", "destination", "unit_cost", "volume_capacity", "lead_time_days", "spot_cost"]]


def calendar(network: Network, timeline: Timeline) -> pd.DataFrame:
    first = timeline.month(0).astype("datetime64[D]")
    days = np.arange(first, timeline.month(timeline.history + timeline.horizon).astype("datetime64[D]"))
    return pd.DataFrame(
        {
            "site": np.repeat(network.sites, len(days)),
            "date": np.tile(days.astype(str), len(network.sites)),
            "working": np.tile(np.is_busday(days).astype(int), len(network.sites)),
        }
    )


def uom_conversion() -> pd.DataFrame:
    rows = [
        ("BOX", "EA", 12),
        ("EA", "BOX", 0.0833333333),
        ("PAL", "EA", 960),
        ("EA", "PAL", 0.0010416667),
        ("KG", "G", 1000),
        ("G", "KG", 0.001),
    ]
    return pd.DataFrame([("", *row) for row in rows], columns=["item_code", "from_uom", "to_uom", "factor"])


def budget(network: Network, timeline: Timeline, outlooks: Outlooks) -> Tables:
    """The families' budget and the company's, which is their sum."""
    months = [
        timeline.text(month) for month in range(timeline.history - 12, timeline.history + timeline.horizon)
    ]
    count = len(months)
    frame = pd.DataFrame(
        {
            "family": np.repeat(network.families, count),
            "month": months * len(network.families),
            "qty": outlooks.budget_units.ravel().astype(int),
            "net_revenue": outlooks.budget_revenue.ravel(),
            "cogs": outlooks.budget_cogs.ravel(),
            "opex": (outlooks.budget_revenue.ravel() * 0.12).round(2),
        }
    )
    company = frame.drop(columns="family").groupby("month", as_index=False).sum().round(2)
    return {"budget": frame, "aop_company": company}


def promotions(network: Network, timeline: Timeline, chosen: list[Promotion]) -> pd.DataFrame:
    rows = []
    for number, promotion in enumerate(chosen):
        start = timeline.month(promotion.month).astype("datetime64[D]")
        end = timeline.month(promotion.month + 1).astype("datetime64[D]") - 1
        price = round(float(network.price[promotion.product]) * 0.85, 2)
        item, market = network.codes[promotion.product], network.markets[promotion.market]
        rows.append((f"PR{number + 1:03d}", item, market, str(start), str(end), promotion.lift, price))
    return pd.DataFrame(
        rows, columns=["promo", "item_code", "customer_group", "start", "end", "lift_pct", "price"]
    )


def pipeline(network: Network, timeline: Timeline, rng: Rng) -> pd.DataFrame:
    """Open deals, about two per family."""
    rows = []
    for number in range(2 * len(network.families) + 4):
        stage, probability = STAGES[number % len(STAGES)]
        customer = network.customers[int(rng.integers(0, len(network.customers)))]
        family = number % len(network.families)
        quantity = int(network.size.units * rng.uniform(0.3, 3.0))
        price = float(network.price[network.family == family].mean())
        close = timeline.text(timeline.history + number % 7)
        amount = round(quantity * price * 0.9, 2)
        rows.append(
            (
                f"OPP{number + 1:04d}",
                customer,
                network.families[family],
                stage,
                probability,
                quantity,
                amount,
                close,
            )
        )
    names = ["opp", "customer", "family_or_item", "stage", "probability", "qty", "amount", "close_month"]
    return pd.DataFrame(rows, columns=names)


OWNERS = {
    "PM": ["item_master"],
    "SP": ["item_location", "supplier_item", "purchase_receipts", "lanes"],
    "OP": ["bom", "resource", "routing", "shipments", "inventory", "production", "calendar"],
    "SM": ["sales_orders", "pipeline", "promotions", "customers"],
    "FI": ["budget", "fx"],
}


def data_owner() -> pd.DataFrame:
    rows = [
        (dataset, role, f"{role.lower()}.owner", 1) for role, names in OWNERS.items() for dataset in names
    ]
    return pd.DataFrame(rows, columns=["dataset", "role", "owner", "active"])
