"""People and cycles for tests, made by the real use cases."""

from datetime import date

from cycles.actions.cycle import open_cycle
from cycles.actions.people import save_person
from cycles.choices import Role
from cycles.models import Cycle, User

PASSWORD = "a-long-enough-passphrase"

# Who edits need not sign: two each where one role does both.
PEOPLE = {
    "owner": Role.PROCESS_OWNER,
    "sponsor": Role.SPONSOR,
    "planner": Role.DEMAND_PLANNER,
    "supply": Role.SUPPLY_PLANNER,
    "sales": Role.SALES,
    "sales2": Role.SALES,
    "operations": Role.OPERATIONS,
    "finance": Role.FINANCE,
    "finance2": Role.FINANCE,
    "product": Role.PRODUCT,
    "product2": Role.PRODUCT,
    "admin": Role.ADMIN,
}


def make_person(name: str, *roles: Role, scope: tuple[tuple[str, str], ...] = (("", ""),)) -> User:
    """A person who can sign in with PASSWORD."""
    return save_person(
        by=None, username=name, first_name=name.title(), roles=roles, scope=scope, password=PASSWORD
    )


def make_people() -> dict[str, User]:
    """One person for each role, two where the same role edits and signs."""
    return {name: make_person(name, role) for name, role in PEOPLE.items()}


def make_cycle(owner: User, month: date = date(2026, 11, 1), horizon: int = 12) -> Cycle:
    """An open cycle."""
    return open_cycle(month=month, by=owner, horizon_months=horizon)
