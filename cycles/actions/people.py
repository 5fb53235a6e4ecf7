"""People, roles and scopes. Administrators give roles; they hold no planning role themselves."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from cycles.actions.audit import record_act
from cycles.choices import NumberFormat, Role
from cycles.models import ScopeRow, User
from cycles.permissions import can_manage_people, require
from sop.errors import InvalidInput


@transaction.atomic
def save_person(
    *,
    by: User | None,
    username: str,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    roles: Iterable[Role],
    scope: Iterable[tuple[str, str]] = (("", ""),),
    password: str | None = None,
    is_active: bool = True,
) -> User:
    """Creates or changes a person with roles and scope (pairs of family and market code; empty: all).

    ``by`` is None only for set-up from the command line. Raises NotAllowed for anybody but an
    administrator, and InvalidInput where an administrator would hold a planning role as well.
    """
    if by is not None:
        require(can_manage_people(by), "Only administrators manage people.")
        require(
            by.username != username or by.is_active == is_active, "You cannot switch off your own account."
        )
    wanted = frozenset(roles)
    if Role.ADMIN in wanted and len(wanted) > 1:
        raise InvalidInput("An administrator gives roles and holds no planning role: use two accounts.")
    person, created = User.objects.get_or_create(username=username)
    before = sorted(person.roles)
    person.first_name, person.last_name, person.email = first_name, last_name, email
    person.is_active = is_active
    person.is_staff = Role.ADMIN in wanted
    if password is not None:
        person.set_password(password)
    elif created:
        person.set_unusable_password()
    person.save()
    person.groups.set(Group.objects.get_or_create(name=role)[0] for role in sorted(wanted))
    person.__dict__.pop("roles", None)
    _set_scope(person, scope)
    record_act(
        by=by,
        act="person.create" if created else "person.change",
        subject=username,
        detail={"before": before, "after": sorted(wanted), "active": is_active},
    )
    return person


def _set_scope(person: User, scope: Iterable[tuple[str, str]]) -> None:
    person.scope_rows.all().delete()
    ScopeRow.objects.bulk_create(
        ScopeRow(user=person, family_code=family, market_code=market) for family, market in set(scope)
    )


def save_profile(*, user: User, first_name: str, last_name: str, number_format: str, theme: str) -> None:
    """A person's own settings."""
    if number_format not in NumberFormat.values:
        raise InvalidInput(f"{number_format!r} is no number format.")
    if theme not in {"auto", "light", "dark"}:
        raise InvalidInput(f"{theme!r} is no theme.")
    user.first_name, user.last_name = first_name, last_name
    user.number_format, user.theme = number_format, theme
    user.save(update_fields=["first_name", "last_name", "number_format", "theme"])


def ensure_roles() -> None:
    """The groups of the nine roles exist."""
    for role in Role:
        Group.objects.get_or_create(name=role)
