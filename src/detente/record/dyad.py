"""The relation of two countries, or other parties, over time, as counts of events.

For a period P and the events e of a dyad in it (from A towards B and, unless directed, from B towards A):

    events       |{e in P}|
    cooperation  |{e in P : quad class 1 or 2}|        verbal or material cooperation
    conflict     |{e in P : quad class 3 or 4}|        verbal or material conflict
    intensity    mean of the intensity of those e in P that have one on Goldstein's scale; empty where none has

Events without a quad class count among the events only. Counts are taken because they need no scale and fit every ontology;
they grow with the coverage of the press, and sources are not comparable with each other: a series should come from one of
them. Periods without an event, between the first and the last that have one, are there with zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from detente.base.plain import told
from detente.base.wording import suggestion
from detente.errors import RecordError
from detente.record.codes.actors import folded
from detente.record.codes.countries import countries, country
from detente.record.workspace import Workspace

__all__ = ["PERIODS", "DyadPeriod", "DyadSeries", "country_code", "dyad", "party_code"]

_COUNTS = "count(*) filter (quad in (1, 2)), count(*) filter (quad in (3, 4)), avg(intensity) filter (scale = 'goldstein')"
PERIODS = ("day", "week", "month", "year")


@dataclass(frozen=True)
class DyadPeriod:
    """One period. start : its first day (weeks begin on Monday). intensity : -10 .. 10, or None."""

    period: str
    start: date
    events: int
    cooperation: int
    conflict: int
    intensity: float | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it.

        period : 2018, 2018-06 or 2018-06-12; a week by its Monday. Every one from the first to the last with an event; without
            any the list is empty (exit code 1)
        events : how many
        cooperation : of quad class 1 or 2
        conflict : of quad class 3 or 4
        intensity : the mean on Goldstein's scale; `null`: none
        """
        return told(self, "period events cooperation conflict intensity")


