"""The search box finds what people type: part of a name, a code, a page."""

import pytest
from django.test import Client
from django.urls import reverse

from cycles.queries.searching import find
from cycles.registry import registry
from portfolio.models import Family, Product
from supply.models import Resource, Site, Supplier
from tests.demand.factories import SmallCompany

pytestmark = pytest.mark.django_db


def addresses(text: str, company: SmallCompany) -> list[str]:
    return [address for _, _, address in find(text, company.people["planner"])]


def test_a_product_is_found_by_its_code_and_by_a_part_of_its_name(company: SmallCompany) -> None:
    Product.objects.filter(code="P1").update(description="Lavender soap 400 ml")
    page = reverse("portfolio:product", args=["P1"])
    assert page in addresses("p1", company)
    assert addresses("lavender SOAP", company) == [page]


def test_a_family_leads_to_its_products(company: SmallCompany) -> None:
    family = Family.objects.filter(products__streams__isnull=False).first()
    assert family is not None
    assert f"{reverse('portfolio:products')}?family={family.code}" in addresses(family.code, company)


def test_resources_and_suppliers_are_found_by_name(company: SmallCompany) -> None:
    site, _ = Site.objects.get_or_create(code="S1")
    filler = Resource.objects.create(code="L7", name="Tube filler", site=site)
    Supplier.objects.create(code="V9", name="Tubes & Co")
    assert addresses("tube", company) == [
        reverse("supply:hours", args=[filler.pk]),
        f"{reverse('supply:inputs', args=['suppliers'])}?q=V9",
    ]


def test_pages_are_found_by_their_words_in_any_order(company: SmallCompany) -> None:
    assert addresses("bias accuracy", company) == [reverse("demand:accuracy")]
    assert reverse("reconciliation:home") in addresses("reconciliation", company)


def test_every_named_page_opens(company: SmallCompany, plan: object, client: Client) -> None:
    client.force_login(company.people["planner"])
    for label, page in registry.pages:
        assert client.get(reverse(page), follow=True).status_code == 200, label


def test_the_page_shows_what_was_found_and_says_when_nothing_was(
    company: SmallCompany, client: Client
) -> None:
    client.force_login(company.people["planner"])
    found = client.get(reverse("cycles:search"), {"q": "P1"}).content.decode()
    assert reverse("portfolio:product", args=["P1"]) in found
    assert (
        "Nothing found for “nowhere”"
        in client.get(reverse("cycles:search"), {"q": "nowhere"}).content.decode()
    )
