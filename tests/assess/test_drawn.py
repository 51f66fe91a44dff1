"""Plays in which every uncertain value is drawn once."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from detente.assess.layout import Script, world_of
from detente.assess.process import NEVER
from detente.assess.profile import load_profile
from detente.assess.records import Records, played
from detente.case.alone import Alone, alone
from detente.case.case import Case
from detente.case.draws.draw import uncertainty
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.case.value import Value
from detente.plan.delayed import delayed
from riskycases import risky_case

PLAIN = load_profile("plain")
PLAYS = 40


def script(case: Case, r: random.Random) -> Script:
    it = case.instance
    entry = delayed(it, {m.id: -1 if m.in_force else r.choice([None, *range(it.phases)]) for m in it.measures})
    return Script(
        rule=False,
        entry=np.array([NEVER if entry[m.id] is None else entry[m.id] for m in it.measures], dtype=np.int64),
        ladder=np.zeros(0, dtype=np.int64),
        credit=np.zeros(len(it.parties)),
        tolerate=1,
    )


def valued(case: Case, quantities: tuple[Quantity, ...], draw: Any) -> tuple[Instance, dict[tuple[str, str], float]]:
    """The instance at the values of a draw, by a way of its own, with what is done alone as at the likely values; and trust."""
    it, x = case.instance, {(q.kind, q.party, q.measure): Fraction(float(v)) for q, v in zip(quantities, draw, strict=True)}
    measures = []
    for m in it.measures:
        share = Fraction(1, len(it.slices[m.whole]))
        value = {i: x.get(("value", i, m.whole), v / share) * share for i, v in m.value.items()}
        once = {i: x.get(("once", i, m.whole), k / share) * share for i, k in m.once.items()}
        signal = x.get(("signal", None, m.whole), m.signal)
        if share < 1 and ("signal", None, m.whole) in x:
            signal = Fraction(int(float(signal) ** float(share) * 10**6 + 1e-6), 10**6)
        share_left = x.get(("irreversible", None, m.whole), m.irreversible)
        lag = int(x.get(("lag", None, m.whole), m.lag))
        measures.append(replace(m, value=value, once=once, signal=signal, irreversible=share_left, lag=lag))
    kinds = ("discount", "stalemate", "breakdown")
    parties = [replace(p, **{k: x[k, p.id, None] for k in kinds if (k, p.id, None) in x}) for p in it.parties]
    trust = {(q.party or "", q.toward): float(v) for q, v in zip(quantities, draw, strict=True) if q.toward}
    return replace(it, parties=tuple(parties), measures=tuple(measures)), trust


def risked(case: Case, quantities: tuple[Quantity, ...], draw: Any) -> Case:
    """The case with the chances of its risks as drawn."""
    risks = list(case.risks)
    for q, x in zip(quantities, draw, strict=True):
        if q.path[0] == "risks":
            risks[q.path[1]] = risks[q.path[1]].model_copy(update={q.path[2]: Value.of(Fraction(float(x)))})  # type: ignore[index]
    return case.model_copy(update={"risks": tuple(risks)})


def same_alone(one: Instance, other: Instance) -> bool:
    a, b = alone(one), Alone(other)
    return (a.kept, a.ready, a.last) == (b.kept, b.ready, b.last)


def alike(a: Records, b: Records, n: int, m: int) -> None:
    for key in ("entered", "broken_off", "first_missed", "kind", "ended"):
        np.testing.assert_array_equal(getattr(a, key)[n], getattr(b, key)[m], err_msg=key)
    for key in ("value", "no_deal", "aside"):
        np.testing.assert_allclose(getattr(a, key)[n], getattr(b, key)[m], rtol=1e-9, atol=1e-9, err_msg=key)


@pytest.mark.parametrize("block", range(2))
def test_a_play_with_drawn_values_is_the_play_of_the_case_that_states_them(block: int) -> None:
    """Catches a value of the draw that the kernel does not use, or uses twice: shares, lags, signals, odds, discounts, drifts,
    Bayes' factors, chances of risks, what stepping out is worth."""
    compared = 0
    for n in range(block * 20, block * 20 + 20):
        case, r = risky_case(n), random.Random(n)
        found = uncertainty(case)
        draws = found.draw(PLAYS, seed=n).values
        acts = script(case, r)
        together = played(world_of(case, PLAIN, quantities=found.quantities), acts, 5, 0, PLAYS, draws)
        for one in range(PLAYS):
            it, trust = valued(case, found.quantities, draws[one])
            if not same_alone(case.instance, it):  # told at the likely values, in draws too
                continue
            stated = risked(case, found.quantities, draws[one])
            alone_ = played(world_of(stated, PLAIN, instance=it, trust=trust), acts, 5, one, 1)
            if any(q.kind == "government" for q in case.risks):
                continue
            alike(together, alone_, one, 0)
            compared += 1
    assert compared > 200


def test_draws_at_the_likely_values_change_nothing() -> None:
    """Catches a kernel that reckons otherwise as soon as values are drawn, also after a change of government."""
    for n in range(30):
        case, r = risky_case(n), random.Random(n)
        quantities = uncertainty(case).quantities
        draws = np.tile([float(q.likely) for q in quantities], (PLAYS, 1))
        acts = script(case, r)
        drawn = played(world_of(case, PLAIN, quantities=quantities), acts, 5, 0, PLAYS, draws)
        likely = played(world_of(case, PLAIN), acts, 5, 0, PLAYS)
        for one in range(PLAYS):
            alike(drawn, likely, one, one)
