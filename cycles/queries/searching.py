"""The search box: pages by their names, and what the rooms know by a code or a name."""

from django.urls import reverse

from cycles.models import User
from cycles.queries.shell import STAGE_PAGES
from cycles.registry import registry, resolve

MOST_HITS = 50

# Label, kind in words, address.
Hit = tuple[str, str, str]


def find(text: str, user: User) -> list[Hit]:
    """Pages first, then things; a page is found by all the words of the text, a thing by the text as a whole."""
    if not text:
        return []
    words = text.lower().split()
    named = [*((str(kind.label), page) for kind, page in STAGE_PAGES.items()), *registry.pages]
    pages = [
        (label, "Page", reverse(page))
        for label, page in named
        if all(word in label.lower() for word in words)
    ]
    things = [hit for function in registry.searches for hit in resolve(function)(text, user)]
    return [*pages, *things][:MOST_HITS]
