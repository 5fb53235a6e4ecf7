"""Addresses below /api/v1/executive/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from executive.api.views import (
    ApproveView,
    BriefView,
    DecisionViewSet,
    OperatingPlanViewSet,
    SendBackView,
)

app_name = "executive_api"

router = SimpleRouter()
router.register("decisions", DecisionViewSet, basename="decision")
router.register("plans", OperatingPlanViewSet, basename="plan")
urlpatterns = [
    path("brief/", BriefView.as_view(), name="brief"),
    path("approve/", ApproveView.as_view(), name="approve"),
    path("send-back/", SendBackView.as_view(), name="send-back"),
    *router.urls,
]
