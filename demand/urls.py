"""Addresses of the demand review."""

from django.urls import path

from demand.views import bridge, coach, engine, events, exchange, grid, home, inbox, learning, ledger, meeting

app_name = "demand"

urlpatterns = [
    path("", home.home, name="home"),
    path("gate/", home.gate, name="gate"),
    path("baseline/", home.run_baseline, name="baseline"),
    path("submit/<str:function>/", home.submit, name="submit"),
    path("review/<str:code>/", home.review, name="review"),
    path("grid/", grid.rows, name="grid"),
    path("grid/edit/", grid.edit, name="edit"),
    path("grid/undo/", grid.undo, name="undo"),
    path("grid/cell/", grid.cell, name="cell"),
    path("grid/lock/", grid.lock, name="lock"),
    path("grid/facts/", grid.facts, name="facts"),
    path("grid/advice/", coach.advice, name="advice"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/accepted/", inbox.accepted, name="inbox-accepted"),
    path("inbox/policy/", inbox.policy, name="inbox-policy"),
    path("inbox/<int:pk>/answer/", inbox.answer, name="inbox-answer"),
    path("inbox/<int:pk>/undo/", inbox.undo, name="inbox-undo"),
    path("record/", coach.record, name="record"),
    path("export/", exchange.export, name="export"),
    path("workbook/", exchange.load, name="workbook"),
    path("workbook/merge/", exchange.merge, name="merge"),
    path("events/", events.events, name="events"),
    path("events/new/", events.event_form, name="event-new"),
    path("events/<str:code>/", events.event_form, name="event"),
    path("events/<str:code>/drop/", events.drop, name="event-drop"),
    path("pipeline/<str:code>/take/", events.take, name="take"),
    path("meeting/", meeting.first_family, name="meeting"),
    path("meeting/<str:code>/", meeting.family, name="meeting-family"),
    path("bridge/", bridge.changes_bridge, name="bridge"),
    path("learning/", learning.steps, name="learning"),
    path("learning/accuracy/", learning.accuracy, name="accuracy"),
    path("learning/waterfall/", learning.waterfall, name="waterfall"),
    path("learning/contributors/", learning.contributors, name="contributors"),
    path("engine/", engine.engine, name="engine"),
    path("engine/backtest/", engine.start_backtest, name="backtest"),
    path("engine/refit/", engine.start_refit, name="refit"),
    path("engine/refits/<int:pk>/drop/", engine.drop_refit, name="refit-drop"),
    path("engine/refits/<int:pk>/use/", engine.use_refit, name="refit-use"),
    path("engine/repairs/", engine.repairs, name="repairs"),
    path("engine/settings/", engine.settings, name="forecast-settings"),
    path("engine/keep/", engine.keep, name="keep-month"),
    path("changes/", ledger.changes, name="changes"),
    path("changes/<int:pk>/undo/", ledger.undo_one, name="change-undo"),
]
