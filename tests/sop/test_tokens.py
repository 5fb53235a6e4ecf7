"""API tokens: made by their owners, shown once, stored as a digest; and the technical administration."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from cycles.models import AuditEvent
from sop.api.tokens import digest_of, make_token, withdraw_token

pytestmark = pytest.mark.django_db
DOCUMENT = "/api/schema/?format=json"


def status_with(client: Client, secret: str) -> int:
    return client.get(DOCUMENT, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_what_is_stored_signs_nobody_in(client: Client, person) -> None:
    secret = make_token(person)
    stored = Token.objects.get(user=person).key
    assert stored == digest_of(secret)
    assert status_with(client, secret) == 200
    assert status_with(client, stored) == 401


def test_a_new_token_ends_the_old_one(client: Client, person) -> None:
    old, new = make_token(person), make_token(person)
    assert status_with(client, old) == 401
    assert status_with(client, new) == 200
    withdraw_token(person)
    assert status_with(client, new) == 401


def test_a_person_who_left_has_no_token_that_works(client: Client, person) -> None:
    secret = make_token(person)
    person.is_active = False
    person.save()
    assert status_with(client, secret) == 401


def test_the_page_shows_it_once(signed_in: Client, person) -> None:
    assert "You have no API token" in signed_in.get(reverse("api-token")).content.decode()
    made = signed_in.post(reverse("new-api-token"))
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert status_with(Client(), secret) == 200
    again = signed_in.get(reverse("api-token")).content.decode()
    assert secret not in again
    assert signed_in.post(reverse("end-api-token"), follow=True).status_code == 200
    assert status_with(Client(), secret) == 401


def test_looking_makes_no_token(signed_in: Client) -> None:
    assert signed_in.get(reverse("new-api-token")).status_code == 405
    assert not Token.objects.exists()


def test_both_acts_are_in_the_audit_log(person) -> None:
    make_token(person)
    withdraw_token(person)
    withdraw_token(person)
    acts = AuditEvent.objects.filter(act__startswith="api_token").values_list("act", flat=True)
    assert sorted(acts) == ["api_token.make", "api_token.withdraw"]


def test_the_command_serves_accounts_of_programs(client: Client, person) -> None:
    out = StringIO()
    call_command("make_api_token", "mara", stdout=out)
    assert status_with(client, out.getvalue().strip()) == 200
    with pytest.raises(CommandError, match="no active account"):
        call_command("make_api_token", "nobody")


class TestTechnicalAdministration:
    def test_administrators_see_second_factors_and_neither_roles_nor_tokens(
        self, signed_in: Client, person
    ) -> None:
        person.is_staff = True
        person.save()
        page = signed_in.get("/admin/").content.decode()
        assert "/admin/mfa/authenticator/" in page
        for hidden in ("auth/group", "authtoken", "cycles/user"):
            assert f"/admin/{hidden}" not in page
            assert signed_in.get(f"/admin/{hidden}/").status_code == 404

    def test_others_are_sent_away(self, signed_in: Client) -> None:
        assert signed_in.get("/admin/").status_code == 302

    def test_the_right_ends_with_the_flag(self, person) -> None:
        assert not person.has_perm("mfa.change_authenticator")
        person.is_staff = True
        assert person.has_perm("mfa.change_authenticator")
        assert not person.has_perm("cycles.change_user")
