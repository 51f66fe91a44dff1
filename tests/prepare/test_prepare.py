"""The table of contingencies: sub-cases of `toy-exchange` solved by hand, risks, points of no return, and what it refuses.

toy-exchange. Each of a and b can give a unit in ten slices: cost 1 a phase, worth 2 to the other, d = 0.8, r = 0.5, lag 1, no
breakdown loss, no deal 0, odds 1.5, no signals. The plan gives eight tenths each in phase 0 and the rest in phase 1. Held for
ever x units of the other's are worth 2x / 0.2 = 10x, own ones cost 5x; what has fallen is worth half of that.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from detente.base.parts import Table
from detente.case.case import Case
from detente.case.load import load
from detente.cli import app
from detente.errors import InputError, RoadmapError
from detente.plan.roadmap import Roadmap
from detente.prepare.answers import Desk
from detente.prepare.contingency import Contingency, Preparation
from detente.prepare.grouped import grouped
from detente.prepare.prepare import prepare
from detente.prepare.situation import situation
from detente.prepare.telling import show_preparation
from smallcases import Data, measures, parties, swap, written

F = Fraction


STEPS = {f"give-{i}/{k}": 0 if k <= 5 else 1 if k <= 8 else 2 for i in "ab" for k in range(1, 11)}
"""Five tenths from each, then three, then two: it holds, and is alike for both."""


@pytest.fixture(scope="module")
def toy() -> Preparation:
    return prepare(load("toy-exchange"), {"entry": STEPS}, repairs="every")


def one(found: Preparation, event: str, party: str, phase: int, entered: int | None = None) -> Contingency:
    (c,) = (
        c
        for c in found.contingencies
        if (c.event.event, c.event.party, c.event.phase) == (event, party, phase) and entered in (None, c.event.entered)
    )
    return c


def values(c: Contingency) -> dict[str, tuple[Fraction, Fraction] | None]:
    return {n: None if x.value is None else (x.value["a"], x.value["b"]) for n, x in c.answers.items()}


def holding(c: Contingency) -> list[str]:
    return [n for n, x in c.answers.items() if x.holds]


def test_a_gives_its_first_five_tenths_one_phase_late(toy: Preparation) -> None:
    """Known in phase 1, with 5 of b's in force.

    Going on: 8 of a's and 3 of b's enter in phase 1, the rest in 2: 0.8 + 0.8 * 5 = 4.8 to each. If a holds its 8 back it has
    b's 8 for a phase and half of them ever after, 1.6 + 0.8 * 4 = 4.8, no less. So if it doubts b at all it cheats: should b
    stop, it saves its own 8 for a phase and half of them ever after, 0.8 + 0.8 * 2 = 2.4. It does not hold. Suspending: b's 5
    fall to half at once: 2.5 left to a for ever, -1.25 to b. a's 5 come in phase 1 (-0.5; +1), are seen in 2; then b's 5 come
    back, adding the other half, and 3 of each enter (-0.8 + 0.5 + 0.6 = 0.3; 1.6 - 0.25 - 0.3 = 1.05), in 3 the rest (0.5 a
    phase; 1.25). a: 2.5 - 0.5 + 0.8 * 0.3 + 0.64 * 2.5 = 3.84; b: -1.25 + 1 + 0.8 * 1.05 + 0.64 * 6.25 = 4.59. Stepping out:
    half of b's 5: 2.5 to a, -1.25 to b.
    """
    c = one(toy, "late", "a", 0)
    told = values(c)
    assert c.event.known == 1
    assert told["tolerate"] == (F("4.8"), F("4.8"))
    assert (told["suspend"], told["step_out"]) == ((F("3.84"), F("4.59")), (F("2.5"), F("-1.25")))
    assert holding(c) == ["repair", "suspend", "step_out"]
    row = c.answers["tolerate"].row
    assert row is not None
    assert (row.row, row.party, row.phase, row.found, row.left, row.right) == ("doubt", "a", 1, 1, F("2.4"), 0)
    assert (c.answer, c.why) == ("suspend", "only")  # a changed roadmap would make it pay to be late


def test_a_gives_part_of_its_first_step(toy: Preparation) -> None:
    """Two of a's five tenths come, five of b's. What is missing does not come by itself, so the rest of a's cannot follow.

    Going on: b's others come. a: 1.4 + 0.8 * 9 = 8.6; b: -0.4 - 0.8 * 3 = -2.8, less than stepping out, 1 - 1.25. Suspending
    for good: b's 5 fall to half: a: -1 + 2.5 = 1.5, b: 2 - 1.25 = 0.75; but a would take its two back. Stepping out: 2 and
    -0.25.
    """
    c = one(toy, "part", "a", 0)
    told = values(c)
    assert c.event.measures == ("give-a/3", "give-a/4", "give-a/5")
    assert (told["tolerate"], told["suspend"]) == ((F("8.6"), F("-2.8")), (F("1.5"), F("0.75")))
    assert told["step_out"] == (2, F("-0.25"))
    assert holding(c) == ["repair", "step_out"]
    assert c.answer == "repair"


def test_a_never_gives_anything(toy: Preparation) -> None:
    """Nothing can be had for b's gift any more, so b takes it back: half of its 5 tenths is lost, -1.25, and half is left to a.

    Going on would give a 1.6 + 8 and cost b as much as half of that. Without a breakdown loss suspending and stepping out are
    the same: the milder is told.
    """
    c = one(toy, "not_done", "a", 0)
    left = (F("2.5"), F("-1.25"))
    assert values(c) == {
        "tolerate": (F("9.6"), F("-4.8")),
        "repair": None,
        "suspend": left,
        "take_back": None,
        "step_out": left,
    }
    assert holding(c) == ["suspend", "step_out"]
    assert (c.answer, c.why, c.break_even) == ("suspend", "only", 0)


def test_the_last_two_tenths_are_late(toy: Preparation) -> None:
    """Known in phase 3: a's 8 and b's 10 in force. Going on holds, 5 to each: a's best cheat is 2 + 4 - 2 = 4.

    b's trust in a may fall: in doubt whether to take its own back it would save 1 + 0.8 * 2.5 - 2.5 = 0.5 should a stop, and
    lose 5 - (2 + 4 - 2.5) if a means it. Odds of 1/3 will do, 2/9 of 1.5. Suspending pauses b's last two: half of them left, 1
    to a, -0.5 to b, the other half back when a's have been seen, a phase later: 0.8 * 1 and 0.8 * -0.5. a: -5 + 8 + 0.8 + 1 =
    4.8; b: 10 - 4 - 0.4 - 0.5 = 5.1. It holds, and is worth more to b. But a had 2 - 0.8 in phase 2, so that being late pays:
    1.2 + 0.8 * 4.8 - 5 = 0.04. So b's two stay away for a phase longer: 4.8 - 0.8 * 0.2 = 4.64 to a, 5.18 to b, and being late
    costs 0.088. However late the two come, going on holds: until the last phase.
    """
    c = one(toy, "late", "a", 2)
    told = values(c)
    plain = Desk("nash").suspend(situation(load("toy-exchange"), toy.roadmap, c.event))
    assert plain.value == {"a": F("4.8"), "b": F("5.1")}
    assert (told["tolerate"], told["suspend"]) == ((5, 5), (F("4.64"), F("5.18")))
    assert {"tolerate", "suspend"} <= set(holding(c))
    assert (c.answer, c.why, c.latest, c.ruling.pays) == ("suspend", "only", 5, F("-0.088"))
    assert c.answers["suspend"].longer == 1


def test_a_takes_its_first_step_back(toy: Preparation) -> None:
    """In phase 1, once seen: of a's 5 tenths half is left, -1.25 to a and 2.5 to b. Going on: b's others come, a's cannot.

    a: 1.6 + 8 - 1.25 = 8.35; b: -4.8 + 2.5 = -2.3. Stepping out: 2.5 - 1.25 to each. To pause b's 5 is the same without a
    breakdown loss.
    """
    c = one(toy, "withdrawn", "a", 1, entered=0)
    told = values(c)
    alike = (F("1.25"), F("1.25"))
    assert (told["tolerate"], told["suspend"], told["step_out"]) == ((F("8.35"), F("-2.3")), alike, alike)
    assert holding(c) == ["repair", "suspend", "step_out"]
    assert c.answer == "repair"


def test_both_sides_are_treated_alike(toy: Preparation) -> None:
    """The case is symmetric: what is said of a must be said of b. Catches an order of parties that matters."""

    def told(party: str) -> list[Any]:
        return [
            (c.event.event, c.event.phase, c.event.entered, c.answer, c.why, holding(c), c.latest)
            for c in toy.contingencies
            if c.event.party == party
        ]

    assert told("a") == told("b")
    assert toy.no_return == {"a": None, "b": None}


def test_repairs_tried_for_every_event_change_no_answer(toy: Preparation) -> None:
    """Catches a recommendation that depends on how much was worked out."""
    needed = prepare(load("toy-exchange"), toy.roadmap)
    assert [(c.answer, c.why) for c in needed.contingencies] == [(c.answer, c.why) for c in toy.contingencies]
    skipped = [c for c in needed.contingencies if c.answers["repair"].holds is None]
    assert skipped
    assert all(c.answers["tolerate"].holds for c in skipped)


def test_the_same_bytes_twice(toy: Preparation) -> None:
    """Catches an order of sets that leaks into the answer."""
    again = prepare(load("toy-exchange"), toy.roadmap, repairs="every")
    assert json.dumps(again.to_dict()) == json.dumps(toy.to_dict())


# -- trust and risks -----------------------------------------------------------------------------------------------------------


def swapped(*risks: Data, **entries: Any) -> Case:
    """Two gifts with a signal of 4, given at once; r = 0, so that going on is worth 5 and stepping out -B."""
    return load(swap(parties(breakdown=2, trust=0.5), measures(signal=4, **entries), lambda d: d.update(risks=list(risks))))


BOTH = {"entry": {"give-a": 0, "give-b": 0}}


def test_the_odds_after_a_failure_are_bayes_rule() -> None:
    """A step that fails one time in five although meant: f / (1 - (1 - f) / g) = 0.2 / 0.8 = 1/4, by hand.

    Known in phase 1, b's gift in force: if a's never comes, going on costs b 5 and stepping out its B of 2. Half of that is no
    matter of trust, so b suspends: nothing is left of it, 0.
    """
    case = swapped({"id": "slip", "kind": "performance", "of": ["give-a"], "fails": 0.2, "late": [0, 1, 2]})
    found = prepare(case, BOTH)
    missed = one(found, "not_done", "a", 0)
    assert (missed.factor, missed.unknown) == (F("0.25"), ())
    assert values(missed)["tolerate"] == (10, -5)
    assert values(missed)["suspend"] == (0, 0)
    assert values(missed)["step_out"] == (-2, -2)
    assert missed.answer == "suspend"
    failed = next(c for c in found.contingencies if c.event.event == "fails")
    assert (failed.event.risk, failed.factor, failed.answer) == ("slip", F("0.25"), "suspend")
    other = one(found, "not_done", "b", 0)
    assert (other.factor, other.unknown) == (1, ("give-b",))
    assert other.to_dict(found.roadmap)["factor"] is None


def test_the_break_even_counts_from_the_odds_before() -> None:
    """a's gift one phase late: at phase 1 b's is in force, and b risks one phase more of its cost.

    b at the hands of a: W = -2; if a stops at 1, found out at 2: -1 for a phase, then -0.8 * 2, in all -2.6: E = 0.6. Going on
    is worth 10 - 5 = 5, so V - W = 7: for that 0.6 / 7 of the odds of 1 at first would do. But in doubt b could take its own
    back, too, and save that 1; it would lose 5 - (2 - 1.6) if a means it. So 1 / 4.6 is needed: after the factor of 1/4 that is
    left.
    """
    case = swapped({"id": "slip", "kind": "performance", "of": ["give-a"], "fails": 0.2})
    c = one(prepare(case, BOTH), "late", "a", 0)
    assert c.answers["tolerate"].holds
    assert c.answers["tolerate"].break_even == 1 / F("4.6")
    assert c.factor == F("0.25")


def test_a_shock_is_the_trust_rows_with_other_odds() -> None:
    """Odds of 1 in either; giving at once risks E = W - X = -2 + (1 + 0.8 * 2) = 0.6 of V - W = 7, and 1 of V - D = 4.6 in
    doubt whether to hold back, too. 0.06 is too little.

    But once a's gift has been seen its signal of 4 makes 0.24 of it: in phase 1 going on holds. In phase 0 a can give first,
    whose trust in b is whole: -1 + 0.8 * 5 = 3 to a; b follows when it has seen it: 2 + 0.8 * 5 = 6.
    """
    shock: Data = {"id": "raid", "kind": "shock", "by": "a", "chance": 0.1, "ratio": 0.06}
    found = prepare(swapped(shock), BOTH)
    struck = [c for c in found.contingencies if c.event.event == "shock"]
    assert [(c.event.phase, c.answers["tolerate"].holds) for c in struck] == [(0, False), (1, True)]
    assert struck[0].answers["tolerate"].break_even == 1 / F("4.6")
    assert struck[0].answer == "repair"
    assert values(struck[0])["repair"] == (3, 6)
    assert struck[1].answers["tolerate"].break_even == 1 / F("4.6") / 4


def test_a_new_government_with_other_values() -> None:
    """It values b's gift at 0.5, its own costs it 1: going on is worth -2.5 to it, stepping out -2. All parties count then."""
    change: Data = {"id": "vote", "kind": "government", "party": "a", "at": 1, "chance": 0.5, "value": {"give-b": 0.5}}
    c = next(c for c in prepare(swapped(change), BOTH).contingencies if c.event.event == "government")
    assert values(c)["tolerate"] == (F("-2.5"), 5)
    assert not c.answers["tolerate"].holds
    assert c.answer == "step_out"


