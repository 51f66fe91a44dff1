"""A plan, or the check of a roadmap, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.show import ruled
from detente.plan.certificate import Certificate, Row
from detente.plan.result import Plan, Reason

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["row_in_words", "show_certificate", "show_plan"]

_NOTHING = {
    "rows": "none that helps, leaving nobody worse off and somebody better, satisfies the rows",
    "required": "none that satisfies the rows brings what is required into force by the last phase",
    "today": "what is in force does not satisfy the rows any more",
    "limit": "the limits ended the search before one was found, or proved not to exist; allow more with --time-limit",
}


def show_plan(plan: Plan, case: Case, headline: str | None = None) -> Iterator[RenderableType]:
    """Status, the steps by date with their reasons, what does not enter, values, the certificate, how sure it is.

    headline : in place of the status.
    """
    from rich.text import Text

    name = {p.id: p.name for p in plan.instance.parties}
    if not plan:
        yield Text(f"No roadmap: {_NOTHING[plan.nothing_because or 'rows']}.", style="bold")
    else:
        yield Text(headline or f"{_status(plan)} Objective: {plan.objective}.", style="bold")
        yield _steps(plan, case, name)
    if (plan.method or {}).get("time_limit_struck"):
        yield Text("The time limit ended the search: on a faster machine, or with more time, it may find more.")
    never = [r for r in plan.reasons if r.phase is None]
    if never:
        out = ruled("What does not enter", "Measure", "What stops it")
        for reason in never:
            out.add_row(case.measure_title(reason.measure), _why(reason, case, name))
        yield out
    yield _values(plan, name)
    yield from show_certificate(plan.certificate, case)
    if plan.holds is not None:
        from detente.plan.draws.show import show_held

        yield from show_held(plan.holds, case)


def show_certificate(certificate: Certificate, case: Case, instance: Instance | None = None) -> Iterator[RenderableType]:
    """Whether the rows hold: the narrowest of each party; or each kind of row that is broken, once for each party.

    instance : where the roadmap is for another problem than the case's own, with supports say: that one.
    """
    from rich.text import Text

    name = {i: spec.name for i, spec in case.parties.items()}
    if certificate.holds:
        yield Text(f"The roadmap holds: {certificate.rows} rows checked in exact arithmetic.", style="bold")
        out = ruled("", "Phase", "From", "Row", "Slack")
        for row in certificate.narrowest.values():
            out.add_row(
                str(row.phase), str(case.phase_date(row.phase)), row_in_words(row, case, name), f"{float(row.slack):+.3g}"
            )
        yield out
        return
    broken = len(certificate.broken)
    yield Text(f"The roadmap does not hold: {broken} of {certificate.rows} rows are broken.", style="bold")
    out = ruled("", "Phases", "From", "Worst of these rows", "Slack")
    for rows in _alike(certificate.broken):
        worst = min(rows, key=lambda r: r.slack)
        phases = _spans(sorted({r.phase for r in rows}))
        dates = "\n".join(_dates(case, first, last) for first, last in phases)
        numbers = "\n".join(str(first) if first == last else f"{first}-{last}" for first, last in phases)
        out.add_row(numbers, dates, row_in_words(worst, case, name, instance), f"{float(worst.slack):+.3g}")
    yield out


def _alike(rows: Sequence[Row]) -> list[list[Row]]:
    """Broken rows by kind: whose, toward whom, stopping openly or cheating; of a measure its own. The earliest first."""
    kinds: dict[object, list[Row]] = {}
    for row in rows:
        kinds.setdefault((row.row, row.party, row.toward, row.measure, row.row == "incentive" and row.lag == 0), []).append(row)
    return list(kinds.values())


def _spans(phases: Sequence[int]) -> list[tuple[int, int]]:
    """Phases in a row as (first, last)."""
    spans: list[tuple[int, int]] = []
    for t in phases:
        if spans and t == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], t)
        else:
            spans.append((t, t))
    return spans


def _dates(case: Case, first: int, last: int) -> str:
    if last == case.phases.count:
        return f"{case.phase_date(first)} on"
    return str(case.phase_date(first)) if first == last else f"{case.phase_date(first)} to {case.phase_date(last)}"


def row_in_words(row: Row, case: Case, name: Mapping[str, str], instance: Instance | None = None) -> str:
    """A row as a sentence with its two sides. instance : see `show_certificate`."""
    left, right = f"{float(row.left):.3g}", f"{float(row.right):.3g}"
    who = name.get(row.party or "", "")
    if row.row == "incentive":
        way = "stepping out openly" if row.lag == 0 else f"cheating found out after {row.lag} phase{'s' * (row.lag != 1)}"
        return f"{who}: going on is worth {left}, {way} {right}"
    if row.row == "trust":
        other = name.get(row.toward or "", "")
        return f"{who}: risks {left} if {other} stops (noticed after {row.lag}), its trust allows {right}"
    if row.row == "doubt":
        other = name.get(row.toward or "", "")
        return f"{who}: cheating spares it {left} if {other} stops, and at its trust going on makes up for {right} of that"
    if row.row == "coalition":
        others = " and ".join(name[i] for i in row.together if i != row.party)
        return f"{who}: going on is worth {left}, stepping out together with {others} {right}"
    if row.row == "red_line":
        return f"{who}: risks {left} if {name.get(row.toward or '', '')} stops, its red line is {right}"
    title = case.measure_title(row.measure or "") if instance is None else instance.measure[row.measure or ""].title
    rules = {
        "prerequisite": f"{title}: enters in phase {left}, its prerequisites allow {right} at the earliest",
        "window": f"{title}: enters in phase {left}, outside its window, which ends or begins at {right}",
        "exclusion": f"{title}: cannot be in force together with a measure that is",
        "in_force": f"{title}: the roadmap and the case differ on whether it is in force today",
    }
    return rules[row.row]


def _status(plan: Plan) -> str:
    steps = plan.roadmap.length
    count = f"A roadmap of {steps} step{'s' * (steps != 1)}"
    if plan.status == "optimal" and not plan.gap:
        return f"{count}, proved the best."
    if plan.holds is not None and plan.holds.search is not None and plan.gap is not None:
        return f"{count}; another, less sure ones included, could at most be better by {_percent(plan.gap)}."
    gap = "an unknown share" if plan.gap is None else _percent(plan.gap)
    return f"{count}; another could at most be better by {gap}."


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:,.0f} %"


def _steps(plan: Plan, case: Case, name: Mapping[str, str]) -> RenderableType:
    reasons = {r.measure: r for r in plan.reasons}
    out = ruled("", "Phase", "From", "By", "Step", "Why not sooner")
    for t, step in enumerate(plan.roadmap.steps):
        for n, m in enumerate(step):
            by = ", ".join(name[a] for a in plan.instance.measure[m].actors)
            when = (str(t), str(case.phase_date(t))) if n == 0 else ("", "")
            why = _why(reasons[m], case, name) if m in reasons else ""
            out.add_row(*when, by, case.measure_title(m), why)
    return out


def _why(reason: Reason, case: Case, name: Mapping[str, str]) -> str:
    needs = ", ".join(case.measure_title(m) for m in reason.waits_for)
    also = f"needs {needs}; " if needs else ""
    if reason.because == "first":
        return "enters at once"
    if reason.because == "draws":
        return also + "it would hold in too few draws"
    if reason.row is None:
        return also + ("its window" if reason.because == "window" else "the objective does not gain by it")
    return also + row_in_words(reason.row, case, name)


def _values(plan: Plan, name: Mapping[str, str]) -> RenderableType:
    out = ruled("Worth from today on, each in its own units", "Party", "Roadmap", "No deal", "Gain")
    for i, value in plan.value.items():
        no_deal = plan.no_deal[i]
        out.add_row(name[i], f"{value:.3g}", f"{no_deal:.3g}", f"{value - no_deal:+.3g}")
    return out
