"""Addresses below /api/v1/cycles/."""

from rest_framework.routers import SimpleRouter

from cycles.api.views import CycleViewSet, RunViewSet, StageViewSet

app_name = "cycles_api"

router = SimpleRouter()
router.register("cycles", CycleViewSet, basename="cycle")
router.register("stages", StageViewSet, basename="stage")
router.register("runs", RunViewSet, basename="run")
urlpatterns = router.urls
