"""Enumerations of reconciliation."""

from django.db import models

from reconciliation.finance.lines import BALANCES, QUANTITIES, VARIABLE_COSTS, WITHOUT_MARGINS, Line


class ScenarioState(models.TextChoices):
    DRAFT = "draft", "Not yet computed"
    COMPUTED = "computed", "Computed"
    OUT_OF_DATE = "out_of_date", "Out of date"


class DifferenceKind(models.TextChoices):
    """What a scenario changes against the signed plans."""

    DEMAND = "demand", "Demand change"
    SUPPLIER_SHUT = "supplier_shut", "Supplier shut"
    CAPACITY = "capacity", "Added capacity"
    OVERTIME = "overtime", "Added overtime"
    PRICE = "price", "Price change"
    SOURCE = "source", "More from a source"  # comes from a lever of a gap, never from a blank form

    @classmethod
    def of_demand_side(cls) -> frozenset["DifferenceKind"]:
        """Kinds that need a scope of families, products and markets."""
        return frozenset({cls.DEMAND, cls.PRICE})

    @classmethod
    def offered(cls) -> list["DifferenceKind"]:
        """Kinds that people make from nothing."""
        return [kind for kind in cls if kind != cls.SOURCE]


class PnlRow(models.TextChoices):
    """Rows of the management P&L. Revenue and results are positive when good; costs are positive numbers."""

    UNITS = Line.UNITS.value, "Units"
    REVENUE = Line.REVENUE.value, "Net revenue"
    COGS = Line.COGS.value, "Cost of goods at standard"
    GROSS_MARGIN = Line.GROSS_MARGIN.value, "Gross margin"
    FREIGHT = Line.FREIGHT.value, "Freight"
    SPOT_FREIGHT = Line.SPOT_FREIGHT.value, "Spot freight"
    OVERTIME = Line.OVERTIME.value, "Overtime and extra shifts"
    PURCHASE_PREMIUM = Line.PURCHASE_PREMIUM.value, "Dearer suppliers"
    HOLDING = Line.HOLDING.value, "Holding of stock"
    SCENARIO_COST = Line.SCENARIO_COST.value, "Cost of the measures"
    CONTRIBUTION = Line.CONTRIBUTION.value, "Contribution margin"
    OPEX = Line.OPEX.value, "Operating cost"
    EBIT = Line.EBIT.value, "EBIT"
    INVENTORY = Line.INVENTORY.value, "Stock value"
    RECEIVABLES = Line.RECEIVABLES.value, "Receivables"
    PAYABLES = Line.PAYABLES.value, "Payables"
    WORKING_CAPITAL = Line.WORKING_CAPITAL.value, "Working capital"
    CASH = Line.CASH.value, "Cash from operations"
    WANTED_UNITS = Line.WANTED_UNITS.value, "Units wanted"
    ON_TIME_UNITS = Line.ON_TIME_UNITS.value, "Units served in their month"
    WANTED_REVENUE = Line.WANTED_REVENUE.value, "Sales wanted"

    @classmethod
    def balances(cls) -> frozenset["PnlRow"]:
        """Rows that are levels at a month's end: a quarter shows its last month, never a sum."""
        return frozenset(cls(line.value) for line in BALANCES)

    @classmethod
    def quantities(cls) -> frozenset["PnlRow"]:
        """Rows in quanta; all others are minor units."""
        return frozenset(cls(line.value) for line in QUANTITIES)

    @classmethod
    def results(cls) -> frozenset["PnlRow"]:
        """Rows that are worked out from those above them."""
        return frozenset({cls.GROSS_MARGIN, cls.CONTRIBUTION, cls.EBIT})

    @classmethod
    def costs(cls) -> frozenset["PnlRow"]:
        """Rows that are taken off, so that less is better."""
        return frozenset({cls.COGS, cls.OPEX, *(cls(line.value) for line in VARIABLE_COSTS)})

    @classmethod
    def shown(cls) -> list["PnlRow"]:
        """Rows of the P&L on the page and in the export, in their order."""
        return [row for row in cls if row not in {cls.WANTED_UNITS, cls.ON_TIME_UNITS, cls.WANTED_REVENUE}]

    @classmethod
    def visible(cls, *, margins: bool) -> list["PnlRow"]:
        """All rows, or those that people without the right to see costs and margins may see."""
        return [row for row in cls if margins or Line(row.value) in WITHOUT_MARGINS]
