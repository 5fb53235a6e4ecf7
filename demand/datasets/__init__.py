"""Import templates of demand: orders, shipments, pipeline, promotions, earlier forecasts."""

from datahub.registry import register_dataset, register_derived, register_rule
from demand.datasets.forecasts import FORECAST, FORECAST_FAMILY
from demand.datasets.orders import ORDER_KEY, PIPELINE, PROMOTIONS, SALES_ORDERS, SHIPMENTS
from demand.datasets.rules import RULES


def register() -> None:
    """Offer the datasets of demand and what is rebuilt from them."""
    for dataset in (SALES_ORDERS, SHIPMENTS, PIPELINE, PROMOTIONS, FORECAST, FORECAST_FAMILY):
        register_dataset(dataset)
    register_derived(
        "launch streams", datasets={"item_master"}, func="demand.loaders:add_launch_streams", order=20
    )
    register_derived(
        "demand history",
        datasets={"sales_orders", "fx"},
        func="demand.loaders:rebuild_demand_history",
        order=30,
    )
    register_derived(
        "planned prices",
        datasets={"sales_orders", "fx", "item_master", "forecast"},
        func="demand.loaders:refresh_prices",
        order=40,
    )
    for code, dataset_name, severity, label, func, fix, dimension in RULES:
        register_rule(code, dataset_name, severity, label, func, fix=fix, dimension=dimension)
