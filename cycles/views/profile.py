"""A person's own settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cycles.actions.people import save_profile
from cycles.choices import Role
from cycles.forms import ProfileForm
from cycles.http import go_next, person, say
from cycles.permissions import roles_required

everybody = roles_required(*Role)


@require_http_methods(["GET", "HEAD", "POST"])
@everybody
def profile(request: HttpRequest) -> HttpResponse:
    """Name, number format and look."""
    user = person(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        save_profile(user=user, **form.cleaned_data)
        say(request, "Your settings are saved.")
        return redirect("cycles:profile")
    return render(request, "cycles/profile.html", {"form": form})


@require_POST
@everybody
def theme(request: HttpRequest) -> HttpResponse:
    """Switches between light and dark."""
    user = person(request)
    save_profile(
        user=user,
        first_name=user.first_name,
        last_name=user.last_name,
        number_format=user.number_format,
        theme=request.POST.get("theme", "auto"),
    )
    return HttpResponse(status=204) if request.headers.get("HX-Request") else go_next(request, "home")
