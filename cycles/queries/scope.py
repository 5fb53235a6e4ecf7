"""The part of the company that a person plans."""

from dataclasses import dataclass

from cycles.choices import Role
from cycles.models import User
from sop.reads import once


@dataclass(frozen=True)
class Scope:
    """Everything, or pairs of family and market codes in which an empty code means all."""

    everything: bool
    pairs: tuple[tuple[str, str], ...] = ()

    def allows(self, family_code: str, market_code: str) -> bool:
        """Whether a family in a market lies inside."""
        return self.everything or any(
            family in ("", family_code) and market in ("", market_code) for family, market in self.pairs
        )


@once
def scope_of(user: User) -> Scope:
    """Rows decide for roles that are scoped; a person who also holds an unscoped planning role sees all."""
    if user.roles & (Role.planning() - Role.scoped()):
        return Scope(everything=True)
    if not user.roles & Role.scoped():
        return Scope(everything=False)
    pairs = tuple((row.family_code, row.market_code) for row in user.scope_rows.all())
    return Scope(everything=("", "") in pairs, pairs=pairs)
