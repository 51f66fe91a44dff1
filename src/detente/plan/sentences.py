"""Rows of the certificate as sentences: who would gain or lose how much, when, and by what.

One grammar for all parties and both signs. An incentive row that breaks reads "In late March 2019, A would gain 0.8 units more
by withholding X than by going on; it would be found out 2 months later", one that holds "... would lose 0.8 units by ...".
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from detente.base.words import amount, amounts, joined, percent, quoted, sentence
from detente.case.naming import Naming
from detente.plan.certificate import Certificate, Row
from detente.plan.roadmap import Roadmap

__all__ = ["Keys", "row_keys", "row_sentence", "trust_at", "withheld"]

Keys = Mapping[str, tuple[object, ...]]
"""Where the figures of a row stand in the JSON of what is told: `left`, `right`, `slack`."""


def row_keys(*row: object) -> Keys:
    """Those of a row that stands there itself."""
    return {part: (*row, part) for part in ("left", "right", "slack")}


def row_sentence(
    row: Row, context: Naming, roadmap: Roadmap, *, trust: Fraction | None = None, subject: str = "", keys: Keys | None = None
) -> str:
    """A row of `roadmap`'s certificate in words.

    trust : the probability in force in that phase, for trust rows. subject : what a structural row calls its measure; its
    title if not given. keys : where its figures come from.
    """
    keys = keys or {}
    match row.row:
        case "incentive":
            return _incentive(row, context, roadmap, keys)
        case "trust" | "red_line":
            return _risk(row, context, trust, keys)
        case "doubt":
            return _doubt(row, context, trust, keys)
        case "coalition":
            return _together(row, context)
        case _:
            return _structure(row, context, roadmap, subject)


def trust_at(row: Row, certificate: Certificate) -> Fraction | None:
    """The probability in force at a row toward another party; None at any other."""
    if not row.party or not row.toward:
        return None
    odds = certificate.pairs[row.party, row.toward].odds[row.phase]
    return odds / (1 + odds)


def withheld(row: Row, context: Naming, roadmap: Roadmap) -> tuple[str, ...]:
    """The measures that a party would hold back in an incentive row: its own costly ones in force, the costliest first."""
    party, found_out = row.party or "", row.phase + (row.lag or 0)
    if not row.lag:
        return ()
    spared: dict[str, Fraction] = {}
    for m in context.instance.measures:
        entry = roadmap.entry[m.id]
        if party not in m.actors or entry is None or entry >= found_out:
            continue
        start = row.phase + max(0, row.lag - m.lag)
        value, once = m.value.get(party, Fraction(0)), m.once.get(party, Fraction(0))
        d = context.instance.party[party].discount
        saved = -value * (1 - m.irreversible if entry < start else 1) / (1 - d) - (once if entry >= start else 0)
        if saved > 0:
            spared[m.id] = saved
    return tuple(sorted(spared, key=lambda m: -spared[m]))


def _incentive(row: Row, context: Naming, roadmap: Roadmap, keys: Keys) -> str:
    party, when = context.party(row.party or ""), context.when(row.phase)
    held = withheld(row, context, roadmap)
    if not row.lag:
        how, after = "stepping out openly", ""
    else:
        how = f"withholding {context.titles(held, 2)}" if held else "breaking off"
        after = f"; it would be found out {context.pace.span(row.lag)} later"
    much = _keyed(context, amount(row.slack), keys.get("slack", ()), minus=row.slack < 0)
    if row.slack < 0:
        return f"{sentence(when)}, {party} would gain {much} more by {how} than by going on{after}."
    if row.slack == 0:
        return f"{sentence(when)}, {party} would neither gain nor lose by {how}{after}."
    return f"{sentence(when)}, {party} would lose {much} by {how}{after}."


def _keyed(context: Naming, units: str, key: tuple[object, ...], *, minus: bool = False) -> str:
    """An amount whose number carries its key. minus : there it stands below 0."""
    figure, _, unit = units.rpartition(" ")
    if not key or not figure[:1].isdigit():
        return units
    return f"{context.of(figure, ('-1*' if minus else '') + str(key[0]), *key[1:])} {unit}"


def _risk(row: Row, context: Naming, trust: Fraction | None, keys: Keys) -> str:
    party, other = context.party(row.party or ""), context.party(row.toward or "")
    risk, limit = amounts(max(row.left, Fraction(0)), row.right)
    risk = _keyed(context, risk, keys.get("left", ()) if row.left > 0 else ())
    limit = _keyed(context, limit, keys.get("right", ()), minus=row.right < 0)
    start = f"{sentence(context.when(row.phase))}, {party} would put {risk} at risk at the hands of {other}"
    if row.row == "red_line":
        return f"{start}, {'more than' if row.slack < 0 else 'within'} {_its(row, context)} red line of {limit}."
    p = f" of {percent(trust)}" if trust is not None else ""
    return f"{start}; {_its(row, context)} trust{p} covers {'nothing' if row.right <= 0 else limit}."


def _doubt(row: Row, context: Naming, trust: Fraction | None, keys: Keys) -> str:
    party, other = context.party(row.party or ""), context.party(row.toward or "")
    spared, loyal = amounts(max(row.left, Fraction(0)), row.right)
    spared = _keyed(context, spared, keys.get("left", ()) if row.left > 0 else ())
    loyal = _keyed(context, loyal, keys.get("right", ()), minus=row.right < 0)
    p = f" of {percent(trust)}" if trust is not None else ""
    made_up = "nothing" if row.right <= 0 else loyal
    stops = context.agreeing(row.toward, "stops", "stop")
    return (
        f"{sentence(context.when(row.phase))}, {party} would be spared {spared} by cheating if {other} {stops}; "
        f"at {_its(row, context)} trust{p} going on makes up for {made_up} of that."
    )


def _its(row: Row, context: Naming) -> str:
    return context.agreeing(row.party, "its", "their")


def _together(row: Row, context: Naming) -> str:
    party = context.party(row.party or "")
    others = joined([context.party(i) for i in row.together if i != row.party], "and")
    start = f"{sentence(context.when(row.phase))}, {party}"
    if row.slack < 0:
        return f"{start} would gain {amount(row.slack)} by stepping out together with {others}, who would gain, too."
    return f"{start} would gain nothing by stepping out together with {others}."


def _structure(row: Row, context: Naming, roadmap: Roadmap, subject: str) -> str:
    instance = context.instance
    m = instance.measure[row.measure or ""]
    it = subject or quoted(context.title(m.id))
    if row.row == "prerequisite":
        needed = joined([_numbered(context, n) for n in row.others], "or")
        after = next((q.after for q in m.requires if q.any == row.others), 0)
        takes = 0 if any(instance.measure[n].whole == m.whole for n in row.others) else m.takes
        lead = f", {context.pace.span(after - takes)}" if after > takes else "" if takes else ", before it or with it"
        work = f" before its work begins, which takes {context.pace.span(takes)}" if takes else " before" if after else ""
        return f"{it} needs {needed}{lead}{work}."
    if row.row == "exclusion":
        return f"{it} cannot be in force together with {context.titles(row.others)}."
    if row.row == "window":
        bound = int(row.right)  # as the row has it: of what is left of a problem, windows are narrower
        if row.left > bound and (roadmap.entry[m.id] is None or bound == m.due):
            return f"{it} has to be in force by {context.date(bound)}."
        if row.left < bound and (m.not_before > m.not_after or bound >= instance.phases):
            return f"{it} has no date left at which it could enter."
        if row.left < bound:
            work = f"takes {context.pace.span(m.takes)}, so it " if bound == m.takes else ""
            return f"{it} {work}is not possible before {context.date(bound)}."
        return f"{it} is not possible after {context.date(bound)}."
    return f"{it} is in force already." if m.in_force else f"{it} is not in force yet."


def _numbered(context: Naming, measure: str) -> str:
    """A measure with the number of its step, if the roadmap takes it."""
    number = context.number_of(measure)
    title = quoted(context.title(measure))
    return title if number is None else f"{title} (step {number})"
