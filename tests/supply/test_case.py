"""From imports to the planner, one rule a test."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from cycles.models import Company
from portfolio.models import Market, Product
from supply.models import PurchaseOrderLine, ResourceMonth, Routing, Site
from tests.supply.firm import Firm

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
Build = Callable[..., Any]


def kinds(built: Any) -> set[str]:
    return {finding["kind"] for finding in built.findings}


def test_free_stock_opens_the_plan_and_transit_arrives_in_the_first_month(simple: Firm, build: Build) -> None:
    simple.in_stock(simple.a, 30, blocked=10, transit=5)
    stock = build().case.stock
    assert stock.opening_stock.tolist() == [20]
    assert stock.receipts[0].tolist() == [5, 0, 0, 0, 0, 0]


def test_only_the_last_count_of_the_closed_month_opens_the_plan(simple: Firm, build: Build) -> None:
    simple.in_stock(simple.a, 99, day=date(2025, 11, 30))
    simple.in_stock(simple.a, 40, day=date(2025, 12, 20))
    simple.in_stock(simple.a, 33, day=date(2025, 12, 29))
    assert build().case.stock.opening_stock.tolist() == [33]


def test_more_blocked_than_there_is_counts_as_nothing_and_is_told(simple: Firm, build: Build) -> None:
    simple.in_stock(simple.a, 10, blocked=12)
    built = build()
    assert built.case.stock.opening_stock.tolist() == [0]
    assert "negative_stock" in kinds(built)


def test_overdue_order_lines_are_wanted_in_the_first_month(simple: Firm, build: Build) -> None:
    simple.order(simple.stream, units=7, requested=date(2025, 12, 10))
    simple.order(simple.stream, units=9, requested=date(2026, 2, 10))
    assert build().case.demand.quantity[0].tolist() == [57, 60, 0, 0, 0, 0]


def test_open_orders_arrive_when_due_and_overdue_ones_in_the_first_month(simple: Firm, build: Build) -> None:
    material = material_of(simple)
    simple.ordered(material, "SUP", 10, date(2025, 11, 20))
    simple.ordered(material, "SUP", 20, date(2026, 1, 20))
    simple.ordered(material, "SUP", 40, date(2026, 3, 5))
    simple.ordered(material, "SUP", 80, date(2031, 3, 5))
    assert build().case.materials.receipts[0].tolist() == [30, 0, 40, 0, 0, 0]


def test_what_was_received_or_ordered_since_the_close_does_not_rewrite_the_past(
    simple: Firm, build: Build
) -> None:
    material = material_of(simple)
    simple.ordered(material, "SUP", 20, date(2026, 2, 1))
    PurchaseOrderLine.objects.update(receipt_date=date(2026, 2, 3))  # still under way at the end of December
    simple.ordered(material, "SUP", 40, date(2026, 3, 1))
    PurchaseOrderLine.objects.filter(receipt_date__isnull=True).update(order_date=date(2026, 2, 20))
    assert build().case.materials.receipts[0].tolist() == [0, 20, 0, 0, 0, 0]


def test_goods_in_transit_that_are_open_orders_too_count_once(simple: Firm, build: Build) -> None:
    material = material_of(simple)
    simple.ordered(material, "SUP", 30, date(2026, 1, 10))
    simple.in_stock(material, 100, transit=30)
    assert build().case.materials.receipts[0, 0] == 30


def material_of(firm: Firm, **more: Any) -> Any:
    material = firm.product("RAW", cost=2, price=None, kind="RM")
    firm.needs(firm.a, material, **more)
    firm.supplied_by("SUP", material)
    return material


def test_a_bill_takes_scrap_into_account(simple: Firm, build: Build) -> None:
    material_of(simple, quantity=3, scrap_percent=25)
    assert build().case.material_use.quantity_per_unit.tolist() == [4]


def test_only_the_line_of_a_bill_that_is_valid_now_counts(simple: Firm, build: Build) -> None:
    material = material_of(simple, quantity=1, valid_to=date(2025, 12, 31))
    simple.needs(simple.a, material, 2, valid_from=JANUARY)
    simple.needs(simple.a, material, 5, valid_from=FEBRUARY)
    assert build().case.material_use.quantity_per_unit.tolist() == [2]


def test_conversion_cost_is_standard_cost_less_components(simple: Firm, build: Build) -> None:
    material_of(simple, quantity=2)  # 6 - 2 x 2
    assert build().case.production.unit_cost[0].tolist() == [2] * 6


def test_components_dearer_than_the_product_cost_nothing_to_convert_and_are_told(
    simple: Firm, build: Build
) -> None:
    material_of(simple, quantity=5)
    built = build()
    assert built.case.production.unit_cost[0, 0] == 0
    assert "negative_conversion" in kinds(built)


def test_a_material_nobody_supplies_is_no_limit_but_costs(simple: Firm, build: Build) -> None:
    label = simple.product("LABEL", cost=1, price=None, kind="PKG")
    simple.needs(simple.a, label, 2)
    built = build()
    assert len(built.case.materials) == 0
    assert built.case.production.unit_cost[0, 0] == 6
    assert "no_supplier" in kinds(built)


def semi_finished(firm: Firm) -> Any:
    mix = firm.product("MIX", cost=3, price=None, kind="SFG")
    firm.made_on(mix, firm.line("MIX1", hours=50), hours=0.5)
    firm.needs(firm.a, mix, 2)
    raw = firm.product("RAW", cost=1, price=None, kind="RM")
    firm.needs(mix, raw, 2)
    firm.supplied_by("SUP", raw)
    return mix


def test_semi_finished_goods_dissolve_into_hours_and_materials(simple: Firm, build: Build) -> None:
    semi_finished(simple)
    built = build()
    case = built.case
    assert case.products.name.tolist() == ["A"]
    hours = dict(zip(case.resources.name[case.routing.resource], case.routing.hours_per_unit, strict=True))
    assert hours == {"LINE1": 1, "MIX1": 1}
    assert case.material_use.quantity_per_unit.tolist() == [4]
    assert case.production.unit_cost[0, 0] == 2  # (6 - 2 x 3) + 2 x (3 - 2 x 1)


def test_semi_finished_goods_with_stock_keep_their_balance(simple: Firm, build: Build) -> None:
    simple.in_stock(semi_finished(simple), 20)
    case = build().case
    assert case.products.name.tolist() == ["A", "MIX"]
    assert case.component_use.quantity_per_unit.tolist() == [2]
    assert len(case.routing) == 2


def test_a_loop_in_the_bills_is_cut_and_told(simple: Firm, build: Build) -> None:
    mix = semi_finished(simple)
    simple.needs(mix, mix, 1)
    assert "loop" in kinds(build())


def test_set_up_is_spread_over_the_lot(simple: Firm, build: Build) -> None:
    other = simple.product("B")
    simple.sold(other, 10)
    simple.made_on(other, simple.line1, hours=2, setup_hours=30, lot_size=60)
    assert build().case.routing.hours_per_unit.tolist() == [1, 2.5]


def test_usable_hours_take_efficiency_into_account(simple: Firm, build: Build) -> None:
    ResourceMonth.objects.filter(month=FEBRUARY).update(efficiency_percent=80, overtime_hours=8)
    resources = build().case.resources
    assert resources.regular_hours[0].tolist() == [100, 80, 100, 100, 100, 100]
    assert resources.overtime_hours[0].tolist() == [0, 8, 0, 0, 0, 0]


def test_months_without_hours_take_a_year_before_then_the_last_known(simple: Firm, build: Build) -> None:
    ResourceMonth.objects.filter(month__gte=MARCH).delete()
    simple.hours(simple.line1, date(2025, 3, 1), 77)
    built = build()
    assert built.case.resources.regular_hours[0].tolist() == [100, 100, 77, 100, 100, 100]
    assert "hours_carried" in kinds(built)


def test_a_resource_without_hours_makes_nothing(simple: Firm, build: Build) -> None:
    ResourceMonth.objects.all().delete()
    built = build()
    assert built.case.resources.regular_hours.sum() == 0
    assert "no_hours" in kinds(built)


def test_suppliers_have_capacity_and_lead_time_in_months_and_the_dearer_is_the_backup(
    simple: Firm, build: Build
) -> None:
    material = material_of(simple)
    simple.supplied_by("CHEAP", material, price=1.5, capacity_per_month=25, lead_time_days=150)
    built = build()
    suppliers = built.case.suppliers
    order = suppliers.supplier.tolist()
    assert dict(zip(order, built.backup, strict=True)) == {"CHEAP": False, "SUP": True}
    assert suppliers.lead_time_months[order.index("CHEAP"), 0] == 5
    assert suppliers.capacity[order.index("CHEAP"), 0] == 25
    assert np.isinf(suppliers.capacity[order.index("SUP"), 0])


def test_a_suppliers_newer_row_takes_over_from_its_month_on(simple: Firm, build: Build) -> None:
    material = material_of(simple)
    simple.supplied_by("SUP", material, price=9, valid_from=MARCH)
    suppliers = build().case.suppliers
    assert suppliers.possible.sum(axis=0).tolist() == [1] * 6
    dear = suppliers.price[:, 0].tolist().index(9)
    assert suppliers.possible[dear].tolist() == [False, False, True, True, True, True]


def test_bought_products_come_from_their_suppliers(simple: Firm, build: Build) -> None:
    bought = simple.product("B", is_bought=True)
    simple.sold(bought, 10)
    simple.supplied_by("SUP", bought, price=4, capacity_per_month=12, lead_time_days=30)
    case = build().case
    assert case.subcontract.product.tolist() == [1]
    assert (case.subcontract.unit_cost[0, 0], case.subcontract.capacity[0, 0]) == (4, 12)
    assert case.subcontract.lead_time_months[0, 0] == 1
    assert case.production.product.tolist() == [0]


def test_a_product_nobody_makes_or_sells_us_is_told(simple: Firm, build: Build) -> None:
    simple.sold(simple.product("B"), 10)
    assert "no_source" in kinds(build())


def test_lanes_carry_cost_capacity_and_spot_freight(simple: Firm, build: Build) -> None:
    simple.market.lanes.update(unit_cost=0.3, volume_capacity=70, spot_cost=0.9, lead_time_days=40)
    lanes = build().case.lanes
    assert (lanes.unit_cost[0, 0], lanes.capacity[0, 0], lanes.spot_cost[0, 0]) == (0.3, 70, 0.9)
    assert lanes.lead_time_months[0, 0] == 1


def test_a_market_without_a_lane_is_served_free_of_charge_and_told(simple: Firm, build: Build) -> None:
    simple.sold(simple.a, 5, market=Market.objects.create(code="M2", name="Spain"))
    built = build()
    assert len(built.case.lanes) == 2
    assert built.lane_ids[1] is None
    assert "no_lane" in kinds(built)


def test_holding_and_safety_stock_are_priced_by_the_company_settings(simple: Firm, build: Build) -> None:
    simple.policy(simple.a, safety_stock=15)
    Company.objects.update(carrying_rate_percent=24, safety_penalty_percent=5)
    stock = build().case.stock
    assert stock.safety_stock[0, 0] == 15
    assert stock.holding_cost[0, 0] == pytest.approx(6 * 0.24 / 12)
    assert stock.safety_penalty[0, 0] == pytest.approx(0.3)


def test_prices_are_planned_prices_else_list_prices(simple: Firm, build: Build) -> None:
    other = simple.product("B", price=12)
    simple.sold(other, 5, price=None)
    simple.sold(simple.product("C", price=None), 5, price=None)
    built = build()
    assert built.case.demand.price[:, 0].tolist() == [10, 12, 0]
    assert "no_price" in kinds(built)


def test_service_first_makes_a_lost_unit_dearer_than_any_way_to_make_it(simple: Firm, build: Build) -> None:
    simple.sold(simple.product("DEAR", cost=25), 5, price=10)
    simple.made_on(simple.products("DEAR"), simple.line1)
    built = build()
    penalty = built.case.demand.lost_sale_penalty[:, 0]
    assert penalty.tolist() == [10, 25]  # 10 + max(0, 6 - 10); 10 + (25 - 10)
    assert "below_cost" in kinds(built)


def test_profit_first_is_a_switch_of_the_product(simple: Firm, build: Build) -> None:
    Product.objects.update(profit_first=True)
    assert build().case.demand.lost_sale_penalty[0, 0] == 0


def test_a_material_used_by_a_product_made_at_two_sites_is_one_stock(simple: Firm, build: Build) -> None:
    depot = Site.objects.create(code="S2", name="Porto")
    simple.made_on(simple.a, simple.line("LINE2", site=depot))
    material = material_of(simple)
    simple.in_stock(material, 10)
    simple.supplied_by("SUP", material, site=depot)
    simple.in_stock(material, 5, site=depot)
    built = build()
    assert built.case.materials.opening_stock.tolist() == [15]
    assert "pooled" in kinds(built)


def test_nobody_waits_to_spare_safety_stock_overtime_or_a_dearer_supplier(simple: Firm, build: Build) -> None:
    material = material_of(simple)
    simple.supplied_by("DEAR", material, price=3)
    simple.market.lanes.update(unit_cost=0.5)
    Company.objects.update(backorder_percent=2, safety_penalty_percent=5)
    # 2 % of 10, 5 % of 6, and the dearest way: 4 to convert + 3 of material + 0.5 of freight over 6 at standard
    assert build().case.demand.backorder_cost[0, 0] == pytest.approx(0.2 + 0.3 + 1.5)


def test_a_company_without_routings_plans_without_limit_of_capacity_and_says_so(
    simple: Firm, build: Build
) -> None:
    """A small firm keeps no routings: nothing sold for want of a source would be nonsense."""
    Routing.objects.all().delete()
    trader = simple.product("B", is_bought=True)
    simple.sold(trader, 10)
    simple.supplied_by("SUP", trader)
    built = build()
    assert built.case.production.product.tolist() == [0]  # what a supplier delivers is not made
    assert len(built.case.routing) == 0
    assert [finding["text"] for finding in built.findings if finding["kind"] == "no_limit"] == [
        "No routings are kept, so made or bought without limit, at standard cost: A."
    ]


def test_a_product_that_lacks_its_routing_among_others_is_not_made_without_limit(
    simple: Firm, build: Build
) -> None:
    simple.sold(simple.product("B"), 10)
    built = build()
    assert built.case.production.product.tolist() == [0]
    assert "no_limit" not in kinds(built)
