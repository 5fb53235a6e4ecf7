"""Asks every address as every role and tells who got in."""

from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from cycles.choices import Role
from cycles.models import User
from tests.rights.addresses import Address
from tests.rights.samples import arguments

# One person for each role of the demo company.
PERSON_OF = {
    Role.PROCESS_OWNER: "owner",
    Role.SPONSOR: "sponsor",
    Role.DEMAND_PLANNER: "planner",
    Role.SUPPLY_PLANNER: "supply",
    Role.SALES: "sales2",
    Role.OPERATIONS: "operations",
    Role.FINANCE: "finance",
    Role.PRODUCT: "product",
    Role.ADMIN: "admin",
}
FORM = "application/x-www-form-urlencoded"
REFUSED = {401, 403, 404}


@dataclass(frozen=True)
class Answer:
    """What one request came to."""

    status: int
    location: str = ""

    @property
    def refused(self) -> bool:
        return self.status in REFUSED or self.sent_to_sign_in

    @property
    def sent_to_sign_in(self) -> bool:
        return self.status == 302 and "/account/login/" in self.location

    @property
    def not_offered(self) -> bool:
        return self.status == 405


def ask(address: Address, method: str, role: Role | None) -> Answer:
    """One request with nothing in it, as somebody of the role, or as nobody."""
    client = Client()
    if role is not None:
        client.force_login(User.objects.get(username=PERSON_OF[role]))
    url = reverse(address.name, kwargs=arguments(address))
    body, kind = ("{}", "application/json") if "_api:" in address.name else ("", FORM)
    response: HttpResponseBase = client.generic(method, url, data=body, content_type=kind)
    return Answer(response.status_code, response.get("Location", ""))
