"""Trust from the record: `trust(case)`, for each pair of parties what the record makes of the trust that the case states.

The mathematics is in `record.trust.bayes`. The path has a point for every day on which something changes: a reading, or the day
after which a commitment is overdue. With a profile that fades, the last point is the day itself; where silence counts, there is
one at half time, at the date, at each bend of the curve and on the day itself.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from detente.base.plain import told
from detente.case.case import Case
from detente.errors import RecordError
from detente.record.commitments.commit import history
from detente.record.commitments.entry import Entry, Key
from detente.record.commitments.items import Item, items
from detente.record.commitments.standing import Reading, Standing, by_commitment, standing
from detente.record.trust.bayes import Weight, prior, silent_by, weights
from detente.record.trust.calibration import Calibration, calibration
from detente.record.trust.profile import TrustProfile, read_profile
from detente.record.trust.silence import Triple

__all__ = ["SOURCE", "Change", "Evidence", "LeftOut", "Point", "Quiet", "TrustPath", "TrustRecord", "trust", "trust_from"]

SOURCE = "trust-record"
"""The source by which a case says that its trust is from its record (module `start`)."""


@dataclass(frozen=True)
class Quiet:
    """What time has to do with a piece of evidence: curve, share of the time gone, chance of delivery by then if sincere."""

    curve: str
    gone: float
    delivered: Triple

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        curve : the class whose curve judges it
        gone : the share of the time allowed that has gone
        delivered : the chance that a sincere party had delivered by then: low, likely, high
        """
        return told(self)


@dataclass(frozen=True)
class Evidence:
    """A commitment of the trusted party, and what it says.

    kind : "kept", "late", "part" (not due), "silent" (nothing done, not due), "overdue", "reversed" or "disputed".
    ratio : by how much it multiplies the odds, [low, likely, high]. by : where the ratio of keeping it is from: "signal",
    "profile", "item" or "planner".
    without : the likely trust if this piece were not on record.
    silent : where a curve judges its silence.
    """

    item: str
    title: str
    kind: str
    state: str
    since: datetime.date
    due: datetime.date | None
    ratio: Triple
    by: str
    without: float
    readings: tuple[Reading, ...]
    silent: Quiet | None = None

    @property
    def log_odds(self) -> float:
        """Its likely contribution: above 0 it speaks for the party."""
        return math.log(self.ratio[1])

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        item : which item
        state : its state
        since : since when
        """
        quiet = {} if self.silent is None else {"silent": self.silent.to_dict()}
        return {**told(self, "item title kind state since due ratio log_odds by without readings"), **quiet}


@dataclass(frozen=True)
class Change:
    """What changed on a day: the item, what it said before and says since ("" for nothing), and by how much in log odds."""

    item: str
    before: str
    after: str
    log_odds: float

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        item : what changed: which item
        before : what it said before; empty: nothing
        after : what it says since
        log_odds : the likely difference
        """
        return told(self)


@dataclass(frozen=True)
class Point:
    """Trust from a day on, [low, likely, high], and what changed on it."""

    date: datetime.date
    trust: Triple
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        trust : trust from that day on: low, likely, high
        """
        return told(self)


@dataclass(frozen=True)
class TrustPath:
    """What one party makes of another's record. prior, posterior : probabilities [low, likely, high].

    evidence : what moved it most comes first. path : after each piece of evidence, the earliest first.
    """

    party: str
    toward: str
    prior: Triple
    posterior: Triple
    evidence: tuple[Evidence, ...]
    path: tuple[Point, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        prior : before the record: low, likely, high
        posterior : with it
        """
        return told(self)


