"""Service first: what a lost unit costs beyond its price, so that nothing is dropped for cost alone."""

from cycles.models import Company
from supply.queries.case.structure import Structure
from supply.queries.inputs import Inputs, ProductRow


def lost_sale_penalty(product: ProductRow, price: float, dearest: float, company: Company) -> float:
    """Penalty per lost unit, major currency, on top of the revenue that is lost with it.

    penalty = percent x price + max(0, dearest - price), so price + penalty is above the dearest way to make
    and ship the unit. A product marked "profit first" has none: it is served only where it earns.
    """
    if product.profit_first:
        return 0.0
    return company.lost_sale_percent / 100 * price + max(0.0, dearest - price)


def late_cost(
    product: ProductRow, price: float, dearest: float, safety_penalty: float, company: Company
) -> float:
    """Cost per unit owed at a month's end, major currency.

    late = percent x price, and for service first + safety penalty + max(0, dearest - standard cost): nobody is
    kept waiting to spare the safety stock, overtime, a backup supplier or spot freight.
    """
    waiting = company.backorder_percent / 100 * price
    if product.profit_first:
        return waiting
    return waiting + safety_penalty + max(0.0, dearest - (product.standard_cost or 0.0))


def dearest_costs(
    inputs: Inputs, structure: Structure, hour_rates: dict[int, float], freight: float
) -> dict[int, float]:
    """The dearest way to make or buy and to ship a unit of each product that is sold.

    ``hour_rates`` is the dearest rate of an hour of each resource, ``freight`` the dearest lane with spot.
    """
    prices: dict[int, float] = {}
    for row in inputs.supplier_products:
        prices[row.product_id] = max(row.price, prices.get(row.product_id, 0.0))
    ways: dict[int, float] = {}

    def way(product: int) -> float:
        if product in ways:
            return ways[product]
        ways[product] = prices.get(product, 0.0)  # stands for the product while a loop is walked
        need = structure.need(product)
        made = need.cost + sum(hours * hour_rates[resource] for resource, hours in need.hours.items())
        made += sum(quantity * prices.get(material, 0.0) for material, quantity in need.materials.items())
        made += sum(quantity * way(component) for component, quantity in need.components.items())
        ways[product] = max(ways[product], made)
        return ways[product]

    return {
        product: way(product) + freight for product in {product for product, _ in inputs.streams.values()}
    }
