"""A diagnosis in sentences and tables: verdict, four questions, who demands what, what would end a deadlock, stated orders.

Circles of demands that share one belong together. In each such knot the ways out are the smallest sets of its demands whose
relaxing leaves no circle in it; the diagnosis lists whole sets, one way out from every knot, which are taken apart again here
where they combine freely. The least firm way out of a knot is the one whose firmest demand is the least firm, then the least
firm in sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import amount, count, joined, percent, quoted, sentence, signed_figure
from detente.case.case import Case
from detente.case.model import Demand
from detente.case.naming import Naming
from detente.diagnose.concessions import Concessions, left_out, shares_of_gain
from detente.diagnose.result import VERDICTS, Diagnosis, OrderTrial, Question
from detente.plan.sentences import Keys, row_sentence, trust_at
from detente.plan.telling import how_it_ended

__all__ = [
    *("Asked", "asked", "ends", "finding", "kept", "least_firm", "order", "orders", "questions"),
    *("show_concessions", "show_diagnosis", "ways_out", "who_waits"),
]

MOST = 6  # ways out told, of each knot
_NOTHING = 1e-6  # of a party's units: what two searches for the same roadmap may differ by
_FIRMNESS = {"low": 1, None: 2, "medium": 2, "high": 3}
_ANSWER = {True: "Yes", False: "No", None: "Not reached"}


def show_diagnosis(diagnosis: Diagnosis, case: Case) -> Iterator[Part]:
    """Verdict, the four questions, the demands and what would end the deadlock, the stated orders."""
    naming = Naming(case)
    yield strong(f"Under these values {VERDICTS[diagnosis.verdict]}.")
    yield questions(diagnosis, naming)
    if ended := how_it_ended(diagnosis.method):
        yield ended
    if without := kept(diagnosis, naming):
        yield f"{without} What each concession would add: `detente concessions {case.case}`."
    yield from who_waits(diagnosis, naming)
    if not diagnosis.complete:
        yield quiet("There are more deadlocks or relaxations than are listed here.")
    yield from orders(diagnosis, naming)


def questions(diagnosis: Diagnosis, naming: Naming) -> Table:
    """The four questions."""
    rows = ((_ANSWER[q.answer], q.asked, finding(q, diagnosis, naming)) for q in diagnosis.questions)
    return Table.of("", ("Answer", "Question", "Finding"), rows, whole=(0,))


def finding(question: Question, diagnosis: Diagnosis, naming: Naming) -> str:
    """One or two sentences; the diagnosis's own where its figures say nothing that could be told more plainly."""
    figures: Mapping[str, Any] = question.figures
    match question.id, question.answer:
        case _, None if diagnosis.verdict == "unsettled":
            return sentence(question.finding)
        case _, None:
            return "The question before was answered no."
        case "zone", True if figures.get("gains"):
            gains = [f"{naming.party(i)} by {amount(g)}" for i, g in figures["gains"].items() if g > 0]
            whom = "every party" if len(gains) == len(figures["gains"]) else "nobody worse off and some"
            wholes = {naming.instance.measure[m].whole for m in figures.get("package", ())}
            package = count(len(wholes), "measure")
            return f"{package} taken together would leave {whom} better off than no deal: {joined(gains)}."
        case "zone", False if figures.get("short"):
            short = [f"{naming.party(i)} would still be {amount(x)} short of no deal" for i, x in figures["short"].items()]
            return f"No set of measures makes somebody better off and nobody worse off. In the nearest one, {joined(short)}."
        case "keep", True if diagnosis.plan:
            return "In the roadmap no party would gain by stopping at any date, neither in secret nor in the open."
        case "keep", False if figures.get("guarantee"):
            more = [f"{naming.party(i)} {amount(x)}" for i, x in figures["guarantee"].items() if x]
            return (
                "In every order of steps some party would come to gain by stopping. The least that would change it: a collapse "
                f"that costs {joined(more)} more than it does."
            )
        case "dare", True if diagnosis.plan:
            return "No step of it asks a party to risk more than its trust covers, once the steps before it have been seen."
        case "dare", False if figures.get("threshold") is not None:
            return (
                "Every first step would put more at risk than the trust there is covers. If every party gave the others at "
                f"least {percent(figures['threshold'])}, a first step would be possible."
            )
        case "order", False if diagnosis.deadlocks:
            return _order(diagnosis)
        case "order", True:
            return "The demands do not run in a circle."
        case _:
            return sentence(question.finding)


