"""Endpoints of the portfolio: reading for everybody in the cycle, writing through the review's use cases."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cycles.api.permissions import TakesPartInCycle
from cycles.queries import current_cycle
from portfolio.actions.launches import Volume, decide_gate, drop_launch, save_launch
from portfolio.actions.phase_outs import RunOut, drop_phase_out, save_phase_out
from portfolio.actions.reviews import Push, decide_product
from portfolio.api.people import person_of
from portfolio.api.serializers import (
    EffectSerializer,
    LaunchSerializer,
    PhaseOutSerializer,
    ProductDecisionSerializer,
    ProductSerializer,
    VerdictSerializer,
)
from portfolio.models import Launch, PhaseOut, Product
from portfolio.queries.review import effects_of
from sop.errors import InvalidInput

REASON = OpenApiParameter("reason", str, required=True, description="Why it is taken out of the plan.")


class ProductViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Products with their master data."""

    serializer_class = ProductSerializer
    permission_classes = [TakesPartInCycle]
    queryset = Product.objects.select_related("family").order_by("code")
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    filterset_fields = ["kind", "status", "family__code"]

    @extend_schema(request=ProductDecisionSerializer, responses={200: ProductDecisionSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, code: str) -> Response:
        """Push, maintain or cut; a push with a percent changes the plan at once."""
        given = _given(ProductDecisionSerializer(data=request.data))
        percent, month = given.get("growth_percent"), given.get("first_month")
        if (percent is None) != (month is None):
            raise InvalidInput("The percent and its first month belong together.")
        review = decide_product(
            cycle=current_cycle(),
            by=person_of(request),
            code=code,
            decision=given["decision"],
            reason=given["reason"],
            owner=given.get("owner"),
            push=Push(percent, month) if percent and month else None,
        )
        return Response(ProductDecisionSerializer(review).data)


class LaunchViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Planned launches."""

    serializer_class = LaunchSerializer
    permission_classes = [TakesPartInCycle]
    queryset = (
        Launch.objects.filter(is_dropped=False)
        .select_related("product", "owner")
        .prefetch_related("references__product", "influences__product", "gate_decisions__by")
        .order_by("month", "product__code")
    )
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    @extend_schema(responses={201: LaunchSerializer})
    def create(self, request: Request) -> Response:
        """Plans a launch, or changes the one of this product."""
        given = _given(self.get_serializer(data=request.data))
        launch = save_launch(
            cycle=current_cycle(),
            by=person_of(request),
            product=given["product"]["code"],
            month=given["month"],
            gate=given["gate"],
            ramp_months=given["ramp_months"],
            references=[(like["product"]["code"], like["percent"]) for like in given["references"]],
            influences=[(one["product"]["code"], one["percent"]) for one in given.get("influences", [])],
            volume=Volume(
                given["basis"],
                given["copy_percent"],
                given.get("full_units"),
                given.get("innovators"),
                given.get("imitators"),
            ),
            takes_from_like=given.get("takes_from_like", True),
            owner=given.get("owner"),
            note=given.get("note", ""),
        )
        return Response(self.get_serializer(launch).data, status=201)

    @extend_schema(parameters=[REASON], responses={204: None})
    def destroy(self, request: Request, code: str) -> Response:
        """Stops a launch."""
        reason = request.query_params.get("reason", "")
        drop_launch(cycle=current_cycle(), by=person_of(request), code=code, reason=reason)
        return Response(status=204)

    @extend_schema(request=VerdictSerializer, responses={200: LaunchSerializer})
    @action(detail=True, methods=["post"])
    def verdict(self, request: Request, code: str) -> Response:
        """Go (to the next gate), hold (out of the plan) or kill."""
        given = _given(VerdictSerializer(data=request.data))
        launch = decide_gate(cycle=current_cycle(), by=person_of(request), code=code, **given)
        return Response(self.get_serializer(launch).data)


class EffectsView(APIView):
    """What launches, phase-outs and pushes do to the demand plan of the open cycle."""

    permission_classes = [TakesPartInCycle]

    @extend_schema(responses={200: EffectSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """One row per change and role, by month; what is not planned is what it would do."""
        rows = effects_of(current_cycle())
        return Response(EffectSerializer(rows, many=True, context={"request": request}).data)


class PhaseOutViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Planned phase-outs."""

    serializer_class = PhaseOutSerializer
    permission_classes = [TakesPartInCycle]
    queryset = (
        PhaseOut.objects.filter(is_dropped=False)
        .select_related("product", "successor", "owner")
        .order_by("end_month", "product__code")
    )
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    @extend_schema(responses={201: PhaseOutSerializer})
    def create(self, request: Request) -> Response:
        """Plans the end of a product, or changes the planned one."""
        given = _given(self.get_serializer(data=request.data))
        successor = given.get("successor") or {}
        phase_out = save_phase_out(
            cycle=current_cycle(),
            by=person_of(request),
            product=given["product"]["code"],
            end_month=given["end_month"],
            run_out_months=given["run_out_months"],
            run_out_units=given.get("run_out_units"),
            successor=successor.get("code", "") if isinstance(successor, dict) else "",
            no_successor=given.get("no_successor", False),
            successor_percent=given["successor_percent"],
            curve=given["curve"],
            run_out=RunOut(given.get("coming_units"), given.get("last_order"), given["salvage_percent"]),
            owner=given.get("owner"),
            note=given.get("note", ""),
        )
        return Response(self.get_serializer(phase_out).data, status=201)

    @extend_schema(parameters=[REASON], responses={204: None})
    def destroy(self, request: Request, code: str) -> Response:
        """The product stays after all."""
        reason = request.query_params.get("reason", "")
        drop_phase_out(cycle=current_cycle(), by=person_of(request), code=code, reason=reason)
        return Response(status=204)


def _given(serializer: "serializers.BaseSerializer[Any]") -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values
