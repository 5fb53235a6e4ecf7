"""The family tree, read once: a few dozen families that nearly every page walks up and down."""

from collections import defaultdict
from dataclasses import dataclass, field

from portfolio.models import Family
from sop.reads import once


@dataclass(frozen=True)
class FamilyTree:
    """Families by key with their children, in the order of their codes."""

    families: dict[int, Family]
    children: dict[int | None, list[int]] = field(default_factory=dict)

    def ancestors(self, family_id: int) -> list[int]:
        """The families above one, the nearest first."""
        above = []
        parent = self.families[family_id].parent_id
        while parent is not None:
            above.append(parent)
            parent = self.families[parent].parent_id
        return above

    def descendants(self, family_id: int) -> list[int]:
        """The family itself and all below it."""
        found = [family_id]
        for child in self.children.get(family_id, []):
            found += self.descendants(child)
        return found

    def level(self, family_id: int) -> int:
        """1 for a top family, 2 for its children ..."""
        return len(self.ancestors(family_id)) + 1

    @property
    def depth(self) -> int:
        """Levels of families; 1 for a flat list."""
        return max((self.level(family) for family in self.families), default=1)

    @property
    def tops(self) -> list[int]:
        return self.children.get(None, [])

    def by_code(self, code: str) -> Family | None:
        return next((family for family in self.families.values() if family.code == code), None)


@once
def family_tree() -> FamilyTree:
    """The whole tree in one query."""
    families = {family.pk: family for family in Family.objects.order_by("code")}
    children: dict[int | None, list[int]] = defaultdict(list)
    for family in families.values():
        children[family.parent_id].append(family.pk)
    return FamilyTree(families, dict(children))
