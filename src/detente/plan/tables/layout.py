"""What one party's rows need besides a roadmap and draws of its values, laid out for compiled code."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.base.uncounted import kernel
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap
from detente.plan.tables.duties import Acts, acts_of, asks, count_in, due_bits, giving_bits, is_process
from detente.plan.tables.worth import Figures, Starters, begins_of, figures_of, fill, starters_of

__all__ = ["Layout", "asked", "entries", "factors", "lags_in", "layout", "longest_in", "odds", "possible_lags", "signals_in"]

_MICRO = 1e6  # of the signal of a slice, as the instance rounds it down

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Layout(NamedTuple):
    """What one party's rows need; M measures, P other parties that can act, A, C, X and Z as in `Figures` and `Starters`.

    value, once, irreversible, lag, signal : of shape (M,), at the likely values. value_at, once_at etc. : the column of the
    draws, or -1. share : 1/n of a divisible measure. breakdown, stalemate, discount : the same of the party. own : whether the
    party acts. anew : of shape (M,), whether the effects of a measure are worked out anew in every draw, since its v, k, r or
    lag is another, or d. anew_alone : whether what acts taken alone add is, or the party may pay for one before it enters.
    takes, early : of shape (M,), phases from its start to its entry, and for how many of them the party bears what it costs.
    work : for how many waits more than the figures' depth there are effects.
    theirs : of shape (P, M). odds_start : of shape (P,). trust_at, trust_odds : of shape (P,), the column of the draws or
    -1, and the odds at the likely value: drawn odds over these is the factor by which all odds of the draw are multiplied.
    unseen : of shape (M,), the phase in which a measure in force will have been seen, 0: it has been. acts, giving, due : see
    module `duties`; giving : of shape (M,), due : of shape (P, M), bits. place : of shape (P, longest lag + 1), the exposure
    toward a party by lag, -1: none. begins : see `begins_of`. gives : the party has had something to do in a roadmap
    under way. effects : of shape (M, A + 1, C), at the likely values. red_line : nan where there is none.
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
    irreversible_at: Ints
    lag: Ints
    lag_at: Ints
    takes: Ints
    early: Ints
    work: int
    signal: Floats
    signal_at: Ints
    anew: Flags
    anew_alone: bool
    unseen: Ints
    theirs: Flags
    odds_start: Floats
    trust_at: Ints
    trust_odds: Floats
    figures: Figures
    starters: Starters
    begins: Ints
    acts: Acts
    gives: bool
    giving: Ints
    due: Ints
    place: Ints
    effects: Floats
    discount: float
    discount_at: int
    red_line: float
    phases: int


def layout(instance: Instance, party: str, quantities: tuple[Quantity, ...]) -> Layout:
    """Lay out a party's rows for draws of these quantities."""
    measures, me = instance.measures, instance.party[party]
    column = {(q.kind, q.measure): n for n, q in enumerate(quantities) if q.party in (party, None) and q.kind != "trust"}
    trusted = {q.toward: n for n, q in enumerate(quantities) if q.party == party and q.kind == "trust"}
    others = [j for j in instance.acting if j != party]
    trust = [me.trust[j] for j in others]
    figures = figures_of(instance, party, {j: n for n, j in enumerate(others)}, possible_lags(instance, quantities))
    acts = acts_of(instance)
    theirs = np.array([[j in m.actors for m in measures] for j in others], dtype=bool).reshape(len(others), len(measures))
    own = np.array([party in m.actors for m in measures], dtype=bool)
    takes = np.array([m.takes for m in measures], dtype=np.int64)
    work = int(takes.max(initial=0))
    starters = starters_of(instance, party, figures, theirs, work)
    place = np.full((len(others), max(map(int, figures.length), default=0) + 1), -1)
    place[figures.toward, figures.length] = np.arange(len(figures.toward))

    def at(kind: str) -> Ints:
        return np.array([column.get((kind, m.whole), -1) for m in measures], dtype=np.int64)

    discount_at = column.get(("discount", None), -1)
    value_at, once_at, lag_at, irreversible_at = map(at, ("value", "once", "lag", "irreversible"))
    a = Layout(
        value=np.array([float(m.value.get(party, 0)) for m in measures]),
        once=np.array([float(m.once.get(party, 0)) for m in measures]),
        value_at=value_at,
        once_at=once_at,
        share=np.array([1 / len(instance.slices[m.whole]) for m in measures]),
        breakdown=float(me.breakdown),
        breakdown_at=column.get(("breakdown", None), -1),
        stalemate=float(me.stalemate),
        stalemate_at=column.get(("stalemate", None), -1),
        own=own,
        irreversible=np.array([float(m.irreversible) for m in measures]),
        irreversible_at=irreversible_at,
        lag=np.array([m.lag for m in measures], dtype=np.int64),
        lag_at=lag_at,
        takes=takes,
        early=np.where(own, takes, 0),
        work=work,
        signal=np.array([float(m.signal) for m in measures]),
        signal_at=at("signal"),
        anew=(discount_at >= 0)
        | (np.maximum(value_at, once_at) >= 0)
        | ((irreversible_at >= 0) & ~acts.kept)
        | ((lag_at >= 0) & own),
        anew_alone=discount_at >= 0 or bool((((lag_at >= 0) | (takes > 0)) & own)[starters.place].any()),
        unseen=np.array([m.unseen for m in measures], dtype=np.int64),
        theirs=theirs,
        odds_start=np.array([_odds(p) for p in trust]),
        trust_at=np.array([trusted.get(j, -1) for j in others], dtype=np.int64),
        trust_odds=np.array([_odds(quantities[trusted[j]].likely) if j in trusted else 1.0 for j in others]),
        figures=figures,
        starters=starters,
        begins=begins_of(instance, figures.depth),
        acts=acts,
        gives=party in instance.under_way,
        giving=giving_bits(instance, party),
        due=np.array([due_bits(instance, party, j) for j in others], dtype=np.int64).reshape(len(others), len(measures)),
        place=place,
        effects=np.empty((len(measures), figures.depth + work + 1, figures.size)),
        discount=float(me.discount),
        discount_at=discount_at,
        red_line=np.nan if me.red_line is None else float(me.red_line),
        phases=instance.phases,
    )
    starting = acts.ready >= 0
    fill(a.value, a.once, a.irreversible, a.lag, a.own, acts.kept, starting, theirs, a.discount, figures, a.effects, takes)
    return a


