"""What a difference of each kind may hold, checked and put into a sentence.

Forms and the API both end here: raw values in, clean parameters and one sentence out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from cycles.models import Company, Cycle
from portfolio.models import Family, Market, Product
from reconciliation.choices import DifferenceKind
from sop.errors import InvalidInput
from sop.numbers import format_money, format_number, format_signed
from sop.periods import month_key, parse_month
from sop.quantities import MINOR_PER_MAJOR
from supply.models import Resource, ResourceMonth, Supplier

Params = dict[str, Any]
Raw = Mapping[str, Any]


@dataclass
class Reader:
    """Reads raw values one by one and gathers what is wrong with them, field by field."""

    raw: Raw
    cycle: Cycle

    def __post_init__(self) -> None:
        self.errors: list[dict[str, str]] = []

    def wrong(self, field: str, message: str) -> None:
        self.errors.append({"field": field, "message": message})

    def number(self, field: str, low: float, high: float, what: str, default: float | None = None) -> float:
        value = self.raw.get(field)
        if value in (None, "") and default is not None:
            return default
        try:
            number = float(str(value))
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            self.wrong(field, f"{what} must be a number from {low:g} to {high:g}.")
            return low
        return number

    def code(self, field: str, model: type[Model], what: str, *, required: bool = False) -> str:
        code = str(self.raw.get(field) or "").strip()
        if not code and required:
            self.wrong(field, f"Choose a {what}.")
        elif code and not model._default_manager.filter(code=code).exists():
            self.wrong(field, f"There is no {what} with the code {code}.")
        return code

    def months(self) -> Params:
        first, last = self._month("first_month"), self._month("last_month")
        if first and last and last < first:
            self.wrong("last_month", "The last month lies before the first one.")
        if not first or not last:
            return {}
        return {"first_month": month_key(first), "last_month": month_key(last)}

    def _month(self, field: str) -> date | None:
        value = self.raw.get(field)
        try:
            month = value.replace(day=1) if isinstance(value, date) else parse_month(str(value or "")[:7])
        except ValueError as error:
            self.wrong(field, f"{error}.")
            return None
        months = self.cycle.months
        if not months[0] <= month <= months[-1]:
            self.wrong(field, f"Choose a month from {month_key(months[0])} to {month_key(months[-1])}.")
            return None
        return month

    def scope(self) -> Params:
        return {
            "family": self.code("family", Family, "family"),
            "product": self.code("product", Product, "product"),
            "market": self.code("market", Market, "market"),
        }


def clean_params(kind: DifferenceKind, raw: Raw, cycle: Cycle) -> Params:
    """Clean parameters of a difference. InvalidInput with one entry {field, message} per wrong field."""
    reader = Reader(raw, cycle)
    params = {**READERS[kind](reader), **reader.months()}
    if reader.errors:
        raise InvalidInput(" ".join(error["message"] for error in reader.errors), errors=reader.errors)
    return params


def _read_demand(reader: Reader) -> Params:
    percent = reader.number("percent", -100, 1000, "The change in percent")
    if percent == 0:
        reader.wrong("percent", "A change of 0 % changes nothing.")
    return {**reader.scope(), "percent": percent}


def _read_price(reader: Reader) -> Params:
    percent = reader.number("percent", -99, 1000, "The price change in percent")
    if percent == 0:
        reader.wrong("percent", "A change of 0 % changes nothing.")
    elasticity = reader.number("elasticity", -20, 0, "The volume lost for each percent of price", default=0.0)
    return {**reader.scope(), "percent": percent, "elasticity": elasticity}


def _read_supplier(reader: Reader) -> Params:
    return {"supplier": reader.code("supplier", Supplier, "supplier", required=True)}


def _read_capacity(reader: Reader) -> Params:
    return {
        "resource": reader.code("resource", Resource, "resource", required=True),
        "hours_per_month": reader.number("hours_per_month", 0.01, 1e7, "Hours a month"),
        "cost_per_hour": reader.number("cost_per_hour", 0, 1e7, "Cost of an hour", default=0.0),
    }


def _read_overtime(reader: Reader) -> Params:
    params = _read_capacity(reader)
    if reader.raw.get("cost_per_hour") in (None, ""):
        params["cost_per_hour"] = overtime_cost(params["resource"])
    return params


def _read_source(reader: Reader) -> Params:
    limit, name = str(reader.raw.get("limit", "")), str(reader.raw.get("name", "")).strip()
    if limit not in SOURCE_WORDS or not name:
        reader.wrong("name", "More from a source comes from a lever of a gap: make it there.")
    return {
        "limit": limit,
        "name": name,
        "units_per_month": reader.number("units_per_month", 0.001, 1e12, "Units a month"),
        "cost_per_unit": reader.number("cost_per_unit", 0, 1e9, "Cost of a unit", default=0.0),
    }


SOURCE_WORDS = {
    "supplier": "more from {}",
    "material": "of {} from another source",
    "subcontract": "more from {}",
    "lane": "more on the lane {}",
    "expedite": "of {} as a rush order",
}

READERS: dict[DifferenceKind, Callable[[Reader], Params]] = {
    DifferenceKind.DEMAND: _read_demand,
    DifferenceKind.PRICE: _read_price,
    DifferenceKind.SUPPLIER_SHUT: _read_supplier,
    DifferenceKind.CAPACITY: _read_capacity,
    DifferenceKind.OVERTIME: _read_overtime,
    DifferenceKind.SOURCE: _read_source,
}


def overtime_cost(resource_code: str) -> float:
    """The dearest overtime hour of a resource, which more overtime costs at least."""
    rates = ResourceMonth.objects.filter(resource__code=resource_code)
    return max(rates.values_list("overtime_cost_per_hour", flat=True), default=0.0)


def sentence_of(kind: DifferenceKind, params: Params) -> str:
    """The difference in words, for the stack, the brief and the decision log; without money."""
    return SENTENCES[kind](params)


def cost_words_of(params: Params, one_off_cost_minor: int) -> str:
    """What a difference costs, in words, for those who may see costs; empty where it costs nothing."""
    currency, words = Company.current().currency, []
    if params.get("cost_per_hour"):
        words.append(f"{format_money(params['cost_per_hour'], currency, 2)} an hour")
    if params.get("cost_per_unit"):
        words.append(f"{format_money(params['cost_per_unit'], currency, 2)} a unit")
    if one_off_cost_minor:
        words.append(f"{format_money(one_off_cost_minor / MINOR_PER_MAJOR, currency)} once")
    return ", ".join(words)


def _demand_words(params: Params) -> str:
    return f"Demand for {_scope_words(params)} {_percent(params['percent'])} {_when(params)}"


def _price_words(params: Params) -> str:
    words = f"Price of {_scope_words(params)} {_percent(params['percent'])} {_when(params)}"
    if params.get("elasticity"):
        words += f", volume {_percent(params['elasticity'] * params['percent'])}"
    return words


def _supplier_words(params: Params) -> str:
    return f"{Supplier.objects.get(code=params['supplier'])} takes no orders {_when(params)}"


def _capacity_words(params: Params) -> str:
    return f"{_hours_words(params, 'more')} {_when(params)}"


def _overtime_words(params: Params) -> str:
    return f"{_hours_words(params, 'of overtime')} {_when(params)}"


def _source_words(params: Params) -> str:
    units = format_number(params["units_per_month"])
    source = SOURCE_WORDS[params["limit"]].format(params["name"].replace("/", ", "))
    return f"Up to {units} a month {source} {_when(params)}"


SENTENCES: dict[DifferenceKind, Callable[[Params], str]] = {
    DifferenceKind.DEMAND: _demand_words,
    DifferenceKind.PRICE: _price_words,
    DifferenceKind.SUPPLIER_SHUT: _supplier_words,
    DifferenceKind.CAPACITY: _capacity_words,
    DifferenceKind.OVERTIME: _overtime_words,
    DifferenceKind.SOURCE: _source_words,
}


def _hours_words(params: Params, word: str) -> str:
    hours = format_number(params["hours_per_month"])
    return f"{hours} hours a month {word} on {Resource.objects.get(code=params['resource'])}"


def _scope_words(params: Params) -> str:
    goods = "all products"
    if params.get("product"):
        goods = str(Product.objects.get(code=params["product"]).description or params["product"])
    elif params.get("family"):
        goods = str(Family.objects.get(code=params["family"]))
    if params.get("market"):
        goods += f" in {Market.objects.get(code=params['market'])}"
    return goods


def _percent(percent: float) -> str:
    digits = 0 if percent == round(percent) else 1
    return f"{format_signed(percent, digits)} %"


def _when(params: Params) -> str:
    first, last = parse_month(params["first_month"]), parse_month(params["last_month"])
    return f"in {first:%b %Y}" if first == last else f"from {first:%b %Y} to {last:%b %Y}"
