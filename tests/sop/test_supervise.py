"""The supervisor restarts what dies, waits longer each time, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import supervise
from deploy.supervise import Child, Supervisor, how_it_ended, port_is_free

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
FAIL = [sys.executable, "-c", "raise SystemExit(3)"]


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def supervisor():
    made = Supervisor([Child("web", SLEEP), Child("worker", SLEEP)])
    made.tick(0.0)
    yield made
    made.stop()


def test_a_killed_child_is_started_again(supervisor: Supervisor, capsys: pytest.CaptureFixture[str]) -> None:
    worker = supervisor.children[1]
    first = worker.process.pid
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: not worker.is_running())
    supervisor.tick(1.0)
    assert worker.process is None, "not before its waiting time is over"
    supervisor.tick(1.4)
    assert worker.process is None
    supervisor.tick(1.5)
    assert worker.is_running()
    assert worker.process.pid != first
    assert "worker was ended by SIGKILL; starting it again in 0.5 s" in capsys.readouterr().out


def test_the_others_go_on_meanwhile(supervisor: Supervisor) -> None:
    web = supervisor.children[0].process.pid
    os.kill(supervisor.children[1].process.pid, signal.SIGKILL)
    assert wait_until(lambda: not supervisor.children[1].is_running())
    supervisor.tick(1.0)
    assert supervisor.children[0].process.pid == web


def test_a_child_that_keeps_failing_is_started_ever_more_rarely() -> None:
    child = Child("worker", FAIL)
    waits = []
    now = 0.0
    for _ in range(8):
        child.keep_alive(now)
        assert wait_until(lambda: not child.is_running())
        child.keep_alive(now)
        waits.append(child.start_at - now)
        now = child.start_at
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_long_steady_run_forgets_earlier_failures() -> None:
    child = Child("worker", FAIL, wait_seconds=16.0)
    child.keep_alive(0.0)
    assert wait_until(lambda: not child.is_running())
    child.keep_alive(supervise.STEADY_SECONDS)
    assert child.start_at == supervise.STEADY_SECONDS + supervise.FIRST_WAIT_SECONDS


def test_a_child_that_will_not_stop_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "STOP_SECONDS", 0.3)
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    made = Supervisor([Child("worker", [sys.executable, "-c", stubborn])])
    made.tick(0.0)
    time.sleep(0.5)
    made.stop()
    assert wait_until(lambda: not made.children[0].is_running())


@pytest.mark.parametrize(
    ("code", "words"), [(3, "ended with code 3"), (-9, "was ended by SIGKILL"), (0, "ended with code 0")]
)
def test_an_exit_is_told_in_words(code: int, words: str) -> None:
    assert how_it_ended(code) == words


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_child_outlives_the_supervisor(how: signal.Signals) -> None:
    program = (
        "import sys; from deploy.supervise import *\n"
        f"children = [Child(name, {SLEEP!r}) for name in ('a', 'b')]\n"
        "supervisor = Supervisor(children); supervisor.tick(0.0)\n"
        "print(*[child.process.pid for child in children], flush=True)\n"
        "supervisor.run()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=supervise.ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        children = [int(pid) for pid in process.stdout.readline().split()]
        assert len(children) == 2
        time.sleep(0.3)
        process.send_signal(how)
        process.wait(10)
    assert wait_until(lambda: not any(map(is_alive, children)))


def test_a_port_in_use_is_said_before_anything_starts() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not port_is_free(port)
        result = subprocess.run(
            [sys.executable, "deploy/supervise.py"],
            cwd=supervise.ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 2
    assert f"Port {port} is in use" in result.stdout
