"""A seeded generator of companies as awkward as real ones, written as import files.

Tight months, a supplier that limits, promotions, a launch, phase-outs, slow items, late shipments, a budget
off the trend, earlier forecasts with a bias. Pure: it writes files and knows no database.
"""

from datahub.company.generate import Company, generate_company, write_company
from datahub.company.sizes import SIZES, Size

__all__ = ["SIZES", "Company", "Size", "generate_company", "write_company"]
