"""Every address of the application: one prefix per room, and one per room below /api/v1/."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from sop import health, token_views
from sop.api.document import ApiDocument, ApiViewer

# (room, where its pages are). The cycle is the ground everybody stands on, so its pages have no prefix.
ROOM_PAGES = [
    ("cycles", ""),
    ("datahub", "data/"),
    ("portfolio", "product/"),
    ("demand", "demand/"),
    ("supply", "supply/"),
    ("reconciliation", "reconciliation/"),
    ("kpis", "kpis/"),
    ("executive", "executive/"),
]


def _urls_of(module: str, prefix: str) -> list[URLPattern | URLResolver]:
    return [path(prefix, include(module))] if find_spec(module) else []


def _room_pages() -> list[URLPattern | URLResolver]:
    return [entry for room, prefix in ROOM_PAGES for entry in _urls_of(f"{room}.urls", prefix)]


def _room_apis() -> list[URLPattern | URLResolver]:
    rooms = [room for room, _ in ROOM_PAGES if find_spec(f"{room}.api")]
    return [entry for room in rooms for entry in _urls_of(f"{room}.api.urls", f"api/v1/{room}/")]


def _home() -> list[URLPattern | URLResolver]:
    """The first page after signing in: each role's own where a room offers it, else the cycle."""
    to_the_cycle = path("", RedirectView.as_view(pattern_name="cycles:home"), name="home")
    return _urls_of("kpis.home_urls", "") or [to_the_cycle]


urlpatterns = [
    *_home(),
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
    *_room_apis(),
    *_room_pages(),
]

handler400 = "sop.error_views.bad_request"
handler403 = "sop.error_views.forbidden"
handler404 = "sop.error_views.not_found"
handler500 = "sop.error_views.broken"
