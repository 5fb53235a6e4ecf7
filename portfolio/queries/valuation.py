"""Units in money: planned prices by product and market. Prices are major currency units per unit."""

from typing import TYPE_CHECKING

from portfolio.models import PlannedPrice, Product

if TYPE_CHECKING:
    import pandas as pd


def planned_price_map() -> dict[tuple[int, int], float]:
    """Net price per unit by (product, market), company currency."""
    rows = PlannedPrice.objects.values_list("product_id", "market_id", "price")
    return {(product, market): float(price) for product, market, price in rows}


def list_price_map() -> dict[int, float]:
    """List price per unit by product, where it has one: the fallback for a product without orders."""
    rows = Product.objects.exclude(list_price=None).values_list("pk", "list_price")
    return {product: float(price) for product, price in rows if price is not None}


def standard_cost_map() -> dict[int, float]:
    """Standard cost per unit by product, where it has one."""
    rows = Product.objects.exclude(standard_cost=None).values_list("pk", "standard_cost")
    return {product: float(cost) for product, cost in rows if cost is not None}


def valuation_frame() -> "pd.DataFrame":
    """product_id, market_id, price, standard_cost (major units per unit); one row per planned price."""
    import pandas as pd

    rows = PlannedPrice.objects.values_list("product_id", "market_id", "price", "product__standard_cost")
    frame = pd.DataFrame(list(rows), columns=["product_id", "market_id", "price", "standard_cost"])
    frame["price"] = frame["price"].astype(float)
    frame["standard_cost"] = pd.to_numeric(frame["standard_cost"]).fillna(0.0).astype(float)
    return frame
