"""Unlocking on cases whose answers can be worked out in the head, and what a user does to it."""

from __future__ import annotations

import json
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
from detente.plan.unlock.change import CEILING, rounded_up, scale_of
from detente.plan.unlock.reach import good_enough
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
    """r = 0.25 is below the threshold 1 - 1 / (d lam) = 0.375. Catches a support that is sold without need."""
    found = unlock(load(swap(at_once, measures(irreversible=0.25), deposits(1))), "give-a")
    assert (found.answer, [o.supports for o in found.options], bool(found)) == ("without", [()], True)
    assert found.complete
    assert found.plan is not None
    assert found.plan.status == "optimal"


def test_the_deposit_that_is_just_enough() -> None:
    """r = 0.5: cheating is worth 6 - d B against 5, so both need B = 1.25 and a hundredth less will not do. Catches a breakdown
    loss that is not discounted, or is discounted twice."""
    just = unlock(load(swap(at_once, measures(irreversible=0.5), deposits(1.25))), "give-a")
    assert [o.supports for o in just.options] == [("a-125", "b-125")]
    assert just.options[0].certificate.binding
    less = unlock(load(swap(at_once, measures(irreversible=0.5), deposits(1.24))), "give-a")
    assert (less.answer, less.complete, less.options) == ("change", True, ())
    two = unlock(load(swap(at_once, measures(irreversible=0.5), deposits(0.5, 0.75))), "give-a")
    assert [o.supports for o in two.options] == [("a-50", "b-50", "a-75", "b-75")]


def test_slicing_does_what_a_second_phase_allows() -> None:
    """r = 0.5 in two phases: four tenths first, the rest then (the explanation derives it). In halves either side can; in one
    piece neither. Catches a cut that is not used, and a set that asks for more than it needs."""
    data = swap(measures(irreversible=0.5), parties(trust=0.9))
    data["supports"] = [{"id": f"cut-{i}", "title": "Halves", "of": [f"give-{i}"], "slices": 2} for i in "ab"]
    found = unlock(load(data), "give-a")
    assert [o.supports for o in found.options] == [("cut-a", "cut-b")]
    assert found.options[0].reached == 1


def test_the_smallest_payment() -> None:
    """In one phase with r = 0.5 B will not give, so A gives against payment alone. It is worth 5 (g - 1) to A, exposes A to
    3 - g, and with odds of 1 A dares from g = 4/3 on. Paying B alone helps nobody. Catches a payment that is kept after the
    breakdown, and one that is rounded down."""
    found = unlock(load(swap(at_once, measures(irreversible=0.5))), "give-a")
    assert (found.answer, bool(found), found.complete) == ("change", False, True)
    assert found.changes is not None
    assert [dict(v.worth) for v in found.changes.values] == [{"a": F("1.34")}]
    assert found.changes.values[0].bound == pytest.approx(4 / 3 / 1.34, abs=1e-4)
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
    """r = 0.25: each risks 2 for a future worth 5, so it takes odds of 0.4; they are 1/9. Catches a factor that is applied to
    the probability in place of the odds."""
    found = unlock(load(swap(at_once, measures(irreversible=0.25), parties(trust=0.1))), "give-a")
    assert found.changes is not None
    assert found.changes.trust is not None
    assert found.changes.trust.factor == F("3.6")
    assert set(found.changes.trust.trust.values()) == {F("0.4") / F("1.4")}
    assert found.changes.trust.below > F("3.5")


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
    data = swap(at_once, measures(irreversible=0.5), deposits(1.25))
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
    path = written(swap(at_once, measures(irreversible=0.5), deposits(1.25)), tmp_path)
    one, two = (run(app, ["unlock", path, "--target", "give-a", "--json"]) for _ in range(2))
    assert one.exit_code == 0
    assert one.stdout_bytes == two.stdout_bytes
    data = json.loads(one.stdout)
    assert (data["answer"], data["options"][0]["supports"]) == ("supports", ["a-125", "b-125"])
    assert not [m for m in data["plan"]["entry"] if "+" in m]
    text = run(app, ["unlock", path, "--target", "give-a"]).stdout
    assert "Deposit of a + Deposit of b" in text
    assert "A gives (target)" in text
    poor = written(swap(at_once, measures(irreversible=0.5)), tmp_path)
    assert run(app, ["unlock", poor, "--target", "give-a"]).exit_code == 1
    assert run(app, ["unlock", poor]).exit_code == 2


def exact_least(instance: Instance, target: str, party: str) -> Fraction | None:
    """The least payment to one party, from every roadmap: each slack is affine in it, so two values say all."""
    least: Fraction | None = None
    problems = [paid(instance, "pay", instance.slices[target], {party: F(g)}) for g in (0, 1)]
    brute = [BruteForce(p) for p in problems]
    for none, one in zip(*map(roadmaps, problems), strict=True):
        if None in [none.entry[m] for m in instance.slices[target]] or brute[0].faults(none):
            continue
        slacks = [[s.slack for _, s in b.rows(r)] + b.gains(r) for b, r in zip(brute, (none, one), strict=True)]
        needed = F(0)
        for before, after in zip(*slacks, strict=True):
            if before < 0:
                needed = max(needed, before / (before - after)) if after > before else F(10**9)
        least = needed if least is None else min(least, needed)
    return None if least is None or least >= 10**9 else least


@settings(max_examples=30)
@given(cases())
def test_the_smallest_payment_is_that_of_exhaustive_search(case: Case) -> None:
    """Catches a payment that is too small for some row, one that a better roadmap undercuts, and a party that is left out."""
    instance = case.instance
    assume(not reaches(instance, "give-a", PHASES - 1))
    assume(set(instance.touched) == {"a", "b"})
    bare = case.model_copy(update={"supports": ()}) if not any(s.opens for s in case.supports) else None
    assume(bare is not None)
    assert bare is not None
    found = unlock(bare, "give-a")
    assert found.changes is not None
    least = {i: g for i in instance.touched if (g := exact_least(instance, "give-a", i)) is not None}
    least = {i: g for i, g in least.items() if g <= CEILING * scale_of(instance, i)}
    alone = {next(iter(v.worth)): v for v in found.changes.values if len(v.worth) == 1}
    if least:
        assert {i: v.worth[i] for i, v in alone.items()} == {i: rounded_up(g) for i, g in least.items()}
    for value in found.changes.values:
        assert good_enough(value.instance, value.roadmap)
        assert certify(value.instance, value.roadmap) == value.certificate
    if found.changes.no_value:
        assert not least
        rich = paid(instance, "pay", instance.slices["give-a"], {i: F(10**4) for i in instance.touched})
        assert not reaches(rich, "give-a", PHASES - 1)


def test_supports_of_a_bundled_case_can_all_be_chosen() -> None:
    """Catches a catalogue whose entries cannot be combined."""
    for slug in ("us-dprk-2019", "supplier-dispute", "toy-exchange"):
        case = load(slug)
        assert supported(case, [s.id for s in case.supports]).measures
