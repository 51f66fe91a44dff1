"""A case as tables for the terminal: what it says, what its numbers rest on, which of them it would help most to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import as_written, figure
from detente.case.case import Case
from detente.case.library import Listed
from detente.case.model import MeasureSpec, Requires
from detente.case.rough.entries import CLASSES, FOLLOWING
from detente.case.unsaid import said, unsaid
from detente.case.value import Value

if TYPE_CHECKING:
    from detente.case.rough.footing import Footing, Number, Used

__all__ = ["show", "show_footing", "show_list", "shown_value"]

_HELPFUL = 6  # numbers that are named as worth knowing better
_RESTS = {
    "sourced": "stated with a source",
    "unsourced": "stated without a source",
    "word": "stated in words",
    "class": "following from classes",
}


def shown_value(value: Value) -> str:
    """A value for reading: ``0.3 (0.1 to 0.5)``."""
    likely = as_written(value.likely)
    return f"{likely} ({as_written(value.low)} to {as_written(value.high)})" if value.is_range else likely


def show(case: Case) -> Iterator[Part]:
    """The case part by part: head, parties, measures, demands, agreements, orders, what was checked, what is not said."""
    span = f"{case.phase_date(0).isoformat()} to {case.phase_date(case.phases.count).isoformat()}"
    yield strong(case.title)
    yield quiet(f"{case.case} · {case.phases.count} phases of {case.phases.length}, {span}\n")
    yield _parties(case)
    yield _measures(case)
    if case.demands:
        yield _demands(case)
    if case.agreements:
        yield _agreements(case)
    if case.orders:
        yield _orders(case)
    yield quiet(_checked(case))
    yield quiet("\n".join([said(case), *unsaid(case)]))
    yield from show_footing(case)


def show_list(listed: Sequence[Listed]) -> Part:
    """The bundled cases, a line each."""
    table = Table("", "Case", "Title", "As of", "Parties", "Measures", "Demands")
    for one in listed:
        counts = [str(one.counts[block]) for block in ("parties", "measures", "demands")]
        table.add(one.slug, one.title, one.as_of, *counts)
    return table


def _parties(case: Case) -> Part:
    table = Table(
        "Parties", "Party", "Trust", "No deal, per phase", "Lost on breakdown, once", "Discount, per phase", "Red line"
    )
    for spec in case.parties.values():
        trust = ", ".join(f"{case.parties[j].name} {shown_value(p)}" for j, p in spec.trust.items())
        line = "" if spec.red_line is None else as_written(spec.red_line)
        terms = map(shown_value, (spec.stalemate, spec.breakdown, spec.discount))
        table.add(spec.name, trust, *terms, line)
    return table


def _measures(case: Case) -> Part:
    names = [spec.name for spec in case.parties.values()]
    table = Table("Measures (value per phase while in force, in each party's own units)", "Measure", "By", *names, "Terms")
    for m, spec in case.measures.items():
        worth = [_worth(spec, i) for i in case.parties]
        terms = [*(f"only with {s.title}" for s in case.supports if m in (s.opens or ())), *_terms(spec)]
        table.add(f"{spec.title}\n{m}", _names(case, spec.by), *worth, "; ".join(terms))
    return table


def _worth(spec: MeasureSpec, party: str) -> str:
    value, once = spec.value.get(party), spec.once.get(party)
    parts = [shown_value(value)] if value is not None else []
    return "\n".join([*parts, f"once {shown_value(once)}"] if once is not None and not once.is_zero else parts)


def _terms(spec: MeasureSpec) -> Iterator[str]:
    if spec.in_force:
        yield "in force already"
    if spec.class_ is not None:
        yield f"class {spec.class_}"
    for consent in spec.needs:
        yield f"needs {consent.by} ({_shown_share(consent.chance)})"
    if spec.slices > 1:
        yield f"{spec.slices} slices"
    if spec.lag.high > 1:
        yield f"seen after {shown_value(spec.lag)} phases"
    if not spec.takes.is_zero and not spec.in_force:
        yield f"takes {shown_value(spec.takes)} phases"
    if not spec.irreversible.is_zero:
        yield f"{_shown_share(spec.irreversible)} irreversible"
    if spec.signal.high > 1:
        yield f"signal {shown_value(spec.signal)}"
    if spec.requires:
        yield f"requires {', '.join(_required(q) for q in spec.requires)}"
    if spec.excludes:
        yield f"excludes {', '.join(spec.excludes)}"
    if spec.window.not_before:
        yield f"not before phase {spec.window.not_before}"
    if spec.window.not_after is not None:
        yield f"not after phase {spec.window.not_after}"


def _required(q: Requires) -> str:
    after = {0: " (at once)", 1: ""}.get(q.after, f" ({q.after} phases before)")
    return " or ".join(q.any) + after


def _shown_share(share: Value) -> str:
    low, likely, high = (as_written(100 * x) for x in (share.low, share.likely, share.high))
    return f"{likely} ({low} to {high})%" if share.is_range else f"{likely}%"


def _demands(case: Case) -> Part:
    table = Table("Demands", "By", "First", "Before", "Firm")
    for demand in case.demands:
        first, before = (", ".join(map(case.measure_title, ids)) for ids in (demand.first, demand.before))
        firm = [demand.firm or "", *(["standing"] if demand.standing else [])]
        table.add(case.parties[demand.by].name, first, before, ", ".join(filter(None, firm)))
    return table


def _agreements(case: Case) -> Part:
    table = Table("Agreements", "Agreement", "Date", "Provision", "Carried out by")
    for agreement in case.agreements.values():
        title, date = agreement.title, agreement.date.isoformat()
        for provision in agreement.provisions:
            table.add(title, date, provision.title, ", ".join(map(case.measure_title, provision.measures)))
            title = date = ""
    return table


def _orders(case: Case) -> Part:
    table = Table("Stated orders", "Order", "By", "Phases", "Measures")
    for order in case.orders:
        table.add(order.title, _names(case, order.by), str(len(order.steps)), str(sum(map(len, order.steps))))
    return table


def show_footing(case: Case) -> Iterator[Part]:
    """What the numbers of a case rest on: how many on what, what follows from the words, what it would help most to know."""
    from detente.case.rough.footing import footing

    found = footing(case)
    counts = [f"{found.counts[basis]} {words}" for basis, words in _RESTS.items() if found.counts[basis]]
    by = f"; assumed by the table {found.table}: {found.assumed}" if found.table else ""
    yield f"\nNumbers: {len(found.numbers)}, of which {', '.join(counts)}{by}.\n"
    if found.table:
        yield from _table(found)
    title = "What it would help most to know better (a first guess, from ranges and stakes; a plan computes what decides it)"
    helps = Table(title, "Number", "Likely", "Range", "Rests on")
    for number in found.numbers[:_HELPFUL]:
        if number.weight > 0:
            helps.add(number.path, figure(number.likely), f"{figure(number.low)} to {figure(number.high)}", _rests(number))
    yield helps


def _rests(number: Number) -> str:
    return (
        f"{number.basis}: {number.entry}, assumed" if number.entry else {"sourced": "a source"}.get(number.basis, "no source")
    )


def _table(found: Footing) -> Iterator[Part]:
    """What follows from the words and classes that the case uses."""
    units = "worth per phase, foresight and breakdown by the year"
    words = Table(f"What the words stand for (table {found.table}; {units})", "Entry", "Stands for", "Times", "Why")
    classes = Table(
        f"What follows from the classes (table {found.table}; lag and takes in months)", "Class", *FOLLOWING, "Numbers"
    )
    used = {use.entry: use for use in found.used}
    for use in found.used:
        if use.entry.partition("_")[0] not in FOLLOWING:
            words.add(use.entry, _judged(use), str(use.times), use.judged.because)
    for given in CLASSES:
        row = [used.get(f"{key}_{given}") for key in FOLLOWING]
        if any(row):
            classes.add(given, *(_judged(use) if use else "stated" for use in row), str(sum(use.times for use in row if use)))
    yield words
    yield classes


def _judged(use: Used) -> str:
    j = use.judged
    span = f"{as_written(j.value)} ({as_written(j.low)} to {as_written(j.high)})" if j.low < j.high else as_written(j.value)
    return f"{span}, changed" if use.changed else span


def _names(case: Case, parties: Sequence[str]) -> str:
    return ", ".join(case.parties[i].name for i in parties)


def _checked(case: Case) -> str:
    instance = case.instance
    return (
        f"Checked: keys, types and bounds; references to {len(case.parties)} parties, {len(case.measures)} measures "
        f"(with slices: {len(instance.measures)}) and {len(case.evidence)} pieces of evidence; trust in each of the "
        f"{len(instance.acting)} who can act; that every measure can enter within the {case.phases.count} phases and is worth "
        f"something to somebody."
    )
