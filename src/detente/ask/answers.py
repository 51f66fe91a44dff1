"""The answers that were given: a file to which lines are only ever added.

    CASE.answers.jsonl          of whoever answers without a name
    CASE.NAME.answers.jsonl     of NAME, who answers alone

Each line is a JSON object. An answer has `id` (of its question), `answer`, `by`, `at` (UTC), and where they were given
`because` and `source`; what takes an answer back has `undo`, the number of its line, with `by` and `at`. The first line names
the case.
Nothing is ever taken out: an answer that was taken back, or that stands aside because it contradicts others, is still there.

An answer is

    number       {"low": x, "high": y, "best": z, "sure": c}: with probability c the quantity lies from x to y
    comparison   the id of the measure that is worth more, or "same"
    choice       one of the words that the question names
    any          null: cannot say; the question is not asked again

Each writer holds a lock, and the whole file is put in place at once: a killed process leaves the old lines or all the new.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from detente.base.atomic import write_atomic
from detente.base.bounds import read_text
from detente.base.frozen import Frozen
from detente.base.json import read_json
from detente.base.legible import is_blank, steering
from detente.base.lock import locked
from detente.base.wording import ID, shown
from detente.errors import Fault, InputError, OutputError

__all__ = ["ALONE", "Answer", "AnswerFile", "file_of", "people"]

ALONE = "analyst"
"""Who answers where no name is given."""
_ENDING = ".answers.jsonl"
_KEYS = {"id", "answer", "by", "at", "because", "source"}


@dataclass(frozen=True)
class Answer(Frozen):
    """An answer as it was given. line : of the file, 0 where it was not kept yet. undone : taken back later."""

    id: str
    answer: Any
    by: str
    at: str = ""
    because: str = ""
    source: str = ""
    line: int = 0
    undone: bool = False

    def to_dict(self) -> dict[str, object]:
        """As it stands in the file."""
        more = {k: x for k, x in (("because", self.because), ("source", self.source)) if x}
        return {"id": self.id, "answer": self.answer, "by": self.by, "at": self.at, **more}

    @property
    def day(self) -> str:
        return self.at[:10]


def file_of(folder: Path, case: str, who: str | None) -> Path:
    """The file of one who answers.

    Raises
    ------
    InputError
        If a name cannot be part of the name of a file.
    """
    if who is not None and not re.match(ID, who):
        raise InputError(f"--as: got {shown(who)}, wanted a name of letters, digits and hyphens, such as ana")
    return folder / (f"{case}{_ENDING}" if who is None else f"{case}.{who}{_ENDING}")


def people(folder: Path, case: str) -> dict[str, Path]:
    """The files of all who have answered about a case, by name."""
    out = {}
    for path in sorted(folder.glob(f"{case}*{_ENDING}")):
        name = path.name.removeprefix(case).removesuffix(_ENDING)
        if not name or re.match(ID, name.removeprefix(".")):
            out[name.removeprefix(".") or ALONE] = path
    return out


def given(data: Any, source: str, *, by: str | None = None) -> Answer:
    """An answer from plain data, as a tool hands it in. by : who answers, where the data does not say.

    Raises
    ------
    InputError
        With every fault at once.
    """
    wrong = []
    if not isinstance(data, Mapping):
        raise InputError(f"{source}: got {shown(data)}, wanted an object with `id`, `answer` and `by`")
    extra = sorted(set(data) - (_KEYS - {"at"}))
    if extra:
        wrong.append(f"unknown keys: {', '.join(map(shown, extra))}; wanted id, answer, by, because, source")
    who = data.get("by", by)
    for key, x in (("id", data.get("id")), ("by", who)):
        if not isinstance(x, str) or is_blank(x) or "\n" in x or steering(x):
            wrong.append(f"{key}: got {shown(x)}, wanted a line of text")
    if "answer" not in data:
        wrong.append("answer: missing (null says that it cannot be said)")
    for key, x in ((k, data.get(k, "")) for k in ("because", "source")):
        if not isinstance(x, str):
            wrong.append(f"{key}: got {shown(x)}, wanted text")
        elif found := steering(x):
            wrong.append(f"{key}: {found} is not allowed in text")
    if wrong:
        faults = [Fault(0, 0, "", text) for text in wrong]
        raise InputError(f"{source}: cannot be used as an answer", source=source, faults=faults)
    return Answer(data["id"], data["answer"], str(who), "", data.get("because", ""), data.get("source", ""))


class AnswerFile:
    """The answers of one person about one case."""

    def __init__(self, path: Path, case: str) -> None:
        self.path, self.case = path, case
        self.answers = self._read()

    @property
    def standing(self) -> tuple[Answer, ...]:
        """Those that were not taken back; of several to one question the last."""
        last = {a.id: a for a in self.answers if not a.undone}
        return tuple(sorted(last.values(), key=lambda a: a.line))

    def add(self, answer: Answer) -> Answer:
        """Keep one.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        kept = replace(answer, at=answer.at or _now())
        self._append(kept.to_dict())
        return self.answers[-1]

    def undo(self, by: str, question: str | None = None) -> Answer:
        """Take back the last answer, or that to a question.

        Raises
        ------
        InputError
            If there is none.
        """
        live = [a for a in self.answers if not a.undone and question in (None, a.id)]
        if not live:
            which = "" if question is None else f" to {shown(question)}"
            raise InputError(f"{self.path}: there is no answer{which} to take back", source=str(self.path))
        self._append({"undo": live[-1].line, "by": by, "at": _now()})
        return live[-1]

    def _append(self, entry: Mapping[str, object]) -> None:
        with locked(self.path.parent / f".{self.case}.answers.lock", error=OutputError):
            text = self._text()
            head = text or json.dumps({"case": self.case, "answers": 1}) + "\n"
            write_atomic(self.path, head + json.dumps(entry, ensure_ascii=False) + "\n")
        self.answers = self._read()

    def _text(self) -> str:
        if not self.path.exists():
            return ""
        text = read_text(self.path, error=InputError, what="file of answers")
        return text if not text or text.endswith("\n") else text + "\n"

    def _read(self) -> tuple[Answer, ...]:
        lines = [(n, line) for n, line in enumerate(self._text().splitlines(), 1) if line.strip()]
        if not lines:
            return ()
        faults, found = [], dict[int, Answer]()
        for place, (n, line) in enumerate(lines):
            data: Any = None
            try:
                data = read_json(line, f"{self.path}", what="line of answers")
                wrong = self._head(data) if place == 0 else self._entry(n, data, found)
            except InputError as err:
                wrong = err.faults[0].message if err.faults else str(err)
            if wrong:
                faults.append(Fault(n, 1, "", wrong, "put back the line as it was; nothing was changed"))
        if faults:
            raise InputError(f"{self.path}: cannot be read as answers", source=str(self.path), faults=faults)
        return tuple(found.values())

    def _head(self, data: Any) -> str:
        if not isinstance(data, Mapping) or data.get("answers") != 1:
            return f'got {shown(data)}, wanted {{"case": "{self.case}", "answers": 1}}'
        return "" if data.get("case") == self.case else f"these answers are about {shown(data.get('case'))}, not {self.case}"

    @staticmethod
    def _entry(n: int, data: Any, found: dict[int, Answer]) -> str:
        if not isinstance(data, Mapping):
            return f"got {shown(data)}, wanted an answer"
        if "undo" in data:
            back = data["undo"]
            if back not in found:
                return f"undo: got {shown(back)}, wanted the line of an answer above"
            found[back] = replace(found[back], undone=True)
            return ""
        texts = {k: data.get(k, "") for k in _KEYS - {"answer"}}
        if not all(isinstance(x, str) for x in texts.values()) or not texts["id"] or not texts["by"] or "answer" not in data:
            return f"got {shown(dict(data))}, wanted id, answer, by and at"
        found[n] = Answer(**texts, answer=data["answer"], line=n)
        return ""


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
