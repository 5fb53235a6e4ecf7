"""Addresses below /api/v1/reconciliation/."""

from rest_framework.routers import SimpleRouter

from reconciliation.api.views import DifferenceViewSet, ScenarioViewSet

app_name = "reconciliation_api"

router = SimpleRouter()
router.register("scenarios", ScenarioViewSet, basename="scenario")
router.register("differences", DifferenceViewSet, basename="difference")
urlpatterns = router.urls
