"""How long lists are cut into pages."""

from rest_framework import pagination


class Pages(pagination.PageNumberPagination):
    """``?page=2&page_size=500``; at most a thousand rows at a time."""

    page_size_query_param = "page_size"
    max_page_size = 1000
