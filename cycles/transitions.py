"""The state machine of a stage as one table: it performs acts, draws the buttons and drives the tests."""

from dataclasses import dataclass

from cycles.choices import Act, Role, StageKind, StageState

R = Role

EDITORS: dict[StageKind, frozenset[Role]] = {
    StageKind.DATA: frozenset(
        {R.DEMAND_PLANNER, R.SUPPLY_PLANNER, R.SALES, R.OPERATIONS, R.FINANCE, R.PRODUCT}
    ),
    StageKind.PRODUCT: frozenset({R.PRODUCT}),
    StageKind.DEMAND: frozenset({R.DEMAND_PLANNER, R.SALES}),
    StageKind.SUPPLY: frozenset({R.SUPPLY_PLANNER, R.OPERATIONS}),
    StageKind.RECONCILIATION: frozenset(
        {R.FINANCE, R.PROCESS_OWNER, R.DEMAND_PLANNER, R.SUPPLY_PLANNER, R.SALES, R.OPERATIONS}
    ),
    StageKind.EXECUTIVE: frozenset({R.PROCESS_OWNER}),
}

SUBMITTERS: dict[StageKind, frozenset[Role]] = {
    StageKind.DATA: frozenset({R.DEMAND_PLANNER, R.SUPPLY_PLANNER, R.FINANCE, R.OPERATIONS}),
    StageKind.PRODUCT: frozenset({R.PRODUCT}),
    StageKind.DEMAND: frozenset({R.DEMAND_PLANNER}),
    StageKind.SUPPLY: frozenset({R.SUPPLY_PLANNER}),
    StageKind.RECONCILIATION: frozenset({R.FINANCE, R.PROCESS_OWNER}),
    StageKind.EXECUTIVE: frozenset({R.PROCESS_OWNER}),
}

SIGNERS: dict[StageKind, frozenset[Role]] = {
    StageKind.DATA: frozenset({R.PROCESS_OWNER}),
    StageKind.PRODUCT: frozenset({R.PRODUCT}),
    StageKind.DEMAND: frozenset({R.SALES}),
    StageKind.SUPPLY: frozenset({R.OPERATIONS}),
    StageKind.RECONCILIATION: frozenset({R.FINANCE}),
    StageKind.EXECUTIVE: frozenset({R.SPONSOR}),
}


@dataclass(frozen=True)
class Transition:
    """From which states an act leads where, and which guards must hold (see ``cycles.actions.stages``)."""

    act: Act
    sources: frozenset[StageState]
    target: StageState
    guards: tuple[str, ...] = ()
    needs_comment: bool = False
    is_primary: bool = False
    by_people: bool = True


def _states(*states: StageState) -> frozenset[StageState]:
    return frozenset(states)


S = StageState
TRANSITIONS: dict[Act, Transition] = {
    transition.act: transition
    for transition in (
        # Signing a stage opens the next one; the process owner may open it earlier, with a reason.
        Transition(Act.OPEN, _states(S.NOT_OPEN), S.OPEN, ("cycle_open",), needs_comment=True),
        Transition(
            Act.SUBMIT,
            _states(S.OPEN, S.OUT_OF_DATE),
            S.SUBMITTED,
            ("cycle_open", "previous_signed", "checks_pass"),
            is_primary=True,
        ),
        Transition(Act.WITHDRAW, _states(S.SUBMITTED), S.OPEN, ("cycle_open",)),
        Transition(Act.SEND_BACK, _states(S.SUBMITTED), S.OPEN, ("cycle_open",), needs_comment=True),
        Transition(
            Act.SIGN,
            _states(S.SUBMITTED),
            S.SIGNED,
            ("cycle_open", "previous_signed", "checks_pass", "four_eyes"),
            is_primary=True,
        ),
        Transition(Act.REOPEN, _states(S.SIGNED, S.OUT_OF_DATE), S.OPEN, ("cycle_open",), needs_comment=True),
        Transition(
            Act.MARK_OUT_OF_DATE, _states(S.SIGNED, S.SUBMITTED, S.OPEN), S.OUT_OF_DATE, by_people=False
        ),
    )
}


def roles_for(act: Act, kind: StageKind) -> frozenset[Role]:
    """Who may perform an act on a stage."""
    return {
        Act.OPEN: frozenset({R.PROCESS_OWNER}),
        Act.SUBMIT: SUBMITTERS[kind],
        Act.WITHDRAW: SUBMITTERS[kind],
        Act.SEND_BACK: SIGNERS[kind] | {R.PROCESS_OWNER},
        Act.SIGN: SIGNERS[kind],
        # Executives send a plan back by re-opening the stage that has to change it.
        Act.REOPEN: frozenset({R.PROCESS_OWNER, R.SPONSOR}),
        Act.MARK_OUT_OF_DATE: frozenset(),
    }[act]
