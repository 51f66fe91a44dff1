"""Who moved last: the steps of two sides towards each other, and which of them drew no answer.

A *step* of a side is a day on which it did something material and cooperative towards the other (quad class 2) of an
intensity of at least `at_least`. Several such events of one day are one step; the strongest gives it its title. Words,
however warm, are not steps, and neither are signatures.

    together    the other side took a step on the same day; neither came first, and nothing is owed
    answer      the first step of the other side on a later day, `within` so many days if that is given. One step can answer
                several; a step says nothing of why it was taken
    answered    there is one
    unanswered  there is none, and the days within which it would have counted are over
    open        there is none yet, and there is time left; without `within`: there is none yet
    meanwhile   hostile deeds of the other side (quad class 4) from the day of the step on until the day before its answer, or
                until the end of the record
    last mover  whose step is the latest; both, where two are of the same day

`as_of` is the day up to which the record reaches: later events do not count. What is not on record is not seen; a record that
follows one side more closely finds more steps of it.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from detente.base.database import Database
from detente.base.plain import told
from detente.errors import RecordError
from detente.record.relation.acts import BETWEEN, between
from detente.record.workspace import Workspace

__all__ = ["STATES", "Day", "Ledger", "Move", "active_days", "ledger", "unanswered"]

STATES = ("together", "answered", "unanswered", "open")


@dataclass(frozen=True)
class Day:
    """What a side did on a day: events that make a step, the strongest of them, and hostile deeds."""

    date: datetime.date
    side: str
    steps: int
    intensity: float
    title: str | None
    publisher: str | None
    hostile: int


@dataclass(frozen=True)
class Move:
    """A step. `days`: until the answer; `waiting`: days without one up to the end of the record, None where it was answered."""

    date: datetime.date
    side: str
    title: str | None
    events: int
    intensity: float
    state: str
    answer: datetime.date | None
    answered_by: str | None
    days: int | None
    waiting: int | None
    meanwhile: int
    publisher: str | None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        side : whose it is
        events : how many events make it up
        intensity : of the strongest
        state : `together`, `answered`, `unanswered` or `open`
        answer : the step that followed, `date` and `title`, or `null`
        days : days until the answer
        waiting : days without one
        meanwhile : hostile deeds of the other side until then
        """
        answer = None if self.answer is None else told(self, "date=answer title=answered_by")
        step = told(self, "date side title events intensity state")
        return {**step, "answer": answer, **told(self, "days waiting meanwhile publisher")}


@dataclass(frozen=True)
class Ledger:
    """The steps of two sides, the earliest first, and what was asked for."""

    a: str
    b: str
    as_of: datetime.date
    at_least: float
    within: int | None
    moves: tuple[Move, ...]

    @property
    def last_mover(self) -> tuple[str, ...]:
        """Whose step is the latest; both: of the same day."""
        latest = max((m.date for m in self.moves), default=None)
        return tuple(sorted({m.side for m in self.moves if m.date == latest}, key=(self.a, self.b).index))

    def of(self, side: str) -> tuple[Move, ...]:
        return tuple(m for m in self.moves if m.side == side)

    @property
    def without_answer(self) -> tuple[Move, ...]:
        """Those that were unanswered or are open."""
        return tuple(m for m in self.moves if m.state in ("unanswered", "open"))

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        at_least : the intensity from which a friendly deed is a step
        within : days within which an answer counts; `null`: any
        sides.ID.steps : by country, how many steps
        sides.ID.together : of these, taken on the same day as the other side's
        sides.ID.answered : with an answer
        sides.ID.unanswered : without one when the time was over
        sides.ID.open : without one so far
        """
        sides = {}
        for side in (self.a, self.b):
            states = [m.state for m in self.of(side)]
            sides[side] = {"steps": len(states), **{s: states.count(s) for s in STATES}}
        return {**told(self, "a b as_of at_least within last_mover"), "sides": sides, **told(self, "steps=moves")}


def unanswered(
    workspace: Workspace,
    a: str,
    b: str,
    *,
    within: int | None = None,
    at_least: float = 0.0,
    as_of: datetime.date | None = None,
    formats: Sequence[str] = (),
) -> Ledger:
    """The ledger of two countries.

    Parameters
    ----------
    a, b : ISO 3166-1 alpha-3, or names.
    within : days within which a step of the other side counts as an answer; None: however late.
    at_least : intensity from which an event is a step, on the scale of the record.
    as_of : the day up to which the record reaches; None: its last event, between whomever.
    formats : only events of these; empty: of all.

    Raises
    ------
    RecordError
        If the record has no events between the two, or what is asked means nothing.
    """
    if within is not None and within < 0:
        raise RecordError(f"within: got {within}, wanted 0 or more days")
    with between(workspace, a, b, formats) as (connection, a, b):
        if as_of is None:
            found = connection.execute("select max(date) from events").fetchone()
            as_of = found[0] if found else None
        assert as_of is not None  # there are events between the two
        days = active_days(connection, a, b, at_least)
    return ledger(days, a, b, as_of=as_of, within=within, at_least=at_least)


def active_days(connection: Database, a: str, b: str, at_least: float) -> tuple[Day, ...]:
    """The days on which one of two countries did something material towards the other, the earliest first."""
    step = "quad = 2 and intensity >= $least"
    rows = connection.execute(
        f"select date, source_country, count(*) filter ({step}), coalesce(max(intensity) filter ({step}), 0),"
        f" arg_max({{'t': title, 'p': publisher}}, intensity) filter ({step}), count(*) filter (quad = 4) from events"
        f" where {BETWEEN} and (quad = 4 or ({step})) group by all order by 1, 2",
        {"a": a, "b": b, "least": at_least},
    ).fetchall()
    return tuple(Day(d, side, n, x, (s or {}).get("t"), (s or {}).get("p"), h) for d, side, n, x, s, h in rows)


def ledger(
    days: Sequence[Day], a: str, b: str, *, as_of: datetime.date, within: int | None = None, at_least: float = 0.0
) -> Ledger:
    """The same from days at hand."""
    known = [d for d in days if d.date <= as_of]
    steps = {(d.date, d.side): d for d in known if d.steps}
    of = {side: sorted(day for day, s in steps if s == side) for side in (a, b)}
    hostile = {side: [(d.date, d.hostile) for d in known if d.side == side and d.hostile] for side in (a, b)}
    moves = []
    for (day, side), taken in sorted(steps.items()):
        other = b if side == a else a
        together = (day, other) in steps
        later = bisect_right(of[other], day)
        answer = of[other][later] if later < len(of[other]) and not together else None
        if answer is not None and within is not None and (answer - day).days > within:
            answer = None
        waits = answer is None and not together
        over = within is not None and (as_of - day).days > within
        moves.append(
            Move(
                date=day,
                side=side,
                title=taken.title,
                events=taken.steps,
                intensity=round(float(taken.intensity), 4),
                state="together" if together else "answered" if not waits else "unanswered" if over else "open",
                answer=answer,
                answered_by=None if answer is None else steps[answer, other].title,
                days=None if answer is None else (answer - day).days,
                waiting=(as_of - day).days if waits else None,
                meanwhile=0 if together else sum(n for d, n in hostile[other] if day <= d < (answer or datetime.date.max)),
                publisher=taken.publisher,
            )
        )
    return Ledger(a, b, as_of, at_least, within, tuple(moves))
