"""Where the content security policy is relaxed: styles only, on pages that draw charts."""

from collections.abc import Callable
from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.generic.base import View

# The chart library sets style attributes on what it draws; scripts stay limited to our own files.
inline_styles: Callable[..., Any] = csp_update({"style-src": [UNSAFE_INLINE]})
chart_page = inline_styles


class ChartPageMixin(View):
    """For class-based views whose page draws charts."""

    @method_decorator(chart_page)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)