@dataclass(frozen=True)
class LeftOut:
    """A commitment on record that does not count, and why."""

    item: str
    party: str
    reason: str

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        item : on record and not counted
        reason : why
        """
        return told(self)


@dataclass(frozen=True)
class TrustRecord:
    """Trust from the record, for every ordered pair of which the second can act.

    source : the folder of the record, or "bundled". profile : how much evidence says.
    entries : how many entries it rests on. later : entries for later days, which do not count.
    calibration : the curves of the profile held against what was done.
    """

    case: str
    source: str
    as_of: datetime.date
    profile: TrustProfile
    entries: int
    later: int
    paths: tuple[TrustPath, ...]
    left_out: tuple[LeftOut, ...]
    calibration: Calibration | None = None

    def of(self, party: str, toward: str) -> TrustPath:
        """The path of one pair.

        Raises
        ------
        KeyError
            If there is none.
        """
        for path in self.paths:
            if (path.party, path.toward) == (party, toward):
                return path
        raise KeyError((party, toward))

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        interval : `exact`: the ends are reached; `outer`, with curves of delivery: they may not be
        """
        head = told(self, "case source as_of profile=profile.name")
        interval = "exact" if self.calibration is None else "outer"
        more = {} if self.calibration is None else {"calibration": self.calibration.to_dict()}
        return {**head, "interval": interval, **told(self, "entries later pairs=paths left_out"), **more}


def trust(
    case: Case,
    workspace: str | Path | None = None,
    *,
    as_of: datetime.date | None = None,
    profile: str | Path | TrustProfile = "plain",
) -> TrustRecord:
    """Trust from the record of a case.

    Parameters
    ----------
    workspace : the folder of the record; None: the default folder, else the bundled record of the case.
    as_of : the day; None: the date of the case. Entries for later days do not count.
    profile : how much evidence says: the name of a bundled profile, a file, or one that was read before.

    Raises
    ------
    RecordError
        If there is no record, no entry for a day up to `as_of`, or no such profile; or if the trust of the case is from its
        record already, so that each step would count twice.
    """
    if SOURCE in case.sources:
        raise RecordError(
            f"trust: got a case whose trust is from a record already, as its source `{SOURCE}` says, so that each step would "
            "count twice (use it as it is, or give the case with the trust that was stated)"
        )
    kept = history(case, workspace)
    day = as_of or case.as_of
    if not any(e.as_of <= day for e in kept.entries):
        hint = f"the earliest is for {min(e.as_of for e in kept.entries)}"
        where = "the bundled record" if kept.source == "bundled" else kept.source
        raise RecordError(f"{case.case}: no entry in {where} is for a day up to {day} ({hint})", source=kept.source)
    used = profile if isinstance(profile, TrustProfile) else read_profile(profile, case)
    return trust_from(case, kept.entries, used, day, source=kept.source)


def trust_from(
    case: Case, entries: Sequence[Entry], profile: TrustProfile, as_of: datetime.date, *, source: str = ""
) -> TrustRecord:
    """Trust from given entries (see `trust`)."""
    known = items(case)
    counting = [e for e in entries if e.as_of <= as_of]
    grouped = by_commitment(counting)
    days, held = _days(grouped, profile, as_of)
    marks = _marks(case, known, grouped, profile, as_of) if profile.delivery is not None else {}
    days = sorted({*days, *(day for found in marks.values() for day in found)})
    course: list[tuple[datetime.date, dict[Key, Weight]]] = []
    now: dict[Key, Standing] = {}
    said: dict[Key, Weight] = {}
    left: dict[Key, str] = {}
    for day in days:
        now |= held.get(day, {})
        said, left = weights(case, known, now, profile, day, said)
        course.append((day, said))
    order = {name: n for n, name in enumerate(known)}
    acting = case.instance.acting
    return TrustRecord(
        case=case.case,
        source=source,
        as_of=as_of,
        profile=profile,
        entries=len(counting),
        later=len(entries) - len(counting),
        paths=tuple(
            _path(i, j, prior(case, profile, i, j), course, known, profile, marks.get(j, set()))
            for i in case.parties
            for j in acting
            if i != j
        ),
        left_out=tuple(LeftOut(*key, left[key]) for key in sorted(left, key=lambda k: (order[k[0]], k[1]))),
        calibration=calibration(case, known, grouped, profile, as_of),
    )


