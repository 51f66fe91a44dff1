"""What the plays need of a case, as arrays: the world (case, profile) and the script (one strategy).

M measures, P parties, T phases, G changes of government, S shocks, R risks of performance. Floats throughout: a play decides
nothing that is shown as safe.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.assess.causes import Causes, causes_of
from detente.assess.process import NEVER
from detente.base.text import Path
from detente.case.alone import alone
from detente.case.case import Case
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.case.unsaid import says_why
from detente.plan.risks import after_government, miss_factor, rate
from detente.plan.tables.duties import acts_of, due_bits, giving_bits
from detente.plan.tables.layout import possible_lags
from detente.plan.tables.worth import Figures, begins_of, figures_of, starters_of

if TYPE_CHECKING:
    from detente.assess.profile import PlayProfile

__all__ = ["Columns", "Script", "World", "pooled", "world_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Columns(NamedTuple):
    """Where each number of a world stands in a draw; -1: nowhere, it is what it is.

    value, once : (P, M). irreversible, lag, signal : (M,). share : (M,), 1/n of a slice. discount, stalemate, breakdown : (P,).
    trust : (P, P). government, shock, fails : (G,), (S,), (R,).
    """

    value: Ints
    once: Ints
    irreversible: Ints
    lag: Ints
    signal: Ints
    share: Floats
    discount: Ints
    stalemate: Ints
    breakdown: Ints
    trust: Ints
    government: Ints
    shock: Ints
    fails: Ints


class World(NamedTuple):
    """Everything but the strategy; a tuple of numbers and arrays, so that compiled code can read it.

    v, k : (P, M). irreversible, lag, signal, not_before, not_after, in_force : (M,). kept, ready, last : (M,), what its actor
    does with a measure alone (`case.alone`); ready -1: it is not taken alone, last NEVER: any phase will do. actor : (P, M).
    acts : (P,). requirement q of measure m, q = need_at[m] .. need_at[m+1]-1: one of alternative[any_at[q] : any_at[q+1]],
    need_after[q] phases before. excludes : (M, M). own_longest, exposures, toward, length : (P,), (P,), (P, X), (P, X), the
    figures of each party (`plan.tables.worth`), with exposures[i] of X, of `size` C together; plays look at no doubt. takes :
    (M,), phases of work that a roadmap reckons with; work : the most of them.
    drawn : whether values are drawn once a play; columns : from where.
    place, begun : (Z,), (P, Z, T + 1, A + 1, C), its `Starters`, first the `at_once` that take no time; begins : (Z, T + A +
    1), of `begins_of`. giving, due : (P, M), (P, X, M), bits of `plan.tables.duties`.
    stalemate : per phase. after, no_deal : (P,), the drift of the stand-off less the breakdown loss, and what no deal is worth.
    odds : (P, P), 0 where none. sincere : (P,), q[j].
    new_v, renewed, new_odds : (G, P, M) whole tables, (G, M) what changes, (G, P) or nan. fails, late : by (R,), (R, 3); risk
    of m: risk[risk_at[m] : risk_at[m+1]]. whole : (M,), the place of the measure of the case file. miss : (M,), Bayes' factor,
    1 where it is not known.
    """

    measures: int
    others: int
    phases: int
    v: Floats
    k: Floats
    irreversible: Floats
    lag: Ints
    signal: Floats
    not_before: Ints
    not_after: Ints
    in_force: Flags
    kept: Flags
    ready: Ints
    last: Ints
    actor: Flags
    acts: Flags
    need_at: Ints
    need_after: Ints
    any_at: Ints
    alternative: Ints
    excludes: Flags
    own_longest: Ints
    exposures: Ints
    toward: Ints
    length: Ints
    size: int
    takes: Ints
    work: int
    drawn: bool
    columns: Columns
    place: Ints
    at_once: int
    begun: Floats
    begins: Ints
    giving: Ints
    due: Ints
    most_lag: int
    discount: Floats
    breakdown: Floats
    stalemate: Floats
    after: Floats
    no_deal: Floats
    odds: Floats
    sincere: Floats
    gov_party: Ints
    gov_at: Ints
    gov_chance: Floats
    new_v: Floats
    renewed: Flags
    new_odds: Floats
    shock_by: Ints
    shock_chance: Floats
    shock_ratio: Floats
    risk_at: Ints
    risk: Ints
    fails: Floats
    late: Floats
    whole: Ints
    miss: Floats
    spoilers: float
    strikes: float
    overlooked: float
    mends: float
    patience: int
    warning: int
    causes: Causes


class Script(NamedTuple):
    """A strategy for the kernel.

    rule : whether steps are picked (`rules`) and not scheduled. entry : (M,), the public schedule at the start. ladder : (M,)
    int, measures in the order in which they are picked. credit : (P,). tolerate : misses of a party that are tolerated.
    ahead : whether the work at a step starts early enough for the longest time that it may take; else for the likely one.
    by_condition : the pace: steps wait for what they wait for, as long as that takes, and a stop is a pause; else by date.
    """

    rule: bool
    entry: Ints
    ladder: Ints
    credit: Floats
    tolerate: int
    ahead: bool = False
    by_condition: bool = False


def pooled(trust: Mapping[str, Mapping[str, float]], party: str) -> float:
    """q[j]: the mean of the others' log odds, as a probability; 1/2 where nobody states any."""
    stated = [given[party] for i, given in trust.items() if i != party and party in given]
    if not stated:
        return 0.5
    mean = sum(math.log(p / (1 - p)) for p in stated) / len(stated)
    return 1 / (1 + math.exp(-mean))


