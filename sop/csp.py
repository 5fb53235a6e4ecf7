"""Where the content security policy is relaxed: styles only, on pages that draw charts."""

from collections.abc import Callable
from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update

# The chart library sets style attributes on what it draws; scripts stay limited to our own files.
inline_styles: Callable[..., Any] = csp_update({"style-src": [UNSAFE_INLINE]})
chart_page = inline_styles
