"""What has happened: what each side did, what it drew, how the months went, what was promised, and how far trust has come."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import count, full_date, joined, level_percent, number, percent, quoted, sentence
from detente.brief.charts.acts import Due, Lane, Mark, acts_chart
from detente.brief.charts.months import Counted, Strip, months_chart
from detente.brief.charts.path import Reached, Track, path_chart
from detente.brief.charts.svg import tag
from detente.brief.parts.steps_taken import Step, steps_taken
from detente.case.naming import Naming
from detente.case.profile import Judgements
from detente.record.account import Account, Fulfilment, Indicator, Relation, monthly_series
from detente.record.relation.acts import Act

__all__ = ["Happened", "happened"]

WIDE, MEDIUM, NARROW = 1040.0, 680.0, 354.0
_MOST_COUNTS = 24
_SERIES = {"cooperation": "cooperation", "conflict": "conflict", "difference": "cooperation less conflict"}
_TYPES = {
    1: "cooperative word",
    2: "cooperative deed",
    3: "hostile word",
    4: "hostile deed",
}
_STATES = {
    "none": "not begun",
    "minimal": "begun",
    "intermediate": "done in large part",
    "full": "done",
    "reversed": "taken back",
    "disputed": "disputed",
}
Pictures = dict[str, Markup]


@dataclass(frozen=True)
class Told:
    """An act as a line of the list. `who`: places of those who acted; `others`: those who are no party; `source`: its place in
    the list of sources, from 1, or 0."""

    date: str
    who: tuple[int, ...]
    others: str
    title: str
    rated: str
    source: int
    url: str | None


@dataclass(frozen=True)
class Promise:
    """A commitment as a line of the table."""

    title: str
    who: tuple[int, ...]
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
    not_begun: tuple[tuple[tuple[int, ...], str], ...]
    trust: Pictures | None
    moved: tuple[tuple[int, str], ...]
    profile: str
    counts: tuple[tuple[str, str, str], ...]
    told: tuple[Told, ...]
    sources: tuple[str, ...]
    source: str


def happened(context: Naming, account: Account | None) -> Happened | None:
    """The section; None without a record, or where the record tells nothing."""
    if account is None or not (account.acts or account.relations or account.fulfilments):
        return None
    steps, unshown = steps_taken(context, account)
    paths, moved = _paths(context, account)
    sources = tuple(dict.fromkeys(a.publisher for a in account.acts if a.publisher))
    return Happened(
        lead=tuple(_lead(context, account)),
        acts=_acts(context, account, steps),
        numbered=steps,
        unshown=unshown,
        months=_months(context, account),
        shifts=_shifts(context, account),
        promises=tuple(_promises(context, account.fulfilments)),
        not_begun=_not_begun(context, account.fulfilments),
        trust=paths,
        moved=moved,
        profile=account.profile,
        counts=tuple(_counts(account)),
        told=tuple(_told(context, account, sources)),
        sources=sources,
        source="the record that comes with the case" if account.source == "bundled" else f"the record in {account.source}",
    )


# in a sentence


def _lead(context: Naming, account: Account) -> Iterator[str]:
    said = {(a.date, a.title) for a in account.acts}
    if said:
        first, last = min(said)[0], max(said)[0]
        yield f"{count(len(said), 'act')} recorded from {full_date(first)} to {full_date(last)}."
    elif account.events:
        yield f"The record holds {count(account.events, 'event')}."
    if account.later:
        left = "is left out" if account.later == 1 else "are left out"
        yield f"{count(account.later, 'event')} after {full_date(account.until)} {left}."
    for relation in account.relations:
        yield _relation(context, relation)
    if account.fulfilments:
        yield _kept(account.fulfilments)
    if account.paths:
        said_of = (
            f"{context.party(p.party)} in {context.party(p.towards)} {level_percent(p.points[0].likely)} to "
            f"{level_percent(p.points[-1].likely)} (between {level_percent(p.points[-1].low)} and "
            f"{level_percent(p.points[-1].high)})"
            for p in account.paths
        )
        yield f"How far trust has come, by kept and broken commitments: {'; '.join(said_of)}."


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
    kinds = [_sort(f) for f in found]
    told = (
        ("full", "kept in full"),
        ("late", "kept late"),
        ("part", "done in part"),
        *((state, _STATES[state]) for state in ("disputed", "reversed", "none")),
    )
    parts = [f"{kinds.count(kind)} {said}" for kind, said in told if kind in kinds]
    overdue = sum(f.overdue for f in found)
    late = f" {sentence(count(overdue, 'of them', 'of them'))} {'is' if overdue == 1 else 'are'} overdue." if overdue else ""
    return f"Of {count(len(found), 'commitment')} on record, {joined(parts)}.{late}"


def _sort(f: Fulfilment) -> str:
    if f.state in ("disputed", "reversed", "none"):
        return f.state
    return "part" if f.low < 1 else "late" if f.late else "full"


# pictures


def _widths(draw: Callable[[str, float], Markup], name: str) -> Pictures:
    return {k: draw(f"{name}-{k}", w) for k, w in (("wide", WIDE), ("medium", MEDIUM), ("narrow", NARROW))}


def _acts(context: Naming, account: Account, steps: Sequence[Step]) -> Pictures | None:
    if not account.acts:
        return None
    lanes = []
    for code, party in account.codes.items():
        place = context.place[party]
        marks = _marks([a for a in account.acts if a.source_country == code], account.judged)
        if marks:
            lanes.append(Lane(context.names[place], place, marks))
    others = [a for a in account.acts if a.source_country not in account.codes]
    if others:
        sources = {a.source for a in others if a.source}
        lanes.append(Lane(sources.pop() if len(sources) == 1 else "Others", None, _marks(others, account.judged)))
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


def _marks(acts: Sequence[Act], judged: Judgements) -> tuple[Mark, ...]:
    seen = {(a.date, a.title): Mark(a.date, _weight(a, judged), a.material, a.title or "") for a in acts}
    return tuple(seen.values())


def _weight(act: Act, judged: Judgements) -> float | None:
    """From -1 to 1: of Goldstein's scale, the intensity over that which is drawn at full length; of another, its sign alone."""
    if act.quad is None or act.intensity is None:
        return None
    measured = min(1.0, max(judged["faintest"], abs(act.intensity) / judged["longest"]))
    size = measured if act.scale == "goldstein" else judged["unscaled"]
    return size if act.cooperative else -size


