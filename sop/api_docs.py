"""The OpenAPI document and its viewer, both served from here and both behind sign-in."""

from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from sop.csp import inline_styles


class ApiDocument(SpectacularAPIView):
    """The OpenAPI document."""


@method_decorator(inline_styles, name="dispatch")
class ApiViewer(SpectacularSwaggerSplitView):
    """Swagger UI with its script in a file of its own, since inline script is barred; its styles are inline."""
