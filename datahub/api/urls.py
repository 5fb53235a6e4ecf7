"""Addresses below /api/v1/datahub/."""

from rest_framework.routers import SimpleRouter

from datahub.api.views import ImportBatchViewSet

app_name = "datahub_api"

router = SimpleRouter()
router.register("imports", ImportBatchViewSet, basename="import")
urlpatterns = router.urls
