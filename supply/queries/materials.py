"""Materials that stand in the way of a sale, as the gaps of a plan name them."""

from cycles.models import Version
from supply.models import SupplyGap

ShortMaterial = tuple[str, str, str]  # product code, site code, month "YYYY-MM"


def short_materials(version: Version) -> set[ShortMaterial]:
    """Material, site and month of every material or supplier that a gap names as its limit.

    A material that is bought just in time ends its months at zero without being short.
    """
    names = {
        name for gap in SupplyGap.objects.filter(version=version).only("binding") for name in gap.binding
    }
    return {_parts(name) for name in names if name.startswith(("material:", "supplier:"))}


def _parts(name: str) -> ShortMaterial:
    """``supplier:SUP/RAW@S1@2026-02`` as RAW, S1, 2026-02."""
    kind, _, rest = name.partition(":")
    subject, _, month = rest.rpartition("@")
    material = subject.partition("/")[2] if kind == "supplier" else subject
    code, _, site = material.rpartition("@")
    return code, site, month
