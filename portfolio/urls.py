"""Addresses of the product review."""

from django.urls import path, re_path

from portfolio.views import changes, home

app_name = "portfolio"

urlpatterns = [
    path("", home.home, name="home"),
    path("launches/new/", changes.launch_form, name="launch-new"),
    path("launches/<str:code>/", changes.launch_form, name="launch"),
    path("launches/<str:code>/gate/", changes.move, name="launch-gate"),
    path("phase-outs/new/", changes.phase_out_form, name="phase-out-new"),
    path("phase-outs/<str:code>/", changes.phase_out_form, name="phase-out"),
    re_path(r"^drop/(?P<kind>launch|phase-out)/(?P<code>[^/]+)/$", changes.drop, name="drop"),
    path("products/<str:code>/decide/", home.decide, name="decide"),
]