def world_of(
    case: Case,
    profile: PlayProfile,
    *,
    instance: Instance | None = None,
    trust: Mapping[tuple[str, str], float] | None = None,
    quantities: Sequence[Quantity] = (),
    fixed: Collection[Path] = (),
) -> World:
    """The arrays of a case under a profile.

    instance : another one of the same case, with other values. trust : other probabilities for some ordered pairs. quantities :
    what is drawn once a play, as the columns of the draws have it; none: the likely values hold. fixed : paths of those that
    stay as they are.
    """
    it = case.instance if instance is None else instance
    parties, measures = it.parties, it.measures
    place = {m.id: n for n, m in enumerate(measures)}
    at = {p.id: n for n, p in enumerate(parties)}
    P, M, T = len(parties), len(measures), it.phases
    longest = max((m.lag for m in measures), default=1)
    believed = {p.id: {j: float(x) for j, x in p.trust.items()} for p in parties}
    for (i, j), x in (trust or {}).items():
        believed[i][j] = x
    odds = np.zeros((P, P))
    for i, stated in believed.items():
        for j, x in stated.items():
            odds[at[i], at[j]] = x / (1 - x)
    needs = [q for m in measures for q in m.requires]
    excludes = np.zeros((M, M), dtype=bool)
    for m in measures:
        for n in m.excludes:
            excludes[place[m.id], place[n]] = excludes[place[n], place[m.id]] = True
    actor = np.array([[p.id in m.actors for m in measures] for p in parties], dtype=bool).reshape(P, M)
    lags = possible_lags(it, tuple(quantities))
    longest = max((lag for found in lags.values() for lag in found), default=longest)
    figures = [_without_doubt(figures_of(it, p.id, {j: at[j] for j in it.acting}, lags)) for p in parties]
    exposures, size = max(len(f.toward) for f in figures), max(f.size for f in figures)
    toward, length = np.full((2, P, exposures), -1)
    due = np.zeros((P, exposures, M), dtype=np.int64)
    world_alone, starting = alone(it), acts_of(it)
    place_alone = np.flatnonzero(starting.ready >= 0)
    at_once_first = np.argsort(starting.takes[place_alone] > 0, kind="stable")
    begun = np.zeros((P, len(place_alone), T + 1, longest + 1, size))
    for row, f in enumerate(figures):
        toward[row, : len(f.toward)], length[row, : len(f.toward)] = f.toward, f.length
        for x, (j, lag) in enumerate(zip(f.toward, f.length, strict=True)):
            due[row, x] = due_bits(it, parties[row].id, parties[j].id, None if quantities else int(lag))
        found = starters_of(it, parties[row].id, f, actor).begun
        found = np.pad(found, ((0, 0), (0, 0), (0, longest - f.depth), (0, 0)), mode="edge")
        begun[row, :, :, :, : f.size] = found[at_once_first]
    governments = [r for r in case.risks if r.kind == "government"]
    shocks = [r for r in case.risks if r.kind == "shock"]
    performances = [r for r in case.risks if r.kind == "performance"]
    new_odds = np.full((len(governments), P), np.nan)
    for g, r in enumerate(governments):
        for j, p in r.trust.items():
            new_odds[g, at[j]] = float(p / (1 - p))
    new_v = np.array([_table(after_government(case, it, [r.id]), "value") for r in governments]).reshape(-1, P, M)
    befall = [[q for q, r in enumerate(performances) if m.whole in r.of or m.id in r.of] for m in measures]
    late = np.full((len(performances), 3), -1.0)
    for q, risk in enumerate(performances):
        if risk.late is not None:
            late[q] = [float(risk.late.low), float(risk.late.likely), float(risk.late.high)]
    wholes = {w: n for n, w in enumerate(it.slices)}
    factors = [miss_factor(m.signal, rate(case, m.whole)) for m in measures]
    v = _table(it, "value")
    free = [(n, q) for n, q in enumerate(quantities) if q.path not in fixed]
    by_path = {q.path: n for n, q in free}
    return World(
        measures=M,
        others=P,
        phases=T,
        v=v,
        k=_table(it, "once"),
        irreversible=_floats(m.irreversible for m in measures),
        lag=_ints(m.lag for m in measures),
        signal=_floats(m.signal for m in measures),
        not_before=_ints(m.not_before for m in measures),
        not_after=_ints(m.not_after for m in measures),
        in_force=np.array([m.in_force for m in measures], dtype=bool),
        kept=starting.kept,
        ready=starting.ready,
        last=_ints(min(x, NEVER) for x in world_alone.last),
        actor=actor,
        acts=np.array(actor.any(axis=1), dtype=bool),
        need_at=_starts(len(m.requires) for m in measures),
        need_after=_ints(q.after for q in needs),
        any_at=_starts(len(q.any) for q in needs),
        alternative=_ints(place[n] for q in needs for n in q.any),
        excludes=excludes,
        own_longest=_ints(f.longest for f in figures),
        exposures=_ints(len(f.toward) for f in figures),
        toward=toward,
        length=length,
        size=size,
        takes=starting.takes,
        work=int(starting.takes.max(initial=0)),
        drawn=bool(quantities),
        columns=_columns(case, it, free),
        place=place_alone[at_once_first],
        at_once=int((starting.takes[place_alone] == 0).sum()),
        begun=begun,
        begins=begins_of(it, longest)[at_once_first],
        giving=np.array([giving_bits(it, p.id) for p in parties]),
        due=due,
        most_lag=longest,
        discount=_floats(p.discount for p in parties),
        breakdown=_floats(p.breakdown for p in parties),
        stalemate=_floats(p.stalemate for p in parties),
        after=_floats(world_alone.drift(p.id) - p.breakdown for p in parties),
        no_deal=_floats(world_alone.no_deal[p.id] for p in parties),
        odds=odds,
        sincere=_floats(pooled(believed, p.id) for p in parties),
        gov_party=_ints(at[r.party] for r in governments),
        gov_at=_ints(r.at for r in governments),
        gov_chance=_floats(r.chance.likely for r in governments),
        new_v=new_v,
        renewed=new_v[range(len(governments)), [at[r.party] for r in governments]] != v[[at[r.party] for r in governments]],
        new_odds=new_odds,
        shock_by=_ints(at[r.by] for r in shocks),
        shock_chance=_floats(r.chance.likely for r in shocks),
        shock_ratio=_floats(r.ratio for r in shocks),
        risk_at=_starts(map(len, befall)),
        risk=_ints(q for found in befall for q in found),
        fails=_floats(r.fails.likely for r in performances),
        late=late,
        whole=_ints(wholes[m.whole] for m in measures),
        miss=_floats(1 if x is None else x for x in factors),
        spoilers=float(profile["spoilers"]),
        strikes=float(profile["strikes"]),
        overlooked=float(profile["overlooked"]),
        mends=float(profile["mends"]),
        patience=int(profile["patience"]),
        warning=int(profile["warning"]),
        causes=causes_of(case, it, profile, by_path, bool(quantities) or says_why(case)),
    )


