"""Files out of other programs: their columns are matched once and remembered."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cycles.models import Cycle, User
from cycles.testing import run_pending
from datahub.actions.uploads import receive_files
from datahub.choices import ImportState
from datahub.matching import fitting, plain, stem_of, suggested
from datahub.models import ColumnMatch, ImportBatch
from datahub.registry import Dataset, dataset_named, datasets
from demand.models import DemandHistory, OrderLine
from portfolio.models import Customer, Product
from sop.errors import InvalidInput
from supply.models import StockRecord
from tests.datahub.conftest import uploaded

SALES = """Belegnr.;Belegdatum;Artikelnr.;Bezeichnung;Warengruppe;Kunden-Nr.;Kunde;Land;Menge;Einzelpreis
RE1;03.09.2025;1001;Seife;Seifen;K1;Adler;DE;1.200,00;5,50
RE1;03.09.2025;1002;Kerze;Kerzen;K1;Adler;DE;10,00;7,25
RE2;07.10.2025;1001;Seife;Seifen;K2;Berg;AT;20,00;5,50
"""
STOCK = "Artikel;Bestand;Stichtag\n1001;93,5;31.10.2025\n1002;60;31.10.2025\n"


def named(name: str) -> Dataset:
    dataset = dataset_named(name)
    assert dataset is not None
    return dataset


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- Names


def test_names_are_compared_without_case_accents_and_marks() -> None:
    assert plain("Artikel-Nr.") == plain("ARTIKEL NR") == "artikelnr"
    assert plain("Stückzahl") == "stueckzahl"


def test_a_file_keeps_its_name_from_month_to_month() -> None:
    assert stem_of("Umsatzliste 2025-10.xlsx") == stem_of("Umsatzliste 2025-11.csv.gz") == "umsatzliste"


@pytest.mark.parametrize(
    ("header", "dataset"),
    [
        ("belegnr.;belegdatum;artikelnr.;kunden-nr.;land;menge;einzelpreis", "sales_orders"),
        ("artikel;bestand;stichtag", "inventory"),
        ("artikelnummer;bezeichnung;warengruppe;listenpreis;einkaufspreis", "item_master"),
        ("invoice no;invoice date;sku;customer no;quantity;unit price", "sales_orders"),
        ("kundennummer;kundenname;land", "customers"),
    ],
)
def test_what_a_file_holds_is_guessed_from_its_columns(header: str, dataset: str) -> None:
    found = fitting(header.split(";"), datasets())
    assert found is not None
    assert found.name == dataset


def test_nothing_is_guessed_where_nothing_fits() -> None:
    assert fitting(["kontonummer", "saldo", "kostenstelle"], datasets()) is None


def test_a_name_nearly_right_is_meant() -> None:
    assert suggested(named("inventory"), ["artikelnumer", "bestand", "stichtag"])["item_code"] == {
        "from": "artikelnumer"
    }


def test_the_unit_of_another_program_is_never_suggested() -> None:
    """“Stk” converts to nothing; left out, the planning unit holds."""
    assert "uom" not in suggested(named("item_master"), ["artikelnr", "me", "einheit"])


# --- From the upload to the load


@pytest.fixture
def waiting(people: dict[str, User]) -> ImportBatch:
    files = [uploaded("Umsatzliste 2025-10.csv", SALES), uploaded("Lagerbestand 31.10.2025.csv", STOCK)]
    return receive_files(uploads=files, by=people["owner"], ask=True)


def post_form(client: Client, batch: ImportBatch, **changes: str) -> Any:
    """Send the page's form as it stands, with changes."""
    page = client.get(reverse("datahub:columns", args=[batch.pk]))
    assert page.status_code == 200
    values = {}
    for file in batch.files.all():
        values[f"shown-{file.pk}"] = "1"
        for name, source in file.sources.items():
            if "value" in source:
                values[f"text-{file.pk}-{name}"] = source["value"]
            else:
                values[f"from-{file.pk}-{name}"] = "#" if source.get("count") else source["from"]
    return client.post(reverse("datahub:match", args=[batch.pk]), values | changes)


def test_files_of_other_names_wait_for_an_answer_and_are_guessed(waiting: ImportBatch) -> None:
    assert waiting.state == ImportState.MATCHING
    held = {(file.file_name[:4], file.dataset, file.along) for file in waiting.files.all()}
    assert held == {
        ("Umsa", "sales_orders", False),
        ("Umsa", "item_master", True),
        ("Umsa", "customers", True),
        ("Lage", "inventory", False),
        ("Lage", "item_location", True),
        ("Lage", "item_master", True),
    }


