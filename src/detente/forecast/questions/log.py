"""A log of questions: one file of JSON lines in a folder, to which lines are only ever added.

    {"kind": "question", "id": .., "text": .., "options": {"yes": "Yes", ..}, "start": .., "close": ..,
     "chance": {"yes": 0.3, ..}}
    {"kind": "resolution", "id": .., "outcome": "yes", "on": ..}        outcome null: void

Each line is checked strictly: a log may come from somebody else. It may hold `set`, `close_as_given`, `indicator`, `model` and
`interval` of a question besides, and nothing more.

A question without `chance` (an imported one) is there to be answered by others. Writing takes a lock, puts the old lines and
the new ones into a file beside it, and renames that into place: a killed process leaves the old log or the new one.

Brier score of an answer: half the sum over the options of (p - happened)^2, from 0 to 1; for two options it is (p -
happened)^2. (The Good Judgment Project reports twice this.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.bounds import patiently, read_text, within
from detente.base.frozen import Frozen
from detente.base.json import read_json
from detente.base.plain import told
from detente.errors import Fault, InputError

if TYPE_CHECKING:
    from detente.forecast.questions.line import QuestionLine, ResolutionLine

__all__ = ["FILE", "Log", "Question", "brier_of", "read_log"]

FILE = "questions.jsonl"
_YES_NO = {"yes": "Yes", "no": "No"}


@dataclass(frozen=True)
class Question(Frozen):
    """A question, with its resolution if there is one.

    options : by key. chance : what was answered when it was asked, by option; empty: nothing. outcome : the option that came
    true. void : resolved without one.
    """

    id: str
    text: str
    options: Mapping[str, str]
    start: date
    close: date
    chance: Mapping[str, float] = field(default_factory=dict)
    outcome: str | None = None
    void: bool = False
    more: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it waits for its resolution."""
        return self.outcome is None and not self.void

    @property
    def brier(self) -> float | None:
        """The score of the answer in the log; None while there is nothing to score."""
        return brier_of(self.chance, self.outcome, self.options) if self.chance and self.outcome is not None else None

    def to_dict(self) -> dict[str, object]:
        """The keys of a question in ``detente forecast questions list --json``.

        start : the day on which it was asked
        close : its last day
        options : what the option means
        void : whether it was resolved without an outcome
        """
        return {
            **told(self, "id text options start close"),
            "chance": dict(self.chance) or None,
            **told(self, "outcome void brier"),
        }


def brier_of(chance: Mapping[str, float], outcome: str, options: Mapping[str, str]) -> float:
    """Half the sum of squared distances over the options."""
    return sum((chance.get(o, 0.0) - (o == outcome)) ** 2 for o in options) / 2


@dataclass(frozen=True)
class Log:
    """The questions of a folder, in the order in which they were asked."""

    folder: str
    questions: tuple[Question, ...]

    def question(self, id_: str) -> Question:
        """A question by its id.

        Raises
        ------
        InputError
            If there is none.
        """
        for q in self.questions:
            if q.id == id_:
                return q
        from detente.base.wording import suggestion

        known = [q.id for q in self.questions[:10_000]]
        hint = suggestion(id_, known) or (f"the first are {', '.join(known[:5])}" if known else "the log is empty")
        raise InputError(f"{self.folder}: got the question {id_!r}, wanted one of the log ({hint})")

    @property
    def brier(self) -> tuple[float, int] | None:
        """Mean Brier score of the resolved answers, and their number; None without any."""
        scores = [q.brier for q in self.questions if q.brier is not None]
        return (sum(scores) / len(scores), len(scores)) if scores else None

    def to_dict(self) -> dict[str, object]:
        """The keys of ``detente forecast questions list --json``.

        open : how many wait for their resolution
        resolved : how many have an outcome
        void : how many are void
        brier.mean : the running Brier score; `brier` is `null` without a resolved answer
        brier.number : over so many answers
        """
        found = self.brier
        return {
            "questions": [q.to_dict() for q in self.questions],
            "open": sum(q.is_open for q in self.questions),
            "resolved": sum(q.outcome is not None for q in self.questions),
            "void": sum(q.void for q in self.questions),
            "brier": None if found is None else {"mean": found[0], "number": found[1]},
        }

    def asked(self, questions: Sequence[Question]) -> Log:
        """Add questions (with their resolution, where they have one); one with an empty id gets the next number.

        Raises
        ------
        InputError
            If an id is there already, or another process writes to the log for longer than half a minute.
        """
        return _added(self.folder, lambda there: [line for q in _numbered(questions, there) for line in _lines(q)])

    def resolved(self, id_: str, outcome: str | None, on: date) -> Log:
        """Resolve a question; `outcome` None: void.

        Raises
        ------
        InputError
            If there is no such question or option, or it is resolved already.
        """
        q = self.question(id_)
        if not q.is_open:
            raise InputError(
                f"{self.folder}: {id_} is resolved already ({'void' if q.void else q.outcome}); a log is never rewritten"
            )
        if outcome is not None and outcome not in q.options:
            raise InputError(f"{self.folder}: got the outcome {outcome!r} for {id_}, wanted {', '.join(q.options)} or void")
        entry = {"kind": "resolution", "id": id_, "outcome": outcome, "on": on.isoformat()}
        return _added(self.folder, lambda _: [entry])


