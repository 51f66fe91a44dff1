"""A case with supports chosen: the planning problem that they make of it.

Let S be the set of supports chosen. Measures, parties and phases are those of the case, with these changes.

    verifier      l[m] = the smallest of l[m] and the lags that S states for m
    witness       g[m] = the largest of g[m] and the signals that S states for m (of the whole measure; slices share it out)
    slicing       m is cut into the largest number of slices that S states for it
    deposit       B[i] = B[i] + the sum of what S adds to it
    opening       a measure that some support opens is there if one of S opens it, and is left out otherwise
    payment       x per phase to party i, in step with how much of `of` is in force: for each of its n measures a share x / n,
                  for each of the k slices of one of them x / (n k)
    cost          c per phase to party j: of a payment in step with it; of a deposit (`party`) from phase 0 on; of anything else
                  in full while at least one of the measures that it is on, or opens, is in force

Payments and costs are measures without actors, P, in force exactly when what they follow is: P requires m and m requires P,
both with after = 0 (a cost that follows several: each of them requires P, and P requires one of them); where m is in force
today, or the cost runs from phase 0 on, P is in force as well. Nobody acts in P, so nobody can withhold it; its irreversible
share is 0. What follows from the rows as they are: in V it runs as scheduled; in W it is gone; in D and E it runs until the
others know, and then stops. So a payment is paid to a cheat until the cheat is found out, and the costs of a support end with
the process.

A payment is as safe as that and no safer: it is for the mediator to see that it stands as long as the others have not stopped.

Supports come with the deal, so that the world without one is that of the case: what is begun alone there, and from when on, is
begun alone here, whatever is paid for it, cut, or seen sooner; what a support opens is not taken alone.

Monotone supports. Given a roadmap that satisfies the rows and helps with a set of supports; what does one more, at no cost?

    payment     x(n), what it brings in n phases, is added to V for good, to D[L] for n = L, to X[M] for n = M, to Y for
                n = min(L, M) <= M, and not to W: V - W, V - D and the gains grow, E and Y - X fall.
    deposit     With b more, W falls by b, D[L] by d^L b, X[M] by d^M b, Y by d^n b: V - W and V - D grow, E and Y - X change by
                -(1 - d^M) b and -(d^n - d^M) b.
    signal      The odds grow, and what they are multiplied with is not negative: V - D[t,L] for an L beyond i's own lags is
                d (V - D[t+1,L-1]).
    cut         Slices that stay together are worth what the whole is in every sum (rounding of their signals apart). But a
                coalition could keep up some of them, and let others fall: such rows may break.
    opening     What is open and not done asks nothing of anybody, and is not begun alone. A longer lag among i's own measures
                only adds rows that follow from others: Y = X where L >= M + every lag, and D[t,L] as above.
    verifier    D and Y fall with a shorter lag of i's own measure; what others do is seen sooner. But what j has to do now has
                a lag that may be new among what it has to do then: a row toward j in which the breakdown comes sooner.

So openings, deposits and witnesses are monotone; a payment is if nobody is paid who profits from the stand-off (s > 0: once
touched, the end of it counts as a loss); a cut if no other support cuts the same into parts that do not fit; a verifier if its
lag is that of something in force today that the same actors have to keep up in any roadmap, and that matters to whomever the
measures matter to. Rows of coalitions are left out of what is asked with monotone supports at no cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from detente.case.alone import alone, begun_alone
from detente.case.case import Case
from detente.case.instance import Instance, Measure, Party, Requirement
from detente.case.risk import Support
from detente.case.to_instance import shared_signal, to_instance
from detente.plan.roadmap import Roadmap

__all__ = [
    "cost_of",
    "is_paid",
    "monotone",
    "optimistic",
    "paid",
    "supported",
    "total_cost",
    "with_payments",
    "without_payments",
]

MARK = "+"
"""Stands in the ids of payments and costs, and in no id of a case."""
_ROUNDING = Fraction(1, 10**6)  # of the signal of a slice, which is rounded down


def supported(case: Case, chosen: Iterable[str]) -> Instance:
    """The planning problem with these supports, by id."""
    return _with(case, [s for s in case.supports if s.id in set(chosen)], costs=True)


def optimistic(case: Case, chosen: Iterable[str]) -> Instance:
    """The same at no cost, with the signals of finer slices rounded up.

    If the supports added to a set are monotone, a roadmap that satisfies the rows with the set satisfies these, coalitions
    apart. So what cannot be reached here, whatever coalitions make of it, cannot be reached with any part of the supports that
    keeps those that are not monotone.
    """
    supports = [s for s in case.supports if s.id in set(chosen)]
    made = _with(case, supports, costs=False)
    finer = {m for s in supports if s.slices is not None for m in s.of or ()}

    def rounded_up(m: Measure) -> Measure:
        return replace(m, signal=m.signal + _ROUNDING) if m.whole in finer and m.signal > 1 else m

    return replace(made, measures=tuple(map(rounded_up, made.measures)))


def cost_of(support: Support) -> Mapping[str, Fraction]:
    """Its likely cost per phase when it runs in full, by party; 0 left out."""
    return {i: x.likely for i, x in support.cost.items() if x.likely}


def total_cost(supports: Iterable[Support]) -> dict[str, Fraction]:
    """The costs of several, by party."""
    out: dict[str, Fraction] = {}
    for support in supports:
        for i, x in cost_of(support).items():
            out[i] = out.get(i, Fraction(0)) + x
    return out


def is_paid(measure: str) -> bool:
    """Whether an id of the supported problem is a payment or cost rather than an act."""
    return MARK in measure


def with_payments(instance: Instance, roadmap: Roadmap) -> Roadmap:
    """The roadmap with each payment and cost in force exactly when what it follows is."""
    entry = dict(roadmap.entry)
    for m in instance.measures:
        if is_paid(m.id) and not m.in_force:
            followed = [e for q in m.requires for n in q.any if (e := entry[n]) is not None]
            entry[m.id] = max(0, min(followed)) if followed else None
    return Roadmap(roadmap.case, roadmap.phases, entry)


def without_payments(roadmap: Roadmap) -> Roadmap:
    """The roadmap of the acts alone: payments and costs come with what they follow, and nobody takes them as a step."""
    entry = {m: None if is_paid(m) and e is not None and e >= 0 else e for m, e in roadmap.entry.items()}
    return Roadmap(roadmap.case, roadmap.phases, entry)


def paid(instance: Instance, name: str, on: Sequence[str], value: Mapping[str, Fraction]) -> Instance:
    """The problem with a payment of `value` per phase in step with how much of `of`, a list of its measures, is in force."""
    weight: dict[str, Fraction] = {}
    wholes = list(dict.fromkeys(instance.measure[m].whole for m in on))
    for whole in wholes:
        parts = [m for m in on if instance.measure[m].whole == whole]
        for m in parts:
            weight[m] = Fraction(1, len(wholes) * len(parts))
    measures = list(instance.measures)
    place = {m.id: n for n, m in enumerate(measures)}
    for m, share in weight.items():
        value_of = {i: x * share for i, x in value.items() if x}
        if value_of:
            measures.append(_payment(f"{name}{MARK}{m}", [measures[place[m]]], value_of, instance.phases))
            measures[place[m]] = _needing(measures[place[m]], measures[-1].id)
    return replace(instance, measures=tuple(measures), begun_alone=begun_alone(instance))


def monotone(case: Case, support: Support) -> bool:
    """Whether, costs and coalitions apart, it only ever loosens rows (see the module's text)."""
    cuts = [
        (support.slices, s.slices)
        for s in case.supports
        if support.slices is not None and s.slices is not None and set(s.of or ()) & set(support.of or ())
    ]
    return (
        all(case.parties[i].stalemate.likely <= 0 for i, x in support.value.items() if x.likely)
        and all(max(pair) % min(pair) == 0 for pair in cuts)
        and all(_seen_so_anyway(case, m.partition("/")[0], support.lag) for m in support.of or () if support.lag is not None)
    )


def _seen_so_anyway(case: Case, measure: str, lag: int) -> bool:
    """Whether in any roadmap its actors keep up something that is seen after this lag, and matters to the same parties."""
    verified = {m.partition("/")[0] for s in case.supports if s.lag is not None for m in s.of or ()}
    world, spec = alone(case.instance), case.measures[measure]
    kept_up = [
        m
        for n, m in enumerate(case.instance.measures)
        if m.in_force and world.lasting[n] and m.lag == lag and m.whole not in verified
    ]
    mattering = {i for worth in (spec.value, spec.once) for i, x in worth.items() if x.likely}
    return lag >= spec.lag.likely or all(
        any(j in m.actors and m.value.get(i) for m in kept_up) for j in spec.by for i in mattering - {j}
    )


# -- the problem ------------------------------------------------------------------------------------------------------------


def _with(case: Case, supports: Sequence[Support], *, costs: bool) -> Instance:
    if not supports:
        return case.instance
    slices: dict[str, int] = {}
    opened = {m for s in supports for m in s.opens or ()}
    for s in supports:
        for m in s.of or () if s.slices is not None else ():
            slices[m] = max(slices.get(m, 0), s.slices or 0)
    instance = to_instance(case, opened=opened, slices=slices)
    instance = replace(instance, begun_alone=begun_alone(case.instance, instance))
    for s in supports:
        instance = _one(case, instance, s, costs)
    return instance


def _one(case: Case, instance: Instance, support: Support, costs: bool) -> Instance:
    """What one support changes, slicing and opening apart."""
    on = [m for name in support.of or () for m in parts_of(case, instance, name)]
    instance = replace(
        instance,
        measures=tuple(_seen_better(m, support, len(instance.slices[m.whole])) if m.id in on else m for m in instance.measures),
        parties=tuple(_deposited(p, support) for p in instance.parties),
    )
    value = {i: x.likely for i, x in support.value.items()}
    cost = cost_of(support) if costs else {}
    if value:
        whole = {i: value.get(i, Fraction(0)) - cost.get(i, Fraction(0)) for i in dict.fromkeys([*value, *cost])}
        return paid(instance, support.id, on, whole)
    if not cost:
        return instance
    follows = [*on, *(m for name in support.opens or () for m in parts_of(case, instance, name))]
    return _charged(instance, support, follows, {i: -x for i, x in cost.items()})


def parts_of(case: Case, instance: Instance, name: str) -> tuple[str, ...]:
    """The measures of the problem that stand for an id of the case, or for a slice of it, however finely it is cut."""
    whole, _, number = name.partition("/")
    ids = instance.slices.get(whole, ())
    if not number:
        return ids
    each = len(ids) // case.measures[whole].slices
    return ids[(int(number) - 1) * each : int(number) * each]


def _seen_better(m: Measure, support: Support, count: int) -> Measure:
    lag = m.lag if support.lag is None else min(m.lag, support.lag)
    signal = m.signal if support.signal is None else max(m.signal, shared_signal(support.signal, count))
    return replace(m, lag=lag, signal=signal)


def _deposited(party: Party, support: Support) -> Party:
    if support.party != party.id or support.breakdown is None:
        return party
    return replace(party, breakdown=party.breakdown + support.breakdown.likely)


def _charged(instance: Instance, support: Support, follows: Sequence[str], value: Mapping[str, Fraction]) -> Instance:
    """The problem with a cost in full while one of `follows` is in force, or from phase 0 on."""
    measures = list(instance.measures)
    place = {m.id: n for n, m in enumerate(measures)}
    heads = [measures[place[m]] for m in follows]
    if not heads and support.party is None:
        return instance  # what it is on is not there
    charge = _payment(f"{support.id}{MARK}cost", [] if support.party is not None else heads, value, instance.phases)
    for m in follows if not charge.in_force else ():
        measures[place[m]] = _needing(measures[place[m]], charge.id)
    return replace(instance, measures=(*measures, charge))


def _payment(name: str, follows: Sequence[Measure], value: Mapping[str, Fraction], phases: int) -> Measure:
    """A measure without actors that is in force with one of `follows`; with none to follow: from the start."""
    return Measure(
        id=name,
        whole=name,
        title=name,
        kind="other",
        actors=(),
        value=value,
        once={},
        irreversible=Fraction(0),
        lag=1,
        signal=Fraction(1),
        requires=(Requirement(tuple(m.id for m in follows), 0),) if follows else (),
        excludes=(),
        not_before=0,
        not_after=phases - 1,
        in_force=not follows or any(m.in_force for m in follows),
    )


def _needing(m: Measure, other: str) -> Measure:
    return m if m.in_force else replace(m, requires=(*m.requires, Requirement((other,), 0)))
