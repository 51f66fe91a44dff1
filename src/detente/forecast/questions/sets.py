"""Question sets of others, and the answers of forecasters, from tables.

Questions: a row each. Columns, by either name: id (ifp_id), text (q_text), options, start (date_start), close (date_closed,
or date_to_close where that is empty), outcome, and, if there is one, status (q_status; `voided` or `void`: no outcome
counts). Options are written ``(a) Yes, (b) No``, with any text before the first. A void question that closes before it
starts is given its start as its close (the log keeps the other day as `close_as_given`); any other is a fault.

Answers: question, forecaster, date, option, probability. The rows of one forecaster, question and day are one answer; of two
options one is enough. An answer stands from its day until the next one of the same forecaster, at most to the day on which
the question closed. A forecaster's score on a question is the mean of the Brier score over these days, and over all
questions the mean of that (each question counting the same). Answers after the close are left out; what was answered before
the start stands from the start on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from detente.base.bounds import name_of, patiently
from detente.base.frozen import Frozen
from detente.base.plain import FIGURES, plain, told
from detente.base.wording import shown
from detente.errors import Fault, InputError
from detente.forecast.given import listed
from detente.forecast.questions.days import day_of
from detente.forecast.questions.log import Log, Question, brier_of
from detente.forecast.questions.sheet import read_sheet

__all__ = ["Scores", "import_questions", "score_answers"]

_NAMES = {
    "id": ("id", "ifp_id"),
    "text": ("text", "q_text"),
    "options": ("options",),
    "start": ("start", "date_start"),
    "outcome": ("outcome",),
}
_OPTION = re.compile(r"\(([a-z])\)\s*")
_VOID = {"void", "voided"}


def import_questions(source: str | Path) -> tuple[Question, ...]:
    """Read a question set.

    Raises
    ------
    InputError
        With every row that cannot be used.
    """
    file = name_of(source)
    rows = read_sheet(str(source), [])
    chosen = {key: next((n for n in names if n in rows[0]), "") for key, names in _NAMES.items()}
    missing = [
        f"{key} (or {', '.join(_NAMES[key][1:])})" if _NAMES[key][1:] else key for key, name in chosen.items() if not name
    ]
    closes = [n for n in ("close", "date_closed", "date_to_close") if n in rows[0]]
    if missing or not closes:
        raise InputError(
            f"{file}: got no column {', '.join([*missing, *([] if closes else ['close'])])} (it has {listed(list(rows[0]))})"
        )
    status = next((n for n in ("status", "q_status") if n in rows[0]), "")
    found: dict[str, Question] = {}
    faults: list[Fault] = []
    for n, row in patiently(enumerate(rows, 1), faults, _place):
        get = {key: row[name] for key, name in chosen.items()}
        options = _options(get["options"])
        start, close = day_of(get["start"]), next((d for c in closes if (d := day_of(row[c]))), None)
        void = bool(status) and row[status].casefold() in _VOID
        more: dict[str, str] = {"set": Path(file).name}
        if void and start is not None and close is not None and close < start:
            more["close_as_given"], close = close.isoformat(), start  # nothing hangs on the days of a void question
        outcome = get["outcome"] or None
        problems = [
            (not get["id"], "there is no id"),
            (get["id"] in found, f"the id {shown(get['id'])} is given twice"),
            (len(options) < 2, f"got the options {get['options']!r}, wanted at least two, written (a) .., (b) .."),
            (start is None, f"start: got {shown(get['start'])}, wanted a day such as 2011-09-01 or 9/1/11"),
            (
                close is None,
                f"close: got {', '.join(shown(row[c]) for c in closes)}, wanted a day such as 2011-09-01 or 9/1/11",
            ),
            (start is not None and close is not None and close < start, f"it closes on {close}, before it starts on {start}"),
            (
                not void and outcome is not None and outcome not in options,
                f"got the outcome {shown(outcome)}, wanted one of {', '.join(options)}",
            ),
        ]
        bad = [message for wrong, message in problems if wrong]
        faults += [Fault(0, 0, f"row {n}, {get['id'][:60]}", message) for message in bad]
        if not bad and start is not None and close is not None:
            found[get["id"]] = Question(
                get["id"], get["text"], options, start, close, outcome=None if void else outcome, void=void, more=more
            )
    if faults:
        raise InputError(f"{file}: cannot be used as a question set", source=file, faults=faults)
    return tuple(found.values())


def _place(row: int) -> tuple[int, int, str]:
    return 0, 0, f"row {row}"


def _options(text: str) -> dict[str, str]:
    parts = _OPTION.split(text)
    return {key: value.strip().strip(",;").strip() for key, value in zip(parts[1::2], parts[2::2], strict=True)}


@dataclass(frozen=True)
class Scores(Frozen):
    """The mean Brier score of each forecaster with the number of questions scored, and what equal chances would have scored
    on the same.

    by_question : by forecaster and question. answers : how many were read. notes : what was left out, and why.
    """

    forecasters: Mapping[str, tuple[float, int, float]]
    by_question: Mapping[str, Mapping[str, float]] = field(repr=False)
    answers: int
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The keys of ``detente forecast questions score --json``.

        forecasters.ID.brier : the mean Brier score, 0 to 1
        forecasters.ID.questions : over so many questions
        forecasters.ID.equal : what equal chances would have scored on the same ones
        forecasters.ID.by_question : the score on each
        """
        forecasters = {
            f: {"brier": b, "questions": n, "equal": e, "by_question": self.by_question[f]}
            for f, (b, n, e) in self.forecasters.items()
        }
        return {"forecasters": plain(forecasters, figures=FIGURES), **told(self, "answers notes")}


