"""What has happened between the parties of a case: `account(case)`, all that a record tells about it, in one place.

    acts         events that somebody has worded (a title); events from coded feeds count in the sums and are not listed
    relations    for each two parties with events between them: sums by month, who moved last, contacts, shifts
    indicators   counts by month and the like
    fulfilments  what was promised, by whom, until when, and how far it is done
    paths        how far one party's trust in another has come, and by what

The parties of the case and the countries of the events meet in the key `code` of a party.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from detente.base.database import Database
from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.case.case import Case
from detente.case.profile import Judgements
from detente.errors import RecordError
from detente.record.codes.actors import Actors, actors_of
from detente.record.commitments.ledger import commitments
from detente.record.library import bundled_record, records
from detente.record.profile import record_profile
from detente.record.relation.acts import Act, Counts, counts, worded
from detente.record.relation.changes import LEAST, Changes, changes_in
from detente.record.relation.contacts import Contacts, contacts_within
from detente.record.relation.ledger import Ledger, active_days, ledger
from detente.record.trust.telling import changes_in_words
from detente.record.trust.trust import SOURCE, TrustRecord, trust
from detente.record.workspace import Workspace

__all__ = ["Account", "Fulfilment", "Indicator", "Relation", "TrustPath", "TrustPoint", "account", "monthly_series"]


@dataclass(frozen=True)
class Relation:
    """Two parties of the case, by id. `there`: what a did towards b by month, `back`: what b did towards a."""

    a: str
    b: str
    there: Counts
    back: Counts
    ledger: Ledger
    contacts: Contacts
    changes: Changes | None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        ledger : any later answer counting
        changes : as `detente record changes --what weight` prints it; `null` where there are too few months
        series[].cooperation_ID, series[].conflict_ID : by party, its weight towards the other
        """
        series = [
            {
                "period": f"{month:%Y-%m}",
                **{
                    f"{name}_{way}": round(values[n], 4)
                    for way, held in ((self.a, self.there), (self.b, self.back))
                    for name, values in (("cooperation", held.cooperation), ("conflict", held.conflict))
                },
            }
            for n, month in enumerate(self.there.periods)
        ]
        return {"a": self.a, "b": self.b, "series": series, **told(self, "ledger contacts changes")}


@dataclass(frozen=True)
class Indicator:
    """A value of an indicator; `value` None where the source gives none."""

    date: datetime.date
    indicator: str
    value: float | None
    unit: str | None
    period: str | None
    party: str | None
    evidence: str | None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        date : the first day of a count's period
        indicator : what is counted
        unit : of what
        period : `day`, `month`, `quarter`, `year` or `null`
        """
        return told(self)


@dataclass(frozen=True)
class Fulfilment:
    """How far a commitment is done: `low` to `high` between 0 and 1. `readings`: who reads it how, and on which evidence."""

    title: str
    party: str
    due: datetime.date | None
    state: str
    low: float
    high: float
    overdue: bool
    late: bool
    readings: tuple[tuple[str, str, str], ...]

    @property
    def score(self) -> tuple[float, float]:
        return self.low, self.high

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        state : as `detente record commitments` has it
        score : from the lowest to the highest reading
        late : whether it was carried out late by some reading
        readings : each with `reader`, `state` and `evidence`
        """
        readings = [dict(zip(("reader", "state", "evidence"), r, strict=True)) for r in self.readings]
        return {**told(self, "title party due state score overdue late"), "readings": readings}


@dataclass(frozen=True)
class TrustPoint:
    """Trust from a day on, as a probability with its interval; `evidence`: what moved it there."""

    date: datetime.date
    low: float
    likely: float
    high: float
    evidence: str

    def to_dict(self) -> dict[str, object]:
        """As JSON has it."""
        return told(self)


