"""People, and the part of the company that each of them plans."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models

from cycles.choices import NumberFormat, Role


class User(AbstractUser):
    """A person; roles are groups whose names are the values of :class:`Role`."""

    number_format = models.CharField(
        max_length=2,
        choices=NumberFormat.choices,
        default=NumberFormat.ENGLISH,
        help_text="How numbers are shown.",
    )
    theme = models.CharField(
        max_length=5,
        choices=[("auto", "As the device"), ("light", "Light"), ("dark", "Dark")],
        default="auto",
    )

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles of this person, read once per request."""
        names = [group.name for group in self.groups.all()]
        return frozenset(Role(name) for name in names if name in Role.values)

    def has_role(self, *roles: Role) -> bool:
        """Whether this person holds one of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def initials(self) -> str:
        letters = [part[0] for part in (self.first_name, self.last_name) if part]
        return "".join(letters).upper() or self.username[:2].upper()

    @property
    def role_words(self) -> str:
        return ", ".join(str(role.label) for role in Role if role in self.roles)


class ScopeRow(models.Model):
    """Families and markets whose figures a person with a scoped role sees and edits.

    A scope without a row is nothing; an empty code means all, and is written down explicitly.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="scope_rows")
    family_code = models.CharField(max_length=64, blank=True, help_text="Empty: all families.")
    market_code = models.CharField(max_length=64, blank=True, help_text="Empty: all markets.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "family_code", "market_code"], name="scope_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.family_code or 'all families'} / {self.market_code or 'all markets'}"
