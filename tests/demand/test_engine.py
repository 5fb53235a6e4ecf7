"""The engine in the application: what it is told, its backtest, and the refit that must be better to be kept."""

import hashlib
from datetime import date

import numpy as np
import pytest
from django.test import Client

from cycles.models import AuditEvent, Cycle, Run
from cycles.testing import run_pending
from demand.actions import nightly, refits
from demand.actions.backtests import start_backtest
from demand.actions.engine_settings import keep_month, save_settings
from demand.actions.refits import drop_refit, start_refit, store_refit, use_refit_again
from demand.checks import check_baseline
from demand.forecasting import refit as engine_refit
from demand.forecasting.backtest import Accuracy
from demand.forecasting.correction import Correction, shipped_correction
from demand.models import (
    BacktestReport,
    DemandFact,
    DemandHistory,
    KeptMonth,
    Refit,
    SeriesNote,
)
from demand.queries import corrections, engine, known
from demand.queries.corrections import correction_in_use, load_correction
from demand.queries.known import weekdays, working_days
from demand.queries.own_series import own_series, trial_for
from demand.queries.repairs import repaired_months
from demand.queries.views import plan_view
from demand.registry import OutsideFacts, register_outside_facts
from sop.errors import InvalidInput, Locked, NotAllowed, NotFound, WrongState
from sop.periods import add_months, month_range
from tests.demand.factories import MONTH, SmallCompany, make_company, make_cycle, run_baseline


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Stands for the supply room: what it is to say."""
    says: dict[str, object] = {"days": {}, "stock_outs": []}
    facts = OutsideFacts(
        working_days=lambda first, last: says["days"],
        stock_outs=lambda first, last, products: [
            (product, month)
            for product, month in says["stock_outs"]
            if products is None or product in products
        ],
        stamp=lambda first, closed, last: repr(says),
    )
    monkeypatch.setattr("demand.registry._outside", [])
    register_outside_facts(facts)
    return says


def empty_month(company: SmallCompany, name: str, month: date) -> None:
    DemandHistory.objects.filter(stream=company.streams[name], month=month).delete()
    DemandHistory.objects.create(stream=company.streams[name], month=month, quantity=20_000, value=0)


# What the engine is told


def test_a_known_stock_out_is_raised_told_and_left_alone_on_request(
    company: SmallCompany, cycle: Cycle, outside: dict[str, object]
) -> None:
    month, stream = date(2026, 5, 1), company.streams["P2/DE"]
    empty_month(company, "P2/DE", month)
    outside["stock_outs"] = [(company.products["P2"].pk, month)]
    plan = run_baseline(company, cycle)
    note = SeriesNote.objects.get(version=plan, stream=stream)
    assert [repair[3] for repair in note.repairs if repair[0] == 5] == ["stock-out"]
    assert "stock-out month repaired" in note.sentence
    assert DemandHistory.objects.get(stream=stream, month=month).quantity == 20_000
    keep_month(cycle=cycle, stream=stream.pk, month=month, by=company.people["planner"], keep=True)
    assert not check_baseline(cycle).ok
    plan = run_baseline(company, cycle)
    assert SeriesNote.objects.get(version=plan, stream=stream).repairs == []
    view = plan_view(plan, company.people["planner"])
    assert [(row.month, row.kept_by != "") for row in repaired_months(view)] == [(month, True)]
    keep_month(cycle=cycle, stream=stream.pk, month=month, by=company.people["planner"], keep=False)
    assert not KeptMonth.objects.exists()


def test_switching_stock_outs_off_is_audited_and_asks_for_a_new_baseline(
    company: SmallCompany, cycle: Cycle, outside: dict[str, object]
) -> None:
    run_baseline(company, cycle)
    assert check_baseline(cycle).ok
    with pytest.raises(NotAllowed):
        save_settings(by=company.people["sales"], values={})
    save_settings(
        by=company.people["planner"],
        values={"use_working_days": True, "use_ended": True, "use_stock_outs": False},
    )
    event = AuditEvent.objects.get(act="forecast.settings")
    assert event.detail == {"use_stock_outs": [True, False]}
    assert known.stock_outs(month_range(date(2026, 1, 1), 3)) == []
    assert not check_baseline(cycle).ok


def test_an_ended_product_is_not_revived(company: SmallCompany, cycle: Cycle) -> None:
    product = company.products["P2"]
    product.end_date = date(2026, 9, 30)
    product.save()
    plan = run_baseline(company, cycle)
    facts = DemandFact.objects.filter(version=plan, stream__product=product)
    assert facts.exists()
    assert set(facts.values_list("baseline", flat=True)) == {0}
    note = SeriesNote.objects.get(version=plan, stream=company.streams["P2/DE"])
    assert (note.series_class, "ithdrawn" in note.sentence) == ("ended", True)


def test_working_days_come_from_one_source(db: None, outside: dict[str, object]) -> None:
    months = month_range(date(2026, 1, 1), 4)
    assert weekdays(date(2026, 2, 1)) == 20
    outside["days"] = {months[0]: 19.0}
    found = working_days(months, months[2])
    assert found is not None
    assert (found.source, found.days) == ("Monday to Friday", [22.0, 20.0, 22.0, 22.0])
    outside["days"] = dict(zip(months[:3], (18.0, 19.0, 20.0), strict=True))
    found = working_days(months, months[2])
    assert found is not None
    assert (found.source, found.days) == ("the sites' calendars", [18.0, 19.0, 20.0, 19.0])


def test_working_days_move_a_forecast_that_follows_them(db: None, outside: dict[str, object]) -> None:
    company = make_company(history_months=60)
    cycle = make_cycle(company)
    stream = company.streams["P3/DE"]
    months = month_range(add_months(MONTH, -60), 60 + cycle.horizon_months)
    random = np.random.default_rng(5)
    days = {month: float(18 + random.integers(0, 5)) for month in months}
    days[date(2027, 3, 1)] = 12.0
    outside["days"] = days
    DemandHistory.objects.filter(stream=stream).delete()
    DemandHistory.objects.bulk_create(
        DemandHistory(stream=stream, month=month, quantity=int(days[month] * 20_000 * random.normal(1, 0.01)))
        for month in months[:60]
    )
    plan = run_baseline(company, cycle)
    figures = dict(DemandFact.objects.filter(version=plan, stream=stream).values_list("month", "baseline"))
    assert figures[date(2027, 3, 1)] < 0.8 * figures[date(2027, 2, 1)]
    assert "working days count" in SeriesNote.objects.get(version=plan, stream=stream).sentence


def test_a_month_is_kept_only_inside_the_scope_and_once_closed(company: SmallCompany, cycle: Cycle) -> None:
    planner, stream = company.people["planner"], company.streams["P1/DE"].pk
    with pytest.raises(NotAllowed):
        keep_month(cycle=cycle, stream=stream, month=date(2026, 5, 1), by=company.people["sales"], keep=True)
    with pytest.raises(NotFound):
        keep_month(cycle=cycle, stream=0, month=date(2026, 5, 1), by=planner, keep=True)
    with pytest.raises(InvalidInput):
        keep_month(cycle=cycle, stream=stream, month=MONTH, by=planner, keep=True)


# The backtest


def test_backtest_is_stored_by_family_and_class_beside_naive(company: SmallCompany, cycle: Cycle) -> None:
    run = start_backtest(cycle=cycle, by=company.people["planner"])
    run_pending()
    report = BacktestReport.objects.get()
    assert (report.run_id, report.horizon, report.origins, report.tested) == (run.pk, 6, 3, 5)
    assert report.last_month == date(2026, 10, 1)
    found = engine.backtest_figures(report, company.people["planner"])
    assert [row.code for row in found.families] == ["A", "A1", "B"]
    assert [name for name, _ in found.total.methods] == list(engine.METHODS)
    assert found.total.engine.cases == 15
    assert found.total.engine.months == 90
    assert sum(row.engine.absolute for row in found.classes) == pytest.approx(found.total.engine.absolute)
    assert start_backtest(cycle=cycle, by=company.people["owner"]).pk == run.pk


def test_backtest_of_many_streams_is_cut_in_chunks_that_add_up(
    company: SmallCompany, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demand.actions.backtests.CHUNK", 2)
    start_backtest(cycle=cycle, by=company.people["planner"])
    run_pending()
    report = BacktestReport.objects.get()
    assert report.run.parts.count() == 3
    assert engine.backtest_figures(report, company.people["planner"]).total.engine.cases == 15


def test_a_family_scope_sees_its_own_families(company: SmallCompany, cycle: Cycle) -> None:
    start_backtest(cycle=cycle, by=company.people["planner"])
    run_pending()
    germany = company.people["germany"]
    germany.scope_rows.update(family_code="B")
    found = engine.backtest_figures(BacktestReport.objects.get(), germany)
    assert [row.code for row in found.families] == ["B"]


def test_short_histories_are_refused_in_words(db: None) -> None:
    company = make_company(history_months=12)
    cycle = make_cycle(company)
    with pytest.raises(InvalidInput, match="12 closed months"):
        start_backtest(cycle=cycle, by=company.people["planner"])
    with pytest.raises(NotAllowed):
        start_backtest(cycle=cycle, by=company.people["sales"])
    assert trial_for(60) == trial_for(48)
    assert trial_for(17) is None


def test_what_was_not_sold_yet_is_unknown(company: SmallCompany, cycle: Cycle) -> None:
    stream = company.streams["P1/FR"]
    DemandHistory.objects.filter(stream=stream, month__lt=date(2026, 8, 1)).delete()
    values = own_series(np.array([stream.pk]), month_range(date(2026, 6, 1), 5))
    assert np.isnan(values[0]).tolist() == [True, True, False, False, False]


# The refit


def outcome(kept: bool) -> engine_refit.Refit:
    one = Accuracy(0.2, 0.0, 0.2, 0.8, 0.8, 0.9, {0.95: 0.95})
    return engine_refit.Refit(
        Correction(shipped_correction().networks) if kept else shipped_correction(),
        kept,
        one,
        one._replace(wape=0.18, owa=0.88) if kept else one._replace(owa=0.95),
        "Better." if kept else "Worse.",
    )


def stored(cycle: Cycle, company: SmallCompany, *, kept: bool) -> Refit:
    run = Run.objects.create(
        kind=refits.KIND, key=str(Run.objects.count()), cycle=cycle, state="done", enqueued_at=cycle.opened_at
    )
    found = store_refit(outcome(kept), run=run, cycle=cycle, streams=5, by=company.people["owner"])
    return Refit.objects.get(pk=found["refit"])


def test_too_short_a_history_keeps_the_shipped_correction(company: SmallCompany, cycle: Cycle) -> None:
    start_refit(cycle=cycle, by=company.people["planner"])
    run_pending()
    found = Refit.objects.get()
    assert not found.kept
    assert "nothing was refitted" in found.reason
    assert correction_in_use(cycle).refit is None


def test_worse_is_not_kept(company: SmallCompany, cycle: Cycle) -> None:
    found = stored(cycle, company, kept=False)
    assert (found.kept, found.artefact, found.sha256) == (False, None, "")
    assert correction_in_use(cycle).refit is None
    assert load_correction(correction_in_use(cycle)) is None


def test_better_is_used_by_every_worker_from_the_same_bytes(
    company: SmallCompany, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = stored(cycle, company, kept=True)
    assert hashlib.sha256(bytes(found.artefact)).hexdigest() == found.sha256
    assert found.first_cycle == cycle.month
    used = load_correction(correction_in_use(cycle))
    assert used is not None
    assert used.packed() == bytes(found.artefact)
    seen = []
    monkeypatch.setattr("demand.actions.baseline.load_correction", lambda chosen: seen.append(chosen.sha256))
    run_baseline(company, cycle)
    assert seen == [found.sha256]


def test_a_refit_after_the_baseline_waits_for_the_next_cycle(company: SmallCompany, cycle: Cycle) -> None:
    run_baseline(company, cycle)
    found = stored(cycle, company, kept=True)
    assert found.first_cycle == date(2026, 12, 1)
    assert correction_in_use(cycle).refit is None
    assert check_baseline(cycle).ok


def test_a_later_refit_that_is_not_better_ends_the_earlier_one(company: SmallCompany, cycle: Cycle) -> None:
    stored(cycle, company, kept=True)
    stored(cycle, company, kept=False)
    assert correction_in_use(cycle).refit is None


def test_the_process_owner_goes_back_and_forth_and_both_are_audited(
    company: SmallCompany, cycle: Cycle
) -> None:
    found, owner = stored(cycle, company, kept=True), company.people["owner"]
    with pytest.raises(NotAllowed):
        drop_refit(pk=found.pk, by=company.people["planner"], reason="no")
    with pytest.raises(InvalidInput):
        drop_refit(pk=found.pk, by=owner, reason=" ")
    run_baseline(company, cycle)
    drop_refit(pk=found.pk, by=owner, reason="Odd in spring")
    assert correction_in_use(cycle).refit is None
    assert not check_baseline(cycle).ok
    with pytest.raises(WrongState):
        drop_refit(pk=found.pk, by=owner, reason="again")
    use_refit_again(pk=found.pk, by=owner)
    assert correction_in_use(cycle).refit == found
    acts = list(AuditEvent.objects.filter(act__startswith="forecast.refit").order_by("number"))
    assert [event.act for event in acts] == ["forecast.refit", "forecast.refit.drop", "forecast.refit.use"]


def test_a_changed_artefact_is_refused(company: SmallCompany, cycle: Cycle) -> None:
    found = stored(cycle, company, kept=True)
    corrections._loaded.cache_clear()
    Refit.objects.filter(pk=found.pk).update(artefact=bytes(found.artefact) + b"x")
    with pytest.raises(Locked, match="hash differs"):
        load_correction(correction_in_use(cycle))


# By night


def test_the_night_asks_for_both_once_and_only_with_the_month_loaded(
    company: SmallCompany, cycle: Cycle
) -> None:
    last = DemandHistory.objects.filter(month=cycle.last_closed_month)
    kept = list(last)
    last.delete()
    assert nightly.learn_from_the_past() == []
    for row in kept:
        row.pk = None
    DemandHistory.objects.bulk_create(kept)
    assert [run.kind for run in nightly.learn_from_the_past()] == ["demand.backtest", "demand.refit"]
    run_pending()
    assert nightly.learn_from_the_past() == []


# Pages


def test_pages_of_the_engine(company: SmallCompany, cycle: Cycle, client: Client) -> None:
    client.force_login(company.people["owner"])
    assert "not been tested" in client.get("/demand/engine/").content.decode()
    client.post("/demand/engine/backtest/")
    run_pending()
    refitted = stored(cycle, company, kept=True)
    page = client.get("/demand/engine/").content.decode()
    assert "pp against seasonal naive" in page
    assert refitted.sha256[:16] in page
    client.post(f"/demand/engine/refits/{refitted.pk}/drop/", {"reason": "Odd in spring"})
    assert "Odd in spring" in client.get("/demand/engine/").content.decode()


def test_repairs_page_keeps_a_month(
    company: SmallCompany, cycle: Cycle, client: Client, outside: dict[str, object]
) -> None:
    empty_month(company, "P2/DE", date(2026, 5, 1))
    outside["stock_outs"] = [(company.products["P2"].pk, date(2026, 5, 1))]
    run_baseline(company, cycle)
    client.force_login(company.people["planner"])
    assert "Stock-out" in client.get("/demand/engine/repairs/?cause=stock-out").content.decode()
    posted = {"stream": company.streams["P2/DE"].pk, "month": "2026-05"}
    client.post("/demand/engine/keep/", posted)
    assert KeptMonth.objects.get().month == date(2026, 5, 1)
    client.post("/demand/engine/keep/", {**posted, "undo": "1"})
    assert not KeptMonth.objects.exists()
    assert client.post("/demand/engine/keep/", {"stream": "x", "month": "2026-05"}).status_code == 400
