"""What has happened: what each side did, what it drew, how the months went, what was promised, and how far trust has come."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.acts import Due, Lane, Mark, acts_chart
from detente.brief.charts.months import Counted, Strip, months_chart
from detente.brief.charts.path import Course, Reached, path_chart
from detente.brief.charts.svg import tag
from detente.brief.naming import Naming
from detente.brief.parts.steps_taken import Step, steps_taken
from detente.brief.words import MINUS, count, full_date, joined, number, percent, quoted, sentence
from detente.record.account import ALPHA, Account, Fulfilment, Indicator, Relation, by_indicator
from detente.record.relation.acts import Act

__all__ = ["Happened", "happened"]

WIDE, MEDIUM, NARROW = 1040.0, 680.0, 354.0
_MOST_COUNTS = 24
_TYPES = {
    1: "cooperative word",
    2: "cooperative deed",
    3: "hostile word",
    4: "hostile deed",
}
_STATES = {
    "none": "not done",
    "minimal": "begun",
    "intermediate": "done in large part",
    "full": "done",
    "reversed": "taken back",
    "disputed": "disputed",
}
Pictures = dict[str, Markup]


@dataclass(frozen=True)
class Told:
    """An act as a line of the list. `who`: places of those who acted; `others`: those who are no party."""

    date: str
    who: tuple[int, ...]
    others: str
    title: str
    rated: str
    source: str
    url: str | None


@dataclass(frozen=True)
class Promise:
    """A commitment as a line of the table."""

    title: str
    place: int
    due: str
    state: str
    late: str
    bar: Markup
    readings: tuple[str, ...]


@dataclass(frozen=True)
class Happened:
    """The section. `acts`, `months`, `trust`: pictures by width, None where there is nothing to draw."""

    lead: tuple[str, ...]
    acts: Pictures | None
    numbered: tuple[Step, ...]
    unshown: str
    months: Pictures | None
    shifts: str
    promises: tuple[Promise, ...]
    trust: Pictures | None
    moved: tuple[tuple[int, str], ...]
    counts: tuple[tuple[str, str, str], ...]
    told: tuple[Told, ...]
    source: str


def happened(context: Naming, account: Account | None) -> Happened | None:
    """The section; None without a record, or where the record tells nothing."""
    if account is None or not (account.acts or account.relations or account.fulfilments):
        return None
    steps, unshown = steps_taken(context, account)
    paths, moved = _paths(context, account)
    return Happened(
        lead=tuple(_lead(context, account)),
        acts=_acts(context, account, steps),
        numbered=steps,
        unshown=unshown,
        months=_months(context, account),
        shifts=_shifts(context, account),
        promises=tuple(_promise(context, f) for f in account.fulfilments),
        trust=paths,
        moved=moved,
        counts=tuple(_counts(account.indicators)),
        told=tuple(_told(context, account)),
        source="the record that comes with the case" if account.source == "bundled" else f"the record in {account.source}",
    )


# in a sentence


def _lead(context: Naming, account: Account) -> Iterator[str]:
    said = {(a.date, a.title) for a in account.acts}
    if said:
        first, last = min(said)[0], max(said)[0]
        yield f"From {full_date(first)} to {full_date(last)} the record tells {count(len(said), 'act')}."
    elif account.events:
        yield f"The record holds {count(account.events, 'event')}."
    for relation in account.relations:
        yield _relation(context, relation)
    if account.fulfilments:
        yield _kept(account.fulfilments)
    for path in account.paths:
        first_point, last_point = path.points[0], path.points[-1]
        yield (
            f"The trust of {context.party(path.party)} in {context.party(path.towards)} has gone from "
            f"{percent(first_point.likely)} to {percent(last_point.likely)}, "
            f"between {percent(last_point.low)} and {percent(last_point.high)}."
        )


def _relation(context: Naming, relation: Relation) -> str:
    ledger = relation.ledger
    codes = {ledger.a: relation.a, ledger.b: relation.b}
    name = {code: context.party(party) for code, party in codes.items()}
    between = f"Between {name[ledger.a]} and {name[ledger.b]}"
    if not ledger.moves:
        return f"{between} neither side has taken a material step towards the other."
    n = {side: len(ledger.of(side)) for side in (ledger.a, ledger.b)}
    together = sum(m.state == "together" for m in ledger.moves) // 2
    said = f"{between}, {name[ledger.a]} took {count(n[ledger.a], 'material step')} and {name[ledger.b]} {n[ledger.b]}"
    said += f"; {together} times both moved together." if together > 1 else "; once both moved together." if together else "."
    days = [m.days for m in ledger.moves if m.days is not None]
    if days:
        span = count(days[0], "day") if min(days) == max(days) else f"{min(days)} to {max(days)} days"
        said += f" Of {'the others' if together else 'these'}, {len(days)} {'was' if len(days) == 1 else 'were'}"
        said += f" followed by a step of the other side, after {span}."
    for move in ledger.without_answer[-2:]:
        other = name[ledger.b if move.side == ledger.a else ledger.a]
        title = f" ({quoted(move.title)})" if move.title else ""
        said += f" The step of {name[move.side]} on {full_date(move.date)}{title} was followed by none of {other}"
        said += f" in {count(move.waiting or 0, 'day')}."
    return said


def _kept(found: Sequence[Fulfilment]) -> str:
    kept = sum(f.low == 1 and not f.late for f in found)
    late = sum(f.low == 1 and f.late for f in found)
    overdue = sum(f.overdue for f in found)
    back = sum(f.state == "reversed" for f in found)
    disputed = sum(f.state == "disputed" for f in found)
    parts = [f"{kept or 'none'} {'is' if kept == 1 else 'are'} kept in full"]
    parts += [
        f"{n} {said}"
        for n, said in ((late, "kept late"), (overdue, "overdue"), (back, "taken back"), (disputed, "disputed"))
        if n
    ]
    return f"Of {count(len(found), 'commitment')} on record, {joined(parts)}."


# pictures


def _widths(draw: Callable[[str, float], Markup], name: str) -> Pictures:
    return {k: draw(f"{name}-{k}", w) for k, w in (("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW))}


def _acts(context: Naming, account: Account, steps: Sequence[Step]) -> Pictures | None:
    if not account.acts:
        return None
    lanes = []
    for code, party in account.codes.items():
        place = context.place[party]
        marks = _marks([a for a in account.acts if a.source_country == code])
        if marks:
            lanes.append(Lane(context.names[place], place, marks))
    others = [a for a in account.acts if a.source_country not in account.codes]
    if others:
        sources = {a.source for a in others if a.source}
        lanes.append(Lane(sources.pop() if len(sources) == 1 else "Others", None, _marks(others)))
    dues = tuple(
        Due(f.due, "disputed" if f.low < f.high else "full" if f.low == 1 else "part" if f.low > 0 else "none", f.title)
        for f in account.fulfilments
        if f.due is not None
    )
    numbers = [(s.number, s.day) for s in steps]
    spoken = " ".join(f"{s.number}: {full_date(s.day)}, {s.title}." for s in steps)
    today = context.case.as_of
    return _widths(
        lambda id_, w: acts_chart(id_, lanes, numbers, dues, today, w, description=spoken or "Acts by party."), "acts"
    )


def _marks(acts: Sequence[Act]) -> tuple[Mark, ...]:
    seen = {(a.date, a.title): Mark(a.date, _weight(a), a.material, a.title or "") for a in acts}
    return tuple(seen.values())


def _weight(act: Act) -> float | None:
    """From -1 to 1: of Goldstein's scale, the intensity over 10; of another, its sign alone."""
    if act.quad is None or act.intensity is None:
        return None
    size = min(1.0, max(0.12, abs(act.intensity) / 10)) if act.scale == "goldstein" else 0.6
    return size if act.cooperative else -size


