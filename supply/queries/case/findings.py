"""What the way from imports to the planner had to assume, in words that stand beside the plan."""

from dataclasses import dataclass, field

SHOWN = 5


@dataclass(slots=True)
class Findings:
    """Findings by kind, each with the codes that it concerns."""

    _words: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, kind: str, words: str, code: str) -> None:
        """One more code with the same finding; a repeated one counts once."""
        self._words.setdefault(kind, words)
        self._codes.setdefault(kind, {})[code] = None

    def codes(self, kind: str) -> list[str]:
        """Codes with a kind of finding."""
        return list(self._codes.get(kind, {}))

    def as_rows(self) -> list[dict[str, object]]:
        """Kind, sentence, count and codes of each finding, ready to be stored as JSON."""
        return [
            {"kind": kind, "text": f"{words}: {_listed(self._codes[kind])}.", "count": len(self._codes[kind])}
            for kind, words in self._words.items()
        ]


def _listed(codes: dict[str, None]) -> str:
    names = list(codes)
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