def _odds(p: Fraction) -> float:
    return float(p / (1 - p))


def possible_lags(instance: Instance, quantities: tuple[Quantity, ...]) -> dict[str, tuple[int, ...]]:
    """By party, every lag that one of its measures can have in a draw, rising, each once."""
    ranges = {q.measure: (q.low, q.high) for q in quantities if q.kind == "lag" and q.low is not None and q.high is not None}
    out: dict[str, set[int]] = {p.id: set() for p in instance.parties}
    for m in instance.measures:
        low, high = ranges.get(m.whole, (m.lag, m.lag))
        for j in m.actors:
            out[j].update(range(floor(float(low) + 0.5), floor(float(high) + 0.5) + 1))  # as draws are rounded
    return {j: tuple(sorted(found)) for j, found in out.items()}


def lags_in(a: Layout, draws: Floats) -> Ints:
    """The lags of the measures in every draw, of shape (N, M); of shape (1, M) where none is drawn."""
    if (a.lag_at < 0).all():
        return a.lag[None]
    return np.where(a.lag_at < 0, a.lag, draws[:, a.lag_at].astype(np.int64))


def longest_in(a: Layout, lags: Ints) -> Ints:
    """The longest lag of the party's own measures in every draw, as many as `lags` has; 0 where it has none."""
    return np.asarray(np.where(a.own, lags, 0).max(axis=1, initial=0))


def signals_in(a: Layout, draws: Floats) -> Floats:
    """The same for the signals; a slice has the n-th root."""
    if (a.signal_at < 0).all():
        return a.signal[None]
    whole = draws[:, a.signal_at]
    return np.where(a.signal_at < 0, a.signal, np.where(a.share < 1, sliced(whole, a.share), whole))


def sliced(signal: Any, share: Any) -> Any:
    """The signal of a slice that is this share of the whole: the n-th root, rounded down as the instance does it."""
    return np.floor(signal**share * _MICRO + 1e-6) / _MICRO


def asked(a: Layout, entry: Ints, lags: Ints | None = None) -> Flags:
    """In which phases a schedule has rows: of the party at all, and of each exposure; of shape (N, 1 + X, T + 1), as many as
    `lags` has (the likely ones where there are none)."""
    lags = a.lag[None] if lags is None else lags
    counts = np.zeros((len(lags), 1 + len(a.figures.toward), a.phases + 1), dtype=np.int64)
    if is_process(a.acts, entry, a.phases):
        counts[:, 0] = a.gives
        _count_asked(a, entry, lags, np.empty(a.phases + 1, dtype=np.int64), counts)
    return np.asarray((counts > 0) & (counts[:, :1] > 0))


@kernel
def _count_asked(a, entry, lags, due, counts):  # type: ignore[no-untyped-def]
    """Count what obliges, of shape (N, 1 + X, T + 1); what the party itself has to do counts in every phase. due : (T + 1,)."""
    for m in range(len(entry)):
        if asks(a.giving[m], entry[m], a.acts.ready[m], a.phases):
            for n in range(len(lags)):
                for t in range(len(due)):
                    counts[n, 0, t] += 1
        for j in range(len(a.due)):
            if not a.due[j, m]:
                continue
            for t in range(len(due)):
                due[t] = 0
            count_in(a.due[j, m], entry[m], a.acts.ready[m], a.acts.last[m], 1, due, a.takes[m])
            for n in range(len(lags)):
                x = 1 + a.place[j, lags[n, m]]
                for t in range(len(due)):
                    counts[n, x, t] += due[t]


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


def odds(a: Layout, entry: Ints, lags: Ints | None = None, signals: Floats | None = None) -> Floats:
    """odds[n,j,t], of shape (N, P, T + 1): the stated odds times the signals seen by t, in as many draws as lags or signals
    have; at the likely values where there are none."""
    lags, signals = a.lag[None] if lags is None else lags, a.signal[None] if signals is None else signals
    out = np.repeat(np.repeat(a.odds_start[None, :, None], max(len(lags), len(signals)), axis=0), a.phases + 1, axis=2)
    _see(a, entry, lags, signals, out)
    return out


@kernel
def _see(a, entry, lags, signals, out):  # type: ignore[no-untyped-def]
    for n in range(len(out)):
        for m in range(len(entry)):
            g = signals[n % len(signals), m]
            seen = a.unseen[m] if entry[m] < 0 else entry[m] + lags[n % len(lags), m]
            if g != 1.0 and entry[m] < a.phases and seen > 0:
                for j in range(out.shape[1]):
                    if a.theirs[j, m]:
                        for t in range(seen, out.shape[2]):
                            out[n, j, t] *= g
