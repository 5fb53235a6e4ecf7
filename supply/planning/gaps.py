from supply.planning.formulation import Formulation
from supply.planning.plan import Plan
def find_gaps(f: Formulation, plan: Plan): return ()
