"""Shares of draws against closed forms, and what is said where nothing is uncertain or the schedule itself is at fault.

The case is that of `gifts`.
"""

from __future__ import annotations

import dataclasses
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.case.draws.draw import uncertainty
from detente.case.instance import Instance
from detente.case.to_instance import shared_signal
from detente.errors import CaseError, InputError
from detente.plan.certificate import certify
from detente.plan.draws import deciding
from detente.plan.draws.interval import wilson
from detente.plan.draws.shares import shares
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from gifts import KEEPS, LOYAL, gifts, near, uncertain
from smallcases import Data, parties, swap

N = 20_000


@pytest.mark.parametrize(("who", "wanted"), [("a", KEEPS), ("b", KEEPS), ("ab", KEEPS**2)])
def test_the_share_is_that_of_the_closed_form(who: str, wanted: float) -> None:
    """Catches a row that is left out, a party that is counted twice, draws that are not independent between parties."""
    case, roadmap = gifts(*who)
    found = shares(case, roadmap, draws=N, indices=False)
    assert near(found.share, wanted, N)
    assert found.interval[0] < found.share < found.interval[1]
    assert (found.draws, found.effective, found.uncertain) == (N, N, len(who))


def test_breaks_say_for_whom_and_in_which_row() -> None:
    """Catches first breaks that are later ones, and a kind of row that hides the other.

    In phase 0 the incentive row of a party breaks in 1/8 of draws, its doubt row in a few more, its trust row hardly ever.
    """
    case, roadmap = gifts("a", "b")
    found = shares(case, roadmap, draws=N, indices=False)
    by = {(b.party, b.row): b for b in found.breaks}
    assert {(i, row) for i in "ab" for row in ("incentive", "doubt")} <= set(by)
    assert {b.phase for b in found.breaks} == {0}
    assert all(near(by[i, "incentive"].share, 1 - LOYAL, N) and near(by[i, "doubt"].share, 1 - KEEPS, N) for i in "ab")
    assert all(b.share < 0.001 for b in found.breaks if b.row == "trust")
    assert [b.share for b in found.breaks] == sorted((b.share for b in found.breaks), reverse=True)


def test_by_phase_it_falls_to_the_share_and_breaks_add_up() -> None:
    """Catches phases off by one, and draws that break in no phase or in two.

    B gives in phase 0 and A in phase 1. The share falls in each phase by at least what any one party and kind of row breaks
    there, and at most by all of them together.
    """
    case = dt.load(swap(uncertain("a")))
    roadmap = roadmap_from_steps([["give-b"], ["give-a"]], case.instance)
    found = shares(case, roadmap, draws=N, indices=False)
    assert len(found.by_phase) == case.phases.count + 1
    assert list(found.by_phase) == sorted(found.by_phase, reverse=True)
    assert found.by_phase[-1] == found.share
    falls = [b - a for b, a in zip((1.0, *found.by_phase), found.by_phase, strict=False)]
    for t, fall in enumerate(falls):
        here = [b.share for b in found.breaks if b.phase == t]
        assert max(here, default=0.0) <= fall + 1e-12 <= sum(here) + 2e-12


def test_a_fault_of_the_schedule_breaks_every_draw() -> None:
    """Catches a share that looks only at values: a step before its prerequisite holds in no draw."""

    def needs(data: Data) -> None:
        data["measures"]["give-b"]["requires"] = ["give-a"]

    case = dt.load(swap(uncertain("a"), needs))
    found = shares(case, roadmap_from_steps([["give-a", "give-b"]], case.instance), draws=500)
    assert found.share == 0
    assert found.deciding == ()
    at_fault = [b for b in found.breaks if b.party is None]
    assert [(b.phase, b.row) for b in at_fault] == [(0, "prerequisite")]
    assert at_fault[0].share == 1


@pytest.mark.parametrize("together", [True, False])
def test_where_nothing_is_uncertain_there_is_one_exact_draw(together: bool) -> None:
    """Catches a share of 1000 equal draws, an interval around what is known, and a broken roadmap that counts as held."""
    case = dt.load(swap())
    steps = [["give-a", "give-b"]] if together else [["give-a"]]
    found = shares(case, roadmap_from_steps(steps, case.instance))
    assert (found.draws, found.uncertain, found.share, found.interval) == (1, 0, float(together), (float(together),) * 2)
    assert found.note is not None
    assert bool(found.breaks) is not together
    assert found.deciding == ()


def test_the_interval_is_wilsons() -> None:
    """Catches another interval, and one that leaves 0 to 1.

    Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    """
    published = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0, 0.1611), (1, 29): (0.0061, 0.1718)}
    for (k, n), interval in published.items():
        assert wilson(k / n, n) == pytest.approx(interval, abs=5e-5)
    assert wilson(1, 1000) == pytest.approx((1 - wilson(0, 1000)[1], 1))


