"""A recommendation as tables for the terminal: the roadmap itself, then the others and their prices."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table
from detente.base.wording import some
from detente.base.words import count, figure, percent, rounded
from detente.case.case import Case
from detente.compare.telling import expected_gains
from detente.plan.telling import show_plan
from detente.recommend.late import LateStep
from detente.recommend.result import RECOMMENDED, Alternative, Recommendation
from detente.recommend.wording import BY_CONDITION, late_in_words

__all__ = ["show_recommendation"]

_MISSED = {
    "reach": "No roadmap was found that carries out as many provisions as --reach asks for; this one comes closest.",
    "slack": "No roadmap was found in which every party can bear a late step as --slack asks; this one comes closest.",
}


def show_recommendation(made: Recommendation, case: Case) -> Iterator[Part]:
    """What is recommended and why, its steps, reasons, values and certificate; then the alternatives."""
    chosen = made.alternatives.get(made.which) or made.alternatives.get(RECOMMENDED)
    if chosen is None:
        yield from show_plan(made, case)
        return
    yield from show_plan(made, case, headline=_headline(made, chosen))
    yield _fared(made)
    if chosen.late is not None:
        yield _late(chosen.late, case)
    if len(made.alternatives) > 1:
        yield _prices(made, case)
    for name, a in made.alternatives.items():
        yield f"{name}. {a.prefer}"
    for asked in made.missed:
        yield _MISSED[asked]
    if made.unmet:
        yield f"The recommended roadmap does not meet the firm demand {some(made.unmet)}."


def _headline(made: Recommendation, chosen: Alternative) -> str:
    steps = chosen.roadmap.length
    score = f"score {rounded(chosen.score[0], 2)} in plays"
    pace = f", {BY_CONDITION}" if chosen.by_condition else ""
    return f"The {chosen.name} roadmap: {count(steps, 'step')}{pace}, {score}. Objective: {made.objective}."


def _late(late: LateStep, case: Case) -> str:
    party = case.parties[late.party].name
    phases = "a phase" if late.phases == 1 else f"{late.phases} phases"
    return late_in_words(late, late.measure, phases, party, figure(abs(float(late.gain))))


def _fared(made: Recommendation) -> Part:
    out = Table("What may come", "Roadmap", "Steps", "Score", "Collapses", "Holds in", "Carried out", "Demands given up")
    for name, a in made.alternatives.items():
        out.add(
            name,
            str(a.roadmap.length),
            rounded(a.score[0], 2),
            percent(a.collapse[0]),
            percent(a.holds),
            percent(a.reach),
            ", ".join(a.given_up),
        )
    return out


def _prices(made: Recommendation, case: Case) -> Part:
    rows = [(n, a.gain if n == RECOMMENDED else a.gain_behind, n == RECOMMENDED) for n, a in made.alternatives.items()]
    return expected_gains(rows, {i: case.parties[i].name for i in made.instance.touched})
