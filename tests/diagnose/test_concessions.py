"""What is possible without giving way, and what each concession adds: figures by hand, and against the plans themselves."""

from __future__ import annotations

import itertools

import pytest

import detente as dt
from detente.case.load import load
from detente.diagnose.demands import deadlocks, relaxations
from detente.diagnose.telling import show_concessions
from detente.errors import InputError
from detente.plan.search.objective import welfare
from smallcases import Data, swap, you_first


def test_the_swap_by_hand() -> None:
    """Kept, the two demands leave nothing. With one of them given up one gift comes a phase before the other: with d = 0.8 that
    is worth 5 d - 1 = 3 to who gives first, and 5 d + 2 = 6 to who gives then. At once: 5 each."""
    found = dt.concessions(load(swap(you_first)))
    assert not found
    assert found.best.value == {"a": 5, "b": 5}
    adds = {c.demands: dict(c.adds) for c in found.relaxed}
    assert adds == {
        ("b-first",): {"a": pytest.approx(3), "b": pytest.approx(6)},
        ("a-first",): {"a": pytest.approx(6), "b": pytest.approx(3)},
    }
    assert dict(found.share) == {"a": 0, "b": 0}
    assert found.left_out == ("give-a", "give-b")
    assert found.complete


def test_each_concession_is_the_plan_that_it_says() -> None:
    """On a bundled case: kept and relaxed roadmaps are those of `plan` with the same demands kept, single demands and all
    minimal relaxations are there, and to give up more is never worse by the objective. Catches a set that is lost."""
    case = load("supplier-dispute")
    found = dt.concessions(case)
    every = [d.id for d in case.demands]
    assert found.kept == dt.plan(case, keep_demands=True, reasons=False, likely=True)
    assert (steps(found.kept), steps(found.best)) == (9, 23)
    ways = relaxations(deadlocks(case.demands, case.instance)[0])[0]
    assert {frozenset(c.demands) for c in found.relaxed} == {frozenset(w) for w in ways} | {frozenset([d]) for d in every}
    worth = {frozenset(c.demands): welfare("nash", c.plan.certificate, c.plan.instance) for c in found.relaxed}
    worth |= {frozenset(): welfare("nash", found.kept.certificate, found.kept.instance)}
    worth |= {frozenset(every): welfare("nash", found.best.certificate, found.best.instance)}
    for one, two in itertools.permutations(worth, 2):
        if one < two:
            assert worth[two] >= (worth[one][0], worth[one][1] - 1e-6)
    assert [worth[frozenset(c.demands)] for c in found.relaxed] == sorted(
        (worth[frozenset(c.demands)] for c in found.relaxed), reverse=True
    )
    assert all(dt.verify(case, c.plan).holds for c in found.relaxed)


def steps(plan: dt.plan.result.Plan) -> int:
    return sum(map(len, plan.roadmap.steps))


def test_where_there_is_no_roadmap_at_all() -> None:
    """Gifts that cost more than they are worth. Catches a concession that is said to lead somewhere."""

    def too_dear(d: Data) -> None:
        you_first(d)
        d["measures"]["give-a"]["value"]["a"] = d["measures"]["give-b"]["value"]["b"] = -3

    case = load(swap(too_dear))
    found = dt.concessions(case)
    assert not found
    assert not found.best
    assert set(found.share.values()) == {None}
    said = "".join(str(part) for part in show_concessions(found, case))
    assert "there is none either" in said


def test_fewer_concessions_are_said_to_be_fewer() -> None:
    """Catches a list that is cut without a word."""
    found = dt.concessions(load(swap(you_first)), most=1)
    assert (len(found.relaxed), found.complete) == (1, False)


@pytest.mark.parametrize(("asked", "said"), [({"most": -1}, "wanted 0 or more"), ({"objective": "best"}, "not known")])
def test_what_means_nothing(asked: dict[str, object], said: str) -> None:
    """Refused in words."""
    with pytest.raises(InputError, match=said):
        dt.concessions(load(swap(you_first)), **asked)


def test_a_case_without_demands() -> None:
    """Has nothing to give up. Catches an empty success."""
    with pytest.raises(InputError, match="states no demands"):
        dt.concessions(load(swap()))
