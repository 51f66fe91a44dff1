"""A conflict in option form: parties, their options, which combinations cannot be, and what each party prefers.

Conventions
-----------
A state is a bit pattern over the options: option n is taken where bit n is set, so the first option is the lowest bit. Options
are numbered party by party, in the order of the parties. The feasible states, sorted by that number, are numbered from 1.

A party moves from one feasible state to another by changing any of its own options at once. An option with a direction changes
one way only: `forward` from not taken to taken, `back` from taken to not taken.

Preferences are ordinal. They are given in one of three ways:

    statements   the most important first; a state is the better, the earlier the statement that it alone satisfies
                 (with k statements the first weighs 2^(k-1), the last 1; equal sums are ties; no statement: all states tie)
    weights      a number for options, or for statements; a state is worth the sum over those that hold in it
    ranking      the states themselves, best first, with ties

A preference may be strong (`much better`), where it spans a divide: between two tiers of a ranking, by one of the first
statements, or by at least so much of the weights. Two states may also stand in no known relation (`unknown`).

References: Fang, Hipel and Kilgour 1993; Fang, Hipel, Kilgour and Peng 2003 (option prioritising); Hamouda, Kilgour and Hipel
2004, 2006 (strength); Li, Hipel, Kilgour and Fang 2004 (unknown preference).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.base.words import the
from detente.graph.formula import Formula

__all__ = ["MOST_OPTIONS", "Conflict", "Option", "Party", "Preference", "Ranked", "Stated", "Weighed"]

MOST_OPTIONS = 62


@dataclass(frozen=True)
class Option:
    """Something that a party can do or leave. `direction`: "both", "forward" or "back"."""

    id: str
    title: str
    direction: str = "both"


@dataclass(frozen=True)
class Stated:
    """Preference by statements, most important first; the first `strong` of them divide strongly."""

    statements: tuple[Formula, ...]
    strong: int = 0


@dataclass(frozen=True)
class Weighed:
    """Preference by weights of statements; `strong`: the difference from which on it is strong."""

    weights: tuple[tuple[Formula, Fraction], ...]
    strong: Fraction | None = None


@dataclass(frozen=True)
class Ranked:
    """Preference by ranking: tiers, strongest divide between them, of groups, of tied states (numbers from 1), best first."""

    tiers: tuple[tuple[tuple[int, ...], ...], ...]


Preference = Stated | Weighed | Ranked


@dataclass(frozen=True)
class Party:
    """A decision maker. options: their numbers. unknown: pairs of conditions; a state of the one and a state of the other
    stand in no known relation. article: that of its name, where a case says it."""

    id: str
    name: str
    options: tuple[int, ...]
    preference: Preference
    unknown: tuple[tuple[Formula, Formula], ...] = ()
    article: str | None = field(default=None, compare=False)

    @property
    def said(self) -> str:
        """Its name inside a sentence."""
        return the(self.name, self.article)


@dataclass(frozen=True)
class Conflict(Frozen):
    """A conflict, ready to be analysed.

    infeasible : what cannot be; a state that satisfies one of them is left out.
    status_quo : the state of today as a bit pattern, or None.
    coalitions : a partition of the parties by place, or () where everyone is alone.
    source : where the model comes from, in words. notes : what was taken for granted in making it.
    """

    id: str
    title: str
    parties: tuple[Party, ...]
    options: tuple[Option, ...]
    infeasible: tuple[Formula, ...] = ()
    status_quo: int | None = None
    coalitions: tuple[tuple[int, ...], ...] = ()
    source: str = ""
    notes: tuple[str, ...] = field(default=(), compare=False)

    def mask(self, party: int, *directions: str) -> int:
        """The bits of a party's options with one of these directions; of all of them where none is named."""
        return sum(1 << n for n in self.parties[party].options if not directions or self.options[n].direction in directions)

    def pattern(self, state: int) -> str:
        """A state as it is written: Y or N for each option, in their order."""
        return "".join("Y" if state >> n & 1 else "N" for n in range(len(self.options)))
