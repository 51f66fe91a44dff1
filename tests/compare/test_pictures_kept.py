"""What both pictures are drawn from is kept on the machine: the same answer with and without, nothing of the case in it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.compare import levels
from detente.compare.frontier import frontier
from detente.compare.pictures import pictures
from smallcases import measures, parties, swap

CASE = swap(parties(trust=0.8), measures(irreversible=0.2))


@pytest.fixture
def folder(cache_folder: Path) -> Path:
    """Where entries go."""
    return cache_folder / "pictures"


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each search from now on."""
    begun: list[int] = []
    filled = levels.filled

    def counted(*asked: Any, **options: Any) -> Any:
        begun.append(1)
        return filled(*asked, **options)

    monkeypatch.setattr(levels, "filled", counted)
    return begun


@pytest.mark.parametrize(("case", "thorough"), [(CASE, True), (CASE, False), ("toy-exchange", False)])
def test_the_same_answer_with_and_without(
    case: Any, thorough: bool, folder: Path, searches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a picture that comes out of what is kept otherwise than out of the search, down to each certificate, and a search
    that is done again although it is kept."""
    with monkeypatch.context() as off:
        off.setenv("DETENTE_CACHE", "off")
        without = pictures(dt.load(case), thorough=thorough)
    assert not folder.exists()
    assert len(searches) == 1
    first, again = (pictures(dt.load(case), thorough=thorough) for _ in range(2))
    assert len(searches) == 2
    assert without == first == again
    assert without.frontier is not None


def test_every_part_of_the_question_counts(folder: Path) -> None:
    """Catches an answer to another question: another value, objective, effort, or roadmap to begin with."""
    case, other = dt.load(CASE), dt.load(swap(parties(trust=0.81), measures(irreversible=0.2)))
    plan = dt.plan(case, likely=True, reasons=False)
    questions: list[tuple[Any, dict[str, Any]]] = [
        (case, {}),
        (other, {}),
        (case, {"objective": "sum"}),
        (case, {"thorough": True}),
        (case, {"known": [plan.roadmap]}),
    ]
    for count, (which, asked) in enumerate(questions, 1):
        pictures(which, **asked)
        assert len(list(folder.iterdir())) == count, asked


def test_what_the_clock_decides_is_not_kept(folder: Path) -> None:
    """Catches a worse answer that a slow moment has left, and that is given for good."""
    pictures(dt.load(CASE), until=1e12)
    assert not folder.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda text: text[: len(text) // 2],
        lambda _: "[1, 2]",
        lambda text: text.replace("[[", "[[true, ", 1),
        lambda text: text.replace("[[", "[[7, ", 1),
        lambda text: text.replace('"gaps": [', '"gaps": [0.5, '),
        lambda text: json.dumps({**json.loads(text), "caps": [{"needs": "1/0", "at_most": 1.0}]}),
        lambda text: json.dumps({**json.loads(text), "caps": [{"needs": "0.5", "at_most": 1.0}]}),
        lambda text: json.dumps({**json.loads(text), "caps": [{"needs": "1/2", "at_most": "1"}]}),
        lambda text: json.dumps({**json.loads(text), "caps": [{"needs": "1/2"}]}),
        lambda text: json.dumps({**json.loads(text), "best": [[2, 0]]}),
        lambda text: json.dumps({**json.loads(text), "fast": [[99, 0]]}),
    ],
)
def test_what_is_damaged_is_made_anew(spoil: Any, folder: Path) -> None:
    """Catches an answer from an entry that is cut short, of another form, or with a roadmap that breaks a row."""
    case = dt.load(CASE)
    first = pictures(case)
    (file,) = folder.iterdir()
    whole = file.read_text(encoding="utf-8")
    assert spoil(whole) != whole
    file.write_text(spoil(whole), encoding="utf-8")
    assert pictures(case) == first
    assert file.read_text(encoding="utf-8") == whole


def test_nothing_of_the_case_stands_in_it(folder: Path) -> None:
    """Catches a name, a value or a text of the case in what is kept."""
    pictures(dt.load(CASE))
    (file,) = folder.iterdir()
    entry = json.loads(file.read_text(encoding="utf-8"))
    assert set(entry) == {"best", "fast", "gaps", "caps"}
    assert "give" not in file.read_text(encoding="utf-8")


def test_a_level_of_trust_without_any_roadmap_bounds_the_speed_by_0() -> None:
    """Catches a bound of minus infinity: no JSON has it, and nothing with it was kept. toy-exchange has a level without any."""
    found = frontier(dt.load("toy-exchange"))
    assert found is not None
    bounds = [cap.at_most for cap in found.caps]
    assert 0 in bounds
    assert all(0 <= most < math.inf for most in bounds)
    json.dumps(found.to_dict(), allow_nan=False)
