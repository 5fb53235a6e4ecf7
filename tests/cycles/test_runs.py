"""Background runs: one run per key, results together with "done", errors in words, nothing lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from cycles.actions.runs import cancel_run, claim, execute_run, request_run, sweep_runs
from cycles.choices import RunState
from cycles.models import Comment, Cycle, Run, User
from cycles.queries import run_card
from cycles.registry import register_run_kind, registry
from cycles.testing import run_pending
from cycles.work import Work
from sop.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    with patch.dict(registry.run_kinds):
        register_run_kind("test.note", "A note", handler=write_note)
        register_run_kind("test.refused", "Refused", handler=refuse)
        register_run_kind("test.broken", "Broken", handler=break_down)
        register_run_kind("test.parts", "In parts", handler=write_note, split=three_parts, join=join_parts)
        yield


def write_note(work: Work) -> Callable[[], dict[str, Any]]:
    work.progress(1, 1)

    def store() -> dict[str, Any]:
        Comment.objects.create(
            cycle=work.cycle,
            by=work.by,
            stage_kind="data",
            subject=str(work.run.pk),
            text=work.params["text"],
        )
        return {"letters": len(work.params["text"])}

    return store


def refuse(work: Work) -> Callable[[], dict[str, Any]]:
    raise InvalidInput("Load stock for June first.")


def break_down(work: Work) -> Callable[[], dict[str, Any]]:
    raise ZeroDivisionError("division by zero")


def three_parts(run: Run) -> list[dict[str, Any]]:
    return [{"text": "a"}, {"text": "bb"}, {"text": "ccc"}]


def join_parts(work: Work, results: list[dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    return lambda: {"letters": sum(result["letters"] for result in results)}


def ask(cycle: Cycle, by: User, kind: str = "test.note", key: str = "k1") -> Run:
    return request_run(kind=kind, key=key, by=by, cycle=cycle, params={"text": "hello"})


def test_a_double_click_is_one_run_and_one_result(cycle: Cycle, people: dict[str, User]) -> None:
    first, second = ask(cycle, people["planner"]), ask(cycle, people["planner"])
    run_pending()
    third = ask(cycle, people["planner"])
    assert first == second == third
    execute_run(first.pk, with_heartbeat=False)  # a late, doubled bell
    assert Comment.objects.count() == 1
    first.refresh_from_db()
    assert (first.state, first.result, first.progress_percent) == (RunState.DONE, {"letters": 5}, 100)


def test_a_refusal_ends_the_run_with_its_words(cycle: Cycle, people: dict[str, User]) -> None:
    run = ask(cycle, people["planner"], "test.refused")
    run_pending()
    run.refresh_from_db()
    assert run_card(run, people["planner"]).error == "Load stock for June first."
    assert run.state == RunState.DEAD
    assert ask(cycle, people["planner"], "test.refused").pk != run.pk, (
        "after mending it can be asked for again"
    )


def test_three_errors_make_a_run_dead_with_the_reason(cycle: Cycle, people: dict[str, User]) -> None:
    run = ask(cycle, people["planner"], "test.broken")
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            execute_run(run.pk, with_heartbeat=False)
    run.refresh_from_db()
    assert (run.state, run.errors_seen) == (RunState.DEAD, 3)
    assert "division by zero" in run.error


def test_parts_are_joined_when_all_are_done(cycle: Cycle, people: dict[str, User]) -> None:
    run = ask(cycle, people["planner"], "test.parts")
    run_pending()
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert run.result == {"letters": 6}
    assert Comment.objects.count() == 3


def test_a_failed_part_fails_the_whole(cycle: Cycle, people: dict[str, User]) -> None:
    with patch.dict(registry.run_kinds):
        register_run_kind("test.parts", "In parts", handler=refuse, split=three_parts, join=join_parts)
        run = ask(cycle, people["planner"], "test.parts")
        run_pending()
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.DEAD, "Load stock for June first.")
    assert not Run.objects.filter(parent=run, state__in=RunState.active()).exists()


def test_a_worker_that_lost_its_lease_stores_nothing(cycle: Cycle, people: dict[str, User]) -> None:
    run = ask(cycle, people["planner"])

    def steal(work: Work) -> Callable[[], dict[str, Any]]:
        Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        sweep_runs()
        assert claim(run.pk) is not None
        return write_note(work)

    with patch.dict(registry.run_kinds):
        register_run_kind("test.note", "A note", handler=steal)
        execute_run(run.pk, with_heartbeat=False)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING, "the new holder goes on"
    assert run.losses_seen == 1
    assert Comment.objects.count() == 0


def test_the_sweeper_sends_unheard_bells_again(
    cycle: Cycle, people: dict[str, User], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = ask(cycle, people["planner"])
    assert sweep_runs() == 0
    with django_capture_on_commit_callbacks() as bells:
        assert sweep_runs(now=timezone.now() + timedelta(minutes=5)) == 1
    assert len(bells) == 1
    run.refresh_from_db()
    assert run.state == RunState.QUEUED


def test_a_broker_that_is_down_loses_nothing(
    cycle: Cycle, people: dict[str, User], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        patch("cycles.actions.runs.current_app.send_task", side_effect=ConnectionRefusedError("no broker")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        run = ask(cycle, people["planner"])
    run.refresh_from_db()
    assert run.state == RunState.QUEUED


def test_cancelling_a_waiting_run(cycle: Cycle, people: dict[str, User]) -> None:
    run = ask(cycle, people["planner"])
    with pytest.raises(NotAllowed):
        cancel_run(run=run, by=people["sales"])
    cancel_run(run=run, by=people["planner"])
    assert run_pending() == 0
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_cancelling_at_work_stops_at_the_next_step(cycle: Cycle, people: dict[str, User]) -> None:
    run = ask(cycle, people["planner"])

    def slow(work: Work) -> Callable[[], dict[str, Any]]:
        cancel_run(run=work.run, by=people["owner"])
        return write_note(work)

    with patch.dict(registry.run_kinds):
        register_run_kind("test.note", "A note", handler=slow)
        execute_run(run.pk, with_heartbeat=False)
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert Comment.objects.count() == 0


def test_unknown_kinds_are_refused(people: dict[str, User]) -> None:
    with pytest.raises(InvalidInput, match="kind of run"):
        request_run(kind="no.such", key="1", by=people["planner"])
