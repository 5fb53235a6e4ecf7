"""The supply review's optimiser: the monthly plan that earns the most within what can be made and moved.

It knows nothing of the web application. A case is either read from a folder of CSV files

    python -m supply.planning CASE_FOLDER --output OUT_FOLDER

or built from arrays:

    from supply.planning.engine import solve
    from supply.planning.case import Case, Demand, Lanes, Places, Production, Products, Settings

    months = 3
    case = Case.of(
        Settings("2026-01", months),
        products=Products.make(months, name=["A"]),
        places=Places.make(months, name=["Plant", "Market"], is_site=[True, False]),
        demand=Demand.make(months, product=[0], market=[1], quantity=[[10, 20, 30]], price=50.0),
        production=Production.make(months, product=[0], site=[0], unit_cost=20.0, max_quantity=15.0),
        lanes=Lanes.make(months, origin=[0], destination=[1], product=[-1]),
    )
    plan = solve(case)
    plan.objective, plan.production, plan.lost, plan.gaps

`engine` loads HiGHS, so a web process imports `case`, `plan` and `options` only.

Modules: `case` (input), `plan` (output), `options` (what the application may add), `engine` (solving),
`files` (case folders).
"""
