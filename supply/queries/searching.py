"""Resources and suppliers by code or name, for the search box."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from cycles.models import User
from supply.models import Resource, Supplier

MOST_OF_A_KIND = 20


def _named(text: str) -> Q:
    return Q(code__icontains=text) | Q(name__icontains=text)


def find(text: str, user: User) -> list[tuple[str, str, str]]:
    """(label, kind in words, address) of what carries the text in its code or name."""
    resources = Resource.objects.filter(_named(text)).select_related("site").order_by("code")[:MOST_OF_A_KIND]
    suppliers = Supplier.objects.filter(_named(text)).order_by("code")[:MOST_OF_A_KIND]
    listed = reverse("supply:inputs", args=["suppliers"])
    return [
        *((str(one), "Resource", reverse("supply:hours", args=[one.pk])) for one in resources),
        *((str(one), "Supplier", f"{listed}?{urlencode({'q': one.code})}") for one in suppliers),
    ]
