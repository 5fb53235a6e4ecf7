"""What the forms of the product review share."""

from collections.abc import Callable
from typing import Any

from django import forms

from sop.errors import SopError


def was_saved(form: forms.BaseForm, save: Callable[[], Any]) -> bool:
    """Whether the use case took it; its refusal stands above the form otherwise."""
    try:
        save()
    except SopError as error:
        form.add_error(None, error.message)
        return False
    return True
