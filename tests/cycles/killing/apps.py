import time
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig


class KillingConfig(AppConfig):
    name = "tests.cycles.killing"
    label = "killing"

    def ready(self) -> None:
        from cycles.registry import register_run_kind

        register_run_kind("killing.note", "A slow note", handler=write_slowly)


def write_slowly(work: Any) -> Callable[[], dict[str, Any]]:
    """Works for a moment, then leaves one comment: a doubled run would leave two."""
    from cycles.models import Comment

    for step in range(work.params["steps"]):
        work.progress(step, work.params["steps"])
        time.sleep(0.1)

    def store() -> dict[str, Any]:
        Comment.objects.create(
            cycle=work.cycle, by=work.by, stage_kind="data", subject=work.run.key, text=str(work.run.pk)
        )
        return {}

    return store
