"""A plan, or the check of a roadmap, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from detente.base.parts import Part, Table, strong
from detente.base.words import count, figure, level_percent, runs, signed_figure
from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.naming import Naming, NamingIn
from detente.plan.certificate import Certificate, Row
from detente.plan.reasons import reason_sentence
from detente.plan.roadmap import Roadmap
from detente.plan.sentences import row_sentence
from detente.plan.steps import Step, numbered

if TYPE_CHECKING:
    from detente.plan.result import Plan

__all__ = ["NOTHING", "checked", "dated", "how_it_ended", "in_short", "show_certificate", "show_plan"]

NOTHING = {
    "rows": "No roadmap leaves somebody better off and nobody worse, is kept by all, and asks nobody for more trust than there "
    "is. What stops each measure by itself is listed.",
    "required": "No roadmap that would hold brings what is required into force by the last phase.",
    "today": "What is already in force would not be kept as it stands, so that nothing can be built on it.",
    "limit": "The search ended before it found a roadmap. More time may find one (--time-limit): this is no proof that there "
    "is none.",
}
"""Why there is no roadmap."""


def how_it_ended(method: Mapping[str, object] | None) -> str | None:
    """What a limit has cut short, for whoever reads the answer; None: nothing."""
    if (method or {}).get("time_limit_struck"):
        return "The time limit ended the search: on a faster machine, or with more time, it may find more."
    if (method or {}).get("work_limit_struck"):
        return "The usual limit of work ended the search, the same on every machine: with --time-limit it may find more."
    return None


def show_plan(plan: Plan, case: Case, headline: str | None = None, *, played: bool = False) -> Iterator[Part]:
    """Status, the steps by date with their reasons, what does not enter, values, the certificate, how sure it is.

    headline : in place of the status. played : see `reason_sentence`.
    """
    naming = NamingIn(case, plan.instance)
    reasons = {r.measure: reason_sentence(r, plan, naming, played=played) for r in plan.reasons}
    yield strong(headline if headline and plan else in_short(plan))
    if plan:
        yield _steps(plan, case, reasons)
    if ended := how_it_ended(plan.method):
        yield ended
    never = [r for r in plan.reasons if r.phase is None]
    if never:
        out = Table("What does not enter", "Measure", "What stops it")
        for reason in never:
            out.add(case.measure_title(reason.measure), reasons[reason.measure])
        yield out
    yield _values(plan)
    yield from show_certificate(plan.certificate, plan.roadmap, naming)
    if plan.holds is not None:
        from detente.plan.draws.telling import show_held

        yield from show_held(plan.holds, case)


def show_certificate(certificate: Certificate, roadmap: Roadmap, naming: Naming) -> Iterator[Part]:
    """Whether the rows hold: the narrowest of each party; or each kind of row that is broken, once for each party."""
    yield strong(checked(certificate))
    if certificate.holds:
        out = Table("", "Phase", "Row", "Slack")
        for row in certificate.narrowest.values():
            out.add(str(row.phase), row_sentence(row, naming, roadmap), signed_figure(row.slack))
        if out.rows:
            yield out
        return
    out = Table("", "Phases", "From", "Worst of these rows", "Slack")
    for rows in _alike(certificate.broken):
        worst = min(rows, key=lambda r: r.slack)
        phases = runs(sorted({r.phase for r in rows}))
        dates = "\n".join(_dates(naming.case, first, last) for first, last in phases)
        numbers = "\n".join(str(first) if first == last else f"{first}-{last}" for first, last in phases)
        out.add(numbers, dates, row_sentence(worst, naming, roadmap), signed_figure(worst.slack))
    yield out


def _alike(rows: Sequence[Row]) -> list[list[Row]]:
    """Broken rows by kind: whose, toward whom, stopping openly or cheating; of a measure its own. The earliest first."""
    kinds: dict[object, list[Row]] = {}
    for row in rows:
        kinds.setdefault((row.row, row.party, row.toward, row.measure, row.row == "incentive" and row.lag == 0), []).append(row)
    return list(kinds.values())


def _dates(case: Case, first: int, last: int) -> str:
    if last == case.phases.count:
        return f"{case.phase_date(first)} on"
    return str(case.phase_date(first)) if first == last else f"{case.phase_date(first)} to {case.phase_date(last)}"


def in_short(plan: Plan) -> str:
    """How many steps and how good, or why there are none."""
    return f"{_status(plan)} Objective: {plan.objective}." if plan else NOTHING[plan.nothing_because or "rows"]


def checked(certificate: Certificate) -> str:
    """Whether the rows hold, and how many there are."""
    if certificate.holds:
        return f"The roadmap holds: {certificate.rows} rows checked in exact arithmetic."
    return f"The roadmap does not hold: {len(certificate.broken)} of {certificate.rows} rows are broken."


def _status(plan: Plan) -> str:
    steps = plan.roadmap.length
    roadmap = f"A roadmap of {count(steps, 'step')}"
    if plan.status == "optimal" and not plan.gap:
        return f"{roadmap}, proved the best."
    if plan.holds is not None and plan.holds.search is not None and plan.gap is not None:
        return f"{roadmap}; another, less sure ones included, could at most be better by {level_percent(plan.gap)}."
    gap = "an unknown share" if plan.gap is None else level_percent(plan.gap)
    return f"{roadmap}; another could at most be better by {gap}."


def _steps(plan: Plan, case: Case, reasons: Mapping[str, str]) -> Part:
    """The steps; of slices that enter together, why the first does not come sooner: the others wait for it."""
    out = Table("", "Phase", "From", "By", "Step", "Why not sooner")
    for step, *cells in dated(numbered(plan.instance, plan.roadmap), plan.instance, case):
        out.add(*cells, step.title, next((reasons[m] for m in step.measures if m in reasons), ""))
    return out


def dated(steps: Iterable[Step], instance: Instance, case: Case) -> Iterator[tuple[Step, str, str, str]]:
    """Steps with their phase and its date, told once for those that enter together, and with who takes them."""
    before = -1
    for step in steps:
        when = ("", "") if step.phase == before else (str(step.phase), str(case.phase_date(step.phase)))
        yield step, *when, ", ".join(instance.parties[n].name for n in step.actors)
        before = step.phase


def _values(plan: Plan) -> Part:
    out = Table("Worth from today on, each in its own units", "Party", "Roadmap", "No deal", "Gain")
    for i, value in plan.value.items():
        no_deal = plan.no_deal[i]
        out.add(plan.instance.party[i].name, figure(value), figure(no_deal), signed_figure(value - no_deal))
    return out
