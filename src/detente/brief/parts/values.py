"""The values that everything rests on, with their ranges, and what they cite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from detente.base.words import as_written, joined, percent, sentence
from detente.brief.context import Context
from detente.case.case import Case
from detente.case.model import MeasureSpec, Source
from detente.case.value import Value

__all__ = ["Cell", "Cited", "MeasureLine", "PartyLine", "Values", "judgements", "share_with_range", "values", "with_range"]


@dataclass(frozen=True)
class Cell:
    """A value as it is shown: the likely one, the range under it, and the number to sort by."""

    likely: str
    range: str
    once: str
    key: float


@dataclass(frozen=True)
class MeasureLine:
    """`worth`: a cell for each party, None where it is worth nothing to it."""

    title: str
    kind: str
    by: str
    worth: tuple[Cell | None, ...]
    stays: str
    noticed: str
    signal: str
    cites: tuple[int, ...]


@dataclass(frozen=True)
class PartyLine:
    name: str
    place: int
    discount: str
    stalemate: str
    breakdown: str
    trust: tuple[str, ...]
    red_line: str
    cites: tuple[int, ...]


@dataclass(frozen=True)
class Cited:
    """Evidence: its number, what it says in the analyst's words, and where it stands: in which source, by its number."""

    number: int
    says: str
    source: int
    at: str


@dataclass(frozen=True)
class Values:
    parties: tuple[PartyLine, ...]
    measures: tuple[MeasureLine, ...]
    evidence: tuple[Cited, ...]
    sources: tuple[tuple[str, str], ...]
    """What the evidence cites: what it is, and its address or nothing."""
    left_out: int = 0
    """How much of the evidence is not told."""


def judgements(case: Case) -> tuple[int, int]:
    """How many numbers the analyst judged, and how many of them as a range; what was left at its default counts as none."""
    values = [v for spec in case.measures.values() for v in (*spec.value.values(), *spec.once.values())]
    values += [v for p in case.parties.values() for v in (p.discount, p.stalemate, p.breakdown, *p.trust.values())]
    given = ("irreversible", "lag", "signal")
    values += [getattr(spec, key) for spec in case.measures.values() for key in spec.model_fields_set.intersection(given)]
    return len(values) + sum(p.red_line is not None for p in case.parties.values()), sum(v.is_range for v in values)


def values(context: Context, *, only: str | None = None) -> Values:
    """The section. only : a party; the values of the others are left out, and what is cited for them."""
    case, parties = context.case, tuple(context.case.parties) if only is None else (only,)
    told = case.evidence if only is None else _evidence_on(case, only)
    number = {e: n for n, e in enumerate(told, start=1)}
    sources = list(dict.fromkeys(case.evidence[e].source for e in told))
    return Values(
        tuple(_party(context, i, number) for i in parties),
        tuple(_measure(context, m, spec, number, parties) for m, spec in case.measures.items()),
        tuple(_cited(context, e, n, sources) for e, n in number.items()),
        tuple(_source(case.sources[s]) for s in sources),
        len(case.evidence) - len(number),
    )


def _evidence_on(case: Case, party: str) -> list[str]:
    """What is cited for the terms, demands and comparisons of one party, or for a measure that is nobody else's act, gain or
    cost; and nowhere else, as nobody can tell of which party a text speaks."""
    own = [case.parties[party].evidence]
    own += [m.evidence for m in case.measures.values() if {*m.by, *m.value, *m.once} == {party}]
    own += [d.evidence for d in case.demands if d.by == party]
    own += [c.evidence for c in case.comparisons if c.by == party]
    there = Counter(e for cited in own for e in cited)
    everywhere = Counter(_citations(case.model_dump()))
    return [e for e in case.evidence if 0 < there[e] == everywhere[e]]


