"""What a missed step does to trust, against Bayes' rule written out, and how far trust may fall, against trying."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.instance import Instance
from detente.case.load import load
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.prepare.odds import break_even, miss_factor, miss_of, rate
from smallcases import Data, swap
from strategies import instances_with_roadmaps

F = Fraction


@given(st.fractions(F("1.01"), 10), st.fractions(F("0.01"), 1), st.fractions(F("0.01"), F("0.99")))
def test_the_factor_is_bayes_rule(signal: Fraction, fails: Fraction, trust: Fraction) -> None:
    """Catches a factor upside down: posterior probabilities are worked out from the joint ones."""
    missed_sincere = trust * fails
    missed_insincere = (1 - trust) * (1 - (1 - fails) / signal)
    posterior = missed_sincere / (missed_sincere + missed_insincere)
    factor = miss_factor(signal, fails)
    assert factor is not None
    assert posterior / (1 - posterior) == factor * trust / (1 - trust)
    assert 0 < factor <= 1


def test_what_says_nothing_done_says_nothing_missed() -> None:
    """A free step has the factor 1 at any rate; with a signal and no rate there is no factor, rather than a silent zero."""
    assert [miss_factor(F(1), f) for f in (None, F(0), F("0.3"))] == [1, 1, 1]
    assert miss_factor(F(4), None) is None


def risky(*risks: Data) -> Data:
    return swap(lambda d: d.update(risks=list(risks)), lambda d: d["measures"]["give-a"].update(signal=4))


def test_the_rate_is_the_chance_that_the_case_states() -> None:
    """Two risks on one measure, each by itself: 1 - 0.9 * 0.8. Only lateness stated, or nothing: no rate."""
    case = load(
        risky(
            {"id": "x", "kind": "performance", "of": ["give-a"], "fails": 0.1},
            {"id": "y", "kind": "performance", "of": ["give-a", "give-b"], "fails": 0.2},
            {"id": "z", "kind": "performance", "of": ["give-a"], "late": 2},
        )
    )
    assert (rate(case, "give-a"), rate(case, "give-b")) == (F("0.28"), F("0.2"))
    factor, unknown = miss_of(case, case.instance, ["give-a", "give-b"], "a")
    assert (factor, unknown) == (F("0.28") / (1 - F("0.72") / 4), ())
    late = load(risky({"id": "z", "kind": "performance", "of": ["give-a"], "late": 2}))
    assert rate(late, "give-a") is None
    assert miss_of(late, late.instance, ["give-a"], "a") == (1, ("give-a",))


@settings(max_examples=80)
@given(instances_with_roadmaps(most_measures=4, most_phases=3, trades=True), st.data())
def test_the_break_even_is_where_the_rows_begin_to_hold(case: tuple[Instance, Roadmap], data: st.DataObject) -> None:
    """Just at it all rows of trust and doubt toward the party hold; a hair below one breaks. Catches a largest taken for a
    smallest.
    """
    instance, roadmap = case
    party = data.draw(st.sampled_from(instance.acting))
    least = break_even(certify(instance, roadmap), party)

    def broken(factor: Fraction) -> bool:
        def wary(trust: Fraction) -> Fraction:
            odds = trust / (1 - trust) * factor
            return odds / (1 + odds)

        parties = [replace(p, trust={j: wary(x) if j == party else x for j, x in p.trust.items()}) for p in instance.parties]
        rows = certify(replace(instance, parties=tuple(parties)), roadmap).broken
        return any(r.row in ("trust", "doubt") and r.toward == party for r in rows)

    if least is None:
        assert broken(F(10**6))
    else:
        assert not broken(least)
        assert least == 0 or broken(least * F("0.999999"))


@pytest.mark.parametrize("fails", [F(1), F("0.5")])
def test_a_step_that_fails_often_says_little_missed(fails: Fraction) -> None:
    """A step that always fails says nothing; the factor falls as the step becomes more reliable."""
    factor = miss_factor(F(4), fails)
    assert factor == (1 if fails == 1 else F("0.5") / (1 - F("0.125")))
