"""The administrator: the first account, the people with their roles and scopes, the company's settings."""

import re
import subprocess

from playwright.sync_api import expect

from tests.e2e.month.desk import PASSWORD, Desk
from tests.e2e.month.people import ADMINISTRATOR, TEAM, Person
from tests.stack import ENTRY, Stack


def make_the_first_account(stack: Stack) -> None:
    """On the server, once. A session of its own has no terminal, so the password is read from the pipe."""
    subprocess.run(
        [ENTRY, "manage", "make_administrator", ADMINISTRATOR, "--email", "ada@example.com"],
        env=stack.environment,
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
        capture_output=True,
        start_new_session=True,
    )


def add_the_team(desk: Desk) -> None:
    for person in TEAM:
        _add(desk, person)
    desk.open("/people/")
    desk.sees("Demand planner")
    desk.keep("people")


def _add(desk: Desk, person: Person) -> None:
    desk.open("/people/add/")
    desk.keep("person")
    desk.fill(username=person.username, first_name=person.first_name, last_name=person.last_name)
    desk.fill(email=f"{person.username}@example.com", scope=person.scope, password=PASSWORD)
    desk.page.locator(f"main input[name=roles][value={person.role}]").check()
    desk.press("Save the person")


def set_up_the_company(desk: Desk, *, name: str, currency: str) -> None:
    desk.open("/company/")
    desk.fill(name=name, currency=currency)
    desk.press(re.compile("^Save"), within=desk.page.locator("main"))
    desk.open("/company/")
    expect(desk.page.locator("main [name=currency]")).to_have_value(currency)
    desk.keep("company")


def sees_no_figures(desk: Desk) -> None:
    """An administrator runs the installation and sees nothing of the plan."""
    assert "This page is for" in desk.refused("/demand/")
    desk.keep("refusal")
    desk.open("/")
    desk.keep("home-administrator")


def looks_after_the_installation(desk: Desk) -> None:
    for path, name in (("/runs/", "runs"), ("/audit/", "audit"), ("/data/", "failed-loads")):
        desk.open(path)
        desk.keep(name)
