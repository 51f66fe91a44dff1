"""The case as the planner sees it: exact numbers, likely values, slices cut, grades resolved.

Definitions (../docs/explanation/model.md gives the mathematics)
----------------------------------------------------------------
phase t = 0 .. T-1          one unit of the roadmap's time; T phases, after which the last level is held for ever
value  v[i,m]               worth of measure m in force to party i, per phase (negative: a cost)
once   k[i,m]               worth on entry, once
irreversible r[m]           share of the effect that remains for ever after the measure is broken off
lag    l[m]                 phases until the others know that it is not (or no longer) carried out
takes  n[m]                 phases of work before it enters; from the start on its actors bear what it costs them
signal g[m]                 likelihood ratio of the step: how many times likelier a sincere party takes it
discount d[i]               weight of the next phase against this one, 0 < d < 1
stalemate s[i]              what the stand-off, left alone, adds (mostly: takes) per phase; a deal suspends it (`alone`)
breakdown B[i]              lost once when the process collapses
trust p[i,j]                probability that i gives to j keeping its word although j could gain by not

Every number is a `fractions.Fraction` made from the decimals of the case: the certificate is exact arithmetic on what the
analyst wrote. Solvers take floats from it; nothing flows back.

Conventions
-----------
A measure already in force on the case's date entered in phase -1; what it signals is part of the stated trust.
Where a step takes time the case means its start by `requires` (e[q] + after <= e - n), and a start in phase 0 or later. An
instance says all of the entry: `after` and `not_before` have the n phases in them. What is in force has no start, n = 0.
A divisible measure ``id`` of n slices is n measures ``id/1`` .. ``id/n``, each of 1/n of its values and each requiring the one
before (`after` 0: several may enter together). Its signal is shared out evenly on the log scale, g ** (1/n), rounded down to
six decimals so that the slices together never say more than the whole. Each slice takes as long as the whole; they may start
together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from detente.base.frozen import Frozen, FrozenDict

__all__ = ["Instance", "Measure", "Party", "Requirement"]


@dataclass(frozen=True)
class Requirement:
    """At least one measure of `any` must have entered `after` phases before (0: the same phase will do)."""

    any: tuple[str, ...]
    after: int = 1


@dataclass(frozen=True)
class Party(Frozen):
    """A party's terms. `trust` holds a probability for every other party that can act."""

    id: str
    name: str
    discount: Fraction
    stalemate: Fraction
    breakdown: Fraction
    trust: Mapping[str, Fraction]
    red_line: Fraction | None = None


@dataclass(frozen=True)
class Measure(Frozen):
    """One act, or one slice of a divisible act.

    `whole` is the id in the case file (`id` without its slice number); `not_after` is at most T - 1. `unseen`: phases until the
    others see a measure that is in force carried out, where they do not know it yet (a roadmap under way, module
    `prepare.state`); its signal then counts. 0: known, and part of the stated trust. `due`: the phase by which it has to be in
    force, where a roadmap is asked to reach it (module `plan.unlock`); None: it may stay out.
    """

    id: str
    whole: str
    title: str
    kind: str
    actors: tuple[str, ...]
    value: Mapping[str, Fraction]
    once: Mapping[str, Fraction]
    irreversible: Fraction
    lag: int
    signal: Fraction
    requires: tuple[Requirement, ...]
    excludes: tuple[str, ...]
    not_before: int
    not_after: int
    in_force: bool
    unseen: int = 0
    due: int | None = None
    takes: int = 0

    def early(self, party: str, worth: Fraction) -> bool:
        """Whether of `value` or `once` what it is worth to the party counts from the start of the work, not from its entry."""
        return worth < 0 < self.takes and party in self.actors

    def touches(self, party: str) -> bool:
        """Whether the measure is worth anything, good or bad, to the party."""
        return bool(self.value.get(party)) or bool(self.once.get(party))

    def harms(self, party: str) -> bool:
        """Whether it costs the party anything, per phase or once."""
        return self.value.get(party, 0) < 0 or self.once.get(party, 0) < 0


