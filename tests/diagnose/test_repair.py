"""What would mend a stand-off, against trying every roadmap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings

from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.diagnose.repair import RATIOS, least_guarantee, openings, trust_threshold
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from exchange import exchange
from strategies import instances

F = Fraction
deals = instances(most_measures=3, most_phases=2, trades=True)
anything = instances(most_measures=3, most_phases=2)
WITHOUT_TRUST = ("trust", "doubt", "red_line", "coalition")  # the guarantee is one against each party by itself


def scale(instance: Instance, i: str) -> Fraction:
    """The party's largest value."""
    return max(abs(x) for m in instance.measures for x in (m.value.get(i, F(0)), m.once.get(i, F(0)))) or F(1)


def with_losses(instance: Instance, extra: Mapping[str, Fraction]) -> Instance:
    return replace(instance, parties=tuple(replace(p, breakdown=p.breakdown + extra.get(p.id, F(0))) for p in instance.parties))


def shortfalls(brute: BruteForce, roadmap: Roadmap) -> dict[str, Fraction]:
    """By how much each party's breakdown loss would have to rise for it to keep to the roadmap: a loss found out after L phases
    weighs d^L."""
    out = {i: F(0) for i in brute.instance.party}
    for key, sides in brute.rows(roadmap):
        out[key.party] = max(out[key.party], -sides.slack / brute.instance.party[key.party].discount ** key.lag)
    return out


@settings(max_examples=120)
@given(deals | anything)
def test_the_least_guarantee_is_the_least(instance: Instance) -> None:
    """Every roadmap that helps, and what it would cost in guarantees: catches a guarantee that is dearer than need be, one that
    does not suffice, and a "no guarantee would do" that is not so."""
    brute = BruteForce(instance, without=WITHOUT_TRUST)
    sound = [r for r in brute.roadmaps() if brute.helps(r) and not brute.faults(r)]
    costs = [sum(x / scale(instance, i) for i, x in shortfalls(brute, r).items()) for r in sound]
    found = least_guarantee(instance)
    if found is None:
        assert not sound
        return
    assert found.roadmap in sound
    assert sum(x / float(scale(instance, i)) for i, x in found.extra.items()) == pytest.approx(float(min(costs)), abs=2e-4)
    needed = shortfalls(brute, found.roadmap)
    assert all(
        found.extra.get(i, 0.0) == pytest.approx(float(x), abs=2e-4 * float(scale(instance, i))) for i, x in needed.items()
    )
    if any(needed.values()):
        assert found.row is not None
        worst = min(s.slack / scale(instance, k.party) for k, s in brute.rows(found.roadmap))
        assert float(found.row.slack / scale(instance, found.row.party or "")) == pytest.approx(float(worst))
        named = (found.row.party, found.row.phase, found.row.lag, found.row.slack)
        assert named in {(k.party, k.phase, k.lag, s.slack) for k, s in brute.rows(found.roadmap)}


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])  # few deals need a guarantee
@given(deals)
def test_with_the_guarantee_a_step_is_kept_and_with_less_none(instance: Instance) -> None:
    """The same by its use: raise the losses by a hair more than told and some step holds, by 98% of it and none does."""
    found = least_guarantee(instance)
    assume(found is not None)
    assert found is not None
    assume(any(x > 0.05 * float(scale(instance, i)) for i, x in found.extra.items()))

    def kept(share: Fraction, more: Fraction) -> bool:
        extra = {i: F(found.extra.get(i, 0.0)) * share + more * scale(instance, i) for i in instance.party}
        brute = BruteForce(with_losses(instance, extra), without=WITHOUT_TRUST)
        return any(brute.helps(r) for r in brute.safe_roadmaps())

    assert kept(F(1), F("0.001"))
    assert not kept(F("0.98"), F(0))


def test_the_guarantee_of_the_exchange_by_hand() -> None:
    """lam = 2, d = 0.8, r = 0.5: keeping to the exchange is worth 5 and withholding 2 + 0.8 * 0.5 * 2 / 0.2 = 6. A loss
    found out one phase later must weigh 1, so it must be 1 / 0.8 = 1.25 on each side."""
    found = least_guarantee(exchange([F(1)], 1, lam=F(2), d=F("0.8"), r=F("0.5")))
    assert found is not None
    assert dict(found.extra) == pytest.approx({"a": 1.25, "b": 1.25})
    assert found.roadmap.entry == {"a/1": 0, "b/1": 0}
    assert found.row is not None
    assert (found.row.row, found.row.phase, found.row.lag) == ("incentive", 0, 1)
    assert [found.row.left, found.row.right] == [5, 6]


