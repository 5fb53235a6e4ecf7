"""Who works in the demo company: someone for each role, two where the same role edits and signs."""

from cycles.actions.people import save_person
from cycles.choices import Role
from cycles.models import User
from portfolio.models import Market

PASSWORD = "demo-demo-demo"  # noqa: S105 - printed by `make run` for a company that is made up

# user name: (first name, last name, role, market of the scope by its place in the list)
PEOPLE = {
    "owner": ("Orla", "Brandt", Role.PROCESS_OWNER, None),
    "sponsor": ("Severin", "Adeyemi", Role.SPONSOR, None),
    "planner": ("Paula", "Nieminen", Role.DEMAND_PLANNER, None),
    "supply": ("Sanjay", "Moreau", Role.SUPPLY_PLANNER, None),
    "sales": ("Salma", "Ortega", Role.SALES, 0),
    "sales2": ("Stefan", "Lindqvist", Role.SALES, None),
    "director": ("Dana", "Vukovic", Role.SALES, None),
    "operations": ("Olga", "Papadakis", Role.OPERATIONS, None),
    "finance": ("Farid", "Janssen", Role.FINANCE, None),
    "finance2": ("Fiona", "Castellan", Role.FINANCE, None),
    "product": ("Priya", "Hartmann", Role.PRODUCT, None),
    "product2": ("Pavel", "Oduya", Role.PRODUCT, None),
    "admin": ("Ada", "Wirth", Role.ADMIN, None),
}


def make_people() -> dict[str, User]:
    """The accounts of the demo, by user name; one salesperson plans a single market."""
    markets = list(Market.objects.values_list("code", flat=True))
    people = {}
    for name, (first, last, role, place) in PEOPLE.items():
        scope = ("", "" if place is None or not markets else markets[place])
        people[name] = save_person(
            by=None,
            username=name,
            first_name=first,
            last_name=last,
            email=f"{name}@example.com",
            roles=[role],
            scope=[scope],
            password=PASSWORD,
        )
    return people
