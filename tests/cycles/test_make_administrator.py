"""The first account of a new installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cycles.management.commands import make_administrator
from cycles.models import User

pytestmark = pytest.mark.django_db


def make(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr(make_administrator.getpass, "getpass", lambda _: password)
    call_command("make_administrator", "ada", email="ada@example.com", stdout=StringIO())


def test_it_may_manage_people_and_plans_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    make(monkeypatch, "a long enough sentence")
    ada = User.objects.get(username="ada")
    assert ada.is_staff
    assert not ada.is_superuser
    assert [group.name for group in ada.groups.all()] == ["admin"]
    assert ada.check_password("a long enough sentence")


def test_a_weak_password_and_a_second_time_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="too short"):
        make(monkeypatch, "short")
    make(monkeypatch, "a long enough sentence")
    with pytest.raises(CommandError, match="exists already"):
        make(monkeypatch, "a long enough sentence")
