"""Every address, every method, every role, and nobody: exactly those get in who are named in the table."""

import pytest

from cycles.choices import Role
from cycles.models import Cycle
from tests.rights.addresses import Address, addresses
from tests.rights.matrix import ask
from tests.rights.table import RIGHTS

pytestmark = pytest.mark.django_db

ADDRESSES = addresses()


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert {address.name for address in ADDRESSES} == set(RIGHTS)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_reading(company: Cycle, address: Address) -> None:
    allowed = RIGHTS[address.name].read
    if "GET" not in address.methods:
        assert allowed is None
        return
    for role in Role:
        answer = ask(address, "GET", role)
        if allowed is None:
            assert answer.not_offered or answer.refused, (role, answer)
        elif role in allowed:
            # Something that this month has not reached (404), or a form that is shut now (423), says so in words.
            assert answer.status in {200, 302, 400, 404, 409, 423}, (role, answer)
        else:
            assert answer.refused, (role, answer)
    assert (
        any(not ask(address, "GET", role).refused for role in allowed or [])
        or allowed is None
        or _not_reached(address)
    )


def _not_reached(address: Address) -> bool:
    """The month stands at the demand review: there is no supply plan, brief or decision of this cycle yet."""
    return address.name in {
        "executive_api:brief",
        "executive_api:decision-detail",
    } or address.name.startswith("supply")


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_changing(company: Cycle, address: Address) -> None:
    rights = RIGHTS[address.name]
    for method in sorted(address.methods - {"GET"}):
        for role in Role:
            answer = ask(address, method, role)
            if rights.change is None:
                assert answer.not_offered or answer.refused, (method, role, answer)
            elif role not in rights.change:
                assert answer.refused or (rights.form_first and answer.status in {200, 400}), (
                    method,
                    role,
                    answer,
                )
            else:
                assert answer.status < 500, (method, role, answer)
                assert answer.status not in {401, 403}, (method, role, answer)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_nobody_gets_in_without_signing_in(company: Cycle, address: Address) -> None:
    for method in sorted(address.methods):
        answer = ask(address, method, None)
        assert answer.status == 401 or answer.sent_to_sign_in, (method, answer)
