"""Addresses of the executive review."""

from django.urls import path

from executive.views import acts, brief, plan

app_name = "executive"

urlpatterns = [
    path("", brief.home, name="home"),
    path("prepare/", acts.prepare, name="prepare"),
    path("words/", acts.words, name="words"),
    path("decisions/add/", acts.ask, name="decision-add"),
    path("decisions/<int:pk>/answer/", acts.answer, name="decide"),
    path("decisions/<int:pk>/remove/", acts.withdraw, name="decision-remove"),
    path("approve/", acts.approve_plan, name="approve"),
    path("send-back/", acts.return_plan, name="send-back"),
    path("plan/", plan.latest, name="plan"),
    path("plan/<int:pk>/", plan.of_cycle, name="plan-of"),
]
