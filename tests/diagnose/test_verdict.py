"""The five verdicts, each by a case of two measures with its figures worked out by hand, and the stated orders."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from detente.case.load import load, read_case
from detente.diagnose.result import Diagnosis
from detente.diagnose.verdict import diagnose
from detente.plan.steps import numbered
from smallcases import Data, measures, parties, swap, worth

DEMANDS = [
    {"id": "b-first", "by": "a", "first": ["give-b"], "before": ["give-a"], "firm": "high"},
    {"id": "a-first", "by": "b", "first": ["give-a"], "before": ["give-b"], "firm": "low"},
]
ONE_PHASE = {"phases": {"length": "1 month", "count": 1}}


def diagnosed(data: Data) -> Diagnosis:
    return diagnose(read_case(json.dumps(data)))


def answers(d: Diagnosis) -> list[bool | None]:
    return [q.answer for q in d.questions]


def figures(d: Diagnosis, question: str) -> Any:
    return next(q for q in d.questions if q.id == question).figures


def test_open() -> None:
    """Both give at once; each gains 5. Catches a trouble that is found where there is none."""
    d = diagnosed(swap())
    assert (d.verdict, answers(d)) == ("open", [True, True, True, True])
    assert figures(d, "zone") == {"package": ("give-a", "give-b"), "gains": {"a": 5.0, "b": 5.0}}
    assert d.plan is not None
    assert d.plan.roadmap.entry == {"give-a": 0, "give-b": 0}
    assert "2 measures together" in d.questions[0].finding
    assert "2 steps of a roadmap" in d.questions[1].finding
    assert (d.deadlocks, d.relaxations, d.orders, d.openings) == ((), (), (), ())


def test_steps_are_counted_as_the_brief_numbers_them() -> None:
    """Catches slices that enter together and count as so many steps: 20 where the plan and the brief have 6."""
    case = load("toy-exchange")
    found = diagnose(case)
    steps = len(numbered(case.instance, found.plan.roadmap))
    assert sum(map(len, found.plan.roadmap.steps)) > steps
    for question in ("keep", "dare"):
        told = next(q.finding for q in found.questions if q.id == question)
        assert re.findall(r"\d+", told) == [str(steps)]


def test_no_zone() -> None:
    """A gift worth half of what it costs: both together leave each at (0.5 - 1) / 0.2 = -2.5, one alone its giver at -5.

    No deal is worth 0, so each is short by 2.5 in the nearest package. What comes after is not asked.
    """
    d = diagnosed(swap(worth(-1, 0.5)))
    assert (d.verdict, answers(d)) == ("no-zone", [False, None, None, None])
    assert figures(d, "zone")["short"] == {"a": 2.5, "b": 2.5}
    assert "Party A is short by 2.5; Party B is short by 2.5" in d.questions[0].finding
    assert all("Not reached" in q.finding for q in d.questions[1:])


def test_nobody_is_asked_to_harm_itself_so_that_the_stand_off_does_not_get_worse() -> None:
    """No deal at -0.6 a phase is -3 for ever, and -2.5 would be better; but no step does anything about that. Any would do: the
    steps themselves are worth -2.5 to each."""
    d = diagnosed(swap(worth(-1, 0.5), parties(stalemate=-0.6)))
    assert (d.verdict, figures(d, "zone")["gains"]) == ("no-zone", {"a": -2.5, "b": -2.5})


def test_everything_done_already() -> None:
    """Nothing is left to agree on; catches a sentence about a nearest package that there is not."""
    d = diagnosed(swap(measures(in_force=True)))
    assert (d.verdict, d.questions[0].finding) == ("no-zone", "No measure is left that could enter.")


def test_commitment() -> None:
    """r = 0.5: to withhold one's gift is worth 2 + 0.8 * 0.5 * 2 / 0.2 = 6 and to keep to it 5. A loss of 1.25 a phase later
    weighs 1 and is the least repair, on each side; the row that it mends is phase 0's."""
    d = diagnosed(swap(measures(irreversible=0.5), lambda x: x.update(ONE_PHASE)))
    assert (d.verdict, answers(d)) == ("commitment", [True, False, None, None])
    assert figures(d, "keep")["guarantee"] == pytest.approx({"a": 1.25, "b": 1.25})
    row = figures(d, "keep")["row"]
    assert (row["row"], row["phase"], row["lag"], row["left"], row["right"], row["slack"]) == ("incentive", 0, 1, 5, 6, -1)
    assert "Party A 1.2 more; Party B 1.2 more" in d.questions[1].finding


