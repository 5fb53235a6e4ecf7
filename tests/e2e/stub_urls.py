"""The addresses that the shell links to, so that its templates can be drawn without the rooms."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse()


def room(name: str, *more: tuple[str, str]) -> tuple[list[object], str]:
    return [path(address, nothing, name=word) for word, address in (("home", ""), *more)], name


CYCLE = (
    ("search", "search/"),
    ("run", "runs/<int:pk>/"),
    ("run-cancel", "runs/<int:pk>/cancel/"),
    ("stage-act", "stages/<int:pk>/<str:act>/"),
    ("profile", "profile/"),
    ("theme", "theme/"),
)
ROOMS = ["datahub", "portfolio", "demand", "supply", "reconciliation", "executive", "kpis"]

urlpatterns = [
    path("", nothing, name="home"),
    path("cycle/", include(room("cycles", *CYCLE))),
    *(path(f"{name}/", include(room(name))) for name in ROOMS),
    path("account/logout/", nothing, name="account_logout"),
    path("account/password/", nothing, name="account_change_password"),
]
