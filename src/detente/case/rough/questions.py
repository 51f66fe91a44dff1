"""The questions of `detente case new`: a case in words, asked for one answer at a time.

An answer is a word of those that are offered, so much of its beginning that no other is meant, or its place in the list.
Nothing is taken for granted: where Enter alone is an answer, the question says in brackets which. A measure that does not fit
into the case so far is asked for again, from its title on.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from detente.base.legible import alike
from detente.base.wording import shown, suggestion
from detente.case.declared_ids import MOST_PHASES
from detente.case.load import read_case
from detente.case.rough.draft import (
    FIRMNESS,
    GRADES,
    LENGTHS,
    WORTHS,
    Draft,
    DraftDemand,
    DraftMeasure,
    DraftParty,
    unfit,
    written,
)
from detente.case.rough.entries import CLASSES, WORDS
from detente.errors import CaseError

__all__ = ["Answers", "UnusableError", "asked"]

T = TypeVar("T")
NO_MORE = "no more"


class UnusableError(ValueError):
    """An answer that cannot be used, and why."""


class Answers(Protocol):
    """Where answers come from and what is said between them."""

    def ask(self, question: str) -> str:
        """The answer to a question, as it was typed."""

    def say(self, text: str) -> None:
        """Say something beside the questions."""

    def refuse(self, why: str, answers: int = 1) -> None:
        """Say that the last answers cannot be used; raise, where nobody is there to give others."""


@dataclass
class _Asking:
    """The questions, put to whoever answers."""

    answers: Answers
    names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def until(self, question: str, read: Callable[[str], T]) -> T:
        """The first answer that can be used."""
        while True:
            try:
                return read(self.answers.ask(question).strip())
            except UnusableError as err:
                self.answers.refuse(str(err))

    def choice(self, question: str, words: Sequence[str], otherwise: str = "") -> str:
        """One of the words. otherwise : what Enter alone means."""
        return self.until(_prompt(question, otherwise), lambda given: _one_of(given or otherwise, words))

    def several(self, question: str, words: Sequence[str], otherwise: str = "") -> tuple[str, ...]:
        """One or more of the words, with commas between them; with `otherwise`, Enter alone means none."""

        def read(given: str) -> tuple[str, ...]:
            if otherwise and alike(given) == alike(otherwise):
                return ()
            found = tuple(_one_of(part.strip(), words) for part in given.split(",") if part.strip())
            if not found and not otherwise:
                raise UnusableError(f"got nothing, wanted one of {', '.join(words)}")
            return tuple(dict.fromkeys(found))

        return self.until(_prompt(question, otherwise), read)

    def listed(self, question: str, known: list[str], *, least: int) -> str:
        """A name that is not known yet, or "" for no more of them, once there are `least`."""
        enough = len(known) >= least

        def read(given: str) -> str:
            if enough and alike(given) in ("", alike(NO_MORE)):
                return ""
            if why := unfit(given):
                raise UnusableError(f"got {shown(given)}, {why}")
            if alike(given) in map(alike, known):
                raise UnusableError(f"{shown(given)} is there already")
            return given

        return self.until(_prompt(question, NO_MORE if enough else ""), read)


def asked(answers: Answers, today: datetime.date, slug: Callable[[str], str]) -> Draft:
    """The draft that the answers make. slug : the name of the case, by its title.

    Raises
    ------
    EOFError
        If the answers end before the questions do.
    """
    ask, say = _Asking(answers), answers.say
    title = ask.listed("What is the stand-off called? (a title)", [], least=1)
    name = slug(title)
    as_of = ask.until(f"As of which day? [{today.isoformat()}]: ", lambda given: _day(given) if given else today.isoformat())
    length = ask.choice(f"How long is a phase, the unit of time? ({', '.join(LENGTHS)})", LENGTHS)
    count = ask.until(f"How many phases ahead shall the roadmap reach? (1 to {MOST_PHASES:,}): ", _count)

    say("\nParties: whoever can carry out or wreck a step. One a line.")
    while party := ask.listed(f"Party {len(ask.names) + 1}", ask.names, least=2):
        ask.names.append(party)

    say(f"\nMeasures: what each could do, wanted or not; acts, not hopes.\n{_CLASSES_SAID}")
    say(f"What it is worth, for each phase in which it is in force: {', '.join(WORTHS)}.")
    measures: list[DraftMeasure] = []

    def so_far(found: Sequence[DraftMeasure]) -> Draft:
        return Draft(name, title, as_of, length, count, _placeholders(ask.names), tuple(found))

    while measure := ask.listed(f"\nMeasure {len(measures) + 1}, what is done", ask.titles, least=2):
        found = _measure(ask, measure)
        if fault := _fault(so_far([*measures, found])):
            answers.refuse(f"{measure}: {fault}; it is asked for again", 3 + len(ask.names))
            continue
        measures.append(found)
        ask.titles.append(measure)

    measures = _in_order(ask, measures, so_far)
    acting = {i for m in measures for i in m.by}
    parties = tuple(_party(ask, party, acting) for party in ask.names)
    demands = _demands(ask, measures)
    return Draft(name, title, as_of, length, count, parties, tuple(measures), demands)


_CLASSES_SAID = f"What sort of work a measure is: {', '.join(CLASSES)}."


def _measure(ask: _Asking, title: str) -> DraftMeasure:
    by = ask.several(f"  By whom? ({', '.join(ask.names)}; several together: with commas)", ask.names)
    sort = ask.choice("  What sort of work is it?", CLASSES)

    def read(given: str, party: str, worth: Mapping[str, str]) -> str:
        found = _worth(given or "nothing")
        if found == "nothing" and party == ask.names[-1] and set(worth.values()) <= {"nothing"}:
            raise UnusableError("nobody gains or loses by it; wanted a gain or a cost to at least one party")
        return found

    worth: dict[str, str] = {}
    for i in ask.names:
        worth[i] = ask.until(f"  What is it worth to {i}? [nothing]: ", lambda given, i=i: read(given, i, worth))  # type: ignore[misc]
    return DraftMeasure(title, by, sort, worth)


def _in_order(
    ask: _Asking, measures: Sequence[DraftMeasure], draft: Callable[[Sequence[DraftMeasure]], Draft]
) -> list[DraftMeasure]:
    """The measures with what is in force and what waits for what. draft : the case with these measures, so far as known."""
    ask.answers.say("\n" + "\n".join(f"{n:3} {title}" for n, title in enumerate(ask.titles, 1)))
    there = ask.several("Which of these are in force already? (numbers or titles, with commas)", ask.titles, "none")
    found = [replace(m, in_force=m.title in there) for m in measures]
    waiting = [m.title for m in found if not m.in_force]
    while title := "".join(ask.several("Which one can only come after another?", waiting, NO_MORE)[:1]):
        others = [other for other in ask.titles if other != title]
        after = ask.several(f"  What must come before {title}? (with commas, if all of them must)", others)
        tried = [replace(m, after=(*m.after, *after)) if m.title == title else m for m in found]
        if fault := _fault(draft(tried)):
            ask.answers.refuse(fault, 2)
        else:
            found = tried
    return found


def _party(ask: _Asking, name: str, acting: set[str]) -> DraftParty:
    ask.answers.say(f"\n{name}")
    foresight = ask.choice(f"  How far does it look ahead? ({', '.join(WORDS['foresight'])})", WORDS["foresight"])
    stalemate = ask.until(
        "  What is each phase of the stand-off, as it is, worth to it? [nothing]: ", lambda given: _worth(given or "nothing")
    )
    breakdown = ask.choice(f"  What would a collapse cost it? ({', '.join(WORDS['breakdown'])})", WORDS["breakdown"])
    trust = {
        j: ask.choice(f"  How far does it trust {j} to keep its word? ({', '.join(WORDS['trust'])})", WORDS["trust"])
        for j in ask.names
        if j != name and j in acting
    }
    return DraftParty(name, foresight, stalemate, breakdown, trust)


def _demands(ask: _Asking, measures: Sequence[DraftMeasure]) -> tuple[DraftDemand, ...]:
    ask.answers.say("\nDemands: what each wants to see before it does something itself.")
    out = []
    for name in ask.names:
        own = [m.title for m in measures if name in m.by]
        while own:
            first = ask.several(f"  What does {name} insist on seeing first?", ask.titles, "nothing more")[:1]
            if not first:
                break
            left = [title for title in own if title != first[0]]
            if not left:
                ask.answers.say(f"  {name} has nothing else that it could withhold.")
                continue
            before = ask.choice("  Before what of its own?", left)
            firm = ask.choice(f"  How firmly? ({', '.join(FIRMNESS)})", FIRMNESS)
            out.append(DraftDemand(name, first[0], before, firm))
    return tuple(out)


def _placeholders(names: Sequence[str]) -> tuple[DraftParty, ...]:
    """The parties before anything is known of them: enough to see whether a measure can be part of the case."""
    return tuple(
        DraftParty(i, WORDS["foresight"][0], "nothing", WORDS["breakdown"][0], {j: "some" for j in names if j != i})
        for i in names
    )


def _fault(draft: Draft) -> str:
    """What keeps a draft from being a case; empty if nothing does."""
    try:
        read_case(written(draft), draft.slug)
    except CaseError as err:
        return "; ".join(fault.message for fault in err.faults)
    return ""


def _one_of(given: str, words: Sequence[str]) -> str:
    """The word that is meant: as it stands, by its place from 1, or by a beginning that no other shares."""
    exact = [word for word in words if alike(word) == alike(given)]
    begun = [word for word in words if given and alike(word).startswith(alike(given))]
    if exact or len(begun) == 1:
        return (exact or begun)[0]
    if given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= len(words):
        return words[int(given) - 1]
    hint = suggestion(given, words)
    listed = ", ".join(begun) or ", ".join(f"{n} {word}" for n, word in enumerate(words, 1))
    raise UnusableError(f"got {shown(given) if given else 'nothing'}, wanted one of: {listed}{f' ({hint})' if hint else ''}")


def _worth(given: str) -> str:
    """The same for what something is worth; as a case file writes it, too: ``small``, ``-large``."""
    if given.startswith(("-", "+")) or given in WORTHS.values():
        return f"{_one_of(given.lstrip('+-').strip(), GRADES)} {'cost' if given.startswith('-') else 'gain'}"
    return _one_of(given, tuple(WORTHS))


def _prompt(question: str, otherwise: str = "") -> str:
    """A question as it is put. otherwise : what Enter alone means."""
    return f"{question} [{otherwise}]: " if otherwise else f"{question} " if question.endswith("?") else f"{question}: "


def _day(given: str) -> str:
    try:
        return datetime.date.fromisoformat(given).isoformat()
    except ValueError:
        raise UnusableError(f"got {shown(given)}, wanted a date such as 2019-01-30") from None


def _count(given: str) -> int:
    if given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST_PHASES:
        return int(given)
    raise UnusableError(f"got {shown(given)}, wanted a whole number from 1 to {MOST_PHASES:,}")