def _columns(case: Case, it: Instance, free: Sequence[tuple[int, Quantity]]) -> Columns:
    """Where the numbers of an instance stand among quantities."""
    place = {(q.kind, q.party, q.measure, q.toward): n for n, q in free}
    by_path = {q.path: n for n, q in free}

    def of_measures(kind: str, party: str | None = None) -> list[int]:
        return [place.get((kind, party, m.whole, None), -1) for m in it.measures]

    def of_parties(kind: str) -> Ints:
        return _ints(place.get((kind, p.id, None, None), -1) for p in it.parties)

    def of_risks(kind: str, key: str) -> Ints:
        return _ints(by_path.get(("risks", n, key), -1) for n, r in enumerate(case.risks) if r.kind == kind)

    P, M = len(it.parties), len(it.measures)
    return Columns(
        value=_ints_of([of_measures("value", p.id) for p in it.parties]).reshape(P, M),
        once=_ints_of([of_measures("once", p.id) for p in it.parties]).reshape(P, M),
        irreversible=_ints(of_measures("irreversible")),
        lag=_ints(of_measures("lag")),
        signal=_ints(of_measures("signal")),
        share=_floats(1 / len(it.slices[m.whole]) for m in it.measures),
        discount=of_parties("discount"),
        stalemate=of_parties("stalemate"),
        breakdown=of_parties("breakdown"),
        trust=_ints_of([[place.get(("trust", p.id, None, j.id), -1) for j in it.parties] for p in it.parties]).reshape(P, P),
        government=of_risks("government", "chance"),
        shock=of_risks("shock", "chance"),
        fails=of_risks("performance", "fails"),
    )


def _ints_of(rows: Sequence[Sequence[int]]) -> Ints:
    return np.array(rows, dtype=np.int64)


def _without_doubt(f: Figures) -> Figures:
    none = np.zeros(0, dtype=np.int64)
    return f._replace(deviations=f.longest, doubted=none, found=none)


def _table(instance: Instance, kind: str) -> Floats:
    rows = [[float(getattr(m, kind).get(p.id, 0)) for m in instance.measures] for p in instance.parties]
    return np.array(rows).reshape(len(instance.parties), len(instance.measures))


def _floats(xs: Any) -> Floats:
    return np.array([float(x) for x in xs], dtype=np.float64)


def _ints(xs: Any) -> Ints:
    return np.array([int(x) for x in xs], dtype=np.int64)


def _starts(sizes: Any) -> Ints:
    return np.concatenate([[0], np.cumsum([int(n) for n in sizes], dtype=np.int64)]).astype(np.int64)
