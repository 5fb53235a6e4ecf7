"""Enumerations of reconciliation."""

from django.db import models


class ScenarioState(models.TextChoices):
    DRAFT = "draft", "Not yet computed"
    COMPUTED = "computed", "Computed"
    OUT_OF_DATE = "out_of_date", "Out of date"


class DifferenceKind(models.TextChoices):
    """What a scenario changes; each kind is registered with the way to apply it."""

    DEMAND = "demand", "Demand change"
    SUPPLIER_SHUT = "supplier_shut", "Supplier shut"
    CAPACITY = "capacity", "Added capacity"
    OVERTIME = "overtime", "Added overtime"
    PRICE = "price", "Price change"


class PnlRow(models.TextChoices):
    """Rows of the management P&L. Revenue and results are positive when good; costs are positive numbers."""

    UNITS = "units", "Units"
    REVENUE = "revenue", "Net revenue"
    COGS = "cogs", "Cost of goods at standard"
    GROSS_MARGIN = "gross_margin", "Gross margin"
    FREIGHT = "freight", "Freight"
    SPOT_FREIGHT = "spot_freight", "Spot freight"
    OVERTIME = "overtime", "Overtime and extra shifts"
    PURCHASE_PREMIUM = "purchase_premium", "Dearer suppliers"
    HOLDING = "holding", "Holding of stock"
    SCENARIO_COST = "scenario_cost", "Cost of the scenario's measures"
    CONTRIBUTION = "contribution", "Contribution margin"
    OPEX = "opex", "Operating cost"
    EBIT = "ebit", "EBIT"
    INVENTORY = "inventory", "Inventory value"
    WORKING_CAPITAL = "working_capital", "Working capital"

    @classmethod
    def balances(cls) -> frozenset["PnlRow"]:
        """Rows that are levels at a month's end: a quarter shows its last month, never a sum."""
        return frozenset({cls.INVENTORY, cls.WORKING_CAPITAL})
