"""What an answer to a missed step changes in the roadmap, in words: which steps are suspended or wait, fall away, come later or
sooner, and what stays.

One word for one thing: a step that has been taken is *suspended*, one that is still to come *waits*, both until the missed step
has been seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from detente.base.words import joined, percent, quoted, ranged
from detente.brief.context import Context
from detente.plan.draws.telling import would
from detente.plan.steps import Step
from detente.prepare.contingency import Contingency
from detente.prepare.wording import ANSWER

__all__ = ["answer_in_full"]

_NAMED = 2  # of more steps the numbers alone are told
_ANSWER = ANSWER | {"repair": "change the roadmap", "step_out": "step out, all parties"}
_UNTIL = ("suspend", "take_back")  # answers that wait for the missing step


@dataclass
class _Changed:
    """Steps by what becomes of them; `standing`: measures in force before the roadmap that are suspended; `added`: that it has
    not, with their phases."""

    suspended: list[Step] = field(default_factory=list)
    out: list[Step] = field(default_factory=list)
    later: list[tuple[Step, int]] = field(default_factory=list)
    sooner: list[tuple[Step, int]] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    added: dict[str, int] = field(default_factory=dict)


def answer_in_full(context: Context, c: Contingency, *, numbers: bool = True) -> str:
    """The recommended answer and what it does to each step; what it does not name stays. numbers : mark it with a star where it
    deters only if it has been promised, and say why a roadmap is changed, which are reckoned from the values of single
    parties."""
    name = f"{_ANSWER[c.answer]}{'*' if numbers and c.ruling.binding else ''}"
    if c.answer == "step_out":
        return f"{name}."
    found = _changed(context, c)
    if c.answer in _UNTIL:
        return f"{name}{_suspended(context, found, _longer(context, c))}."
    why = _why(context, c) if numbers and c.answer == "repair" else ""
    return f"{name}: {'; '.join(_rescheduled(context, found)) or 'all else stays as it is'}.{why}"


def _changed(context: Context, c: Contingency) -> _Changed:
    entry, was, found = c.answers[c.answer].entry or {}, context.plan.roadmap.entry, _Changed()
    for step in context.steps:
        rest = [m for m in step.measures if m not in c.event.measures]
        now = [entry.get(m, step.phase) for m in rest]
        dates = [t for t in now if t is not None]
        if now.count(step.phase) == len(now):
            continue
        if step.phase < c.event.known:
            found.suspended.append(step)
        elif len(dates) < len(now):
            found.out.append(step)
        else:
            (found.later if max(dates) > step.phase else found.sooner).append((step, max(dates)))
    for m, t in entry.items():
        if (was[m] or 0) < 0 and t != was[m]:
            found.standing.append(m)
        if was[m] is None and t is not None:
            whole = context.instance.measure[m].whole
            found.added[whole] = min(t, found.added.get(whole, t))
    return found


def _longer(context: Context, c: Contingency) -> str:
    """How long an answer lasts beyond the sight of the missed step; nothing where it does not."""
    phases = c.answers[c.answer].longer
    if not phases:
        return ""
    figure, unit = context.pace.span(phases).split(" ")
    told = context.of(figure, f"{context.pace.n}*misses", _place(context, c), "answers", c.answer, "longer")
    return f"{told} {unit} longer"


def _place(context: Context, c: Contingency) -> int:
    return next(n for n, x in enumerate(context.misses) if x.event == c.event)


def _suspended(context: Context, found: _Changed, longer: str) -> str:
    """Of an answer that waits, behind its name."""
    waiting = sorted([*found.out, *(s for s, _ in found.later)], key=lambda s: s.number)
    what = [f"{context.titles(found.standing, _NAMED)}, in force today,"] if found.standing else []
    what += [_steps(found.suspended)] if found.suspended else []
    told = [f" {joined(what)}"] if what else []
    told += [f" {_steps(waiting)} {'waits' if len(waiting) == 1 else 'wait'}"] if waiting else []
    told += [f" {longer}"] if longer else []
    return ("" if what or not told else ":") + ";".join(told)


def _why(context: Context, c: Contingency) -> str:
    """Why the roadmap is changed: who would not keep to it as it was, and what the change does to whoever missed the step."""
    row, share = c.answers["tolerate"].row, c.break_even
    if row is None or row.party is None or c.ruling.deters is None or share is None:
        return ""
    gains = "gains nothing" if c.ruling.deters else "still gains"
    left = context.of(percent(share), "misses", _place(context, c), "break_even")
    return (
        f" Why: else {would(row.row, row.party, context)}; so changed, {context.party(c.ruling.party or '')} {gains} by the "
        f"miss. It holds with {left} of the odds of trust left."
    )


def _rescheduled(context: Context, found: _Changed) -> Iterator[str]:
    """Of an answer by which the roadmap goes on, as it is or changed."""
    if found.suspended:
        yield f"{_named(found.suspended)} {'stops' if len(found.suspended) == 1 else 'stop'}"
    if found.out:
        yield f"{_named(found.out)} {'falls' if len(found.out) == 1 else 'fall'} away"
    for how, moved in (("later", found.later), ("sooner", found.sooner)):
        for phase in sorted({t for _, t in moved}):
            steps = [s for s, t in moved if t == phase]
            yield f"{_steps(steps)} {how}, {context.when(phase)}"
    for phase in sorted(set(found.added.values())):
        new = [whole for whole, t in found.added.items() if t == phase]
        yield f"{context.titles(new, _NAMED)} added, {context.when(phase)}"


def _steps(steps: Sequence[Step]) -> str:
    """ "steps 14 and 21 to 26"."""
    return f"{'step' if len(steps) == 1 else 'steps'} {ranged([s.number for s in steps])}"


def _named(steps: Sequence[Step]) -> str:
    """The same with their titles, where they are few: "step 24 (“Railways”)"."""
    return _steps(steps) if len(steps) > _NAMED else f"{_steps(steps)} ({joined([quoted(s.title) for s in steps])})"