def _order(diagnosis: Diagnosis) -> str:
    n = len(diagnosis.deadlocks)
    circles, where = ("a circle", "in it") if n == 1 else (f"{n} circles", "in each")
    least = min((len(s) for s in diagnosis.relaxations), default=0)
    given = f" At least {count(least, 'demand')} would have to be relaxed." if least else ""
    return f"The demands run in {circles}: {where} every party waits for another to move first.{given}"


def kept(diagnosis: Diagnosis, naming: Naming) -> str:
    """What is possible without giving way; nothing where no demands contradict each other."""
    without, best = diagnosis.kept, diagnosis.plan
    if without is None or not best:
        return ""
    if not without:
        return "As long as nobody gives up a demand, no roadmap holds."
    shares = [f"{naming.party(i)} {percent(x)}" for i, x in shares_of_gain(without, best).items() if x is not None]
    missing = [quoted(naming.title(m)) for m in left_out(without, best)]
    return (
        f"A roadmap of {without.roadmap.length} steps in place of {best.roadmap.length} holds in which nobody gives up a "
        f"demand. It brings {joined(shares)} of what they would gain by the roadmap that was found"
        f"{f', and leaves out {joined(missing)}' if missing else ''}."
    )


@dataclass(frozen=True)
class Asked:
    """A demand in words. `circular`: part of a circle."""

    number: int
    said: str
    firm: str
    circular: bool


def asked(diagnosis: Diagnosis, naming: Naming) -> tuple[Asked, ...]:
    """The demands by their place in the case, from 1."""
    circular, least = {d for cycle in diagnosis.deadlocks for d in cycle}, least_firm(diagnosis, naming)
    return tuple(
        Asked(n, demand(d, naming), _firmness(d.firm, d.id in least), d.id in circular)
        for n, d in enumerate(naming.case.demands, start=1)
    )


def demand(d: Demand, naming: Naming) -> str:
    """A demand as a sentence."""
    insists = naming.agreeing(d.by, "insists", "insist")
    return f"{sentence(naming.party(d.by))} {insists} on {_acts(naming, d.first)} before {_acts(naming, d.before)}."


def who_waits(diagnosis: Diagnosis, naming: Naming) -> Iterator[Part]:
    """The demands, and what would end the deadlock."""
    if not naming.case.demands:
        return
    rows = ((str(d.number), f"{d.said} {d.firm}", "yes" if d.circular else "no") for d in asked(diagnosis, naming))
    yield Table.of("Who waits for whom", ("No.", "Demand", "In a circle"), rows, whole=(2,))
    lines = ends(diagnosis, naming)
    if lines:
        each = "these demands" if len(lines) == 1 else "one choice in each line"
        yield strong(f"What would end the deadlock: to give way on {each}")
        yield "\n".join(f"- {line}" for line in lines)


def ends(diagnosis: Diagnosis, naming: Naming) -> tuple[str, ...]:
    """What would end the deadlock: for each knot of circles the demands of which one choice has to give way."""
    return tuple(_way_out(naming, options) for options in ways_out(diagnosis.deadlocks, diagnosis.relaxations))


def least_firm(diagnosis: Diagnosis, naming: Naming) -> set[str]:
    """The demands of the least firm way out of every knot."""
    knots = ways_out(diagnosis.deadlocks, diagnosis.relaxations)
    return {d for options in knots for d in _least_firm(naming, options)}


def ways_out(deadlocks: Iterable[Sequence[str]], relaxations: Sequence[Sequence[str]]) -> list[list[tuple[str, ...]]]:
    """For each knot of circles the sets of demands whose relaxing ends it, the smallest first."""
    knots: list[set[str]] = []
    for cycle in deadlocks:
        joining = [k for k in knots if k & set(cycle)]
        knots = [k for k in knots if k not in joining] + [set(cycle).union(*joining)]
    out = []
    for knot in knots:
        options = dict.fromkeys(tuple(d for d in s if d in knot) for s in relaxations)
        smallest = [o for o in options if o and not any(set(p) < set(o) for p in options if p)]
        out.append(sorted(smallest, key=len))
    return [options for options in out if options]


