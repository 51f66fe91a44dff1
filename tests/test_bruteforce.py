"""The brute force against the package's world without a deal, and against answers worked out by hand.

Neither is taken on trust: each was written from the definitions, one by closed formulas, the other by walking.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from bruteforce import BruteForce, Key, Sides
from detente.case.alone import alone
from detente.case.instance import Instance, Measure, Party
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from strategies import instances, instances_with_roadmaps

F = Fraction


@settings(max_examples=600)
@given(instances() | instances(outside=True) | instances(trades=True) | instances(works=True))
def test_the_world_without_a_deal_is_the_same_walked_and_worked_out(instance: Instance) -> None:
    """Catches a wanted act that is missed or begun too early, a window, prerequisite or exclusion read differently, a wrong
    discount, and a drift or a share that is counted twice or not at all."""
    brute, world = BruteForce(instance), alone(instance)
    assert world.kept == tuple(brute.kept(m) for m in instance.measures)
    assert world.ready == tuple(brute.ready[m.id] for m in instance.measures)
    assert dict(world.no_deal) == {i: brute.no_deal(i) for i in instance.party}
    for n, m in enumerate(instance.measures):
        for t in range(instance.phases + 4):
            assert world.begun(n, t) == brute.begun(m, t)
            assert [world.start(i, n, t) for i in instance.party] == [brute.start(i, m, t) for i in instance.party]


@settings(max_examples=400)
@given(
    instances_with_roadmaps()
    | instances_with_roadmaps(trades=True)
    | instances_with_roadmaps(outside=True)
    | instances_with_roadmaps(works=True)
)
def test_what_a_roadmap_asks_of_whom_is_the_same(pair: tuple[Instance, Roadmap]) -> None:
    """Catches a duty that lasts a phase too long, or that is owed to somebody to whom it does not matter."""
    instance, roadmap = pair
    brute, process = BruteForce(instance), Process(instance, roadmap)
    phases = range(instance.phases + 1)
    assert process.exists == brute.process(roadmap)
    assert list(process.touched) == brute.touched(roadmap)
    for i in instance.party:
        assert (i in process.giving) == brute.gives(roadmap, i)
        for j in instance.acting:
            assert process.due(j, i) == tuple(tuple(sorted(brute.due(roadmap, j, t, i))) for t in phases)
    value = {i: brute.continuation(roadmap, i, 0) for i in instance.party}
    if process.exists:
        assert process.helps(value) == brute.helps(roadmap)


# ---- answers worked out by hand ---------------------------------------------------------------------------------------


def party(
    name: str, others: str, *, trust: str = "0.9", stalemate: int = 0, breakdown: int = 0, discount: str = "0.9"
) -> Party:
    return Party(name, name, F(discount), F(stalemate), F(breakdown), {j: F(trust) for j in others if j != name})


def measure(name: str, actors: str, value: dict[str, str], **changes: Any) -> Measure:
    plain: dict[str, Any] = {"once": {}, "irreversible": F(0), "lag": 1, "signal": F(1), "in_force": False}
    return Measure(
        id=name, whole=name, title=name, kind="other", actors=tuple(actors), value={i: F(x) for i, x in value.items()},
        requires=(), excludes=(), not_before=0, not_after=99, **{**plain, **changes},
    )  # fmt: skip


def two(*measures: Measure, phases: int = 4, **terms: Any) -> Instance:
    return Instance("two", phases, (party("a", "ab", **terms), party("b", "ab", **terms)), measures)


def broken(brute: BruteForce, roadmap: Roadmap) -> dict[Key, Sides]:
    return {key: sides for key, sides in brute.rows(roadmap) if sides.slack < 0}


def test_nobody_pays_for_leave_to_do_what_it_can_do_alone() -> None:
    """Catches a world without a deal in which a party that wants an act does not take it."""
    instance = two(measure("costs", "a", {"a": "-1", "b": "2"}, irreversible=F(1)), measure("wants", "a", {"a": "3"}))
    brute, roadmap = BruteForce(instance), Roadmap("two", 4, {"costs": 0, "wants": 1})
    assert brute.no_deal("a") == 30
    assert brute.continuation(roadmap, "a", 0) == F("0.9") * 30 - 10
    assert Key("incentive", "a", None, 0, 0) in broken(brute, roadmap)
    assert brute.touched(roadmap) == ["a", "b"]
    assert not brute.helps(roadmap)


def test_nobody_is_paid_with_what_the_other_wants_anyway() -> None:
    """Catches a threat to drop, or not to begin, an act that its actor wants for itself."""
    instance = two(measure("costs", "a", {"a": "-1", "b": "0.5"}), measure("wants", "b", {"b": "1", "a": "3"}))
    brute, roadmap = BruteForce(instance), Roadmap("two", 4, {"costs": 0, "wants": 0})
    assert brute.continuation(roadmap, "a", 0) == 20
    assert broken(brute, roadmap)[Key("incentive", "a", None, 0, 1)] == Sides(F(20), F(30), F(-10))


def test_doubt_makes_cheating_better_than_faith_where_both_are_worth_the_same() -> None:
    """Catches trust that is reckoned with when a party steps out openly, but not when it cheats.

    Eight tenths at once and the rest a phase later is worth 4.8 to each, and so is cheating; if the other cheats, too, the
    cheat loses nothing, and who keeps faith 2.4.
    """
    terms = {"trust": "0.6", "discount": "0.8"}
    parts = [("0", "0.8"), ("1", "0.2")]
    gifts = [
        measure(i + n, i, {i: "-" + share, "ba"["ab".index(i)]: str(2 * F(share))}, irreversible=F("0.5"))
        for i in "ab"
        for n, share in parts
    ]
    instance = two(*gifts, phases=2, **terms)
    brute, roadmap = BruteForce(instance), Roadmap("two", 2, {"a0": 0, "a1": 1, "b0": 0, "b1": 1})
    assert brute.continuation(roadmap, "a", 0) == brute.deviation(roadmap, "a", 0, 1) == F("4.8")
    assert brute.betrayed(roadmap, "a", "b", 0, 1) == F("-2.4")
    assert brute.both(roadmap, "a", "b", 0, 1, 1) == 0
    assert set(broken(brute, roadmap)) == {Key("doubt", i, j, 0, 1, 1) for i, j in ("ab", "ba")}
    assert broken(brute, roadmap)[Key("doubt", "a", "b", 0, 1, 1)] == Sides(F("2.4"), F(0), F("-2.4"))


def test_who_has_nothing_to_do_vetoes_nothing() -> None:
    """Catches rows of a bystander, who can neither step out nor break anything, and its gain from a drift that ends."""
    parties = (party("a", "ab"), party("b", "ab"), party("c", "ab", stalemate=-1))
    gifts = (measure("give-a", "a", {"a": "-1", "b": "3", "c": "-0.1"}), measure("give-b", "b", {"b": "-1", "a": "3"}))
    instance = Instance("three", 4, parties, gifts)
    brute, roadmap = BruteForce(instance), Roadmap("three", 4, {"give-a": 0, "give-b": 0})
    assert {key.party for key, _ in brute.rows(roadmap)} == {"a", "b"}
    assert brute.holds(roadmap)
    assert brute.gain(roadmap, "c") == 9
    assert brute.helps(roadmap)


def test_nobody_has_to_trust_a_party_that_has_no_step() -> None:
    """Catches rows toward a party that the roadmap asks nothing of."""
    parties = (
        Party("a", "A", F("0.9"), F(0), F(3), {"b": F("0.6"), "c": F("0.01")}),
        Party("b", "B", F("0.9"), F(0), F(3), {"a": F("0.6"), "c": F("0.6")}),
        Party("c", "C", F("0.9"), F(0), F(1), {"a": F("0.5"), "b": F("0.5")}),
    )
    gifts = (measure("give-a", "a", {"a": "-1", "b": "3"}), measure("give-b", "b", {"b": "-1", "a": "3"}))
    smile = measure("gift-c", "c", {"c": "0.01", "a": "0.01"}, lag=3)
    instance = Instance("three", 12, parties, (*gifts, smile))
    brute, roadmap = BruteForce(instance), Roadmap("three", 12, {"give-a": 0, "give-b": 3, "gift-c": None})
    assert not any(key.toward == "c" for key, _ in brute.rows(roadmap))
    assert brute.holds(roadmap)


@pytest.mark.parametrize("talks", [True, False])
def test_nothing_helps_where_every_step_harms(talks: bool) -> None:
    """Catches a drift that is counted as a gain of steps which are worth less than nothing to whoever takes them."""
    gifts = [measure("ga", "a", {"a": "-1", "b": "0.1"}), measure("gb", "b", {"b": "-1", "a": "0.1"})]
    joint = [measure("talk", "ab", {"a": "-0.01", "b": "-0.01"})] if talks else []
    instance = two(*gifts, *joint, phases=2, trust="0.3", stalemate=-5, breakdown=1)
    brute = BruteForce(instance)
    assert brute.best("nash") == (None, [])
    assert brute.gain(Roadmap.empty(instance), "a") == 0


def test_two_of_three_step_out_together() -> None:
    """Catches a deal that two of three would leave together, keeping what they do for each other."""
    parties = tuple(party(i, "abc") for i in "abc")
    joint = measure("joint", "ab", {"a": "2", "b": "2"})
    toll = [measure(f"toll-{i}", i, {i: "-1", "c": "1"}) for i in "ab"]
    thanks = measure("thanks", "c", {"c": "-0.1", "a": "0.2", "b": "0.2"})
    instance = Instance("three", 2, parties, (joint, *toll, thanks))
    brute, roadmap = BruteForce(instance), Roadmap("three", 2, dict.fromkeys(["joint", "toll-a", "toll-b", "thanks"], 0))
    assert set(broken(brute, roadmap)) == {Key("coalition", "a", None, t, 0, 0, ("a", "b")) for t in (1, 2)}
