import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cycles.models import Cycle, User
from datahub.actions.imports import import_folder
from datahub.company import SIZES, Company, generate_company, write_company
from datahub.models import ImportBatch
from tests.cycles.factories import make_cycle, make_people

Write = Callable[..., Path]


@pytest.fixture(scope="session")
def tiny() -> Company:
    """The smallest company that the generator makes."""
    return generate_company(SIZES["tiny"], seed=3)


@pytest.fixture(scope="session")
def tiny_folder(tiny: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    write_company(tiny, folder)
    return folder


@pytest.fixture
def company(db: None, tiny_folder: Path) -> ImportBatch:
    """The smallest company, loaded."""
    return import_folder(folder=tiny_folder, by=None)


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return make_people()


@pytest.fixture
def cycle(people: dict[str, User], tiny: Company) -> Cycle:
    return make_cycle(people["owner"], month=tiny.first_cycle)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text file into a folder of its own."""

    def _write(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        data = text.encode(encoding)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return _write


def uploaded(name: str, text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


FX = "month,currency,rate\n"
FIRST_DAY = date(2026, 8, 1)
