"""Which roadmap is recommended: against every schedule there is on small cases, and what comes with it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import detente as dt
from detente.assess.profile import load_profile
from detente.case.case import Case
from detente.case.draws.draw import uncertainty
from detente.cli import app
from detente.errors import InputError
from detente.plan.certificate import certify
from detente.plan.conditions import kept
from detente.plan.roadmap import Roadmap
from detente.plan.solve import plan as at_likely_values
from detente.plan.tables.layout import entries
from detente.plan.walk.moves import Moves
from detente.recommend.aim import Aim, error
from detente.recommend.plays import Plays
from detente.recommend.pool import Rows, pool
from detente.recommend.result import Alternative, Recommendation
from detente.recommend.search import RUNGS, Search
from detente.recommend.wishes import wishes
from smallcases import Data, measures, parties, swap

SEED = 11


def three(**extra: Any) -> Callable[[Data], None]:
    """A third act, and a third phase: A gives something else, which is worth 1 to B and costs A half of that."""

    def change(data: Data) -> None:
        data["phases"]["count"] = 3
        third = {"title": "A gives more", "by": "a", "kind": "economic", "value": {"a": -0.5, "b": 1}}
        data["measures"]["more-a"] = third | extra

    return change


def demands(*pairs: tuple[str, str, str]) -> Callable[[Data], None]:
    """Firm demands: whose, what first, before what."""

    def change(data: Data) -> None:
        data["demands"] = [
            {"id": f"{by}-{n}", "by": by, "first": [first], "before": [before], "firm": "high"}
            for n, (by, first, before) in enumerate(pairs)
        ]

    return change


CASES = {
    "doubt": swap(three(), parties(trust=0.8)),
    "little doubt": swap(three(irreversible=0.5), parties(trust=0.9, breakdown=0.5)),
    "late": swap(three(requires=[{"any": ["give-b"], "after": 1}]), parties(trust=0.85), measures(irreversible=0.3)),
    "alone": swap(three(value={"a": 0.5, "b": 1}), parties(trust=0.75)),
}


def certified(case: Case) -> list[Roadmap]:
    """Every schedule of a case that holds and helps, by trying all."""
    it = case.instance
    phases = [(-1,) if m.in_force else (*range(it.phases), None) for m in it.measures]
    every = (Roadmap(it.case, it.phases, dict(zip(it.measure, e, strict=True))) for e in itertools.product(*phases))
    return [r for r in every if (c := certify(it, r)).holds and c.helps]


@pytest.mark.parametrize("objective", ["nash", "sum", "min"])
@pytest.mark.parametrize("name", list(CASES))
def test_the_best_of_all_schedules_is_found(name: str, objective: str) -> None:
    """Catches a search that ends beside the best schedule although all could be tried: on the very plays that it has seen."""
    case = dt.load(CASES[name])
    it, rows = case.instance, Rows(case.instance)
    plays = Plays(case, load_profile(), SEED, uncertainty(case))
    every = certified(case)
    assert len(every) > 3  # else there is nothing to be chosen
    gains = plays.gains([entries(it, r) for r in every], 0, RUNGS[-1])
    place = [n for n, p in enumerate(it.parties) if p.id in it.touched]
    size = 2.0  # the largest value that either knows

    def worth(x: Any) -> float:
        mean = x[:, place].mean(axis=0)
        if (mean <= 0.1 * size).any():
            return -np.inf
        return float({"nash": np.log(mean).sum(), "sum": mean.sum(), "min": mean.min()}[objective])

    best = max(map(worth, gains))
    assert best > -np.inf
    search = Search(it, plays, Aim.of(objective, it), SEED, keeps=rows.keeps, certain=rows.certain, short=lambda _: 0.0)
    worst = entries(it, every[int(np.argmin([worth(x) for x in gains]))])
    (found, *_) = search.best([worst], 3_000_000)
    assert worth(found.gains) == pytest.approx(best, abs=1e-12)


def test_the_winner_is_no_worse_than_what_it_began_with() -> None:
    """Catches a race that takes noise on few plays for an improvement and ends below its own start."""
    case = dt.load("toy-exchange")
    it, rows = case.instance, Rows(case.instance)
    begun = pool(case, it, rows, entries(it, at_likely_values(case, reasons=False).roadmap), "nash", 0)
    plays = Plays(case, load_profile(), SEED, uncertainty(case))
    search = Search(it, plays, Aim.of("nash", it), SEED, keeps=rows.keeps, certain=rows.certain, short=lambda _: 0.0)
    ends = search.best(begun, 60_000)
    aim = Aim.of("nash", it)
    assert all(rows.certain(e) for e in begun)
    assert all(ends[0].rank >= aim.rank(g) for g in plays.gains(begun, 0, RUNGS[-1]))
    assert rows.certain(ends[0].entry)


def test_wishes_keep_to_prerequisites() -> None:
    """Catches a neighbour that moves a step in front of what it needs, out of its window, or changes nothing."""
    case = dt.load("supplier-dispute")
    it = case.instance
    moves, entry = Moves(it), entries(it, at_likely_values(case, reasons=False).roadmap)
    actors = np.array([[p.id in m.actors for m in it.measures] for p in it.parties])
    count = 0
    for other in itertools.islice(wishes(moves, actors, np.random.default_rng(3), entry), 400):
        placed = {m.id: None if e == it.phases else int(e) for m, e in zip(it.measures, other, strict=True)}
        broken = {r.row for r in certify(it, Roadmap(it.case, it.phases, placed)).broken}
        assert not broken & {"prerequisite", "window", "exclusion", "in_force"}
        assert (other != entry).any()
        count += 1
    assert count == 400


def test_errors_by_the_delta_method() -> None:
    """By hand: gains (1, 2) and (3, 2), means 2 and 2; z = x/2 + y/2 is 1.5 and 2.5, with the error 1/2."""
    gains = np.array([[1.0, 2.0], [3.0, 2.0]])
    aim = Aim("nash", (0, 1), (1.0, 1.0))
    assert aim.z(gains).tolist() == [1.5, 2.5]
    assert error(aim.z(gains)) == pytest.approx(0.5)
    assert aim.rank(gains)[1] == pytest.approx(2 * np.log(2))
    assert Aim("min", (0, 1), (1.0, 1.0)).z(np.array([[1.0, 5.0]])).tolist() == [1.0]


def test_the_error_is_that_of_repeated_plays() -> None:
    """Catches an error that leaves out how the gains of parties move together: against the spread over 200 runs."""
    rng, aim = np.random.default_rng(5), Aim("nash", (0, 1), (1.0, 1.0))
    common = rng.normal(0.0, 1.0, (200, 500))
    runs = np.stack([4.0 + common, 6.0 - 0.8 * common + rng.normal(0.0, 0.5, common.shape)], axis=2)
    spread = np.std([aim.rank(x)[1] for x in runs], ddof=1)
    told = np.mean([error(aim.z(x)) for x in runs])
    assert told == pytest.approx(spread, rel=0.15)


def test_who_loses_ranks_last() -> None:
    """Catches a schedule that is chosen although some party may expect to lose by it, for what the others gain."""
    aim = Aim("sum", (0, 1), (1.0, 1.0))
    fair, unfair, less = (aim.rank(np.array([x])) for x in ([0.1, 0.1], [9.0, -0.2], [8.0, -0.15]))
    assert fair > less > unfair
    assert fair[0] == 0 > less[0]


def test_the_logarithm_goes_on_along_its_tangent() -> None:
    """By hand, sizes 1, so that a tenth is hardly felt: at gains 2 and -0.05 it is log 2 + log 0.1 - 1.5, the slope in the
    second is 10. Catches a bystander with nothing to gain for whom the others give up half of all they have."""
    aim = Aim("nash", (0, 1), (1.0, 1.0))
    low = np.array([[2.0, -0.05]])
    assert aim.rank(low) == (0.0, pytest.approx(np.log(2) + np.log(0.1) - 1.5))
    assert aim.z(low).tolist() == [pytest.approx(1.0 - 0.5)]
    assert aim.rank(low) > aim.rank(np.array([[0.5, -0.01]]))


@pytest.fixture(scope="module")
def made() -> Recommendation:
    case = dt.load(swap(three(), parties(trust=0.8), ranged, demands(("b", "give-a", "give-b"))))
    found = dt.plan(case, cores=1)
    assert isinstance(found, Recommendation)
    return found


def ranged(data: Data) -> None:
    """Values with ranges, and a provision that names two acts."""
    for spec in data["measures"].values():
        spec["value"] = {i: [x - 0.4 * abs(x), x, x + 0.3 * abs(x)] for i, x in spec["value"].items()}
    data["agreements"] = {
        "accord": {
            "title": "Accord",
            "date": "2019-12-01",
            "provisions": [{"id": "both", "title": "Both give", "measures": ["give-a", "give-b"]}],
        }
    }


def test_every_alternative_holds(made: Recommendation) -> None:
    """Catches a roadmap on offer that some party would not keep to, and figures that are another roadmap's."""
    assert made.which == "recommended"
    assert made.roadmap.entry == made.alternatives["recommended"].roadmap.entry
    case = dt.load(swap(three(), parties(trust=0.8), ranged, demands(("b", "give-a", "give-b"))))
    for a in made.alternatives.values():
        assert certify(case.instance, a.roadmap).holds
        assert certify(case.instance, a.roadmap).value == a.certificate.value
        assert 0 <= a.reach <= a.scheduled <= 1