def test_distrust() -> None:
    """Going on is worth 5, cheating 2, and a gift that is not returned costs 1, which a cheat is spared: so p / (1 - p) must be
    1/3 at least, p = 1/4. No act of one side opens the way: the other would then dare, but whoever has given does not trust
    it to."""
    d = diagnosed(swap(parties(trust=0.01)))
    assert (d.verdict, answers(d)) == ("distrust", [True, True, False, None])
    assert figures(d, "dare") == {"threshold": 0.25, "red_lines": False}
    assert "trust of 0.25" in d.questions[2].finding
    assert d.openings == ()


def test_openings_by_hand() -> None:
    """A trusts B, B's odds in A are 1/99. Once A has given, B is asked for a gift: going on is then worth 5 to it, cheating 2,
    and it is out by 1 if A stops. So its odds must be 1/3 = 33/99, and of the ratios that are tried 50 is the first that does.

    B's own gift opens nothing. With two phases and a signal of 50 A gives first and B follows: then nothing is in the way.
    """

    def doubtful(data: Data) -> None:
        data["parties"]["b"]["trust"] = {"a": 0.01}

    d = diagnosed(swap(doubtful))
    assert d.verdict == "distrust"
    assert [(o.measure, o.signal, o.needed) for o in d.openings] == [("give-a", 1.0, 50.0)]
    assert "Nearest to opening the way: A gives, if it made sincerity 50 times likelier." in d.questions[2].finding
    d = diagnosed(swap(doubtful, measures(signal=50), lambda x: x.update(ONE_PHASE)))
    assert "The first costly signal that would open the way: A gives." in d.questions[2].finding
    d = diagnosed(swap(doubtful, measures(signal=50)))
    assert d.verdict == "open"
    assert d.plan is not None
    assert d.plan.roadmap.entry == {"give-a": 0, "give-b": 1}


def test_red_lines_are_told_from_distrust() -> None:
    """A gift that is not returned costs 1, past a red line of 0.5, however much one trusts. Catches a diagnosis that sends a
    mediator to build trust where trust is not what lacks."""
    d = diagnosed(swap(parties(red_line=0.5)))
    assert (d.verdict, figures(d, "dare")) == ("distrust", {"threshold": None, "red_lines": True})
    assert "red line" in d.questions[2].finding
    assert diagnosed(swap(parties(red_line=1))).verdict == "open"


def test_order() -> None:
    """The interests allow both at once; each demands that the other goes first. Either demand resolves it."""
    d = diagnosed(swap(lambda x: x.update(demands=DEMANDS)))
    assert (d.verdict, answers(d)) == ("order", [True, True, True, False])
    assert d.deadlocks == (("b-first", "a-first"),)
    assert d.relaxations == (("a-first",), ("b-first",))
    assert "in 1 way; relaxing 1 demand is" in d.questions[3].finding
    assert d.complete


def test_a_deadlock_is_listed_under_every_verdict() -> None:
    """It decides only if nothing graver does, but it is there all the same."""
    d = diagnosed(swap(worth(-1, 0.5), lambda x: x.update(demands=DEMANDS)))
    assert (d.verdict, len(d.deadlocks), len(d.relaxations)) == ("no-zone", 1, 2)


