"""Who gives and what is due, as numbers of the schedule, against every roadmap of small cases."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.instance import Instance, Measure, Party, Requirement
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import Schedule
from detente.plan.search.duties import Duties
from detente.plan.search.problem import Problem
from detente.solver.linear import Expression, Programme
from strategies import instances

F = Fraction
limits = {"most_measures": 3, "most_phases": 3}


@settings(max_examples=400, deadline=None)
@given(
    instances(trades=True, **limits)
    | instances(**limits)
    | instances(outside=True, **limits)
    | instances(works=True, **limits),
    st.booleans(),
)
def test_the_schedule_says_who_gives_and_what_is_due(instance: Instance, entries: bool) -> None:
    """Catches something to do that is forgotten or made up in some phase, and, of two parties, one that is taken to give, or to
    have something to do, in a roadmap that helps without it."""
    programme = Programme()
    programme.columns(1, 0.0, 1.0)  # where everything is in force already the schedule has no columns of its own
    schedule, brute = Schedule(instance, programme, entries=entries), BruteForce(instance)
    duties = Duties(schedule)
    parties, phases = list(instance.party), range(instance.phases + 1)
    giving = {i: duties.giving(i) for i in parties}
    pairs = [(j, i) for j, i in itertools.product(instance.acting, parties) if i != j]
    due = {(j, i, t, M): duties.due(j, i, t, M) for j, i in pairs for t in phases for M in instance.lags(j)}
    for roadmap in brute.roadmaps():
        if brute.faults(roadmap) or not brute.process(roadmap):
            continue
        if len(parties) == 2 and not brute.helps(roadmap):
            continue
        point = np.zeros(programme.size)
        schedule.fill(point, roadmap)

        def there(parts: list[Expression], point: np.ndarray = point) -> bool:
            return max((part.at(point) for part in parts), default=0.0) > 0.5

        gives = {i for i in parties if brute.gives(roadmap, i)}
        assert {i for i in parties if there(giving[i])} == gives
        for (j, i, t, M), parts in due.items():
            assert i not in gives or there(parts) == (M in brute.due(roadmap, j, t, i))
        changed = {i for i in parties if there(duties.changed(i))}
        assert changed == set(brute.touched(roadmap))


def _act(m: str, value: dict[str, str], **other: Any) -> Measure:
    terms = {"once": {}, "irreversible": F(0), "lag": 1, "signal": F(1), "requires": (), "excludes": (), "in_force": False}
    terms |= {"not_before": 0, "not_after": 3, "actors": ("a",), "kind": "other"} | other
    return Measure(id=m, whole=m, title=m, value={i: F(x) for i, x in value.items()}, **terms)


_COSTS = _act("costs", {"a": "-1", "b": "-0.5"})


@pytest.mark.parametrize(
    ("measures", "entry"),
    [
        ((_COSTS, _act("pays", {"a": "5", "b": "0.6"}, requires=(Requirement(("costs",), 0),))), {"costs": 0, "pays": 0}),
        (
            (
                _COSTS,
                _act("late", {"a": "1"}, not_before=3),
                _act("pays", {"a": "9", "b": "2"}, requires=(Requirement(("costs", "late"), 0),)),
            ),
            {"costs": 0, "late": 3, "pays": 0},
        ),
    ],
    ids=["pays by way of a cost", "comes sooner by way of a cost"],
)
def test_of_two_parties_one_may_act_alone(measures: tuple[Measure, ...], entry: dict[str, int]) -> None:
    """One pays itself for what it costs, and the other, which would rather have it stop half-way, only looks on: catches a row
    of the other's, which has nothing to do."""
    terms = {"discount": F(1, 2), "stalemate": F(0)}
    a = Party(id="a", name="A", breakdown=F(20), trust={"b": F(1, 2)}, **terms)
    b = Party(id="b", name="B", breakdown=F(0), trust={"a": F(1, 2)}, **terms)
    instance = Instance("alone", 4, (a, b), (*measures, _act("left", {"a": "1", "b": "-1"}, actors=("b",))))
    roadmap = Roadmap("alone", 4, {**entry, "left": None})
    certificate = certify(instance, roadmap)
    assert certificate.holds
    assert certificate.helps
    assert certificate.courses["b"].continuation[4] < certificate.courses["b"].stepping_out[4]
    problem = Problem(instance, helping=True)
    columns = problem.schedule.columns()
    solution = problem.programme.solve(Expression(), fixed=(columns, problem.point(roadmap)[columns]))
    assert solution.point is not None
    assert not problem.add_broken(solution.point)