def _months(context: Naming, account: Account) -> Pictures | None:
    strips = []
    for relation in account.relations:
        shifts = tuple((day, f"from {day:%B %Y}: {joined(names)}") for day, names in _shifted(relation).items())
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
        for name, values in monthly_series(account).items()
    ]
    spoken = " ".join(f"{s.label}: cooperation {number(sum(s.up))}, conflict {number(sum(s.down))} in all." for s in strips)
    return _widths(lambda id_, w: months_chart(id_, strips, counted, account.until, w, description=spoken), "months")


def _shifted(relation: Relation) -> dict[datetime.date, list[str]]:
    """The series that shift, by date; that of the difference is left out where one of its two parts says it."""
    out: dict[datetime.date, list[str]] = {}
    for series in () if relation.changes is None else relation.changes.series:
        for change in series.changes:
            if series.series != "difference" or change.date not in out:
                out.setdefault(change.date, []).append(_SERIES[series.series])
    return dict(sorted(out.items()))


def _shifts(context: Naming, account: Account) -> str:
    said = []
    for relation in account.relations:
        shifted = _shifted(relation)
        for series in () if relation.changes is None else relation.changes.series:
            said += [
                f"{_SERIES[series.series]} between {context.party(relation.a)} and {context.party(relation.b)} from "
                f"{c.date:%B %Y} on ({number(c.before)} to {number(c.after)} a month on average)"
                for c in series.changes
                if _SERIES[series.series] in shifted[c.date]
            ]
    if not said:
        return ""
    return (
        f"The dashed lines mark what was different from then on: {'; '.join(said)}. "
        f"Noise alone would draw such a line in {percent(account.judged['shift'])} of series."
    )


