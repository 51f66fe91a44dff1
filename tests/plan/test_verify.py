"""Checking roadmaps of a case: figures worked out by hand, the kinds of row that can break, where a roadmap comes from."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.base.parts import Table
from detente.case.case import Case
from detente.case.load import read_case
from detente.case.naming import Naming
from detente.errors import RoadmapError
from detente.plan.certificate import Certificate, certify
from detente.plan.roadmap import roadmap_from_text
from detente.plan.telling import show_certificate
from detente.plan.unlock.supported import is_paid, supported
from detente.plan.verify import as_roadmap, fitted, verify
from smallcases import Data, measures, parties, swap
from unlockcases import cases, roadmaps


def case(*changes: Any) -> Case:
    return read_case(json.dumps(swap(*changes)))


def checked(found: Case, entry: dict[str, int | None]) -> Certificate:
    return verify(found, roadmap_from_text(json.dumps({"entry": entry}), found.instance))


def broken(found: Case, entry: dict[str, int | None]) -> set[tuple[str, str | None, int]]:
    """Kind, party or measure, and phase of the broken rows."""
    return {(r.row, r.party or r.measure, r.phase) for r in checked(found, entry).broken}


def test_the_swap_by_hand() -> None:
    """Both at once: each has 2 - 1 a phase, 5 for ever; to cheat is worth 2 once; going on risks 1 of what odds of 1 allow, 5.

    In doubt to cheat spares a party the same 1, of what odds of 1 make of 5 - 2. 2 parties, phases 0, 1 and 2, and in each
    V >= W, V >= D, a row of trust and one of doubt.
    """
    found = checked(case(), {"give-a": 0, "give-b": 0})
    assert (found.holds, found.rows) == (True, 24)
    assert found.value == {"a": 5, "b": 5}
    course = found.courses["a"]
    assert (course.continuation, course.deviation, course.stepping_out) == ((5, 5, 5), (2, 2, 2), (0, 0, 0))
    pair = found.pairs["a", "b"]
    assert (pair.exposure, pair.allowance) == ((1, 1, 1), (5, 5, 5))
    assert found.smallest is not None
    assert (found.smallest.row, found.smallest.slack) == ("doubt", 2)


def test_one_gift_alone_is_not_kept() -> None:
    """A alone gives in phase 1: V = -1 / 0.2 = -5 then and 0.8 * -5 = -4 before, and every row of A breaks. B owes nothing: no
    row of A is about trust in it, and B has none."""
    found = checked(case(), {"give-a": 1})
    assert {(r.row, r.party) for r in found.broken} == {("incentive", "a")}
    assert {(r.phase, r.lag): r.slack for r in found.broken if r.row == "incentive"} == {
        (0, 0): -4,
        (0, 1): -4,
        (1, 0): -5,
        (1, 1): -5,
        (2, 0): -5,
        (2, 1): -5,
    }
    assert [r.phase for r in found.broken] == sorted(r.phase for r in found.broken)


def with_rules(data: Data) -> None:
    """B's gift waits a phase for A's, in phase 1 only; a third measure excludes A's gift, a fourth is in force."""
    data["phases"]["count"] = 4
    data["measures"]["give-b"] |= {"requires": [{"any": ["give-a"], "after": 1}], "window": {"not_before": 1, "not_after": 2}}
    free = {"title": "Free", "by": "a", "kind": "other", "value": {"a": 0.01, "b": 0.01}}
    data["measures"] |= {"rival": {**free, "excludes": ["give-a"]}, "talk": {**free, "in_force": True}}


RULES = case(with_rules)
STRUCTURE = ("prerequisite", "exclusion", "window", "in_force")


@pytest.mark.parametrize(
    ("entry", "rows"),
    [
        ({"give-a": 0, "give-b": 1}, set()),
        ({"give-a": 1, "give-b": 1}, {("prerequisite", "give-b", 1)}),
        ({"give-b": 1}, {("prerequisite", "give-b", 1)}),
        ({"give-a": 0, "give-b": 3}, {("window", "give-b", 3)}),
        ({"give-a": -1, "give-b": 0}, {("in_force", "give-a", 0), ("window", "give-b", 0)}),
        ({"talk": None}, {("in_force", "talk", 0)}),
        ({"talk": 1}, {("in_force", "talk", 0)}),
    ],
)
def test_what_the_schedule_itself_breaks(entry: dict[str, int | None], rows: set[tuple[str, str, int]]) -> None:
    """Catches a hand-written roadmap that passes although it overrides the case."""
    assert {r for r in broken(RULES, entry) if r[0] in STRUCTURE} == rows


