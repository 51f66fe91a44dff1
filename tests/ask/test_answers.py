"""The file of answers: what is added stays, what is broken is told, nothing is half-written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.ask.answers import Answer, AnswerFile, file_of, given, people
from detente.errors import InputError


def kept(tmp_path: Path) -> AnswerFile:
    return AnswerFile(tmp_path / "barter.answers.jsonl", "barter")


def test_answers_stay_in_the_file_when_they_are_taken_back(tmp_path: Path) -> None:
    """Catches an undo that loses the line, takes back the wrong one, or is forgotten by the next reader."""
    file = kept(tmp_path)
    for n in range(3):
        file.add(Answer(f"q{n}", n, "ana", because="so"))
    before = file.path.read_text(encoding="utf-8")
    assert file.undo("ana").id == "q2"
    assert file.undo("ana", "q0").id == "q0"
    assert file.path.read_text(encoding="utf-8").startswith(before)
    again = kept(tmp_path)
    assert [a.id for a in again.standing] == ["q1"]
    assert [a.undone for a in again.answers] == [True, False, True]
    assert [(a.by, a.because) for a in again.answers] == [("ana", "so")] * 3
    with pytest.raises(InputError, match="no answer"):
        again.undo("ana", "q0")


def test_the_last_answer_to_a_question_counts(tmp_path: Path) -> None:
    """Catches the first of two answers that still counts, or comes back in no order when the second is taken back."""
    file = kept(tmp_path)
    file.add(Answer("q", 1, "ana"))
    file.add(Answer("q", 2, "ana"))
    assert [a.answer for a in file.standing] == [2]
    file.undo("ana")
    assert [a.answer for a in file.standing] == [1]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{not json", "not JSON"),
        ('{"id": "x"}', "wanted id, answer, by"),
        ('{"undo": 9}', "line of an answer"),
        ("[]", "answer"),
    ],
)
def test_a_broken_line_is_told_and_left(tmp_path: Path, line: str, message: str) -> None:
    """Catches a reader that skips a broken line, or a writer that goes on beside it and loses it."""
    file = kept(tmp_path)
    file.add(Answer("q", 1, "ana"))
    text = file.path.read_text(encoding="utf-8") + line + "\n"
    file.path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as told:
        kept(tmp_path)
    assert told.value.faults[0].line == 3
    assert file.path.read_text(encoding="utf-8") == text


def test_the_answers_of_another_case_are_refused(tmp_path: Path) -> None:
    """Catches a renamed file whose answers would be put into a case that they are not about."""
    kept(tmp_path).add(Answer("q", 1, "ana"))
    with pytest.raises(InputError, match="not other"):
        AnswerFile(tmp_path / "barter.answers.jsonl", "other")


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        ({}, 3),
        ({"id": "q", "answer": None, "by": "ana", "because": 3, "weight": 1}, 2),
        ({"id": "q", "answer": 1, "by": "an\u202ea"}, 1),
        ({"id": "q", "answer": 1, "by": "ana", "because": "\x1b[2J"}, 1),
    ],
)
def test_all_faults_of_an_answer_are_told_at_once(data: Any, faults: int) -> None:
    """Catches a check that stops at the first fault, or lets through what would steer a terminal."""
    with pytest.raises(InputError) as told:
        given(data, "a.json")
    assert len(told.value.faults) == faults


def test_each_person_has_a_file(tmp_path: Path) -> None:
    """Catches two people in one file, a name that leaves the folder, and files of other cases that are taken for people."""
    for who in (None, "ana", "bo-2"):
        AnswerFile(file_of(tmp_path, "barter", who), "barter").add(Answer("q", 1, who or "analyst"))
    (tmp_path / "barter-2.answers.jsonl").write_text(json.dumps({"case": "barter-2", "answers": 1}) + "\n", encoding="utf-8")
    assert sorted(people(tmp_path, "barter")) == ["ana", "analyst", "bo-2"]
    with pytest.raises(InputError):
        file_of(tmp_path, "barter", "../ana")
