"""Addresses below /api/v1/portfolio/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from portfolio.api.views import EffectsView, LaunchViewSet, PhaseOutViewSet, ProductViewSet

app_name = "portfolio_api"

router = SimpleRouter()
router.register("products", ProductViewSet, basename="product")
router.register("launches", LaunchViewSet, basename="launch")
router.register("phase-outs", PhaseOutViewSet, basename="phase-out")
urlpatterns = [path("effects/", EffectsView.as_view(), name="effects"), *router.urls]
