"""Addresses of the cycle's own pages."""

from django.urls import path

from cycles.views import audit, cycle, people, profile, records, runs, stages

app_name = "cycles"

urlpatterns = [
    path("cycle/", cycle.cycle_page, name="home"),
    path("cycle/<int:pk>/", cycle.past_cycle, name="cycle"),
    path("cycle/open/", cycle.open_first, name="open-first"),
    path("cycle/next/", cycle.open_next, name="open-next"),
    path("stage/<int:pk>/<str:act>/", stages.act, name="stage-act"),
    path("stage/<int:pk>/waive/<str:key>/", stages.waive, name="waive"),
    path("stage/<int:pk>/unwaive/<str:key>/", stages.unwaive, name="unwaive"),
    path("runs/", runs.run_list, name="runs"),
    path("runs/<int:pk>/", runs.run_part, name="run"),
    path("runs/<int:pk>/cancel/", runs.cancel, name="run-cancel"),
    path("search/", cycle.search, name="search"),
    path("assumptions/add/", records.new_assumption, name="assumption-add"),
    path("assumptions/<int:pk>/settle/", records.settle, name="assumption-settle"),
    path("risks/add/", records.new_risk, name="risk-add"),
    path("risks/<int:pk>/close/", records.end_risk, name="risk-close"),
    path("actions/add/", records.new_action, name="action-add"),
    path("actions/<int:pk>/settle/", records.settle_action, name="action-settle"),
    path("comments/add/", records.new_comment, name="comment-add"),
    path("profile/", profile.profile, name="profile"),
    path("theme/", profile.theme, name="theme"),
    path("people/", people.people_list, name="people"),
    path("people/add/", people.new_person, name="person-add"),
    path("people/<int:pk>/", people.edit_person, name="person"),
    path("company/", people.company, name="company"),
    path("audit/", audit.audit_log, name="audit"),
]
