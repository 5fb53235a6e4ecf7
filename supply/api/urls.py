"""Addresses below /api/v1/supply/."""

from rest_framework.routers import SimpleRouter

from supply.api.views import GapViewSet, PlanViewSet, ProductSiteViewSet, ResourceViewSet, StreamViewSet

app_name = "supply_api"

router = SimpleRouter()
router.register("plan", PlanViewSet, basename="plan")
router.register("product-sites", ProductSiteViewSet, basename="product-site")
router.register("streams", StreamViewSet, basename="stream")
router.register("resources", ResourceViewSet, basename="resource")
router.register("gaps", GapViewSet, basename="gap")
urlpatterns = router.urls
