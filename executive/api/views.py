"""Endpoints of the executive review: they parse, call one use case and answer."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cycles.api.permissions import TakesPartInCycle
from cycles.choices import StageKind, Verdict
from cycles.models import Decision, User
from cycles.queries import current_cycle
from executive.actions.approval import approve, send_back
from executive.actions.decisions import decide
from executive.api.serializers import (
    AnswerSerializer,
    ApprovalSerializer,
    BriefSerializer,
    DecisionSerializer,
    OperatingPlanSerializer,
    SendBackSerializer,
)
from executive.models import Brief, OperatingPlan
from executive.queries import decisions_of
from reconciliation.api.serializers import PnlLineSerializer
from reconciliation.models import PnlLine
from reconciliation.queries.scenarios import visible_rows
from sop.errors import NotFound


def _person(request: Request) -> User:
    """The signed-in person; the permission class let nobody else in."""
    return cast("User", request.user)


class BriefView(APIView):
    """What is asked of the executives in the current cycle."""

    permission_classes = [TakesPartInCycle]

    @extend_schema(responses={200: BriefSerializer})
    def get(self, request: Request) -> Response:
        """The headline and the note."""
        brief = Brief.objects.filter(cycle=current_cycle()).first()
        if brief is None:
            raise NotFound("There is no brief yet: it is made when finance signs the reconciliation review.")
        return Response(BriefSerializer(brief).data)


class ApproveView(APIView):
    """Approval publishes the operating plan."""

    permission_classes = [TakesPartInCycle]

    @extend_schema(request=ApprovalSerializer, responses={201: OperatingPlanSerializer})
    def post(self, request: Request) -> Response:
        """The sponsor's signature."""
        given = ApprovalSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        plan = approve(cycle=current_cycle(), by=_person(request), **given.validated_data)
        return Response(OperatingPlanSerializer(plan).data, status=status.HTTP_201_CREATED)


class SendBackView(APIView):
    """Sends the plan back to the review that has to change it."""

    permission_classes = [TakesPartInCycle]

    @extend_schema(request=SendBackSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """With a reason."""
        given = SendBackSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        send_back(
            cycle=current_cycle(),
            by=_person(request),
            to=StageKind(values["to"]),
            reason=values["reason"],
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class DecisionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Decisions of the executive review of the current cycle."""

    serializer_class = DecisionSerializer
    permission_classes = [TakesPartInCycle]
    filterset_fields = ["verdict"]
    queryset = Decision.objects.none()

    def get_queryset(self) -> QuerySet[Decision]:
        if getattr(self, "swagger_fake_view", False):
            return Decision.objects.none()
        return decisions_of(current_cycle())

    @extend_schema(request=AnswerSerializer, responses={200: DecisionSerializer})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str | None = None) -> Response:
        """Yes, no or discuss."""
        given = AnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(given.validated_data)
        verdict = Verdict(values.pop("verdict"))
        decide(decision=self.get_object(), by=_person(request), verdict=verdict, **values)
        return Response(self.get_serializer(self.get_object()).data)


class OperatingPlanViewSet(viewsets.ReadOnlyModelViewSet):
    """Approved operating plans, newest first."""

    queryset = OperatingPlan.objects.select_related("cycle", "approved_by", "version").order_by(
        "-cycle__month"
    )
    serializer_class = OperatingPlanSerializer
    permission_classes = [TakesPartInCycle]
    filterset_fields = ["cycle"]

    @extend_schema(responses={200: PnlLineSerializer(many=True)})
    @action(detail=True, methods=["get"], filterset_fields=[])
    def lines(self, request: Request, pk: str | None = None) -> Response:
        """The plan by family and month: minor units, quanta in rows of units."""
        rows = PnlLine.objects.filter(
            version=self.get_object().version, row__in=visible_rows(_person(request))
        )
        page = self.paginate_queryset(rows.select_related("family").order_by("family__code", "month", "row"))
        return self.get_paginated_response(PnlLineSerializer(page, many=True).data)
