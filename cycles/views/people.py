"""People and company settings, for administrators."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cycles.actions.company import save_company
from cycles.actions.people import save_person
from cycles.choices import Role
from cycles.forms import CompanyForm, PersonForm
from cycles.http import person, say
from cycles.models import Company, User
from cycles.permissions import roles_required
from sop.errors import InvalidInput

admins = roles_required(Role.ADMIN)


@require_safe
@admins
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody with roles and scope."""
    people = User.objects.prefetch_related("groups", "scope_rows").order_by("username")
    return render(request, "cycles/people.html", {"people": people})


@require_http_methods(["GET", "HEAD", "POST"])
@admins
def new_person(request: HttpRequest) -> HttpResponse:
    return _form_page(request, PersonForm(request.POST or None), None)


@require_http_methods(["GET", "HEAD", "POST"])
@admins
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    initial = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "roles": sorted(user.roles),
        "scope": "\n".join(
            f"{row.family_code or '*'} / {row.market_code or '*'}" for row in user.scope_rows.order_by("pk")
        ),
        "is_active": user.is_active,
    }
    form = PersonForm(request.POST or None, initial=initial)
    form.fields["username"].disabled = True
    return _form_page(request, form, user)


def _form_page(request: HttpRequest, form: PersonForm, user: User | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        if user is None and User.objects.filter(username=values["username"]).exists():
            form.add_error("username", "There is somebody with this user name already.")
        else:
            return _save(request, form, values)
    return render(request, "cycles/person.html", {"form": form, "someone": user})


def _save(request: HttpRequest, form: PersonForm, values: dict[str, Any]) -> HttpResponse:
    roles = [Role(role) for role in values.pop("roles")]
    try:
        saved = save_person(by=person(request), roles=roles, **values)
    except InvalidInput as refusal:
        form.add_error(None, refusal.message)
        return render(request, "cycles/person.html", {"form": form, "someone": None}, status=refusal.status)
    say(request, f"{saved} is saved.")
    return redirect("cycles:people")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.ADMIN, Role.PROCESS_OWNER)
def company(request: HttpRequest) -> HttpResponse:
    """The company's settings: name, horizon, thresholds and rates."""
    form = CompanyForm(request.POST or None, instance=Company.current())
    if request.method == "POST" and form.is_valid():
        save_company(by=person(request), values=form.cleaned_data)
        say(request, "The settings are saved.")
        return redirect("cycles:company")
    return render(request, "cycles/company.html", {"form": form})
