"""A company in the middle of a month, made once for the tests of the rights, and gone before any others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cycles.models import Cycle
from cycles.protection import install_protection, remove_protection
from datahub.company.generate import generate_company
from datahub.company.sizes import SIZES
from executive.demo.story import tell_story


@pytest.fixture(scope="module")
def company(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cycle]:
    """The tiny demo company with its open cycle; what a test changes is rolled back after it."""
    with django_db_blocker.unblock():
        folder: Path = tmp_path_factory.mktemp("company")
        made = generate_company(SIZES["tiny"], seed=1)
        yield tell_story(company=made, folder=folder, seed=1, say=lambda words: None)
        remove_protection()
        call_command("flush", interactive=False, verbosity=0)
        install_protection()