def _citations(data: object) -> Iterator[str]:
    """The evidence that blocks cite, as often as they do."""
    if isinstance(data, Mapping):
        for key, inner in data.items():
            yield from inner if key == "evidence" and isinstance(inner, tuple) else _citations(inner)
    elif isinstance(data, tuple):
        for inner in data:
            yield from _citations(inner)


def _party(context: Context, party: str, number: Mapping[str, int]) -> PartyLine:
    spec = context.case.parties[party]

    def of(*key: str) -> Callable[[str], str]:
        return lambda figure: context.of(figure, "case.parties", party, *key)

    return PartyLine(
        name=spec.name,
        place=context.place[party],
        discount=with_range(spec.discount, of("discount")),
        stalemate=with_range(spec.stalemate, of("stalemate")),
        breakdown=with_range(spec.breakdown, of("breakdown")),
        trust=tuple(f"{share_with_range(p, of('trust', j))} in {context.party(j)}" for j, p in spec.trust.items()),
        red_line="" if spec.red_line is None else of("red_line")(as_written(spec.red_line)),
        cites=tuple(number[e] for e in spec.evidence if e in number),
    )


def _measure(
    context: Context, measure: str, spec: MeasureSpec, number: Mapping[str, int], parties: Collection[str]
) -> MeasureLine:
    whole = measure in context.case.instance.measure  # of one in parts the JSON has each part

    def of(*key: str) -> Callable[[str], str]:
        return (lambda figure: context.of(figure, "case.measures", measure, *key)) if whole else str

    return MeasureLine(
        title=spec.title,
        kind=spec.kind,
        by=joined([context.names[context.place[p]] for p in spec.by]),
        worth=tuple(_cell(spec, i, of) if i in parties else None for i in context.case.parties),
        stays="" if spec.irreversible.is_zero else share_with_range(spec.irreversible, of("irreversible")),
        noticed=_noticed(context, spec.lag),
        signal=with_range(spec.signal, of("signal")) if spec.signal.high > 1 else "",
        cites=tuple(number[e] for e in spec.evidence if e in number),
    )


def _cell(spec: MeasureSpec, party: str, of: Callable[..., Callable[[str], str]]) -> Cell | None:
    value, once = spec.value.get(party), spec.once.get(party)
    if (value is None or value.is_zero) and (once is None or once.is_zero):
        return None
    flow = value or Value.of(0)
    said = f"once {with_range(once, of('once', party))}" if once is not None and not once.is_zero else ""
    likely = as_written(flow.likely)  # the JSON leaves out what is worth nothing
    return Cell(of("value", party)(likely) if flow.likely else likely, _range(flow), said, float(flow.likely))


def _range(value: Value) -> str:
    return f"{as_written(value.low)} to {as_written(value.high)}" if value.is_range else ""


def with_range(value: Value, of: Callable[[str], str] = str, *, unit: str = "") -> str:
    """A value as it was judged: 0.8, or 0.8 (0.5 to 1.2). of : gives the likely one its key. unit : what it counts."""
    likely = f"{of(as_written(value.likely))} {unit}".rstrip()
    return f"{likely} ({_range(value)})" if value.is_range else likely


def _noticed(context: Context, lag: Value) -> str:
    low, likely, high = (context.pace.span(int(x)) for x in (lag.low, lag.likely, lag.high))
    return f"{likely} ({low} to {high})" if lag.is_range else likely


def share_with_range(p: Value, of: Callable[[str], str] = str) -> str:
    """The same of a share: 30% (20% to 40%)."""
    likely = of(percent(p.likely))
    return f"{likely} ({percent(p.low)} to {percent(p.high)})" if p.is_range else likely


def _cited(context: Context, evidence: str, n: int, sources: list[str]) -> Cited:
    entry = context.case.evidence[evidence]
    return Cited(n, sentence(entry.says), sources.index(entry.source) + 1, entry.at or "")


def _source(source: Source) -> tuple[str, str]:
    about = [source.title, source.author, source.publisher, source.date]
    return ", ".join(x for x in about if x), source.url or ""