def _marks(
    case: Case, known: Mapping[str, Item], grouped: Mapping[Key, tuple[Entry, ...]], profile: TrustProfile, as_of: datetime.date
) -> Mapping[str, set[datetime.date]]:
    """By the party that owes, the days on which the course of its silence is worth a point."""
    days: dict[str, set[datetime.date]] = {}
    for key, entries in grouped.items():
        s = standing(entries, as_of)
        silent = silent_by(case, known[key[0]], s, profile) if s is not None else None
        if silent is not None and profile.delivery is not None:
            found = {as_of, *(day for day in profile.delivery.days(silent.time) if entries[0].as_of <= day < as_of)}
            days.setdefault(key[1], set()).update(found)
    return days


def _days(
    grouped: Mapping[Key, tuple[Entry, ...]], profile: TrustProfile, as_of: datetime.date
) -> tuple[list[datetime.date], dict[datetime.date, dict[Key, Standing]]]:
    """The days on which something changes, and on each what stands anew."""
    held: dict[datetime.date, dict[Key, Standing]] = {}
    for key, entries in grouped.items():
        read = {e.as_of for e in entries}
        overdue = {e.due + datetime.timedelta(days=1) for e in entries if e.due is not None and e.due < as_of}
        for day in sorted(read | overdue):
            found = standing(entries, day)
            if found is not None:
                held.setdefault(day, {})[key] = found
    days = set(held)
    if profile.half_life is not None and days:
        days.add(as_of)
    return sorted(days), held


def _path(
    party: str,
    toward: str,
    start: Triple,
    course: Sequence[tuple[datetime.date, Mapping[Key, Weight]]],
    known: Mapping[str, Item],
    profile: TrustProfile,
    marks: Set[datetime.date],
) -> TrustPath:
    points: list[Point] = []
    before: dict[Key, Weight] = {}
    at = start
    for day, said in course:
        theirs = {key: w for key, w in said.items() if key[1] == toward}
        changes = tuple(
            Change(key[0], _kind(before.get(key)), _kind(theirs.get(key)), _likely(theirs.get(key)) - _likely(before.get(key)))
            for key in dict.fromkeys((*before, *theirs))
            if _stand(before.get(key)) != _stand(theirs.get(key))
        )
        at_mark = day == course[-1][0] or day in marks
        faded = at_mark and [w.logs for w in theirs.values()] != [w.logs for w in before.values()]
        if changes or faded:
            sums = [math.fsum((x, *(w.logs[n] for w in theirs.values()))) for n, x in enumerate(start)]
            at = sums[0], sums[1], sums[2]
            points.append(Point(day, _probability(at), changes))
        before = theirs
    evidence = [_evidence(w, at[1], known[key[0]], profile, course[-1][0]) for key, w in before.items()]
    evidence.sort(key=lambda e: -abs(e.log_odds))
    return TrustPath(party, toward, _probability(start), _probability(at), tuple(evidence), tuple(points))


def _evidence(w: Weight, total: float, item: Item, profile: TrustProfile, day: datetime.date) -> Evidence:
    low, likely, high = (math.exp(x) for x in w.logs)
    s = w.standing
    since = max(r.since for r in s.readings)
    quiet = None
    if w.silent is not None and profile.delivery is not None:
        gone = w.silent.time.share(day)
        quiet = Quiet(w.silent.curve, gone, profile.delivery.delivered(w.silent.curve, w.silent.time, gone))
    return Evidence(
        item=s.item,
        title=item.title,
        kind=w.kind,
        state=s.state,
        since=since,
        due=s.due,
        ratio=(low, likely, high),
        by=w.by,
        without=_chance(total - w.logs[1]),
        readings=s.readings,
        silent=quiet,
    )


def _kind(w: Weight | None) -> str:
    return "" if w is None else w.kind


def _likely(w: Weight | None) -> float:
    return 0.0 if w is None else w.logs[1]


def _stand(w: Weight | None) -> tuple[object, ...]:
    """What has to differ for a change: that evidence fades a little every day is none."""
    return () if w is None else (w.kind, w.standing.low, w.standing.high)


def _probability(log_odds: Triple) -> Triple:
    low, likely, high = map(_chance, log_odds)
    return low, likely, high


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds >= 0 else math.exp(log_odds) / (1 + math.exp(log_odds))