@dataclass(frozen=True)
class Instance(Frozen):
    """A planning problem: T phases, the parties, the measures, in the order of the case file.

    Of a roadmap under way (module `prepare.state`). `under_way`: the parties that have had something to do in it so far. Going
    on without a further step is then no return to the world without a deal. `begun_alone`: by measure, for the acts that are
    taken alone and are not in force, the first and the last phase in which they can begin; None: to be worked out (module
    `alone`). `had`: by party, how much better off than without any deal it would be if all ended now and nothing were lost by
    that, discounted to now; `drifted`: what the drift of the stand-off would have come to by now. 0 where it is not named.
    """

    case: str
    phases: int
    parties: tuple[Party, ...]
    measures: tuple[Measure, ...]
    under_way: frozenset[str] = frozenset()
    begun_alone: Mapping[str, tuple[int, float]] | None = None
    had: Mapping[str, Fraction] = field(default_factory=dict)
    drifted: Mapping[str, Fraction] = field(default_factory=dict)

    @cached_property
    def party(self) -> Mapping[str, Party]:
        return FrozenDict({p.id: p for p in self.parties})

    @cached_property
    def measure(self) -> Mapping[str, Measure]:
        return FrozenDict({m.id: m for m in self.measures})

    @cached_property
    def slices(self) -> Mapping[str, tuple[str, ...]]:
        """The measures that stand for each id of the case file, in the order of their slices."""
        out: dict[str, list[str]] = {}
        for m in self.measures:
            out.setdefault(m.whole, []).append(m.id)
        return FrozenDict({whole: tuple(ids) for whole, ids in out.items()})

    @cached_property
    def acting(self) -> tuple[str, ...]:
        """Parties that can act: those with a measure of their own, joint ones included."""
        actors = {a for m in self.measures for a in m.actors}
        return tuple(p.id for p in self.parties if p.id in actors)

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """Parties to which some measure is worth something; only they have a say in the objective."""
        return tuple(p.id for p in self.parties if any(m.touches(p.id) for m in self.measures))

    def lags(self, party: str) -> tuple[int, ...]:
        """The detection lags of the party's own measures, rising, each once."""
        return tuple(sorted({m.lag for m in self.measures if party in m.actors}))

    def to_dict(self) -> dict[str, object]:
        """The keys of `detente case CASE --json`; fractions become floats.

        parties.discount : weight of the next phase
        parties.stalemate : what the stand-off, left to itself, adds per phase
        parties.breakdown : lost once at a collapse
        parties.trust : probability, for every other party that can act
        measures.kind : its kind
        measures.actors : who acts
        measures.once : worth on entry, by party; not named: 0
        measures.irreversible : the share that remains
        measures.lag : the detection lag
        measures.signal : the likelihood ratio
        measures.requires.any : one of these is needed
        measures.requires.after : phases from that one's entry to its own, its work included
        measures.excludes : what it cannot be in force with
        measures.not_before : first phase in which it may enter
        measures.not_after : last phase in which it may enter
        measures.in_force : whether it is so already
        parties.red_line : its cap, only where there is one
        measures.takes : phases that the step takes, only where it takes time
        """
        return {
            "case": self.case,
            "phases": self.phases,
            "parties": {
                p.id: {
                    "name": p.name,
                    "discount": float(p.discount),
                    "stalemate": float(p.stalemate),
                    "breakdown": float(p.breakdown),
                    "trust": {j: float(x) for j, x in p.trust.items()},
                    **({} if p.red_line is None else {"red_line": float(p.red_line)}),
                }
                for p in self.parties
            },
            "measures": {
                m.id: {
                    "title": m.title,
                    "kind": m.kind,
                    "actors": list(m.actors),
                    "value": {i: float(x) for i, x in m.value.items()},
                    "once": {i: float(x) for i, x in m.once.items()},
                    "irreversible": float(m.irreversible),
                    "lag": m.lag,
                    **({"takes": m.takes} if m.takes else {}),
                    "signal": float(m.signal),
                    "requires": [{"any": list(q.any), "after": q.after} for q in m.requires],
                    "excludes": list(m.excludes),
                    "not_before": m.not_before,
                    "not_after": m.not_after,
                    "in_force": m.in_force,
                }
                for m in self.measures
            },
        }
