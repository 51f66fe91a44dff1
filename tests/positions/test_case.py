"""Questions of positions in a case file: what is refused, what they answer, and their part of the brief."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

import detente as dt
from briefcases import HARBOUR
from detente.brief.brief import Brief
from detente.brief.context import Context
from detente.brief.page import page
from detente.case.load import load
from detente.diagnose.verdict import diagnose
from detente.errors import CaseError, Fault, PositionsError
from smallcases import swap

QUESTION: dict[str, Any] = {
    "id": "delay",
    "title": "Delay in years",
    "range": [4, 10],
    "profile": "eu-council",
    "actors": [
        {"actor": "North <b>", "position": [4, 5, 6], "salience": 80, "capability": 2},
        {"actor": "South", "position": 10, "capability": 1.5},
        {"actor": "East", "position": 7, "salience": 20, "capability": 1},
    ],
}


def case(*questions: dict[str, Any]) -> Any:
    return load({**copy.deepcopy(swap()), "positions": list(questions)})


def faults(**change: Any) -> tuple[Fault, ...]:
    with pytest.raises(CaseError) as err:
        case({**copy.deepcopy(QUESTION), **change})
    return err.value.faults


def actors(**change: Any) -> list[dict[str, Any]]:
    return [{**QUESTION["actors"][0], **change}, *QUESTION["actors"][1:]]


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"range": [10, 4]}, "positions[0].range", "wanted the lower end first"),
        ({"range": [4]}, "positions[0].range", "wanted the two ends of the scale"),
        ({"range": [4, "ten"]}, "positions[0].range", "wanted a number"),
        ({"actors": []}, "positions[0].actors", "wanted at least one entry"),
        ({"actors": actors(position=3)}, "positions[0]", "the position of North <b> is off the scale"),
        ({"actors": actors(position=[4, 5, 11])}, "positions[0]", "the position of North <b> is off the scale"),
        (
            {"actors": actors(salience=101)},
            "positions[0].actors[0].salience",
            "wanted a number of at least 0 and of at most 100",
        ),
        ({"actors": actors(capability=-1)}, "positions[0].actors[0].capability", "wanted a number of at least 0"),
        ({"actors": actors(actor="South")}, "positions[0].actors", "South given twice"),
        ({"actors": actors(power=3)}, "positions[0].actors[0].power", "unknown key"),
        ({"actors": [{"actor": "a", "position": 5, "capability": 0}]}, "positions[0].actors", "no actor has any capability"),
        ({"evidence": ["nothing"]}, "positions[0].evidence[0]", "wanted a piece of evidence"),
    ],
)
def test_faults_of_a_question_stand_where_they_are(change: dict[str, Any], key: str, said: str) -> None:
    """Would catch a question that is read although it means nothing."""
    found = faults(**change)
    assert any(f.key == key and said in f.message for f in found), found


def test_two_questions_of_one_name_are_refused() -> None:
    """Would catch a question that hides another."""
    with pytest.raises(CaseError, match="the id 'delay' is given twice under `positions`"):
        case(QUESTION, QUESTION)


def test_questions_are_answered_as_tables_are() -> None:
    """Would catch a question that is read into another table, and a range of positions that makes no spread."""
    found = dt.positions(case(QUESTION, {**QUESTION, "id": "plain", "profile": None})).forecasts
    assert [f.issue for f in found] == ["delay", "plain"]
    assert found[0].title == "Delay in years"
    assert found[0].distribution is not None
    assert found[1].distribution is None
    assert found[0].weighted_mean == pytest.approx((5 * 2 * 80 + 10 * 1.5 * 50 + 7 * 20) / (160 + 75 + 20))
    assert found[0].spread is not None
    assert found[0].spread.median is not None
    assert found[0].influence
    assert [h.unknown for h in found[0].holders] == [False, True, False]


def test_a_profile_that_is_not_there_is_told_with_its_place() -> None:
    """Would catch a brief that fails after its search, or a profile that is quietly left out."""
    wrong = case({**QUESTION, "profile": "eu-parliament"})
    with pytest.raises(CaseError, match=r":\d+:\d+: positions\.delay: eu-parliament: .*there is no such file"):
        dt.positions(wrong)
    with pytest.raises(CaseError, match="eu-parliament"):
        dt.brief(wrong)
    with pytest.raises(PositionsError, match="has no question of positions"):
        dt.positions(load("toy-exchange"))
    with pytest.raises(PositionsError, match="has no question dela"):
        dt.positions(case(QUESTION), issue="dela")


def told(given: Any) -> str:
    """The page of the brief, without what takes long."""
    diagnosis = diagnose(given)
    assert diagnosis.plan is not None
    answered = dt.positions(given) if given.positions else None
    return page(Context(given, diagnosis.plan, diagnosis, positions=answered))


def test_the_brief_has_the_part_and_is_without_it_where_there_is_nothing() -> None:
    """Would catch an empty part, a name that becomes markup, and a reader who is not told what the coefficients are."""
    text = told(case(QUESTION))
    section = text[text.index('<h2 id="positions"') :].partition('<details class="annex')[0]
    assert "Where a bargain may end" in section
    assert "Delay in years" in section
    assert "North &lt;b&gt;" in section
    assert "<b>" not in section
    assert "eu-council" in section
    assert "stated ranges of positions" in section
    assert "(mean)" in section
    assert section.count("<svg") == 2
    ids = re.findall(r'id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert '<h2 id="positions"' not in told(load(swap()))


def test_the_brief_says_positions_in_its_json() -> None:
    """Would catch a result that only the page has."""
    given = load({**copy.deepcopy(HARBOUR), "positions": [QUESTION]})
    diagnosis = diagnose(given, time_limit=5)
    assert diagnosis.plan is not None
    made = Brief(given, diagnosis.plan, diagnosis, positions=dt.positions(given))
    assert made.to_dict()["positions"]["issues"][0]["issue"] == "delay"  # type: ignore[index]


def test_bundled_cases_answer_their_questions() -> None:
    """Would catch a bundled question that cannot be read any more."""
    found = dt.positions(load("supplier-dispute"))
    assert found.profile is not None
    assert all(f.distribution for f in found.forecasts)