def _months(context: Naming, account: Account) -> Pictures | None:
    strips = []
    for relation in account.relations:
        found = () if relation.changes is None else relation.changes.of("difference").changes
        shifts = tuple((c.date, f"from {c.date:%B %Y}") for c in found)
        for n, (side, other, held) in enumerate(
            ((relation.a, relation.b, relation.there), (relation.b, relation.a, relation.back))
        ):
            label = f"{sentence(context.party(side))} towards {context.party(other)}"
            strips.append(
                Strip(
                    label,
                    context.place[side],
                    held.periods,
                    held.cooperation,
                    held.conflict,
                    tuple((day, said if n == 0 else "") for day, said in shifts),
                )
            )
    if not strips:
        return None
    counted = [
        Counted(sentence(values[-1].unit or name), [v.date for v in values], [v.value or 0.0 for v in values])
        for name, values in by_indicator(account.indicators, "month").items()
        if len(values) >= 6
    ]
    spoken = " ".join(f"{s.label}: cooperation {number(sum(s.up))}, conflict {number(sum(s.down))} in all." for s in strips)
    return _widths(lambda id_, w: months_chart(id_, strips, counted, account.until, w, description=spoken), "months")


def _shifts(context: Naming, account: Account) -> str:
    said = []
    for relation in account.relations:
        if relation.changes is None:
            continue
        said += [
            f"{context.party(relation.a)} and {context.party(relation.b)} from {c.date:%B %Y} on, "
            f"cooperation less conflict going from {number(c.before)} to {number(c.after)} a month on average"
            for c in relation.changes.of("difference").changes
        ]
    if not said:
        return ""
    return (
        f"The dashed lines mark where a relation was different from then on: {'; '.join(said)}. "
        f"Noise alone would draw one in {percent(ALPHA)} of relations."
    )


