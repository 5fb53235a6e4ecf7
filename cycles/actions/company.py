"""The company's settings."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.choices import Role
from cycles.models import Company, User
from cycles.permissions import require


@transaction.atomic
def save_company(*, by: User | None, values: Mapping[str, Any]) -> Company:
    """Changes settings; what changed, from what to what, goes to the audit log.

    ``by`` is None only for set-up from the command line.
    """
    if by is not None:
        require(
            by.has_role(Role.ADMIN, Role.PROCESS_OWNER),
            "Settings are changed by administrators and the process owner.",
        )
    company = Company.current()
    changed = {}
    for name, value in values.items():
        before = Company.objects.values_list(name, flat=True).get(pk=1)
        if before != value:
            changed[name] = [before, value]
            setattr(company, name, value)
    company.save()
    if changed:
        record_act(by=by, act="company.change", subject=company.name, detail=changed)
    return company
