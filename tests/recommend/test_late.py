"""What one late step leaves to everybody: by hand, against every schedule there is, and in the roadmap that is recommended."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import detente as dt
from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.cli import app
from detente.errors import InputError
from detente.plan.roadmap import Roadmap
from detente.plan.tables.layout import entries
from detente.recommend.late import Slack
from detente.recommend.result import Recommendation
from randomcases import random_case
from smallcases import Data, parties, swap

NEVER = 99


def dear(data: Data) -> None:
    """What A gives costs A 2 once besides: both at once bring A 5 - 2 = 3."""
    data["measures"]["give-a"]["once"] = {"a": -2}
    data["phases"]["count"] = 4


def schedule(instance: Instance, *phases: int | None) -> Any:
    entry = dict(zip(instance.measure, phases, strict=True))
    return entries(instance, Roadmap(instance.case, instance.phases, entry))


def test_by_hand() -> None:
    """Both at once: with B a phase late A has 3 - 2 = 1, with B two phases late 1 - 1.6 = -0.6. B first, A a phase later: A has
    10 - 0.8 (5 + 2) = 4.4, and with B two phases late 6.4 - 5.6 = 0.8; B has 0.8 * 10 - 5 = 3, and with A two phases late
    0.512 * 10 - 5 = 0.12."""
    it = dt.load(swap(dear)).instance
    slack, at_once, b_first = Slack(it, 2), schedule(it, 0, 0), schedule(it, 1, 0)
    assert Slack(it, 1).worst(at_once) == ("give-b", 1, "a", 1)
    assert slack.worst(at_once) == ("give-b", 2, "a", Fraction(-6, 10))
    assert not slack.kept(at_once)
    assert slack.short(at_once) == pytest.approx(0.3)  # the largest value that A knows is 2
    assert slack.worst(b_first) == ("give-a", 2, "b", Fraction(12, 100))
    assert slack.kept(b_first)
    assert slack.short(b_first) == 0
    assert Slack(it, 1).kept(at_once)
    assert Slack(it, 0).kept(at_once)


def late_by_definition(brute: BruteForce, every: list[Roadmap], roadmap: Roadmap, m: str, k: int) -> Roadmap:
    """Of all schedules that are nowhere earlier and have m so late, the one that is nowhere later than any other."""
    it = brute.instance

    def at(r: Roadmap, n: str) -> int:
        e = r.entry[n]
        return NEVER if e is None else e

    late = at(roadmap, m) + k
    wanted = {n: at(roadmap, n) for n in it.measure} | {m: late if late < it.phases else NEVER}
    later = [r for r in every if all(at(r, n) >= wanted[n] for n in wanted)]
    (first,) = [r for r in later if all(at(r, n) <= at(s, n) for s in later for n in wanted)]
    return first


@pytest.mark.parametrize("seed", range(12))
def test_against_every_schedule(seed: int) -> None:
    """Catches what waits for a late step and does not wait here, worth that is another schedule's, and a party overlooked."""
    case = dt.load(random_case(seed, measures=3, phases=3, works=seed % 2 == 1))
    it, brute = case.instance, BruteForce(case.instance)
    structural = {"prerequisite", "window", "in_force"}
    every = [r for r in all_schedules(it) if not {row for row, _ in brute.faults(r)} & structural]
    slack = Slack(it, 1)
    for roadmap in every[:: max(1, len(every) // 15)]:
        left = [
            brute.gain(late, i) + min(0, brute.drift(i) if brute.gives(late, i) else 0)
            for m in it.measure
            if (e := roadmap.entry[m]) is not None and e >= 0
            for late in [late_by_definition(brute, every, roadmap, m, 1)]
            if brute.process(late)
            for i in brute.touched(late)
        ]
        assert slack.kept(entries(it, roadmap)) == (min(left, default=Fraction(0)) >= 0)


def all_schedules(it: Instance) -> list[Roadmap]:
    phases = [(-1,) if m.in_force else (*range(it.phases), None) for m in it.measures]
    return [Roadmap(it.case, it.phases, dict(zip(it.measure, e, strict=True))) for e in itertools.product(*phases)]


@pytest.mark.parametrize("seed", range(8))
def test_what_is_short_is_what_is_lost(seed: int) -> None:
    """Catches tables that tell the search another loss than exact arithmetic: none where nobody loses, some where one does."""
    it = dt.load(random_case(seed, measures=4, phases=4)).instance
    slack, rng = Slack(it, 2), np.random.default_rng(seed)
    for _ in range(20):
        entry = np.array([-1 if m.in_force else rng.integers(0, it.phases + 1) for m in it.measures])
        short = slack.short(entry)
        worst = slack.worst(entry)
        left = Fraction(0) if worst is None else worst.gain
        assert short > 0 or left > -1e-6
        assert short == 0 or left < 0


def recommended(slack: int, *changes: Callable[[Data], object]) -> Recommendation:
    found = dt.plan(dt.load(swap(dear, parties(trust=0.9), *changes)), slack=slack, reasons=False, cores=1)
    assert isinstance(found, Recommendation)
    return found


def test_the_recommended_roadmap_has_the_slack() -> None:
    """Catches an option that the search forgets: without it both give at once, with it B goes first."""
    it = dt.load(swap(dear)).instance
    free, safe = recommended(0), recommended(2)
    assert not Slack(it, 2).kept(entries(it, free.roadmap))
    assert Slack(it, 2).kept(entries(it, safe.roadmap))
    assert safe.missed == ()
    assert safe.alternatives["recommended"].late == Slack(it, 2).worst(entries(it, safe.roadmap))


def test_a_slack_that_is_not_found_is_said() -> None:
    """A delay of four phases lets the late gift never come: nobody can bear that. Catches exit code 0, and silence."""
    data = swap(dear, parties(trust=0.9))
    assert recommended(4).missed == ("slack",)
    done = CliRunner().invoke(app, ["plan", "-", "--slack", "4", "--json"], input=json.dumps(data))
    assert done.exit_code == 1
    assert json.loads(done.stdout)["missed"] == ["slack"]


@pytest.mark.parametrize("slack", [-1, 1.5, True, "1"])
def test_what_is_no_number_of_phases_is_refused(slack: Any) -> None:
    """Catches a slack that is silently rounded or taken for none."""
    with pytest.raises(InputError, match="slack: got"):
        dt.plan(dt.load(swap()), slack=slack)
