"""Endpoints of reconciliation: they parse, call one use case and answer."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cycles.api.permissions import TakesPartInCycle
from cycles.api.serializers import RunSerializer
from cycles.models import User
from cycles.queries import current_cycle
from reconciliation.actions.scenarios import (
    add_difference,
    create_scenario,
    edit_difference,
    recommend_scenario,
    remove_difference,
    remove_scenario,
    request_scenario,
    toggle_difference,
)
from reconciliation.api.serializers import (
    DifferenceSerializer,
    NewDifferenceSerializer,
    NewScenarioSerializer,
    PnlLineSerializer,
    ScenarioSerializer,
    SwitchSerializer,
)
from reconciliation.choices import DifferenceKind
from reconciliation.models import PnlLine, Scenario, ScenarioDifference
from reconciliation.queries.scenarios import visible_rows


def _person(request: Request) -> User:
    """The signed-in person; the permission class let nobody else in."""
    return cast("User", request.user)


def given(serializer: Any) -> dict[str, Any]:
    """The validated values of a request."""
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values


class ScenarioViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Scenarios of a cycle with their differences."""

    queryset = (
        Scenario.objects.select_related("cycle").prefetch_related("differences").order_by("-cycle", "pk")
    )
    serializer_class = ScenarioSerializer
    permission_classes = [TakesPartInCycle]
    filterset_fields = ["cycle", "state", "is_baseline", "is_recommended"]

    @extend_schema(request=NewScenarioSerializer, responses={201: ScenarioSerializer})
    def create(self, request: Request) -> Response:
        """A scenario of the open cycle, empty or with the differences of another."""
        values = given(NewScenarioSerializer(data=request.data))
        scenario = create_scenario(cycle=current_cycle(), by=_person(request), **values)
        return Response(self.get_serializer(scenario).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Drops a scenario."""
        remove_scenario(scenario=self.get_object(), by=_person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=NewDifferenceSerializer, responses={201: DifferenceSerializer})
    @action(detail=True, methods=["post"], url_path="differences")
    def add(self, request: Request, pk: str | None = None) -> Response:
        """Puts a difference on a scenario."""
        values = given(NewDifferenceSerializer(data=request.data))
        difference = add_difference(
            scenario=self.get_object(),
            by=_person(request),
            kind=DifferenceKind(values["kind"]),
            params=values["params"],
            one_off_cost=values["one_off_cost"],
        )
        shown = DifferenceSerializer(difference, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={202: RunSerializer})
    @action(detail=True, methods=["post"])
    def compute(self, request: Request, pk: str | None = None) -> Response:
        """Solves a scenario in the background; poll the run."""
        run = request_scenario(scenario=self.get_object(), by=_person(request))
        return Response(RunSerializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={200: ScenarioSerializer})
    @action(detail=True, methods=["post"])
    def recommend(self, request: Request, pk: str | None = None) -> Response:
        """Marks the scenario that goes to the executives."""
        scenario = self.get_object()
        recommend_scenario(scenario=scenario, by=_person(request))
        return Response(self.get_serializer(scenario).data)

    @extend_schema(responses={200: PnlLineSerializer(many=True)})
    @action(detail=True, methods=["get"], filterset_fields=[])
    def pnl(self, request: Request, pk: str | None = None) -> Response:
        """The P&L by family and month: minor units, quanta in rows of units."""
        scenario = self.get_object()
        lines = PnlLine.objects.filter(version=scenario.version, row__in=visible_rows(_person(request)))
        page = self.paginate_queryset(lines.select_related("family").order_by("family__code", "month", "row"))
        return self.get_paginated_response(PnlLineSerializer(page, many=True).data)


class DifferenceViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """One difference."""

    queryset = ScenarioDifference.objects.select_related("scenario__cycle")
    serializer_class = DifferenceSerializer
    permission_classes = [TakesPartInCycle]

    @extend_schema(request=NewDifferenceSerializer, responses={200: DifferenceSerializer})
    def update(self, request: Request, pk: str | None = None) -> Response:
        """Other parameters; the kind stays."""
        difference = self.get_object()
        values = given(NewDifferenceSerializer(data=dict(request.data, kind=difference.kind)))
        edit_difference(
            difference=difference,
            by=_person(request),
            params=values["params"],
            one_off_cost=values["one_off_cost"],
        )
        return Response(self.get_serializer(difference).data)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Takes a difference out."""
        remove_difference(difference=self.get_object(), by=_person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=SwitchSerializer, responses={200: DifferenceSerializer})
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str | None = None) -> Response:
        """Switches a difference on or off."""
        difference = self.get_object()
        active = given(SwitchSerializer(data=request.data))["active"]
        toggle_difference(difference=difference, by=_person(request), active=active)
        return Response(self.get_serializer(difference).data)