def test_nothing_that_is_worse_in_everything_is_shown(made: Recommendation) -> None:
    """Catches an alternative that nobody could want."""
    every = list(made.alternatives.values())
    for a, b in itertools.permutations(every, 2):
        if b.name != "recommended":
            assert not a.beats(b)


def test_one_core_or_two(made: Recommendation) -> None:
    """Catches an answer that depends on which thread was first."""
    case = dt.load(swap(three(), parties(trust=0.8), ranged, demands(("b", "give-a", "give-b"))))
    again = dt.plan(case, cores=2)
    assert json.dumps(again.to_dict()) == json.dumps(made.to_dict())


def test_a_firm_demand_is_met(made: Recommendation) -> None:
    """B gives only when it has seen A give: the recommended roadmap waits for that; ignored, it need not."""
    case = dt.load(swap(three(), parties(trust=0.8), ranged, demands(("b", "give-a", "give-b"))))
    assert made.unmet == ()
    assert certify(kept(case, ["b-0"]), made.roadmap).holds
    assert made.alternatives["recommended"].given_up == ()
    free = dt.plan(case, ignore_demands=True, reasons=False)
    assert isinstance(free, Recommendation)
    assert free.alternatives["recommended"].objective[0] >= made.alternatives["recommended"].objective[0]


