"""What a handler sees of its run: parameters, and a way to tell how far it is."""

import time
from typing import TYPE_CHECKING, Any

from cycles.choices import RunState
from cycles.models import Cycle, Run, User

if TYPE_CHECKING:
    from uuid import UUID

PROGRESS_EVERY_SECONDS = 0.5


class RunFenced(Exception):
    """Another worker holds the run now; whatever this one computed is dropped."""


class RunCancelled(Exception):
    """Somebody asked to stop."""


class Work:
    """One claimed run. Only the holder of the token may report progress or finish."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._token: UUID | None = run.token
        self._told_at = 0.0

    @property
    def params(self) -> dict[str, Any]:
        params: dict[str, Any] = self.run.params
        return params

    @property
    def by(self) -> User | None:
        return self.run.by

    @property
    def cycle(self) -> Cycle:
        if self.run.cycle is None:
            raise ValueError(f"A run of kind {self.run.kind} needs a cycle.")
        return self.run.cycle

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tells the page how far the run is; at most twice a second.

        Raises RunCancelled or RunFenced, which the handler lets pass.
        """
        now = time.monotonic()
        if now - self._told_at < PROGRESS_EVERY_SECONDS and done < total:
            return
        self._told_at = now
        mine = Run.objects.filter(pk=self.run.pk, token=self._token, state=RunState.RUNNING)
        if not mine.update(progress_done=done, progress_total=total, message=message[:200]):
            raise RunFenced
        if mine.filter(cancel_asked=True).exists():
            raise RunCancelled
