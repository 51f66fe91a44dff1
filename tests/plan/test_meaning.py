"""Two definitions of the model, by hand, and the same in every evaluator: exact rows, solver's rows, effects, kernels.

Random cases with joint measures, signals and acts of two minds are held against brute force where each evaluator has its own
tests; here are the numbers that the pages state.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from bruteforce import BruteForce
from detente.case.instance import Instance, Measure, Party, Requirement
from detente.plan.certificate import certify
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.search.problem import Problem
from detente.plan.tables.effects import Effects
from detente.plan.tables.party_rows import entries, layout, odds
from detente.plan.tables.party_rows import rows as kernel_rows
from detente.plan.tables.tables import tables
from detente.plan.unlock.supported import paid

F = Fraction


def party(name: str, trust: dict[str, Fraction]) -> Party:
    return Party(name, name, F("0.8"), F(0), F(0), trust)


def measure(name: str, actors: tuple[str, ...], value: dict[str, Fraction], **changes: object) -> Measure:
    plain: dict[str, object] = {"once": {}, "irreversible": F("0.5"), "lag": 1, "signal": F(1), "in_force": False}
    return Measure(
        id=name, whole=name, title=name, kind="other", actors=actors, value=value, excludes=(), not_before=0, not_after=2,
        **{"requires": (), **plain, **changes},  # type: ignore[arg-type]
    )  # fmt: skip


def watched(bystander: bool) -> tuple[Instance, Roadmap]:
    """Parties a and b take one joint step with signal 3 in phase 0; with a bystander c that acts, too, but not in it."""
    names = ["a", "b", *(["c"] if bystander else [])]
    trust = F("0.2")  # odds of 1/4
    parties = tuple(party(i, {j: trust for j in names if j != i}) for i in names)
    joint = measure("joint", ("a", "b"), dict.fromkeys(names, F(1)), signal=F(3))
    apart = [measure("other", ("c",), {"c": F(-1), "a": F(1), "b": F(1)})] if bystander else []
    instance = Instance("watched", 3, parties, (joint, *apart))
    return instance, Roadmap("watched", 3, {"joint": 0, **({"other": 0} if bystander else {})})


@pytest.mark.parametrize("bystander", [False, True])
def test_a_joint_step_lifts_the_odds_of_its_actors_in_each_other(bystander: bool) -> None:
    """Seen one phase later, by those who share in it and by those who do not; in the bystander it lifts nobody's odds.

    Catches an evaluator that leaves a party's co-actors out, or that counts a party's own signal for itself.
    """
    instance, roadmap = watched(bystander)
    certificate, effects, rows = certify(instance, roadmap), Effects(instance), Problem(instance)
    placed, climbed = entries(instance, roadmap), tables(instance)
    pairs = [(i, j) for i in instance.party for j in instance.acting if i != j]
    point = rows.point(roadmap)
    for n, (i, j) in enumerate(pairs):
        lifted = F(3, 4) if j != "c" else F(1, 4)
        expected = [F(1, 4), lifted, lifted, lifted]
        assert list(certificate.pairs[i, j].odds) == expected
        assert [BruteForce(instance).odds(roadmap, i, j, t) for t in range(4)] == expected
        others = [k for k in instance.acting if k != i]
        assert odds(layout(instance, i, ()), placed)[0][others.index(j)] == pytest.approx([float(x) for x in expected])
        assert [rows.trust[i, j].odds_at(point, t) for t in range(4)] == pytest.approx([float(x) for x in expected])
        seen = [effects.total(effects.seen[i, j], roadmap.entry, t) for t in range(4)]
        assert 0.25 * np.exp(seen) == pytest.approx([float(x) for x in expected])
        assert climbed.signal[n, 0] == (3.0 if j != "c" else 1.0)


@pytest.mark.parametrize(
    ("k", "continuation", "cheating"),
    [(F(-3), F(2), F(2)), (F(-6), F(-1), F(0))],  # worth entering: -3 + 1 / (1 - 0.8); not worth it
)
def test_an_own_act_that_costs_to_begin(k: Fraction, continuation: Fraction, cheating: Fraction) -> None:
    """Worth 1 a phase to its actor, 2 to the other, k to begin, half of it irreversible; due in phase 0, and not to be had
    without a step that costs the other 1 a phase.

    What is in force when all breaks off is kept whole by its actor, which the other has, too, and k is neither paid again nor
    had back; what is not in force does not begin. A cheat begins only what is worth its beginning.
    """
    parties = (party("a", {"b": F("0.5")}), party("b", {"a": F("0.5")}))
    act = measure("act", ("a",), {"a": F(1), "b": F(2)}, once={"a": k}, requires=(Requirement(("leave",), 0),))
    instance = Instance("own", 3, parties, (act, measure("leave", ("b",), {"b": F(-1)})))
    roadmap = Roadmap("own", 3, {"act": 0, "leave": 0})
    certificate, effects, brute = certify(instance, roadmap), Effects(instance), BruteForce(instance)
    a, b = certificate.courses["a"], certificate.courses["b"]
    assert a.continuation == (continuation, F(5), F(5), F(5))
    assert a.stepping_out == (F(0), F(5), F(5), F(5))
    assert a.deviation == (cheating, F(5), F(5), F(5))
    assert b.stepping_out == (F(0), F("7.5"), F("7.5"), F("7.5"))  # 2, and half of -1, for ever
    for t in range(4):
        assert brute.stepping_out(roadmap, "a", t) == a.stepping_out[t]
        assert brute.deviation(roadmap, "a", t, 1) == a.deviation[t]
        assert effects.total(effects.stepping_out["a"], roadmap.entry, t) == pytest.approx(float(a.stepping_out[t]))
        assert effects.total(effects.deviation["a", 1], roadmap.entry, t) == pytest.approx(float(a.deviation[t] or 0))
        assert effects.total(effects.stepping_out["b"], roadmap.entry, t) == pytest.approx(float(b.stepping_out[t]))
    least = kernel_rows(layout(instance, "a", ()), entries(instance, roadmap), np.zeros((1, 0)))[1]
    assert least[0, 0] == pytest.approx(float(min(continuation - cheating, F(0), continuation)))
    programme = Problem(instance)
    point = programme.point(roadmap)
    columns = programme.schedule.columns()
    programme.programme.drop(programme.index.values())
    found = programme.programme.solve(programme.gain("a"), fixed=(columns, point[columns])).point
    assert found is not None
    stepping_out = found[programme.W["a"]] * programme.scale["a"]
    assert stepping_out == pytest.approx([float(x) for x in a.stepping_out])


def test_a_payment_for_what_is_done_anyway_is_a_deal() -> None:
    """An act is worth 1 to its actor, who begins it without a deal, too; from outside 0.5 a phase is paid for it.

    The payment comes with the deal only, so this is a process, which ends a drift of -0.1: 1.5 / 0.2 against (1 - 0.1) / 0.2
    without. Nobody has to do anything in it, so it has no rows of value. Catches a payment that is worth no deal, and one that
    asks for something.
    """
    parties = (Party("a", "a", F("0.8"), F("-0.1"), F(1), {}), Party("b", "b", F("0.8"), F(0), F(1), {"a": F("0.5")}))
    instance = paid(Instance("paid", 3, parties, (measure("m", ("a",), {"a": F(1)}),)), "pay", ["m"], {"a": F("0.5")})
    roadmap = Roadmap("paid", 3, dict.fromkeys(instance.measure, 0))
    certificate, process = certify(instance, roadmap), Process(instance, roadmap)
    assert process.exists
    assert certificate.helps
    assert certificate.gain["a"] == certificate.value["a"] - certificate.no_deal["a"] == 3
    assert process.giving == frozenset()
    assert certificate.narrowest == {}
