"""The kernel against the definitions: every party and kind of row, on random cases and on drawn values."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.alone import alone
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.plan.certificate import STRUCTURAL, certify
from detente.plan.roadmap import Roadmap
from detente.plan.tables.party_rows import KINDS, entries, layout, rows
from strategies import instances_with_roadmaps

F = Fraction
Pair = tuple[Instance, Roadmap]


def uncertain(instance: Instance) -> tuple[Quantity, ...]:
    """Every value, one-off, irreversible share, lag and signal of every measure, every breakdown loss, drift, discount and
    trust as a quantity, zeros included."""
    found = []
    for p in instance.parties:
        found += [Quantity("breakdown", p.id, None, None, p.breakdown, None, ("parties", p.id))]
        found += [Quantity("discount", p.id, None, None, p.discount, None, ("discount", p.id))]
        found += [Quantity("stalemate", p.id, None, None, p.stalemate, None, ("parties", p.id))]
        found += [Quantity("trust", p.id, None, None, x, None, ("parties", p.id, j), j) for j, x in p.trust.items()]
    for m in instance.measures:
        for p in instance.parties:
            worth = {"value": m.value.get(p.id, F(0)), "once": m.once.get(p.id, F(0))}
            found += [Quantity(kind, p.id, m.id, None, x, None, (kind, m.id, p.id)) for kind, x in worth.items()]
        found += [Quantity("irreversible", None, m.id, None, m.irreversible, None, ("irreversible", m.id))]
        found += [Quantity("signal", None, m.id, None, m.signal, None, ("signal", m.id))]
        least, likely, most = F(max(1, m.lag - 1)), F(m.lag), F(m.lag + 2)
        found += [Quantity("lag", None, m.id, least, likely, most, ("lag", m.id))]
    return tuple(found)


@st.composite
def values(draw: st.DrawFn, instance: Instance, quantities: tuple[Quantity, ...]) -> list[Fraction]:
    """A draw in which everybody does alone what it does at the likely values: each worth is stretched, and where a measure is a
    party's own, what it is worth per phase and once alike. What cannot be undone cannot in any draw."""
    stretch = st.integers(1, 30).map(lambda n: F(n, 10))
    free = {
        "breakdown": st.sampled_from([F(0), F(1), F("4.5")]),
        "stalemate": st.integers(-20, 20).map(lambda n: F(n, 10)),
        "trust": st.integers(1, 19).map(lambda n: F(n, 20)),
        "discount": st.sampled_from([F("0.3"), F("0.5"), F("0.8"), F("0.9")]),
        "signal": st.sampled_from([F(1), F("1.5"), F(4)]),
    }
    of: dict[object, Fraction] = {}
    out = []
    for q in quantities:
        if q.kind in free:
            out.append(draw(free[q.kind]))
            continue
        if q.kind == "irreversible":
            out.append(q.likely if q.likely == 1 else draw(st.sampled_from([F(0), F("0.25"), F("0.9")])))
            continue
        if q.low is not None and q.high is not None:
            out.append(F(draw(st.integers(int(q.low), int(q.high)))))
            continue
        own = q.party in instance.measure[q.measure or ""].actors
        key = (q.party, q.measure) if own else q
        if key not in of:
            of[key] = draw(stretch)
        out.append(of[key] * q.likely)
    return out


def with_values(instance: Instance, quantities: tuple[Quantity, ...], draw: list[Fraction]) -> Instance:
    """The instance with a draw in it, for the exact opinion."""
    of = {(q.kind, q.party, q.toward or q.measure): x for q, x in zip(quantities, draw, strict=True)}
    names = [p.id for p in instance.parties]
    measures = tuple(
        dataclasses.replace(
            m,
            value={i: of["value", i, m.id] for i in names if of["value", i, m.id]},
            once={i: of["once", i, m.id] for i in names if of["once", i, m.id]},
            irreversible=of["irreversible", None, m.id],
            lag=int(of["lag", None, m.id]),
            signal=of["signal", None, m.id],
        )
        for m in instance.measures
    )
    parties = tuple(
        dataclasses.replace(
            p,
            breakdown=of["breakdown", p.id, None],
            discount=of["discount", p.id, None],
            stalemate=of["stalemate", p.id, None],
            trust={j: of["trust", p.id, j] for j in p.trust},
        )
        for p in instance.parties
    )
    return dataclasses.replace(instance, parties=parties, measures=measures)