def _paths(context: Naming, account: Account) -> tuple[Pictures | None, tuple[tuple[int, str], ...]]:
    """The pictures, and what the numbers in them stand for; what moved several parties has one number."""
    days = sorted({(p.date, p.evidence) for path in account.paths for p in path.points[1:] if p.evidence})
    numbers = {day: n for n, day in enumerate(days, 1)}
    rows = []
    for path in account.paths:
        points = [Reached(p.date, p.low, p.likely, p.high, numbers.get((p.date, p.evidence))) for p in path.points]
        label = f"{context.names[context.place[path.party]]} in {context.party(path.towards)}: "
        label += f"{level_percent(path.points[0].likely)} to {level_percent(path.points[-1].likely)}"
        rows.append(Track(label, context.place[path.party], points))
    if not rows:
        return None, ()
    spoken = "; ".join(r.label for r in rows) + "."
    pictures = _widths(lambda id_, w: path_chart(id_, rows, account.until, w, description=spoken), "earned")
    return pictures, tuple((n, f"{full_date(day)}: {evidence}") for (day, evidence), n in numbers.items())


# lists


def _worth_a_line(f: Fulfilment) -> bool:
    """Whether anything can be said of it but that it has not begun."""
    return f.state != "none" or f.due is not None


def _not_begun(context: Naming, found: Sequence[Fulfilment]) -> tuple[tuple[tuple[int, ...], str], ...]:
    """By those who promised them together, the commitments without a date that nobody reads as begun."""
    who: dict[str, set[int]] = {}
    for f in found:
        if not _worth_a_line(f):
            who.setdefault(f.title, set()).add(context.place[f.party])
    out: dict[tuple[int, ...], list[str]] = {}
    for title, places in who.items():
        out.setdefault(tuple(sorted(places)), []).append(title)
    return tuple((places, "; ".join(out[places])) for places in sorted(out))


def _promises(context: Naming, found: Sequence[Fulfilment]) -> Iterator[Promise]:
    """What two parties promised together, and is read alike, is one line."""
    alike: dict[tuple[object, ...], list[Fulfilment]] = {}
    for f in found:
        if _worth_a_line(f):
            alike.setdefault((f.title, f.due, f.state, f.low, f.high, f.late, f.overdue, f.readings), []).append(f)
    for same in alike.values():
        yield _promise(context, same[0], tuple(context.place[f.party] for f in same))


def _promise(context: Naming, f: Fulfilment, who: tuple[int, ...]) -> Promise:
    readings = []
    for reader, state, evidence in f.readings:
        name = context.names[context.place[reader]] if reader in context.place else reader
        readings.append(f"{name}: {_STATES.get(state, state)}" + (f" ({evidence})" if evidence else ""))
    due = "" if f.due is None else f"due {full_date(f.due)}"
    late = "overdue" if f.overdue else "late" if f.late else ""
    return Promise(f.title, who, due, _STATES.get(f.state, f.state), late, _bar(f.low, f.high), tuple(readings))


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


def _counts(account: Account) -> Iterator[tuple[str, str, str]]:
    """Counts that stand by themselves: when, what, and the source; series by month are drawn."""
    drawn = monthly_series(account)
    single = [i for i in account.indicators if i.indicator not in drawn and i.value is not None]
    single.sort(key=lambda i: (i.date, i.indicator))
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


def _told(context: Naming, account: Account, sources: Sequence[str]) -> Iterator[Told]:
    grouped: dict[tuple[datetime.date, str | None], list[int]] = {}
    for n, act in enumerate(account.acts):
        grouped.setdefault((act.date, act.title), []).append(n)
    for (day, title), places in grouped.items():
        acts = [account.acts[n] for n in places]
        parties = {party for a in acts if (party := account.codes.get(a.source_country or "")) is not None}
        others = {a.source for a in acts if a.source and a.source_country not in account.codes}
        first = acts[0]
        yield Told(
            full_date(day),
            tuple(sorted(context.place[p] for p in parties)),
            joined(sorted(others)),
            title or "",
            _rated(context, first, places[0]),
            sources.index(first.publisher) + 1 if first.publisher else 0,
            first.url if first.url and first.url.startswith(("https://", "http://")) else None,
        )


def _rated(context: Naming, act: Act, place: int) -> str:
    if act.quad is None:
        return "not rated"
    size = "" if act.intensity is None else f", {context.of(number(act.intensity), 'record.acts', place, 'intensity')}"
    return f"{_TYPES[act.quad]}{size}"
