"""A diagnosis as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.case import Case
from detente.case.show import ruled
from detente.diagnose.result import Diagnosis
from detente.plan.show import row_in_words

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["VERDICTS", "show_diagnosis"]

VERDICTS = {
    "no-zone": "There is nothing to agree on: no set of measures leaves every party above no deal.",
    "commitment": "There is something to agree on, but nothing that would be kept.",
    "distrust": "A roadmap would be kept, but nobody would dare to begin.",
    "order": "The interests allow a roadmap; what stands in the way is the order: each demands that the other moves first.",
    "unsettled": "What stands in the way was not found out within the limits; allow more with --time-limit.",
    "open": "Nothing in the case stands in the way of a roadmap.",
}


def show_diagnosis(diagnosis: Diagnosis, case: Case) -> Iterator[RenderableType]:
    """Verdict, the four questions, the deadlocks and what would resolve them, the stated orders."""
    from rich.text import Text

    yield Text(f"{VERDICTS[diagnosis.verdict]} (Under the values of the case.)", style="bold")
    mark = {True: "yes", False: "no", None: "-"}
    questions = ruled("", "Question", "Answer", "Finding")
    for q in diagnosis.questions:
        questions.add_row(
            q.asked, "not known" if q.figures.get("known") is False and q.answer is None else mark[q.answer], q.finding
        )
    yield questions
    if diagnosis.method.get("time_limit_struck"):
        yield Text("The time limit ended the search: on a faster machine, or with more time, it may find more.")
    if diagnosis.deadlocks:
        yield _demands("Deadlocks: these demands contradict each other", diagnosis.deadlocks, case)
        yield _demands("Relaxing any one of these sets of demands leaves no deadlock", diagnosis.relaxations, case)
    if not diagnosis.complete:
        yield Text("There are more deadlocks or relaxations than are listed here.", style="dim")
    if diagnosis.orders:
        name = {i: spec.name for i, spec in case.parties.items()}
        orders = ruled("Stated orders, tried as they stand", "Order", "By", "Holds", "First row that it breaks")
        for trial in diagnosis.orders:
            row = trial.breaks_at
            text = "" if row is None else f"{case.phase_date(row.phase)}: {row_in_words(row, case, name)}"
            orders.add_row(trial.title, ", ".join(name[i] for i in trial.by), mark[trial.holds], text)
        yield orders


def _demands(title: str, sets: tuple[tuple[str, ...], ...], case: Case) -> RenderableType:
    by_id = {d.id: d for d in case.demands}
    out = ruled(title, "", "Who", "Demands first", "Before", "Firm")
    for number, chosen in enumerate(sets, 1):
        for n, each in enumerate(chosen):
            d = by_id[each]
            first, before = ("; ".join(case.measure_title(m) for m in ms) for ms in (d.first, d.before))
            out.add_row(str(number) if n == 0 else "", case.parties[d.by].name, first, before, d.firm or "")
    return out
