"""The sums that the search works with, against the kernel; and changes of a schedule, against the certificate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.draws.draw import Draws
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.plan.certificate import STRUCTURAL, certify
from detente.plan.draws.trial import Trial
from detente.plan.roadmap import Roadmap
from detente.plan.tables.party_rows import entries
from detente.plan.tables.sums import Sums
from detente.plan.walk.moves import Moves
from strategies import instances, instances_with_roadmaps

F = Fraction

N = 12


def drawn(instance: Instance, seed: int, terms: int) -> tuple[tuple[Quantity, ...], np.ndarray]:
    """Every value, one-off and loss that is not zero, drawn around itself, in numbers without ties; the terms of so many
    parties and measures."""
    found = [Quantity("breakdown", p.id, None, None, p.breakdown, None, ("p", p.id)) for p in instance.parties if p.breakdown]
    found += [Quantity("stalemate", p.id, None, None, p.stalemate, None, ("s", p.id)) for p in instance.parties if p.stalemate]
    found += [
        Quantity("trust", p.id, None, None, x, None, ("t", p.id, j), j) for p in instance.parties for j, x in p.trust.items()
    ]
    found += [Quantity("discount", p.id, None, None, p.discount, None, ("d", p.id)) for p in instance.parties[:terms]]
    for m in instance.measures[:terms]:
        found += [Quantity("irreversible", None, m.id, None, m.irreversible, None, ("r", m.id))]
        found += [Quantity("lag", None, m.id, F(max(1, m.lag - 1)), F(m.lag), F(m.lag + 2), ("l", m.id))]
        found += [Quantity("signal", None, m.id, None, m.signal, None, ("g", m.id))]
    for m in instance.measures:
        found += [Quantity("value", i, m.id, None, x, None, ("v", m.id, i)) for i, x in m.value.items() if x]
        found += [Quantity("once", i, m.id, None, x, None, ("o", m.id, i)) for i, x in m.once.items() if x]
    rng = np.random.default_rng(seed)
    likely = np.array([float(q.likely) for q in found])
    values = likely * rng.uniform(0.3, 1.9, (N, len(found)))
    believed = [n for n, q in enumerate(found) if q.kind == "trust"]
    values[:, believed] = rng.uniform(0.02, 0.98, (N, len(believed)))
    for n, q in enumerate(found):
        if q.kind == "lag":
            values[:, n] = rng.integers(int(q.low or 1), int(q.high or 1) + 1, N)
        elif q.kind in ("discount", "irreversible"):
            values[:, n] = rng.uniform(0.1, 0.95, N)
        elif q.kind == "signal":
            values[:, n] = rng.uniform(1, 4, N)
    return tuple(found), values


def never_as(entry: np.ndarray, instance: Instance) -> Roadmap:
    placed = {m.id: None if e >= instance.phases else int(e) for m, e in zip(instance.measures, entry, strict=True)}
    return Roadmap(instance.case, instance.phases, placed)


@settings(max_examples=80, deadline=None)
@given(
    instances_with_roadmaps() | instances_with_roadmaps(works=True),
    st.integers(0, 99),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_changes_break_the_draws_that_the_kernel_says(
    pair: tuple[Instance, Roadmap], seed: int, terms: int, trust: bool, red_lines: bool, data: st.DataObject
) -> None:
    """Catches a sum that is not additive: a sign decided once for all draws, odds left as they were, a phase that is skipped,
    a discount, share, lag or signal of another draw.

    Changes are tried, then taken, several in a row, and each time the number of draws that break must be the kernel's.
    """
    instance, roadmap = pair
    quantities, values = drawn(instance, seed, terms)
    trial = Trial(instance, Draws(quantities, values, 0, N, None), trust, red_lines)
    sums = Sums(instance, quantities, values, trust=trust, red_lines=red_lines)
    entry = entries(instance, roadmap)
    sums.place(entry)
    movable = [n for n, m in enumerate(instance.measures) if not m.in_force]
    for _ in range(4):
        assert sums.broken() == trial.breaks(entry, range(len(instance.parties)), N)
        if not movable:
            return
        chosen = data.draw(st.lists(st.sampled_from(movable), min_size=1, max_size=3, unique=True))
        change = {n: data.draw(st.integers(0, instance.phases)) for n in chosen}
        entry = entry.copy()
        entry[list(change)] = list(change.values())
        wanted = trial.breaks(entry, range(len(instance.parties)), N)
        most = data.draw(st.integers(0, N))
        assert sums.breaks(change, N) == wanted
        assert (sums.breaks(change, most) <= most) == (wanted <= most)
        sums.take(change)


def test_a_certain_draw_may_not_break() -> None:
    """Catches likely values that are one draw among many."""
    instance = Instance("none", 2, (), ())
    assert Sums(instance, (), np.zeros((3, 0)), certain=1).broken() == 0
    from exchange import by_levels, slices

    one = slices(1, 2, lam=2, d=0.5, r=0.9)  # type: ignore[arg-type]
    sums = Sums(one, (), np.zeros((5, 0)), certain=1)
    sums.place(entries(one, by_levels(one, [1], [0])))
    assert sums.broken() == 6


@settings(max_examples=60, deadline=None)
@given(instances() | instances(works=True), st.data())
def test_settled_wishes_keep_the_schedule(instance: Instance, data: st.DataObject) -> None:
    """Catches a step before its prerequisite, outside its window, or together with what excludes it; what is in force being
    moved; and a wish for a phase that is allowed and is not granted.
    """
    moves = Moves(instance)
    entry = entries(instance, Roadmap.empty(instance))
    assert not [r for r in certify(instance, never_as(entry, instance)).broken if r.row in STRUCTURAL and r.row != "exclusion"]
    for _ in range(4):
        if not moves.movable:
            return
        n = data.draw(st.sampled_from(moves.movable))
        phase = data.draw(st.integers(0, instance.phases))
        alone = entry.copy()
        alone[n] = phase
        change = moves.settled(entry, {n: phase})
        after = entry.copy()
        for m, t in (change or {}).items():
            after[m] = t
        before = {r.row for r in certify(instance, never_as(entry, instance)).broken if r.row in STRUCTURAL}
        assert {r.row for r in certify(instance, never_as(after, instance)).broken if r.row in STRUCTURAL} <= before
        fine = not [r for r in certify(instance, never_as(alone, instance)).broken if r.row in STRUCTURAL]
        if fine and phase != entry[n]:
            assert change is not None
            assert change[n] == phase
        assert all(after[m] == -1 for m in np.flatnonzero(entry == -1))
        entry = after
