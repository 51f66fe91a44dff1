"""Unlocking on cases whose answers can be worked out in the head, and what a user does to it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from typer.testing import CliRunner

from bruteforce import BruteForce
from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.load import load
from detente.cli import app
from detente.errors import InputError
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.unlock.change import CEILING, rounded_up, scale_of
from detente.plan.unlock.reach import completed, good_enough
from detente.plan.unlock.supported import paid, supported
from detente.plan.unlock.unlock import unlock
from smallcases import Data, measures, parties, swap, written
from unlockcases import PHASES, cases, reaches, roadmaps

F = Fraction


def at_once(data: Data) -> None:
    """One phase: everything enters at once, or nothing."""
    data["phases"]["count"] = 1


def deposits(*sizes: float) -> Any:
    def change(data: Data) -> None:
        data["supports"] = [
            {"id": f"{i}-{round(100 * size)}", "title": f"Deposit of {i}", "party": i, "breakdown": size}
            for size in sizes
            for i in "ab"
        ]

    return change


def test_nothing_is_needed_where_the_exchange_enforces_itself() -> None:
    """r = 0.25 is below the threshold 1 - 1 / (d lam) = 0.375; in doubt 1 + 4 r = 2 <= odds (V - D) = 7/3 (3 - 8 r). Catches a
    support that is sold without need."""
    found = unlock(load(swap(at_once, measures(irreversible=0.25), parties(trust=0.7), deposits(1))), "give-a")
    assert (found.answer, [o.supports for o in found.options], bool(found)) == ("without", [()], True)
    assert found.complete
    assert found.plan is not None
    assert found.plan.status == "optimal"


def test_the_deposit_that_is_just_enough() -> None:
    """r = 0.5: cheating is worth D = 6 - d B against V = 5. Who keeps faith while the other does not has -3 - d B, who does not
    either - d B; with odds of 1 that counts as much, 3 <= V - D: both need B = 5, and a hundredth less will not do. Catches a
    breakdown loss that is not discounted, or is discounted twice."""
    just = unlock(load(swap(at_once, measures(irreversible=0.5), deposits(5))), "give-a")
    assert [o.supports for o in just.options] == [("a-500", "b-500")]
    assert just.options[0].certificate.binding
    less = unlock(load(swap(at_once, measures(irreversible=0.5), deposits(4.99))), "give-a")
    assert (less.answer, less.complete, less.options) == ("change", True, ())
    two = unlock(load(swap(at_once, measures(irreversible=0.5), deposits(2, 3))), "give-a")
    assert [o.supports for o in two.options] == [("a-200", "b-200", "a-300", "b-300")]


def test_slicing_does_what_a_second_phase_allows() -> None:
    """r = 0.5 in two phases: four tenths first, the rest then (the explanation derives it). In halves either side can; in one
    piece neither. Catches a cut that is not used, and a set that asks for more than it needs."""
    data = swap(measures(irreversible=0.5), parties(trust=0.9))
    data["supports"] = [{"id": f"cut-{i}", "title": "Halves", "of": [f"give-{i}"], "slices": 2} for i in "ab"]
    found = unlock(load(data), "give-a")
    assert [o.supports for o in found.options] == [("cut-a", "cut-b")]
    assert found.options[0].reached == 1


def test_the_smallest_payment() -> None:
    """In one phase with r = 0.5 B will not give, so A gives against payment alone, and B, who has nothing to do, cannot break
    it. It is worth 5 (g - 1) to A; if A does not give it is paid g until that is known: g = 5/4. Paying B alone helps nobody.
    Catches a payment that is kept after the breakdown, and a row toward one who has nothing to do."""
    found = unlock(load(swap(at_once, measures(irreversible=0.5))), "give-a")
    assert (found.answer, bool(found), found.complete) == ("change", False, True)
    assert found.changes is not None
    assert [dict(v.worth) for v in found.changes.values] == [{"a": F("1.25")}]
    assert found.changes.values[0].bound == pytest.approx(1, abs=1e-4)
    assert found.changes.no_trust


def test_both_are_paid_where_one_is_not_enough() -> None:
    """The target is a joint measure that costs each of them 1 and nobody gains by it: each needs its own payment."""
    data = swap(at_once, parties(trust=0.5))
    data["measures"] = {"tour": {"title": "Tour", "by": ["a", "b"], "kind": "contact", "value": {"a": -1, "b": -1}}}
    found = unlock(load(data), "tour")
    assert found.changes is not None
    (value,) = found.changes.values
    assert set(value.worth) == {"a", "b"}
    assert value.bound > 0.98


def test_the_least_trust() -> None:
    """r = 0.25: each loses 2 by keeping faith alone and 1 by not doing so while the other does, so it takes odds of 2; they are
    1/9. Catches a factor that is applied to the probability in place of the odds, and one for the rows of trust alone: 3.6."""
    found = unlock(load(swap(at_once, measures(irreversible=0.25), parties(trust=0.1))), "give-a")
    assert found.changes is not None
    assert found.changes.trust is not None
    assert found.changes.trust.factor == 18
    assert set(found.changes.trust.trust.values()) == {F("2") / 3}
    assert found.changes.trust.below > F("17.8")


def test_what_is_in_force_is_said_to_be() -> None:
    """Catches a search for what is there."""
    data = swap()
    data["measures"]["give-a"]["in_force"] = True
    found = unlock(load(data), "give-a")
    assert (found.answer, bool(found), found.options, found.plan) == ("in_force", True, (), None)


def test_an_opened_measure_is_reached_with_its_support_alone() -> None:
    """Catches a target that counts as reached because it is not there."""
    data = swap()
    data["measures"]["visit"] = {"title": "Visit", "by": "a", "kind": "contact", "value": {"a": 0.1, "b": 1}}
    data["supports"] = [{"id": "visa", "title": "Visa", "opens": ["visit"], "cost": {"b": 0.1}}]
    found = unlock(load(data), "visit", by=0)
    assert [(o.supports, dict(o.cost)) for o in found.options] == [(("visa",), {"b": F("0.1")})]


def test_a_cost_can_undo_what_a_support_does() -> None:
    """The deposit that is just enough for both, at a cost of 5 a phase to A: nobody would pay that. Catches costs left out."""
    data = swap(at_once, measures(irreversible=0.5), deposits(5))
    data["supports"][0]["cost"] = {"a": 5}
    found = unlock(load(data), "give-a")
    assert found.options == ()
    assert found.complete


def agreed(*provisions: dict[str, Any]) -> Data:
    data = swap()
    data["agreements"] = {
        f"pact-{n}": {"title": "Pact", "date": "2019-01-01", "provisions": [p]} for n, p in enumerate(provisions)
    }
    return data


def test_a_provision_means_all_its_measures() -> None:
    """By its full name, and by its bare one where that is unique."""
    case = load(agreed({"id": "swap-all", "title": "Swap", "measures": ["give-a", "give-b"]}))
    full, bare = unlock(case, "pact-0/swap-all"), unlock(case, "swap-all")
    assert full.to_dict() == bare.to_dict()
    assert (full.target.kind, full.target.names) == ("provision", ("give-a", "give-b"))


@pytest.mark.parametrize(
    ("target", "by", "said"),
    [
        ("giv-a", None, "did you mean 'give-a'?"),
        ("give-a/1", None, "wanted give-a, which has no slices"),
        ("twice", None, "wanted one of pact-0/twice, pact-1/twice"),
        ("empty", None, "names no measures"),
        ("pact-0/empty", None, "wanted a measure or a provision"),
        ("", None, "wanted a measure or a provision"),
        ("x" * 5000, None, "wanted a measure or a provision"),
        ("give-a", 2, "wanted 0 to 1"),
        ("give-a", -1, "wanted 0 to 1"),
        ("give-a", True, "wanted 0 to 1"),
    ],
)
def test_targets_that_cannot_be(target: str, by: int | None, said: str) -> None:
    """Catches a traceback, or an answer to a question that nobody asked."""
    twice = {"id": "twice", "title": "Twice", "measures": ["give-a"]}
    case = load(agreed(twice, twice, {"id": "empty", "title": "Empty"}))
    with pytest.raises(InputError) as err:
        unlock(case, target, by=by)
    assert said in str(err.value)
    assert len(str(err.value)) < 500


@pytest.mark.parametrize("options", [{"objective": "best"}, {"time_limit": 0}, {"most": 0}, {"time_limit": float("nan")}])
def test_options_that_cannot_be(options: dict[str, Any]) -> None:
    """Catches a limit that silently finds nothing."""
    with pytest.raises(InputError):
        unlock(load(swap()), "give-a", **options)


def test_out_of_time_is_no_answer() -> None:
    """Catches an empty success: a search that was cut short and claims that nothing does."""
    found = unlock(load("us-dprk-2019"), "arsenal-surrendered", by=10, time_limit=0.01)
    assert not found
    assert not found.complete
    assert found.answer in ("open", "change")


def test_the_command(tmp_path: Path) -> None:
    """Exit codes, streams, the same bytes twice; the text names supports and parties by their titles."""
    run = CliRunner().invoke
    path = written(swap(at_once, measures(irreversible=0.5), deposits(5)), tmp_path)
    one, two = (run(app, ["unlock", path, "--target", "give-a", "--json"]) for _ in range(2))
    assert one.exit_code == 0
    assert one.stdout_bytes == two.stdout_bytes
    data = json.loads(one.stdout)
    assert (data["answer"], data["options"][0]["supports"]) == ("supports", ["a-500", "b-500"])
    assert not [m for m in data["plan"]["entry"] if "+" in m]
    text = run(app, ["unlock", path, "--target", "give-a"]).stdout
    assert all(f"Deposit of {i}" in text for i in "ab")
    assert "A gives (target)" in text
    poor = written(swap(at_once, measures(irreversible=0.5)), tmp_path)
    assert run(app, ["unlock", poor, "--target", "give-a"]).exit_code == 1
    assert run(app, ["unlock", poor]).exit_code == 2


def exact_least(instance: Instance, target: str, party: str) -> Fraction | None:
    """The least payment to one party, from every roadmap: each slack, and its gain, is affine in it, so two values say all;
    what coalitions could keep up together gives further candidates, the first of which that will do counts."""
    least: Fraction | None = None
    problems = [paid(instance, "pay", instance.slices[target], {party: F(g)}) for g in (0, 1)]
    brute = [BruteForce(p) for p in problems]
    for pair in zip(*map(roadmaps, problems), strict=True):
        if None in [pair[0].entry[m] for m in instance.slices[target]] or brute[0].faults(pair[0]):
            continue
        found = _least_of(instance, target, party, brute, pair)
        if found is not None and (least is None or found < least):
            least = found
    return least


def _least_of(
    instance: Instance, target: str, party: str, brute: list[BruteForce], pair: tuple[Roadmap, Roadmap]
) -> Fraction | None:
    none, one = (dict(b.rows(r)) for b, r in zip(brute, pair, strict=True))
    roots = [_root(none[key].slack, one[key].slack) for key in none if key.row != "coalition"]
    gains = [[b.gain(r, i) for i in instance.party] for b, r in zip(brute, pair, strict=True)]
    for i, before, after in zip(instance.party, *gains, strict=True):
        aside = min(brute[0].drift(i), F(0)) if brute[0].gives(pair[0], i) else F(0)
        if i in brute[0].touched(pair[0]) or (i == party and max(filter(None, roots), default=F(0)) > 0):
            roots.append(_root(before + aside, after + aside))
    if None in roots or not brute[0].process(pair[0]):
        return None
    start = max(x for x in [F(0), *roots] if x is not None)
    for g in sorted({start, *(x for x in _choices(party, brute, pair) if x > start)}):
        made = paid(instance, "pay", instance.slices[target], {party: g})
        if BruteForce(made).holds(completed(pair[0], made)):
            return g
    return None


def _root(before: Fraction, after: Fraction) -> Fraction | None:
    if before >= 0:
        return F(0)
    return before / (before - after) if after > before else None


def _choices(party: str, brute: list[BruteForce], pair: tuple[Roadmap, Roadmap]) -> Iterator[Fraction]:
    """At which payments the party has nothing of stepping out together and keeping some measures up."""
    for t in range(brute[0].instance.phases + 1):
        measures = [m for m in brute[0].instance.measures if (e := pair[0].entry[m.id]) is not None and e < t]
        for n in range(len(measures) + 1 if len(brute[0].instance.parties) > 2 else 0):
            for some in itertools.combinations(measures, n):
                slacks = [b._together(r, party, t, some).slack for b, r in zip(brute, pair, strict=True)]
                yield _root(*slacks) or F(0)


@settings(max_examples=20)
@given(cases())
def test_the_smallest_payment_is_that_of_exhaustive_search(case: Case) -> None:
    """Catches a payment that is too small for some row, one that a better roadmap undercuts, and a party that is left out.
    Where nobody gains by the least payment yet it is one unit of its third digit more."""
    instance = case.instance
    assume("give-a" in instance.measure and not reaches(instance, "give-a", PHASES - 1))
    bare = case.model_copy(update={"supports": ()}) if not any(s.opens for s in case.supports) else None
    assume(bare is not None)
    assert bare is not None
    found = unlock(bare, "give-a")
    assert found.changes is not None
    least = {i: g for i in instance.touched if (g := exact_least(instance, "give-a", i)) is not None}
    least = {i: g for i, g in least.items() if g <= CEILING * scale_of(instance, i)}
    alone = {next(iter(v.worth)): v for v in found.changes.values if len(v.worth) == 1}
    if least:
        assert alone.keys() == least.keys()
        for i, value in alone.items():
            told, up = value.worth[i], rounded_up(least[i])
            assert told == up or (told == rounded_up(up * F("1.000001")) and up == least[i])
    for value in found.changes.values:
        assert good_enough(value.instance, value.roadmap)
        assert certify(value.instance, value.roadmap) == value.certificate
    if found.changes.no_value:
        assert not least
        rich = paid(instance, "pay", instance.slices["give-a"], {i: F(10**4) for i in instance.touched})
        assert not reaches(rich, "give-a", PHASES - 1)


def test_what_comes_alone_needs_no_roadmap() -> None:
    """A wants to give what is worth 1 to it. Without a deal it comes at once: nothing is to be unlocked, though a roadmap in
    which nothing else is done is no deal. Catches supports that are sold for it."""
    data = swap(deposits(1))
    data["measures"]["give-a"]["value"]["a"] = 1
    found = unlock(load(data), "give-a")
    assert (found.answer, bool(found), found.options, found.plan) == ("alone", True, (), None)
    data["measures"]["give-a"]["window"] = {"not_before": 1}
    assert unlock(load(data), "give-a").answer == "alone"
    assert unlock(load(data), "give-a", by=0).answer != "alone"


def test_a_coalition_is_paid_to_stay() -> None:
    """A visit of A and B that costs each 0.2 is worth 1 to C. It is done if all else falls without it: going on is worth 4. But
    A and B could stop it together and keep up their gifts, for 5: one of them has to be paid 0.2. Catches a payment that is
    found by the rows of one party alone, which are met without any."""
    data = swap(at_once, parties(trust=0.95))
    names = ("a", "b", "c")
    data["parties"] |= {"c": {**data["parties"]["a"], "name": "C"}}
    for i in names:
        data["parties"][i]["trust"] = {j: 0.95 for j in names if j != i}
    value = {"a": -0.2, "b": -0.2, "c": 1}
    data["measures"]["visit"] = {"title": "Visit", "by": ["a", "b"], "kind": "contact", "value": value}
    found = unlock(load(data), "visit")
    assert found.changes is not None
    assert [dict(v.worth) for v in found.changes.values] == [{"a": F("0.2")}, {"b": F("0.2")}]
    for change in found.changes.values:
        assert BruteForce(change.instance).holds(change.roadmap)
        assert BruteForce(change.instance).helps(change.roadmap)


def test_supports_of_a_bundled_case_can_all_be_chosen() -> None:
    """Catches a catalogue whose entries cannot be combined."""
    for slug in ("us-dprk-2019", "supplier-dispute", "toy-exchange"):
        case = load(slug)
        assert supported(case, [s.id for s in case.supports]).measures
