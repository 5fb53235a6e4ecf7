"""Addresses below /api/v1/kpis/."""

from rest_framework.routers import SimpleRouter

from kpis.api.views import KpiValueViewSet

app_name = "kpis_api"

router = SimpleRouter()
router.register("values", KpiValueViewSet, basename="value")
urlpatterns = router.urls