@dataclass(frozen=True)
class TrustPath:
    """How far the trust of one party in another, by id, has come."""

    party: str
    towards: str
    points: tuple[TrustPoint, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        towards : in whom
        """
        return told(self)


@dataclass(frozen=True)
class Account(Frozen):
    """What a record tells about a case.

    source : the folder of the record, or "bundled". until : the day up to which it is told. codes : the party of each code.
    events : how many up to that day, worded or not. later : how many are of later days, and left out.
    profile : title of the profile of the paths of trust; empty without any. judged : how it is told.
    """

    case: str
    source: str
    until: datetime.date
    codes: Mapping[str, str]
    events: int
    acts: tuple[Act, ...]
    judged: Judgements
    relations: tuple[Relation, ...]
    indicators: tuple[Indicator, ...]
    fulfilments: tuple[Fulfilment, ...] = ()
    paths: tuple[TrustPath, ...] = ()
    profile: str = ""
    later: int = 0

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        commitments : what was promised
        trust : paths of trust
        """
        names = "acts relations indicators commitments=fulfilments trust=paths profile method=judged"
        return told(self, f"case source until events later {names}")


def account(
    case: Case,
    workspace: str | Path | None = None,
    *,
    profile: str | Path | Mapping[str, Any] | Judgements = "plain",
    actors: Actors | None = None,
    as_of: datetime.date | None = None,
    earned: TrustRecord | None = None,
) -> Account:
    """What a record tells about a case, up to a day.

    workspace : the folder of the record; None: the bundled record of the case. profile : how it is told, by name, by path or as
    it is. actors : who the actors of its events are, before the names that the case gives its parties. as_of : the
    day; None: the date of the case. What is of later days does not count, and how many events that are is told. earned : the
    trust from that record, where the case starts from it: worked out again, from trust that it has moved already, the record
    would count twice. None: by the plain profile; of a case that starts from a record nothing is told of trust.

    Raises
    ------
    RecordError
        If there is no such record or profile, or fewer than two parties of the case have a `code`.
    """
    judged = record_profile(profile)
    who = (actors or Actors()).then(actors_of(case))
    if workspace is not None:
        return _account(case, Workspace.open(workspace).read_with(who), str(workspace), judged, as_of or case.as_of, earned)
    if case.case not in records():
        message = f"{case.case}: no record of it is bundled (name the folder of one with --workspace)"
        raise RecordError(message, source=case.case)
    with bundled_record(case.case) as held:
        return _account(case, held.read_with(who), "bundled", judged, as_of or case.as_of, earned)


def _account(
    case: Case, workspace: Workspace, source: str, judged: Judgements, until: datetime.date, earned: TrustRecord | None
) -> Account:
    codes = {spec.code: party for party, spec in case.parties.items() if spec.code is not None}
    if len(codes) < 2:
        message = f"{case.case}: {len(codes)} of its parties have a `code`, wanted two or more"
        raise RecordError(f"{message} (give it where the party stands: `code: KOR`)", source=case.case)
    with workspace.connect() as connection:
        later = _up_to(connection, until)
        listed = worded(connection)
        sums = connection.execute("select count(*) from events").fetchone()
        ways = connection.execute(
            "select distinct source_country, target_country from events where source_country <> target_country"
        ).fetchall()
        values = connection.execute(
            "select date, indicator, value, unit, period, party, evidence from indicators order by indicator, date, value"
        ).fetchall()
        events = sums[0] if sums else 0
        met = {frozenset(way) for way in ways}
        pairs = [(a, b) for a, b in combinations(codes, 2) if frozenset((a, b)) in met]
        relations = tuple(_relation(connection, codes, a, b, until, judged["shift"]) for a, b in pairs)
    kept = _fulfilments(case, workspace, until)
    began = min((act.date for act in listed), default=until)
    if kept and earned is None and SOURCE not in case.sources:
        earned = trust(case, workspace.path, as_of=until)
    paths, profile = _paths(earned, began) if kept and earned is not None else ((), "")
    return Account(
        case=case.case,
        source=source,
        until=until,
        codes=codes,
        events=events,
        acts=listed,
        judged=judged,
        relations=relations,
        indicators=tuple(Indicator(*row) for row in values),
        fulfilments=kept,
        paths=paths,
        profile=profile,
        later=later,
    )


def _up_to(connection: Database, until: datetime.date) -> int:
    """Leave out of the views what is of later days; how many events that are."""
    found = connection.execute("select count(*) from events where date > ?", [until]).fetchone()
    for name in ("events", "events_sourced", "indicators"):
        connection.execute(f"alter view {name} rename to {name}_of_all_days")
        day = connection.let(until, "date")
        connection.execute(f"create view {name} as select * from {name}_of_all_days where date is null or date <= {day}")
    return int(found[0]) if found else 0


def _fulfilments(case: Case, workspace: Workspace, until: datetime.date) -> tuple[Fulfilment, ...]:
    if not any(part.about.get("case") == case.case for part in workspace.parts("commitments")):
        return ()  # events alone are a record, too
    return tuple(
        Fulfilment(
            title=c.item.title,
            party=c.standing.party,
            due=c.standing.due,
            state=c.standing.state,
            low=float(c.standing.low),
            high=float(c.standing.high),
            overdue=c.overdue,
            late=c.standing.late,
            readings=tuple((r.reader, r.state, r.entry.evidence) for r in c.standing.readings),
        )
        for c in commitments(case, workspace.path, as_of=until).rows
    )


def _paths(found: TrustRecord, began: datetime.date) -> tuple[tuple[TrustPath, ...], str]:
    """For the pairs in which it has changed; before the first change it is that of the case."""
    titles = {e.item: e.title for path in found.paths for e in path.evidence}
    out = []
    for path in found.paths:
        if path.path:
            start = min(began, path.path[0].date - datetime.timedelta(days=30))
            first = TrustPoint(start, *path.prior, "")
            later = (TrustPoint(p.date, *p.trust, changes_in_words(p.changes, titles)) for p in path.path)
            out.append(TrustPath(path.party, path.toward, (first, *later)))
    return tuple(out), found.profile.title


def _relation(connection: Database, codes: Mapping[str, str], a: str, b: str, until: datetime.date, alpha: float) -> Relation:
    there, back = counts(connection, a, b, "month")
    enough = len(there.periods) >= LEAST
    return Relation(
        codes[a],
        codes[b],
        there,
        back,
        ledger(active_days(connection, a, b, 0.0), a, b, as_of=until),
        contacts_within(connection, a, b),
        changes_in(there, back, a, b, by="month", what="weight", alpha=alpha, seed=0) if enough else None,
    )


def monthly_series(found: Account) -> dict[str, tuple[Indicator, ...]]:
    """The indicators that have values for so many months that they are a series, each with its values by date."""
    out: dict[str, list[Indicator]] = {}
    for one in found.indicators:
        if one.period == "month" and one.value is not None:
            out.setdefault(one.indicator, []).append(one)
    return {name: tuple(values) for name, values in out.items() if len(values) >= found.judged["months"]}