def _least_firm(naming: Naming, options: Sequence[tuple[str, ...]]) -> set[str]:
    """The demands of the least firm way out of a knot; where several are equally firm, of all of them."""
    firm = {d.id: _FIRMNESS[d.firm] for d in naming.case.demands}
    rank = {o: (max(firm[d] for d in o), sum(firm[d] for d in o)) for o in options}
    return {d for o in options if rank[o] == min(rank.values()) for d in o}


def _firmness(firm: str | None, way_out: bool) -> str:
    said = [f"firmness: {firm}"] if firm else []
    said += ["part of the least firm way out"] if way_out else []
    return f"{sentence(', '.join(said))}." if said else ""


def _way_out(naming: Naming, options: Sequence[tuple[str, ...]]) -> str:
    place = {d.id: n for n, d in enumerate(naming.case.demands, start=1)}
    about = {d.id: d for d in naming.case.demands}

    def one(d: str) -> str:
        firm = about[d].firm
        return f"demand {place[d]} ({naming.party(about[d].by)}{f', firm: {firm}' if firm else ''})"

    ordered = sorted(options[:MOST], key=lambda o: [place[d] for d in o])
    more = [f"{len(options) - MOST} more sets"] if len(options) > MOST else []
    told = [joined([one(d) for d in sorted(o, key=place.__getitem__)]) for o in ordered] + more
    several = any(len(o) > 1 for o in options)
    return sentence("; or ".join(told) if several else joined(told, "or")) + "."


def _acts(naming: Naming, measures: tuple[str, ...]) -> str:
    return joined([quoted(naming.title(m)) for m in measures])


def orders(diagnosis: Diagnosis, naming: Naming) -> Iterator[Part]:
    """How far each stated order gets."""
    if diagnosis.orders:
        rows = []
        for trial in diagnosis.orders:
            verdict, why = order(trial, naming)
            by = joined([naming.names[naming.place[p]] for p in trial.by])
            rows.append((trial.title, by, "yes" if trial.holds else "no", f"{verdict}. {why}"))
        yield Table.of("Stated orders, tried as they stand", ("Order", "By", "Holds", "Why"), rows)


def order(trial: OrderTrial, naming: Naming, keys: Keys | None = None) -> tuple[str, str]:
    """How far a stated order gets, in a few words, and the row that breaks, in a sentence. keys : of that row."""
    row = trial.breaks_at
    if row is None:
        return "It would hold", "No party would gain by stopping or cheating in any phase."
    verdict = f"It would hold for {naming.pace.span(row.phase)}" if row.phase else "It would not hold from the start"
    return verdict, row_sentence(row, naming, trial.roadmap, trust=trust_at(row, trial.certificate), keys=keys)


def show_concessions(found: Concessions, case: Case) -> Iterator[Part]:
    """What is possible without giving way, what that leaves out, and what each concession would add, for whom."""
    name = {i: spec.name for i, spec in case.parties.items()}
    steps, most = found.kept.roadmap.length, found.best.roadmap.length
    here = f"Without giving way a roadmap of {steps} steps holds" if found else "Without giving way there is no roadmap"
    there = f"one of {most} steps" if found.best else "there is none either: `detente diagnose` says why"
    yield strong(f"{here}; if all demands were relaxed, {there}.")
    worth = Table("Gain over no deal, each in its own units", "Party", "Without giving way", "All demands relaxed", "Share")
    for i, share in found.share.items():
        kept, best = (plan.certificate.gain[i] for plan in (found.kept, found.best))
        worth.add(name[i], signed_figure(kept), signed_figure(best), "-" if share is None else percent(share))
    yield worth
    if found.left_out:
        yield f"Left out: {'; '.join(map(case.measure_title, found.left_out))}."
    out = Table("What giving up demands would add to that, all others kept", "Given up", "Steps", *name.values())
    for c in found.relaxed:
        adds = (signed_figure(x) if abs(x) > _NOTHING else "0" for x in c.adds.values())
        out.add("\n".join(c.demands), str(c.plan.roadmap.length), *adds)
    yield out
    rows = ((d.id, f"{demand(d, Naming(case))} {_firmness(d.firm, False)}") for d in case.demands)
    yield Table.of("The demands", ("", "Demand"), rows, whole=(0,))
    if not found.complete:
        yield quiet("There are more minimal relaxations than are listed here.")
