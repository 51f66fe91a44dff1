"""Whether it pays to miss a step on purpose: against a plain walk through the phases, by hand, and what is named where it does.

The walk knows the calendar of the whole case and nothing of states: each measure is on, off or never on in each phase, and
every party has v while it is on, r v while it is off again, and k when it enters.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import pytest

from bruteforce import BruteForce
from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.load import load
from detente.errors import InputError
from detente.plan.roadmap import Roadmap
from detente.plan.solve import plan
from detente.prepare.contingency import Contingency, Preparation
from detente.prepare.deter import MISSES
from detente.prepare.prepare import prepare
from smallcases import Data, measures, parties, swap

F = Fraction
LOTS = {f"give-{i}/{k}": 0 if k <= 5 else 1 if k <= 8 else 2 for i in "ab" for k in range(1, 11)}


@cache
def prepared(name: str) -> tuple[Case, Preparation]:
    case = load(name)
    return case, prepare(case, {"entry": LOTS} if name == "toy-exchange" else plan(case, reasons=False).roadmap)


def walk(instance: Instance, party: str, t: int, spans: Mapping[str, list[tuple[int, int | None]]]) -> Fraction:
    """What the party has from phase t on, discounted to it, of measures that are on in spans [start, end)."""
    d = instance.party[party].discount
    last = 1 + max((x for its in spans.values() for span in its for x in span if x is not None), default=0)
    last = max(last, t)
    total = F(0)
    for m in instance.measures:
        value, once = m.value.get(party, F(0)), m.once.get(party, F(0))
        for u in range(t, last + 1):
            on = any(a <= u and (b is None or u < b) for a, b in spans[m.id])
            was = any(a < u for a, _ in spans[m.id])
            worth = value if on else m.irreversible * value if was else F(0)
            total += d ** (u - t) * worth * (1 if u < last else 1 / (1 - d))
            total += d ** (u - t) * once if u >= 0 and any(a == u for a, _ in spans[m.id]) else 0
    return total


def missed(instance: Instance, roadmap: Roadmap, c: Contingency, name: str, party: str) -> Fraction:
    """What the party has from the phase of the event on, if it happens and is answered so."""
    event, entry = c.event, c.answers[name].entry
    t, s = event.phase, event.known
    going_on = c.answers["tolerate"].entry
    assert going_on is not None
    spans: dict[str, list[tuple[int, int | None]]] = {}
    for m in instance.measure:
        old = roadmap.entry[m] if event.entered is not None else going_on[m]
        before = old if old is not None and old < s and (event.entered is not None or m not in event.measures) else None
        if event.comes is not None and m in event.measures and event.comes < s:
            before = event.comes
        now = None if entry is None else entry[m]
        if before is None:
            spans[m] = [] if now is None else [(now, None)]
        elif now == before and m not in (event.measures if event.entered is not None else ()):
            spans[m] = [(before, None)]
        else:
            spans[m] = [(before, s), *([] if now is None else [(now, None)])]
    if entry is None:
        done = {m: -1 if its and its[0][0] < t else its[0][0] if its and its[0][0] < s else None for m, its in spans.items()}
        gone = set(event.measures) if event.entered is not None else set()
        d, brute = instance.party[party].discount, BruteForce(instance)
        own = {m: (None if m in gone else e) for m, e in done.items()}
        out = brute.stepping_out(Roadmap(roadmap.case, roadmap.phases, own), party, s)
        out += sum((instance.measure[m].irreversible * instance.measure[m].value.get(party, F(0)) for m in gone), F(0)) / (
            1 - d
        )
        until = {m: [(a, None) for a, _ in its if a < s] for m, its in spans.items()}
        return walk(instance, party, t, until) - d ** (s - t) * walk(instance, party, s, until) + d ** (s - t) * out
    return walk(instance, party, t, spans)


def kept(instance: Instance, roadmap: Roadmap, party: str, t: int) -> Fraction:
    return walk(instance, party, t, {m: [] if e is None else [(e, None)] for m, e in roadmap.entry.items()})


CASES = ["toy-exchange", "supplier-dispute", pytest.param("us-dprk-2019", marks=pytest.mark.nightly)]


@pytest.mark.parametrize("name", CASES)
def test_no_event_pays_without_being_named(name: str) -> None:
    """Catches an answer that makes a miss pay, a figure of another phase, a break forgotten, an event that nobody rules on."""
    case, found = prepared(name)
    instance = case.instance
    assert found.misses == sum(c.event.event in MISSES for c in found.contingencies) > 0
    for c in found.contingencies:
        if c.event.event not in MISSES:
            assert c.ruling.deters is None
            continue
        gains = {
            i: missed(instance, found.roadmap, c, c.answer, i) - kept(instance, found.roadmap, i, c.event.phase)
            for i in c.event.parties
        }
        assert c.ruling.deters == all(x <= 0 for x in gains.values()), c.event
        assert c.ruling.party is not None
        assert c.ruling.pays == gains[c.ruling.party]
        assert c.answers[c.answer].holds


@pytest.mark.parametrize("name", CASES)
def test_the_deposit_is_just_enough(name: str) -> None:
    """Catches a deposit in the worth of another day: forfeited when the miss is known, it leaves nothing of what it paid."""
    case, found = prepared(name)
    assert found.paying
    for c in found.paying:
        party, enough, paid = c.ruling.party, c.ruling.enough, c.ruling.pays
        assert party is not None
        assert enough is not None
        assert paid is not None
        assert paid - case.instance.party[party].discount ** (c.event.known - c.event.phase) * enough == 0 < paid


@pytest.mark.parametrize("name", CASES)
def test_who_answers_would_rather_or_is_bound(name: str) -> None:
    """Catches an answer that those who are to give it would not give, where nothing is said of binding them."""
    case, found = prepared(name)
    for c in found.contingencies:
        if not c.ruling.deters or c.answer == "tolerate":
            continue
        passing = next(c.answers[n] for n in ("tolerate", "repair", "step_out") if c.answers[n].holds).value
        answer, usual = c.answers[c.answer], c.answers["tolerate"].entry
        assert passing is not None
        assert usual is not None
        assert answer.value is not None
        acting = {
            i
            for m in case.instance.measures
            if answer.entry is None or answer.entry[m.id] != usual[m.id]
            for i in m.actors
            if i not in c.event.parties
        }
        short = {i: passing[i] - answer.value[i] for i in acting if passing[i] > answer.value[i]}
        assert short == dict(c.ruling.binding)
        assert not short or c.answer in ("suspend", "take_back")


def test_the_last_lot_never_comes() -> None:
    """a keeps its last two tenths back: 2 - 0.8 in phase 2; then b pauses its last two for good, half of which a keeps: 1 a
    phase. 1.2 + 0.8 * 5 = 5.2 against 5. A deposit of 0.2 / 0.8 = 0.25, forfeited in phase 3, is enough."""
    _, found = prepared("toy-exchange")
    (c,) = [c for c in found.contingencies if (c.event.event, c.event.party, c.event.phase) == ("not_done", "a", 2)]
    assert (c.answer, c.ruling.deters, c.ruling.pays, c.ruling.enough) == ("suspend", False, F("0.2"), F("0.25"))
    told = c.to_dict(found.roadmap)
    assert told["deters"] is False
    assert told["needs"] == {"deposit": {"party": "a", "amount": 0.25}, "support": None}


def test_what_cannot_be_taken_back_does_not_deter() -> None:
    """b's gift can never be undone, a's can; both at once. a holds back: it has 2 a phase for good instead of 1, and nothing
    that b could take. Catches "go on" as the answer to a miss after which nothing is left to lose."""
    case = load(
        swap(parties(breakdown=40, trust=0.95), measures(signal=1), lambda d: d["measures"]["give-b"].update(irreversible=1))
    )
    found = prepare(case, {"entry": {"give-a": 0, "give-b": 0}})
    (c,) = [c for c in found.contingencies if (c.event.event, c.event.party) == ("not_done", "a")]
    assert c.answers["tolerate"].value == {"a": 10, "b": -5}
    assert c.answer != "tolerate"
    assert (c.ruling.deters, c.ruling.pays) == (False, 5)


def test_an_order_that_breaks_is_prepared_for_step_by_step() -> None:
    """Both at once with too little trust: broken in phase 0. Catches a refusal, and an answer to all of a day at once."""
    case = load("toy-exchange")
    found = prepare(case, "all-at-once")
    assert found.breaks is not None
    assert found.contingencies
    assert {c.event.step for c in found.contingencies} == {"give-a", "give-b"}
    late = prepare(load("supplier-dispute"), "pay-first")
    assert late.breaks is not None
    assert late.contingencies
    assert all(c.event.phase >= late.breaks.phase for c in late.contingencies)
    for c in late.contingencies:
        assert c.event.risk is not None or len({late.instance.measure[m].whole for m in c.event.measures}) == 1
        assert c.ruling.deters is not False or c.event.comes is not None or c.answer != "tolerate" or not _other(c)


def _other(c: Contingency) -> bool:
    return any(c.answers[n].holds for n in ("repair", "suspend", "take_back"))


def test_a_support_that_makes_an_answer_deter() -> None:
    """That b holds its gift back is known after 5 phases: it has had a's for 2 (1 - 0.8^5) / 0.2 = 6.7232, against 5 for
    keeping. Known after one phase: 2. Catches a support that changes nothing, and one that is not tried as it is seen."""
    verifier = {"id": "watch", "title": "A watch", "of": ["give-b"], "lag": 1, "cost": {"a": 0.01}}
    useless = {"id": "empty", "title": "A witness", "of": ["give-a"], "signal": 2}

    def slow(data: Data) -> None:
        data["phases"]["count"] = 6
        data["measures"]["give-b"]["lag"] = 5
        data["supports"] = [useless, verifier]

    case = load(swap(parties(breakdown=0, trust=0.95), measures(signal=1), slow))
    found = prepare(case, {"entry": {"give-a": 0, "give-b": 0}})
    (c,) = [c for c in found.contingencies if (c.event.event, c.event.party) == ("not_done", "b")]
    assert (c.ruling.deters, c.ruling.pays, c.ruling.support) == (False, F("1.7232"), "watch")


def test_elections_and_consents_are_events() -> None:
    """Another government of a may come in phases 1, 3 and 5; b's gift needs a consent that is asked for again after 2."""

    def told(data: Data) -> None:
        data["phases"]["count"] = 6
        data["parties"]["a"]["governments"] = {"every": 2, "first": 1, "chance": 0.5, "value": {"give-b": 0.5}}
        data["measures"]["give-b"]["needs"] = [
            {"id": "senate", "by": "Senate", "chance": 0.8, "again": 2},
            {"id": "court", "by": "Court", "chance": 0.9},
        ]

    found = prepare(
        load(swap(parties(breakdown=2, trust=0.9), measures(signal=1), told)), {"entry": {"give-a": 0, "give-b": 0}}
    )
    by = {c.event.risk: c for c in found.contingencies if c.event.risk}
    assert {r: (c.event.event, c.event.phase, c.event.comes) for r, c in by.items()} == {
        "a/governments/1": ("government", 1, None),
        "a/governments/3": ("government", 3, None),
        "a/governments/5": ("government", 5, None),
        "give-b/needs/senate": ("delayed", 0, 2),
        "give-b/needs/court": ("fails", 0, None),
    }
    going_on = by["a/governments/1"].answers["tolerate"].value
    assert going_on is not None
    assert going_on["a"] == F("-2.5")


def test_without_a_roadmap_it_is_the_recommended_one() -> None:
    """Catches a table for another roadmap than the one that `plan` shows; and a plan that is made before a slip is refused."""
    import detente as dt

    case = load(swap(parties(breakdown=2, trust=0.9), measures(signal=1)))
    assert dt.prepare(case).roadmap == dt.plan(case).roadmap
    assert dt.prepare(case, likely=True).roadmap == plan(case).roadmap
    with pytest.raises(InputError):
        dt.prepare(case, party="nobody")
