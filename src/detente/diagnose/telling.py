"""A diagnosis as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import percent, signed_figure
from detente.case.case import Case
from detente.diagnose.concessions import Concessions, shares_of_gain
from detente.diagnose.result import Diagnosis
from detente.plan.result import Plan
from detente.plan.telling import how_it_ended, row_in_words

__all__ = ["VERDICTS", "show_concessions", "show_diagnosis"]

_NOTHING = 1e-6  # of a party's units: what two searches for the same roadmap may differ by

VERDICTS = {
    "no-zone": "There is nothing to agree on: no set of measures makes somebody better off and nobody worse off.",
    "commitment": "There is something to agree on, but nothing that would be kept.",
    "distrust": "A roadmap would be kept, but nobody would dare to begin.",
    "order": "The interests allow a roadmap; what stands in the way is the order: each demands that the other moves first.",
    "unsettled": "What stands in the way was not found out within the limits; allow more with --time-limit.",
    "open": "Nothing in the case stands in the way of a roadmap.",
}


def show_diagnosis(diagnosis: Diagnosis, case: Case) -> Iterator[Part]:
    """Verdict, the four questions, the deadlocks and what would resolve them, the stated orders."""
    yield strong(f"{VERDICTS[diagnosis.verdict]} (Under the values of the case.)")
    mark = {True: "yes", False: "no", None: "-"}
    questions = Table("", "Question", "Answer", "Finding")
    for q in diagnosis.questions:
        questions.add(
            q.asked, "not known" if q.figures.get("known") is False and q.answer is None else mark[q.answer], q.finding
        )
    yield questions
    if ended := how_it_ended(diagnosis.method):
        yield ended
    if diagnosis.kept is not None and diagnosis.plan is not None:
        yield _without_giving_way(diagnosis.kept, diagnosis.plan, case)
    if diagnosis.deadlocks:
        yield _demands("Deadlocks: these demands contradict each other", diagnosis.deadlocks, case)
        yield _demands("Relaxing any one of these sets of demands leaves no deadlock", diagnosis.relaxations, case)
    if not diagnosis.complete:
        yield quiet("There are more deadlocks or relaxations than are listed here.")
    if diagnosis.orders:
        name = {i: spec.name for i, spec in case.parties.items()}
        orders = Table("Stated orders, tried as they stand", "Order", "By", "Holds", "First row that it breaks")
        for trial in diagnosis.orders:
            row = trial.breaks_at
            text = "" if row is None else f"{case.phase_date(row.phase)}: {row_in_words(row, case, name)}"
            orders.add(trial.title, ", ".join(name[i] for i in trial.by), mark[trial.holds], text)
        yield orders


def _without_giving_way(kept: Plan, best: Plan, case: Case) -> str:
    steps, most = kept.roadmap.length, best.roadmap.length
    if not kept:
        return f"Without giving way there is no roadmap; see `detente concessions {case.case}`."
    shares = [(case.parties[i].name, x) for i, x in shares_of_gain(kept, best).items() if x is not None]
    gains = ", ".join(f"{percent(x)} of the gain of {name}" for name, x in shares)
    return (
        f"Without giving way a roadmap of {steps} steps holds, in place of {most}, with {gains}. "
        f"What each concession would add: `detente concessions {case.case}`."
    )


def show_concessions(found: Concessions, case: Case) -> Iterator[Part]:
    """What is possible without giving way, what that leaves out, and what each concession would add, for whom."""
    name = {i: spec.name for i, spec in case.parties.items()}
    steps, most = found.kept.roadmap.length, found.best.roadmap.length
    here = f"Without giving way a roadmap of {steps} steps holds" if found else "Without giving way there is no roadmap"
    there = f"one of {most} steps" if found.best else "there is none either: `detente diagnose` says why"
    yield strong(f"{here}; if all demands were relaxed, {there}.")
    worth = Table("Gain over no deal, each in its own units", "Party", "Without giving way", "All demands relaxed", "Share")
    for i, share in found.share.items():
        kept, best = (plan.value[i] - plan.no_deal[i] for plan in (found.kept, found.best))
        worth.add(name[i], signed_figure(kept), signed_figure(best), "-" if share is None else percent(share))
    yield worth
    if found.left_out:
        yield f"Left out: {'; '.join(map(case.measure_title, found.left_out))}."
    out = Table("What giving up demands would add to that, all others kept", "Given up", "Steps", *name.values())
    for c in found.relaxed:
        adds = (signed_figure(x) if abs(x) > _NOTHING else "0" for x in c.adds.values())
        out.add("\n".join(c.demands), str(c.plan.roadmap.length), *adds)
    yield out
    yield _demands("The demands", tuple((d.id,) for d in case.demands), case, tuple(d.id for d in case.demands))
    if not found.complete:
        yield quiet("There are more minimal relaxations than are listed here.")


def _demands(title: str, sets: tuple[tuple[str, ...], ...], case: Case, names: tuple[str, ...] | None = None) -> Part:
    """Sets of demands, each under its name, or numbered."""
    by_id = {d.id: d for d in case.demands}
    out = Table(title, "", "Who", "Demands first", "Before", "Firm")
    for number, chosen in enumerate(sets, 1):
        for n, each in enumerate(chosen):
            d = by_id[each]
            first, before = ("; ".join(case.measure_title(m) for m in ms) for ms in (d.first, d.before))
            called = names[number - 1] if names else str(number)
            out.add(called if n == 0 else "", case.parties[d.by].name, first, before, d.firm or "")
    return out
