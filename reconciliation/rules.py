"""Rules of data quality for the budget. Pure functions over frames."""

import pandas as pd

from datahub.frames import Frames
from datahub.rulebook import Outcome, judge

TOTAL_OFF = 0.001


def budget_complete(frames: Frames) -> Outcome:
    """DQ41: no budget for a family and month, or families that do not add up to the company's budget."""
    budget, company = frames["budget"], frames["aop_company"]
    months = sorted(set(budget["month"]) | set(company["month"]))
    families = sorted(set(frames["item_master"]["family"]) & set(budget["family"]))
    wanted = pd.MultiIndex.from_product([families, months])
    gaps = wanted.difference(pd.MultiIndex.from_frame(budget[["family", "month"]])).to_frame(
        index=False, name=["family", "month"]
    )
    sums = budget.groupby("month")["net_revenue"].sum()
    total = company.assign(families=company["month"].map(sums).fillna(0))
    failed = (total["families"] - total["net_revenue"]).abs() > TOTAL_OFF * total["net_revenue"].abs()
    message = "{month}: the families add up to {families}, the company's budget is {net_revenue}."
    return judge(
        gaps,
        slice(None),
        "budget",
        ["family", "month"],
        "No budget of {family} in {month}.",
        checked=len(wanted),
    ) + judge(total, failed, "aop_company", ["month"], message)
