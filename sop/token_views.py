"""The page on which people make and withdraw their own API token."""

from typing import cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from rest_framework.authtoken.models import Token

from sop.api.tokens import make_token, withdraw_token


def person(request: HttpRequest) -> AbstractBaseUser:
    """The signed-in person: strangers do not get this far."""
    return cast("AbstractBaseUser", request.user)


@never_cache
@require_safe
def api_token(request: HttpRequest) -> HttpResponse:
    return render(
        request, "account/api_token.html", {"token": Token.objects.filter(user_id=person(request).pk).first()}
    )


@never_cache
@sensitive_variables("secret")
@require_POST
def new_api_token(request: HttpRequest) -> HttpResponse:
    """Answers with the page itself and no redirect: the secret is shown this once."""
    secret = make_token(person(request))
    token = Token.objects.get(user_id=person(request).pk)
    return render(request, "account/api_token.html", {"token": token, "secret": secret})


@require_POST
def end_api_token(request: HttpRequest) -> HttpResponse:
    withdraw_token(person(request))
    return redirect("api-token")
