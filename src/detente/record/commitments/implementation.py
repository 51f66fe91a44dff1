"""How far things are carried out: `implementation(case)`, scores by party and by provision, on a day and over time.

A commitment counts s in [low, high] (module `standing`), on the scale of module `scale`. A score is the mean of s over the
commitments that count; disputed ones make it a range, [mean of the lows, mean of the highs].

    party       its measures that are read, and those of its provisions of which no measure is read for it
    provision   for each party, the provision itself if it is read, else the mean over those of its measures that are read
    overall     all that counts for the parties

So nothing counts twice. What nobody has read is left out of the mean and counted apart: a score always comes with how many
commitments it is made of.

Over time: a point for every day on which something that counts changes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from detente.base.plain import told
from detente.case.case import Case
from detente.record.commitments.commit import history
from detente.record.commitments.entry import Key
from detente.record.commitments.items import Item, items
from detente.record.commitments.ledger import Commitment, commitments
from detente.record.commitments.standing import Standing, by_commitment, standing

__all__ = ["Implementation", "Point", "Score", "counted", "implementation"]

Scores = Mapping[Key, tuple[Fraction, Fraction]]


@dataclass(frozen=True)
class Score:
    """A mean of so many commitments (`read`, at least 1). provision, party : whose; None: all."""

    provision: str | None
    party: str | None
    low: Fraction
    high: Fraction
    read: int

    @property
    def score(self) -> tuple[Fraction, Fraction]:
        return self.low, self.high

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        provision : `null`: of all
        party : `null`: of all
        score : the mean, from the lowest to the highest reading
        """
        return told(self, "provision party score read")


@dataclass(frozen=True)
class Point:
    """The scores from a day on, overall first, then by party, then by provision and party."""

    date: datetime.date
    scores: tuple[Score, ...]

    def of(self, provision: str | None = None, party: str | None = None) -> Score | None:
        """One of them; None where nothing is read yet."""
        return next((s for s in self.scores if (s.provision, s.party) == (provision, party)), None)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it."""
        return told(self)


@dataclass(frozen=True)
class Implementation:
    """How far the commitments of a case are carried out.

    source : the folder of the record, or "bundled". rows : every commitment on record, in the order of the case.
    unread : items without a reading. path : scores over time; the last holds on `as_of`.
    """

    case: str
    source: str
    as_of: datetime.date
    rows: tuple[Commitment, ...]
    unread: tuple[Item, ...]
    path: tuple[Point, ...]

    @property
    def scores(self) -> tuple[Score, ...]:
        """On the day itself."""
        return self.path[-1].scores if self.path else ()

    def of(self, provision: str | None = None, party: str | None = None) -> Score | None:
        """One score on the day itself; None where nothing is read."""
        return self.path[-1].of(provision, party) if self.path else None

    def to_dict(self) -> dict[str, object]:
        return {**told(self, "case source as_of rows"), "unread": [i.id for i in self.unread], **told(self, "scores path")}


def implementation(case: Case, workspace: str | Path | None = None, *, as_of: datetime.date | None = None) -> Implementation:
    """How far the commitments of a case are carried out, by party and provision, up to a day (None: the date of the case).

    Raises
    ------
    RecordError
        If there is no record.
    """
    now = commitments(case, workspace, as_of=as_of)
    grouped = by_commitment(history(case, workspace).entries)
    changes: dict[datetime.date, dict[Key, Standing]] = {}
    for key, entries in grouped.items():
        for day in sorted({e.as_of for e in entries if e.as_of <= now.as_of}):
            found = standing(entries, day)
            if found is not None:
                changes.setdefault(day, {})[key] = found
    known, path = items(case), list[Point]()
    held: dict[Key, tuple[Fraction, Fraction]] = {}
    by_provision: dict[Key, Score | None] = {
        (name, party): None for name, item in known.items() if item.kind == "provision" for party in case.parties
    }
    for day in sorted(changes):
        held |= {key: (s.low, s.high) for key, s in changes[day].items()}
        for name, party in changes[day]:
            for provision in (name,) if known[name].kind == "provision" else known[name].provisions:
                by_provision[provision, party] = _of_provision(known[provision], party, held)
        scores = (*_of_parties(case, known, held), *(s for s in by_provision.values() if s is not None))
        if not path or path[-1].scores != scores:
            path.append(Point(day, scores))
    return Implementation(case.case, now.source, now.as_of, now.rows, now.unread, tuple(path))


def counted(known: Mapping[str, Item], read: Iterable[Key]) -> set[Key]:
    """The commitments that count: measures, and provisions of which the party has no measure among those read."""
    read = set(read)
    return {
        (name, party)
        for name, party in read
        if known[name].kind == "measure" or not any((m, party) in read for m in known[name].measures)
    }


def _of_parties(case: Case, known: Mapping[str, Item], held: Scores) -> Iterable[Score]:
    counts = counted(known, held)
    for party in (None, *case.parties):
        score = _mean(None, party, [held[key] for key in held if key in counts and party in (None, key[1])])
        if score is not None:
            yield score


def _of_provision(item: Item, party: str, held: Scores) -> Score | None:
    own = held.get((item.id, party))
    return _mean(item.id, party, [held[m, party] for m in item.measures if (m, party) in held] if own is None else [own])


def _mean(provision: str | None, party: str | None, found: Sequence[tuple[Fraction, Fraction]]) -> Score | None:
    if not found:
        return None
    low, high = (sum(column, Fraction(0)) / len(found) for column in zip(*found, strict=True))
    return Score(provision, party, low, high, len(found))