def test_a_point_of_no_return_by_hand() -> None:
    """a's gift cannot be taken back, b's can, and only b would lose by a breakdown (10).

    a: out of its gift it can only carry on bearing it: S = -1 / 0.2 = -5 from the phase in which it gives on, below the 0 of no
    deal. If it gives in phase 1 its point is phase 1, and not before. b: if a stops, it keeps what a gave: none.
    """

    def change(data: Data) -> None:
        data["measures"]["give-a"]["irreversible"] = 1
        data["parties"]["b"]["breakdown"] = 10
        data["phases"]["count"] = 3
        for spec in data["parties"].values():
            spec["trust"] = dict.fromkeys(spec["trust"], 0.95)

    case = load(swap(change))
    for entered in (0, 1):
        found = prepare(case, {"entry": {"give-a": entered, "give-b": entered}})
        point = found.no_return["a"]
        assert point is not None
        assert (point.phase, point.secured, point.toward, point.last) == (entered, -5, "b", -5)
        assert found.no_return["b"] is None


# -- what it tells, and what it refuses ----------------------------------------------------------------------------------------


def test_runs_and_until(toy: Preparation) -> None:
    """Catches an answer that is told for dates at which it is not the answer."""
    entries = {(e.event, e.parties): e for e in grouped(toy.contingencies)}
    late = entries["late", ("a",)]
    assert [(r.answer, r.first, r.last) for r in late.runs] == [("suspend", 0, 0), ("take_back", 1, 1), ("suspend", 2, 2)]
    assert late.until is None
    assert entries["not_done", ("a",)].until is None
    told = sum(len(r.contingencies) for e in entries.values() for r in e.runs)
    assert told == len(toy.contingencies)


