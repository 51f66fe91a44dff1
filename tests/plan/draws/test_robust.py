"""Roadmaps for a share of draws, on cases whose answer is known by hand or by trying every roadmap.

The case of `gifts`, both parties uncertain: whatever the phases, the exchange holds in KEEPS^2 = 0.747 of draws, and there is
no other roadmap.

With a second, certain pair of gifts worth 1.3 (`two_pairs`): alone it holds always (0.3 / 0.2 = 1.5, cheating 1.3, and 24 times
the difference is more than the 1 that it would spare). Both pairs: going on is worth (u - 1 + 0.3) / 0.2 and cheating u + 1.3,
which would spare 2 if the other stops, so a party keeps to it iff 24 (4 u - 4.8) >= 2, u >= 1 + 53/240: in 0.814 of draws.
"""

from __future__ import annotations

import itertools
import json
import math
import time

import numpy as np
import pytest

import detente as dt
from detente.case.case import Case
from detente.case.draws.draw import uncertainty
from detente.errors import CaseError, InputError
from detente.plan.certificate import STRUCTURAL, certify
from detente.plan.draws.climb import Climb
from detente.plan.draws.trial import Trial
from detente.plan.roadmap import Roadmap
from detente.plan.tables.party_rows import entries
from detente.plan.tables.sums import Sums
from gifts import KEEPS, gifts, near, uncertain
from smallcases import Data, swap

BOTH = 1 - 2 * (53 / 240) ** 2


def two_pairs() -> Case:
    def change(data: Data) -> None:
        for i, j in ("ab", "ba"):
            data["measures"][f"more-{i}"] = {"title": f"{i} more", "by": i, "kind": "other", "value": {i: -1, j: 1.3}}

    return dt.load(swap(uncertain("a", "b"), change))


def test_the_plan_itself_is_taken_where_it_is_sure_enough() -> None:
    """Catches a search that gives something up for nothing."""
    case, both = gifts("a", "b")
    found = dt.plan(case, holds=0.7, likely=True)
    assert found.roadmap.entry == both.entry
    assert (found.status, found.gap) == ("optimal", 0.0)
    assert found.holds is not None
    assert found.holds.met
    assert near(found.holds.shares.share, KEEPS**2, 10_000)
    assert found.holds.likely is not None
    assert found.holds.likely.share == found.holds.shares.share


def test_what_is_not_sure_enough_is_left_out() -> None:
    """Catches a plan for the likely values in place of a sure one, and a share that was not measured."""
    case = two_pairs()
    likely, sure = dt.plan(case, holds=0.8, likely=True), dt.plan(case, holds=0.9, likely=True)
    assert set(likely.roadmap.entry.values()) == {0}
    assert likely.holds is not None
    assert near(likely.holds.shares.share, BOTH**2, 10_000)
    assert sure.roadmap.entry == {"give-a": None, "give-b": None, "more-a": 0, "more-b": 0}
    assert sure.certificate.holds
    assert sure.holds is not None
    assert (sure.holds.met, sure.holds.shares.share) == (True, 1.0)
    assert sure.holds.likely is not None
    assert sure.holds.likely.entry == likely.roadmap.entry
    # both pairs give each (0.5 + 0.3) / 0.2 = 4, the certain one 1.5: another could be better by 4 / 1.5 - 1 at most
    assert sure.status == "feasible"
    assert sure.gap == pytest.approx(4 / 1.5 - 1)
    because = {r.measure: r.because for r in sure.reasons}
    assert because["give-a"] in ("row", "draws")


def test_where_none_is_sure_enough_the_largest_share_is_told() -> None:
    """Catches an empty success, and a share that is not the largest that can be had."""
    case, both = gifts("a", "b")
    found = dt.plan(case, holds=0.9, likely=True)
    assert found.holds is not None
    assert not found.holds.met
    assert found.roadmap.entry == both.entry
    assert found.certificate.holds
    assert near(found.holds.shares.share, KEEPS**2, 10_000)
    assert found.holds.to_dict()["met"] is False


