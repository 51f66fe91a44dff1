"""The greedy start: its tables add up to the certificate's figures, its roadmaps hold, it starts where trust is scarce."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import welfare
from detente.plan.solve import plan
from detente.plan.tables.effects import Effects
from detente.plan.walk.pairs import grow
from strategies import instances, instances_with_roadmaps

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))

from cases import draw


@settings(max_examples=150)
@given(instances_with_roadmaps() | instances_with_roadmaps(outside=True) | instances_with_roadmaps(works=True))
def test_effects_add_up_to_the_figures_of_the_definition(drawn: tuple[Instance, Roadmap]) -> None:
    """Catches a wrong coefficient in the tables that both rivals are built from; also where a roadmap has no rows."""
    instance, roadmap = drawn
    brute, effects = BruteForce(instance), Effects(instance)

    def total(table: object, t: int, begun: object = None) -> float:
        return effects.total(table, roadmap.entry, t, begun)  # type: ignore[arg-type]

    def near(found: float, exact: Fraction) -> bool:
        return found == pytest.approx(float(exact), abs=1e-9)

    for t in range(instance.phases + 1):
        for i in instance.party:
            assert near(total(effects.continuation[i], t), brute.continuation(roadmap, i, t))
            out = total(effects.stepping_out[i], t, effects.begun_out[i]) + effects.constant_out[i]
            assert near(out, brute.stepping_out(roadmap, i, t))
        for (i, n), table in effects.deviation.items():
            cheating = total(table, t, effects.begun_deviation[i, n]) + effects.constant_deviation[i, n]
            assert near(cheating, brute.deviation(roadmap, i, t, n))
        for key, table in effects.exposure.items():
            i, j, known = key
            risk = total(table, t, effects.begun_exposure[key]) + effects.constant_exposure[key]
            assert near(risk, brute.exposure(roadmap, i, j, t, known))
            stated = instance.party[i].trust[j]
            assert near(float(stated / (1 - stated)) * math.exp(total(effects.seen[i, j], t)), brute.odds(roadmap, i, j, t))
        for both, table in effects.doubt.items():
            i, j, known, found = both
            spared = total(table, t, effects.begun_doubt[both]) + effects.constant_doubt[both]
            assert near(spared, brute.both(roadmap, i, j, t, found, known) - brute.betrayed(roadmap, i, j, t, known))


@pytest.mark.parametrize(("parties", "trust"), [(2, "moderate"), (3, "moderate"), (2, "low")])
def test_the_greedy_roadmap_holds_and_nothing_more_can_be_added(parties: int, trust: str) -> None:
    """Catches a screen that lets a broken row pass, or one that stops while a single step would still help."""
    instance = draw(20, 6, parties, 3, trust)
    grown = grow(instance, seconds=120.0)
    assert grown.finished
    assert grown.holds == certify(instance, grown.roadmap).holds is True
    value = welfare("nash", certify(instance, grown.roadmap), instance)
    assert (grown.additions > 0) == (not grown.roadmap.is_empty)
    missing = [m for m, t in grown.roadmap.entry.items() if t is None]
    for m in missing:
        for t in range(instance.phases):
            more = grown.roadmap.moved(m, t)
            certificate = certify(instance, more)
            assert not certificate.holds or welfare("nash", certificate, instance) <= (value[0], value[1] + 1e-8)


def test_greedy_pairs_do_start() -> None:
    """Catches a rival that never gets going, against which anything looks good."""
    assert grow(draw(20, 6, 2, 3), seconds=120.0).additions > 2


@settings(max_examples=150, deadline=None)
@given(instances() | instances(works=True))
def test_greedy_roadmaps_hold_whatever_is_asked(instance: Instance) -> None:
    """Catches a red line, a trust row or an exclusion that the tables forget; one party, or nobody to trust, too."""
    assume(instance.touched)
    for objective in ("nash", "sum", "min"):
        for asks in ({}, {"trust": False}, {"red_lines": False}):
            grown = grow(instance, objective, seconds=60.0, **asks)
            assert grown.finished
            assert grown.holds or Roadmap.empty(instance) == grown.roadmap
            assert grown.holds == certify(instance, grown.roadmap, **asks).holds


@settings(max_examples=50, deadline=None)
@given(instances(trades=True))
def test_what_is_in_force_and_not_yet_seen_counts_when_it_is_seen(instance: Instance) -> None:
    """Catches odds that a roadmap under way has earned and the greedy rule leaves out, or counts too early."""
    measures = tuple(replace(m, unseen=m.lag if m.in_force else 0) for m in instance.measures)
    under_way = replace(instance, measures=measures)
    assume(instance.touched)
    grown = grow(under_way, seconds=60.0)
    assert grown.holds == certify(under_way, grown.roadmap).holds
    known = grow(instance, seconds=60.0)
    assert not known.holds or certify(under_way, known.roadmap).holds  # signals only ever help


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_planner_starts_where_trust_is_scarce(seed: int) -> None:
    """Catches a search that branches without end where adding pairs by hand finds a roadmap at once."""
    instance = draw(30, 8, 3, seed, "low")
    grown = grow(instance, seconds=60.0)
    made = plan(instance, time_limit=5.0, gap=0.5, reasons=False)
    assert welfare("nash", made.certificate, instance) >= welfare("nash", certify(instance, grown.roadmap), instance)
    assert made.certificate.holds
