"""Every operation of the OpenAPI document, with input made up from it: no server error, and answers as described."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from sop.api.tokens import make_token
from sop.wsgi import application
from tests.cycles.factories import make_cycle, make_people

pytestmark = pytest.mark.django_db
CHECKS = (not_a_server_error, status_code_conformance, response_schema_conformance)


def test_the_document_has_no_doubtful_place() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The bare application would end the test's own transaction by closing its connection around each request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers() -> dict[str, str]:
    """Of the process owner, who may do most, in a company with an open cycle."""
    people = make_people()
    make_cycle(people["owner"])
    return {"Authorization": f"Bearer {make_token(people['owner'])}"}


@pytest.fixture
def document(headers: dict[str, str]) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application, headers=headers)


def answers_as_described(operation: Any, headers: dict[str, str]) -> str:
    """What was wrong with an operation's answers to made-up input; empty for nothing."""

    @settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def try_it(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        try_it()
    except FailureGroup as failures:
        return f"{operation.method.upper()} {operation.path}: {failures}"
    return ""


def test_every_operation_answers_as_described(
    document: schemathesis.BaseSchema, headers: dict[str, str]
) -> None:
    operations = [result.ok() for result in document.get_all_operations()]
    wrong = [words for operation in operations if (words := answers_as_described(operation, headers))]
    assert len(operations) > 10
    assert not wrong, "\n\n".join(wrong)
