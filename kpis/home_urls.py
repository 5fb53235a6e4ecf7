"""The first page after signing in."""

from django.urls import path

from kpis.views.home import home

urlpatterns = [path("", home, name="home")]