# ---- trust -----------------------------------------------------------------------------------------------------------


def trusting(instance: Instance, p: Fraction) -> Instance:
    parties = tuple(replace(q, trust={j: max(x, p) for j, x in q.trust.items()}) for q in instance.parties)
    return replace(instance, parties=parties)


def begins(instance: Instance) -> bool:
    brute = BruteForce(instance)
    return any(brute.helps(r) for r in brute.safe_roadmaps())


@settings(max_examples=60)
@given(deals)
def test_the_threshold_of_trust(instance: Instance) -> None:
    """At the threshold some step is possible, one hundredth below it none: catches a threshold off by one, and a halving that
    stops at the wrong end."""
    doubtful = replace(instance, parties=tuple(replace(p, trust=dict.fromkeys(p.trust, F("0.001"))) for p in instance.parties))
    p = trust_threshold(doubtful)
    if p is None:
        assert not begins(trusting(doubtful, F("0.99")))
        return
    percent = round(100 * p)
    assert p == percent / 100
    assert begins(trusting(doubtful, F(percent, 100)))
    assert percent == 1 or not begins(trusting(doubtful, F(percent - 1, 100)))


def test_the_threshold_of_the_exchange_by_hand() -> None:
    """lam = 2, d = 0.8, r = 0, one step: going on is worth 5, cheating 2, and a gift that is not returned is out for one phase,
    1, which a cheat is spared. So p * 5 + (1 - p) * -1 >= p * 2, p >= 1/4. (Against stopping alone, which is worth 0, it would
    be 1/6: Kydd.)"""
    assert trust_threshold(exchange([F(1)], 1, lam=F(2), d=F("0.8"), r=F(0), trust=F("0.01"))) == 0.25


@settings(max_examples=40)
@given(deals)
def test_openings_open(instance: Instance) -> None:
    """With the act done and the odds in its actors raised by the ratio some further step is possible; by the next
    smaller one none is. Catches a ratio too high or too low, an act of no cost, and one that is left out though it would do."""
    doubtful = replace(instance, parties=tuple(replace(p, trust=dict.fromkeys(p.trust, F("0.05"))) for p in instance.parties))
    found = {o.measure: o for o in openings(doubtful)[0]}
    assert [o.needed or 0 for o in openings(doubtful)[0]] == sorted(o.needed or 0 for o in found.values())
    for m in doubtful.measures:
        costly = any(m.value.get(a, F(0)) < 0 or m.once.get(a, F(0)) < 0 for a in m.actors)
        if m.in_force or not costly:
            assert m.id not in found
            continue

        def opens(ratio: Fraction, measure: str = m.id, actors: tuple[str, ...] = m.actors) -> bool:
            def odds(p: Fraction) -> Fraction:
                raised = p / (1 - p) * ratio
                return raised / (1 + raised)

            parties = tuple(
                replace(q, trust={j: odds(x) if j in actors else x for j, x in q.trust.items()}) for q in doubtful.parties
            )
            done = tuple(replace(n, in_force=True) if n.id == measure else n for n in doubtful.measures)
            return begins(replace(doubtful, parties=parties, measures=done))

        if m.id not in found:
            assert not opens(F(RATIOS[-1]))
            continue
        at = [float(r) for r in RATIOS].index(found[m.id].needed or 0.0)
        assert opens(F(RATIOS[at]))
        assert at == 0 or not opens(F(RATIOS[at - 1]))
        assert found[m.id].signal == float(m.signal)


def test_a_guarantee_leaves_trust_aside() -> None:
    """Distrust has remedies of its own: a guarantee is asked for only where keeping would not pay even then."""
    instance = exchange([F(1)], 1, lam=F(2), d=F("0.8"), r=F(0), trust=F("0.01"))
    found = least_guarantee(instance)
    assert found is not None
    assert (dict(found.extra), found.row) == ({}, None)
    assert not certify(instance, found.roadmap).holds
