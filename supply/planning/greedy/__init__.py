"""The greedy planner: finite-capacity loading by month and priority, for an instant preview.

It loads what most planning systems' heuristics would: from stock, then made in the month, then built ahead,
then in overtime and by spot freight, then subcontracted; dearest margin per hour first. Its plan keeps to
every limit, but is a little worse than the optimum; heads stay as they are.
"""
