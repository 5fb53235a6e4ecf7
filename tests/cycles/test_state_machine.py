"""Random people doing random things to a cycle: never a skipped stage, never a self-approval."""

from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cycles.actions.stages import note_editor, perform
from cycles.actions.versions import is_untouched, writing_version
from cycles.choices import Act, StageKind, StageState, VersionKind
from cycles.models import SignOff, Stage, User, Version
from cycles.queries import stage_of
from cycles.registry import registry
from sop.errors import SopError
from tests.cycles.factories import PEOPLE, make_cycle, make_people


def _freeze(stage: Stage, by: User) -> Version:
    with writing_version(cycle=stage.cycle, kind=VersionKind.DATA, name=str(stage), by=by) as version:
        pass
    return version


class CycleMachine(RuleBasedStateMachine):
    """Every act, by every person, on every stage, in any order."""

    @initialize()
    def begin(self) -> None:
        SignOff.objects.none()
        self.people = make_people()
        self.cycle = make_cycle(self.people["owner"])

    @rule(
        kind=st.sampled_from(list(StageKind)),
        act=st.sampled_from([act for act in Act if act != Act.MARK_OUT_OF_DATE]),
        name=st.sampled_from(sorted(PEOPLE)),
        comment=st.sampled_from(["", "because"]),
    )
    def act(self, kind: StageKind, act: Act, name: str, comment: str) -> None:
        stage = stage_of(self.cycle, kind)
        try:
            perform(stage=stage, act=act, by=self.people[name], comment=comment)
        except SopError as refusal:
            note(refusal.message)

    @rule(kind=st.sampled_from(list(StageKind)), name=st.sampled_from(sorted(PEOPLE)))
    def edit(self, kind: StageKind, name: str) -> None:
        stage = stage_of(self.cycle, kind)
        if stage.is_editable:
            note_editor(stage=stage, user=self.people[name])

    @rule(last=st.sampled_from(list(StageKind)))
    def push(self, last: StageKind) -> None:
        """Helps the machine to reach the later stages."""
        for kind in list(StageKind)[: last.position + 1]:
            for name in sorted(PEOPLE):
                for act in (Act.SUBMIT, Act.SIGN):
                    self.act(kind, act, name, "")

    @invariant()
    def nothing_is_signed_before_its_predecessor(self) -> None:
        if not hasattr(self, "cycle"):
            return
        for sign_off in SignOff.objects.filter(stage__cycle=self.cycle, act=Act.SIGN):
            before = sign_off.stage.stage_kind.before
            if before:
                assert SignOff.objects.filter(
                    stage__cycle=self.cycle, stage__kind=before, act=Act.SIGN, pk__lt=sign_off.pk
                ).exists()

    @invariant()
    def signed_stages_stand_on_signed_ones(self) -> None:
        if not hasattr(self, "cycle"):
            return
        states = [stage.state for stage in self.cycle.stages.order_by("pk")]
        signed = [state == StageState.SIGNED for state in states]
        assert signed == sorted(signed, reverse=True), states

    @invariant()
    def nobody_signed_their_own_work(self) -> None:
        if not hasattr(self, "cycle"):
            return
        for stage in Stage.objects.filter(cycle=self.cycle, state=StageState.SIGNED):
            assert stage.signed_by_id != stage.submitted_by_id
            editors = set(
                stage.editors.filter(first_at__lt=stage.signed_at).values_list("user_id", flat=True)
            )
            assert stage.signed_by_id not in editors

    @invariant()
    def frozen_figures_are_untouched(self) -> None:
        if hasattr(self, "cycle"):
            assert all(is_untouched(version) for version in Version.objects.filter(cycle=self.cycle))


class StateMachineTest(HypothesisTestCase):
    @pytest.mark.django_db
    def test_random_walks(self) -> None:
        freezers = dict.fromkeys(StageKind, _freeze)
        with patch.multiple(registry, checks={}, freezers=freezers, openers=[], facts={}):
            run_state_machine_as_test(
                _isolated(CycleMachine),
                settings=settings(
                    max_examples=6,
                    stateful_step_count=15,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )


def _isolated(machine: type[CycleMachine]) -> type[CycleMachine]:
    """Each walk in a transaction of its own that is rolled back at its end."""
    from django.db import transaction

    class Isolated(machine):  # type: ignore[valid-type,misc]
        def __init__(self) -> None:
            super().__init__()
            self._atomic = transaction.atomic()
            self._atomic.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self._atomic.__exit__(None, None, None)

    return Isolated
