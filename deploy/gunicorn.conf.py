"""The web server: few processes, some threads each; requests are short, heavy work is in the workers."""

import os
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 60
graceful_timeout = 20
# Longer than the proxy keeps idle connections, so that it never sends on one that was just closed.
keepalive = 75
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
proc_name = "sop-web"
# The heartbeat file belongs in memory: on a busy disk its touch can block a healthy worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a web process that ended."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
