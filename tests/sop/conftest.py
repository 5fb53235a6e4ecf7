"""A person who can sign in."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

PASSWORD = "correct horse battery staple"


@pytest.fixture
def person(db: None) -> object:
    """An active person without any role."""
    return get_user_model().objects.create_user("mara", email="mara@example.com", password=PASSWORD)


@pytest.fixture
def signed_in(client: Client, person: object) -> Client:
    client.force_login(person)
    return client
