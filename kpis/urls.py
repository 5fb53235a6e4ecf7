"""Addresses of the key figures."""

from django.urls import path

from kpis.views import scorecard

app_name = "kpis"

urlpatterns = [
    path("", scorecard.scorecard, name="home"),
    path("refresh/", scorecard.refresh, name="refresh"),
    path("targets/<str:kpi>/", scorecard.target, name="target"),
    path("<str:kpi>/", scorecard.detail, name="detail"),
]
