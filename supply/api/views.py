"""Endpoints of the supply plan: they read the plan that is shown, or ask for a new one."""

from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from cycles.api.permissions import TakesPartInCycle
from cycles.queries import current_cycle
from supply.actions.plan import request_supply_plan
from supply.api.serializers import (
    GapSerializer,
    PlanRunSerializer,
    PlanSerializer,
    ProductSiteSerializer,
    ResourceSerializer,
    StreamSerializer,
)
from supply.models import ProductSiteFact, ResourceFact, StreamFact, SupplyGap
from supply.queries.plans import required_plan


class PlanViewSet(viewsets.ViewSet):
    """The supply plan of the running cycle: the signed one, else the latest."""

    permission_classes = [TakesPartInCycle]

    @extend_schema(responses={200: PlanSerializer}, operation_id="supply_plan")
    def list(self, request: Request) -> Response:
        """What the plan was made from and what it comes to."""
        plan = required_plan(current_cycle())
        return Response(PlanSerializer(plan, context={"request": request}).data)

    @extend_schema(request=None, responses={202: PlanRunSerializer}, operation_id="supply_plan_run")
    def create(self, request: Request) -> Response:
        """Asks for a plan on the signed demand plan; the same inputs give the run that is there."""
        run = request_supply_plan(cycle=current_cycle(), by=request.user)  # type: ignore[arg-type]
        return Response(PlanRunSerializer(run).data, status=status.HTTP_202_ACCEPTED)


class PlanLines(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Lines of the plan that is shown."""

    permission_classes = [TakesPartInCycle]
    model: type[Model]
    related: tuple[str, ...]
    ordering: tuple[str, ...]

    def get_queryset(self) -> QuerySet[Any]:
        lines = self.model._default_manager.select_related(*self.related).order_by(*self.ordering)
        if getattr(self, "swagger_fake_view", False):
            return lines.none()
        return lines.filter(version=required_plan(current_cycle()))


class ProductSiteViewSet(PlanLines):
    """Balance of each product and site by month."""

    model, queryset = ProductSiteFact, ProductSiteFact.objects.none()
    serializer_class = ProductSiteSerializer
    related, ordering = ("product", "site"), ("product__code", "site__code", "month")
    filterset_fields = ["product__code", "site__code", "month"]


class StreamViewSet(PlanLines):
    """What each product and market gets by month."""

    model, queryset = StreamFact, StreamFact.objects.none()
    serializer_class = StreamSerializer
    related, ordering = (
        ("stream__product", "stream__market"),
        ("stream__product__code", "stream__market__code", "month"),
    )
    filterset_fields = ["stream__product__code", "stream__market__code", "month"]


class ResourceViewSet(PlanLines):
    """Load of each resource by month."""

    model, queryset = ResourceFact, ResourceFact.objects.none()
    serializer_class = ResourceSerializer
    related, ordering = ("resource__site",), ("resource__code", "month")
    filterset_fields = ["resource__code", "month"]


class GapViewSet(PlanLines):
    """Sales not served in time, the most expensive first, with cause and levers."""

    model, queryset = SupplyGap, SupplyGap.objects.none()
    serializer_class = GapSerializer
    related, ordering = ("stream__product", "stream__market"), ("-revenue_minor", "pk")
    filterset_fields = ["stream__product__code", "stream__market__code", "month"]
