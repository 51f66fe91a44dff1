"""One person, or several together, and a case: what is in doubt, what to ask next, what an answer changes.

1. The candidates and their worth in a drawn world are worked out once and kept (`candidates`, `kept`).
2. Answers become ranges and comparisons (`believed`), and these worlds (`worlds`).
3. Of all questions that were not answered the one is next that may be expected to save most per minute of answering (`doubt`),
   a comparison before a word before a number where they save the same.
4. There is none where no question saves more than `least_fall`, or the lower end of the central `spread` of the decision's lead
   over the best other candidate is no further below 0 than `within`.

Everything counts work; the same case, answers and seed give the same questions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.ask.answers import ALONE, Answer, AnswerFile, file_of, people
from detente.ask.believed import Aside, Believed, believed, clash
from detente.ask.calibration import Calibrated, calibrated
from detente.ask.candidates import Candidate, played_out
from detente.ask.doubt import Doubt
from detente.ask.kept import Kept, key_of, read_kept, write_kept
from detente.ask.profile import AskProfile, load_profile
from detente.ask.questions import COMPARE, WORD, Question, Questions
from detente.ask.worlds import Worlds, drawn
from detente.base.plain import plain
from detente.base.steps import step
from detente.case.draws.quantities import preferences, quantities
from detente.case.draws.widen import Spans
from detente.errors import CaseError, InputError, OutputError, SolverError

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["Scored", "Session", "State", "ask"]

Floats = NDArray[np.float64]
Say = Callable[[str], None]
_FIGURES = 4
_NOTHING = 1e-9  # what a question saves by rounding alone
_PAIRED = 10  # values that make the most difference, which are compared with all others


@dataclass(frozen=True)
class Scored:
    """A question with what its answer may be expected to save, as a share of what the decision brings, and its minutes."""

    question: Question
    saves: float
    minutes: float

    @property
    def rate(self) -> float:
        return self.saves / self.minutes


@dataclass(frozen=True)
class State:
    """Where asking stands. made : what is believed. doubt : about which candidate. worlds : (M, Q). scored : every question
    that was not answered and may save something, the best first."""

    made: Believed
    doubt: Doubt
    worlds: Floats
    scored: tuple[Scored, ...] = ()

    @property
    def aside(self) -> tuple[Aside, ...]:
        return self.made.aside


class Session:
    """Asking about a case; answers are kept in a folder.

    who : the name of one who answers alone, a file each. together : what all who have answered say; nobody is asked.
    """

    def __init__(
        self,
        case: Case,
        folder: Path,
        *,
        who: str | None = None,
        together: bool = False,
        profile: str | Path | Mapping[str, Any] | AskProfile = "plain",
        plays: str | Path | Mapping[str, Any] = "plain",
        objective: str = "nash",
        seed: int = 0,
        cores: int | None = None,
        replan: bool = False,
        say: Say = lambda _: None,
    ) -> None:
        from detente.assess.profile import load_profile as load_plays

        if not folder.is_dir():
            raise InputError(f"{folder}: there is no such folder to keep answers in (create it first)", source=str(folder))
        self.case, self.folder, self.who, self.together = case, folder, who, together
        self.profile, self.plays = load_profile(profile), load_plays(plays)
        self.objective, self.seed, self.cores, self.say = objective, seed, cores or os.cpu_count() or 1, say
        self.spans = Spans.of(case)
        self.quantities = quantities(case, self.spans)
        self.own = preferences(case, self.spans)
        self.questions = Questions(case, self.quantities)
        self.file = AnswerFile(file_of(folder, case.case, who), case.case)
        self._kept: Kept | None = None
        self._replan = replan

    # -- what is worked out once -------------------------------------------------------------------------------------------

    @property
    def kept(self) -> Kept:
        """The candidates and the worlds of the case, from their file or worked out."""
        if self._kept is None:
            path = self.folder / f"{self.case.case}.ask.npz"
            key = key_of(self.case, self.profile, self.plays, self.objective, self.seed)
            if path.exists() and not self._replan:
                try:
                    self._kept = read_kept(path, key, len(self.quantities))
                    return self._kept
                except OutputError as err:
                    self.say(f"{path}: {err}; it is made anew")
            self._kept = self._worked_out()
            write_kept(path, key, self._kept)
        return self._kept

    def _worked_out(self) -> Kept:
        count = int(self.profile["worlds"])
        worlds = drawn(self.case, [q.name for q in self.quantities], count, self.seed)
        made, under = self.case, 0
        if self._replan:
            state = self._believed(self._answers(), Worlds(worlds, self.quantities, self.spans.shape, self.seed, 1))[0]
            made, under = self._written(state), len(state.answered)
        played = played_out(
            made,
            [q.name for q in self.quantities],
            self.profile,
            self.plays,
            objective=self.objective,
            seed=self.seed,
            cores=self.cores,
            say=self.say,
        )
        return Kept(played, worlds, under)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return self.kept.played.candidates

    # -- what is believed --------------------------------------------------------------------------------------------------

    def _answers(self) -> list[Answer]:
        if not self.together:
            return list(self.file.standing)
        files = people(self.folder, self.case.case).values()
        return [a for path in files for a in AnswerFile(path, self.case.case).standing]

    @cached_property
    def _worlds(self) -> Worlds:
        return Worlds(self.kept.worlds, self.quantities, self.spans.shape, self.seed, int(self.profile["least_worlds"]))

    def state(self, answers: Iterable[Answer] | None = None) -> State:
        """Where asking stands; answers : in the place of those that are kept."""
        step("weighing the questions")
        made, values = self._believed(self._answers() if answers is None else list(answers), self._worlds)
        tied = self._worlds.tied(made.preferences)
        doubt = Doubt.of(self.case.instance, self.objective, self.kept.played.surrogate, values, tied)
        state = State(made, doubt, values)
        return replace(state, scored=tuple(self._scored(state)))

    def _believed(self, answers: list[Answer], worlds: Worlds) -> tuple[Believed, Floats]:
        """What answers say, without those that clash, and the worlds that are left."""
        made = self._read(answers)
        values, narrow = worlds.under(made, len(self.own))
        if not narrow:
            return made, values
        if clash(self.case, made):
            made = self._without_clashes(answers)
            values, narrow = worlds.under(made, len(self.own))
        while narrow:
            try:
                names = [q.name for q in self.quantities]
                return made, drawn(self._written(made), names, len(worlds.base), self.seed)
            except (CaseError, SolverError) as err:  # hardly any room is left: the last comparison goes
                last = next((a for a in reversed(made.answered) if a.id.startswith(COMPARE)), None)
                if last is None:
                    raise
                rest = [a for a in made.answered if a is not last]
                found = self._read(rest)
                made = replace(found, aside=(*made.aside, Aside(last, str(err).splitlines()[0])))
                values, narrow = worlds.under(made, len(self.own))
        return made, values

    def _read(self, answers: Iterable[Answer]) -> Believed:
        known = self.calibrated() if self.case.calibration else {}
        return believed(self.questions, self.spans, self.own, answers, {by: c.wider for by, c in known.items()})

    def calibrated(self) -> Mapping[str, Calibrated]:
        """How those who have answered did on the questions with known answers."""
        return calibrated(self.questions, self._answers(), self.profile["first_questions"])

    def _without_clashes(self, answers: Iterable[Answer]) -> Believed:
        """The answers one after the other; one that leaves no room with those before it stands aside."""
        made, aside = self._read(()), list[Aside]()
        for a in sorted(answers, key=lambda a: (a.at, a.by, a.line)):
            more = self._read([*made.answered, a])
            why = clash(self.case, more)
            if why:
                aside.append(Aside(a, f"these cannot all be true: {why}"))
            else:
                made = replace(more, aside=(*made.aside, *(x for x in more.aside if x not in made.aside)))
        return replace(made, aside=(*made.aside, *aside))

    def _written(self, made: Believed) -> Case:
        from detente.ask.written import written

        return written(self.questions, self.spans, made)

    # -- questions ---------------------------------------------------------------------------------------------------------

    def _scored(self, state: State) -> list[Scored]:
        doubt, profile = state.doubt, self.profile
        past = {a.id for a in state.made.answered} | {x.answer.id for x in state.aside}
        free = [n for n, q in enumerate(self.quantities) if past.isdisjoint((q.name, f"{WORD}{q.name}"))]
        saves = {n: doubt.number(n, profile["left_number"]) for n in free}
        out = []
        values = sorted((n for n in saves if self.quantities[n].kind == "value" and saves[n] > 0), key=lambda n: -saves[n])
        for question in self.questions.pairs(values[:_PAIRED]):
            if question.id not in past:
                n, m = question.places
                above = state.worlds[:, n] >= state.worlds[:, m]
                worth = doubt.comparison(above, question.places, profile["right_comparison"])
                out.append(Scored(question, worth, profile["minutes_comparison"]))
        for n in free:
            word = self.questions.choice(n) if saves[n] > 0 else None
            if word is not None:
                worth = doubt.choice(self._words(word, state.worlds[:, n]), n, profile["right_choice"])
                out.append(Scored(word, worth, profile["minutes_choice"]))
        out += [Scored(self.questions.number(n), saves[n], profile["minutes_number"]) for n in free]
        return sorted((s for s in out if s.saves > _NOTHING), key=lambda s: -s.rate)

    def _words(self, question: Question, values: Floats) -> NDArray[np.int64]:
        """Which of the words of a question is nearest, in each world."""
        grades = self.case.grades
        middle = [float(-grades[w[1:]].likely if w.startswith("-") else grades[w].likely) for w in question.options]
        return np.asarray(np.abs(values[:, None] - np.array(middle)).argmin(axis=1), dtype=np.int64)

    def next(self, state: State) -> Scored | None:
        """The question to ask; None: no answer could change the decision much."""
        if self.who is not None and self.case.calibration:
            done = {a.id for a in state.made.answered}
            for question in self.questions.calibration():
                if question.id not in done:
                    return Scored(question, 0.0, self.profile["minutes_number"])
        return None if self.settled(state) else next(iter(state.scored), None)

    def settled(self, state: State) -> str:
        """Why there is nothing left to ask; empty: there is."""
        if state.doubt.regret <= self.profile["least_fall"]:
            return "what is in doubt is less than is worth asking"
        below = (1 - self.profile["spread"]) / 2
        if float(np.quantile(state.doubt.lead, below)) >= -self.profile["within"]:
            return "the decision stays ahead, or as good as that, over the central range of its lead"
        best = max((s.saves for s in state.scored), default=0.0)
        return "no answer may be expected to save enough" if best < self.profile["least_fall"] else ""

    # -- answers -----------------------------------------------------------------------------------------------------------

    def answer(self, given: Answer) -> Answer:
        """Keep an answer.

        Raises
        ------
        InputError
            If its question is unknown or it is no answer to it; nothing is kept then.
        """
        self.questions.read(self.questions.named(given.id), given.answer)
        return self.file.add(given)

    def undo(self, question: str | None = None) -> Answer:
        """Take back the last answer, or that to a question; it stays in the file as taken back."""
        return self.file.undo(self.who or ALONE, question)

    def written(self, state: State) -> Case:
        """The case with the answers that count."""
        return self._written(state.made)

    # -- telling -----------------------------------------------------------------------------------------------------------

    def to_dict(self, state: State) -> dict[str, object]:
        """For other tools."""
        found = self.next(state)
        return {
            "question": None if found is None else found.question.to_dict(),
            "in_doubt": plain(state.doubt.regret, figures=_FIGURES),
            "asked": len({a.id for a in state.made.answered}) + len(state.aside),
            **({"aside": [x.to_dict() for x in state.aside]} if state.aside else {}),
        }


def ask(case: Case | str | Path, folder: str | Path = ".", **options: Any) -> Session:
    """Ask about a case: which question would most lessen the doubt about what is best, and what its answer changes.

    Parameters
    ----------
    folder : where answers, and what was worked out once, are kept.
    options : of `Session`: `who`, `together`, `profile`, `plays`, `objective`, `seed`, `cores`, `replan`, `say`.

    Returns
    -------
    Session
        With `state()`, `next(state)`, `answer(Answer(..))`, `undo()` and `written(state)`.

    Raises
    ------
    InputError
        If the case, a profile, a name or a file of answers cannot be used.
    """
    from detente.case.load import as_case

    return Session(as_case(case), Path(folder), **options)
