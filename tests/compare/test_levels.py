"""What each level of trust makes possible: against every roadmap there is, and by what it claims."""

from __future__ import annotations

import itertools
import json
import math
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smallcases
from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.case.load import load
from detente.compare.levels import FINE, TrustLevels, trust_levels
from detente.compare.pictures import pictures
from detente.compare.reach import reached
from detente.compare.trust import at_level, factor_of, level_of, reference
from detente.errors import InputError
from detente.plan.certificate import certify
from detente.plan.search.objective import welfare
from strategies import instances

sys.path.insert(0, str(Path(__file__).parent))
from everything import as_case, kept

F = Fraction
SMALL = {"most_measures": 3, "most_phases": 3, "trades": True}


def sound(found: TrustLevels, instance: Instance) -> None:
    """What must be true of any answer."""
    worth: list[tuple[float, ...]] = []
    for level in found.levels:  # from the highest on
        if level.roadmap is None:
            worth.append((-1.0,))
            continue
        assert level.needs is not None
        assert level.needs <= level.level
        at = at_level(instance, level.level)
        certificate = certify(at, level.roadmap)
        assert certificate.holds
        worth.append(welfare(found.objective, certificate, at))
        assert level.reach is not None
        assert level.reach.measures == len(reached(instance, level.roadmap))
    assert all(b <= tuple(x + 1e-9 for x in a) for a, b in itertools.pairwise(worth))
    assert [r.needs for r in found.rises] == sorted(r.needs for r in found.rises)
    brought = [m for r in found.rises for m in r.brings]
    assert len(brought) == len(set(brought))
    assert not set(brought) & set(found.beyond)


@settings(max_examples=50, deadline=None)
@given(instances(**SMALL), st.sampled_from(["nash", "sum", "min"]))
def test_a_small_case_against_every_roadmap(instance: Instance, objective: str) -> None:
    """The best of all roadmaps at each level of the grid: catches a level whose best is missed, and a wrong need."""
    found = trust_levels(as_case(instance), objective=objective)
    if reference(instance) is None:
        assert found is None
        return
    assert found is not None
    assert found.exact
    sound(found, instance)
    brute = BruteForce(instance)
    every = [(strain, brute.welfare(r, objective)) for r, strain in kept(instance) if not r.is_empty]
    empty = next((s for r, s in kept(instance) if r.is_empty), None)
    nothing = next((brute.welfare(r, objective) for r in brute.roadmaps() if r.is_empty), None)
    for level in found.levels:
        factor = factor_of(instance, level.level)
        worth = [w for s, w in every if s <= factor and w is not None]
        best = max(worth, default=None)
        if best is None or (empty is not None and empty <= factor and nothing is not None and best <= nothing):
            continue  # nothing to gain by any step: none, or one that is worth the same
        assert level.roadmap is not None
        got = brute.welfare(level.roadmap, objective)
        assert got is not None
        assert [float(x) for x in got] == [pytest.approx(float(x), rel=1e-5, abs=1e-6) for x in best]


@settings(max_examples=40, deadline=None)
@given(instances(**SMALL))
def test_what_walks_find_is_sound(instance: Instance) -> None:
    """The quick way may find less, but what it shows holds where it says, and no roadmap is better than its gap allows."""
    found = trust_levels(as_case(instance), thorough=False)
    if found is None:
        return
    sound(found, instance)
    brute = BruteForce(instance)
    every = [(strain, brute.gains(r)) for r, strain in kept(instance)]
    for level in found.levels:
        if level.gap is None or level.roadmap is None:
            continue
        factor = factor_of(instance, level.level)
        best = max((math.prod(map(float, g)) for s, g in every if s <= factor and all(x > 0 for x in g)), default=0.0)
        mine = math.prod(map(float, brute.gains(level.roadmap)))
        assert best ** (1 / len(instance.touched)) <= mine ** (1 / len(instance.touched)) * (1 + level.gap) + 1e-6


def test_the_exchange_rises_where_it_must() -> None:
    """Two gifts at once, d = 0.8: each risks 1 (its gift for one phase), and to go on is worth (2 - 1) / 0.2 = 5 to it, which
    asks for odds of 1/5. To cheat for fear of the other's stop would spare it 1, and is worth 2 if the other does not, which
    asks for odds of 1 / (5 - 2). So both enter from odds of 1/3 on, a trust of 1/4, and none below."""
    found = trust_levels(load(smallcases.swap()))
    assert found is not None
    assert found.exact
    assert [(set(r.brings), r.needs) for r in found.rises] == [({"give-a", "give-b"}, F(1, 4))]
    assert [level.roadmap is None for level in found.levels] == [level.level < F(1, 4) for level in found.levels]
    assert all(level.needs in (None, F(1, 4)) and level.gap == 0 for level in found.levels)
    assert found.beyond == ()


def test_both_pictures_share_what_they_found() -> None:
    """toy-exchange: slow roadmaps that need little trust are found for the frontier, and are the best ones there are at these
    levels; each picture by itself would not know."""
    case = load("toy-exchange")
    alone = trust_levels(case, thorough=False)
    both = pictures(case, thorough=False)
    assert alone is not None
    assert both.levels is not None
    assert both.frontier is not None
    assert both.levels.rises[0].needs <= min(alone.rises[0].needs, *(p.needs for p in both.frontier.points))


def test_scarce_trust_and_the_same_bytes_twice() -> None:
    """At a third of the stated odds supplier-dispute still has a roadmap; a search that gives up there would show a cliff that
    is none. The same answer twice, on one core or two."""
    case = load("supplier-dispute")
    one, two = (trust_levels(case, thorough=False) for _ in range(2))
    assert one is not None
    assert two is not None
    assert json.dumps(one.to_dict()) == json.dumps(two.to_dict())
    sound(one, case.instance)
    low = next(level for level in one.levels if level.level == F(7, 100))
    assert low.reach is not None
    assert low.reach.measures >= 10
    assert level_of(case.instance, F(1)) == one.stated


def test_the_grid_and_a_wrong_objective() -> None:
    """The range that the picture promises, and an objective that is none."""
    assert (FINE[0], FINE[-1]) == (F(60, 100), F(1, 100))
    with pytest.raises(InputError, match="objective 'fast' is not known"):
        trust_levels(load("toy-exchange"), objective="fast")