def test_tied_draws_widen_the_interval() -> None:
    """Catches hit-and-run draws that count as if they were independent."""

    def tied(data: Data) -> None:
        data["measures"]["more-b"] = {"title": "B gives more", "by": "b", "kind": "economic", "value": {"a": [1, 1.4, 2]}}
        data["comparisons"] = [{"by": "a", "prefers": "give-b", "to": "more-b"}]

    case = dt.load(swap(uncertain("a"), tied))
    found = shares(case, roadmap_from_steps([["give-a", "give-b"]], case.instance), draws=1000, indices=False)
    assert found.effective < 1000
    assert found.r_hat is not None
    assert found.interval == wilson(found.share, found.effective)
    assert found.distribution["comparisons"] == (0,)


def test_the_same_seed_gives_the_same_bytes_on_one_core_or_many() -> None:
    """Catches results that depend on how the work was spread, and seeds or streams that change nothing."""
    case, roadmap = gifts("a", "b")
    one, two = (json.dumps(shares(case, roadmap, draws=700, seed=4, cores=c).to_dict()) for c in (1, 3))
    assert one == two
    others = [shares(case, roadmap, draws=700, seed=5), shares(case, roadmap, draws=700, seed=4, stream=9)]
    assert all(json.dumps(o.to_dict()) != one for o in others)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0}, "draws: got 0"),
        ({"draws": 2.5}, "draws: got 2.5"),
        ({"draws": True}, "draws: got True"),
        ({"seed": -1}, "seed: got -1"),
        ({"seed": 2**63}, "seed: got 9223372036854775808"),
        ({"seed": None}, "seed: got None"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(options: dict[str, object], message: str) -> None:
    """Catches a count of no draws that says 100%, and seeds that the generator would refuse with a traceback."""
    case, roadmap = gifts("a")
    with pytest.raises(InputError, match=message):
        shares(case, roadmap, **options)  # type: ignore[arg-type]


def test_contradictory_comparisons_are_refused() -> None:
    """Catches draws from an empty polytope."""

    def contradict(data: Data) -> None:
        data["comparisons"] = [{"by": "a", "prefers": "give-a", "to": "give-b"}]  # -1 over [1, 1.5, 2]

    case = dt.load(swap(uncertain("a"), contradict))
    with pytest.raises(CaseError, match="cannot be true together"):
        shares(case, Roadmap.empty(case.instance))


def test_trust_that_is_a_range_is_drawn() -> None:
    """The share of draws of trust above the threshold 1/4, from a triangular range; catches trust that stays likely.

    A gives 1 a phase and gets 2: V - W = (2 - 1) / 0.2 = 5, and it risks E = 1, so it dares at odds of 1/5. Cheating spares it
    1 if B stops, and loses it V - D = 5 - 2 = 3 if not, so that it needs odds of 1/3.
    """
    low, likely, high = 0.05, 0.15, 0.4
    data = swap(parties(trust=0.9))
    data["parties"]["a"]["trust"]["b"] = [low, likely, high]
    case = dt.load({**data, "draws": {"shape": "triangular", "spread": 0}})
    above = (high - 1 / 4) ** 2 / ((high - low) * (high - likely))
    found = shares(case, Roadmap("swap", 2, {"give-a": 0, "give-b": 0}), draws=N)
    assert near(found.share, above, N)
    assert [(b.party, b.row) for b in found.breaks] == [("a", "doubt"), ("a", "trust")]
    assert [(d.kind, d.quantities) for d in found.deciding] == [("trust", ("parties.a.trust.b",))]


def terms(data: Data) -> None:
    """Ranges for all that belongs to a measure, and for a discount."""
    data["measures"]["give-a"] |= {"slices": 2, "irreversible": [0, 0.1, 0.5], "signal": [1, 2, 5], "lag": [1, 1, 2]}
    data["measures"]["give-b"] |= {"irreversible": [0, 0, 0.9], "lag": [1, 2, 3]}
    data["measures"]["give-a"]["value"]["b"] = [2, 3, 6]
    data["measures"]["give-b"]["value"]["a"] = [2, 4, 6]
    data["parties"]["a"]["discount"] = [0.3, 0.8, 0.95]
    data["parties"]["b"]["discount"] = [0.4, 0.9, 0.95]


def test_terms_that_are_ranges_are_drawn_and_the_certificate_of_each_draw_agrees() -> None:
    """Catches a discount, irreversible share, lag or signal that stays likely, a signal that every slice has whole, a lag that
    is no whole number, and rows of lags that the draw does not have.
    """
    case = dt.load(swap(terms))
    roadmap = Roadmap("swap", 2, {"give-a/1": 0, "give-a/2": 0, "give-b": 0})
    count = 200
    drawn = uncertainty(case).draw(count, 3)
    names = {q.name: n for n, q in enumerate(drawn.quantities)}
    assert {name.rpartition(".")[2] for name in names} >= {"discount", "irreversible", "lag", "signal"}

    def instance(row: int) -> Instance:
        def number(name: str, likely: Fraction) -> Fraction:
            return Fraction(float(drawn.values[row, names[name]])) if name in names else likely

        it = case.instance
        measures = []
        for m in it.measures:
            n, path = len(it.slices[m.whole]), f"measures.{m.whole}"
            g = number(f"{path}.signal", m.signal)
            lag = number(f"{path}.lag", Fraction(m.lag))
            assert lag.denominator == 1
            measures.append(
                dataclasses.replace(
                    m,
                    value={i: number(f"{path}.value.{i}", v * n) / n for i, v in m.value.items()},
                    irreversible=number(f"{path}.irreversible", m.irreversible),
                    lag=int(lag),
                    signal=shared_signal(g, n) if f"{path}.signal" in names else m.signal,
                )
            )
        people = [dataclasses.replace(p, discount=number(f"parties.{p.id}.discount", p.discount)) for p in it.parties]
        return dataclasses.replace(it, measures=tuple(measures), parties=tuple(people))

    wanted = sum(certify(instance(n), roadmap).holds for n in range(count))
    found = shares(case, roadmap, draws=count, seed=3)
    assert 0.05 < found.share < 0.95
    assert found.share == wanted / count
    assert {d.kind for d in found.deciding} >= {"discount", "lag"}
    assert all((d.party is None) == (d.kind in ("irreversible", "lag", "signal")) for d in found.deciding)


def keeps(by: float) -> float:
    """The share of draws in which a party keeps to it, of a range of its gift that is so many times as wide: u on 1.5 -+ by/2
    has to be at least 1.5 - 23/96."""
    return float(1 - 2 * (0.5 - 23 / (96 * by)) ** 2)


@pytest.mark.parametrize(("widen", "confidence"), [(1.0, None), (1.5, None), (0.7, None), (1.0, 0.8), (1.3, 0.8)])
def test_shares_under_wider_ranges_are_those_of_the_closed_form(widen: float, confidence: float | None) -> None:
    """Catches a factor that is not applied, or twice; a confidence that the rows do not see; a second share by fresh luck.

    A triangle that holds its stated range with probability c is 1/(1 - sqrt(1 - c)) times as wide.
    """
    case = dt.load(swap(uncertain("a"), lambda data: data.update(ranges={"confidence": confidence})))
    found = shares(case, Roadmap("swap", 2, {"give-a": 0, "give-b": 0}), draws=N, indices=False, widen=widen)
    by = widen if confidence is None else widen / (1 - math.sqrt(1 - confidence))
    wide = found.widened
    assert wide is not None
    assert wide.by == pytest.approx(1.3 * widen)
    assert near(found.share, keeps(by), N)
    assert near(wide.share, keeps(1.3 * by), N)
    # the same quantiles: the second share differs by the draws between the two ends alone, whose number is near its mean
    between = keeps(by) - keeps(1.3 * by)
    assert abs(found.share - wide.share - between) < 4.5 * math.sqrt(between / N)
    assert found.distribution.get("widen", 1.0) == widen
    assert found.distribution.get("confidence") == confidence


def test_wider_ranges_do_not_mend_a_schedule() -> None:
    """Catches a second share of a roadmap that is broken whatever the values are, and one that nothing uncertain moves."""

    def later(data: Data) -> None:
        data["measures"]["give-a"]["window"] = {"not_before": 1}

    case = dt.load(swap(uncertain("a"), later))
    broken = shares(case, Roadmap("swap", 2, {"give-a": 0, "give-b": 0}), draws=300, indices=False)
    certain = dt.load(swap(parties(trust=0.96)))
    sure = shares(certain, Roadmap("swap", 2, {"give-a": 0, "give-b": 0}))
    assert broken.widened is not None
    assert sure.widened is not None
    assert (broken.share, broken.widened.share) == (0, 0)
    assert (sure.share, sure.widened.share, sure.widened.interval) == (1, 1, (1, 1))


def test_what_decides_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches indices that come out otherwise of what is kept, for other draws, seeds or widths, or again each time."""
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    case = dt.load("toy-exchange")
    roadmap = dt.plan(case, likely=True, reasons=False).roadmap
    asked: list[dict[str, Any]] = [{"draws": 300}, {"draws": 200}, {"draws": 300, "seed": 1}, {"draws": 300, "widen": 1.2}]
    without = [shares(case, roadmap, **options).to_dict() for options in asked]
    monkeypatch.delenv("DETENTE_CACHE", raising=False)
    begun, holds = list[int](), deciding._holds

    def counted(*given: Any) -> Any:
        begun.append(1)
        return holds(*given)

    monkeypatch.setattr(deciding, "_holds", counted)
    assert [shares(case, roadmap, **options).to_dict() for options in asked] == without
    assert any(found["deciding"] for found in without)
    assert len(list((tmp_path / "cache" / "indices").iterdir())) == len(asked)
    first = len(begun)
    assert [shares(case, roadmap, **options).to_dict() for options in asked] == without
    assert len(begun) - first == len(asked) * len(case.parties)