@settings(max_examples=120, deadline=None)
@given(
    instances_with_roadmaps()
    | instances_with_roadmaps(outside=True)
    | instances_with_roadmaps(trades=True)
    | instances_with_roadmaps(works=True),
    st.data(),
)
def test_every_kind_of_row_equals_brute_force_in_every_draw(pair: Pair, data: st.DataObject) -> None:
    """Catches a wrong formula, lag or group, a row too many or too few, and a figure of one draw that stays for the next.

    Of all kinds of quantity, or of only some kinds, values are drawn anew for each of three draws, in which everybody does
    alone what it does at the likely values. Margins must agree to float tolerance, first breaks exactly.
    """
    instance, roadmap = pair
    kinds = data.draw(st.sets(st.sampled_from(["discount", "irreversible", "lag", "signal"])))
    fixed = {"discount", "irreversible", "lag", "signal"} - kinds
    every = uncertain(instance)
    quantities = tuple(q for q in every if q.kind not in fixed)
    draws = [data.draw(values(instance, quantities)) for _ in range(3)]
    floats = np.array([[float(x) for x in draw] for draw in draws])
    found = {p.id: rows(layout(instance, p.id, quantities), entries(instance, roadmap), floats) for p in instance.parties}
    for n, draw in enumerate(draws):
        kept = iter(draw)
        drawn = with_values(instance, every, [q.likely if q.kind in fixed else next(kept) for q in every])
        if "discount" in kinds and alone(drawn).ready != alone(instance).ready:
            continue
        assert (alone(drawn).kept, alone(drawn).ready) == (alone(instance).kept, alone(instance).ready)
        exact = list(BruteForce(drawn, without={"coalition"}).rows(roadmap))
        for i, (first, least) in found.items():
            for k, kind in enumerate(KINDS):
                mine = [(key.phase, sides.slack) for key, sides in exact if key.party == i and key.row == kind]
                assert first[n, k] == min((t for t, slack in mine if slack < 0), default=instance.phases + 1)
                margin = min((slack for _, slack in mine), default=None)
                assert least[n, k] == np.inf if margin is None else abs(least[n, k] - float(margin)) < 1e-9 * (1 + abs(margin))


@settings(max_examples=60, deadline=None)
@given(instances_with_roadmaps() | instances_with_roadmaps(works=True), st.booleans(), st.booleans(), st.booleans())
def test_the_verdict_equals_the_certificate(pair: Pair, trust: bool, red_lines: bool, had: bool) -> None:
    """Catches rows that are left out, or kept, against what was asked; values fixed, no draw in them. Under way, what is in
    force is yet unseen, who has had something to do has rows, and what could begin alone is known."""
    instance, roadmap = pair
    if had:
        measures = tuple(dataclasses.replace(m, unseen=m.lag if m.in_force else 0) for m in instance.measures)
        world = alone(instance)
        begun = {
            m.id: (max(0, ready - 1), last - 1)
            for m, ready, last in zip(measures, world.ready, world.last, strict=True)
            if ready is not None
        }
        instance = dataclasses.replace(instance, measures=measures, under_way=frozenset({"p0"}), begun_alone=begun)
    exact = certify(instance, roadmap, trust=trust, red_lines=red_lines)
    broken = {(r.party, r.row) for r in exact.broken if r.row not in (*STRUCTURAL, "coalition")}
    found = set()
    for p in instance.parties:
        plain = layout(instance, p.id, ())
        first, _ = rows(plain, entries(instance, roadmap), np.zeros((1, 0)), trust=trust, red_lines=red_lines)
        found |= {(p.id, kind) for k, kind in enumerate(KINDS) if first[0, k] <= instance.phases}
    assert found == broken
