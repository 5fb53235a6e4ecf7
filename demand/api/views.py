"""Endpoints of the demand plan: the same use cases and rights as the grid."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cycles.api.permissions import TakesPartInCycle
from cycles.models import Assumption, Version
from cycles.queries import current_cycle
from demand.actions.baseline import start_baseline
from demand.actions.edits import Edit, EditResult, edit_cells
from demand.actions.undo import undo_changes
from demand.api.serializers import (
    ActionSerializer,
    PlanLineSerializer,
    RunStartedSerializer,
    SavedSerializer,
    UndoSerializer,
)
from demand.models import DemandFact
from demand.queries import visible_streams
from demand.queries.progress import plan_version
from demand.queries.units import require_unit
from portfolio.api.people import person_of
from portfolio.queries import family_tree
from sop.errors import InvalidInput, NotFound
from sop.periods import parse_month

TEXT_FILTERS = ("product", "family", "market", "first_month", "last_month", "version")


class PlanLineViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Lines of the demand plan, one per product, market and month, inside the person's scope."""

    serializer_class = PlanLineSerializer
    permission_classes = [TakesPartInCycle]
    queryset = DemandFact.objects.none()

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in TEXT_FILTERS])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Lines of the running plan, or of the ``version`` named by its key; family includes those below it."""
        return super().list(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[DemandFact]:
        asked = {name: self.request.query_params.get(name, "") for name in TEXT_FILTERS}
        lines = DemandFact.objects.filter(
            version=_version(asked["version"]),
            stream__in=visible_streams(person_of(self.request)),
        ).select_related("stream__product__family", "stream__market")
        if asked["product"]:
            lines = lines.filter(stream__product__code=asked["product"])
        if asked["market"]:
            lines = lines.filter(stream__market__code=asked["market"])
        if asked["family"]:
            lines = lines.filter(stream__product__family_id__in=_family_keys(asked["family"]))
        return _in_months(lines, asked).order_by("stream_id", "month")


def _version(text: str) -> Version:
    if not text:
        return plan_version(current_cycle())
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidInput("version: give its key, a whole number.")
    version = Version.objects.filter(pk=int(text), kind="demand").first()
    if version is None:
        raise NotFound(f"There is no demand plan {text}.")
    return version


def _family_keys(code: str) -> list[int]:
    tree = family_tree()
    family = tree.by_code(code)
    return tree.descendants(family.pk) if family else []


def _in_months(lines: QuerySet[DemandFact], asked: dict[str, str]) -> QuerySet[DemandFact]:
    try:
        if asked["first_month"]:
            lines = lines.filter(month__gte=parse_month(asked["first_month"]))
        if asked["last_month"]:
            lines = lines.filter(month__lte=parse_month(asked["last_month"]))
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    return lines


class _Post(GenericAPIView):
    permission_classes = [TakesPartInCycle]

    def given(self, request: Request) -> dict[str, Any]:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values


class EditView(_Post):
    """Change figures at any level."""

    serializer_class = ActionSerializer

    @extend_schema(responses=SavedSerializer)
    def post(self, request: Request) -> Response:
        """One action: its entries are applied in order, or none of them."""
        given = self.given(request)
        require_unit(person_of(request), given["unit"])
        result = edit_cells(
            version=plan_version(current_cycle()),
            by=person_of(request),
            edits=[_edit(entry) for entry in given["edits"]],
            reason_code=given["reason"],
            comment=given["comment"],
            assumption=_assumption(given["assumption"]),
            action_id=given.get("action_id"),
            unit=given["unit"],
            filters=dict(given.get("filters") or {}),
            source="api",
        )
        return Response(_saved(result))


def _edit(entry: dict[str, Any]) -> Edit:
    try:
        month = parse_month(entry["month"])
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    return Edit(
        entry["node"],
        entry["measure"],
        month,
        entry["operation"],
        entry["value"],
        entry.get("seen"),
        "seen" in entry,
    )


def _assumption(key: int | None) -> Assumption | None:
    if key is None:
        return None
    found = Assumption.objects.filter(pk=key).first()
    if found is None:
        raise InvalidInput("assumption: there is no such assumption.")
    return found


def _saved(result: EditResult) -> dict[str, Any]:
    return {
        "change_ids": [change.pk for change in result.changes],
        "rev": result.rev,
        "message": result.message,
        "cells": result.cells,
        "locked": result.locked,
    }


class UndoView(_Post):
    """Take changes back."""

    serializer_class = UndoSerializer

    @extend_schema(responses=SavedSerializer)
    def post(self, request: Request) -> Response:
        """An undo is a change of its own and can be undone."""
        given = self.given(request)
        result = undo_changes(
            version=plan_version(current_cycle()),
            by=person_of(request),
            change_ids=given["change_ids"],
            action_id=given.get("action_id"),
        )
        return Response(_saved(result))


class BaselineView(GenericAPIView):
    """Run the statistical baseline."""

    permission_classes = [TakesPartInCycle]
    serializer_class = RunStartedSerializer

    @extend_schema(request=None, responses={202: RunStartedSerializer})
    def post(self, request: Request) -> Response:
        """The same data give the same run."""
        run = start_baseline(cycle=current_cycle(), by=person_of(request))
        return Response({"run": run.pk, "state": run.state}, status=202)
