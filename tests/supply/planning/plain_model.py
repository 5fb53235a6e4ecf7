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
        """Every column and row."""
        self.products = [row["product"] for row in self.tables["products"]]
        self.sites = [row["place"] for row in self.tables["places"] if row["kind"] == "site"]
        self.materials = [m for (m,) in self.keys("materials", "material")]
        self.arrivals, self.leaving, self.use = defaultdict(list), defaultdict(list), defaultdict(list)
        self.hours, self.material_flow = defaultdict(list), defaultdict(list)
        self.lane_use, self.inbound = defaultdict(list), defaultdict(list)
        for product, site in self.keys("production", "product", "site"):
            self._production(product, site)
        self._orders()
        streams = self.keys("demand", "product", "market")
        for origin, destination, own in self.keys("lanes", "origin", "destination", "product"):
            self._lane(origin, destination, own, streams)
        self._doors()
        for product in self.products:
            for site in self.sites:
                self._stock(product, site)
        self._streams(streams)
        for site, resource in self.keys("resources", "site", "resource"):
            for t in range(self.T):
                self._hours(site, resource, t)
        self._materials()

    def _starts(self, file, key):
        """(month, arrival) of every start that a row covers and that arrives in time."""
        for t in range(self.T):
            arrival = t + int(self.cell(file, key, t, "lead_time_months", 0))
            if self.covers(file, key, t) and arrival < self.T:
                yield t, arrival

    def _production(self, p, s):
        key = {"product": p, "site": s}
        for t, arrival in self._starts("production", key):
            name = ("production", p, s, t)
            self.var(
                name,
                -self.cell("production", key, t, "unit_cost", 0.0),
                self.cell("production", key, t, "min_quantity", 0.0),
                self.cell("production", key, t, "max_quantity", INF),
            )
            self.arrivals[p, s, arrival].append(name)
            for row in self.tables.get("routing", []):
                if (row["product"], row["site"]) == (p, s):
                    month = t + int(row.get("lag_months") or 0)
                    self.hours[s, row["resource"], month].append((name, float(row["hours_per_unit"])))
            for row in self.tables.get("bom", []):
                units = float(row["quantity_per_unit"])
                if row["product"] == p and row["component"] in self.materials:
                    self.material_flow[row["component"], t].append((name, -units))
                elif row["product"] == p:
                    self.use[row["component"], s, t].append((name, units))

    def _orders(self):
        for who, p, s in self.keys("subcontract", "subcontractor", "product", "site"):
            key = {"subcontractor": who, "product": p, "site": s}
            for t, arrival in self._starts("subcontract", key):
                name = ("subcontract", who, p, s, t)
                cost = self.cell("subcontract", key, t, "unit_cost", 0.0)
                self.var(name, -cost, 0.0, self.cell("subcontract", key, t, "capacity", INF))
                self.arrivals[p, s, arrival].append(name)
        for who, m in self.keys("suppliers", "supplier", "material"):
            key = {"supplier": who, "material": m}
            for t, arrival in self._starts("suppliers", key):
                name = ("purchase", who, m, t)
                price = self.cell("suppliers", key, t, "price", 0.0)
                self.var(name, -price, 0.0, self.cell("suppliers", key, t, "capacity", INF))
                self.material_flow[m, arrival].append((name, 1.0))

    def _lane(self, o, d, own, streams):
        key = {"origin": o, "destination": d, "product": own}
        named = {q for a, b, q in self.keys("lanes", "origin", "destination", "product") if (a, b) == (o, d)}
        for p in [own] if own else [p for p in self.products if p not in named]:
            if d not in self.sites and (p, d) not in streams:
                continue
            volume = self.cell("products", {"product": p}, 0, "volume", 1.0)
            for t, arrival in self._starts("lanes", key):
                name = ("shipment", p, o, d, t)
                self.var(name, -self.cell("lanes", key, t, "unit_cost", 0.0))
                self.leaving[p, o, t].append(name)
                self.arrivals[p, d, arrival].append(name)
                self.lane_use[o, d, own, t].append((name, volume))
                self.inbound[d, arrival].append((name, volume))
        for t in range(self.T):
            capacity = self.cell("lanes", key, t, "capacity", None)
            spot = self.cell("lanes", key, t, "spot_cost", None)
            if capacity is not None:
                if spot is not None:
                    self.var(("spot", o, d, own, t), -spot)
                    self.lane_use[o, d, own, t].append((("spot", o, d, own, t), -1.0))
                self.less.append((self.terms(*self.lane_use[o, d, own, t]), capacity))

    def _doors(self):
        for row in self.tables["places"]:
            if row.get("inbound_capacity"):
                for t in range(self.T):
                    limit = float(row["inbound_capacity"])
                    self.less.append((self.terms(*self.inbound[row["place"], t]), limit))

    def _materials(self):
        for m in self.materials:
            for t in range(self.T):
                name, key = ("material_stock", m, t), {"material": m}
                self.var(name, -self.cell("materials", key, t, "holding_cost", 0.0))
                given = self.cell("materials", key, t, "receipts", 0.0)
                if t == 0:
                    given += self.cell("materials", key, 0, "opening_stock", 0.0)
                last = [(("material_stock", m, t - 1), 1.0), (name, -1.0)]
                self.equal.append((self.terms(*self.material_flow[m, t], *last), -given))

    def _stock(self, p, s):
        key = {"product": p, "site": s}
        opening = self.cell("stock", key, 0, "opening_stock", 0.0)
        life = self.cell("products", {"product": p}, 0, "shelf_life_months", None)
        scrap_cost = self.cell("products", {"product": p}, 0, "scrap_cost", 0.0)
        for t in range(self.T):
            least = self.cell("stock", key, t, "min_closing_stock", 0.0)
            most = self.cell("stock", key, t, "max_stock", INF)
            closing, short = ("stock", p, s, t), ("short", p, s, t)
            self.var(closing, -self.cell("stock", key, t, "holding_cost", 0.0), least, most)
            self.var(short, -self.cell("stock", key, t, "safety_penalty", 0.0))
            target = self.cell("stock", key, t, "safety_stock", 0.0)
            self.less.append((self.terms((closing, -1.0), (short, -1.0)), -target))
            if life is not None:
                self.var(("scrap", p, s, t), -scrap_cost)
            given = self.cell("stock", key, t, "receipts", 0.0) + (opening if t == 0 else 0.0)
            arriving = [(name, 1.0) for name in self.arrivals[p, s, t]]
            kept = [(closing, -1.0), (("stock", p, s, t - 1), 1.0)]
            self.equal.append((self.terms(*arriving, *self._out(p, s, t), *kept), -given))
        if life is not None:
            for t in range(-1, self.T - int(life)):  # -1 is the opening stock
                out = [term for u in range(t + 1, t + int(life) + 1) for term in self._out(p, s, u)]
                closing = [(("stock", p, s, t), 1.0)]  # there is no column of month -1
                self.less.append((self.terms(*closing, *out), -opening if t < 0 else 0.0))

    def _out(self, p, s, t):
        """Shipments, use as component and scrap of the month."""
        shipped = [(name, -1.0) for name in self.leaving[p, s, t]]
        used = [(name, -units) for name, units in self.use[p, s, t]]
        return [*shipped, *used, (("scrap", p, s, t), -1.0)]

    def _streams(self, streams):
        for p, m in streams:
            key = {"product": p, "market": m}
            wanted = [self.cell("demand", key, t, "quantity", 0.0) for t in range(self.T)]
            for t in range(self.T):
                self._stream_month(p, m, t, wanted)

    def _stream_month(self, p, m, t, wanted):
        last = t == self.T - 1

        def get(column, default):
            return self.cell("demand", {"product": p, "market": m}, t, column, default)

        price = get("price", 0.0)
        loss = price + get("lost_sale_penalty", 0.0) + get("priority_weight", 0.0) * price
        self.constant += price * wanted[t]
        self.var(("lost", p, m, t), -loss, 0.0, 0.0 if get("must_serve", False) else wanted[t])
        cost, late = get("backorder_cost", None), get("max_backlog_months", INF)
        if last:
            late = min(late, 1.0) if get("end_backlog_allowed", False) else 0.0
        owed = ("backlog", p, m, t)
        if cost is not None and late > 0:
            self.var(owed, -cost - (price if last else 0.0))
        arriving = [(name, 1.0) for name in self.arrivals[p, m, t]]
        carried = [(owed, 1.0), (("backlog", p, m, t - 1), -1.0)]
        self.equal.append((self.terms(*arriving, (("lost", p, m, t), 1.0), *carried), wanted[t]))
        if owed in self.at and late < INF:
            recent = range(max(0, t - int(late) + 1), t + 1)
            row = self.terms((owed, 1.0), *((("lost", p, m, u), 1.0) for u in recent))
            self.less.append((row, sum(wanted[u] for u in recent)))

    def _hours(self, s, r, t):
        def get(file, column):
            return self.cell(file, {"site": s, "resource": r}, t, column, 0.0)

        staffed = (s, r) in self.keys("workforce", "site", "resource")
        idle = get("resources", "idle_cost_per_hour")
        charged = get("resources", "regular_cost_per_hour") if self.charge else 0.0
        self.constant -= idle * get("resources", "regular_hours")
        for kind, gain in (
            ("regular", idle - charged),
            ("overtime", -get("resources", "overtime_cost_per_hour")),
            ("extra", -get("resources", "extra_cost_per_hour")),
        ):
            open_end = staffed and kind != "extra"
            self.var((kind, s, r, t), gain, 0.0, INF if open_end else get("resources", f"{kind}_hours"))
        kinds = [((kind, s, r, t), -1.0) for kind in ("regular", "overtime", "extra")]
        self.equal.append((self.terms(*self.hours[s, r, t], *kinds), 0.0))
        if staffed:
            self._people(s, r, t, get)

    def _people(self, s, r, t, get):
        per, over = get("workforce", "hours_per_head"), get("workforce", "overtime_hours_per_head")
        heads = ("heads", s, r, t)
        self.var(heads, -get("workforce", "wage") - get("resources", "idle_cost_per_hour") * per)
        self.var(("hired", s, r, t), -get("workforce", "hire_cost"))
        self.var(("laid_off", s, r, t), -get("workforce", "layoff_cost"))
        for kind, hours in (("regular", per), ("overtime", over)):
            row = self.terms(((kind, s, r, t), 1.0), (heads, -hours))
            self.less.append((row, get("resources", f"{kind}_hours")))
        moved = [(("hired", s, r, t), -1.0), (("laid_off", s, r, t), 1.0)]
        row = self.terms((heads, 1.0), (("heads", s, r, t - 1), -1.0), *moved)
        self.equal.append((row, get("workforce", "opening_heads") if t == 0 else 0.0))

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
