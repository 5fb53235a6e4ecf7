"""The application's addresses and a few that refuse or fail on purpose."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from sop import urls
from sop.csp import chart_page
from sop.errors import (
    Conflict,
    InvalidInput,
    Locked,
    NotAllowed,
    NotFound,
    ReasonNeeded,
    Unavailable,
    WrongState,
)

REFUSALS = {
    "input": InvalidInput(
        "The file has no column month.", errors=[{"file": "a.csv", "row": 3, "column": "month"}]
    ),
    "allowed": NotAllowed("Only finance signs this stage."),
    "found": NotFound("No such scenario."),
    "state": WrongState("The stage is not open."),
    "conflict": Conflict("Somebody else changed one cell.", errors=[{"node": "p:1", "seen": 1, "now": 2}]),
    "reason": ReasonNeeded("Give a reason for a change above 10 %."),
    "locked": Locked("The plan is signed."),
    "unavailable": Unavailable("The worker is down."),
}


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    raise REFUSALS[kind]


def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("an inner detail")


def database_down(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection to server at 10.0.0.3 failed")


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


class Line(serializers.Serializer):
    month = serializers.DateField()
    units = serializers.IntegerField(min_value=0)


@api_view(["POST"])
def api_lines(request: Request) -> Response:
    lines = Line(data=request.data, many=True)
    lines.is_valid(raise_exception=True)
    return Response(lines.data)


@api_view(["GET"])
def api_refuse(request: Request, kind: str) -> Response:
    raise REFUSALS[kind]


urlpatterns = [
    path("test/page/", page),
    path("test/chart/", chart_page(page)),
    path("test/fail/", fail),
    path("test/down/", database_down),
    path("api/v1/test/down/", database_down),
    path("test/refuse/<kind>/", refuse),
    path("api/v1/test/lines/", api_lines),
    path("api/v1/test/refuse/<kind>/", api_refuse),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