def test_a_roadmap_that_cannot_be_carried_out_is_not_prepared_for() -> None:
    """The second slice comes without the first. Catches answers that lead back to what cannot be."""
    found = prepare(load("toy-exchange"), {"entry": {"give-a/2": 0, "give-b/1": 0}})
    assert not found
    assert (found.contingencies, found.no_return) == ((), {})
    assert found.certificate.broken
    assert found.to_dict()["contingencies"] == []


def test_an_empty_roadmap_has_nothing_to_go_wrong() -> None:
    assert not prepare(load("toy-exchange"), {"entry": {}})


@pytest.mark.parametrize(
    ("roadmap", "said"),
    [
        ({"case": "other", "entry": {}}, "the roadmap is for case 'other', not 'toy-exchange'"),
        (Roadmap("other", 6, {}), "the roadmap is for case 'other', not 'toy-exchange'"),
        ({"entry": {"give-c": 0}}, "entry.give-c: no such measure in the case"),
        ({"entry": {"give-a/1": 6}}, "got 6, wanted a phase from 0 to 5"),
        ({"entry": {"give-a/1": object()}}, "wanted a phase from 0 to 5"),
        ({"steps": []}, "wanted an object with `entry"),
        ("no-such-file.json", "there is no such file"),
    ],
)
def test_a_roadmap_that_is_none(roadmap: Any, said: str) -> None:
    """Catches a slip that ends in a traceback or in an empty table."""
    with pytest.raises(RoadmapError) as caught:
        prepare(load("toy-exchange"), roadmap)
    assert said in str(caught.value)