def yes_no(id_: str, text: str, start: date, close: date, chance: float, more: Mapping[str, Any]) -> Question:
    """A question with the options yes and no."""
    return Question(id_, text, _YES_NO, start, close, {"yes": chance, "no": 1 - chance}, more=more)


def read_log(folder: str | Path, *, new: bool = False) -> Log:
    """The log of a folder; `new`: an empty one where there is none yet.

    Raises
    ------
    InputError
        If there is no log, or a line cannot be used.
    """
    file = Path(folder) / FILE
    if not file.is_file():
        if new and Path(folder).is_dir():
            return Log(str(folder), ())
        hint = "create the folder first" if new else "`detente forecast ask --log` begins one"
        raise InputError(f"{file}: there is no log of questions ({hint})", source=str(file))
    return Log(str(folder), tuple(_read(str(file), read_text(file, name="table-bytes", what="log of questions")).values()))


def _read(source: str, text: str) -> dict[str, Question]:
    found: dict[str, Question] = {}
    faults: list[Fault] = []

    def fault(line: int, message: str, key: str = "", hint: str = _HINT) -> None:
        faults.append(Fault(line, 1, key, message, hint))

    lines = ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())
    for n, line in patiently(lines, faults):
        within("cell", len(line), source, fault=Fault(n, 1, "", ""))
        try:
            entry = _entry(line)
        except InputError as err:
            for one in err.faults:
                fault(n, one.message, one.key, one.hint or _HINT)
        else:
            said = _taken(entry, found)
            if said:
                fault(n, said)
    if faults:
        raise InputError(f"{source}: cannot be used as a log of questions", source=source, faults=faults)
    return found


_HINT = "a log is only written by detente; take its copy, or this line out"


def _entry(line: str) -> QuestionLine | ResolutionLine:
    """A line, checked by itself."""
    from pydantic import ValidationError

    from detente.base.wording import shown
    from detente.case.number import faults_of
    from detente.forecast.questions.line import QuestionLine, ResolutionLine

    data = read_json(line, "", what="log of questions")
    kinds: dict[str, type[QuestionLine] | type[ResolutionLine]] = {"question": QuestionLine, "resolution": ResolutionLine}
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        raise InputError("", faults=[Fault(0, 0, "kind", f"got {shown(kind)}, wanted question or resolution")])
    try:
        return kinds[kind].model_validate(data)
    except ValidationError as err:
        raise InputError("", faults=faults_of(err, data)) from None


def _taken(entry: QuestionLine | ResolutionLine, found: dict[str, Question]) -> str:
    """Take a line in; what is wrong with it against those above, or nothing."""
    q = found.get(entry.id)
    if entry.kind == "question":
        if q is not None:
            return f"the id {entry.id!r} is given twice"
        found[entry.id] = Question(
            entry.id, entry.text, entry.options, entry.start, entry.close, entry.chance or {}, more=entry.more
        )
        return ""
    if q is None or not q.is_open:
        return f"{entry.id!r} is {'resolved already' if q else 'no question above'}"
    if entry.outcome is not None and entry.outcome not in q.options:
        return f"{entry.outcome!r} is no option of {entry.id!r}"
    found[entry.id] = replace(q, outcome=entry.outcome, void=entry.outcome is None)
    return ""


def _lines(q: Question) -> Iterator[dict[str, object]]:
    yield {"kind": "question", **told(q, "id text options start close"), "chance": dict(q.chance) or None, **q.more}
    if not q.is_open:
        yield {"kind": "resolution", "id": q.id, "outcome": q.outcome, "on": q.close.isoformat()}


def _added(folder: str, entries: Callable[[Mapping[str, Question]], Sequence[Mapping[str, object]]]) -> Log:
    """Add what `entries` makes of the questions that are there by then: another may have added since they were read."""
    from detente.base.atomic import write_atomic
    from detente.base.lock import locked

    file = Path(folder) / FILE
    with locked(file.with_name(f".{FILE}.lock")):
        old = read_text(file, name="table-bytes", what="log of questions") if file.is_file() else ""
        text = old + ("\n" if old and not old.endswith("\n") else "")
        added = "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in entries(_read(str(file), old)))
        text += added.encode("utf-8", errors="replace").decode()  # half a character is none
        questions = _read(str(file), text)
        write_atomic(file, text)
    return Log(folder, tuple(questions.values()))


def _numbered(questions: Sequence[Question], there: Mapping[str, Question]) -> list[Question]:
    """Questions without an id get the next number that is free."""
    taken = {*there, *(q.id for q in questions)}
    free = (str(n) for n in count(len(there) + 1) if str(n) not in taken)
    return [q if q.id else replace(q, id=next(free)) for q in questions]
