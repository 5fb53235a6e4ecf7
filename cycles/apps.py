from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CyclesConfig(AppConfig):
    name = "cycles"
    verbose_name = "Planning cycle"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from cycles import sign_in_log
        from cycles.readiness import check_workers
        from sop.api.tokens import token_changed
        from sop.health import register_readiness_check

        user_logged_in.connect(sign_in_log.note_sign_in)
        user_logged_out.connect(sign_in_log.note_sign_out)
        user_login_failed.connect(sign_in_log.note_failed_sign_in)
        token_changed.connect(sign_in_log.note_token)
        register_readiness_check("worker", check_workers)
        post_migrate.connect(_prepare_database, sender=self)


def _prepare_database(**_: Any) -> None:
    """Roles and triggers exist after every migrate."""
    from cycles.actions.people import ensure_roles
    from cycles.protection import install_protection

    ensure_roles()
    install_protection()
