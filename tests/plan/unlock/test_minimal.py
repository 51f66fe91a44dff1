"""Minimal sets against exhaustive search: every set of supports, every roadmap, by the slow walk through the definition."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.case import Case
from detente.plan.unlock.supported import supported
from detente.plan.unlock.unlock import unlock
from unlockcases import PHASES, cases, reaches


@settings(max_examples=20)
@given(cases(), st.sampled_from(["give-a", "give-b"]), st.sampled_from([None, 0]))
def test_the_minimal_sets_are_those_of_exhaustive_search(case: Case, target: str, by: int | None) -> None:
    """Catches a set that is ruled out wrongly, one that is called minimal and is not, one that is missed, and another order
    than that of the costs."""
    ids = [s.id for s in case.supports]
    works = {
        chosen
        for n in range(len(ids) + 1)
        for chosen in itertools.combinations(ids, n)
        if reaches(supported(case, chosen), target, PHASES - 1 if by is None else by)
    }
    minimal = {one for one in works if not any(set(other) < set(one) for other in works)}
    found = unlock(case, target, by=by, most=100)
    assert {o.supports for o in found.options} == minimal
    assert found.complete
    assert not found.open
    assert all(o.minimal for o in found.options)
    assert [o.total for o in found.options] == sorted(o.total for o in found.options)
    assert bool(found) == bool(minimal)
    for option in found.options:
        brute = BruteForce(supported(case, option.supports))
        assert brute.holds(option.roadmap)
        assert brute.helps(option.roadmap)
