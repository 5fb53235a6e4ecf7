"""The money of a plan: profit and loss, bridges that add up, and the tie to the planner's own economics.

Pure: no Django. Conventions everywhere in this package:

- money is whole minor units (cents), quantities whole quanta (1/1000 unit), so that every sum is exact;
- revenue and results are positive when good, costs are positive numbers that are taken off;
- flows of a period are summed, balances are those of its last month;
- a price is minor units per unit, a float; the product with a quantity is rounded once, per row.
"""
