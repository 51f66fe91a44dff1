"""What a search has found is kept on the machine: the same bytes with and without, and nothing of the case in it."""

from __future__ import annotations

import io
import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.base import cache
from detente.plan.solve import STRUCK
from detente.recommend import plan as plans
from detente.recommend import recommend as room
from detente.recommend.result import Recommendation
from smallcases import measures, parties, swap, you_first

CASE = swap(parties(trust=0.8), measures(irreversible=0.2))


@pytest.fixture
def folder(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where entries go; a search of few plays."""
    monkeypatch.setattr(room, "plays_for", lambda _: 3000)
    monkeypatch.setattr(room, "FRESH", 256)
    monkeypatch.setattr("detente.assess.kept._WORTH", 1)  # plays are kept, too
    return cache_folder / "schedules"


def told(case: Any = CASE, **options: Any) -> str:
    made = dt.plan(dt.load(case), reasons=False, **options)
    assert isinstance(made, Recommendation)
    out = made.to_dict()
    out["method"] = {k: v for k, v in (made.method or {}).items() if k != "seconds"}
    return json.dumps(out, sort_keys=True, default=str)


def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each search in plays from now on."""
    begun: list[int] = []
    best = room.Search.best

    def counted(self: Any, *asked: Any) -> Any:
        begun.append(1)
        return best(self, *asked)

    monkeypatch.setattr(room.Search, "best", counted)
    return begun


def test_the_same_bytes_with_and_without(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches figures that come out of what is kept, and a search that is done again although it is kept."""
    begun = searches(monkeypatch)
    with monkeypatch.context() as off:
        off.setenv("DETENTE_CACHE", "off")
        without = told(draws=200)
    assert not folder.exists()
    assert len(begun) == 1
    first = told(draws=200)
    assert len(begun) == 2
    again = told(draws=200)
    assert len(begun) == 2
    assert without == first == again
    told(which="without-giving-way")  # nothing is given up: there is nothing more to look for
    assert len(begun) == 2


def test_every_part_of_the_question_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an answer to another question: another value, seed, profile, condition, width of ranges, or program."""
    told()
    assert len(list(folder.iterdir())) == 1
    questions: list[dict[str, Any]] = [
        {"case": swap(parties(trust=0.81), measures(irreversible=0.2))},
        {"seed": 1},
        {"forbid": ["give-a"]},
        {"widen": 1.3},
        {"slack": 1},
        {"reach": 0.5},
        {"objective": "sum"},
        {"profile": "pam-34"},
    ]
    count = 1
    for asked in questions:
        made = dt.plan(dt.load(asked.pop("case", CASE)), reasons=False, **asked)
        count += bool(made)
        assert len(list(folder.iterdir())) == count, asked
    assert count > 6
    monkeypatch.setattr(cache, "_program", lambda: ("another",))
    told()
    assert len(list(folder.iterdir())) == count + 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda text: text[: len(text) // 2],
        lambda _: "[1, 2]",
        lambda _: "{}",
        lambda text: text.replace("{", '{"format": 0, ', 1),
        lambda text: text.replace('"tried": ', '"tried": -'),
        lambda text: text.replace("[", "[true, ", 1),
        lambda text: text.replace("[", '["0", ', 1),
        lambda text: text.replace("[", "[7, ", 1),
        lambda text: text.replace("false", "null"),
        lambda text: json.dumps({**json.loads(text), "demands": [3]}),
        lambda text: json.dumps({**json.loads(text), "schedules": {"recommended": [2, 0], "surest": [2, 0]}}),
        lambda text: json.dumps({**json.loads(text), "schedules": {"recommended": [2, 2], "surest": [2, 2]}}),
    ],
)
def test_what_is_damaged_is_made_anew(spoil: Any, folder: Path) -> None:
    """Catches an answer from an entry that is cut short, of another form, or whose schedules have no certificate."""
    first = told()
    (file,) = folder.iterdir()
    whole = file.read_text(encoding="utf-8")
    assert spoil(whole) != whole
    file.write_text(spoil(whole), encoding="utf-8")
    assert told() == first
    assert file.read_text(encoding="utf-8") == whole


@pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX")
def test_who_may_read_it(folder: Path) -> None:
    """Catches an entry that others on the machine may read."""
    told()
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_of_the_case_stands_in_it(folder: Path) -> None:
    """Catches a name, a value or a text of the case in what is kept: whole numbers under fixed words, and no more."""
    told()
    (file,) = folder.iterdir()
    entry = json.loads(file.read_text(encoding="utf-8"))
    schedules = entry.pop("schedules")
    assert set(schedules) <= {"recommended", "surest", "without-giving-way"}
    assert set(entry) == {"demands", "by_condition", "tried", "taken", "plays"}
    numbers = [*entry.pop("demands"), *entry.values(), *(e for s in schedules.values() for e in s)]
    assert all(isinstance(n, int) for n in numbers)
    assert "give" not in file.read_text(encoding="utf-8")
    assert "swap" not in file.name


def test_what_the_clock_has_cut_short_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a worse roadmap that a slow moment has left, and that is given for good."""
    case = swap(parties(trust=0.8), measures(irreversible=0.2), you_first)
    full = room.at_likely_values
    planned: list[object] = []

    def cut(*asked: Any, **options: Any) -> Any:
        made = full(*asked, **options)
        planned.append(made)
        return replace(made, method={**(made.method or {}), STRUCK: True})

    with monkeypatch.context() as short:
        short.setattr(room, "at_likely_values", cut)
        told(case)
    assert planned
    assert not folder.exists()
    told(case)
    assert len(list(folder.iterdir())) == 1


def test_the_plan_at_the_likely_values_is_found_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a plan that is proved again although it is kept, one that is kept of another question, one that is taken although
    it is damaged or has no certificate, and a name, value or text of the case in it."""
    begun: list[object] = []
    full = plans.at_likely_values

    def counted(*asked: Any, **options: Any) -> Any:
        begun.append(options)
        return full(*asked, **options)

    monkeypatch.setattr(plans, "at_likely_values", counted)
    first = told()
    assert told() == first
    assert len(begun) == 1
    (file,) = (folder.parent / "plans").iterdir()
    whole = file.read_text(encoding="utf-8")
    entry = json.loads(whole)
    assert set(entry) == {"entry", "gap", "columns", "rows", "exact", "counted", "tied"}
    lists = [x for key in ("entry", "counted") for x in entry.pop(key)]
    assert all(isinstance(x, (int, float)) for x in [*lists, *entry.values()])
    for text in ("", "{}", whole.replace("true", "1"), whole.replace('"counted": [', '"counted": [9, '), *others(whole)):
        assert text != whole
        file.write_text(text, encoding="utf-8")
        before = len(begun)
        assert told() == first
        assert len(begun) == before + 1
        assert file.read_text(encoding="utf-8") == whole
    told(objective="sum")
    told(forbid=["give-a"])
    told(time_limit=50.0)
    assert len(list((folder.parent / "plans").iterdir())) == 2


def others(whole: str) -> list[str]:
    """The same with one measure more, a phase too late, and a schedule that does not hold."""
    entry = json.loads(whole)["entry"]
    return [json.dumps({**json.loads(whole), "entry": e}) for e in ([*entry, 0], [99, *entry[1:]], [2, 0])]


def test_of_standard_input_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a trace of a case that was kept off the disk on purpose."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(CASE).encode())))
    told("-")
    assert not folder.exists()


def test_only_so_many_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a folder that grows without end, and one that forgets what was asked for last."""
    monkeypatch.setattr(cache, "MOST", 3)
    for n in range(4):
        cache.remember("schedules", f"{n}", [n])
        os.utime(folder / f"{n}.json", ns=(n, n))
    assert cache.recall("schedules", "1") == [1]  # asked for now
    cache.remember("schedules", "4", [4])
    assert {x.name for x in folder.iterdir()} == {"1.json", "3.json", "4.json"}


def test_a_place_that_cannot_be_written_to_is_no_fault(folder: Path) -> None:
    """Catches a plan that fails because nothing can be kept."""
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way", encoding="utf-8")
    assert told() == told()
