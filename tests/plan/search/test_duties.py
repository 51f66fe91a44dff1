"""Who gives and what is due, as numbers of the schedule, against every roadmap of small cases."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.plan.search.columns import Schedule
from detente.plan.search.duties import Duties
from detente.solver.linear import Expression, Programme
from strategies import instances

limits = {"most_measures": 3, "most_phases": 3}


@settings(max_examples=400, deadline=None)
@given(instances(trades=True, **limits) | instances(**limits) | instances(outside=True, **limits), st.booleans())
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
