"""A new roadmap from where things stand, and the table of contingencies, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import count, figure, number
from detente.case.case import Case
from detente.case.naming import Naming, NamingIn
from detente.plan.roadmap import Roadmap
from detente.plan.sentences import row_sentence, trust_at
from detente.plan.telling import show_certificate, show_plan
from detente.prepare.answers import Answer
from detente.prepare.contingency import Contingency, Preparation
from detente.prepare.grouped import grouped
from detente.prepare.replan import Change, News, Replan
from detente.prepare.wording import ANSWER, EVENT, ODDS_LEFT, cause_of, deterred, guessed, means, no_return, odds_left, paying

__all__ = ["show_preparation", "show_replan"]


def show_replan(found: Replan, case: Case) -> Iterator[Part]:
    """What was taken for granted, what was learnt, what changed, then the plan."""
    yield strong(f"From phase {found.phase} on, {case.phase_date(found.phase)}.")
    for note in found.notes:
        yield f"Note: {note}."
    for news in found.news:
        yield _news(news, case)
    if found.changes:
        out = Table("Against the old roadmap", "Measure", "Was", "Is", "Why")
        for change in found.changes:
            out.add(case.measure_title(change.measure), _phase(change.old), _phase(change.new), _why(change, found, case))
        yield out
    since = replace(found.plan.roadmap, entry={m: e for m, e in found.kept.items() if e >= 0})
    if since.length:
        yield f"In force by now, and kept: {count(since.length, 'step')} taken since phase 0, and what was in force before."
    ahead = {m: -1 if m in found.kept else e for m, e in found.plan.roadmap.entry.items()}
    roadmap = Roadmap(found.plan.roadmap.case, found.plan.roadmap.phases, ahead)
    yield from show_plan(replace(found.plan, roadmap=roadmap), case)


def _phase(phase: int | None) -> str:
    return "never" if phase is None else str(phase)


def _why(change: Change, found: Replan, case: Case) -> str:
    if change.because == "missed":
        return "Its old phase is past."
    if change.row is None:
        return "No row forbids the old phase; the objective does not gain by it."
    plan = found.plan
    return row_sentence(change.row, NamingIn(case, plan.instance), plan.roadmap.moved(change.measure, change.old))


def _news(news: News, case: Case) -> str:
    if news.unknown:
        titles = ", ".join(case.measures[m].title for m in news.unknown)
        learnt = f"the case gives no rate at which {titles} fails though meant, so no loss of trust is counted for it"
        if news.factor != 1:
            learnt += f", and for the rest the odds were multiplied by {number(news.factor)}"
    elif news.factor == 1:
        learnt = "what it missed carries no signal, so it says nothing about trust"
    else:
        learnt = f"the odds in it were multiplied by {number(news.factor)}"
    if news.break_even is None:
        stands = "the answer stands at no odds in it"
    elif news.break_even == 0:
        stands = "the answer stands whatever trust in it is left"
    else:
        stands = f"the answer stands as long as at least {number(news.break_even)} of the earlier odds are left"
    return f"{case.parties[news.party].name}: {learnt}; {stands}."


# -- contingencies -------------------------------------------------------------------------------------------------------------

_REASON = {
    "holds": "it holds, and no other answer is worth more to the others",
    "worth_more": "worth more to the others than a milder answer that holds",
    "only": "no milder answer holds and deters",
    "bound": "it deters; the others would rather let it pass, so they have to bind themselves before",
}


def show_preparation(found: Preparation, case: Case, *, detail: bool = False) -> Iterator[Part]:
    """The table of contingencies and the points of no return; with `detail` each contingency with its four answers."""
    if found.breaks is not None and not found:
        yield strong("Nothing to prepare for: the roadmap does not hold as it stands.")
        yield from show_certificate(found.certificate, found.roadmap, Naming(case))
        return
    if not found:
        why = "no step is due there" if detail else "the roadmap brings in no step, and nothing is in force"
        yield strong(f"Nothing to prepare for: {why} that could be missed or taken back, and no risk strikes.")
        return
    yield strong("Under these values, each answer checked row by row in exact arithmetic.")
    if found.breaks is not None:
        row = row_sentence(found.breaks, Naming(case), found.roadmap, trust=trust_at(found.breaks, found.certificate))
        yield f"The roadmap holds until {_date(found.breaks.phase, case)}. {row} From there on, step by step:"
    if detail:
        for c in found.contingencies:
            yield from _contingency(c, found, case)
    else:
        yield _table_of(found, case)
    naming, given = Naming(case), {c.answer for c in found.contingencies}
    yield quiet("\n".join(f"{name}: {text}." for name, text in means(given)))
    if not detail:
        yield quiet(f"Odds left: {ODDS_LEFT}.")
    if doubt := guessed(list(found.contingencies)):
        yield quiet(doubt)
    yield from deterred(found, naming)
    yield from paying(found, naming)
    yield strong("Points of no return, each in the party’s own units")
    yield "\n".join(no_return(found, naming))
    if found.left_out:
        yield strong(f"{found.left_out} events more were not answered in the time; allow more with --time-limit.")


def _table_of(found: Preparation, case: Case) -> Part:
    naming = Naming(case)
    out = Table("", "If", "Who", "Steps due", "Answer", "Odds left", "Can be mended until")
    last = ""
    for entry in grouped(found.contingencies):
        what = _what(entry.event, entry.risk, entry.runs[0].contingencies[0], naming)
        what = what if entry.step is None else f"{case.measure_title(entry.step)}: {what}"
        who = ", ".join(naming.names[naming.place[i]] for i in entry.parties)
        until = "never" if entry.until is None else _date(entry.until, case)
        for n, run in enumerate(entry.runs):
            when = _date(run.first, case) + ("" if run.first == run.last else f" to {_date(run.last, case)}")
            least = odds_left(run.answer, run.least) or "-"
            first = n == 0
            out.add("" if what == last else what, who if first else "", when, ANSWER[run.answer], least, until if first else "")
            last = what
    return out


def _what(event: str, risk: str | None, c: Contingency, naming: Naming) -> str:
    told = EVENT[event]
    if event == "delayed":
        told = "too late" if c.event.comes is None else f"{count(c.event.comes - c.event.phase, 'phase')} late"
    cause = "" if risk is None else cause_of(risk, naming)
    return f"{told} ({cause})" if cause else told


def _date(phase: int, case: Case) -> str:
    return "in force today" if phase < 0 else str(case.phase_date(phase))


def _contingency(c: Contingency, found: Preparation, case: Case) -> Iterator[Part]:
    event = c.event
    naming = Naming(case)
    who = ", ".join(naming.names[naming.place[i]] for i in event.parties)
    steps = "; ".join(case.measure_title(m) for m in event.measures)
    line = f"{who}: {_what(event.event, event.risk, c, naming)}, phase {event.phase}, {_date(event.phase, case)}"
    yield strong(f"{line}: {steps}" if steps else line)
    yield f"Known in phase {event.known}. Answer: {ANSWER[c.answer]} ({_REASON[c.why]}).{_learnt(c, case)}"
    out = Table("", "Answer", "Holds", *(case.parties[i].name for i in found.no_return), "First row that breaks")
    for key, answer in c.answers.items():
        holds = {True: "yes", False: "no", None: "not needed"}[answer.holds]
        values = ["-" if answer.value is None else figure(answer.value[i]) for i in found.no_return]
        out.add(ANSWER[key], holds, *values, _breaks(answer, found, case))
    yield out
    changed = c.answers[c.answer].entry or {}
    moved = {m: e for m, e in changed.items() if e != found.roadmap.entry[m]}
    if moved:
        told = ", ".join(f"{case.measure_title(m)}: {_phase(found.roadmap.entry[m])} to {_phase(e)}" for m, e in moved.items())
        yield f"Phases that change: {told}."


def _breaks(answer: Answer, found: Preparation, case: Case) -> str:
    """The first row of an answer that breaks."""
    if answer.row is None:
        return ""
    roadmap = replace(found.roadmap, entry={**found.roadmap.entry, **(answer.entry or {})})
    return row_sentence(answer.row, Naming(case), roadmap)


def _learnt(c: Contingency, case: Case) -> str:
    parts = []
    if c.unknown:
        titles = ", ".join(case.measures[m].title for m in c.unknown)
        parts.append(f" The case gives no rate at which {titles} fails though meant: no loss of trust is counted for it.")
    if c.factor != 1:
        parts.append(f" Odds multiplied by {number(c.factor)}.")
    if c.latest is not None:
        parts.append(f" May come as late as phase {c.latest} with the rest as scheduled.")
    return "".join(parts)
