"""The contingencies as a table for the day: one entry for each kind of event and party or risk, its answers by date.

Within an entry the events follow each other in time; neighbours with the same answer are one run. An entry tells until when it
can still be mended: the last of its events that is answered by going on or by a repair.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from detente.prepare.contingency import Contingency
from detente.prepare.events import EVENTS

__all__ = ["Entry", "Run", "grouped"]


@dataclass(frozen=True)
class Run:
    """Neighbouring events with the same answer.

    first, last : their phases, of steps that are taken back the phases in which these had entered.
    least : the smallest share of the earlier odds in the party at which the answer still holds in all of them; None: it does
        not count on trust, or no share is known.
    """

    answer: str
    first: int
    last: int
    contingencies: tuple[Contingency, ...]

    @property
    def least(self) -> Fraction | None:
        shares = [c.break_even for c in self.contingencies]
        return max((x for x in shares if x is not None), default=None)


@dataclass(frozen=True)
class Entry:
    """One kind of event that befalls one party, or several at once, or one risk; of one step, where steps are told apart.

    until : the last phase, as of a run, that is answered by going on or by a repair; None: in none.
    """

    event: str
    parties: tuple[str, ...]
    risk: str | None
    step: str | None
    runs: tuple[Run, ...]

    @property
    def until(self) -> int | None:
        return max((r.last for r in self.runs if r.answer in ("tolerate", "repair")), default=None)


def grouped(contingencies: Iterable[Contingency]) -> tuple[Entry, ...]:
    """Entries by kind of event, in the order of `EVENTS`; those of risks after the others."""
    kinds: dict[tuple[str, tuple[str, ...], str | None, str | None], list[Contingency]] = {}
    for c in contingencies:
        kinds.setdefault((c.event.event, c.event.parties, c.event.risk, c.event.step), []).append(c)
    keys = sorted(kinds, key=lambda k: (k[2] is not None, EVENTS.index(k[0])))
    return tuple(Entry(*key, runs=_runs(kinds[key])) for key in keys)


def _runs(contingencies: list[Contingency]) -> tuple[Run, ...]:
    out = []
    for answer, run in itertools.groupby(sorted(contingencies, key=lambda c: c.event.since), key=lambda c: c.answer):
        cs = tuple(run)
        out.append(Run(answer, cs[0].event.since, cs[-1].event.since, cs))
    return tuple(out)