def _paths(context: Naming, account: Account) -> tuple[Pictures | None, tuple[tuple[int, str], ...]]:
    rows, moved, next_ = [], list[tuple[int, str]](), 1
    for path in account.paths:
        points = []
        for n, p in enumerate(path.points):
            points.append(Reached(p.date, p.low, p.likely, p.high, next_ if n else None))
            if n:
                moved.append(
                    (next_, f"{full_date(p.date)}: {p.evidence}, {percent(path.points[n - 1].likely)} to {percent(p.likely)}")
                )
                next_ += 1
        last = path.points[-1]
        label = f"{context.names[context.place[path.party]]} in {context.party(path.towards)}: "
        label += f"{percent(path.points[0].likely)} to {percent(last.likely)}"
        rows.append(Course(label, context.place[path.party], points))
    if not rows:
        return None, ()
    spoken = "; ".join(r.label for r in rows) + "."
    return _widths(lambda id_, w: path_chart(id_, rows, account.until, w, description=spoken), "earned"), tuple(moved)


# lists


def _promise(context: Naming, f: Fulfilment) -> Promise:
    late = "overdue" if f.overdue else "late" if f.late else ""
    readings = []
    for reader, state, evidence in f.readings:
        who = context.names[context.place[reader]] if reader in context.place else reader
        readings.append(f"{who}: {_STATES.get(state, state)}" + (f" ({evidence})" if evidence else ""))
    due = "" if f.due is None else full_date(f.due)
    return Promise(
        f.title, context.place[f.party], due, _STATES.get(f.state, f.state), late, _bar(f.low, f.high), tuple(readings)
    )


def _bar(low: float, high: float) -> Markup:
    """How much is done: filled up to the low reading, hatched on to the high one."""
    w, h = 72.0, 10.0
    return tag(
        "svg",
        tag("rect", x=0.5, y=0.5, width=w - 1, height=h - 1, class_="track"),
        tag("rect", x=0.5, y=0.5, width=(w - 1) * low, height=h - 1, class_="held") if low > 0 else Markup(""),
        tag("rect", x=0.5 + (w - 1) * low, y=0.5, width=(w - 1) * (high - low), height=h - 1, class_="between")
        if high > low
        else Markup(""),
        width=w, height=h, viewBox=f"0 0 {w:g} {h:g}", class_="done", aria_hidden="true",
    )  # fmt: skip


def _counts(found: Sequence[Indicator]) -> Iterator[tuple[str, str, str]]:
    """Counts that stand by themselves: when, what, and the source; series by month are drawn."""
    drawn = {name for name, values in by_indicator(found, "month").items() if len(values) >= 6}
    single = sorted((i for i in found if i.indicator not in drawn and i.value is not None), key=lambda i: (i.date, i.indicator))
    for i in single[-_MOST_COUNTS:]:
        value = f"{i.value:,.0f}" if i.value == int(i.value or 0) else number(i.value or 0)
        yield _when(i), f"{value} {i.unit or i.indicator}", i.evidence or ""


def _when(i: Indicator) -> str:
    if i.period == "year":
        return str(i.date.year)
    if i.period == "quarter":
        return f"{i.date:%B} to {datetime.date(i.date.year, i.date.month + 2, 1):%B %Y}"
    if i.period == "month":
        return f"{i.date:%B %Y}"
    return full_date(i.date)


def _told(context: Naming, account: Account) -> Iterator[Told]:
    grouped: dict[tuple[datetime.date, str | None], list[Act]] = {}
    for act in account.acts:
        grouped.setdefault((act.date, act.title), []).append(act)
    for (day, title), acts in grouped.items():
        parties = {party for a in acts if (party := account.codes.get(a.source_country or "")) is not None}
        others = {a.source for a in acts if a.source and a.source_country not in account.codes}
        first = acts[0]
        yield Told(
            full_date(day),
            tuple(sorted(context.place[p] for p in parties)),
            joined(sorted(others)),
            title or "",
            _rated(first),
            first.publisher or "",
            first.url if first.url and first.url.startswith(("https://", "http://")) else None,
        )


def _rated(act: Act) -> str:
    if act.quad is None:
        return "not rated"
    size = "" if act.intensity is None else f", {MINUS if act.intensity < 0 else ''}{abs(act.intensity):.2g}"
    return f"{_TYPES[act.quad]}{size}"
