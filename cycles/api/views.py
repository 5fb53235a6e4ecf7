"""Endpoints of the cycle: they parse, call one use case and answer."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cycles.actions.cycle import open_cycle, open_next_cycle
from cycles.actions.runs import cancel_run
from cycles.actions.stages import perform
from cycles.api.permissions import TakesPartInCycle
from cycles.api.serializers import (
    ActSerializer,
    CycleSerializer,
    OpenCycleSerializer,
    RunSerializer,
    SignOffSerializer,
    StageDetailSerializer,
)
from cycles.choices import Act
from cycles.models import Cycle, Run, Stage, User


def _person(request: Request) -> User:
    return cast("User", request.user)


class CycleViewSet(viewsets.ReadOnlyModelViewSet):
    """Cycles with their stages, newest first."""

    queryset = Cycle.objects.prefetch_related(
        "stages__signed_by", "stages__submitted_by", "stages__signed_version"
    )
    serializer_class = CycleSerializer
    permission_classes = [TakesPartInCycle]
    filterset_fields = ["state", "month"]

    @extend_schema(request=OpenCycleSerializer, responses={201: CycleSerializer})
    @action(detail=False, methods=["post"], url_path="open")
    def open_one(self, request: Request) -> Response:
        """Opens the first cycle (with a month), or closes the running one and opens the next."""
        given = OpenCycleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        cycle = (
            open_cycle(by=_person(request), **values)
            if "month" in values
            else open_next_cycle(by=_person(request))
        )
        return Response(self.get_serializer(cycle).data, status=status.HTTP_201_CREATED)


class StageViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """One stage with the checks of its gate."""

    queryset = Stage.objects.select_related("cycle", "signed_by", "submitted_by", "signed_version")
    serializer_class = StageDetailSerializer
    permission_classes = [TakesPartInCycle]

    @extend_schema(request=ActSerializer, responses={200: SignOffSerializer})
    @action(detail=True, methods=["post"])
    def act(self, request: Request, pk: str | None = None) -> Response:
        """Performs an act of the table of transitions: open, submit, withdraw, send_back, sign, reopen."""
        given = ActSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        sign_off = perform(
            stage=self.get_object(),
            act=Act(values["act"]),
            by=_person(request),
            comment=values["comment"],
            expected_rev=values.get("rev"),
        )
        return Response(SignOffSerializer(sign_off).data)


class RunViewSet(viewsets.ReadOnlyModelViewSet):
    """Background runs; poll one for its progress."""

    queryset = Run.objects.filter(parent=None).select_related("by")
    serializer_class = RunSerializer
    permission_classes = [TakesPartInCycle]
    filterset_fields = ["kind", "state"]

    @extend_schema(request=None, responses={200: RunSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Stops a run of one's own; the process owner stops any."""
        run = self.get_object()
        cancel_run(run=run, by=_person(request))
        run.refresh_from_db()
        return Response(self.get_serializer(run).data)
