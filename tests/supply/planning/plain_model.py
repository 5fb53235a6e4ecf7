"""A naive twin of the engine: the model of a case folder, written out month by month and given to scipy.

It shares no code with the engine, not even the reading: tables are lists of rows of text.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

Tables = dict[str, list[dict[str, str]]]
INF = float("inf")


class PlainModel:
    """Maximise the objective of the tables; `solve` returns it, or None when nothing is feasible."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        settings = {row["key"]: row["value"] for row in tables["settings"]}
        year, month = map(int, settings["first_month"].split("-"))
        self.T = int(settings["months"])
        self.months = [
            f"{(year * 12 + month - 1 + t) // 12:04d}-{(month - 1 + t) % 12 + 1:02d}" for t in range(self.T)
        ]
        self.charge = settings.get("charge_regular_hours") == "yes"
        self.gain: list[float] = []
        self.bounds: list[tuple[float, float]] = []
        self.names: list[tuple] = []
        self.at: dict[tuple, int] = {}
        self.equal: list[tuple[dict[int, float], float]] = []
        self.less: list[tuple[dict[int, float], float]] = []
        self.constant = 0.0

    # reading

    def cell(self, file, key, t, column, default):
        """The month's own cell, then the every-month cell, then the default."""
        own = every = None
        for row in self.tables.get(file, []):
            if all(row.get(name, "") == value for name, value in key.items()) and row.get(column, ""):
                if row.get("month", "") == self.months[t]:
                    own = row[column]
                elif not row.get("month", ""):
                    every = row[column]
        text = own if own is not None else every
        if text is None:
            return default
        return {"yes": True, "no": False}.get(text) if text in ("yes", "no") else float(text)

    def covers(self, file, key, t):
        return any(
            row.get("month", "") in ("", self.months[t])
            for row in self.tables.get(file, [])
            if all(row.get(name, "") == value for name, value in key.items())
        )

    def keys(self, file, *columns):
        return sorted({tuple(row.get(c, "") for c in columns) for row in self.tables.get(file, [])})

    # building

    def var(self, name, gain=0.0, low=0.0, high=INF):
        self.at[name] = len(self.names)
        self.names.append(name)
        self.gain.append(gain)
        self.bounds.append((low, high))

    def terms(self, *pairs):
        row = defaultdict(float)
        for name, coefficient in pairs:
            if name in self.at:
                row[self.at[name]] += coefficient
        return row

    def build(self):
        T = self.T
        products = [row["product"] for row in self.tables["products"]]
        sites = [row["place"] for row in self.tables["places"] if row["kind"] == "site"]
        volume = {p: self.cell("products", {"product": p}, 0, "volume", 1.0) for p in products}
        life = {p: self.cell("products", {"product": p}, 0, "shelf_life_months", None) for p in products}
        arrivals, leaving, use = defaultdict(list), defaultdict(list), defaultdict(list)
        hours, material_in, material_use = defaultdict(list), defaultdict(list), defaultdict(list)
        lane_use, inbound = defaultdict(list), defaultdict(list)
        bom = {
            (row["product"], row["component"]): float(row["quantity_per_unit"])
            for row in self.tables.get("bom", [])
        }
        materials = [m for (m,) in self.keys("materials", "material")]

        for p, s in self.keys("production", "product", "site"):
            key = {"product": p, "site": s}
            for t in range(T):
                lead = int(self.cell("production", key, t, "lead_time_months", 0))
                if not self.covers("production", key, t) or t + lead >= T:
                    continue
                name = ("production", p, s, t)
                self.var(
                    name,
                    -self.cell("production", key, t, "unit_cost", 0.0),
                    self.cell("production", key, t, "min_quantity", 0.0),
                    self.cell("production", key, t, "max_quantity", INF),
                )
                arrivals[p, s, t + lead].append(name)
                for row in self.tables.get("routing", []):
                    if (row["product"], row["site"]) == (p, s):
                        hours[s, row["resource"], t + int(row.get("lag_months") or 0)].append(
                            (name, float(row["hours_per_unit"]))
                        )
                for (q, component), units in bom.items():
                    if q == p and component in materials:
                        material_use[component, t].append((name, -units))
                    elif q == p:
                        use[component, s, t].append((name, units))
        for who, p, s in self.keys("subcontract", "subcontractor", "product", "site"):
            key = {"subcontractor": who, "product": p, "site": s}
            for t in range(T):
                lead = int(self.cell("subcontract", key, t, "lead_time_months", 0))
                if self.covers("subcontract", key, t) and t + lead < T:
                    name = ("subcontract", who, p, s, t)
                    cost = self.cell("subcontract", key, t, "unit_cost", 0.0)
                    self.var(name, -cost, 0.0, self.cell("subcontract", key, t, "capacity", INF))
                    arrivals[p, s, t + lead].append(name)
        for who, m in self.keys("suppliers", "supplier", "material"):
            key = {"supplier": who, "material": m}
            for t in range(T):
                lead = int(self.cell("suppliers", key, t, "lead_time_months", 0))
                if self.covers("suppliers", key, t) and t + lead < T:
                    name = ("purchase", who, m, t)
                    price = self.cell("suppliers", key, t, "price", 0.0)
                    self.var(name, -price, 0.0, self.cell("suppliers", key, t, "capacity", INF))
                    material_in[m, t + lead].append((name, 1.0))
        streams = self.keys("demand", "product", "market")
        for o, d, own in self.keys("lanes", "origin", "destination", "product"):
            key = {"origin": o, "destination": d, "product": own}
            others = {
                q for a, b, q in self.keys("lanes", "origin", "destination", "product") if (a, b) == (o, d)
            }
            for p in [own] if own else [p for p in products if p not in others]:
                if d not in sites and (p, d) not in streams:
                    continue
                for t in range(T):
                    lead = int(self.cell("lanes", key, t, "lead_time_months", 0))
                    if self.covers("lanes", key, t) and t + lead < T:
                        name = ("shipment", p, o, d, t)
                        self.var(name, -self.cell("lanes", key, t, "unit_cost", 0.0))
                        leaving[p, o, t].append(name)
                        arrivals[p, d, t + lead].append(name)
                        lane_use[o, d, own, t].append((name, volume[p]))
                        inbound[d, t + lead].append((name, volume[p]))
            for t in range(T):
                capacity = self.cell("lanes", key, t, "capacity", None)
                spot = self.cell("lanes", key, t, "spot_cost", None)
                if capacity is None:
                    continue
                if spot is not None:
                    self.var(("spot", o, d, own, t), -spot)
                    lane_use[o, d, own, t].append((("spot", o, d, own, t), -1.0))
                self.less.append((self.terms(*lane_use[o, d, own, t]), capacity))
        for row in self.tables["places"]:
            if row.get("inbound_capacity"):
                for t in range(T):
                    limit = float(row["inbound_capacity"])
                    self.less.append((self.terms(*inbound[row["place"], t]), limit))
        self._stock(products, sites, life, arrivals, leaving, use)
        self._streams(streams, arrivals)
        self._hours(hours)
        for m in materials:
            for t in range(T):
                self.var(
                    ("material_stock", m, t), -self.cell("materials", {"material": m}, t, "holding_cost", 0.0)
                )
                given = self.cell("materials", {"material": m}, t, "receipts", 0.0)
                if t == 0:
                    given += self.cell("materials", {"material": m}, 0, "opening_stock", 0.0)
                last = [(("material_stock", m, t - 1), 1.0), (("material_stock", m, t), -1.0)]
                self.equal.append((self.terms(*material_in[m, t], *material_use[m, t], *last), -given))

    def _stock(self, products, sites, life, arrivals, leaving, use):
        T = self.T
        for p in products:
            for s in sites:
                key = {"product": p, "site": s}
                opening = self.cell("stock", key, 0, "opening_stock", 0.0)
                for t in range(T):
                    least = self.cell("stock", key, t, "min_closing_stock", 0.0)
                    most = self.cell("stock", key, t, "max_stock", INF)
                    self.var(
                        ("stock", p, s, t), -self.cell("stock", key, t, "holding_cost", 0.0), least, most
                    )
                    self.var(("short", p, s, t), -self.cell("stock", key, t, "safety_penalty", 0.0))
                    target = self.cell("stock", key, t, "safety_stock", 0.0)
                    self.less.append(
                        (self.terms((("stock", p, s, t), -1.0), (("short", p, s, t), -1.0)), -target)
                    )
                    if life[p] is not None:
                        self.var(
                            ("scrap", p, s, t), -self.cell("products", {"product": p}, 0, "scrap_cost", 0.0)
                        )
                    given = self.cell("stock", key, t, "receipts", 0.0) + (opening if t == 0 else 0.0)
                    self.equal.append(
                        (
                            self.terms(
                                *((name, 1.0) for name in arrivals[p, s, t]),
                                *((name, -1.0) for name in leaving[p, s, t]),
                                *((name, -units) for name, units in use[p, s, t]),
                                (("scrap", p, s, t), -1.0),
                                (("stock", p, s, t), -1.0),
                                (("stock", p, s, t - 1), 1.0),
                            ),
                            -given,
                        )
                    )
                if life[p] is None:
                    continue
                S = int(life[p])
                for t in range(-1, T - S):  # -1 is the opening stock
                    out = []
                    for u in range(t + 1, t + S + 1):
                        out += [(name, -1.0) for name in leaving[p, s, u]]
                        out += [(name, -units) for name, units in use[p, s, u]]
                        out.append((("scrap", p, s, u), -1.0))
                    closing = [] if t < 0 else [(("stock", p, s, t), 1.0)]
                    self.less.append((self.terms(*closing, *out), -opening if t < 0 else 0.0))

    def _streams(self, streams, arrivals):
        T = self.T
        for p, m in streams:
            key = {"product": p, "market": m}
            get = lambda t, column, default, key=key: self.cell("demand", key, t, column, default)  # noqa: E731
            wanted = [get(t, "quantity", 0.0) for t in range(T)]
            for t in range(T):
                price = get(t, "price", 0.0)
                loss = price + get(t, "lost_sale_penalty", 0.0) + get(t, "priority_weight", 0.0) * price
                self.constant += price * wanted[t]
                self.var(("lost", p, m, t), -loss, 0.0, 0.0 if get(t, "must_serve", False) else wanted[t])
                cost, late = get(t, "backorder_cost", None), get(t, "max_backlog_months", INF)
                if t == T - 1:
                    late = min(late, 1.0) if get(t, "end_backlog_allowed", False) else 0.0
                if cost is not None and late > 0:
                    self.var(("backlog", p, m, t), -cost - (price if t == T - 1 else 0.0))
                self.equal.append(
                    (
                        self.terms(
                            *((name, 1.0) for name in arrivals[p, m, t]),
                            (("lost", p, m, t), 1.0),
                            (("backlog", p, m, t), 1.0),
                            (("backlog", p, m, t - 1), -1.0),
                        ),
                        wanted[t],
                    )
                )
                if ("backlog", p, m, t) in self.at and late < INF:
                    recent = range(max(0, t - int(late) + 1), t + 1)
                    row = self.terms((("backlog", p, m, t), 1.0), *((("lost", p, m, u), 1.0) for u in recent))
                    self.less.append((row, sum(wanted[u] for u in recent)))

    def _hours(self, hours):
        for s, r in self.keys("resources", "site", "resource"):
            key = {"site": s, "resource": r}
            staffed = (s, r) in self.keys("workforce", "site", "resource")
            for t in range(self.T):
                get = lambda column, t=t, key=key: self.cell("resources", key, t, column, 0.0)  # noqa: E731
                idle, regular = (
                    get("idle_cost_per_hour"),
                    get("regular_cost_per_hour") if self.charge else 0.0,
                )
                self.constant -= idle * get("regular_hours")
                own = INF if staffed else get("regular_hours")
                self.var(("regular", s, r, t), idle - regular, 0.0, own)
                self.var(
                    ("overtime", s, r, t),
                    -get("overtime_cost_per_hour"),
                    0.0,
                    INF if staffed else get("overtime_hours"),
                )
                self.var(("extra", s, r, t), -get("extra_cost_per_hour"), 0.0, get("extra_hours"))
                kinds = [((kind, s, r, t), -1.0) for kind in ("regular", "overtime", "extra")]
                self.equal.append((self.terms(*hours[s, r, t], *kinds), 0.0))
                if not staffed:
                    continue
                people = lambda column, t=t, key=key: self.cell("workforce", key, t, column, 0.0)  # noqa: E731
                per, over = people("hours_per_head"), people("overtime_hours_per_head")
                self.var(("heads", s, r, t), -people("wage") - idle * per)
                self.var(("hired", s, r, t), -people("hire_cost"))
                self.var(("laid_off", s, r, t), -people("layoff_cost"))
                self.less.append(
                    (
                        self.terms((("regular", s, r, t), 1.0), (("heads", s, r, t), -per)),
                        get("regular_hours"),
                    )
                )
                self.less.append(
                    (
                        self.terms((("overtime", s, r, t), 1.0), (("heads", s, r, t), -over)),
                        get("overtime_hours"),
                    )
                )
                self.equal.append(
                    (
                        self.terms(
                            (("heads", s, r, t), 1.0),
                            (("heads", s, r, t - 1), -1.0),
                            (("hired", s, r, t), -1.0),
                            (("laid_off", s, r, t), 1.0),
                        ),
                        people("opening_heads") if t == 0 else 0.0,
                    )
                )

    def solve(self, whole: bool = False) -> float | None:
        """The greatest objective, or None."""
        self.build()
        if any(low > high for low, high in self.bounds):
            return None
        whole_heads = np.array([int(whole and name[0] == "heads") for name in self.names])
        answer = linprog(
            -np.array(self.gain),
            *self._matrix(self.less),
            *self._matrix(self.equal),
            self.bounds,
            method="highs",
            integrality=whole_heads if whole else None,
        )
        return self.constant - answer.fun if answer.status == 0 else None

    def _matrix(self, rows):
        if not rows:
            return None, None
        entries = [(i, j, v) for i, (row, _) in enumerate(rows) for j, v in row.items()]
        i, j, v = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(rows), len(self.names))
        return coo_matrix((v, (i, j)), shape=shape).tocsr(), np.array([right for _, right in rows])
