"""What an answer to a missed step changes in the roadmap, in words: which steps are paused or held back, fall away, come later
or sooner, and what stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from detente.base.words import joined, quoted, ranged
from detente.brief.context import Context
from detente.plan.steps import Step
from detente.prepare.contingency import Contingency
from detente.prepare.wording import ANSWER

__all__ = ["answer_in_full"]

_NAMED = 2  # of more steps the numbers alone are told
_ANSWER = ANSWER | {"repair": "change the roadmap", "step_out": "step out, all parties"}
_UNTIL = ("suspend", "take_back")  # answers that wait for the missing step


@dataclass
class _Changed:
    """Steps by what becomes of them; `standing`: measures in force before the roadmap that are paused; `added`: that it has
    not, with their phases."""

    paused: list[Step] = field(default_factory=list)
    out: list[Step] = field(default_factory=list)
    later: list[tuple[Step, int]] = field(default_factory=list)
    sooner: list[tuple[Step, int]] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    added: dict[str, int] = field(default_factory=dict)


def answer_in_full(context: Context, c: Contingency, *, bound: bool = True) -> str:
    """The recommended answer and what it does to each step; what it does not name stays. bound : mark it with a star where it
    deters only if it has been promised."""
    name = f"{_ANSWER[c.answer]}{'*' if bound and c.ruling.binding else ''}"
    if c.answer == "step_out":
        return f"{name}."
    found = _changed(context, c)
    told = _held_back(context, found) if c.answer in _UNTIL else _rescheduled(context, found)
    return f"{name}: {'; '.join(told) or 'all else stays as it is'}."


def _changed(context: Context, c: Contingency) -> _Changed:
    entry, was, found = c.answers[c.answer].entry or {}, context.plan.roadmap.entry, _Changed()
    for step in context.steps:
        rest = [m for m in step.measures if m not in c.event.measures]
        now = [entry.get(m, step.phase) for m in rest]
        dates = [t for t in now if t is not None]
        if now.count(step.phase) == len(now):
            continue
        if step.phase < c.event.known:
            found.paused.append(step)
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


def _held_back(context: Context, found: _Changed) -> Iterator[str]:
    """Of an answer that waits."""
    waiting = sorted([*found.out, *(s for s, _ in found.later)], key=lambda s: s.number)
    if found.standing:
        yield f"pause {context.titles(found.standing, _NAMED)}, in force today"
    if found.paused:
        yield f"pause {_steps(found.paused)}"
    if waiting:
        yield f"hold back {_steps(waiting)}"


def _rescheduled(context: Context, found: _Changed) -> Iterator[str]:
    """Of an answer by which the roadmap goes on, as it is or changed."""
    if found.paused:
        yield f"{_named(found.paused)} {'stops' if len(found.paused) == 1 else 'stop'}"
    if found.out:
        yield f"{_named(found.out)} {'falls' if len(found.out) == 1 else 'fall'} away"
    for how, moved in (("later", found.later), ("sooner", found.sooner)):
        for phase in sorted({t for _, t in moved}):
            steps = [s for s, t in moved if t == phase]
            yield f"{_named(steps) if how == 'sooner' else _steps(steps)} {how}, {context.when(phase)}"
    for phase in sorted(set(found.added.values())):
        new = [whole for whole, t in found.added.items() if t == phase]
        yield f"{context.titles(new, _NAMED)} added, {context.when(phase)}"


def _steps(steps: Sequence[Step]) -> str:
    """ "steps 14 and 21 to 26"."""
    return f"{'step' if len(steps) == 1 else 'steps'} {ranged([s.number for s in steps])}"


def _named(steps: Sequence[Step]) -> str:
    """The same with their titles, where they are few: "step 24 (“Railways”)"."""
    return _steps(steps) if len(steps) > _NAMED else f"{_steps(steps)} ({joined([quoted(s.title) for s in steps])})"
