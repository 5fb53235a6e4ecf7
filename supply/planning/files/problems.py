"""Refusals: every problem of a case with its file, row and column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: row is the line in the file (header = 1, the file itself = 0)."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"error: {self.file}:{self.row}:{self.column}: {self.message}"


class CaseRefusedError(Exception):
    """The case cannot be read; `problems` says all that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