def score_answers(log: Log, source: str | Path) -> Scores:
    """Score a table of answers by the resolved questions of a log.

    Raises
    ------
    InputError
        With every row that cannot be used, or if no answer is to a resolved question.
    """
    file = name_of(source)
    rows = read_sheet(str(source), ["question", "forecaster", "date", "option", "probability"])
    given, faults = _given(rows, {q.id: q for q in log.questions}, log.folder)
    if faults:
        raise InputError(f"{file}: cannot be used as answers", source=file, faults=faults)
    known = {q.id: q for q in log.questions}
    by_question: dict[str, dict[str, float]] = {}
    waiting, void, late = set[str](), set[str](), 0
    for (forecaster, id_), days in sorted(given.items()):
        q = known[id_]
        if q.outcome is None:
            (void if q.void else waiting).add(id_)
            continue
        late += sum(d > q.close for d in days)
        score = _daily(q, q.outcome, days)
        if score is not None:
            by_question.setdefault(forecaster, {})[id_] = score
    if not by_question:
        raise InputError(f"{file}: got no answer to a resolved question of {log.folder}, wanted at least one")
    notes = [f"{len(s):,} questions were left out: {w}." for s, w in ((waiting, "not resolved yet"), (void, "void")) if s]
    if late:
        notes.append(f"{late:,} answers were left out: given after the close.")
    forecasters = {
        f: (sum(x.values()) / len(x), len(x), sum((1 - 1 / len(known[q].options)) / 2 for q in x) / len(x))
        for f, x in by_question.items()
    }
    ranked = dict(sorted(forecasters.items(), key=lambda i: (i[1][0], i[0])))
    return Scores(
        ranked,
        by_question,
        sum(len(d) for d in given.values()),
        tuple(notes),
    )


_Given = dict[tuple[str, str], dict[date, dict[str, float]]]


def _given(rows: Sequence[Mapping[str, str]], known: Mapping[str, Question], folder: str) -> tuple[_Given, list[Fault]]:
    given: _Given = {}
    faults: list[Fault] = []
    first: dict[tuple[str, str, date], int] = {}
    for n, row in patiently(enumerate(rows, 1), faults, _place):
        q, day, p = known.get(row["question"]), day_of(row["date"]), _probability(row["probability"])
        problems = [
            (q is None, f"got the question {shown(row['question'])}, which is not in {folder}"),
            (not row["forecaster"], "there is no forecaster"),
            (day is None, f"got the date {shown(row['date'])}, wanted a day such as 2011-09-01 or 9/1/11"),
            (
                q is not None and row["option"] not in q.options,
                f"got the option {shown(row['option'])}, wanted one of {', '.join(q.options) if q else ''}",
            ),
            (p is None, f"got the probability {shown(row['probability'])}, wanted a number from 0 to 1"),
        ]
        bad = [m for wrong, m in problems if wrong]
        faults += [Fault(0, 0, f"row {n}", m) for m in bad]
        if bad or day is None or p is None or q is None:
            continue
        answer = given.setdefault((row["forecaster"], q.id), {}).setdefault(day, {})
        if row["option"] in answer:
            faults.append(
                Fault(0, 0, f"row {n}", f"{row['forecaster']} answers option {row['option']} of {q.id} twice on {day}")
            )
        answer[row["option"]] = p
        first.setdefault((row["forecaster"], q.id, day), n)
    if not faults:
        faults = list(_completed(given, first, known))
    return given, faults


def _completed(given: _Given, first: Mapping[tuple[str, str, date], int], known: Mapping[str, Question]) -> list[Fault]:
    """Fill in the other of two options, and find answers that are no distribution."""
    faults = []
    for (forecaster, id_), days in given.items():
        options = known[id_].options
        for day, answer in days.items():
            if len(options) == 2 and len(answer) == 1:
                ((key, p),) = answer.items()
                answer[next(o for o in options if o != key)] = 1 - p
            total = sum(answer.values())
            if len(answer) < len(options) or abs(total - 1) > 0.011:
                place = f"row {first[forecaster, id_, day]}"
                said = f"{forecaster}'s answer to {id_} of {day} has {len(answer)} of {len(options)} options"
                said += f", which add up to {total:g}"
                faults.append(Fault(0, 0, place, said, "give every option; the probabilities add up to 1"))
    return faults


def _probability(text: str) -> float | None:
    try:
        p = float(text)
    except ValueError:
        return None
    return p if 0 <= p <= 1 else None


def _daily(q: Question, outcome: str, days: Mapping[date, Mapping[str, float]]) -> float | None:
    """The mean over the days on which an answer stood."""
    total, count = 0.0, 0
    order = sorted(d for d in days if d <= q.close)
    for k, day in enumerate(order):
        begin = max(day, q.start)
        end = max(order[k + 1], q.start) if k + 1 < len(order) else q.close.fromordinal(q.close.toordinal() + 1)
        stood = (end - begin).days
        total += stood * brier_of(days[day], outcome, q.options)
        count += stood
    return total / count if count else None
