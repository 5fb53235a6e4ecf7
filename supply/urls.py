"""Addresses below /supply/."""

from django.urls import path

from supply.views import compare, fixed, home, inputs, plan_pages, reliability, strategies

app_name = "supply"

urlpatterns = [
    path("", home.home, name="home"),
    path("run/", home.run_plan, name="run"),
    path("load/<int:resource>/<str:month>/", home.drill, name="drill"),
    path("gaps/<int:product>/accept/", home.accept_gap, name="accept-gap"),
    path("gaps/<int:product>/reopen/", home.reopen_gap, name="reopen-gap"),
    path("sheet/", plan_pages.sheet, name="sheet"),
    path("plan.xlsx", plan_pages.workbook, name="workbook"),
    path("stock/", plan_pages.stock, name="stock"),
    path("materials/", plan_pages.materials, name="materials"),
    path("lanes/", plan_pages.lanes_in_use, name="lanes"),
    path("compare/", compare.compare, name="compare"),
    path("strategies/", strategies.strategies, name="strategies"),
    path("strategies/fix/", strategies.fix, name="fix-strategy"),
    path("fixed/", fixed.fixed_lines, name="fixed"),
    path("fixed/release/", fixed.release, name="release"),
    path("reliability/", reliability.reliability, name="reliability"),
    path("reliability/take/", reliability.take, name="take-proposal"),
    path("resources/", inputs.resources, name="resources"),
    path("resources/<int:pk>/", inputs.hours, name="hours"),
    path("resources/<int:pk>/source/", inputs.hours_source, name="hours-source"),
    path("inputs/<str:name>/", inputs.input_list, name="inputs"),
    path("inputs/<str:name>/add/", inputs.add_input, name="add-input"),
    path("inputs/<str:name>/<int:pk>/", inputs.input_row, name="input-row"),
    path("inputs/<str:name>/<int:pk>/remove/", inputs.remove_input, name="remove-input"),
]