def test_a_circle_of_firm_demands_is_named() -> None:
    """Each wants the other to give first: one of the two is not met, and is named; something comes all the same."""
    case = dt.load(swap(three(), parties(trust=0.8), demands(("a", "give-b", "give-a"), ("b", "give-a", "give-b"))))
    found = dt.plan(case, reasons=False)
    assert isinstance(found, Recommendation)
    assert found
    entry = found.roadmap.entry
    assert entry["give-a"] is not None
    assert entry["give-b"] is not None
    assert found.unmet
    met = {"a-0", "b-1"} - set(found.unmet)
    assert all(certify(kept(case, [d]), found.roadmap).holds for d in met)
    assert not any(certify(kept(case, [d]), found.roadmap).holds for d in found.unmet)


def test_where_nobody_can_keep_all_demands_that_is_said() -> None:
    """Catches the recommended roadmap in the place of one without giving way, where there is none of that kind."""
    circle = demands(("a", "give-b", "give-a"), ("b", "give-a", "give-b"))
    case = dt.load(swap(three(value={"a": -3, "b": 1}), parties(trust=0.8), circle))
    found = dt.plan(case, which="without-giving-way", reasons=False)
    assert not found
    assert isinstance(found, Recommendation)
    assert "recommended" in found.alternatives
    assert "without-giving-way" not in found.alternatives