def test_every_wrong_choice_is_named_at_once() -> None:
    """Catches a table that is empty because of a slip in what was asked for."""
    with pytest.raises(InputError) as caught:
        prepare(load("toy-exchange"), objective="best", repairs="all", only=["flood"], party="c", phase=7)
    for said in ("'best'", "'all'", "'flood'", "'c': wanted one of a, b", "phase 7: wanted 0 to 6"):
        assert said in str(caught.value)


def command(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["prepare", *arguments])


def test_the_command(toy: Preparation, tmp_path: Path) -> None:
    """The table, one day in detail, and JSON; the same answers in all of them."""
    file = tmp_path / "roadmap.json"
    file.write_text(json.dumps(toy.roadmap.to_dict()), encoding="utf-8")
    table = command("toy-exchange", str(file))
    assert table.exit_code == 0
    assert " not done " in table.stdout
    day = command("toy-exchange", str(file), "--party", "a", "--phase", "0")
    assert "Known in phase 1. Answer: change" in day.stdout
    assert "Party B: one phase" not in day.stdout
    told = json.loads(command("toy-exchange", str(file), "--json").stdout)
    assert [c["answer"] for c in told["contingencies"]] == [c.answer for c in toy.contingencies]


def test_a_day_on_which_nothing_is_due(tmp_path: Path) -> None:
    """Catches a table that claims that nothing can go wrong at all."""
    file = tmp_path / "roadmap.json"
    file.write_text(json.dumps(BOTH), encoding="utf-8")
    case = written(swap(parties(breakdown=2)), tmp_path)
    done = command(case, str(file), "--phase", "2")
    assert done.exit_code == 1
    assert "Nothing to prepare for: no step is due there" in " ".join(done.stdout.split())


