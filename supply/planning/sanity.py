"""Numbers that no case may hold. The reader refuses them in files; a case built from arrays is looked at here."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from supply.planning.case import Case


def wrong_number(case: Case) -> str:
    """The first number below zero, not a number or endless below, in words; empty if there is none."""
    for table in case.tables:
        for column in fields(type(getattr(case, table))):
            if column.metadata["kind"] in (str, bool) or column.metadata["key"]:
                continue
            values = getattr(getattr(case, table), column.name)
            wrong = np.argwhere(~(values >= 0))
            if len(wrong):
                row, *month = wrong[0].tolist()
                when = f" of {case.settings.month_name(month[0])}" if month else ""
                found = values[tuple(wrong[0])]
                return f"{table}.{column.name}{when}, row {row + 1}: {found} is not a number of zero or more"
    return ""
