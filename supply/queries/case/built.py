"""A case and what its rows stand for."""

from dataclasses import dataclass, replace
from datetime import date

from supply.planning.case import Case, Floats, Ints


@dataclass(frozen=True, slots=True)
class BuiltCase:
    """A case, what its rows stand for, and what had to be assumed. Lists are in the order of the rows."""

    case: Case
    months: list[date]
    product_ids: list[int]
    family_ids: list[int | None]  # of products
    site_ids: list[int]  # the first places; markets follow
    stream_ids: list[int]
    resource_ids: list[int]
    materials: list[tuple[int, int]]  # product and site
    lane_ids: list[int | None]  # None: a lane made up for a market without one
    backup: list[bool]  # supplier rows dearer than another one of the same material
    standard_costs: list[float]  # of products, major currency per unit
    material_costs: list[float]
    findings: list[dict[str, object]]
    fixed_production: Floats | None = (
        None  # (production rows, months) units; nan: free. None: nothing is fixed
    )
    lot_size: Floats | None = (
        None  # (production rows,) units; 0: no lots. None: the company plans without lots
    )
    one_off_cost: float = 0.0

    def part(self, case: Case, rows: dict[str, Ints]) -> "BuiltCase":
        """The same for a case of some of the products; `rows` are their rows by table of this case."""
        products, lanes = rows["products"].tolist(), rows["lanes"].tolist()
        return replace(
            self,
            case=case,
            product_ids=[self.product_ids[row] for row in products],
            family_ids=[self.family_ids[row] for row in products],
            standard_costs=[self.standard_costs[row] for row in products],
            stream_ids=[self.stream_ids[row] for row in rows["demand"].tolist()],
            lane_ids=[self.lane_ids[row] for row in lanes],
            lot_size=None,
            fixed_production=None
            if self.fixed_production is None
            else self.fixed_production[rows["production"]],
        )
