"""Who changes which figures of the demand plan."""

from cycles.choices import Measure, Role
from cycles.models import Stage, User

# In which function a measure is changed, and by whom. Product changes come from the product review alone.
MEASURE_ROLES: dict[str, Role] = {
    Measure.MARKETING: Role.SALES,
    Measure.SALES: Role.SALES,
    Measure.PLANNER: Role.DEMAND_PLANNER,
    Measure.CONSENSUS: Role.DEMAND_PLANNER,
}

FUNCTION_ROLES: dict[str, Role] = {
    "sales": Role.SALES,
    "marketing": Role.SALES,
    "planner": Role.DEMAND_PLANNER,
}


def editable_measures(user: User, stage: Stage) -> frozenset[str]:
    """The measures that the person may change now; none while the stage is shut."""
    if not stage.is_editable:
        return frozenset()
    return frozenset(str(measure) for measure, role in MEASURE_ROLES.items() if user.has_role(role))


def may_change(user: User, measure: str) -> bool:
    """Whether one of the person's roles changes this measure."""
    return measure in MEASURE_ROLES and user.has_role(MEASURE_ROLES[measure])


def can_submit_input(user: User, function: str) -> bool:
    return function in FUNCTION_ROLES and user.has_role(FUNCTION_ROLES[function])


def can_run_baseline(user: User) -> bool:
    return user.has_role(Role.DEMAND_PLANNER)


def can_review_family(user: User) -> bool:
    return user.has_role(Role.DEMAND_PLANNER)


def can_test_engine(user: User) -> bool:
    """Run the backtest and refit the learned correction."""
    return user.has_role(Role.DEMAND_PLANNER, Role.PROCESS_OWNER)


def can_choose_correction(user: User) -> bool:
    """Go back to the shipped correction, or use a refit again."""
    return user.has_role(Role.PROCESS_OWNER)


def can_tell_engine(user: User) -> bool:
    """Say what the forecast may use, and which months it reads as recorded."""
    return user.has_role(Role.DEMAND_PLANNER)


def can_see_contributors(user: User) -> bool:
    """See by name whose changes helped; everybody sees the functions and themselves."""
    return user.has_role(Role.PROCESS_OWNER, Role.SPONSOR, Role.DEMAND_PLANNER)