def test_the_command_on_what_cannot_be_prepared(tmp_path: Path) -> None:
    """Exit code 1 with the rows that break, or with a word on why there is nothing."""
    file = tmp_path / "roadmap.json"
    file.write_text(json.dumps({"entry": {"give-a/2": 0, "give-b/1": 0}}), encoding="utf-8")
    broken = command("toy-exchange", str(file))
    assert broken.exit_code == 1
    assert "Nothing to prepare for: the roadmap does not hold" in broken.stdout
    file.write_text('{"entry": {}}', encoding="utf-8")
    empty = command(written(swap(), tmp_path), str(file))
    assert empty.exit_code == 1
    assert "Nothing to prepare for: " in empty.stdout


def test_the_table_names_what_strikes() -> None:
    """Catches ids that nobody wrote (`give-a/needs/n`) in the table and in a heading of a day, and one delay that
    is said in two ways."""
    case = load(
        swap(
            parties(breakdown=2, trust=0.5),
            lambda d: d["phases"].update(count=4),
            lambda d: d["measures"]["give-a"].update(needs=[{"id": "n", "by": "The board", "chance": 0.5, "again": 1}]),
            lambda d: d["parties"]["b"].update(governments={"first": 1, "every": 9, "chance": 0.5, "value": {"give-b": -2}}),
        )
    )
    found = prepare(case, BOTH)
    assert {c.event.risk for c in found.contingencies} >= {"give-a/needs/n", "b/governments/1"}
    for detail in (False, True):
        parts = list(show_preparation(found, case, detail=detail))
        cells = [cell for part in parts if isinstance(part, Table) for row in part.rows for cell in row]
        told = [*cells, *(part for part in parts if isinstance(part, str))]
        assert any("The board" in text and "A gives" in text for text in told)
        assert [text for text in told if re.search(r"\w/\w", text)] == []
        late = {m[0] for text in told if (m := re.search(r"\w+ phases? late", text))}
        assert late == {"1 phase late"}
