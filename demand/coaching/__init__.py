"""What people's entries have been worth, and what that says of the next one. Pure Python and NumPy, no Django."""

from demand.coaching.cases import LEVELS, SIZES, Case, edit_case, size_class
from demand.coaching.credibility import Pulled, credibility
from demand.coaching.skill import ENOUGH_CASES, Group, Record, Skills

__all__ = [
    "ENOUGH_CASES",
    "LEVELS",
    "SIZES",
    "Case",
    "Group",
    "Pulled",
    "Record",
    "Skills",
    "credibility",
    "edit_case",
    "size_class",
]
