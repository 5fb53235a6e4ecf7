"""Workers killed with SIGKILL while runs are at work: nothing is lost, nothing is done twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = [
    "-m",
    "celery",
    "-A",
    "sop",
    "worker",
    "--loglevel",
    "error",
    "--without-gossip",
    "--without-mingle",
]


class Stack:
    """A database, a broker and worker processes of their own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        kept = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
        }
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "tests.cycles.killing.settings",
            "SOP_VAR_DIR": str(folder),
            "SOP_RUN_SWEEP_SECONDS": "1",
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        self.workers: list[subprocess.Popen[bytes]] = []

    def step(self, *words: str) -> str:
        command = [sys.executable, "-m", "tests.cycles.killing.steps", *words]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        # A session of its own, so that a worker dies together with its children.
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.start(*WORKER, "-Q", "default", "-c", "2", "-n", f"{uuid.uuid4()}@here")

    def count(self) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.step("count").splitlines()[-1])
        return found


def kill(process: subprocess.Popen[bytes], how: int = signal.SIGKILL) -> None:
    try:
        os.killpg(process.pid, how)
    except ProcessLookupError:
        return
    process.wait(timeout=20)


@contextmanager
def running(stack: Stack) -> Iterator[Stack]:
    """Two workers, a sweeper and its clock; all gone at the end."""
    with ExitStack() as ending:
        ending.callback(lambda: [kill(worker) for worker in stack.workers])
        for arguments in (
            [*WORKER, "-Q", "sweeper", "-c", "1", "-n", "sweeper@here"],
            ["-m", "celery", "-A", "sop", "beat", "--loglevel", "error"],
        ):
            ending.callback(kill, stack.start(*arguments))
        stack.workers = [stack.start_worker(), stack.start_worker()]
        yield stack


def survive(stack: Stack, *, runs: int, kills: int) -> dict[str, int]:
    """Asks for runs, kills workers one after the other, and waits until all runs are done."""
    dice = random.Random(7)
    stack.step("prepare")
    with running(stack):
        time.sleep(4)
        stack.step("ask", str(runs))
        for _ in range(kills):
            time.sleep(dice.uniform(0.8, 2.0))
            victim = dice.randrange(len(stack.workers))
            kill(stack.workers[victim])
            stack.workers[victim] = stack.start_worker()
        deadline = time.monotonic() + 60 + runs * 6
        while stack.count()["done"] < runs and time.monotonic() < deadline:
            time.sleep(2)
        return stack.count()


def check(found: dict[str, int], runs: int) -> None:
    assert (found["runs"], found["done"], found["results"]) == (runs, runs, runs), found
    assert (found["doubled"], found["dead"]) == (0, 0), found


def test_killed_workers_on_the_embedded_stack(tmp_path: Path) -> None:
    check(survive(Stack(tmp_path), runs=8, kills=3), 8)


@pytest.mark.production
def test_killed_workers_on_postgresql_and_redis(
    tmp_path: Path, spare_postgres: str, spare_redis: str
) -> None:
    stack = Stack(tmp_path, DATABASE_URL=spare_postgres, REDIS_URL=spare_redis)
    check(survive(stack, runs=8, kills=3), 8)


@pytest.mark.soak
def test_many_kills_on_the_embedded_stack(tmp_path: Path) -> None:
    check(survive(Stack(tmp_path), runs=60, kills=25), 60)


@pytest.mark.soak
@pytest.mark.production
def test_many_kills_on_postgresql_and_redis(tmp_path: Path, spare_postgres: str, spare_redis: str) -> None:
    stack = Stack(tmp_path, DATABASE_URL=spare_postgres, REDIS_URL=spare_redis)
    check(survive(stack, runs=60, kills=25), 60)