def test_certainty_can_be_asked_for() -> None:
    """Catches a share of 1 that no roadmap can pass, or that one passes which breaks in some draw."""
    sure = dt.plan(two_pairs(), holds=1, likely=True)
    assert sure.roadmap.entry == {"give-a": None, "give-b": None, "more-a": 0, "more-b": 0}
    assert sure.holds is not None
    assert sure.holds.met
    never = dt.plan(gifts("a")[0], holds=1, likely=True)
    assert never.holds is not None
    assert not never.holds.met
    assert near(never.holds.shares.share, KEEPS, 10_000)


def test_draws_that_break_join_the_sample_where_none_may() -> None:
    """Catches a search that takes 1000 draws for all there are: a gift that fails in 1 of 2000 draws is found out.

    A's gift is worth u to b, triangular on [1.244, 1.744, 2.244], and beside it b gets one worth 1.2605, for which alone it
    keeps to it. For both it does iff 24 (4 (u + 1.2605) - 10) >= 2, u >= 1.26033: all but P(u < that) = 2 * 0.01633^2 =
    0.00053.
    """

    def rare(data: Data) -> None:
        data["measures"]["give-a"]["value"]["b"] = [1.244, 1.744, 2.244]
        for i, j in ("ab", "ba"):
            data["measures"][f"more-{i}"] = {"title": f"{i} more", "by": i, "kind": "other", "value": {i: -1, j: 1.2605}}

    case = dt.load(swap(uncertain("b"), rare))
    found = dt.plan(case, holds=1, seed=1, likely=True)
    assert found.holds is not None
    assert found.holds.search is not None
    assert found.holds.search["sample"] == 1002
    assert found.certificate.holds
    assert found.holds.met
    assert found.holds.shares.share == 1
    assert found.roadmap.entry["more-a"] == 0


def test_without_a_roadmap_at_the_likely_values_there_is_none() -> None:
    """Catches a share of the empty roadmap, which always holds, in place of an answer."""

    def costly(data: Data) -> None:
        data["measures"]["give-a"]["value"]["b"] = [0.1, 0.2, 3]

    found = dt.plan(dt.load(swap(uncertain("a"), costly)), holds=0.5, likely=True)
    assert (found.status, found.nothing_because, found.holds) == ("none", "rows", None)
    assert found.reasons


def test_where_nothing_is_uncertain_the_certificate_is_the_share() -> None:
    """Catches a search on draws that are all the same."""
    found = dt.plan(dt.load(swap()), holds=1, likely=True)
    assert found.holds is not None
    assert found.holds.met
    assert found.holds.shares.draws == 1
    assert found.holds.search is None
    assert found.reasons


def test_the_share_is_counted_without_a_search_too() -> None:
    """Catches draws that change the plan, and a number of draws that is not heeded."""
    case, both = gifts("a", "b")
    plain, counted = dt.plan(case, likely=True), dt.plan(case, draws=2000, seed=3, likely=True)
    assert plain.holds is None
    assert plain.to_dict() == {**counted.to_dict(), "holds": None}
    assert counted.roadmap.entry == both.entry
    assert counted.holds is not None
    assert (counted.holds.asked, counted.holds.shares.draws, counted.holds.shares.seed) == (None, 2000, 3)
    assert counted.holds.met
    assert near(counted.holds.shares.share, KEEPS**2, 2000)