def test_what_cannot_be_together() -> None:
    """The exclusion breaks in the phase in which both are first there."""
    assert {(r[0], r[2]) for r in broken(RULES, {"give-a": 2, "rival": 0}) if r[0] == "exclusion"} == {("exclusion", 2)}


def test_a_red_line_is_a_cap_and_the_cap_is_allowed() -> None:
    """What is risked is 1 exactly: a line at 1 holds, a line a billionth below does not. Catches floating point in between."""
    both: dict[str, int | None] = {"give-a": 0, "give-b": 0}
    assert checked(case(parties(red_line=1)), both).holds
    rows = checked(case(parties(red_line=0.999999999)), both).broken
    assert {(r.row, r.left, r.slack.denominator) for r in rows} == {("red_line", 1, 10**9)}


def test_the_threshold_of_trust_is_met_exactly() -> None:
    """In doubt 1 = odds * 3 at odds of 1/3, that is p = 1/4: a hair above holds, a hair below does not."""
    both: dict[str, int | None] = {"give-a": 0, "give-b": 0}
    assert checked(case(parties(trust=0.250000000001)), both).holds
    assert not checked(case(parties(trust=0.249999999999)), both).holds


def test_a_roadmap_without_a_step_is_no_deal() -> None:
    """The empty roadmap is no deal, and breaks no row, whatever is in force. Catches a party that is held to do nothing."""
    assert checked(case(), {}).holds
    found = checked(case(lambda data: data["measures"]["give-a"].update(in_force=True)), {})
    assert found.holds
    assert dict(found.value) == dict(found.no_deal) == {"a": 0, "b": 0}


def test_where_a_roadmap_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path, standard input and a roadmap in memory are checked alike, by the case or by what is cut from it."""
    found, text = case(measures(slices=2)), '{"entry": {"give-a": 0, "give-b": 0}}'
    (tmp_path / "r.json").write_text(text)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    expected = checked(found, {"give-a": 0, "give-b": 0})
    assert verify(found, tmp_path / "r.json") == verify(found.instance, str(tmp_path / "r.json")) == expected
    assert verify(found, "-") == expected
    with pytest.raises(RoadmapError, match="<stdin>: cannot be read as a roadmap"):
        verify(found, "-")  # at its end


@settings(max_examples=25, deadline=None)
@given(cases(), st.data())
def test_a_roadmap_with_supports_is_checked_with_them(found: Case, data: st.DataObject) -> None:
    """Its payments and costs follow from its acts. Catches a certificate of the case without the supports, and a payment that
    the roadmap would have to name."""
    chosen = data.draw(st.lists(st.sampled_from([s.id for s in found.supports]), min_size=1, unique=True))
    instance = supported(found, chosen)
    roadmap = data.draw(st.sampled_from(roadmaps(instance)))
    entry = {m: t for m, t in roadmap.entry.items() if not is_paid(m)}
    certificate = verify(found, {"supports": chosen, "entry": entry})
    assert certificate == certify(instance, roadmap)
    assert fitted(found, {"supports": chosen, "entry": entry})[1] == roadmap


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["visum"], "got 'visum', wanted supports of the case"),
        ("visa", "no roadmap with"),
        ([7], "got 7, wanted supports"),
        ({"visa": 1}, "got a mapping, wanted supports"),
    ],
)
def test_supports_that_are_none(named: object, said: str) -> None:
    """Catches a support that is passed over; one alone needs no list."""
    found = case(lambda d: d.update(supports=[{"id": "visa", "title": "V", "party": "a", "breakdown": 1}]))
    if named == "visa":
        assert verify(found, {"supports": named, "entry": {}}).no_deal == verify(found, {"entry": {}}).no_deal
        return
    with pytest.raises(RoadmapError, match=said):
        verify(found, {"supports": named, "entry": {}})


def test_other_commands_do_not_drop_supports() -> None:
    """Catches plays of a roadmap without the supports on which it rests."""
    found = case(lambda d: d.update(supports=[{"id": "visa", "title": "V", "party": "a", "breakdown": 1}]))
    with pytest.raises(RoadmapError, match="supports are reckoned with by `verify` alone"):
        as_roadmap({"supports": ["visa"], "entry": {}}, found)


def test_each_kind_of_broken_row_is_told_once() -> None:
    """A alone gives in phase 1: its rows break in phases 0, 1 and 2, and two lines say so. Catches a line a phase and lag."""
    found = case()
    roadmap = roadmap_from_text('{"entry": {"give-a": 1}}', found.instance)
    told = show_certificate(certify(found.instance, roadmap), roadmap, Naming(found))
    (rows,) = [part.rows for part in told if isinstance(part, Table)]
    assert [row[0] for row in rows] == ["0-2"] * 2  # stopping openly, and cheating
    assert all(row[1].endswith(" on") for row in rows)  # for ever
