"""What stands in the way of a gap, in the planner's words, from the names that the engine gives."""

from collections.abc import Iterable
from dataclasses import dataclass

from supply.words import months_in_words

ENDLESS = {
    "lead_time": "Nothing that is ordered or started now arrives in time",
    "shelf_life": "What is made earlier would be too old by then",
    "no_source": "No site makes, buys or ships it",
    "price": "Serving it in time costs more than it earns",
}
SENTENCES = {
    "resource": "{0} is full {when}",
    "production": "{0} is at its largest quantity {when}",
    "material": "{0} is used up {when}",
    "supplier": "{0} delivers no more {when}",
    "subcontract": "{0} delivers no more {when}",
    "lane": "The lane {0} is full {when}",
    "inbound": "{0} takes in no more {when}",
    "max_stock": "The store for {0} is full {when}",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Words for what a binding's subject stands for; what is not known keeps its code."""

    sites: dict[str, str]
    resources: dict[str, str]
    products: dict[str, str]
    suppliers: dict[str, str]
    places: dict[str, str]

    def words(self, kind: str, subject: str) -> str:
        """``"S1/LINE 2"`` as "Line 2 in Lyon"."""
        parts = subject.split("/")
        if kind == "resource":
            site, name = subject.split("/", 1)
            return f"{self.resources.get(name, name)} ({self.sites.get(site, site)})"
        if kind in {"production", "max_stock", "expedite"}:
            return f"{self._product(parts[0])} in {self.sites.get(parts[-1], parts[-1])}"
        if kind == "material":
            return self._material(subject)
        if kind == "supplier":
            return f"{self.suppliers.get(parts[0], parts[0])}: {self._material('/'.join(parts[1:]))}"
        if kind == "subcontract":
            return f"{self.suppliers.get(parts[0], parts[0])}: {self._product(parts[1])}"
        return " to ".join(self.places.get(part, part) for part in parts)

    def _product(self, code: str) -> str:
        return self.products.get(code, code)

    def _material(self, subject: str) -> str:
        code, _, site = subject.rpartition("@")
        return f"{self._product(code)} in {self.sites.get(site, site)}"


def cause_in_words(binding: Iterable[str], names: Names) -> str:
    """One sentence for each limit, months together: "Line 2 (Lyon) is full in February and March 2027"."""
    months: dict[tuple[str, str], list[str]] = {}
    for name in binding:
        kind, _, rest = name.partition(":")
        subject, _, month = rest.rpartition("@")
        months.setdefault((kind, subject), []).append(month)
    sentences = [_sentence(kind, subject, when, names) for (kind, subject), when in months.items()]
    return ". ".join(sentences) + "." if sentences else ""


def _sentence(kind: str, subject: str, months: list[str], names: Names) -> str:
    if kind in ENDLESS:
        return ENDLESS[kind]
    template = SENTENCES.get(kind, "{0} limits it {when}")
    return template.format(names.words(kind, subject), when=f"in {months_in_words(months)}")
