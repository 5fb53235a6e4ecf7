"""PostgreSQL or Redis goes away and comes back: people are told, and everything goes on without a restart."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gate import Gate, gate_before
from tests.stack import Stack, prepared_stack

pytestmark = pytest.mark.production


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Gate, Gate]]:
    """A running stack, the gate before its database and the gate before its broker."""
    folder: Path = tmp_path_factory.mktemp("outage")
    with prepared_stack(folder, production=True) as stack:
        database, stack.variables["DATABASE_URL"] = gate_before(stack.variables["DATABASE_URL"])
        broker, stack.variables["REDIS_URL"] = gate_before(stack.variables["REDIS_URL"])
        stack.variables["SOP_WORKER_HEARTBEAT_SECONDS"] = "2"
        stack.start()
        stack.wait_until_ready()
        yield stack, database, broker
        database.shut()
        broker.shut()


def read(stack: Stack, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(stack.url + path, timeout=15) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def findings(stack: Stack) -> dict[str, str]:
    checks: dict[str, str] = json.loads(read(stack, "/ready")[1])["checks"]
    return checks


def wait_for_finding(stack: Stack, name: str, words: str, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while words not in (found := findings(stack)[name]):
        assert time.monotonic() < deadline, found
        time.sleep(0.3)


def test_a_database_that_goes_away(outage: tuple[Stack, Gate, Gate]) -> None:
    stack, database, _ = outage
    web = stack.processes["web"].pid
    database.shut()
    wait_for_finding(stack, "database", "does not answer")
    assert stack.answers("/live") == 200
    headers = {"Cookie": "sessionid=somebody"}
    request = urllib.request.Request(f"{stack.url}/profile/", headers=headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=15)
    assert refused.value.code == 503
    assert "Try again in a minute" in refused.value.read().decode()
    database.open()
    stack.wait_until_ready(30)
    assert stack.processes["web"].pid == web
    assert stack.processes["web"].poll() is None


def test_a_broker_that_goes_away(outage: tuple[Stack, Gate, Gate]) -> None:
    stack, _, broker = outage
    broker.shut()
    wait_for_finding(stack, "broker", "does not answer")
    started = time.monotonic()
    assert read(stack, "/account/login/")[0] == 200
    assert time.monotonic() - started < 2
    wait_for_finding(stack, "worker", "no worker", seconds=20)
    broker.open()
    stack.wait_until_ready(60)