@dataclass(frozen=True)
class DyadSeries:
    """The periods of a dyad in order, and how many of its events come from which format. False where there are none."""

    a: str
    b: str
    by: str
    directed: bool
    series: tuple[DyadPeriod, ...]
    formats: tuple[tuple[str, int], ...]

    def __bool__(self) -> bool:
        return bool(self.series)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it.

        a : the first party, by code: of a country that of ISO 3166-1
        by : `day`, `week`, `month` or `year`
        directed : whether only what `a` does towards `b` is counted
        formats : how many of the events come from each format
        """
        return {**told(self, "a b by directed"), "formats": dict(self.formats), **told(self, "series")}


def dyad(
    workspace: Workspace,
    a: str,
    b: str,
    *,
    by: str = "month",
    directed: bool = False,
    formats: Sequence[str] = (),
    start: date | None = None,
    end: date | None = None,
    engine: str = "duckdb",
    master: str = "local[*]",
) -> DyadSeries:
    """The series of a dyad.

    Parameters
    ----------
    workspace : Workspace
    a, b : str
        Parties, by code (ISO 3166-1 alpha-3, or one of the record's own) or by name.
    by : {"day", "week", "month", "year"}
    directed : bool
        Only what A does towards B.
    formats : sequence of str
        Only events of these formats; empty: of all.
    start, end : date, optional
        Only events from this day on, and up to that day.
    engine : {"duckdb", "spark"}
        Who counts; master : where Spark runs.

    Raises
    ------
    RecordError
        If a party, a period or a format is not known, or `start` lies after `end`.
    """
    a, b = party_code(workspace, a), party_code(workspace, b)
    if by not in PERIODS:
        raise RecordError(f"--period {by}: there is no such period (known: {', '.join(PERIODS)})")
    if start and end and start > end:
        raise RecordError(f"--from {start} lies after --to {end} (change one of the two)")
    if engine != "duckdb":
        rows, shares = _elsewhere(workspace, a, b, by, directed, formats, start, end, engine, master)
        return DyadSeries(a, b, by, directed, tuple(_filled(rows, by)), shares)
    where, values = _where(a, b, directed, start, end)
    with workspace.connect(formats) as connection:
        rows = connection.execute(
            f"select date_trunc(?, date)::date, count(*), {_COUNTS} from events where {where} group by 1 order by 1",
            [by, *values],
        ).fetchall()
        used = sorted({part.about.get("format", "") for part in workspace.parts("events") if part.about["rows"]})
        used = [name for name in used if not formats or name in formats]
        if len(used) > 1 and rows:
            counts = connection.execute(
                f"select format, count(*) from events_sourced where {where} group by 1 order by 1", values
            )
            shares = tuple((name, count) for name, count in counts.fetchall())
        else:
            shares = tuple((name, sum(row[1] for row in rows)) for name in used if rows)
        return DyadSeries(a, b, by, directed, tuple(_filled(rows, by)), shares)


def _elsewhere(
    workspace: Workspace,
    a: str,
    b: str,
    by: str,
    directed: bool,
    formats: Sequence[str],
    start: date | None,
    end: date | None,
    engine: str,
    master: str,
) -> tuple[list[tuple[Any, ...]], tuple[tuple[str, int], ...]]:
    """The same counts by another engine."""
    from detente.record.engines.backend import backend, wanted

    wanted("dyad", engine)
    if workspace.actors:
        raise RecordError(f"--engine {engine}: reads no events with --actors or --case (ask without --engine)")
    with backend(engine, master) as opened:
        from detente.record.engines import queries

        table = queries.events(opened, workspace.events(formats))
        series = queries.dyad(table, a, b, by=by, directed=directed, start=start, end=end)
        shares = queries.formats(table, a, b, directed=directed, start=start, end=end)
        rows = opened.to_pyarrow(series).to_pylist()
        counts = opened.to_pyarrow(shares).to_pylist()
    names = ("start", "events", "cooperation", "conflict", "intensity")
    return [tuple(row[name] for name in names) for row in rows], tuple((row["format"], row["events"]) for row in counts)


def country_code(text: str) -> str:
    """The alpha-3 code for what a user has typed.

    Raises
    ------
    RecordError
        If it is neither a code nor a name that is known.
    """
    code = country(text)
    if code:
        return code
    raise _nobody(text, "the code or the name of a country", [])


def party_code(workspace: Workspace, text: str) -> str:
    """The code of a party for what a user has typed: by the actors that the record is read with, as a country, as a code of the
    events on record, or as the name of an actor there that has one code only; in this order.

    Raises
    ------
    RecordError
        If it is none of these, or the name of an actor with several codes.
    """
    spans = workspace.actors.spans(text)
    code = spans[-1].code if spans and (spans[-1].stated or not country(text)) else country(text)
    if code:
        return code
    with workspace.connect() as connection:
        both = "select source as n, source_country as c from events union select target, target_country from events"
        rows = connection.execute(f"select distinct n, c from ({both}) where n is not null and c is not null").fetchall()
    codes = sorted({code for _, code in rows})
    if text.upper() in codes:
        return text.upper()
    meant = sorted({code for name, code in rows if folded(name) == folded(text)})
    if len(meant) > 1:
        raise RecordError(f"{text}: stands for {', '.join(meant)} in this record (ask for one of these codes)")
    if not meant:
        raise _nobody(text, "the code or the name of a country, nor of another party of this record", codes)
    return str(meant[0])


def _nobody(text: str, wanted: str, codes: Sequence[str]) -> RecordError:
    known = [key for key in countries() if len(key) == 3 and key.isupper()]
    close = suggestion(text.upper(), [*codes, *known])
    hint = close or "write the ISO 3166-1 code, such as KOR, the country's name, or a code that --actors or --case gives"
    return RecordError(f"{text}: is not {wanted} ({hint})")


def _where(a: str, b: str, directed: bool, start: date | None, end: date | None) -> tuple[str, list[object]]:
    where, values = "(source_country = ? and target_country = ?)", [a, b]
    if not directed and a != b:
        where, values = f"({where} or {where})", [a, b, b, a]
    found: list[object] = list(values)
    for bound, sign in ((start, ">="), (end, "<=")):
        if bound:
            where += f" and date {sign} ?"
            found.append(bound)
    return where, found


def _filled(rows: Sequence[tuple[Any, ...]], by: str) -> Iterator[DyadPeriod]:
    due: date | None = None
    for start, events, cooperation, conflict, intensity in rows:
        while due and due < start:
            yield DyadPeriod(_name(due, by), due, 0, 0, 0, None)
            due = _next(due, by)
        yield DyadPeriod(_name(start, by), start, events, cooperation, conflict, intensity)
        due = _next(start, by)


def _next(start: date, by: str) -> date:
    if by in ("day", "week"):
        return start + timedelta(days=1 if by == "day" else 7)
    if by == "year" or start.month == 12:
        return date(start.year + 1, 1, 1)
    return date(start.year, start.month + 1, 1)


def _name(start: date, by: str) -> str:
    """2018, 2018-06 or 2018-06-12; a week by its Monday."""
    return start.isoformat()[: {"year": 4, "month": 7}.get(by, 10)]