@pytest.mark.usefixtures("whole_search")
def test_reach_is_kept() -> None:
    """Catches a share of the provisions that is asked for and forgotten on the way."""
    case = dt.load(swap(three(), parties(trust=0.8), ranged))
    found = dt.plan(case, reach=1.0, reasons=False)
    assert isinstance(found, Recommendation)
    assert all(a.scheduled == 1.0 for n, a in found.alternatives.items() if n != "fastest")


@pytest.mark.usefixtures("whole_search")
def test_a_share_of_draws_is_kept() -> None:
    """Catches `holds` that the recommended roadmap falls short of, though a surer one was found."""
    case = dt.load(swap(three(), parties(trust=0.8), ranged))
    found = dt.plan(case, holds=0.9, draws=2000, reasons=False)
    assert found.holds is not None
    assert found.holds.asked == 0.9
    assert found.holds.met == (found.holds.shares.share >= 0.9)
    assert found.holds.met or found.holds.shares.share >= max(
        a.holds
        for a in found.alternatives.values()  # type: ignore[attr-defined]
    )


def command(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["plan", *arguments], env={"COLUMNS": "160"})
    return done.exit_code, done.stdout


def test_the_command(tmp_path: Any) -> None:
    """Catches keys that other tools read, a name that shows another roadmap, and an export that does not check."""
    code, said = command("toy-exchange", "--json")
    told = json.loads(said)
    assert code == 0
    assert told["which"] == "recommended"
    assert told["entry"] == told["alternatives"]["recommended"]["entry"]
    for a in told["alternatives"].values():
        assert all(isinstance(a[key], float) for key in ("score", "holds", "reach"))
    file = tmp_path / "r.json"
    code, said = command("toy-exchange", "--which", "surest", "-o", str(file), "--json")
    surest = json.loads(said)
    assert (code, surest["which"]) == (0, "surest")
    assert json.loads(file.read_text())["entry"] == surest["entry"] == surest["alternatives"]["surest"]["entry"]
    assert dt.verify("toy-exchange", file).holds
    assert told["alternatives"].get("surest", surest["alternatives"]["surest"]) == surest["alternatives"]["surest"]
    words = command("toy-exchange")[1]
    assert all(name in words for name in told["alternatives"])


def test_the_old_answer_stays() -> None:
    """Catches --likely that is not the plan at the likely values, to the byte."""
    code, said = command("toy-exchange", "--likely", "--json")
    assert code == 0
    assert json.loads(said) == json.loads(json.dumps(at_likely_values("toy-exchange").to_dict()))
    assert "which" not in json.loads(said)
    assert type(dt.plan("toy-exchange", likely=True, reasons=False)).__name__ == "Plan"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"which": "best"}, "'best'"),
        ({"likely": True, "which": "surest"}, "leave out likely"),
        ({"reach": 2}, "reach: got 2"),
        ({"holds": 90}, "did you mean 0.9"),
        ({"trust": False}, "likely=True"),
        ({"keep_demands": True, "ignore_demands": True}, "kept and ignored"),
    ],
)
def test_what_means_nothing_is_refused(options: dict[str, Any], said: str) -> None:
    """Catches an option that is silently left out of account."""
    with pytest.raises(InputError, match=said):
        dt.plan(dt.load(swap()), **options)


def test_without_any_roadmap_nothing_is_recommended() -> None:
    """Catches a recommendation, or an error, where nobody can gain."""
    nobody = dt.load(swap(lambda data: data["measures"]["give-b"].update(value={"b": -3, "a": 2})))
    found = dt.plan(nobody)
    assert not found
    assert found.to_dict()["alternatives"] == {}


def test_what_an_alternative_costs_adds_up(made: Recommendation) -> None:
    """Catches prices that are not the difference of the expected gains, or errors that forget the common luck."""
    first = made.alternatives["recommended"]
    others: list[Alternative] = [a for a in made.alternatives.values() if a.name != "recommended"]
    for a in others:
        for i in a.gain:
            assert a.gain_behind[i][0] == pytest.approx(a.gain[i][0] - first.gain[i][0], abs=1e-9)
    assert first.objective_behind == (0.0, 0.0)
