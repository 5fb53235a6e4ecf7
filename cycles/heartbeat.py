"""Keeps a run's lease alive from a thread of its own while the worker computes."""

import logging
import threading
from datetime import timedelta
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from cycles.choices import RunState
from cycles.models import Run

log = logging.getLogger(__name__)


class Heartbeat:
    """Extends the lease at every beat, only while the token is still ours."""

    def __init__(self, run: Run, *, active: bool = True) -> None:
        self.run = run
        self.active = active
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "Heartbeat":
        if self.active:
            self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{self.run.pk}", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=5)

    def _beat(self) -> None:
        try:
            while not self._stop.wait(settings.RUN_BEAT_SECONDS):
                if not self._extend():
                    return
        finally:
            connection.close()

    def _extend(self) -> bool:
        until = timezone.now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)
        try:
            return bool(
                Run.objects.filter(pk=self.run.pk, token=self.run.token, state=RunState.RUNNING).update(
                    lease_until=until
                )
            )
        except DatabaseError as error:
            # Missing a beat is survivable: the lease is several beats long.
            log.warning("heartbeat of run %s missed: %s", self.run.pk, error)
            connection.close()
            return True
