"""What one party's rows need besides a roadmap and draws of its values, laid out for compiled code."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.base.uncounted import kernel
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap
from detente.plan.tables.duties import Acts, acts_of, asks, count_in, due_bits, giving_bits, is_process
from detente.plan.tables.worth import Figures, Starters, figures_of, fill, starters_of

__all__ = ["Layout", "asked", "entries", "factors", "layout", "odds"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Layout(NamedTuple):
    """What one party's rows need; M measures, P other parties that can act, A, C, X and Z as in `Figures` and `Starters`.

    value, once : of shape (M,), at the likely values. value_at, once_at : the column of the draws, or -1. share : 1/n of a
    divisible measure. breakdown, breakdown_at, stalemate, stalemate_at : the same for B and s. own : whether the party acts.
    theirs : of shape (P, M). odds_start : of shape (P,). trust_at, trust_odds : of shape (P,), the column of the draws or
    -1, and the odds at the likely value: drawn odds over these is the factor by which all odds of the draw are multiplied.
    unseen : of shape (M,), the phase in which a measure in force will have been seen, 0: it has been. acts, giving, due : see
    module `duties`; giving : of shape (M,), due : of shape (X, M), bits. gives : the party has had something to do in a roadmap
    under way. effects : of shape (M, A + 1, C), at the likely values. per_value, per_once : of the same shape, what a measure
    adds for each unit of v and of k; side : of shape (M,), for which: all (0), none below 0 (1) or none above 0 (-1). Between,
    the party's choice depends on both. red_line : nan where there is none.
    """

    value: Floats
    once: Floats
    value_at: Ints
    once_at: Ints
    share: Floats
    breakdown: float
    breakdown_at: int
    stalemate: float
    stalemate_at: int
    own: Flags
    irreversible: Floats
    lag: Ints
    signal: Floats
    unseen: Ints
    theirs: Flags
    odds_start: Floats
    trust_at: Ints
    trust_odds: Floats
    figures: Figures
    starters: Starters
    acts: Acts
    gives: bool
    giving: Ints
    due: Ints
    effects: Floats
    per_value: Floats
    per_once: Floats
    side: Ints
    discount: float
    red_line: float
    phases: int


def layout(instance: Instance, party: str, quantities: tuple[Quantity, ...]) -> Layout:
    """Lay out a party's rows for draws of these quantities."""
    measures, me = instance.measures, instance.party[party]
    column = {(q.kind, q.measure): n for n, q in enumerate(quantities) if q.party == party and q.kind != "trust"}
    trusted = {q.toward: n for n, q in enumerate(quantities) if q.party == party and q.kind == "trust"}
    others = [j for j in instance.acting if j != party]
    trust = [me.trust[j] for j in others]
    figures, acts = figures_of(instance, party, {j: n for n, j in enumerate(others)}), acts_of(instance)
    theirs = np.array([[j in m.actors for m in measures] for j in others], dtype=bool).reshape(len(others), len(measures))
    due = [due_bits(instance, party, others[n], int(lag)) for n, lag in zip(figures.toward, figures.length, strict=True)]
    a = Layout(
        value=np.array([float(m.value.get(party, 0)) for m in measures]),
        once=np.array([float(m.once.get(party, 0)) for m in measures]),
        value_at=np.array([column.get(("value", m.whole), -1) for m in measures], dtype=np.int64),
        once_at=np.array([column.get(("once", m.whole), -1) for m in measures], dtype=np.int64),
        share=np.array([1 / len(instance.slices[m.whole]) for m in measures]),
        breakdown=float(me.breakdown),
        breakdown_at=column.get(("breakdown", None), -1),
        stalemate=float(me.stalemate),
        stalemate_at=column.get(("stalemate", None), -1),
        own=np.array([party in m.actors for m in measures], dtype=bool),
        irreversible=np.array([float(m.irreversible) for m in measures]),
        lag=np.array([m.lag for m in measures], dtype=np.int64),
        signal=np.array([float(m.signal) for m in measures]),
        unseen=np.array([m.unseen for m in measures], dtype=np.int64),
        theirs=theirs,
        odds_start=np.array([_odds(p) for p in trust]),
        trust_at=np.array([trusted.get(j, -1) for j in others], dtype=np.int64),
        trust_odds=np.array([_odds(quantities[trusted[j]].likely) if j in trusted else 1.0 for j in others]),
        figures=figures,
        starters=starters_of(instance, party, figures, theirs),
        acts=acts,
        gives=party in instance.under_way,
        giving=giving_bits(instance, party),
        due=np.array(due, dtype=np.int64).reshape(len(due), len(measures)),
        effects=np.empty(shape := (len(measures), figures.depth + 1, figures.size)),
        per_value=np.empty(shape),
        per_once=np.empty(shape),
        side=np.zeros(len(measures), dtype=np.int64),
        discount=float(me.discount),
        red_line=np.nan if me.red_line is None else float(me.red_line),
        phases=instance.phases,
    )
    a.side[a.own & (acts.ready < 0)] = 1
    a.side[(a.side > 0) & ~acts.kept & ((a.value < 0) | ((a.value == 0) & (a.once < 0)))] = -1
    one, none = np.where(a.side < 0, -1.0, 1.0), np.zeros(len(measures))
    for v, k, out in ((a.value, a.once, a.effects), (one, none, a.per_value), (none, one, a.per_once)):
        fill(v, k, a.irreversible, a.lag, a.own, acts.kept, acts.ready >= 0, theirs, a.discount, figures, out)
    for out in (a.per_value, a.per_once):
        out *= one[:, None, None]
    return a


