"""Celery tasks of the demand review."""

from celery import shared_task

from demand.actions.nightly import learn_from_the_past


@shared_task
def task_learn_from_the_past() -> None:
    """Asks for the cycle's backtest and refit once its data are in."""
    learn_from_the_past()
