"""Addresses of reconciliation."""

from django.urls import path

from reconciliation.views import export, home, scenarios

app_name = "reconciliation"

urlpatterns = [
    path("", home.home, name="home"),
    path("export.xlsx", export.comparison_workbook, name="export"),
    path("compute/", scenarios.compute_all, name="compute-all"),
    path("scenarios/new/", scenarios.create, name="scenario-new"),
    path("scenarios/<int:pk>/words/", scenarios.describe, name="scenario-words"),
    path("scenarios/<int:pk>/remove/", scenarios.remove, name="scenario-remove"),
    path("scenarios/<int:pk>/compute/", scenarios.compute, name="scenario-compute"),
    path("scenarios/<int:pk>/recommend/", scenarios.recommend, name="scenario-recommend"),
    path("scenarios/<int:pk>/differences/<str:kind>/", scenarios.new_difference, name="difference-new"),
    path("differences/<int:pk>/", scenarios.change_difference, name="difference"),
    path("differences/<int:pk>/switch/", scenarios.toggle, name="difference-switch"),
    path("differences/<int:pk>/remove/", scenarios.drop_difference, name="difference-remove"),
    path("gaps/<int:pk>/levers/<int:lever>/", scenarios.from_gap, name="scenario-from-gap"),
]
