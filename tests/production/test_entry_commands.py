"""The commands that docker-compose.yml starts, started as processes against PostgreSQL and Redis."""

import re
import time
import urllib.request
from collections.abc import Iterator

import pytest
import yaml

from tests.stack import ROOT, Stack, running_stack

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
KNOWN = set(re.findall(r"^  ([a-z]+)\)", (ROOT / "deploy" / "entry").read_text(), re.MULTILINE))


def test_the_containers_start_only_known_commands() -> None:
    commands = {service["command"][0] for service in COMPOSE.values() if service.get("build")}
    assert commands == {"prepare", "web", "worker", "sweeper", "beat"}
    assert commands <= KNOWN


def test_no_service_has_a_default_password() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SOP_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "SOP_HOST"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in COMPOSE.items() if "ports" in service] == ["proxy"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("production"), production=True) as stack:
        yield stack


@pytest.mark.production
class TestRunning:
    def test_everything_gets_ready(self, stack: Stack) -> None:
        assert stack.answers("/live") == 200
        assert stack.answers("/ready") == 200

    def test_the_sign_in_page_links_hashed_files_that_exist(self, stack: Stack) -> None:
        with urllib.request.urlopen(f"{stack.url}/account/login/") as response:
            page = response.read().decode()
        links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert links
        assert all(re.search(r"\.[0-9a-f]{12}\.", link) for link in links)
        assert {stack.answers(link) for link in links} == {200}

    def test_workers_answer_a_ping(self, stack: Stack) -> None:
        assert "pong" in stack.run("ping", "worker")
        assert "pong" in stack.run("ping", "sweeper")

    def test_logs_are_json_lines(self, stack: Stack) -> None:
        stack.answers("/nowhere")
        time.sleep(0.5)
        lines = [line for line in stack.log("web").splitlines() if line.startswith("{")]
        assert any('"event": "request_finished"' in line for line in lines)

    def test_a_stopped_web_process_ends_in_good_order_and_starts_again(self, stack: Stack) -> None:
        web = stack.processes["web"]
        web.terminate()
        assert web.wait(30) == 0
        stack.start("web")
        stack.wait_until_ready()
