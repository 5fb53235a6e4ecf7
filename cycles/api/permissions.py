"""Who may use the API of the rooms: the same predicates as the pages."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from cycles.permissions import can_view_plan


class TakesPartInCycle(BasePermission):
    """People with a planning role; administrators see no figures."""

    message = "This is for people with a planning role."

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated and can_view_plan(request.user))
