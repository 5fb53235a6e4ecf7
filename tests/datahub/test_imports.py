"""Loads are whole or not at all; uploads, pages and the API end in the same use cases."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from cycles.choices import StageKind
from cycles.models import Cycle, User
from cycles.queries import stage_of
from cycles.testing import run_pending
from datahub.actions.imports import import_folder, set_up_company
from datahub.actions.runs import request_load
from datahub.actions.uploads import drop_batch, receive_files
from datahub.choices import ImportState
from datahub.models import DataOwner, ImportBatch, RowError
from datahub.registry import dataset_named, datasets
from datahub.stored import stored_count
from demand.models import DemandHistory, OrderLine
from portfolio.models import ExchangeRate, PlannedPrice, Product
from sop.errors import InvalidInput, Locked, NotAllowed, WrongState
from tests.datahub.conftest import Write, uploaded

pytestmark = pytest.mark.django_db

RATES = "month,currency,rate\n2026-01,USD,0.92\n2026-02,USD,0.93\n"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_error_in_one_file_keeps_all_files_out(tmp_path: Path, write: Write) -> None:
    write("fx.csv", RATES)
    write("gl_balance.csv", "month,site,inventory_value\n2026-01,S9,5\n")
    with pytest.raises(InvalidInput) as refusal:
        import_folder(folder=tmp_path, by=None)
    assert refusal.value.errors[0]["file"] == "gl_balance.csv"
    assert "no known site" in refusal.value.errors[0]["message"]
    assert ExchangeRate.objects.count() == 0
    assert ImportBatch.objects.get().state == ImportState.REJECTED


def test_codes_that_come_in_the_same_batch_are_known(company: ImportBatch) -> None:
    assert company.state == ImportState.COMMITTED
    assert Product.objects.filter(kind="FG").count() == 9
    assert OrderLine.objects.count() == company.files.get(dataset="sales_orders").row_count


def test_an_unknown_code_is_named_with_the_nearest_known_one(
    company: ImportBatch, tmp_path: Path, write: Write
) -> None:
    write("bom.csv", "parent,component,qty_per,scrap_pct,valid_from,valid_to\nP0001,PKG-DISH-S1,1,,,\n")
    with pytest.raises(InvalidInput) as refusal:
        import_folder(folder=tmp_path, by=None)
    assert "Did you mean P00001?" in refusal.value.errors[0]["message"]


def test_loading_the_same_files_again_changes_nothing(company: ImportBatch, tiny_folder: Path) -> None:
    before = {dataset.name: stored_count(dataset) for dataset in datasets()}
    again = import_folder(folder=tiny_folder, by=None, preview=True)
    changes = {file.dataset: (file.new_count, file.changed_count) for file in again.files.all()}
    assert changes == dict.fromkeys((path.stem for path in tiny_folder.glob("*.csv")), (0, 0))
    assert {dataset.name: stored_count(dataset) for dataset in datasets()} == before


def test_a_row_is_changed_by_its_key_and_the_others_stay(db: None, tmp_path: Path, write: Write) -> None:
    write("fx.csv", RATES)
    import_folder(folder=tmp_path, by=None)
    write("fx.csv", "month,currency,rate\n2026-02,USD,0.99\n2026-03,USD,1\n")
    batch = import_folder(folder=tmp_path, by=None, preview=True)
    file = batch.files.get()
    assert (file.new_count, file.changed_count) == (1, 1)
    assert file.preview["changed"][0]["cells"] == [{"column": "rate", "was": "0.93", "becomes": "0.99"}]
    assert dict(ExchangeRate.objects.values_list("month", "rate")) == {
        date(2026, 1, 1): 0.92, date(2026, 2, 1): 0.99, date(2026, 3, 1): 1.0
    }  # fmt: skip


def test_a_shipment_without_its_order_line_is_refused(
    company: ImportBatch, tmp_path: Path, write: Write
) -> None:
    write("shipments.csv", "order_no,line_no,ship_date,delivery_date,qty\nSO9,10,2026-07-01,,5\n")
    with pytest.raises(InvalidInput) as refusal:
        import_folder(folder=tmp_path, by=None)
    assert "SO9 / 10" in refusal.value.errors[0]["message"]


def test_history_is_rebuilt_when_an_order_changes(company: ImportBatch, tmp_path: Path, write: Write) -> None:
    line = (
        OrderLine.objects.filter(requested_date__lt=date(2026, 7, 1), currency="EUR")
        .select_related("stream__product", "customer")
        .first()
    )
    assert line is not None
    month = line.requested_date.replace(day=1)
    before = DemandHistory.objects.get(stream=line.stream, month=month).quantity
    header = ",".join(dataset_named("sales_orders").names)  # type: ignore[union-attr]
    what = [line.order_number, line.line_number, line.stream.product.code, line.customer.code, line.site_code]
    row = [
        *what,
        line.quantity / 1000 + 7,
        line.requested_date,
        "",
        line.net_price,
        "EUR",
        line.entry_date,
        "closed",
    ]
    write("sales_orders.csv", header + "\n" + ",".join(map(str, row)) + "\n")
    import_folder(folder=tmp_path, by=None)
    assert DemandHistory.objects.get(stream=line.stream, month=month).quantity == before + 7_000


def test_every_dataset_reads_back_what_was_loaded(company: ImportBatch) -> None:
    for file in company.files.all():
        dataset = dataset_named(file.dataset)
        assert dataset is not None
        assert stored_count(dataset) == file.row_count, file.dataset


def test_planned_prices_cover_every_stream(company: ImportBatch) -> None:
    assert PlannedPrice.objects.filter(basis="orders").count() >= 14
    assert not PlannedPrice.objects.filter(price__lte=0).exists()


# --- Uploads


def test_an_upload_is_checked_then_loaded_by_workers(people: dict[str, User], cycle: Cycle) -> None:
    batch = receive_files(uploads=[uploaded("fx.csv", RATES)], by=people["finance"])
    assert batch.state == ImportState.CHECKING
    run_pending()
    batch.refresh_from_db()
    assert (batch.state, ExchangeRate.objects.count()) == (ImportState.READY, 0)
    request_load(batch=batch, by=people["finance"])
    run_pending()
    batch.refresh_from_db()
    assert (batch.state, ExchangeRate.objects.count()) == (ImportState.COMMITTED, 2)
    assert stage_of(cycle, StageKind.DATA).editors.filter(user=people["finance"]).exists()


def test_a_zip_archive_is_one_batch_and_names_lose_their_folders(people: dict[str, User]) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../../fx.csv", RATES)
        archive.writestr("readme.md", "not data")
    batch = receive_files(uploads=[uploaded("month.zip", content.getvalue())], by=people["owner"])
    file = batch.files.get()
    assert file.file_name == "fx.csv"
    assert Path(file.stored_path).is_relative_to(default_storage.path("imports"))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("weather.csv", RATES, "belongs to no dataset"),
        ("month.zip", b"PK broken", "damaged"),
    ],
)
def test_uploads_that_are_no_data_leave_nothing_behind(
    people: dict[str, User], name: str, content: Any, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        receive_files(uploads=[uploaded(name, content)], by=people["owner"])
    assert not ImportBatch.objects.exists()


def test_an_upload_that_is_too_large_is_refused(people: dict[str, User], settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 10
    with pytest.raises(InvalidInput, match="larger than"):
        receive_files(uploads=[uploaded("fx.csv", RATES)], by=people["owner"])


def test_two_files_of_one_dataset_are_refused(people: dict[str, User]) -> None:
    with pytest.raises(InvalidInput, match="two files of fx"):
        receive_files(uploads=[uploaded("fx.csv", RATES), uploaded("fx_2.csv", RATES)], by=people["owner"])


def test_people_load_the_data_of_their_role(people: dict[str, User]) -> None:
    with pytest.raises(NotAllowed, match="does not load fx"):
        receive_files(uploads=[uploaded("fx.csv", RATES)], by=people["sales"])
    DataOwner.objects.create(dataset="fx", role="sales_marketing", user=people["sales"])
    assert receive_files(uploads=[uploaded("fx.csv", RATES)], by=people["sales"]).pk
    for name in ("admin", "sponsor"):
        with pytest.raises(NotAllowed):
            receive_files(uploads=[uploaded("fx.csv", RATES)], by=people[name])


def test_a_refused_upload_shows_its_rows_and_cannot_be_loaded(people: dict[str, User]) -> None:
    batch = receive_files(uploads=[uploaded("fx.csv", RATES + "2026-03,USD,=cmd\n")], by=people["finance"])
    run_pending()
    client = client_of(people["finance"])
    page = client.get(reverse("datahub:batch", args=[batch.pk]))
    assert "no number that can be kept" in page.content.decode()
    lines = client.get(reverse("datahub:errors", args=[batch.pk])).content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("fx.csv,4,rate,'=cmd,")
    with pytest.raises(WrongState):
        request_load(batch=batch, by=people["finance"])


def test_a_dropped_batch_takes_its_files_along(people: dict[str, User]) -> None:
    batch = receive_files(uploads=[uploaded("fx.csv", RATES)], by=people["finance"])
    run_pending()
    path = Path(batch.files.get().stored_path)
    assert path.exists()
    drop_batch(batch=batch, by=people["finance"])
    assert not path.exists()
    with pytest.raises(WrongState):
        drop_batch(batch=batch, by=people["finance"])


def test_nothing_is_loaded_behind_a_signed_gate(people: dict[str, User], cycle: Cycle) -> None:
    batch = receive_files(uploads=[uploaded("fx.csv", RATES)], by=people["finance"])
    run_pending()
    stage = stage_of(cycle, StageKind.DATA)
    stage.state = "submitted"
    stage.save()
    with pytest.raises(Locked, match="re-open"):
        request_load(batch=batch, by=people["finance"])


# --- Pages and API


def test_pages_open_for_those_who_plan(company: ImportBatch, cycle: Cycle, people: dict[str, User]) -> None:
    for name in ("owner", "finance", "sales", "sponsor"):
        client = client_of(people[name])
        for address in ("datahub:home", "datahub:issues", "datahub:templates"):
            assert client.get(reverse(address)).status_code == 200, (name, address)
    assert "Sales orders" in client_of(people["owner"]).get(reverse("datahub:home")).content.decode()


def test_administrators_see_failed_loads_and_no_rows(people: dict[str, User]) -> None:
    batch = receive_files(
        uploads=[uploaded("fx.csv", "month,currency,rate\n2026-01,USD,oops\n")], by=people["finance"]
    )
    run_pending()
    client = client_of(people["admin"])
    assert f"Load {batch.pk}" in client.get(reverse("datahub:home")).content.decode()
    page = client.get(reverse("datahub:batch", args=[batch.pk])).content.decode()
    assert "oops" not in page
    assert client.get(reverse("datahub:errors", args=[batch.pk])).status_code == 403
    assert client.get(reverse("datahub:issues")).status_code == 403


def test_templates_can_be_downloaded_and_loaded_back(people: dict[str, User]) -> None:
    client = client_of(people["owner"])
    for dataset in datasets():
        lines = (
            client.get(reverse("datahub:template", args=[dataset.name]))
            .content.decode("utf-8-sig")
            .splitlines()
        )
        assert lines[0].split(",") == dataset.names
        assert len(lines) == 2
    assert client.get(reverse("datahub:template", args=["nothing"])).status_code == 404


def test_the_api_takes_a_batch_from_upload_to_commit(people: dict[str, User]) -> None:
    client = client_of(people["finance"])
    sent = client.post("/api/v1/datahub/imports/upload/", {"files": [uploaded("fx.csv", RATES)]})
    assert sent.status_code == 201, sent.content
    address = f"/api/v1/datahub/imports/{sent.json()['id']}/"
    run_pending()
    assert client.get(address).json()["state"] == "ready"
    assert client.post(f"{address}commit/").status_code == 202
    run_pending()
    assert client.get(address).json()["state"] == "committed"
    assert client.post(f"{address}commit/").status_code == 409
    assert RowError.objects.count() == 0


def test_the_api_answers_refusals_in_words(people: dict[str, User]) -> None:
    client = client_of(people["sales"])
    sent = client.post("/api/v1/datahub/imports/upload/", {"files": [uploaded("fx.csv", RATES)]})
    assert (sent.status_code, "does not load fx" in sent.json()["message"]) == (403, True)


def test_changes_of_master_data_are_kept_with_their_author(
    company: ImportBatch, people: dict[str, User], tmp_path: Path, write: Write
) -> None:
    product = Product.objects.get(code="P00001")
    assert [row.history_type for row in product.history.all()] == ["+"]
    columns = dataset_named("item_master").names  # type: ignore[union-attr]
    cells = {
        "item_code": "P00001",
        "item_type": "FG",
        "status": "active",
        "std_cost": "9.99",
        "family": "DISH",
    }
    write(
        "item_master.csv", ",".join(columns) + "\n" + ",".join(cells.get(name, "") for name in columns) + "\n"
    )
    import_folder(folder=tmp_path, by=people["product"])
    last, first = product.history.all()
    assert (last.history_type, str(last.standard_cost.normalize()), last.history_user) == (
        "~",
        "9.99",
        people["product"],
    )
    assert first.standard_cost == product.standard_cost
    assert Product.objects.get(code="P00002").history.count() == 1


def test_the_company_currency_is_the_one_without_rates(company: ImportBatch) -> None:
    assert set_up_company(name="Ours").currency == "EUR"
    ExchangeRate.objects.all().delete()
    assert set_up_company().currency == "EUR"  # two currencies without rates: unclear, kept
    assert set_up_company(currency="chf").currency == "CHF"
