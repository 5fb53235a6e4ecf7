"""What the past says about forecasts: value added by step, error by group, the waterfall, contributors. Pure NumPy.

Units are those of the figures given; shares are fractions. Error is forecast minus actual: a positive bias is
over-forecast. The tracking signal is actual minus forecast. Undefined is None, never 0. Ratios are made of sums.
"""
