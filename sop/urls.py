"""Every address of the application: one prefix per room, and one per room below /api/v1/."""

from django.contrib import admin
from django.urls import include, path

from sop import health, token_views
from sop.api.document import ApiDocument, ApiViewer

urlpatterns = [
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("account/api-token/", token_views.api_token, name="api-token"),
    path("account/api-token/new/", token_views.new_api_token, name="new-api-token"),
    path("account/api-token/end/", token_views.end_api_token, name="end-api-token"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", ApiDocument.as_view(), name="api-schema"),
    path("api/docs/", ApiViewer.as_view(url_name="api-schema"), name="api-docs"),
    path("api/v1/cycles/", include("cycles.api.urls")),
    path("api/v1/datahub/", include("datahub.api.urls")),
    path("api/v1/portfolio/", include("portfolio.api.urls")),
    path("api/v1/demand/", include("demand.api.urls")),
    path("api/v1/supply/", include("supply.api.urls")),
    path("api/v1/reconciliation/", include("reconciliation.api.urls")),
    path("api/v1/kpis/", include("kpis.api.urls")),
    path("api/v1/executive/", include("executive.api.urls")),
    # The first page after signing in is each role's own; the cycle is the ground everybody stands on, so
    # neither has a prefix.
    path("", include("kpis.home_urls")),
    path("", include("cycles.urls")),
    path("data/", include("datahub.urls")),
    path("product/", include("portfolio.urls")),
    path("demand/", include("demand.urls")),
    path("supply/", include("supply.urls")),
    path("reconciliation/", include("reconciliation.urls")),
    path("kpis/", include("kpis.urls")),
    path("executive/", include("executive.urls")),
]

handler400 = "sop.error_views.bad_request"
handler403 = "sop.error_views.forbidden"
handler404 = "sop.error_views.not_found"
handler500 = "sop.error_views.broken"
