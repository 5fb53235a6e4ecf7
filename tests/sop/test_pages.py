"""Refusals and failures as pages, fragments and JSON; the security headers; health."""

import pytest
from django.db import DatabaseError
from django.test import Client

from sop import health
from sop.api.tokens import make_token
from tests.sop.urls import REFUSALS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sop.urls")]


def policy(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_a_refusal_is_a_page_with_its_status_and_words(signed_in: Client, kind: str) -> None:
    response = signed_in.get(f"/test/refuse/{kind}/")
    assert response.status_code == REFUSALS[kind].status
    page = response.content.decode()
    assert REFUSALS[kind].message in page
    assert "<title>" in page


def test_a_refused_fragment_is_a_fragment(signed_in: Client) -> None:
    response = signed_in.get("/test/refuse/input/", headers={"HX-Request": "true"})
    fragment = response.content.decode()
    assert response.status_code == 400
    assert "<html" not in fragment
    assert "a.csv" in fragment
    assert "row 3" in fragment


def test_a_script_gets_what_the_grid_needs(signed_in: Client) -> None:
    def ask(kind: str):
        return signed_in.post(f"/test/refuse/{kind}/", data="{}", content_type="application/json").json()

    assert ask("conflict")["conflicts"] == [{"node": "p:1", "seen": 1, "now": 2}]
    assert ask("reason") == {
        "message": "Give a reason for a change above 10 %.",
        "errors": [],
        "reason_required": True,
    }


def test_the_api_answers_refusals_in_the_same_shape(signed_in: Client) -> None:
    response = signed_in.get("/api/v1/test/refuse/locked/")
    assert response.status_code == 423
    assert response.json() == {"message": "The plan is signed.", "errors": []}


def test_the_api_names_every_wrong_field(signed_in: Client) -> None:
    lines = [{"month": "2026-01-01", "units": 1}, {"month": "2026-13-01", "units": -1}]
    response = signed_in.post("/api/v1/test/lines/", lines, content_type="application/json")
    assert response.status_code == 400
    assert {error["field"] for error in response.json()["errors"]} == {"1.month", "1.units"}
    assert response.json()["message"] == "2 fields are not right; nothing was saved."


def test_the_api_wants_to_know_who_asks(client: Client) -> None:
    response = client.get("/api/v1/test/refuse/locked/")
    assert response.status_code == 401
    assert set(response.json()) == {"message", "errors"}


def test_the_api_takes_a_token(client: Client, person) -> None:
    headers = {"Authorization": f"Bearer {make_token(person)}"}
    assert client.get("/api/v1/test/refuse/locked/", headers=headers).status_code == 423


def test_nothing_found_says_so(signed_in: Client) -> None:
    response = signed_in.get("/nowhere/")
    assert response.status_code == 404
    assert "outside your scope" in response.content.decode()


def test_a_failure_does_not_show_its_inside(signed_in: Client) -> None:
    signed_in.raise_request_exception = False
    response = signed_in.get("/test/fail/")
    assert response.status_code == 500
    assert "an inner detail" not in response.content.decode()
    assert "has been logged" in response.content.decode()


def test_a_database_that_is_down_passes_by_itself(signed_in: Client) -> None:
    signed_in.raise_request_exception = False
    page = signed_in.get("/test/down/")
    assert page.status_code == 503
    assert "Try again in a minute" in page.content.decode()
    answer = signed_in.get("/api/v1/test/down/")
    assert answer.status_code == 503
    assert set(answer.json()) == {"message", "errors"}
    assert "10.0.0.3" not in answer.content.decode()


def test_a_host_that_is_not_ours_is_refused_in_words(client: Client) -> None:
    response = client.get("/test/page/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()


def test_a_form_without_its_token_is_refused_in_words(person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    response = strict.post("/test/page/")
    assert response.status_code == 403
    assert "Load the page again" in response.content.decode()


def test_scripts_come_from_here_only(signed_in: Client) -> None:
    rules = policy(signed_in.get("/test/page/"))
    assert rules["script-src"] == ["'self'"]
    assert rules["style-src"] == ["'self'"]
    assert rules["default-src"] == ["'none'"]
    assert rules["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("address", ["/test/chart/", "/api/docs/"])
def test_charts_and_the_api_viewer_relax_styles_alone(signed_in: Client, address: str) -> None:
    response = signed_in.get(address)
    rules = policy(response)
    assert response.status_code == 200
    assert rules["style-src"] == ["'self'", "'unsafe-inline'"]
    assert rules["script-src"] == ["'self'"]


def test_the_api_viewer_has_no_inline_script(signed_in: Client) -> None:
    page = signed_in.get("/api/docs/").content.decode()
    assert page.count("<script") == page.count("<script src=")
    assert "//cdn" not in page


def test_error_pages_carry_the_policy(signed_in: Client) -> None:
    signed_in.raise_request_exception = False
    for address in ["/nowhere/", "/test/refuse/state/", "/test/fail/"]:
        assert policy(signed_in.get(address))["script-src"] == ["'self'"], address


def test_the_api_document_is_valid_and_describes_errors(signed_in: Client) -> None:
    document = signed_in.get("/api/schema/?format=json").json()
    assert document["openapi"].startswith("3.")
    assert "Error" in document["components"]["schemas"]


class TestHealth:
    def test_live_asks_nothing(self, client: Client, django_assert_num_queries) -> None:
        with django_assert_num_queries(0):
            assert client.get("/live").json() == {"live": True}

    def test_ready_when_everything_is_there(self, client: Client, monkeypatch) -> None:
        monkeypatch.setattr(health, "_checks", {})
        response = client.get("/ready")
        assert response.json() == {
            "ready": True,
            "checks": {"database": "ok", "migrations": "ok", "broker": "ok"},
        }

    def test_a_rooms_own_check_counts(self, client: Client, monkeypatch) -> None:
        monkeypatch.setattr(health, "_checks", {"worker": lambda: "no worker for 90 seconds"})
        response = client.get("/ready")
        assert response.status_code == 503
        assert response.json()["checks"]["worker"] == "no worker for 90 seconds"

    def test_a_database_that_is_down_is_said_in_words(self, client: Client, monkeypatch) -> None:
        def down(*args, **kwargs):
            raise DatabaseError("connection refused: password=secret")

        monkeypatch.setattr(health.connection, "cursor", down)
        response = client.get("/ready")
        assert response.status_code == 503
        assert response.json()["checks"]["database"] == "the database does not answer"
        assert "secret" not in response.content.decode()

    def test_a_broker_that_is_down_is_said_in_words(self, monkeypatch) -> None:
        def down(*args, **kwargs):
            raise OSError("refused")

        monkeypatch.setattr(health.app, "connection_for_write", down)
        assert "broker does not answer" in health.check_broker()


class TestMetrics:
    def test_this_machine_reads_them(self, client: Client) -> None:
        response = client.get("/metrics")
        assert response.status_code == 200
        assert b"django_http_requests" in response.content

    @pytest.mark.parametrize(
        "sender", [{"REMOTE_ADDR": "203.0.113.5"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.5"}]
    )
    def test_nobody_else_does(self, client: Client, sender: dict[str, str]) -> None:
        assert client.get("/metrics", **sender).status_code == 404

    def test_a_collector_with_the_token_does(self, client: Client, settings) -> None:
        settings.METRICS_TOKEN = "word"
        far = {"REMOTE_ADDR": "203.0.113.5"}
        assert client.get("/metrics", headers={"Authorization": "Bearer word"}, **far).status_code == 200
        assert client.get("/metrics", headers={"Authorization": "Bearer other"}, **far).status_code == 404
        assert client.get("/metrics").status_code == 404
