"""Addresses below /data/."""

from django.urls import path

from datahub.views import batches, columns, home, issues

app_name = "datahub"

urlpatterns = [
    path("", home.home, name="home"),
    path("upload/", home.upload, name="upload"),
    path("check/", home.run_rules, name="check"),
    path("issues/", issues.issues, name="issues"),
    path("issues/<int:pk>/waive/", issues.waive, name="waive"),
    path("templates/", issues.templates, name="templates"),
    path("templates/<slug:name>.csv", issues.template, name="template"),
    path("loads/<int:pk>/", batches.batch, name="batch"),
    path("loads/<int:pk>/errors.csv", batches.errors, name="errors"),
    path("loads/<int:pk>/columns/", columns.columns, name="columns"),
    path("loads/<int:pk>/columns/match/", columns.match, name="match"),
    path("loads/<int:pk>/files/<int:file>/", columns.choose, name="choose"),
    path("loads/<int:pk>/load/", batches.load, name="load"),
    path("loads/<int:pk>/check/", batches.check, name="check-batch"),
    path("loads/<int:pk>/drop/", batches.drop, name="drop"),
]
