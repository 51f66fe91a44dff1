"""What is given to the plays, as the kernels take it: the world in few tables.

Every call of a kernel hands over all that it is given, array by array, and compiled code is made for each of them; so what
belongs to one measure, party, demand, consent, answer, government, shock, risk or prerequisite stands in one record. Columns of
draws (`layout.Columns`) are called `at_..`, or `column`; -1: the number is not drawn.

`tables_of` makes them anew for each call of `play`: a play writes what it has drawn into them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.assess.layout import Flags, Floats, Ints, World

__all__ = ["Given", "tables_of"]

_INT, _FLOAT, _FLAG = np.int64, np.float64, np.bool_
MEASURE = np.dtype(
    [
        ("whole", _INT),
        ("in_force", _FLAG),
        ("kept", _FLAG),
        ("lasting", _FLAG),
        ("ready", _INT),
        ("last", _INT),
        ("needs", _INT),  # the first of its prerequisites,
        ("needs_end", _INT),  # and the one after the last
        ("risks", _INT),
        ("risks_end", _INT),
        ("consents", _INT),
        ("consents_end", _INT),
        ("low", _FLOAT),  # phases that it takes
        ("likely", _FLOAT),
        ("high", _FLOAT),
        ("late", _FLOAT),
        ("share", _FLOAT),  # 1/n of a slice
        ("miss", _FLOAT),  # Bayes' factor of its being missed, at the likely values
        ("at_irreversible", _INT),
        ("at_lag", _INT),
        ("at_signal", _INT),
    ],
    align=True,
)
PARTY = np.dtype(
    [
        ("exposures", _INT),
        ("longest", _INT),
        ("every", _INT),
        ("begins", _INT),
        ("at_discount", _INT),
        ("at_stalemate", _INT),
        ("at_breakdown", _INT),
        ("at_opposed", _INT),
        ("at_undoes", _INT),
    ],
    align=True,
)
DEMAND = np.dtype(
    [
        ("by", _INT),
        ("phi", _FLOAT),
        ("standing", _FLAG),
        ("apart", _FLAG),
        ("bites", _FLAG),  # it is meant, in this play,
        ("contested", _FLAG),  # and its readings are apart
    ],
    align=True,
)
CONSENT = np.dtype([("chance", _FLOAT), ("column", _INT), ("again", _INT)], align=True)
ANSWER = np.dtype([("by", _INT), ("chance", _FLOAT), ("column", _INT)], align=True)
GOVERNMENT = np.dtype([("party", _INT), ("at", _INT), ("chance", _FLOAT), ("column", _INT)], align=True)
SHOCK = np.dtype([("by", _INT), ("ratio", _FLOAT), ("chance", _FLOAT), ("column", _INT), ("struck", _FLAG)], align=True)
RISK = np.dtype([("fails", _FLOAT), ("column", _INT), ("low", _FLOAT), ("likely", _FLOAT), ("high", _FLOAT)], align=True)
NEED = np.dtype([("after", _INT), ("first", _INT), ("end", _INT)], align=True)

Table = NDArray[np.void]


class Given(NamedTuple):
    """The `World` in tables; what is not said here is as it is there, and in its `Causes`.

    of : (M,) of MEASURE. who : (P,) of PARTY. demands, consents, answers, governments, shocks, risks, needs : tables, (D,),
    (K,), (A,), (G,), (S,), (R,), (Q,). needs of measure m : needs[of[m].needs : of[m].needs_end], each one of
    alternative[first : end]; its risks likewise by `risk`. gov_v, gov_odds : (G, M), (G, P), of a change of government; nan: as
    before. opposed_v, opposed_odds : (P, M), (P, P), of a government that opposes. value, once : (P, M), trust : (P, P),
    columns. works : whether any measure takes time.
    """

    phases: int
    most_lag: int
    works: bool
    drawn: bool
    active: bool
    spoilers: float
    year: float
    catches_up: float
    contested: float
    lapses: float
    holds_back: float
    of: Table
    who: Table
    demands: Table
    consents: Table
    answers: Table
    governments: Table
    shocks: Table
    risks: Table
    needs: Table
    not_after: Ints
    odds: Floats
    alternative: Ints
    excludes: Flags
    toward: Ints
    length: Ints
    place: Ints
    at_once: int
    begun: Floats
    begins: Ints
    giving: Ints
    due: Ints
    risk: Ints
    gov_v: Floats
    gov_odds: Floats
    opposed_v: Floats
    opposed_odds: Floats
    first: Flags
    widest: Flags
    before: Flags
    answer_if: Flags
    answer_holds: Flags
    value: Ints
    once: Ints
    trust: Ints


def tables_of(world: World) -> Given:
    """The tables of a world, at the likely values."""
    w, c, at, M, P = world, world.causes, world.columns, world.measures, world.others
    own = w.new_v[np.arange(len(w.gov_party)), w.gov_party]
    return Given(
        phases=w.phases,
        most_lag=w.most_lag,
        works=bool(c.takes.any()),
        drawn=w.drawn,
        active=c.active,
        spoilers=w.spoilers,
        year=c.year,
        catches_up=c.catches_up,
        contested=c.contested,
        lapses=c.lapses,
        holds_back=c.holds_back,
        of=_table(
            MEASURE, M, whole=w.whole, in_force=w.in_force, kept=w.kept, lasting=c.lasting, ready=w.ready, last=w.last,
            needs=w.need_at[:-1], needs_end=w.need_at[1:], risks=w.risk_at[:-1], risks_end=w.risk_at[1:],
            consents=c.need_at[:-1], consents_end=c.need_at[1:], low=c.takes[:, 0], likely=c.takes[:, 1], high=c.takes[:, 2],
            late=c.late, share=at.share, miss=w.miss, at_irreversible=at.irreversible, at_lag=at.lag, at_signal=at.signal,
        ),
        who=_table(
            PARTY, P, exposures=w.exposures, longest=w.own_longest, every=c.every, begins=c.begins, at_discount=at.discount,
            at_stalemate=at.stalemate, at_breakdown=at.breakdown, at_opposed=c.opposed_column, at_undoes=c.undoes_column,
        ),
        demands=_table(DEMAND, len(c.demand_by), by=c.demand_by, phi=c.phi, standing=c.standing, apart=c.apart),
        consents=_table(CONSENT, len(c.consent), chance=c.consent, column=c.consent_column, again=c.again),
        answers=_table(ANSWER, len(c.answer_by), by=c.answer_by, chance=c.answer_chance, column=c.answer_column),
        governments=_table(
            GOVERNMENT, len(w.gov_at), party=w.gov_party, at=w.gov_at, chance=w.gov_chance, column=at.government
        ),
        shocks=_table(
            SHOCK, len(w.shock_by), by=w.shock_by, ratio=w.shock_ratio, chance=w.shock_chance, column=at.shock
        ),
        risks=_table(
            RISK, len(w.fails), fails=w.fails, column=at.fails, low=w.late[:, 0], likely=w.late[:, 1], high=w.late[:, 2]
        ),
        needs=_table(NEED, len(w.need_after), after=w.need_after, first=w.any_at[:-1], end=w.any_at[1:]),
        not_after=w.not_after,
        odds=w.odds,
        alternative=w.alternative,
        excludes=w.excludes,
        toward=w.toward,
        length=w.length,
        place=w.place,
        at_once=w.at_once,
        begun=w.begun,
        begins=w.begins,
        giving=w.giving,
        due=w.due,
        risk=w.risk,
        gov_v=np.where(w.renewed, own, np.nan),
        gov_odds=w.new_odds,
        opposed_v=c.new_v,
        opposed_odds=c.new_odds,
        first=c.first,
        widest=c.widest,
        before=c.before,
        answer_if=c.answer_if,
        answer_holds=c.answer_holds,
        value=at.value,
        once=at.once,
        trust=at.trust,
    )  # fmt: skip


def _table(kind: np.dtype[np.void], count: int, **columns: Any) -> Table:
    out = np.zeros(count, kind)
    for name, x in columns.items():
        out[name] = x
    return out
