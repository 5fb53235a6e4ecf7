import socket
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from cycles.models import Cycle, User
from tests.cycles.factories import make_cycle, make_people


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return make_people()


@pytest.fixture
def cycle(people: dict[str, User]) -> Cycle:
    return make_cycle(people["owner"])


@pytest.fixture
def spare_postgres() -> Iterator[str]:
    """The address of an empty database beside the one under test, dropped at the end."""
    name = f"sop_spare_{uuid.uuid4().hex[:8]}"
    settings = connection.settings_dict
    address = psycopg2.connect(
        dbname="postgres",
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or 5432,
    )
    address.autocommit = True
    with address.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    secret = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    try:
        yield f"postgres://{settings['USER']}{secret}@{settings['HOST']}:{settings['PORT'] or 5432}/{name}"
    finally:
        with address.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        address.close()


@pytest.fixture
def spare_redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of the test's own on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "redis-server",
        "--port",
        str(port),
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(tmp_path),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=10)
