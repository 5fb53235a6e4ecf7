"""Products and families by code or name, for the search box."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from cycles.models import User
from portfolio.choices import ProductKind
from portfolio.models import Family, Product

MOST_OF_A_KIND = 30


def find(text: str, user: User) -> list[tuple[str, str, str]]:
    """(label, kind in words, address) of what carries the text in its code or name."""
    families = Family.objects.filter(Q(code__icontains=text) | Q(name__icontains=text)).order_by("code")
    products = Product.objects.filter(
        Q(code__icontains=text) | Q(description__icontains=text), kind=ProductKind.FINISHED
    ).order_by("code")
    listed = reverse("portfolio:products")
    return [
        *(
            (str(family), "Family", f"{listed}?{urlencode({'family': family.code})}")
            for family in families[:MOST_OF_A_KIND]
        ),
        *(
            (str(product), "Product", reverse("portfolio:product", args=[product.code]))
            for product in products[:MOST_OF_A_KIND]
        ),
    ]
