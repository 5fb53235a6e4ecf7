"""Settings of the processes that get killed: the product's own, one more application, quick leases."""

from sop.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.cycles.killing.apps.KillingConfig"]  # noqa: F405
RUN_LEASE_SECONDS = 4
RUN_BEAT_SECONDS = 1
RUN_RESEND_SECONDS = 4