def test_same_seed_same_bytes_on_one_core_or_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a search that the clock or the number of cores decides, and a seed that changes nothing."""
    told = []
    for cores in (1, 4):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        told.append(json.dumps(dt.plan(two_pairs(), holds=0.84, draws=3000, seed=5, likely=True).to_dict()))
    assert told[0] == told[1]
    assert json.dumps(dt.plan(two_pairs(), holds=0.84, draws=3000, seed=6, likely=True).to_dict()) != told[0]


def random_case(seed: int) -> Case:
    """Four measures, two a side, three phases, uncertain values: 256 roadmaps, all of which can be tried."""
    rng = np.random.default_rng(seed)

    def change(data: Data) -> None:
        data["phases"]["count"] = 3
        for p in data["parties"].values():
            p |= {"breakdown": [0, 0.5, 1], "trust": dict.fromkeys(p["trust"], 0.4)}
        data["measures"] = {}
        for n, (i, j) in enumerate(("ab", "ba", "ab", "ba")):
            worth = round(float(rng.uniform(1.3, 2.2)), 2)
            data["measures"][f"m{n}"] = {
                "title": f"m{n}", "by": i, "kind": "other", "lag": int(rng.integers(1, 3)),
                "irreversible": round(float(rng.uniform(0, 0.3)), 2), "signal": [1, 2][int(rng.integers(2))],
                "value": {i: [-1.5, -1, -0.8], j: [round(0.6 * worth, 3), worth, round(1.3 * worth, 3)]},
            }  # fmt: skip

    return dt.load(swap(change))


@pytest.mark.parametrize("seed", range(8))
def test_the_search_finds_the_best_of_all_roadmaps(seed: int) -> None:
    """Catches a climb that stops at a worse roadmap, breaks too many draws, or breaks at the likely values.

    Every roadmap is tried on the same 300 draws; the best that breaks in few enough is the answer.
    """
    case, draws, allowed = random_case(seed), 300, 45
    instance, known = case.instance, uncertainty(case)
    sample = known.draw(draws, seed)
    likely = np.array([[float(q.likely) for q in known.quantities]])
    trial = Trial(instance, sample)
    sums = Sums(instance, known.quantities, np.concatenate([likely, sample.values]), certain=1)
    climb = Climb(sums, "nash", 1.0, math.inf, lambda _: True)
    best, roadmaps = climb.score, 0
    for phases in itertools.product(range(4), repeat=4):
        entry = np.array(phases)
        roadmap = Roadmap("swap", 3, {f"m{n}": None if t == 3 else t for n, t in enumerate(phases)})
        certificate = certify(instance, roadmap)
        assert not [r for r in certificate.broken if r.row in STRUCTURAL]
        if certificate.holds and trial.breaks(entry, (0, 1), draws) <= allowed:
            roadmaps += 1
            climb.place(entry)
            best = max(best, climb.score)
    climb.place(entries(instance, Roadmap.empty(instance)))
    climb.polish(allowed)
    climb.anneal(allowed, 400, np.random.default_rng(seed))
    climb.polish(allowed)
    assert climb.sums.broken() <= allowed
    assert climb.score == pytest.approx(best, abs=1e-6), f"of {roadmaps} roadmaps"


def test_a_time_limit_is_told() -> None:
    """Catches a search that was cut short and says nothing."""
    case = random_case(1)
    known = uncertainty(case)
    values = np.array([[float(q.likely) for q in known.quantities]] * 3)
    climb = Climb(Sums(case.instance, known.quantities, values, certain=1), "nash", 1.0, time.monotonic() - 1, lambda _: True)
    climb.polish(2)
    assert climb.cut_short
    assert (climb.entry == case.instance.phases).all()


@pytest.mark.parametrize("share", [0, -0.1, 1.01, math.nan, math.inf])
def test_shares_that_mean_nothing_are_refused(share: float) -> None:
    """Catches a plan for 90 in place of 0.9, and comparisons with nan that let it pass."""
    with pytest.raises(InputError, match=r"holds: got .*, wanted a share of draws above 0 and at most 1"):
        dt.plan(two_pairs(), holds=share, likely=True)


def test_percent_is_met_with_a_hint() -> None:
    """Catches a refusal that does not say what was probably meant."""
    with pytest.raises(InputError, match=r"did you mean 0\.9\?"):
        dt.plan(two_pairs(), holds=90, likely=True)


@pytest.mark.parametrize("options", [{"draws": -1}, {"holds": 0.9, "draws": 0}, {"holds": 0.9, "seed": -1}, {"draws": 1.5}])
def test_numbers_that_mean_nothing_are_refused(options: dict[str, object]) -> None:
    """Catches an option that is only looked at after a long search."""
    with pytest.raises(InputError, match="wanted a whole number"):
        dt.plan(two_pairs(), **options, likely=True)  # type: ignore[arg-type]


def test_an_instance_has_no_ranges() -> None:
    """Catches a share of 100% for likely values alone."""
    with pytest.raises(InputError, match="give the case itself"):
        dt.plan(two_pairs().instance, holds=0.9, likely=True)


def test_contradictory_comparisons_are_told_before_the_search() -> None:
    """Catches a traceback, or minutes of planning, before the fault is named."""

    def contradict(data: Data) -> None:
        data["comparisons"] = [{"by": "a", "prefers": "give-a", "to": "give-b"}]

    with pytest.raises(CaseError, match=r"comparisons\[0\]"):
        dt.plan(dt.load(swap(uncertain("a"), contradict)), holds=0.9, likely=True)
