"""Import templates of finance: budget, company budget, ledger balances."""

from cycles.choices import Role
from datahub.choices import Severity
from datahub.registry import Column, Dataset, Kind, Scale, register_dataset, register_rule
from reconciliation.models import BudgetLine, CompanyBudget, LedgerBalance

MONEY = "company currency"

BUDGET_COLUMNS = (
    Column("month", Kind.MONTH, "month", "2026-12", required=True, field="month"),
    Column("qty", Kind.NUMBER, "quantity", "29678", "units", field="quantity", scale=Scale.QUANTA),
    Column(
        "net_revenue",
        Kind.NUMBER,
        "net revenue",
        "570298.70",
        MONEY,
        field="revenue_minor",
        scale=Scale.MINOR,
    ),
    Column(
        "cogs",
        Kind.NUMBER,
        "cost of goods at standard",
        "322574.39",
        MONEY,
        field="cogs_minor",
        scale=Scale.MINOR,
    ),
    Column("opex", Kind.NUMBER, "operating cost", "62111.74", MONEY, field="opex_minor", scale=Scale.MINOR),
)

BUDGET = Dataset(
    name="budget",
    label="Budget by family",
    meaning="The yearly target by family and month: frozen, the plan is reconciled to it.",
    role=Role.FINANCE,
    order=700,
    model=BudgetLine,
    key=("family", "month"),
    unique=("family_id", "month"),
    control="net_revenue",
    columns=(
        Column("family", Kind.CODE, "family", "COFFEE", required=True, field="family", refers=("family",)),
        *BUDGET_COLUMNS,
    ),
)

AOP_COMPANY = Dataset(
    name="aop_company",
    needs_owner=False,
    label="Budget of the company",
    meaning="The company's total by month, which the families must add up to.",
    role=Role.FINANCE,
    order=710,
    model=CompanyBudget,
    key=("month",),
    unique=("month",),
    control="net_revenue",
    columns=BUDGET_COLUMNS,
)

GL_BALANCE = Dataset(
    name="gl_balance",
    needs_owner=False,
    label="Stock value in the ledger",
    meaning="Stock value of the general ledger at a month's end.",
    role=Role.FINANCE,
    order=720,
    model=LedgerBalance,
    key=("month", "site"),
    unique=("month", "site_code"),
    control="inventory_value",
    columns=(
        Column("month", Kind.MONTH, "month whose end it is", "2026-10", required=True, field="month"),
        Column("site", Kind.CODE, "site", "S1", required=True, field="site_code", refers=("site",)),
        Column(
            "inventory_value",
            Kind.NUMBER,
            "value of the stock",
            "229830.64",
            MONEY,
            required=True,
            field="value_minor",
            scale=Scale.MINOR,
        ),
    ),
)


# Code, dataset, severity, name, function, how to mend, dimension.
RULES = (
    (
        "DQ41",
        "budget",
        Severity.CRITICAL,
        "Budget missing or not adding up",
        "reconciliation.rules:budget_complete",
        "Load the budget again",
        "completeness",
    ),
)


def register() -> None:
    """Offer the datasets of finance."""
    for dataset in (BUDGET, AOP_COMPANY, GL_BALANCE):
        register_dataset(dataset)
    for code, dataset_name, severity, label, func, fix, dimension in RULES:
        register_rule(code, dataset_name, severity, label, func, fix=fix, dimension=dimension)
