"""The use cases of importing, in one place for callers."""

from datahub.actions.batches import check_batch, load_batch, store_check
from datahub.actions.folders import first_errors, import_folder, set_up_company

load_actuals = import_folder  # a month's actuals are deltas: the same rows by key, new or changed

__all__ = [
    "check_batch",
    "first_errors",
    "import_folder",
    "load_actuals",
    "load_batch",
    "set_up_company",
    "store_check",
]
