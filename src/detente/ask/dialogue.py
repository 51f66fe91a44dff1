"""Asking in a terminal, or of a file with a line an answer: one question after the other until nothing has to be asked. Then it
is said why, and what the next question could at most have changed; whoever wants to goes on all the same.

At any prompt: q stops; u goes one step back, within a number to its part before, else it takes the last answer back; ? says
that it cannot be said; an empty line asks again. What was answered is kept at once, so whatever ends the dialogue loses
nothing. Lines that end (a pipe, Ctrl-D) stop it like q.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from detente.ask.answers import ALONE, given
from detente.ask.questions import LEAST_SURE, SAME, Question
from detente.ask.session import Session, State
from detente.ask.telling import ABOUT, show_change, show_played_again, show_state, stopped
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.base.parts import Part

__all__ = ["dialogue"]

Read = Callable[[str], str | None]
"""Shows a prompt and gives the line that was written; None: there are no more."""
Show = Callable[[Iterable["Part"]], None]
_PARTS = (
    ("low", "Lowest it could be: "),
    ("high", "Highest it could be: "),
    ("best", "Best guess: "),
    ("sure", "How sure that it lies between these two (50 to 100%): "),
)


class _StopError(Exception):
    """Whoever answers has had enough."""


class _BackError(Exception):
    """One step back."""


def dialogue(session: Session, read: Read, say: Callable[[str], None], show: Show) -> State:
    """Ask until nothing is left to ask or whoever answers stops; the state in the end."""
    state, regardless = session.state(), False
    show(show_state(session, state))
    try:
        while True:
            found = session.next(state) or (next(iter(state.scored), None) if regardless else None)
            if found is None:
                if regardless or not _goes_on(session, state, read, say):
                    break
                regardless = True
                continue
            about = f"to tell {ABOUT[found.about]}; " if found.saves else ""
            say(f"\nQuestion {len(state.made.answered) + 1} ({about}about {found.minutes:g} min). {found.question.text}")
            try:
                answer = _answered(found.question, read, say)
                why = "" if answer is None else _line(read, "Why (Enter: not said): ", empty=True)
                said = {"id": found.question.id, "answer": None if why == "?" else answer, "because": why.strip("? ")}
                session.answer(given(said, "answer", by=session.who or ALONE))
            except _BackError:
                _taken_back(session, say)
            except InputError as err:
                say(str(err))
                continue
            before, state = state, session.state()
            if found.question.places:
                show(show_change(session, before, state))
    except _StopError:
        say("\nStopped; what was answered is kept.")
    if state.made.answered:
        show(show_played_again(session, state))
    say(f"Answers: {session.file.path}. To write the case with them: the same command with -o FOLDER/{session.case.case}.yaml")
    return state


def _goes_on(session: Session, state: State, read: Read, say: Callable[[str], None]) -> bool:
    """Whether it is gone on with what does not have to be asked."""
    say(f"\n{stopped(session, state)}")
    if not state.scored:
        return False
    while True:
        line = _line(read, "Go on all the same? y, or Enter to stop: ", empty=True).lower()
        if line in ("y", "yes", "", "n", "no"):
            return line.startswith("y")
        say(f"got {line!r}, wanted y or n")


def _taken_back(session: Session, say: Callable[[str], None]) -> None:
    try:
        say(f"Taken back: {session.undo().id}")
    except InputError as err:
        say(str(err))


def _answered(question: Question, read: Read, say: Callable[[str], None]) -> Any:
    if question.kind != "number":
        names = [f"{n}: {x}" for n, x in enumerate(question.options, 1)]
        return _one_of(question, read, say, f"{', '.join(names)}; ?: cannot say: ".replace(SAME, "about the same"))
    found = dict[str, float]()
    while len(found) < len(_PARTS):
        part, prompt = _PARTS[len(found)]
        try:
            line = _line(read, prompt)
        except _BackError:
            if not found:
                raise
            found.popitem()
            continue
        if line == "?":
            return None
        x = _number(line)
        wrong = "wanted a number such as 0.35" if x is None else _wrong(part, x, found)
        if wrong or x is None:
            say(f"got {line!r}, {wrong}")
        else:
            found[part] = x / 100 if part == "sure" and x > 1 else x
    return {**found}


def _wrong(part: str, x: float, found: dict[str, float]) -> str:
    if part == "high" and x < found["low"]:
        return f"wanted at least the lowest, {found['low']:g} (u: put in the lowest again)"
    if part == "best" and not found["low"] <= x <= found["high"]:
        return f"wanted a number from {found['low']:g} to {found['high']:g} (u: move the ends)"
    if part == "sure" and not (LEAST_SURE <= x <= 1 or 100 * LEAST_SURE <= x <= 100):
        return "wanted 50 to 100 (percent): who is less sure widens the range"
    return ""


def _one_of(question: Question, read: Read, say: Callable[[str], None], prompt: str) -> str | None:
    while True:
        line = _line(read, prompt)
        if line == "?":
            return None
        if line in question.options:
            return line
        if line.isdecimal() and 1 <= int(line) <= len(question.options):
            return question.options[int(line) - 1]
        say(f"got {line!r}, wanted 1 to {len(question.options)}, ? or q")


def _line(read: Read, prompt: str, *, empty: bool = False) -> str:
    """The next line that says something."""
    while True:
        line = read(prompt)
        if line is None or line.strip().lower() in ("q", "quit"):
            raise _StopError
        if line.strip().lower() == "u":
            raise _BackError
        if line.strip() or empty:
            return line.strip()


def _number(line: str) -> float | None:
    found = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*%?", line)
    return float(found[1]) if found else None
