"""The whole application as processes, started by the entry commands that `make run` and containers use."""

import atexit
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg2
from django.conf import settings

from deploy.supervise import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
ENTRY = str(ROOT / "deploy" / "entry")
NAMES = ("web", "worker", "sweeper", "beat")
# Short enough for a test to see a lost run come back.
QUICK_RUNS = {"SOP_RUN_LEASE_SECONDS": "6", "SOP_RUN_BEAT_SECONDS": "1", "SOP_RUN_SWEEP_SECONDS": "2"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def static_files() -> str:
    """A folder with the collected static files, which all stacks of this test process share."""
    folder = tempfile.mkdtemp(prefix="sop-static-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = [ENTRY, "manage", "collectstatic", "--no-input", "--verbosity", "0"]
    environment = {"PATH": os.environ["PATH"], "SOP_STATIC_DIR": folder, "SOP_VAR_DIR": f"{folder}/var"}
    subprocess.run(command, env=environment, check=True)
    return folder


@dataclass
class Stack:
    """Web, worker, sweeper and beat with a folder, a database and a port of their own."""

    folder: Path
    variables: dict[str, str]
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **keep,
            **QUICK_RUNS,
            "SOP_VAR_DIR": str(self.folder),
            "SOP_STATIC_DIR": static_files(),
            "PORT": str(self.port),
            **self.variables,
        }

    def run(self, *command: str, seconds: float = 300) -> str:
        """Run an entry command to its end, such as ``manage migrate``; returns its output."""
        done = subprocess.run(
            [ENTRY, *command],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, *names: str) -> None:
        for name in names or NAMES:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [ENTRY, name],
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent,  # noqa: PLW1509 - a broken-off test run leaves nothing behind
                )

    def kill(self, name: str) -> None:
        """Like a crash: the process and its children at once, without a word."""
        with suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for name in list(self.processes):
            with suppress(subprocess.TimeoutExpired):
                self.processes[name].wait(15)
            self.kill(name)

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def answers(self, path: str) -> int:
        """The status code of a page, 0 where nothing answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while (status := self.answers("/ready")) != 200:
            logs = "\n".join(f"{name}: {self.log(name)[-2000:]}" for name in NAMES)
            assert time.monotonic() < deadline, f"/ready answers {status} after {seconds} s\n{logs}"
            time.sleep(0.3)


@contextmanager
def temporary_database() -> Iterator[str]:
    """The address of a database of one's own on the PostgreSQL that the tests use; dropped at the end."""
    base = settings.DATABASES["default"]
    name = f"sop_stack_{secrets.token_hex(4)}"
    server = {
        "host": base["HOST"],
        "port": base["PORT"] or 5432,
        "user": base["USER"],
        "password": base["PASSWORD"],
    }
    admin = psycopg2.connect(dbname="postgres", **server)
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        user = f"{base['USER']}:{base['PASSWORD']}" if base["PASSWORD"] else base["USER"]
        try:
            yield f"postgres://{user}@{server['host']}:{server['port']}/{name}"
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.close()


@contextmanager
def running_stack(
    folder: Path, *, production: bool = False, names: tuple[str, ...] = NAMES
) -> Iterator[Stack]:
    """A started stack on the kind of database and broker that the tests run on; stopped at the end."""
    with prepared_stack(folder, production=production) as stack:
        stack.start(*names)
        stack.wait_until_ready()
        yield stack


@contextmanager
def prepared_stack(folder: Path, *, production: bool = False) -> Iterator[Stack]:
    """A stack whose database is migrated and whose processes are not started yet."""
    with _services() as services:
        variables = {**services, **(_production_variables() if production else {})}
        stack = Stack(folder, variables)
        stack.run("prepare")
        try:
            yield stack
        finally:
            stack.stop()


@contextmanager
def _services() -> Iterator[dict[str, str]]:
    if not str(settings.DATABASES["default"]["ENGINE"]).endswith("postgresql"):
        yield {}
        return
    broker = str(settings.CELERY_BROKER_URL)
    redis = {"REDIS_URL": _own_redis_database(broker)} if broker.startswith("redis") else {}
    with temporary_database() as database:
        yield {"DATABASE_URL": database, **redis}


def _own_redis_database(url: str) -> str:
    """Two test processes at once must not take each other's messages: each has a Redis database pair."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{url.rpartition('/')[0]}/{4 + 2 * (worker % 5)}"


def _production_variables() -> dict[str, str]:
    # Everything but the proxy's TLS: these tests speak plain http to the web process itself.
    return {
        "SOP_ENV": "production",
        "SOP_HTTPS": "0",
        "SOP_PROXY_COUNT": "0",
        "SOP_SECRET_KEY": secrets.token_urlsafe(64),
        "SOP_ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
