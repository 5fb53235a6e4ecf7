"""Addresses below /api/v1/demand/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from demand.api.views import BaselineView, EditView, PlanLineViewSet, UndoView

app_name = "demand_api"

router = SimpleRouter()
router.register("lines", PlanLineViewSet, basename="line")
urlpatterns = [
    *router.urls,
    path("edits/", EditView.as_view(), name="edits"),
    path("undo/", UndoView.as_view(), name="undo"),
    path("baseline/", BaselineView.as_view(), name="baseline"),
]
