"""Make the first administrator, who then makes everybody else's account in the application."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cycles.actions.people import save_person
from cycles.choices import Role
from cycles.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, username: str, email: str, **options: Any) -> None:
        if User.objects.filter(username=username).exists():
            raise CommandError(
                f"{username} exists already; administrators change accounts in the application."
            )
        password = getpass.getpass("Password: ")
        try:
            validate_password(password, User(username=username, email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        save_person(by=None, username=username, email=email, roles=[Role.ADMIN], password=password)
        self.stdout.write(f"{username} may sign in now.")
