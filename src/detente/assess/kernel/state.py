"""The state of one play: a few named arrays, which every kernel of this folder reads and changes in place.

M measures, P parties, T phases, S shocks; t a phase, 0 .. T + the longest lag - 1, or NEVER; v, k, levels and values in the
units of a party, v and levels per phase; odds and factors above 0 (odds 0: no trust is stated). Indices of parties are
0 .. P-1, -1: none. The words and the numbers 1 to 10 are those of `process`.

Records rather than many arrays: a kernel takes `measures[m]` once and names what it needs of it. `state_of` sets them up for
a strategy; `begin` copies that for each play.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.assess.kernel.course import fill_effects, gives
from detente.assess.kernel.given import Given
from detente.assess.layout import Flags, Floats, Ints, Script, World
from detente.assess.process import NEVER, SINCERE
from detente.base.uncounted import inner
from detente.plan.tables.worth import Figures, fill

__all__ = ["BASE", "DROPPED", "HERE", "MISSING", "NOTICED", "STALE", "State", "begin", "leads", "state_of"]

HERE, MISSING, NOTICED, DROPPED = range(4)
"""`status` of a measure: nothing amiss, missing in secret, known to be missing, given up."""
BASE, STALE = -1, -2
"""`course` of a party: the one of the script as it stands; one that is to be computed."""

_PHASE, _PARTY, _CODE, _FLAG, _FLOAT = np.int32, np.int32, np.int32, np.bool_, np.float64
MEASURE = np.dtype(
    [
        # as the case has it
        ("irreversible", _FLOAT),  # share r, 0 .. 1
        ("signal", _FLOAT),  # likelihood ratio of its being carried out, above 0
        ("miss", _FLOAT),  # Bayes' factor of its being missed, above 0; 1: none
        ("lag", _PHASE),  # 1 or more
        ("not_before", _PHASE),
        ("not_after", _PHASE),
        ("lead", _PHASE),  # for how many phases before it is due it is to be at work
        # as it is
        ("since", _PHASE),  # in force since; -1: from the start, or never
        ("begun", _PHASE),  # taken to be at work since; -1: it is not, or no more
        ("gone", _PHASE),  # missing since
        ("noticed", _PHASE),  # when it was noticed to be missing
        ("late_at", _PHASE),  # when it was put off openly; -1: it is not late
        ("refused", _PHASE),  # openly not carried out since; -1: it is not
        ("retry", _PHASE),  # not tried again before
        ("given", np.int64),  # how many of its consents have been given
        ("hold", _PHASE),  # from when on it will be withheld (or, if `early`, begun), or NEVER
        ("holder", _PARTY),  # by whom, and
        ("motive", _CODE),  # why: a cause
        ("by", _PARTY),  # who withheld what is missing; -1: it failed though meant
        ("why", _CODE),  # the cause, should the process end over it
        ("cause", _CODE),  # why it was refused or has fallen: a reason, and of which consent or demand
        ("cause_of", _CODE),
        ("status", _CODE),  # HERE ..
        ("early", _FLAG),  # it will be, or was, begun against the schedule
        ("works", _FLAG),  # it is at work
        ("up", _FLAG),  # it is in force
        ("was", _FLAG),  # it is or has been in force
        ("public", _FLAG),  # it counts as in force
        ("seen", _FLAG),  # its signal counts
        ("paused", _FLAG),  # by those who suspend
        ("answers", np.int64),  # for how many steps that are not carried out it is held back
        ("rests", _FLAG),  # it was in force and is held back
        ("given_up", _FLAG),  # with what it is held back for: it never comes
        ("unanswered", _FLAG),  # nobody has answered yet that it is not carried out
        ("back", _FLAG),  # mended, and due again
        ("tolerated", _FLAG),  # its being missing is
        ("tried", _FLAG),  # no risk befalls it any more
        ("ready", _FLAG),  # of the step at hand: to enter, or to be put back
        # what is written down of it (`records.Records`)
        ("entered", _PHASE),
        ("broken_off", _PHASE),
        ("first_missed", _FLAG),
        ("reason", _CODE),  # of the first miss, of which consent or demand, and whose it is; -1: of all its actors
        ("reason_of", _CODE),
        ("whose", _PARTY),
        ("first_late", _FLAG),
        ("delay", _CODE),
        ("held_back", _FLAG),  # ever, in answer
        ("seen_by", _FLAG),
    ],
    align=True,
)
PARTY = np.dtype(
    [
        ("discount", _FLOAT),  # per phase, 0 .. below 1
        ("breakdown", _FLOAT),  # B
        ("stalemate", _FLOAT),
        ("opposed", _FLOAT),  # the chance that a government opposes, where they come round; that it undoes
        ("undoes", _FLOAT),
        ("after", _FLOAT),  # the drift less B: to come for ever once all has ended
        ("no_deal", _FLOAT),
        ("sincere", _FLOAT),  # the chance that it is
        ("longest", _PHASE),  # lag of its own measures; 0: it has none
        ("scale", _FLOAT),  # of its values held for ever, for rounding (`course`)
        ("acts", _FLAG),  # it has measures of its own
        ("level", _FLOAT),  # what it gets in this phase
        ("power", _FLOAT),  # discount ** t
        ("course", np.int64),  # the last phase of its course that differs from those after it; BASE; STALE
        ("misses", np.int64),  # phases in which a miss of it was noticed,
        ("last_miss", _PHASE),  # and the last of them; -1: none
        ("gives", _FLAG),  # it has, or has had, something to do
        ("holding", _FLAG),  # it withholds, or has decided to
        ("changed", _FLAG),  # it has had a change of government
        ("shocked", _FLAG),  # a shock has come from it
        ("opposes", _FLAG),  # its government is against what was agreed
        ("blamed", _FLAG),  # for the miss at hand
        # what is written down of it
        ("kind", _CODE),  # its type
        ("value", _FLOAT),
        ("spent", _FLOAT),  # on work at what is not taken alone
        ("before", _FLOAT),
        ("aside", _FLOAT),
        ("trouble", _FLAG),
    ],
    align=True,
)
PROCESS = np.dtype(
    [
        # as the profile and the script have it
        ("rule", _FLAG),  # steps are picked
        ("by_condition", _FLAG),  # and not by date
        ("tolerate", np.int64),
        ("patience", np.int64),
        ("warning", np.int64),
        ("overlooked", _FLOAT),
        ("mends", _FLOAT),
        ("strikes", _FLOAT),
        # as it is
        ("key", np.uint64),  # of the play (`chance`)
        ("under_way", _FLAG),  # a step that is not taken alone has entered or is to come
        ("t", np.int64),
        ("struck", _FLAG),  # by a shock in this phase
        ("open_miss", _FLAG),  # a noticed miss is open,
        ("suspended", _FLAG),  # and one of them is not tolerated
        ("waiting", _FLAG),
        ("held_back", _FLAG),  # somebody does not dare
        ("stall", np.int64),  # for how many phases in a row,
        ("stall_from", np.int64),  # and since when
        ("missed_in", np.int64),  # the phase of what was first not carried out, or NEVER
        ("late_in", np.int64),  # of what was first late
        ("open", np.int64),  # how many steps are openly not carried out
        # what need not be looked for
        ("dirty", _FLAG),  # the public schedule has changed: courses are stale
        ("missing", np.int64),  # how many measures are missing or noticed to be
        ("resting", np.int64),  # how many have been paused
        ("any_held", _FLAG),  # something is or was to be withheld,
        ("any_late", _FLAG),  # something is or was late,
        ("any_back", _FLAG),  # or mended
        ("signal_until", np.int64),  # when the last signal will be seen
        ("next_due", np.int64),  # the next step due; NEVER: none is; -1: not looked for yet
        # what is written down of it
        ("collapsed", np.int64),
        ("cause", np.int64),
        ("stopped", np.int64),
        ("stop_cause", np.int64),
    ],
    align=True,
)

Table = NDArray[np.void]


class State(NamedTuple):
    """A play as it stands, and the room to compute in.

    measures : (M,) of MEASURE. parties : (P,) of PARTY. now : (1,) of PROCESS. v : (P, M), present values per phase. k :
    (P, M), one-off values. effects : (P, M, A + 1, C), of both.
    odds : (P, P), of i in j. entry : (M,), the public schedule e, phases. actor : (P, M). measures_then, parties_then, v_then,
    odds_then : all this at the start of a play, and by schedule now_then : (K,), entries : (K, M), gives : (K, P). base,
    courses : (P, 4 + P, T + 1), the courses of the script and of the public schedule (`course`). standing : (M,), the schedule
    in which nothing more comes, and still : (4 + P, T + 1), its course for one party. balance : (P,), per phase. busy : (P +
    1,), who has picked a step, the last for joint steps. because : (M, M), [m, n] where n is held back because of m.
    """

    measures: Table
    parties: Table
    now: Table
    v: Floats
    k: Floats
    effects: Floats
    odds: Floats
    entry: Ints
    actor: Flags
    measures_then: Table
    parties_then: Table
    now_then: Table
    base: Floats
    courses: Floats
    standing: Ints
    still: Floats
    balance: Floats
    busy: Flags
    because: Flags
    v_then: Floats
    odds_then: Floats
    entries: Ints
    gives: Flags


def leads(world: World, script: Script) -> Ints:
    """For how many phases before it is due each measure is to be at work, of shape (M,)."""
    known_ahead = script.ahead or script.rule
    return np.where(known_ahead | (world.ready >= 0), world.takes, world.causes.takes[:, 1].astype(np.int64))


def state_of(world: World, given: Given, scripts: Sequence[Script]) -> State:
    """The state before the first play of some scripts, which differ in schedule, pace and patience alone."""
    P, M, T = world.others, world.measures, world.phases
    measures, parties, now = np.zeros(M, MEASURE), np.zeros(P, PARTY), np.zeros(len(scripts), PROCESS)
    for name in ("irreversible", "signal", "miss", "lag", "not_before", "not_after"):
        measures[name] = getattr(world, name)
    measures["lead"] = leads(world, scripts[0])
    for name in ("since", "begun", "gone", "noticed", "late_at", "refused", "retry", "holder", "by", "whose"):
        measures[name] = -1
    for name in ("up", "was", "public"):
        measures[name] = world.in_force
    measures["hold"] = measures["broken_off"] = NEVER
    measures["entered"] = np.where(world.in_force, -1, NEVER)
    for name in ("discount", "breakdown", "stalemate", "after", "no_deal", "sincere", "acts"):
        parties[name] = getattr(world, name)
    # cumsum adds one after the other: the order of a sum is part of its value
    worth = np.cumsum(np.abs(world.v) + np.abs(world.k), axis=1)[:, -1]
    parties["scale"] = worth / (1.0 - world.discount) + world.breakdown + np.abs(world.after + world.breakdown)
    parties["opposed"], parties["undoes"] = world.causes.opposed, world.causes.undoes
    parties["longest"] = np.where(world.actor, world.lag, 0).max(axis=1, initial=0)
    parties["level"] = np.cumsum(np.where(world.in_force, world.v, 0.0), axis=1)[:, -1]
    parties["power"], parties["course"], parties["last_miss"], parties["kind"] = 1.0, BASE, -1, SINCERE
    for name in ("patience", "warning", "overlooked", "mends", "strikes"):
        now[name] = getattr(world, name)
    for name in ("rule", "tolerate", "by_condition"):
        now[name] = [getattr(script, name) for script in scripts]
    entries = np.array([script.entry for script in scripts])
    now["under_way"] = ((entries <= world.not_after) & ~world.in_force & (world.ready < 0)).any(axis=1)
    for name in ("missed_in", "late_in", "collapsed", "stopped"):
        now[name] = NEVER
    now["signal_until"] = now["next_due"] = -1
    effects = np.zeros((P, M, world.most_lag + world.work + 1, world.size))
    for i, out in enumerate(effects):
        n, none = world.exposures[i], world.toward[i, :0]
        figures = Figures(world.own_longest[i], world.own_longest[i], world.toward[i, :n], world.length[i, :n], none, none)
        v, k, r, own, starting = world.v[i], world.k[i], world.irreversible, world.actor[i], world.ready >= 0
        d, lead = world.discount[i], measures["lead"].astype(np.int64)
        fill(v, k, r, world.lag, own, world.kept, starting, world.actor, d, figures, out, lead)
    return State(
        measures=measures.copy(),
        parties=parties.copy(),
        now=now[:1].copy(),
        v=world.v.copy(),
        k=world.k.copy(),
        effects=effects,
        odds=world.odds.copy(),
        entry=entries[0].copy(),
        actor=world.actor,
        measures_then=measures,
        parties_then=parties,
        now_then=now,
        base=np.empty((P, 4 + P, T + 1)),
        courses=np.empty((P, 4 + P, T + 1)),
        standing=np.empty(M, dtype=np.int64),
        still=np.empty((4 + P, T + 1)),
        balance=np.empty(P),
        busy=np.empty(P + 1, dtype=np.bool_),
        because=np.zeros((M, M), dtype=np.bool_),
        v_then=world.v.copy(),
        odds_then=world.odds.copy(),
        entries=entries,
        gives=np.array([[gives(given, measures, i, entry, 0) for i in range(P)] for entry in entries]),
    )


@inner
def begin(w, s, k, key):  # type: ignore[no-untyped-def]
    """Set the state to the start of the play of schedule k with this key, at the values last taken up; types are still to be
    drawn."""
    for m in range(len(s.measures)):
        s.measures[m] = s.measures_then[m]
        s.entry[m] = s.entries[k, m]
    for i in range(len(s.parties)):
        changed = s.parties[i].changed and (k > 0 or not w.drawn)  # else all effects are filled when the draw is taken up
        s.parties[i] = s.parties_then[i]
        s.parties[i].gives = s.gives[k, i]
        for m in range(len(s.measures)):
            s.v[i, m] = s.v_then[i, m]
            if changed:
                fill_effects(w, s, i, m)
        for j in range(len(s.parties)):
            s.odds[i, j] = s.odds_then[i, j]
    for n in range(len(w.shocks)):
        w.shocks[n].struck = False
    s.now[0] = s.now_then[k]
    s.now[0].key = key
