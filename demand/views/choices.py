"""What people may choose on the pages of the review."""

from typing import Any

from demand.queries.views import PlanView
from portfolio.models import Market


def filter_choices(view: PlanView) -> dict[str, Any]:
    """Families in the order of the tree, markets, and what is chosen."""
    tree = view.tree
    ordered = [key for top in tree.tops for key in tree.descendants(top)]
    families = [
        {
            "code": tree.families[key].code,
            "name": tree.families[key].name,
            "indent": "\u00a0\u00a0" * (tree.level(key) - 1),
        }
        for key in ordered
    ]
    return {"all_families": families, "all_markets": list(Market.objects.all()), "chosen": view.filters}
