"""Fields that the forms of the product review share."""

from typing import Any

from django import forms

from cycles.choices import Role
from cycles.models import User
from portfolio.choices import ProductKind
from portfolio.models import Product


def owners() -> Any:
    """Who may own a launch or phase-out: everybody active in the cycle."""
    people = User.objects.filter(is_active=True, groups__name__in=[role.value for role in Role.planning()])
    return people.distinct().order_by("first_name", "username")


def finished() -> Any:
    return Product.objects.filter(kind=ProductKind.FINISHED).order_by("code")


class ProductChoice(forms.ModelChoiceField):
    """A product by its code, so that addresses and forms survive a reload of the master data."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=finished(), to_field_name="code", **options)