def _odds(p: Fraction) -> float:
    return float(p / (1 - p))


def asked(a: Layout, entry: Ints) -> Flags:
    """In which phases a schedule has rows, of shape (1 + X, T + 1): of the party at all, and of each exposure."""
    counts = np.zeros((1 + len(a.due), a.phases + 1), dtype=np.int64)
    if is_process(a.acts, entry, a.phases):
        counts[0] = a.gives
        _count_asked(a, entry, counts)
    return np.asarray((counts > 0) & (counts[0] > 0))


@kernel
def _count_asked(a, entry, counts):  # type: ignore[no-untyped-def]
    """Count what obliges, of shape (1 + X, T + 1); what the party itself has to do counts in every phase."""
    for m in range(len(entry)):
        if asks(a.giving[m], entry[m], a.acts.ready[m], a.phases):
            for t in range(a.phases + 1):
                counts[0, t] += 1
        for x in range(len(a.due)):
            if a.due[x, m]:
                count_in(a.due[x, m], entry[m], a.acts.ready[m], a.acts.last[m], 1, counts[1 + x])


def factors(a: Layout, draws: Floats) -> Floats:
    """By what each draw multiplies the odds in each other party, of shape (N, P); 1 where trust is a fixed number."""
    out = np.ones((len(draws), len(a.trust_at)))
    for j in np.flatnonzero(a.trust_at >= 0):
        p = draws[:, a.trust_at[j]]
        out[:, j] = p / (1 - p) / a.trust_odds[j]
    return out


def entries(instance: Instance, roadmap: Roadmap) -> Ints:
    """A roadmap as an array of shape (M,): the phase, -1 in force, T never."""
    found = (roadmap.entry[m.id] for m in instance.measures)
    return np.array([instance.phases if e is None else e for e in found], dtype=np.int64)


def odds(a: Layout, entry: Ints) -> Floats:
    """odds[j,t], of shape (P, T+1): the stated odds times the signals seen by t."""
    out = np.repeat(a.odds_start[:, None], a.phases + 1, axis=1)
    seen = np.where(entry < 0, a.unseen, entry + a.lag)
    for n in np.flatnonzero((seen > 0) & (entry < a.phases) & (seen <= a.phases)):
        out[a.theirs[:, n], seen[n] :] *= a.signal[n]
    return out
