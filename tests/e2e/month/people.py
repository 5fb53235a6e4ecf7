"""Who works in the company of the walk: somebody for each role, two or three where editing and signing are apart."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    username: str
    first_name: str
    last_name: str
    role: str
    scope: str = "* / *"


ADMINISTRATOR = "ada"
# The administrator adds them in this order.
TEAM = (
    Person("owner", "Orla", "Brandt", "process_owner"),
    Person("sponsor", "Severin", "Adeyemi", "sponsor"),
    Person("planner", "Paula", "Nieminen", "demand_planner"),
    Person("supply", "Sanjay", "Moreau", "supply_planner"),
    Person("sales", "Salma", "Ortega", "sales_marketing"),
    Person("marketing", "Stefan", "Lindqvist", "sales_marketing"),
    Person("director", "Dana", "Vukovic", "sales_marketing"),
    Person("operations", "Olga", "Papadakis", "operations"),
    Person("finance", "Farid", "Janssen", "finance"),
    Person("controller", "Fiona", "Castellan", "finance"),
    Person("product", "Priya", "Hartmann", "product_management"),
    Person("portfolio", "Pavel", "Oduya", "product_management"),
)