def test_too_many_demands_to_say_what_is_least() -> None:
    """32 against 32 are 1024 deadlocks, more than are listed; the least to relax is then not known and not claimed."""
    many = [{**d, "id": f"{d['id']}-{n}"} for n in range(32) for d in DEMANDS]
    d = diagnosed(swap(lambda x: x.update(demands=many)))
    assert (d.verdict, d.complete, len(d.deadlocks)) == ("order", False, 1000)
    assert "1000 ways or more" in d.questions[3].finding


# ---- stated orders ---------------------------------------------------------------------------------------------------


def test_orders() -> None:
    """Whoever has given is out by 1 if the other stops, and cheating spares it that: either way its trust must cover 1.

    A first   going on is worth -1 + 0.8 * 5 = 3 to A, stopping 0: with a trust of 0.2 (odds 1/4) that covers 0.75. Broken in
              phase 0, by 0.25.
    At once   going on is worth 5, which covers the risk; but cheating is worth 2, and 3 more do not cover what it spares.
    A alone   -1 / 0.2 = -5 against 0: not worth it even with full trust, so the incentive row comes first.

    With a trust of 0.25 (odds 1/3) both hold, and nothing is to spare.
    """
    orders = [
        {"id": "a-first", "by": "b", "title": "A first", "steps": [["give-a"], ["give-b"]]},
        {"id": "b-first", "by": "a", "title": "B first", "steps": [["give-b"], ["give-a"]]},
        {"id": "at-once", "by": ["a", "b"], "title": "At once", "steps": [["give-a", "give-b"]]},
        {"id": "later", "by": ["a", "b"], "title": "Both later", "steps": [[], ["give-a", "give-b"]]},
        {"id": "alone", "by": "b", "title": "A alone", "steps": [[], ["give-a"]]},
    ]
    d = diagnosed(swap(parties(trust=0.2), lambda x: x.update(orders=orders)))
    trials = {t.id: t for t in d.orders}
    assert list(trials) == ["a-first", "b-first", "at-once", "later", "alone"]
    assert [t.holds for t in trials.values()] == [False] * 5
    assert [t.survives for t in trials.values()] == [0, 0, 0, 1, 0]
    assert trials["at-once"].by == ("a", "b")
    for name, kind, party in (("a-first", "trust", "a"), ("b-first", "trust", "b"), ("at-once", "doubt", "a")):
        row = trials[name].breaks_at
        assert row is not None
        assert (row.row, row.party, row.phase, row.lag) == (kind, party, 0, 1)
        assert [float(x) for x in (row.left, row.right, row.slack)] == [1, 0.75, -0.25]
    row = trials["alone"].breaks_at  # already in phase 0 A looks ahead: 0.8 * -5 against stopping for nothing
    assert row is not None
    assert (row.row, row.party, row.phase, float(row.slack)) == ("incentive", "a", 0, -4.0)
    assert d.verdict == "distrust"
    d = diagnosed(swap(parties(trust=0.25), lambda x: x.update(orders=orders)))
    assert [t.holds for t in d.orders] == [True, True, True, True, False]
    assert d.verdict == "open"


def test_the_first_broken_row_is_the_earliest() -> None:
    """Structure that breaks later does not hide an incentive that breaks before, nor the other way round."""
    late = [{"id": "late", "by": "a", "title": "Too late", "steps": [["give-b"], ["give-a"]]}]
    window: Data = {"window": {"not_after": 0}}
    d = diagnosed(swap(measures(**window), lambda x: x.update(orders=late)))
    row = d.orders[0].breaks_at
    assert row is not None
    assert (row.row, row.phase, row.measure, d.orders[0].survives) == ("window", 1, "give-a", 1)
    d = diagnosed(swap(measures(**window), parties(trust=0.2), lambda x: x.update(orders=late)))
    row = d.orders[0].breaks_at
    assert row is not None
    assert (row.row, row.phase, row.party) == ("trust", 0, "b")
