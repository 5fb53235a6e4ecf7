"""Import templates: earlier forecasts."""

from cycles.choices import Role
from datahub.registry import Column, Dataset, Kind, Scale
from demand.models import (
    ForecastLine,
    ForecastSnapshot,
)

UNITS = "units"


FORECAST = Dataset(
    name="forecast",
    time="cycle_month",
    needs_owner=False,
    label="Earlier forecasts",
    meaning="Forecasts of earlier cycles, which give accuracy by lag before there are own ones.",
    role=Role.DEMAND_PLANNER,
    order=540,
    model=ForecastLine,
    key=("cycle", "version", "item_code", "market", "month"),
    unique=("cycle_month", "label", "stream_id", "month"),
    control="qty",
    prepare="demand.loaders:stream_fields",
    columns=(
        Column(
            "cycle",
            Kind.MONTH,
            "cycle in which it was made (its first plan month)",
            "2026-11",
            required=True,
            field="cycle_month",
        ),
        Column(
            "version",
            Kind.CODE,
            "name of the plan version",
            "consensus",
            required=True,
            field="label",
            length=40,
        ),
        Column(
            "item_code",
            Kind.CODE,
            "product",
            "P00001",
            required=True,
            path="stream__product__code",
            refers=("item",),
        ),
        Column(
            "market",
            Kind.CODE,
            "market",
            "DE",
            required=True,
            path="stream__market__code",
            refers=("market",),
        ),
        Column("month", Kind.MONTH, "month that is forecast", "2026-12", required=True, field="month"),
        Column(
            "qty", Kind.NUMBER, "quantity", "41", UNITS, required=True, field="quantity", scale=Scale.QUANTA
        ),
        Column(
            "assumption_id",
            Kind.CODE,
            "assumption that explains a change",
            "A17",
            optional=True,
            field="assumption_code",
            length=40,
        ),
    ),
)


FORECAST_FAMILY = Dataset(
    name="forecast_family",
    time="cycle_month",
    needs_owner=False,
    label="Earlier forecasts by family",
    meaning="Family totals of earlier cycles, compared with the sums of their products.",
    role=Role.DEMAND_PLANNER,
    order=550,
    model=ForecastSnapshot,
    key=("cycle", "version", "family", "month"),
    unique=("cycle_month", "label", "family_id", "month"),
    control="qty",
    columns=(
        Column(
            "cycle", Kind.MONTH, "cycle in which it was made", "2026-11", required=True, field="cycle_month"
        ),
        Column(
            "version",
            Kind.CODE,
            "name of the plan version",
            "consensus",
            required=True,
            field="label",
            length=40,
        ),
        Column("family", Kind.CODE, "family", "COFFEE", required=True, field="family", refers=("family",)),
        Column("month", Kind.MONTH, "month that is forecast", "2026-12", required=True, field="month"),
        Column(
            "qty", Kind.NUMBER, "quantity", "537", UNITS, required=True, field="quantity", scale=Scale.QUANTA
        ),
    ),
)
