"""Speed against safety: against every roadmap there is, and by what it claims."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

import smallcases
from detente.case.instance import Instance
from detente.case.load import load
from detente.compare.frontier import Frontier, frontier
from detente.compare.trust import reference, scaled
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search import possible
from strategies import instances

sys.path.insert(0, str(Path(__file__).parent))
from everything import as_case, kept, speed

F = Fraction
SMALL = {"most_measures": 3, "most_phases": 3, "trades": True}


def best(instance: Instance) -> list[tuple[Fraction, Fraction]]:
    """The frontier by looking at every roadmap: (strain, speed), rising."""
    points = []
    for roadmap, strain in kept(instance):
        if strain <= 1 and not roadmap.is_empty:
            points.append((strain, speed(instance, roadmap)))
    return sorted({p for p in points if not any(q != p and q[0] <= p[0] and q[1] >= p[1] for q in points)})


def mutual(found: Frontier) -> bool:
    """Whether no point is as fast as another that needs no more."""
    pairs = [(a, b) for a in found.points for b in found.points if a is not b]
    return not any(a.strain <= b.strain and a.speed >= b.speed for a, b in pairs)


@settings(max_examples=60, deadline=None)
@given(instances(**SMALL))
def test_a_small_case_has_its_whole_frontier(instance: Instance) -> None:
    """Against every roadmap: catches a point that is missed, one that is beaten, and speed or strain counted otherwise."""
    found = frontier(as_case(instance))
    if reference(instance) is None:
        assert found is None
        return
    assert found is not None
    assert found.complete
    wanted = best(instance)
    assert [(float(p.strain), float(p.speed)) for p in found.points] == [
        (pytest.approx(float(s), rel=2e-6), pytest.approx(float(v))) for s, v in wanted
    ]
    assert all(certify(instance, p.roadmap).holds for p in found.points)


@settings(max_examples=40, deadline=None)
@given(instances(**SMALL))
def test_what_walks_find_is_sound(instance: Instance) -> None:
    """The quick way may miss points, but each one holds, none beats another, and none passes the bound or the true frontier."""
    found = frontier(as_case(instance), thorough=False)
    if found is None:
        return
    assert not found.complete
    assert mutual(found)
    wanted = best(instance)
    for p in found.points:
        assert certify(instance, p.roadmap).holds
        assert max((v for s, v in wanted if s <= p.strain), default=F(-1)) >= p.speed
    for cap in found.caps:
        assert all(float(v) <= cap.at_most + 1e-6 for _, v in wanted)


@settings(max_examples=60, deadline=None)
@given(instances(**SMALL))
def test_the_bound_bounds(instance: Instance) -> None:
    """Against every roadmap, at half the trust too: catches a relaxation that cuts off what whole numbers reach."""
    for factor in (F(1), F(1, 2)):
        most = [speed(instance, r) for r, s in kept(instance) if s <= factor and not r.is_empty]
        value = possible.bound(scaled(instance, factor), "speed")
        assert value >= float(max(most)) - 1e-6 if most else value >= -1e300 or value == float("-inf")


def test_the_exchange_by_hand() -> None:
    """Two gifts in two slices each, two phases, d = 0.8: at once each side risks 1 a slice, and gains by cheating 1 * (2 - 5)
    less; the frontier runs from one slice of each, later, to all at once."""
    case = load(smallcases.swap(smallcases.measures(slices=2)))
    found = frontier(case)
    assert found is not None
    assert [float(p.speed) for p in found.points] == sorted(float(p.speed) for p in found.points)
    assert found.points[-1].speed == max(v for _, v in best(case.instance))
    assert found.stated == F(1, 2)
    assert found.pair == ("a", "b")


def test_known_roadmaps_count() -> None:
    """A roadmap found elsewhere that is faster or safer than the walks' own must show, one that does not hold must not."""
    case = load("toy-exchange")
    steps = case.instance.slices
    places = {m: n for ids in steps.values() for n, m in enumerate(ids)}
    good = Roadmap(case.case, case.instance.phases, {m: 0 if n < 5 else 1 if n < 8 else 2 for m, n in places.items()})
    bad = Roadmap(case.case, case.instance.phases, dict.fromkeys(good.entry, 0))
    found = frontier(case, known=[good, bad], thorough=False)
    assert found is not None
    assert any(p.strain <= F(50, 67) and p.speed >= speed(case.instance, good) for p in found.points)
    assert all(p.roadmap != bad for p in found.points)


def test_the_same_bytes_twice() -> None:
    """Catches the clock, the number of cores, and the order of a set."""
    case = load("supplier-dispute")
    one, two = (frontier(case, thorough=False) for _ in range(2))
    assert one is not None
    assert two is not None
    assert json.dumps(one.to_dict()) == json.dumps(two.to_dict())
    assert mutual(one)
    assert all(p.certificate.holds for p in one.points)
    assert len(one.points) >= 5


def test_nobody_depends_on_another() -> None:
    """One party alone acts and trusts nobody: there is no level of trust to speak of."""

    def alone(data: smallcases.Data) -> None:
        del data["parties"]["b"], data["measures"]["give-b"]
        data["parties"]["a"]["trust"] = {}
        data["measures"]["give-a"]["value"] = {"a": 1}

    assert frontier(load(smallcases.swap(alone))) is None
