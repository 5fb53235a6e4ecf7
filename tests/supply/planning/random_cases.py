"""Random small cases that use every column of every file now and then."""

from __future__ import annotations

import csv
import random
from pathlib import Path

Tables = dict[str, list[dict[str, str]]]


def random_tables(seed: int) -> Tables:
    """A case with up to three products, two sites and a depot, two markets and six months."""
    r = random.Random(seed)
    T = r.randint(1, 6)
    months = [f"2026-{11 + t:02d}" if 11 + t <= 12 else f"2027-{t - 1:02d}" for t in range(T)]
    products = ["A", "B", "C"][: r.randint(1, 3)]
    sites = ["Plant", "Depot", "East"][: r.randint(1, 3)]
    markets = ["Home", "Away"][: r.randint(1, 2)]
    number = lambda low, high, digits=1: str(round(r.uniform(low, high), digits))
    maybe = lambda share, text: text if r.random() < share else ""

    def timed(rows, key, every, own, share=0.5):
        """An every-month row, sometimes none, and some months of their own."""
        if r.random() < 0.8:
            rows.append({**key, "month": "", **every()})
        for month in months:
            if r.random() < share * 0.4:
                rows.append({**key, "month": month, **{k: maybe(0.5, v) for k, v in own().items()}})

    t: Tables = {name: [] for name in FILES}
    t["settings"] = [
        {"key": "first_month", "value": months[0]},
        {"key": "months", "value": str(T)},
        {"key": "charge_regular_hours", "value": r.choice(["yes", "no"])},
    ]
    for p in products:
        life = maybe(0.3, str(r.randint(1, 3)))
        t["products"].append(
            {
                "product": p,
                "volume": maybe(0.5, number(0.5, 2)),
                "shelf_life_months": life,
                "scrap_cost": maybe(0.5, number(0, 3)),
            }
        )
    for place in sites + markets:
        kind = "site" if place in sites else "market"
        t["places"].append({"place": place, "kind": kind, "inbound_capacity": maybe(0.2, number(50, 300))})
    soft = r.random() < 0.6
    for p in products:
        for m in markets:
            if r.random() < 0.85:
                demand = lambda: {
                    "quantity": number(0, 100),
                    "price": number(10, 60),
                    "must_serve": maybe(0.15 if not soft else 0.0, "yes"),
                    "lost_sale_penalty": maybe(0.3, number(0, 10)),
                    "priority_weight": maybe(0.3, number(0, 1)),
                    "backorder_cost": maybe(0.5, number(0, 5)),
                    "max_backlog_months": maybe(0.4, str(r.randint(0, 3))),
                    "end_backlog_allowed": maybe(0.4, r.choice(["yes", "no"])),
                }
                timed(t["demand"], {"product": p, "market": m}, demand, demand, 1.0)
    for p in products:
        for s in sites:
            if r.random() < 0.6:
                make = lambda: {
                    "unit_cost": number(1, 20),
                    "min_quantity": maybe(0.1, number(0, 20)),
                    "max_quantity": maybe(0.3, number(20, 120)),
                    "lead_time_months": maybe(0.3, str(r.randint(0, 2))),
                }
                timed(t["production"], {"product": p, "site": s}, make, make)
    for s in sites:
        for name in ["Line", "Oven"][: r.randint(0, 2)]:
            hours = lambda: {
                "regular_hours": number(20, 120),
                "regular_cost_per_hour": maybe(0.5, number(0, 5)),
                "overtime_hours": maybe(0.5, number(0, 30)),
                "overtime_cost_per_hour": maybe(0.7, number(1, 15)),
                "extra_hours": maybe(0.3, number(0, 30)),
                "extra_cost_per_hour": maybe(0.7, number(1, 30)),
                "idle_cost_per_hour": maybe(0.3, number(0, 4)),
            }
            timed(t["resources"], {"site": s, "resource": name}, hours, hours)
    made = sorted({(row["site"], row["resource"]) for row in t["resources"]})
    for s, name in made:
        if r.random() < 0.35:
            people = lambda: {
                "hours_per_head": number(5, 20),
                "wage": number(5, 50),
                "hire_cost": maybe(0.7, number(0, 40)),
                "layoff_cost": maybe(0.7, number(0, 40)),
                "overtime_hours_per_head": maybe(0.5, number(0, 4)),
            }
            timed(
                t["workforce"],
                {"site": s, "resource": name},
                lambda: {"opening_heads": number(0, 8), **people()},
                people,
            )
        for p in products:
            for lag in ["", "1"]:
                if r.random() < (0.5 if not lag else 0.15):
                    t["routing"].append(
                        {
                            "product": p,
                            "site": s,
                            "resource": name,
                            "lag_months": lag,
                            "hours_per_unit": number(0.1, 1.5, 2),
                        }
                    )
    for p in products:
        for s in sites:
            if r.random() < 0.5:
                keep = lambda: {
                    "receipts": maybe(0.3, number(0, 20)),
                    "holding_cost": maybe(0.7, number(0, 2)),
                    "safety_stock": maybe(0.5, number(0, 30)),
                    "safety_penalty": maybe(0.6, number(0, 5)),
                    "max_stock": maybe(0.2, number(40, 150)),
                    "min_closing_stock": maybe(0.1, number(0, 10)),
                }
                timed(
                    t["stock"],
                    {"product": p, "site": s},
                    lambda: {"opening_stock": number(0, 40), **keep()},
                    keep,
                )
    for o in sites:
        for d in sites + markets:
            for p in ["", *products]:
                if o != d and r.random() < (0.5 if not p else 0.12):
                    trip = lambda: {
                        "unit_cost": number(0, 3),
                        "capacity": maybe(0.4, number(10, 150)),
                        "spot_cost": maybe(0.4, number(0, 6)),
                        "lead_time_months": maybe(0.25, str(r.randint(0, 2))),
                    }
                    timed(t["lanes"], {"origin": o, "destination": d, "product": p}, trip, trip, 0.3)
    for m in ["Steel", "Chip"][: r.randint(0, 2)]:
        have = lambda: {"receipts": maybe(0.4, number(0, 60)), "holding_cost": maybe(0.5, number(0, 1))}
        timed(t["materials"], {"material": m}, lambda: {"opening_stock": number(0, 100), **have()}, have)
    materials = sorted({row["material"] for row in t["materials"]})
    for m in materials:
        for who in ["Mill", "Trader"][: r.randint(0, 2)]:
            buy = lambda: {
                "price": number(0, 5),
                "capacity": maybe(0.7, number(20, 200)),
                "lead_time_months": maybe(0.4, str(r.randint(0, 2))),
            }
            timed(t["suppliers"], {"supplier": who, "material": m}, buy, buy)
        for p in products:
            if r.random() < 0.4:
                t["bom"].append({"product": p, "component": m, "quantity_per_unit": number(0.2, 2)})
    if len(products) > 1 and r.random() < 0.4:
        t["bom"].append(
            {"product": products[0], "component": products[-1], "quantity_per_unit": number(0.2, 2)}
        )
    for p in products:
        if r.random() < 0.3:
            outside = lambda: {
                "unit_cost": number(5, 40),
                "capacity": maybe(0.7, number(5, 60)),
                "lead_time_months": maybe(0.3, str(r.randint(0, 2))),
            }
            timed(
                t["subcontract"],
                {"subcontractor": "Helper", "product": p, "site": r.choice(sites)},
                outside,
                outside,
            )
    return t


FILES = (
    "settings",
    "products",
    "places",
    "demand",
    "production",
    "resources",
    "routing",
    "workforce",
    "stock",
    "lanes",
    "materials",
    "bom",
    "suppliers",
    "subcontract",
)


def write_tables(tables: Tables, folder: Path, seed: int | None = None) -> Path:
    """Write the case folder; with a seed, rows and columns in another order."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if not rows and name not in ("settings", "products", "places", "demand"):
            continue
        columns = list(dict.fromkeys(column for row in rows for column in row))
        if name == "demand" and not rows:
            columns = ["product", "market", "quantity"]
        rows = list(rows)
        if seed is not None:
            random.Random(seed).shuffle(rows)
            random.Random(seed).shuffle(columns)
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder
