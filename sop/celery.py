"""The Celery application; tasks are found in each room's ``tasks`` module."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sop.settings")

app = Celery("sop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def use_the_projects_logging(**_: Any) -> None:
    """Having a receiver keeps Celery from laying its own log format over the one in the settings."""
