"""Addresses of the product review."""

from django.urls import path, re_path

from portfolio.views import changes, effects, home, products

app_name = "portfolio"

urlpatterns = [
    path("", home.home, name="home"),
    path("launches/new/", changes.launch_form, name="launch-new"),
    path("launches/<str:code>/", changes.launch_form, name="launch"),
    path("launches/<str:code>/gate/", changes.move, name="launch-gate"),
    path("phase-outs/new/", changes.phase_out_form, name="phase-out-new"),
    path("phase-outs/<str:code>/", changes.phase_out_form, name="phase-out"),
    re_path(r"^drop/(?P<kind>launch|phase-out)/(?P<code>[^/]+)/$", changes.drop, name="drop"),
    path("launches/<str:code>/verdict/", changes.verdict, name="launch-verdict"),
    path("families/", products.families, name="families"),
    path("families/new/", products.family_form, name="family-new"),
    path("families/<str:code>/", products.family_form, name="family"),
    path("families/<str:code>/delete/", products.family_delete, name="family-delete"),
    path("products/", products.products, name="products"),
    path("products/<str:code>/", products.product, name="product"),
    path("products/<str:code>/decide/", products.decide, name="decide"),
    path("products/<str:code>/move/", products.move, name="product-move"),
    path("rules/", products.rules, name="rules"),
    path("minutes/", home.minutes, name="minutes"),
    path("effects/", effects.effects, name="effects"),
    path("effects/export/", effects.export, name="export"),
]
