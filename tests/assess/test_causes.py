"""Why a step is not carried out: answers worked out by hand, and a whole distribution enumerated from the definition."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from detente.assess.assess import assess
from detente.assess.first import Event
from detente.assess.layout import Script, world_of
from detente.assess.process import DELAYS, NEVER, REASONS
from detente.assess.profile import load_profile
from detente.assess.records import Records, played
from detente.assess.wording import event_in_words
from detente.case.case import Case
from detente.case.load import load
from detente.case.naming import Naming
from riskycases import risky_case

PLAIN = load_profile("plain")
PLAYS = 20_000
JOINT = {"title": "Joint", "by": ["a", "b"], "kind": "other", "value": {"a": 1, "b": 1}}
"""A step that both like: nobody cheats, leaves or balks over it."""


def stand_off(measures: Mapping[str, Any], *, phases: int = 4, governments: Any = None, **more: Any) -> Case:
    """Two parties whose word is as good as certain, and that lose more by a break-off than by anything else."""
    parties: dict[str, Any] = {
        i: {"name": i, "discount": 0.9, "breakdown": 1000, "trust": {j: 0.999999999}} for i, j in (("a", "b"), ("b", "a"))
    }
    if governments:
        parties["a"]["governments"] = governments
    head = {"case": "by-hand", "title": "By hand", "as_of": "2020-01-01", "phases": {"length": "1 month", "count": phases}}
    return load({**head, "parties": parties, "measures": measures, **more})


def step(by: str, costs: float, brings: float, **more: Any) -> dict[str, Any]:
    other = "b" if by == "a" else "a"
    return {"title": by, "by": by, "kind": "other", "value": {by: -costs, other: brings}, **more}


def plays(case: Case, entry: Mapping[str, int], *, count: int = PLAYS, ahead: bool = False, **judged: float) -> Records:
    it, profile = case.instance, PLAIN.changed(**judged)
    acts = Script(
        rule=False,
        entry=np.array([entry.get(m.id, -1 if m.in_force else NEVER) for m in it.measures], dtype=np.int64),
        ladder=np.zeros(0, dtype=np.int64),
        credit=np.zeros(2),
        tolerate=1,
        ahead=ahead,
    )
    return played(world_of(case, profile), acts, 3, 0, count)


def about(found: Any, chance: float, count: int = PLAYS) -> None:
    """Within five standard errors."""
    share = float(np.mean(found))
    assert abs(share - chance) <= 5 * math.sqrt(chance * (1 - chance) / count) + 1e-9, (share, chance)


@pytest.mark.parametrize("chances", [(0.7,), (0.5, 0.8), (0.9, 0.5, 0.6)])
def test_a_step_is_refused_unless_every_consent_is_given(chances: tuple[float, ...]) -> None:
    """Catches consents that are not independent, and a refusal told of another consent: 1 - q1 q2 .., and of the first q1 ..
    q(k-1) (1 - q(k))."""
    needs = [{"id": f"c{k}", "by": "Court", "chance": q} for k, q in enumerate(chances)]
    found = plays(stand_off({"m": JOINT | {"needs": needs}}), {"m": 0})
    about(found.entered[:, 0] == NEVER, 1 - math.prod(chances))
    about(found.first_missed[:, 0], 1 - math.prod(chances))
    for k, q in enumerate(chances):
        of_it = found.first_missed[:, 0] & (found.reason_of[:, 0] == k) & (found.reason[:, 0] == REASONS.index("consent"))
        about(of_it, math.prod(chances[:k]) * (1 - q))


@pytest.mark.parametrize("patience", [0, 2])
def test_a_consent_is_asked_for_again_until_it_is_given_once(patience: int) -> None:
    """Catches a step that is given up before it is asked for again, and a consent that is asked for anew after it was given:
    asked in phases 0, 2 and 4, one of 1/2 is there with 7/8, and one of 1/2 for good before it leaves 1/2 of that."""
    again = {"id": "senate", "by": "Senate", "chance": 0.5, "again": 2}
    found = plays(stand_off({"m": JOINT | {"needs": [again]}}, phases=5), {"m": 0}, patience=patience)
    for phase, chance in ((0, 1 / 2), (2, 1 / 4), (4, 1 / 8), (NEVER, 1 / 8)):
        about(found.entered[:, 0] == phase, chance)
    needs = [{"id": "court", "by": "Court", "chance": 0.5}, again]
    found = plays(stand_off({"m": JOINT | {"needs": needs}}, phases=5), {"m": 0}, patience=patience)
    about(found.entered[:, 0] < NEVER, 7 / 16)


def test_two_firm_demands_that_name_each_other_let_neither_step_enter() -> None:
    """Catches a step that counts as seen in the phase in which it enters, and a first refusal that is not shared."""
    demands = [{"id": "x-last", "by": "a", "first": ["y"], "before": ["x"], "firm": "high"},
               {"id": "y-last", "by": "b", "first": ["x"], "before": ["y"], "firm": "high"}]  # fmt: skip
    order = {"id": "at-once", "by": "a", "title": "At once", "steps": [["x", "y"]]}
    case = stand_off({"x": step("a", 1, 3), "y": step("b", 1, 3)}, demands=demands, orders=[order], answers=[
        {"if": "x", "by": "b", "holds": ["y"], "chance": 0}])  # fmt: skip
    found = plays(case, {"x": 0, "y": 0}, firm_high=1)
    assert (found.entered == NEVER).all()
    assert found.first_missed.all()
    assert (found.firsts[:, 0] == 0).all()
    told = assess(
        case, strategies=["at-once"], runs=500, profile=PLAIN.changed(firm_high=1), likely=True, crossings=0
    ).to_dict()
    refused: Any = told["strategies"]["at-once"]["first_refused"]  # type: ignore[index]
    assert refused["measures"] == {"x": 0.5, "y": 0.5}
    assert {(e["party"], e["cause"], e["of"], e["chance"]) for e in refused["events"]} == {
        ("a", "demand", "demands.x-last", 0.5), ("b", "demand", "demands.y-last", 0.5)}  # fmt: skip


def test_an_opposing_government_lets_fall_what_is_dear_and_reversible_first() -> None:
    """Catches a chance that is not u (1 - r) for a single flow, or not in the proportion of the costs for two, told by what
    stood before; one order of the file and the other."""
    against = {"every": 100, "first": 0, "chance": 1, "undoes": 0.5}
    flow = step("a", 2, 1, in_force=True, irreversible=0.4)
    found = plays(stand_off({"flow": flow}, governments=against), {}, holds_back=0)
    for t in range(4):
        about(found.broken_off[:, 0] == t, 0.3 * 0.7**t)
    assert (found.reason[found.first_missed] == REASONS.index("undone")).all()
    cheap = step("a", 1, 1, in_force=True)
    for measures in ({"flow": flow, "cheap": cheap}, {"cheap": cheap, "flow": flow}):
        found = plays(stand_off(measures, governments=against), {}, holds_back=0)
        first = dict(zip(measures, (found.broken_off == 0).T, strict=True))
        about(first["flow"], 0.3)
        about(first["cheap"], 0.25)
        about(first["flow"] & first["cheap"], 0.3 * 0.25)


def test_each_demand_that_stands_lets_fall_by_a_draw_of_its_own() -> None:
    """Catches two demands for one step that fall together or not at all: 1 - (1 - 1/2 (1 - r))^2."""
    demands = [
        {"id": f"d{k}", "by": "b", "first": ["x"], "before": ["flow"], "firm": "medium", "standing": True} for k in (0, 1)
    ]
    case = stand_off({"x": step("a", 1, 3), "flow": step("b", 1, 3, in_force=True, irreversible=0.2)}, demands=demands)
    found = plays(case, {}, holds_back=0)
    about(found.broken_off[:, 1] == 0, 1 - 0.6**2)


def test_a_class_is_late_by_its_two_closed_forms() -> None:
    """Catches a share by phase in the place of one by year, and a second year that goes on as the first: not there after y
    years with l^y up to one and l (1 - c)^(y - 1) later, in whole phases of a month."""
    late, catches_up = 0.6, 0.5
    case = stand_off({"m": JOINT | {"class": "works"}}, phases=40)
    found = plays(case, {"m": 2}, late_works=late, catches_up=catches_up)
    months = found.entered[:, 0] - 2
    for k in (1, 6, 12):
        about(months >= k, late ** (k / 12))
    for k in (13, 18, 24, 36):
        about(months >= k, late * (1 - catches_up) ** (k / 12 - 1))
    about(found.first_late[:, 0], late ** (1 / 12))
    assert not found.first_missed.any()


@pytest.mark.parametrize("ahead", [False, True])
def test_work_of_a_known_length_is_never_late(ahead: bool) -> None:
    """Catches work that is late although it began in time, and work that begins before phase 0."""
    case = stand_off({"m": JOINT | {"takes": 3}}, phases=6)
    for due in range(6):
        found = plays(case, {"m": due}, count=50, ahead=ahead)
        assert (found.entered == max(due, 3)).all()
        assert not found.first_late.any()


def test_work_that_is_uncertain_is_late_by_the_quantiles_of_its_triangle() -> None:
    """Catches another distribution than the triangle over [0, 0, 4], rounded: over k + 1/2 with (3.5 - k)^2 / 16; and a roadmap
    that reckons with the longest time, but is late."""
    case = stand_off({"m": JOINT | {"takes": [0, 0, 4]}}, phases=12)
    found = plays(case, {"m": 4})
    for k in range(4):
        about(found.entered[:, 0] > 4 + k, (3.5 - k) ** 2 / 16)
    assert (plays(case, {"m": 4}, ahead=True).entered == 4).all()


@pytest.mark.parametrize("likely", [True, False])
def test_the_shares_of_an_assessment_add_up(likely: bool) -> None:
    """Catches plays that end twice or in no way, and events or steps that are counted twice or not at all."""
    anything = 0.0
    for n in (0, 3, 5, 8):
        told = assess(
            risky_case(n, causes=True), strategies=["tit-for-tat", "wait-and-see"], runs=400, likely=likely, crossings=0
        )
        for fared in told.to_dict()["strategies"].values():  # type: ignore[attr-defined]
            assert fared["collapse"][0] + fared["stopped"][0] + fared["under_way"][0] == pytest.approx(1)
            for first in (fared["first_refused"], fared["first_late"]):
                by_event = sum(e["chance"] for e in first["events"])
                assert by_event == pytest.approx(sum(first["measures"].values()))
                assert by_event <= 1 + 1e-9
                anything += by_event
            by_slice = sum(chance for chance, _ in fared["first_failure"].values())
            assert sum(fared["first_refused"]["measures"].values()) == pytest.approx(by_slice)
    assert anything > 1


HALF = Fraction(1, 2)
Flip = Callable[[Fraction | int], bool]


def enumerated(one: Callable[[Flip], Any]) -> dict[Any, Fraction]:
    """The chance of everything that can come of a play told by hand, by all ways in which its draws of 1/2 can fall."""
    out: Counter[Any] = Counter()
    paths: list[list[bool]] = [[]]
    while paths:
        path, taken = paths.pop(), list[bool]()

        def flip(chance: Fraction | int, path: list[bool] = path, taken: list[bool] = taken) -> bool:
            if chance in (0, 1):
                return chance == 1
            assert chance == HALF
            if len(taken) == len(path):
                paths.append([*taken, False])
                path.append(True)
            taken.append(path[len(taken)])
            return taken[-1]

        out[one(flip)] += HALF ** len(taken)  # type: ignore[assignment]
    return dict(out)


def small_case() -> Case:
    """Three steps, three phases, and of each cause but lateness a draw of 1/2.

    x, of a, due in 0, needs a consent, which is asked for again after a phase. y, of b, due in 1, is demanded after x, with
    1/2, and kept only as long as x is. A government that undoes comes to a in phase 1 with 1/2: `flow`, which costs 2 and half
    of which cannot be undone, falls with 1/2; x, which costs 1, with 1/2 while `flow` is in force, and else surely. If flow
    falls, b holds y back, with 1/2.
    """
    return stand_off(
        {"x": step("a", 1, 4, needs=[{"id": "senate", "by": "Senate", "chance": 0.5, "again": 1}]), "y": step("b", 1, 2),
         "flow": step("a", 2, 1, in_force=True, irreversible=0.5)},
        phases=3, governments={"every": 2, "first": 1, "chance": 0.5, "undoes": 1},
        demands=[{"id": "d", "by": "b", "first": ["x"], "before": ["y"], "firm": "medium", "standing": True}],
        answers=[{"if": "flow", "by": "b", "holds": ["y"], "chance": 0.5}],
    )  # fmt: skip


def by_hand(flip: Flip) -> tuple[Any, ...]:
    """One play of `small_case` with a patience of two phases: when x and y enter, when each is first in force no more, what is
    first not carried out and why, and what it brings to a and to b."""
    worth = {"x": (-1, 4), "y": (2, -1), "flow": (-2, 1)}
    kept = {"x": 0.0, "y": 0.0, "flow": 0.5}
    up, was, since = {"flow"}, {"flow"}, {"flow": -9}
    due: dict[str, int | None] = {"x": 0, "y": 1, "flow": None}
    entered, broken, missed = dict[str, int](), dict[str, int](), dict[str, tuple[int, str]]()
    missing_since, fell_to = dict[str, int](), dict[str, str]()
    rests, held = set[str](), {m: set[str]() for m in worth}
    never, unanswered = set[str](), list[str]()
    value, meant, opposes = [0.0, 0.0], flip(HALF), False

    def is_seen(t: int) -> bool:
        return "x" in up and since["x"] + 1 <= t

    def goes_missing(m: str, why: str, t: int) -> None:
        missed.setdefault(m, (t, why))
        if m not in missing_since:
            missing_since[m] = t
            unanswered.append(m)

    def hold_back(n: str, m: str, t: int) -> None:
        held[n].add(m)
        if n in up:
            up.remove(n)
            rests.add(n)
            broken.setdefault(n, t)

    def enter(m: str, t: int) -> None:
        up.add(m)
        was.add(m)
        since[m], due[m] = t, None
        entered.setdefault(m, t)
        if missing_since.pop(m, None) is not None:
            for n in worth:
                held[n].discard(m)
                if n in rests and not held[n]:
                    rests.remove(n)
                    up.add(n)

    def earn(t: float, times: float = 1) -> None:
        for i in (0, 1):
            value[i] += times * 0.9**t * sum(worth[m][i] * (1 if m in up else kept[m]) for m in was)

    for t in range(4):
        if t == 1:
            opposes = flip(HALF)
        if t < 3:
            falls = dict[str, str]()
            if "x" in up and opposes and flip(HALF if "flow" in up else 1):
                falls["x"] = "undone"
            if "y" in up and not is_seen(t) and flip(HALF):
                falls["y"] = "demand"
            if "flow" in up and opposes and flip(HALF):
                falls["flow"] = "undone"
            for m, why in falls.items():
                up.remove(m)
                broken.setdefault(m, t)
                fell_to[m] = why
                goes_missing(m, why, t)
        for m in [m for m in worth if m in unanswered]:
            if flip(HALF):  # b holds y back by its demand, or as stated; a the flow that is worth about as much
                flow = "flow" if "flow" in up else "x" if "x" in up else None
                n = flow if m == "y" else "y"
                if n is not None:
                    hold_back(n, m, t)
        unanswered.clear()
        if "y" in fell_to and "y" in missing_since and missing_since["y"] < t and is_seen(t) and "y" not in never:
            due["y"] = t
        for m in [m for m in worth if m in missing_since]:
            if t >= missing_since[m] + 2 and not (m == "x" and m not in fell_to):
                never.add(m)
                never.update(n for n in worth if m in held[n])
                del missing_since[m]
        ready = [m for m in ("x", "y") if (d := due[m]) is not None and d <= t and m not in never and not held[m]]
        for m in ready:
            if t == 3 and not (m == "y" and "y" in fell_to):
                continue
            if m == "y" and meant and not is_seen(t):
                goes_missing("y", "demand", t)
            elif m == "x" and not flip(HALF):
                goes_missing("x", "consent", t)
                missing_since["x"] = t
                due["x"] = t + 1
            else:
                enter(m, t)
        earn(t)
    earn(4, 1 / (1 - 0.9))
    if was == {"flow"}:  # nothing new came: no deal, in which a does not keep the flow up
        value = [-2 * 0.5 / 0.1, 1 * 0.5 / 0.1]
    first = min((t for t, _ in missed.values()), default=None)
    reasons = tuple(why if m in missed and (at := missed[m])[0] == first and (why := at[1]) else "none" for m in worth)
    ends = tuple(x.get(m, NEVER) for x, ms in ((entered, ("x", "y")), (broken, tuple(worth))) for m in ms)
    return (*ends, *reasons, round(value[0], 6), round(value[1], 6))


def test_all_draws_of_a_small_case_give_the_distribution_that_the_plays_have() -> None:
    """Catches any draw that has another chance, is made twice or never, or depends on another: every end, with its value."""
    wanted, count = enumerated(by_hand), 100_000
    assert sum(wanted.values()) == 1
    assert len(wanted) > 50
    r = plays(small_case(), {"x": 0, "y": 1}, count=count, patience=2)
    assert (r.ended[:, 0] == NEVER).all()
    reason = np.where(r.first_missed, r.reason, 0)
    found: Counter[Any] = Counter()
    for entered, broken, why, value in zip(
        r.entered.tolist(), r.broken_off.tolist(), reason.tolist(), r.value.tolist(), strict=True
    ):
        found[*entered[:2], *broken, *(REASONS[k] for k in why), *(round(x, 6) for x in value)] += 1
    assert set(found) <= set(wanted)
    for end, chance in wanted.items():
        assert abs(found[end] / count - chance) <= 5 * math.sqrt(chance * (1 - chance) / count), end
    for i in (-2, -1):
        mean = sum(float(chance) * end[i] for end, chance in wanted.items())
        square = sum(float(chance) * end[i] ** 2 for end, chance in wanted.items())
        assert abs(r.value[:, i].mean() - mean) <= 5 * math.sqrt((square - mean**2) / count)


def test_a_name_in_the_plural_takes_its_verbs_so() -> None:
    """Catches "the firms withholds" for a cause whose form was forgotten."""
    one = stand_off({"m": step("a", 1, 3)})
    firms = one.model_copy(update={"parties": {i: p.model_copy(update={"number": "plural"}) for i, p in one.parties.items()}})
    causes = {*REASONS, *DELAYS} - {"none", "consent", "demand"}
    for cause in causes:
        event = Event("a", cause, None, (0, 0, 0), (), (), 1.0, 0.0)
        said, plural = (event_in_words(event, Naming(case)).removeprefix("A ").split() for case in (one, firms))
        assert said[0].rstrip(",").endswith("s"), cause
        assert not plural[0].endswith("s"), cause
