"""Start web, worker, sweeper and beat as processes of their own, restart what dies, and stop all together.

Used by ``make run``. Standard library only; containers have their own supervisor and do not need it.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
ENTRY = str(ROOT / "deploy" / "entry")
NAMES = ("web", "worker", "sweeper", "beat")

POLL_SECONDS = 0.2
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
# A process that ran this long was healthy: its next death starts the waiting times anew.
STEADY_SECONDS = 60.0
STOP_SECONDS = 25.0


def say(words: str) -> None:
    print(words, flush=True)


def die_with_parent() -> None:
    """Ask the kernel to end this process when the supervisor is killed outright (Linux only)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


@dataclass
class Child:
    """One process that must be there, with the history of its deaths."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    wait_seconds: float = field(default=FIRST_WAIT_SECONDS)

    def start(self, now: float) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops the children in order.
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )
        self.started_at = now

    def keep_alive(self, now: float) -> None:
        """Start it when it is due; when it died, say so and set the time of the next start."""
        if self.process is None:
            if now >= self.start_at:
                self.start(now)
            return
        code = self.process.poll()
        if code is None:
            return
        # What a killed worker's children were doing is lost in any case: its runs are claimed anew.
        self.end()
        if now - self.started_at >= STEADY_SECONDS:
            self.wait_seconds = FIRST_WAIT_SECONDS
        say(f"{self.name} {how_it_ended(code)}; starting it again in {self.wait_seconds:g} s")
        self.process, self.start_at = None, now + self.wait_seconds
        self.wait_seconds = min(self.wait_seconds * 2, LONGEST_WAIT_SECONDS)

    def ask_to_stop(self) -> None:
        """Only the process itself: a worker lets its own children finish what they have begun."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self) -> None:
        """By force, with everything it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


class Supervisor:
    """Keeps the children running until it is told to stop."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self.stopping = False

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def run(self, on_tick: "Announcer | None" = None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        try:
            while not self.stopping:
                self.tick(time.monotonic())
                if on_tick is not None:
                    on_tick.tick()
                time.sleep(POLL_SECONDS)
        finally:
            self.stop()

    def tick(self, now: float) -> None:
        for child in self.children:
            child.keep_alive(now)

    def stop(self) -> None:
        """Ask everybody to finish, wait, and end by force what does not."""
        say("Stopping ...")
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.is_running() for child in self.children) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        for child in self.children:
            child.end()
        say("Stopped.")


class Announcer:
    """Say once where the application is, as soon as it answers."""

    def __init__(self, port: int, accounts: Path) -> None:
        self.port, self.accounts, self.done = port, accounts, False

    def tick(self) -> None:
        if self.done or not answers(self.port):
            return
        self.done = True
        say(f"\n  Ready: http://localhost:{self.port}/   (Ctrl-C stops it)\n")
        if self.accounts.is_file():
            say(self.accounts.read_text(encoding="utf-8"))


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/live", timeout=1) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def main() -> int:
    port_text = os.environ.get("PORT", "8000")
    if not port_text.isdecimal() or not 0 < int(port_text) < 65536:
        say(f"PORT={port_text!r} is not a port number.")
        return 2
    port = int(port_text)
    if not port_is_free(port):
        say(f"Port {port} is in use. Stop what uses it, or choose another: make run PORT={port + 1}")
        return 2
    var = Path(os.environ.get("SOP_VAR_DIR", ROOT / "var"))
    metrics = var / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    children = [Child(name, [ENTRY, name]) for name in NAMES]
    Supervisor(children).run(Announcer(port, var / "demo-accounts.txt"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
