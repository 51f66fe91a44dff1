"""The figures that matter, and what a unit of value is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from detente.base.words import amount, as_written, count, percent, quoted, sentence
from detente.brief.context import Context
from detente.brief.parts.sure import first_break, how_much, share_held
from detente.brief.parts.values import judgements
from detente.plan.certificate import Row, every_row
from detente.plan.sentences import row_sentence, trust_at
from detente.recommend.result import FASTEST
from detente.recommend.telling import of_plays

_OF_DRAWS = "of draws of the values: every condition holds"

__all__ = ["Figure", "beside_full", "far", "figures", "how_sure", "margin", "rests_on", "units"]


@dataclass(frozen=True)
class Figure:
    """One figure: what it answers, the figure itself, what it counts, and a note."""

    asked: str
    figure: str
    of: str
    note: str


def figures(context: Context) -> tuple[Figure, ...]:
    """How far it goes, how sure it is (only where there is a roadmap), what to expect (of a recommended one), what it rests
    on."""
    sure, expected = (how_sure(context) if context.plan else None), _what_to_expect(context)
    found = (_how_far(context), sure, expected, rests_on(context))
    return tuple(f for f in found if f)


def far(context: Context) -> tuple[int, int, int]:
    """Measures of the case that the roadmap brings into force in full, in part, and all that are not in force yet."""
    open_ = [e for e in context.wholes.values() if set(e) != {-1}]
    full = sum(None not in e for e in open_)
    part = sum(None in e and any(x is not None and x >= 0 for x in e) for e in open_)
    return full, part, len(open_)


def _how_far(context: Context) -> Figure:
    full, _, all_ = far(context)
    last = f"The last step is taken {context.when(context.steps[-1].phase)}." if context.steps else ""
    note = f"{last} {beside_full(context)}".strip()
    return Figure("How far does it go?", f"{full} of {all_}", "measures carried out", note)


def beside_full(context: Context) -> str:
    """What is carried out only in part, and how many signed provisions in full, in sentences."""
    _, part, _ = far(context)
    said = [f"{sentence(count(part, 'more measure'))} in part."] if part else []
    provisions = [p for a in context.case.agreements.values() for p in a.provisions if p.measures]
    if provisions:
        done = sum(all(None not in context.entries(m) for m in p.measures) for p in provisions)
        said.append(f"Of {count(len(provisions), 'signed provision')}, {done or 'none'} would be carried out in full.")
    return " ".join(said)


def margin(context: Context) -> tuple[Row, Fraction] | None:
    """The row that holds most narrowly, and its slack as a share of what the roadmap is worth to its party.

    Rows in which nothing is at stake do not count: no risk taken, or a party on which no measure of the roadmap weighs.
    """
    gain = context.plan.certificate.gain
    rows = [(row, row.slack / gain[row.party or ""]) for row in _at_stake(context) if gain[row.party or ""] > 0]
    return min(rows, key=lambda pair: pair[1], default=None)


def _at_stake(context: Context) -> Iterator[Row]:
    burdened = _burdened(context)
    for row in every_row(context.instance, context.plan.roadmap):
        if row.row == "incentive" and row.party in burdened:
            yield row
        if row.row in ("trust", "doubt", "red_line") and row.left > 0:
            yield row


def _burdened(context: Context) -> set[str]:
    """The parties to which some measure that is in force at the end is a cost; only they can be tempted to stop."""
    held = [m for m in context.instance.measures if context.plan.roadmap.entry[m.id] is not None]
    return {i for m in held for i in context.case.parties if min(m.value.get(i, 0), m.once.get(i, 0)) < 0}


def how_sure(context: Context) -> Figure:
    certificate = context.plan.certificate
    failing = len(certificate.broken)
    held = share_held(context)
    if held is not None:
        exact = (
            f"{certificate.rows - failing:,} of {certificate.rows:,} conditions hold under the likely values, checked exactly."
        )
        note = f"{how_much(context)} {exact} {first_break(context)}".strip()
        return Figure("How sure is it?", percent(held), _OF_DRAWS, note)
    found = margin(context)
    note = ""
    if found is not None:
        row, share = found
        edge = "a small change of the values could tip it" if share < Fraction(1, 20) else "the narrowest of all"
        gains = context.agreeing(row.party, "it gains", "they gain")
        left = f"That is a margin of {percent(share)} of what {gains} by the roadmap" if share else "There is no margin"
        note = f"{_narrowest(context, row)} {left}: {edge}."
    figure = f"{certificate.rows - failing:,} of {certificate.rows:,}"
    return Figure("How sure is it?", figure, "conditions hold under the likely values, checked exactly", note)


def _what_to_expect(context: Context) -> Figure | None:
    best = context.recommended
    if best is None:
        return None
    fastest = context.alternatives.get(FASTEST)
    note = f"In {of_plays()} of the recommended roadmap. It collapses in {percent(best.collapse[0])} of them."
    if fastest is not None:
        note += f" The fastest one, best if all goes well, brings {percent(max(0.0, fastest.score[0]))}."
    return Figure("What is to be expected?", percent(max(0.0, best.score[0])), "of what was promised, on average", note)


def _narrowest(context: Context, row: Row) -> str:
    if row.row != "incentive":
        return row_sentence(row, context, context.plan.roadmap, trust=trust_at(row, context.plan.certificate))
    lost = "nothing" if row.slack == 0 else amount(row.slack)
    return f"{sentence(context.when(row.phase))}, {context.party(row.party or '')} would lose {lost} by stopping."


def rests_on(context: Context) -> Figure:
    all_, ranges = judgements(context.case)
    cited = sum(bool(spec.evidence) for spec in context.case.measures.values())
    measures = len(context.case.measures)
    sources = len(context.case.sources)
    given = "is" if ranges == 1 else "are"
    note = f"{ranges} of them {given} given as a range." if ranges else "None of them is given as a range."
    if sources:
        cite = "cites" if cited == 1 else "cite"
        note += f" {cited} of {count(measures, 'measure')} {cite} evidence, from {count(sources, 'source')}."
    else:
        note += " The case names no sources."
    return Figure("What does it rest on?", f"{all_}", "judged values", note)


def units(context: Context, *, only: str | None = None) -> str:
    """What a unit is: a phase of some measure that the case values at one, or else the largest value of the party.

    only : a party; of the others nothing is said.
    """
    scales = []
    for i in context.case.parties if only is None else (only,):
        worth = {
            m: spec.value[i].likely for m, spec in context.case.measures.items() if i in spec.value and spec.value[i].likely
        }
        if not worth:
            continue
        m = next((m for m, x in worth.items() if x == 1), None) or max(worth, key=lambda m: abs(worth[m]))
        verb = context.agreeing(i, *(("gains", "gain") if worth[m] > 0 else ("loses", "lose")))
        figure = as_written(abs(worth[m]))
        scales.append(
            f"{context.party(i)} {verb} {figure} {'unit' if figure == '1' else 'units'} {context.pace.per} "
            f"from {quoted(context.title(m))}"
        )
    start = (
        "Worth is counted in units of each party’s own: they can be weighed against each other for one party, never between "
        "two."
    )
    return f"{start} For scale: {'; '.join(scales)}." if scales else start
