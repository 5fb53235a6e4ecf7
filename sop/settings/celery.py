"""The broker carries bells, not truth: a run is a database row, and a message only wakes a worker.

Hence acks late, one message at a time, no result store, and a sweeper on a queue of its own that sends again
what was lost. Without Redis the messages are files under ``var/broker``.
"""

from typing import Any

from celery.schedules import crontab
from kombu.entity import Queue

from sop.settings.environment import VAR_DIR, required, text, whole_number

BROKER_DIR = VAR_DIR / "broker"


def filesystem_transport() -> dict[str, Any]:
    """Transport options of the folder broker; the folders are made readable by this user alone."""
    messages, control = BROKER_DIR / "messages", BROKER_DIR / "control"
    for folder in (BROKER_DIR, messages, control):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.2,
    }


# Redis gives an unacknowledged message back after visibility_timeout: more than twice the longest run.
REDIS_TRANSPORT = {
    "visibility_timeout": 3 * 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}

CELERY_BROKER_URL = required(
    "CELERY_BROKER_URL", text("CELERY_BROKER_URL", text("REDIS_URL")), "(or REDIS_URL) to reach its workers"
)
if CELERY_BROKER_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_TRANSPORT
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = filesystem_transport()

CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page must not hang on a broker that is down: the row stays queued, and the sweeper sends it again.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = whole_number("SOP_RUN_SOFT_LIMIT_SECONDS", default=3600, least=1)
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 60

CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [Queue("default"), Queue("sweeper")]
CELERY_TASK_ROUTES = {
    "cycles.tasks.task_sweep_runs": {"queue": "sweeper"},
}

RUN_LEASE_SECONDS = whole_number("SOP_RUN_LEASE_SECONDS", default=60, least=2)
RUN_BEAT_SECONDS = whole_number("SOP_RUN_BEAT_SECONDS", default=15, least=1)
RUN_SWEEP_SECONDS = whole_number("SOP_RUN_SWEEP_SECONDS", default=30, least=1)
RUN_RESEND_SECONDS = whole_number("SOP_RUN_RESEND_SECONDS", default=60, least=1)
RUN_MAX_ERRORS = 3
RUN_MAX_LOSSES = 20
WORKER_HEARTBEAT_SECONDS = whole_number("SOP_WORKER_HEARTBEAT_SECONDS", default=20, least=1)

# A tick nobody took before the next one is worthless: it expires, so that a stopped worker finds no pile.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep runs": {
        "task": "cycles.tasks.task_sweep_runs",
        "schedule": RUN_SWEEP_SECONDS,
        "options": {"queue": "sweeper", "expires": RUN_SWEEP_SECONDS},
    },
    "worker heartbeat": {
        "task": "cycles.tasks.task_heartbeat",
        "schedule": WORKER_HEARTBEAT_SECONDS,
        "options": {"expires": WORKER_HEARTBEAT_SECONDS},
    },
}
# In the night, when the workers are idle: the cycle's backtest and refit, once its data are in.
CELERY_BEAT_SCHEDULE["learn from the past"] = {
    "task": "demand.tasks.task_learn_from_the_past",
    "schedule": crontab(hour=whole_number("SOP_LEARNING_HOUR", default=2, most=23), minute=0),
    "options": {"expires": 3600},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
