"""Why a step is not carried out, as arrays for the plays: what the case says under its keys (`case.causes`) and a profile
judges.

K consents, D demands, A stated answers; M, P as in `layout`. A case that has none of the keys is played at the likely values as
if there were no such causes; with drawn values its demands count, and the answers that follow from them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.base.text import Path
from detente.case.alone import alone
from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.when import phases_a_year

if TYPE_CHECKING:
    from detente.assess.profile import PlayProfile

__all__ = ["Causes", "causes_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Causes(NamedTuple):
    """What makes steps late, refused, fall and be answered.

    active : whether any of this is played. year : phases a year, above 0.
    takes : (M, 3), phases from the start to the effect, low, likely, high. late : (M,), the share of steps of its class that is
    not there a year after it was due. catches_up : the chance a year, after the first, that what is late comes.
    need_at : (M + 1,), the consents of a measure; consent, consent_column, again : (K,), chance, where it is drawn, phases
    until it is asked again (0: it is not).
    demand_by, phi, standing, apart : (D,), the party, the chance that it is meant, whether it has to last, whether its readings
    differ. first, widest, before : (D, M), what is to be seen first as the demander reads it, by all readings together, and
    what is withheld until then.
    contested : the chance that readings which differ are taken the narrower way. lapses : the chance a phase that what is in
    force lapses of itself. lasting : (M,), whether it has to be kept up.
    every : (P,), 0 where governments do not come round; begins, opposed, opposed_column, undoes, undoes_column : (P,).
    new_v : (P, M), the values of a government that opposes; new_odds : (P, P), its odds; nan: as before.
    answer_if, answer_by, answer_chance, answer_column, answer_holds : (A, M), (A,), (A,), (A,), (A, M). holds_back : the
    chance of an answer that follows.
    """

    active: bool
    year: float
    takes: Floats
    late: Floats
    catches_up: float
    need_at: Ints
    consent: Floats
    consent_column: Ints
    again: Ints
    demand_by: Ints
    phi: Floats
    standing: Flags
    apart: Flags
    first: Flags
    widest: Flags
    before: Flags
    contested: float
    lapses: float
    lasting: Flags
    every: Ints
    begins: Ints
    opposed: Floats
    opposed_column: Ints
    undoes: Floats
    undoes_column: Ints
    new_v: Floats
    new_odds: Floats
    answer_if: Flags
    answer_by: Ints
    answer_chance: Floats
    answer_column: Ints
    answer_holds: Flags
    holds_back: float


def causes_of(case: Case, instance: Instance, profile: PlayProfile, columns: Mapping[Path, int], active: bool) -> Causes:
    """The causes of a case under a profile. columns : where in a draw the number stands that is under a path of the case."""
    at = {p.id: n for n, p in enumerate(instance.parties)}
    P, M = len(instance.parties), len(instance.measures)
    specs = [case.measures[m.whole] for m in instance.measures]
    year = phases_a_year(case.phases.length)
    needs = [(("measures", m.whole, "needs", k, "chance"), c) for m, s in zip(instance.measures, specs, strict=True)
             for k, c in enumerate(s.needs)]  # fmt: skip
    demands, answers = case.demands, [(n, a) for n, a in enumerate(case.answers) if _places(instance, [a.if_])]
    read = [{i: {*d.reading.get(i, d.first)} for i in case.parties} for d in demands]
    governments = [case.parties[p.id].governments for p in instance.parties]
    new_v, new_odds = np.full((P, M), np.nan), np.full((P, P), np.nan)
    for i, g in enumerate(governments):
        for name, value in (g.value if g else {}).items():
            for m in _places(instance, [name]):
                new_v[i, m] = float(value.likely) / (len(instance.slices[name]) if name in instance.slices else 1)
        for j, p in (g.trust if g else {}).items():
            new_odds[i, at[j]] = float(p.likely / (1 - p.likely))
    return Causes(
        active=active,
        year=year,
        takes=_floats([[float(x) for x in (s.takes.low, s.takes.likely, s.takes.high)] for s in specs]).reshape(M, 3),
        late=_floats([profile[f"late_{s.class_}"] if s.class_ else 0.0 for s in specs]),
        catches_up=float(profile["catches_up"]),
        need_at=_ints(np.cumsum([0, *(len(s.needs) for s in specs)])),
        consent=_floats([c.chance.likely for _, c in needs]),
        consent_column=_ints([columns.get(path, -1) for path, _ in needs]),
        again=_ints([c.again or 0 for _, c in needs]),
        demand_by=_ints([at[d.by] for d in demands]),
        phi=_floats([profile[f"firm_{d.firm}" if d.firm else "unfirm"] for d in demands]),
        standing=_flags([d.standing for d in demands]),
        apart=_flags([any(x != r[d.by] for x in r.values()) for d, r in zip(demands, read, strict=True)]),
        first=_sets(instance, [r[d.by] for d, r in zip(demands, read, strict=True)]),
        widest=_sets(instance, [{m for x in r.values() for m in x} for r in read]),
        before=_sets(instance, [d.before for d in demands]),
        contested=float(profile["contested"]),
        lapses=1 - (1 - float(profile["lapses"])) ** (1 / year),
        lasting=_flags(alone(instance).lasting),
        every=_ints([g.every if g else 0 for g in governments]),
        begins=_ints([g.begins if g else 0 for g in governments]),
        opposed=_floats([g.chance.likely if g else 0 for g in governments]),
        opposed_column=_ints([columns.get(("parties", p.id, "governments", "chance"), -1) for p in instance.parties]),
        undoes=_floats([g.undoes.likely if g else 0 for g in governments]),
        undoes_column=_ints([columns.get(("parties", p.id, "governments", "undoes"), -1) for p in instance.parties]),
        new_v=new_v,
        new_odds=new_odds,
        answer_if=_sets(instance, [[a.if_] for _, a in answers]),
        answer_by=_ints([at[a.by] for _, a in answers]),
        answer_chance=_floats([a.chance.likely for _, a in answers]),
        answer_column=_ints([columns.get(("answers", n, "chance"), -1) for n, _ in answers]),
        answer_holds=_sets(instance, [a.holds for _, a in answers]),
        holds_back=float(profile["holds_back"]),
    )


def _places(instance: Instance, ids: Iterable[str]) -> list[int]:
    """The places of measures of the case file; of a divisible one all slices."""
    place = {m.id: n for n, m in enumerate(instance.measures)}
    return [place[m] for name in ids for m in instance.slices.get(name, (name,)) if m in place]


def _sets(instance: Instance, sets: Iterable[Collection[str]]) -> Flags:
    out = [np.isin(np.arange(len(instance.measures)), _places(instance, x)) for x in sets]
    return _flags(out).reshape(-1, len(instance.measures))


def _floats(xs: Any) -> Floats:
    return np.array(xs, dtype=object).astype(np.float64)


def _ints(xs: Any) -> Ints:
    return np.array(xs, dtype=np.int64)


def _flags(xs: Any) -> Flags:
    return np.array(xs, dtype=np.bool_)
