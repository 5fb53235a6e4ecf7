"""The records of simulated planners whose skill is known, against a naive twin of the formulas."""

import random
from statistics import mean

import pytest

from demand.coaching import Case, Group, Skills, credibility, edit_case, size_class
from demand.coaching.credibility import LEAST_PULL, MOST_PULL
from demand.coaching.skill import suggested

INFORMED, BIASED, NOISY, NEW = 1, 2, 3, 4


def simulated(person: int, entries: int, seed: int, before: float = 1000.0) -> list[Case]:
    """Entries on a figure whose truth lies 15 % around it; what a person enters depends on what she knows."""
    rng = random.Random(seed)
    found = []
    for _ in range(entries):
        needed = rng.gauss(0, 0.15) * before
        entered = {
            INFORMED: 0.8 * needed + rng.gauss(0, 0.05) * before,
            BIASED: abs(rng.gauss(0.18, 0.03)) * before,
            NOISY: rng.gauss(0, 0.18) * before,
        }[person]
        actual, after = max(0.0, before + needed), max(0.0, before + entered)
        case = edit_case(person=person, function="sales", level="stream", months=[(before, after, actual)])
        assert case is not None
        found.append(case)
    return found


def pooled(skills: Skills, person: int) -> tuple[float, float]:
    """Gain over the sizes by their cases, and the shrink of medium changes."""
    groups = {group: record for group, record in skills.records().items() if group.person == person}
    cases = sum(record.cases for record in groups.values())
    gain = sum(record.gain.value * record.cases for record in groups.values()) / cases
    return gain, skills.record(Group(person, "stream", "medium")).shrink


def test_each_kind_of_planner_is_recognised() -> None:
    cases = simulated(INFORMED, 300, 1) + simulated(BIASED, 300, 2) + simulated(NOISY, 300, 3)
    skills = Skills(cases)
    informed, biased, noisy = (pooled(skills, person) for person in (INFORMED, BIASED, NOISY))
    assert informed[0] > 0.03
    assert informed[1] == pytest.approx(1.07, abs=0.15)  # E[xy]/E[x^2] = 0.8*.15^2/(.64*.15^2+.05^2) = 1.07
    assert biased[0] < -0.05
    assert biased[1] == pytest.approx(0.0, abs=0.15)
    assert noisy[0] < -0.02
    assert noisy[1] == pytest.approx(0.0, abs=0.15)


def test_a_shrunk_entry_is_better_than_the_entry_on_new_cases() -> None:
    skills = Skills(simulated(INFORMED, 300, 1) + simulated(BIASED, 300, 2) + simulated(NOISY, 300, 3))
    rng = random.Random(9)
    plain, shrunk = [], []
    for _ in range(500):
        needed, entered = rng.gauss(0, 150), rng.gauss(0, 180)
        after = 1000 + entered
        record = skills.record(Group(NOISY, "stream", size_class(1000, after)))
        plain.append(abs(needed - entered))
        shrunk.append(abs(1000 + needed - suggested(1000, after, record.shrink)))
    assert mean(shrunk) < 0.8 * mean(plain)


def test_few_cases_are_pulled_to_the_mean() -> None:
    rest = simulated(NOISY, 200, 3)
    lucky = [Case(NEW, "sales", "stream", "large", 0.9, 1.0, 1.0)]
    found = Skills(rest + lucky).record(Group(NEW, "stream", "large")).gain
    assert found.own == pytest.approx(0.9)
    assert found.weight <= 1 / (1 + LEAST_PULL)
    company = Skills(rest + lucky).gains.mean
    assert abs(found.value - company) <= 0.25 * abs(found.own - company)


def test_who_has_no_entries_has_the_companys_mean() -> None:
    skills = Skills(simulated(NOISY, 50, 3))
    record = skills.record(Group(NEW, "family", "small"))
    assert record.cases == 0
    assert record.gain.value == skills.gains.mean


def test_nothing_is_said_of_nothing() -> None:
    skills = Skills([])
    assert not skills.is_enough
    assert skills.record(Group(1, "all", "small")).cases == 0


def naive(values: list[float], groups: list[str], weights: list[float]) -> dict[str, float]:
    """The formulas as they are printed, one sum after the other."""
    scale = mean(weights)
    rows = [(group, x, w / scale) for group, x, w in zip(groups, values, weights, strict=True)]
    total = sum(w for _, _, w in rows)
    overall = sum(w * x for _, x, w in rows) / total
    names = sorted(set(groups))
    w_of = {name: sum(w for group, _, w in rows if group == name) for name in names}
    m_of = {name: sum(w * x for group, x, w in rows if group == name) / w_of[name] for name in names}
    within = sum(w * (x - m_of[group]) ** 2 for group, x, w in rows) / (len(rows) - len(names))
    top = sum(w_of[name] * (m_of[name] - overall) ** 2 for name in names) - (len(names) - 1) * within
    between = top / (total - sum(w**2 for w in w_of.values()) / total)
    pull = MOST_PULL if between <= 0 else min(max(within / between, LEAST_PULL), MOST_PULL)
    return {name: (w_of[name] * m_of[name] + pull * overall) / (w_of[name] + pull) for name in names}


@pytest.mark.parametrize("seed", range(20))
def test_the_estimator_equals_its_naive_twin(seed: int) -> None:
    rng = random.Random(seed)
    groups = [rng.choice("abcde") for _ in range(60)]
    values = [rng.gauss(ord(group) - 99, 1 + seed / 4) for group in groups]
    weights = [rng.uniform(0.1, 3) for _ in groups]
    found = credibility(values, groups, weights)
    for name, value in naive(values, groups, weights).items():
        assert found.of(name).value == pytest.approx(value)


def test_a_worked_case() -> None:
    """100 before, 120 entered, 115 sold: error 15 became 5, a gain of 10 on 120; 15 was needed where 20 was entered."""
    case = edit_case(person=1, function="sales", level="product", months=[(100, 120, 115)])
    assert case is not None
    assert case.gain == pytest.approx(10 / 120)
    assert case.needed / case.entered == pytest.approx(15 / 20)
    assert case.size == "medium"
    assert case.helped


def test_an_entry_is_one_case_whatever_its_months() -> None:
    one = edit_case(person=1, function="sales", level="stream", months=[(100, 110, 120)])
    many = edit_case(person=1, function="sales", level="stream", months=[(100, 110, 120)] * 6)
    assert one is not None
    assert many is not None
    assert (one.gain, one.entered, one.needed) == pytest.approx((many.gain, many.entered, many.needed))


def test_an_entry_that_moved_nothing_is_no_case() -> None:
    assert edit_case(person=1, function="sales", level="stream", months=[(100, 100, 90)]) is None
    assert edit_case(person=1, function="sales", level="stream", months=[(0, 0, 0)]) is None


@pytest.mark.parametrize(
    ("before", "after", "size"),
    [(100, 110, "small"), (100, 111, "medium"), (100, 75, "medium"), (100, 74, "large"), (0, 5, "large")],
)
def test_size_classes(before: float, after: float, size: str) -> None:
    assert size_class(before, after) == size
