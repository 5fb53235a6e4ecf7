"""The data hub's own datasets: who owns which data, and how loads went."""

from django.db.models import Case, Value, When

from cycles.choices import Role
from datahub.choices import ROLE_LETTERS, Severity
from datahub.models import DataOwner, DatasetLoad
from datahub.registry import Column, Dataset, Kind, Scale, register_dataset, register_rule

DATA_OWNER = Dataset(
    name="data_owner",
    needs_owner=False,
    label="Data owners",
    meaning="Who answers for which dataset.",
    role=Role.PROCESS_OWNER,
    order=900,
    model=DataOwner,
    key=("dataset",),
    unique=("dataset",),
    prepare="datahub.loaders:owner_fields",
    reads={
        "letters": Case(*(When(role=role, then=Value(letters)) for letters, role in ROLE_LETTERS.items()))
    },
    columns=(
        Column(
            "dataset",
            Kind.CODE,
            "name of the dataset, as in its file name",
            "sales_orders",
            required=True,
            field="dataset",
            length=40,
        ),
        Column(
            "role",
            Kind.CODE,
            "role that owns it",
            "SM",
            required=True,
            path="letters",
            choices=(*ROLE_LETTERS, *Role.values),
        ),
        Column(
            "owner", Kind.TEXT, "name or user name of the owner", "sm.owner", field="owner_name", length=120
        ),
        Column(
            "active", Kind.FLAG, "whether the owner still works here", "1", field="active", when_empty=1.0
        ),
    ),
)

LOAD_LOG = Dataset(
    name="load_log",
    needs_owner=False,
    label="Log of earlier loads",
    meaning="When the datasets of earlier cycles were due and loaded, and how many rows were rejected.",
    role=Role.PROCESS_OWNER,
    order=910,
    model=DatasetLoad,
    key=("dataset", "cycle"),
    filters={"file__isnull": True},
    write="datahub.loaders:write_load_log",
    columns=(
        Column(
            "dataset",
            Kind.CODE,
            "name of the dataset",
            "sales_orders",
            required=True,
            field="dataset",
            length=40,
        ),
        Column(
            "cycle",
            Kind.MONTH,
            "last closed month of that load",
            "2026-10",
            required=True,
            field="cycle_month",
        ),
        Column("due_date", Kind.DATE, "day on which it was due", "2026-11-03", field="due_date"),
        Column("loaded_date", Kind.DATE, "day on which it was loaded", "2026-11-03", field="loaded_date"),
        Column(
            "rows",
            Kind.NUMBER,
            "rows loaded",
            "61378",
            required=True,
            field="rows",
            scale=Scale.WHOLE,
            least=0,
            most=2e9,
        ),
        Column(
            "rejects",
            Kind.NUMBER,
            "rows rejected",
            "12",
            field="rejects",
            scale=Scale.WHOLE,
            least=0,
            most=2e9,
        ),
    ),
)


# Code, dataset, severity, name, function, how to mend, dimension.
RULES = (
    (
        "DQ46",
        "data_owner",
        Severity.MAJOR,
        "Dataset without owner",
        "datahub.rules:without_owner",
        "Name an owner",
        "completeness",
    ),
    (
        "DQ47",
        "load_log",
        Severity.MAJOR,
        "Load late, small or rejected",
        "datahub.rules:load_late",
        "Extract the data again",
        "timeliness",
    ),
)


def register() -> None:
    """Offer the data hub's own datasets."""
    register_dataset(DATA_OWNER)
    register_dataset(LOAD_LOG)
    for code, dataset_name, severity, label, func, fix, dimension in RULES:
        register_rule(code, dataset_name, severity, label, func, fix=fix, dimension=dimension)