def test_a_list_of_sales_and_a_stock_list_make_a_company(
    waiting: ImportBatch, people: dict[str, User]
) -> None:
    client = client_of(people["owner"])
    assert post_form(client, waiting).status_code == 302
    run_pending()
    waiting.refresh_from_db()
    assert waiting.state == ImportState.READY, waiting.message
    client.post(reverse("datahub:load", args=[waiting.pk]))
    run_pending()
    assert set(Product.objects.values_list("code", "family__code")) == {
        ("1001", "Seifen"),
        ("1002", "Kerzen"),
    }
    assert set(Customer.objects.values_list("code", "name", "market__code")) == {
        ("K1", "Adler", "DE"), ("K2", "Berg", "AT")
    }  # fmt: skip
    lines = OrderLine.objects.order_by("pk").values_list("order_number", "line_number", "quantity")
    assert list(lines) == [("RE1", "1", 1_200_000), ("RE1", "2", 10_000), ("RE2", "1", 20_000)]
    assert set(StockRecord.objects.values_list("site__code", "on_hand")) == {
        ("MAIN", 93_500),
        ("MAIN", 60_000),
    }
    assert DemandHistory.objects.filter(month=date(2025, 9, 1)).count() == 2


def test_the_next_file_of_that_name_needs_no_answer_and_changes_no_master(
    waiting: ImportBatch, people: dict[str, User]
) -> None:
    client = client_of(people["owner"])
    post_form(client, waiting)
    run_pending()
    client.post(reverse("datahub:load", args=[waiting.pk]))
    run_pending()
    Product.objects.filter(code="1001").update(status="phase_out", description="Our own words")
    later = (
        SALES.replace(".10.2025", ".11.2025").replace("RE", "RF")
        + "RF3;09.11.2025;1003;Öl;Öle;K1;Adler;DE;4;9\n"
    )
    batch = receive_files(uploads=[uploaded("Umsatzliste 2025-11.csv", later)], by=people["owner"], ask=True)
    assert batch.state == ImportState.CHECKING
    run_pending()
    batch.refresh_from_db()
    assert batch.state == ImportState.READY, batch.message
    client.post(reverse("datahub:load", args=[batch.pk]))
    run_pending()
    known = Product.objects.get(code="1001")
    assert (known.status, known.description) == ("phase_out", "Our own words")
    assert Product.objects.filter(code="1003").exists()
    assert ColumnMatch.objects.filter(stem="umsatzliste").count() == 3


def test_a_column_that_must_be_filled_needs_a_source(waiting: ImportBatch, people: dict[str, User]) -> None:
    file = waiting.files.get(dataset="inventory")
    answer = post_form(client_of(people["owner"]), waiting, **{f"text-{file.pk}-site": ""})
    assert answer.status_code == 400
    assert "say where site comes from" in answer.content.decode()


def test_programs_are_refused_until_a_person_has_matched_the_file(people: dict[str, User]) -> None:
    with pytest.raises(InvalidInput, match="columns can be matched"):
        receive_files(uploads=[uploaded("Umsatzliste.csv", SALES)], by=people["owner"])


def test_a_person_matches_only_data_of_the_own_role(waiting: ImportBatch, people: dict[str, User]) -> None:
    assert client_of(people["finance"]).get(reverse("datahub:columns", args=[waiting.pk])).status_code == 403
    own = receive_files(uploads=[uploaded("Liste.csv", SALES)], by=people["finance"], ask=True)
    assert not own.files.exclude(dataset="").exists()
    file = own.files.get()
    choice = client_of(people["finance"]).post(
        reverse("datahub:choose", args=[own.pk, file.pk]), {"dataset": "sales_orders"}
    )
    assert choice.status_code == 400


def test_a_template_with_other_headers_says_what_may_be_meant(people: dict[str, User]) -> None:
    text = "Artikel;Lager;Bestand;Stichtag\n1;A;5;31.10.2025\n"
    batch = receive_files(uploads=[uploaded("inventory.csv", text)], by=people["owner"])
    run_pending()
    batch.refresh_from_db()
    assert batch.state == ImportState.REJECTED
    message = batch.files.get().row_errors.get().message
    assert "item_code may be “artikel”" in message
    page = client_of(people["owner"]).get(reverse("datahub:batch", args=[batch.pk])).content.decode()
    assert reverse("datahub:columns", args=[batch.pk]) in page


def test_who_says_what_a_file_holds_sees_its_columns(
    waiting: ImportBatch, people: dict[str, User], cycle: Cycle
) -> None:
    client, file = client_of(people["owner"]), waiting.files.get(dataset="inventory")
    client.post(
        reverse("datahub:choose", args=[waiting.pk, file.pk]), {"dataset": "item_location", "along": []}
    )
    page = client.get(reverse("datahub:columns", args=[waiting.pk])).content.decode()
    assert "Stock that should always be there" in page
    assert not waiting.files.filter(file_name=file.file_name, along=True).exists()
