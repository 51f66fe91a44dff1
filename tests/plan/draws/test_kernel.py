"""The kernel against the certificate: every party and kind of row, on random cases and on drawn values."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.plan.certificate import STRUCTURAL, certify
from detente.plan.roadmap import Roadmap
from detente.plan.tables.party_rows import KINDS, entries, layout, rows
from strategies import instances_with_roadmaps

F = Fraction
Pair = tuple[Instance, Roadmap]


def uncertain(instance: Instance) -> tuple[Quantity, ...]:
    """Every value and one-off of every measure and every breakdown loss as a quantity, zeros included."""
    one = F(1)
    found = [Quantity("breakdown", p.id, None, -one, p.breakdown, one, ("parties", p.id)) for p in instance.parties]
    for p in instance.parties:
        found += [Quantity("trust", p.id, None, one / 9, x, one, ("parties", p.id, j), j) for j, x in p.trust.items()]
    for m in instance.measures:
        for p in instance.parties:
            found += [Quantity(kind, p.id, m.id, -one, F(0), one, (kind, m.id, p.id)) for kind in ("value", "once")]
    return tuple(found)


def with_values(instance: Instance, quantities: tuple[Quantity, ...], draw: list[Fraction]) -> Instance:
    """The instance with a draw in it, for the exact opinion."""
    of = {(q.kind, q.party, q.toward or q.measure): x for q, x in zip(quantities, draw, strict=True)}
    names = [p.id for p in instance.parties]
    measures = tuple(
        dataclasses.replace(
            m,
            value={i: of["value", i, m.id] for i in names if of["value", i, m.id]},
            once={i: of["once", i, m.id] for i in names if of["once", i, m.id]},
        )
        for m in instance.measures
    )
    parties = tuple(
        dataclasses.replace(p, breakdown=of["breakdown", p.id, None], trust={j: of["trust", p.id, j] for j in p.trust})
        for p in instance.parties
    )
    return dataclasses.replace(instance, parties=parties, measures=measures)


@settings(max_examples=120, deadline=None)
@given(instances_with_roadmaps() | instances_with_roadmaps(outside=True), st.data())
def test_every_kind_of_row_equals_brute_force_in_every_draw(pair: Pair, data: st.DataObject) -> None:
    """Catches a wrong formula, lag or group, and a sign that was decided once for all draws.

    Values are drawn anew for each of three draws, so that an own measure costs in one and pays in the next; the brute force
    rows are worked out from the definition. Margins must agree to float tolerance, first breaks exactly.
    """
    instance, roadmap = pair
    quantities = uncertain(instance)
    tenth = st.integers(-20, 20).map(lambda n: F(n, 10))
    loss = st.sampled_from([F(0), F(1), F("4.5")])
    chance = st.integers(1, 19).map(lambda n: F(n, 20))
    of_kind = {"breakdown": loss, "trust": chance}
    draws = [[data.draw(of_kind.get(q.kind, tenth)) for q in quantities] for _ in range(3)]
    values = np.array([[float(x) for x in draw] for draw in draws])
    found = {p.id: rows(layout(instance, p.id, quantities), entries(instance, roadmap), values) for p in instance.parties}
    for n, draw in enumerate(draws):
        exact = [(k, s.slack) for k, s in BruteForce(with_values(instance, quantities, draw)).rows(roadmap)]
        for i, (first, least) in found.items():
            for k, kind in enumerate(KINDS):
                mine = [(key.phase, slack) for key, slack in exact if key.party == i and key.row == kind]
                assert first[n, k] == min((t for t, slack in mine if slack < 0), default=instance.phases + 1)
                margin = min((slack for _, slack in mine), default=None)
                assert least[n, k] == np.inf if margin is None else abs(least[n, k] - float(margin)) < 1e-9 * (1 + abs(margin))


@settings(max_examples=60, deadline=None)
@given(instances_with_roadmaps(), st.booleans(), st.booleans())
def test_the_verdict_equals_the_certificate(pair: Pair, trust: bool, red_lines: bool) -> None:
    """Catches rows that are left out, or kept, against what was asked; values fixed, no draw in them."""
    instance, roadmap = pair
    exact = certify(instance, roadmap, trust=trust, red_lines=red_lines)
    broken = {(r.party, r.row) for r in exact.broken if r.row not in STRUCTURAL}
    found = set()
    for p in instance.parties:
        plan = layout(instance, p.id, ())
        first, _ = rows(plan, entries(instance, roadmap), np.zeros((1, 0)), trust=trust, red_lines=red_lines)
        found |= {(p.id, KINDS[k]) for k in range(3) if first[0, k] <= instance.phases}
    assert found == broken
