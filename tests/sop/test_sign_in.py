"""Sign-in: deny by default, time-outs, lock-out after five tries, no signing up, a second factor."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from sop import sessions
from sop.sign_in import client_address
from tests.sop.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sop.urls")]
PAGE = "/test/page/"


def sign_in(client: Client, name: str = "mara", password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": name, "password": password})


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(sessions.time, "time", lambda: 1_800_000_000 + seconds)


@pytest.mark.parametrize("name", ["mara", "mara@example.com"])
def test_people_sign_in_by_name_or_address(client: Client, person, name: str) -> None:
    response = sign_in(client, name)
    assert response.status_code == 302
    assert client.get(PAGE).status_code == 200


def test_a_page_sends_strangers_to_sign_in(client: Client) -> None:
    response = client.get(PAGE)
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={PAGE}"


def test_a_fragment_tells_the_page_to_go_to_sign_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/demand/?family=A"}
    response = client.get(PAGE, headers=headers)
    assert response.status_code == 401
    assert response["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fdemand%2F%3Ffamily%3DA"


def test_a_script_is_told_in_json(client: Client) -> None:
    response = client.get(PAGE, headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json()["message"] == "You are signed out. Sign in again."


def test_half_an_hour_without_activity_ends_the_session(
    client: Client, person, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 0)
    sign_in(client)
    client.get(PAGE)
    at(monkeypatch, 29 * 60)
    assert client.get(PAGE).status_code == 200
    at(monkeypatch, 58 * 60)
    assert client.get(PAGE).status_code == 200
    at(monkeypatch, 89 * 60)
    response = client.get(PAGE, follow=True)
    assert response.redirect_chain
    assert "signed out after 30 minutes" in response.content.decode()


def test_a_page_that_asks_by_itself_does_not_keep_the_session(
    client: Client, person, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 0)
    sign_in(client)
    client.get(PAGE)
    for minute in range(1, 30):
        at(monkeypatch, minute * 60)
        assert client.get(PAGE, headers={"X-Background": "1"}).status_code == 200
    at(monkeypatch, 30 * 60)
    assert client.get(PAGE, headers={"X-Background": "1"}).status_code == 302


def test_twelve_hours_end_the_session_however_busy(
    client: Client, person, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 0)
    sign_in(client)
    for quarter in range(48):
        at(monkeypatch, quarter * 15 * 60)
        assert client.get(PAGE).status_code == 200
    at(monkeypatch, 12 * 3600)
    assert client.get(PAGE).status_code == 302


def test_activity_is_not_written_on_every_request(
    client: Client, person, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    at(monkeypatch, 0)
    sign_in(client)
    client.get(PAGE)
    at(monkeypatch, 30)
    with django_assert_num_queries(2):  # the session and the person
        client.get(PAGE)


def test_five_wrong_passwords_lock_the_account(client: Client, person) -> None:
    for _ in range(4):
        assert sign_in(client, password="wrong").status_code == 200
    response = sign_in(client, password="wrong")
    assert response.status_code == 429
    page = response.content.decode()
    assert "locked" in page
    assert "15 minutes" in page
    assert sign_in(client).status_code == 429, "the right password does not open it either"
    assert client.get(PAGE).status_code == 302


def test_address_and_name_of_one_person_count_together(client: Client, person) -> None:
    for name in ["mara", "mara@example.com", "MARA", "Mara@example.com"]:
        sign_in(client, name, "wrong")
    assert sign_in(client, "mara", "wrong").status_code == 429


def test_a_stranger_elsewhere_does_not_lock_the_planner_out(client: Client, person) -> None:
    for _ in range(6):
        client.post(
            reverse("account_login"), {"login": "mara", "password": "wrong"}, REMOTE_ADDR="203.0.113.9"
        )
    assert sign_in(client).status_code == 302


def test_an_unknown_name_is_answered_like_a_wrong_password(client: Client, person) -> None:
    known = sign_in(client, "mara", "wrong").content.decode()
    unknown = sign_in(client, "nobody", "wrong").content.decode()
    assert "not correct" in known
    assert "not correct" in unknown


def test_nobody_signs_up(client: Client) -> None:
    form = {"username": "eve", "email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD}
    page = client.post(reverse("account_signup"), form)
    assert page.status_code == 200
    assert not sign_in(client, "eve").wsgi_request.user.is_authenticated


def test_signing_out_ends_the_session(signed_in: Client) -> None:
    assert signed_in.get(PAGE).status_code == 200
    signed_in.post(reverse("account_logout"))
    assert signed_in.get(PAGE).status_code == 302


def test_a_new_password_is_long_and_not_common(signed_in: Client, person) -> None:
    for weak in ["short", "password1234", "123456789012"]:
        form = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        assert signed_in.post(reverse("account_change_password"), form).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_the_admin_is_for_administrators(signed_in: Client, person) -> None:
    assert signed_in.get("/admin/").status_code in {302, 403, 404}
    person.is_staff = True
    person.save()
    assert signed_in.get("/admin/").status_code == 200


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required_for_finance(self, settings, person) -> None:
        from django.contrib.auth.models import Group

        settings.REQUIRE_MFA_ROLES = ["finance"]
        self.finance, _ = Group.objects.get_or_create(name="finance")

    def test_a_role_that_needs_it_must_set_it_up_first(self, client: Client, person) -> None:
        person.groups.add(self.finance)
        client.force_login(person)
        response = client.get(PAGE)
        assert response.status_code == 302
        assert response["Location"] == reverse("mfa_activate_totp")
        assert client.get(PAGE, headers={"Accept": "application/json"}).status_code == 403

    def test_other_roles_pass(self, signed_in: Client) -> None:
        assert signed_in.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.5", "10.0.0.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "6.6.6.6, 203.0.113.5", "203.0.113.5"),
        (1, "", "10.0.0.1"),
        (2, "6.6.6.6, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
    ],
)
def test_only_trusted_proxies_say_who_called(settings, proxies: int, forwarded: str, address: str) -> None:
    settings.PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers)
    assert client_address(request) == address
