"""Vendored files are exactly what VENDOR.md says: name, version, licence, hash."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

VENDOR = Path(settings.BASE_DIR) / "static" / "vendor"
ROW = re.compile(
    r"^\| (?P<file>\S+/\S+) \| (?P<package>\S+) \| (?P<version>\S+) \| (?P<licence>\S+) \| (?P<hash>[0-9a-f]{64}) \|$",
    re.MULTILINE,
)
ROWS = [match.groupdict() for match in ROW.finditer((VENDOR / "VENDOR.md").read_text(encoding="utf-8"))]
PERMISSIVE = {"MIT", "ISC", "OFL-1.1", "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_vendored_file_is_unchanged_and_permissive(row: dict[str, str]) -> None:
    content = (VENDOR / row["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["hash"]
    assert row["licence"] in PERMISSIVE
    assert row["file"].split("/")[0].endswith(f"-{row['version']}")


def test_every_vendored_file_is_listed() -> None:
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert present - {"VENDOR.md"} == {row["file"] for row in ROWS}


def test_every_vendored_package_carries_its_licence() -> None:
    folders = {row["file"].split("/")[0] for row in ROWS}
    assert all((VENDOR / folder / "LICENSE").is_file() for folder in folders)
