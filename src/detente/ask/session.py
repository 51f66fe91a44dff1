"""One person, or several together, and a case: what is in doubt, what to ask next, what an answer changes.

1. The candidates and their worth in a drawn world are worked out once and kept (`candidates`, `kept`).
2. Answers become ranges and comparisons (`believed`), and these worlds (`worlds`).
3. In doubt are which candidate is best (`doubt`) and the verdicts on it (`verdict`). Of all questions that were not answered
   the one is next that may be expected to save most of what is not settled per minute of answering, a comparison before a word
   before a number where they save the same. With k the weight of a verdict at even odds (`verdict` of the profile)

       saves = (value of the answer, where the choice is not settled) + k sum over verdicts that are not settled of their fall
       in doubt = expected regret + k sum over verdicts of their doubt

4. The choice is settled where its expected regret is at most `least_fall`, or the lower end of the central `spread` of the
   decision's lead over the best other candidate is no further below 0 than `within`; a verdict where the central `spread` of
   the worlds agrees on it. Nothing has to be asked where all are settled, or no question saves `least_fall`. What is left can
   be asked all the same: then all of it counts.

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
from detente.ask.believed import Aside, Believed, believed, clash, marginals, range_of
from detente.ask.calibration import Calibrated, calibrated
from detente.ask.candidates import Candidate, gains_in, played_out
from detente.ask.doubt import Doubt, decision_of
from detente.ask.kept import Kept, key_of, read_kept, write_kept
from detente.ask.profile import AskProfile, load_profile
from detente.ask.questions import COMPARE, WORD, Question, Questions
from detente.ask.verdict import AHEAD, Effect, Verdict, effect, holds_in, verdicts
from detente.ask.worlds import Worlds, drawn
from detente.base.plain import plain
from detente.base.steps import step
from detente.case.draws.quantities import Quantity, preferences, quantities
from detente.case.draws.widen import Spans, wider
from detente.errors import CaseError, InputError, OutputError, SolverError

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["CHOICE", "Scored", "Session", "State", "ask"]

Floats = NDArray[np.float64]
Say = Callable[[str], None]
_FIGURES = 4
_NOTHING = 1e-9  # what a question saves by rounding alone
_MEANT = 32  # steps in what a word stands for
_PAIRED = 10  # values that make the most difference, which are compared with all others
CHOICE = "choice"
"""The doubt which candidate is best, beside the names of the verdicts."""


@dataclass(frozen=True)
class Scored:
    """A question with what its answer may be expected to save, as a share of what the decision brings, and its minutes. about :
    the doubt of which it saves most, `CHOICE` or the name of a verdict."""

    question: Question
    saves: float
    minutes: float
    about: str = CHOICE

    @property
    def rate(self) -> float:
        return self.saves / self.minutes

    def to_dict(self) -> dict[str, object]:
        saves = plain(self.saves, figures=_FIGURES)
        return {**self.question.to_dict(), "saves": saves, "most_about": self.about, "minutes": self.minutes}


@dataclass(frozen=True)
class State:
    """Where asking stands. made : what is believed. doubt : about which candidate. verdicts : on the decision. worlds : (M, Q).
    scored : every question that was not answered and may save something, the best first."""

    made: Believed
    doubt: Doubt
    worlds: Floats
    verdicts: tuple[Verdict, ...] = ()
    scored: tuple[Scored, ...] = ()

    @property
    def aside(self) -> tuple[Aside, ...]:
        return self.made.aside


class Session:
    """Asking about a case; answers are kept in a folder.

    who : the name of one who answers alone, a file each; small letters and capitals are the same. together : what all who have
    answered say; nobody is asked. say : is told why what was kept cannot be used.
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
        self.case, self.folder, self.who, self.together = case, folder, who and who.lower(), together
        self.profile, self.plays = load_profile(profile), load_plays(plays)
        self.objective, self.seed, self.cores, self.say = objective, seed, cores or os.cpu_count() or 1, say
        self.spans = Spans.of(case)
        self.quantities = quantities(case, self.spans)
        self._wide = Spans.of(case, wider())
        self.own = preferences(case, self.spans)
        self.questions = Questions(case, self.quantities)
        self.file = AnswerFile(file_of(folder, case.case, self.who), case.case)
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
        step("looking for roadmaps to choose between")
        count = int(self.profile["worlds"])
        worlds = drawn(self.case, [q.name for q in self.quantities], count, self.seed, float(self._wide.widen))
        made, under = self.case, 0
        if self._replan:
            state = self._believed(self._answers(), self._worlds_of(worlds, 1))[0]
            made, under = self._written(state), len(state.answered)
        played = played_out(
            made,
            [q.name for q in self.quantities],
            self.profile,
            self.plays,
            objective=self.objective,
            seed=self.seed,
            cores=self.cores,
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
        return self._worlds_of(self.kept.worlds, int(self.profile["least_worlds"]))

    def _worlds_of(self, base: Floats, least: int) -> Worlds:
        return Worlds(base, quantities(self.case, self._wide), self.spans.shape, self.seed, least)

    def state(self, answers: Iterable[Answer] | None = None, *, weigh: bool = True) -> State:
        """Where asking stands; answers : in the place of those that are kept. weigh : also what each question would save."""
        step("weighing the questions")
        made, values = self._believed(self._answers() if answers is None else list(answers), self._worlds)
        tied = self._worlds.tied(made.preferences)
        doubt = Doubt.of(self.case.instance, self.objective, self.kept.played.surrogate, values, tied)
        if not weigh:
            return State(made, doubt, values)
        held = self.held(doubt.decision, values)
        state = State(made, doubt, values, verdicts(self.candidates[doubt.decision], doubt, held))
        return replace(state, scored=tuple(self._scored(state)))

    @cached_property
    def _in_rows(self) -> list[int]:
        """The places of the quantities that stand in rows; the chances of plays do not."""
        known = {q.path for q in quantities(self.case, self.spans, risks=False)}
        return [n for n, q in enumerate(self.quantities) if q.path in known]

    @cached_property
    def _of_rows(self) -> list[Quantity]:
        return [self.quantities[n] for n in self._in_rows]

    def played_again(self, state: State, most: int | None = None) -> tuple[int, Floats]:
        """The place of the best candidate by plays in the first worlds that are believed in, and what each brings, (N, C, P).

        The fit is good enough to weigh questions; what is best under the answers is told by these. most : plays of each
        candidate; None: as many as the profile says.
        """
        from detente.case.draws.draw import uncertainty

        count = int(self.profile["played_again"]) if most is None else most
        at = {q.path: n for n, q in enumerate(self.quantities)}
        order = [at[q.path] for q in uncertainty(self.case).quantities]
        values = np.resize(state.worlds[:, order], (count, len(order)))
        gains = gains_in(self.case, self.candidates, values, self.plays, seed=self.seed, cores=self.cores)
        return decision_of(self.case.instance, self.objective, gains.mean(axis=0)), gains

    def held(self, candidate: int, worlds: Floats) -> NDArray[np.bool_] | None:
        """In which worlds every row of a candidate holds, (N,); None: it is no roadmap. worlds : (N, Q)."""
        it, best = self.case.instance, self.candidates[candidate]
        return holds_in(it, self._of_rows, best, worlds[:, self._in_rows], self.cores)

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
                fresh = drawn(self._written(made), [q.name for q in self.quantities], len(worlds.base), self.seed)
                at = [q for group in narrow for q in group]
                values[:, at] = fresh[:, at]
                return made, values
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

    def in_doubt(self, state: State) -> float:
        """What may be expected to be lost by not knowing better, as a share of what the decision brings, verdicts included."""
        return state.doubt.regret + float(self.profile["verdict"]) * sum(v.doubt for v in state.verdicts)

    def open(self, state: State) -> tuple[str, ...]:
        """What is not settled: `CHOICE`, and the names of verdicts."""
        spread = self.profile["spread"]
        choice = () if self._chosen(state.doubt) else (CHOICE,)
        return (*choice, *(v.name for v in state.verdicts if not v.settled(spread)))

    def _chosen(self, doubt: Doubt) -> bool:
        below = (1 - self.profile["spread"]) / 2
        if doubt.regret <= self.profile["least_fall"]:
            return True
        return float(np.quantile(doubt.lead, below)) >= -self.profile["within"]

    def _scored(self, state: State) -> list[Scored]:
        doubt, profile, weight = state.doubt, self.profile, float(self.profile["verdict"])
        past = {a.id for a in state.made.answered} | {x.answer.id for x in state.aside}
        worded = {a.id for a in state.made.answered if a.answer is not None}
        free = [n for n, q in enumerate(self.quantities) if q.name not in past and f"{WORD}{q.name}" not in past - worded]
        counts = self.open(state) or (CHOICE, *(v.name for v in state.verdicts))
        weighed = [v for v in state.verdicts if v.name in counts]
        rows = set(self._in_rows)

        def scored(question: Question, choice: float, falls: Iterable[float], minutes: float) -> Scored:
            parts = {CHOICE: choice if CHOICE in counts else 0.0}
            parts |= {v.name: weight * x for v, x in zip(weighed, falls, strict=True)}
            return Scored(question, sum(parts.values()), minutes, max(parts, key=lambda name: parts[name]))

        numbers = {}
        for n in free:
            left, values = profile["left_number"], state.worlds[:, n]
            falls = [v.number(values, left) if v.name == AHEAD or n in rows else 0.0 for v in weighed]
            numbers[n] = scored(self.questions.number(n), doubt.number(n, left), falls, profile["minutes_number"])
        out = list(numbers.values())
        valued = [n for n, s in numbers.items() if self.quantities[n].kind == "value" and s.saves > 0]
        for question in self.questions.pairs(sorted(valued, key=lambda n: -numbers[n].saves)[:_PAIRED]):
            if question.id not in past:
                n, m = question.places
                above, right = state.worlds[:, n] >= state.worlds[:, m], profile["right_comparison"]
                falls = [v.comparison(above, right) for v in weighed]
                worth = doubt.comparison(above, question.places, right)
                out.append(scored(question, worth, falls, profile["minutes_comparison"]))
        for n in free:
            word = self.questions.choice(n) if numbers[n].saves > 0 else None
            if word is not None and word.id not in past:
                values, right = state.worlds[:, n], profile["right_choice"]
                which, meant = self._words(word, values), self._meant(word)
                falls = [v.choice(values, which, meant, right) for v in weighed]
                worth = doubt.choice(values, which, meant, n, right)
                out.append(scored(word, worth, falls, profile["minutes_choice"]))
        order = ("comparison", "choice", "number")
        return sorted((s for s in out if s.saves > _NOTHING), key=lambda s: (-s.rate, order.index(s.question.kind)))

    def _words(self, question: Question, values: Floats) -> NDArray[np.int64]:
        """Which of the words of a question is nearest, in each world."""
        scale = self.questions.scale(self.quantities[question.places[0]].kind)
        middle = [float(scale[word].likely) for word in question.options]
        return np.asarray(np.abs(values[:, None] - np.array(middle)).argmin(axis=1), dtype=np.int64)

    def _meant(self, question: Question) -> Floats:
        """What is believed of a quantity after each of the words of a question, (words, steps)."""
        ranges = [range_of(self.questions, self.spans, question, word, ALONE) for word in question.options]
        return marginals(self.spans.shape, ranges).quantiles(_MEANT)

    def next(self, state: State) -> Scored | None:
        """The question to ask; None: no answer could change the decision much."""
        if self.who is not None and self.case.calibration:
            done = {a.id for a in state.made.answered}
            for question in self.questions.calibration():
                if question.id not in done:
                    return Scored(question, 0.0, self.profile["minutes_number"])
        return None if self.settled(state) else next(iter(state.scored), None)

    def settled(self, state: State) -> bool:
        """Whether nothing has to be asked any more."""
        best = max((s.saves for s in state.scored), default=0.0)
        return not self.open(state) or best < self.profile["least_fall"]

    def effect(self, state: State, question: Question) -> Effect:
        """What the answer to a question about the case could at most do."""
        columns = [state.worlds[:, n] for n in question.places]
        if question.kind == "comparison":
            return effect(state.doubt, state.verdicts, question.places, (columns[0] >= columns[1]).astype(np.int64))
        which = self._words(question, columns[0]) if question.kind == "choice" else columns[0]
        return effect(state.doubt, state.verdicts, question.places, which)

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
        """For other tools.

        in_doubt : what may be expected to be lost by not knowing better, as a share of what the best candidate brings, with
            what the doubt about its verdicts weighs
        asked : how many questions were answered
        question : the question to ask next; `null` where nothing has to be asked
        aside : answers that contradict others and do not count; only if one does
        unsettled : where `question` is `null`, what is in doubt all the same (`choice`, `holds`, `ahead`): no single answer
            would settle it
        next : the question that would have been asked: with `saves`, `most_about`, `minutes`, `best` (the candidates that would
            be best after some answer), and by verdict the least and the largest share of worlds in which it would be yes;
            `null` where none is left
        """
        found = self.next(state)
        return {
            "question": None if found is None else found.question.to_dict(),
            "in_doubt": plain(self.in_doubt(state), figures=_FIGURES),
            "asked": len({a.id for a in state.made.answered}) + len(state.aside),
            **(self._stopped(state) if found is None else {}),
            **({"aside": [x.to_dict() for x in state.aside]} if state.aside else {}),
        }

    def _stopped(self, state: State) -> dict[str, object]:
        """Why nothing is asked, and what would have been."""
        out: dict[str, object] = {"unsettled": list(self.open(state)), "next": None}
        if state.scored:
            best = state.scored[0]
            could = self.effect(state, best.question)
            out["next"] = {
                **best.to_dict(),
                "best": [self.candidates[c].id for c in could.best],
                **{name: plain(list(ends), figures=_FIGURES) for name, ends in could.shares.items()},
            }
        return out


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
