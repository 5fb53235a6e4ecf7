"""Import templates: what hours are made of besides stated ones, and people."""

from cycles.choices import Role
from datahub.registry import Column, Dataset, Kind
from supply.models import Maintenance, ShiftPattern, Workforce

MONEY = "company currency"
RESOURCE = Column(
    "resource",
    Kind.CODE,
    "resource",
    "S1-LINE01",
    required=True,
    field="resource",
    refers=("resource",),
)

SHIFTS = Dataset(
    name="shifts",
    label="Shift patterns",
    meaning="How a resource works from a month on: hours = working days of the calendar x shifts x hours x efficiency.",
    role=Role.OPERATIONS,
    order=232,
    model=ShiftPattern,
    key=("resource", "valid_from"),
    unique=("resource_id", "valid_from"),
    control="shifts_per_day",
    needs_owner=False,
    columns=(
        RESOURCE,
        Column("valid_from", Kind.MONTH, "first month", "2026-01", required=True, field="valid_from"),
        Column(
            "shifts_per_day", Kind.NUMBER, "shifts of a working day", "2", required=True,
            field="shifts_per_day", least=0, most=24,
        ),
        Column(
            "hours_per_shift", Kind.NUMBER, "clock hours of a shift", "7.5", "hours", required=True,
            field="hours_per_shift", least=0, most=24,
        ),
        Column(
            "efficiency_pct", Kind.NUMBER, "percent of them that can be used", "92", "%",
            field="efficiency_percent", when_empty=100.0, least=0, most=200,
        ),
    ),
)  # fmt: skip

MAINTENANCE = Dataset(
    name="maintenance",
    label="Planned maintenance",
    meaning="Clock hours that a resource stands still in a month, and why; they are taken off its hours.",
    role=Role.OPERATIONS,
    order=234,
    model=Maintenance,
    key=("resource", "period", "reason"),
    unique=("resource_id", "month", "reason"),
    control="hours",
    needs_owner=False,
    columns=(
        RESOURCE,
        Column("period", Kind.MONTH, "month", "2026-12", required=True, field="month"),
        Column("hours", Kind.NUMBER, "clock hours off", "24", "hours", required=True, field="hours", least=0),
        Column("reason", Kind.TEXT, "why", "Yearly overhaul", required=True, field="reason", length=200),
    ),
)

WORKFORCE = Dataset(
    name="workforce",
    label="Workforce",
    meaning="People of a resource, whose hours take the place of its own; the plan may hire and lay off.",
    role=Role.OPERATIONS,
    order=236,
    model=Workforce,
    key=("resource",),
    unique=("resource_id",),
    control="heads",
    needs_owner=False,
    columns=(
        RESOURCE,
        Column(
            "heads", Kind.NUMBER, "people at the start of the plan", "12", "people", required=True,
            field="heads", least=0,
        ),
        Column(
            "hours_per_head", Kind.NUMBER, "hours that a person adds a month", "140", "hours", required=True,
            field="hours_per_head", least=0,
        ),
        Column(
            "ot_hours_per_head", Kind.NUMBER, "overtime that a person may add a month", "10", "hours",
            field="overtime_hours_per_head", when_empty=0.0, least=0,
        ),
        Column("wage", Kind.NUMBER, "per person and month", "2800", MONEY, field="wage", when_empty=0.0, least=0),
        Column(
            "hire_cost", Kind.NUMBER, "per person hired", "1500", MONEY, field="hire_cost", when_empty=0.0, least=0
        ),
        Column(
            "layoff_cost", Kind.NUMBER, "per person laid off", "4000", MONEY, field="layoff_cost", when_empty=0.0,
            least=0,
        ),
    ),
)  # fmt: skip
