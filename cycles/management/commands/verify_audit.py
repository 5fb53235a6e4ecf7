"""``manage.py verify_audit``: does the audit log still hold together?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from cycles.actions.audit import verify_chain
from cycles.models import AuditHead


class Command(BaseCommand):
    help = "Walks the audit log's hash chain and names the first row that was tampered with."

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify_chain()
        if found:
            self.stderr.write(f"Row {found.number} of the audit log was tampered with: {found.reason}.")
            sys.exit(1)
        head = AuditHead.objects.filter(pk=1).first()
        self.stdout.write(
            f"The audit log is whole: {head.last_number if head else 0} rows, each follows the one before."
        )
