"""Assessing: games worked out by hand, closed forms, the same bytes everywhere, honest errors, and what is refused."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.assess.assess import assess
from detente.assess.layout import world_of
from detente.assess.process import CAUSES, NEVER
from detente.assess.profile import load_profile
from detente.assess.records import played
from detente.assess.result import Assessment
from detente.assess.rules import graduated, leaders, maximal_pressure, tit_for_tat
from detente.assess.strategies import chosen
from detente.case.case import Case
from detente.case.load import load
from detente.cli import app
from detente.errors import InputError, ProfileError, RoadmapError
from detente.plan.solve import plan
from smallcases import Data, measures, parties, swap, worth, written

STRICT = load_profile("plain").changed(spoilers=0, overlooked=0, patience=0, tolerate=0)
"""No second chance: what is withheld is seen when its lag has passed, and ends it."""


def game(own: float, other: float, *changes: Any, phases: int = 1, order: Any = None, risks: Any = ()) -> Case:
    """The two gifts as an order, both at once unless said otherwise."""

    def rest(data: Data) -> None:
        data["phases"]["count"] = phases
        data["orders"] = [{"id": "both", "by": ["a", "b"], "title": "Both at once", "steps": order or [["give-a", "give-b"]]}]
        data["risks"] = list(risks)

    return load(swap(worth(own, other), *changes, rest))


def quick(case: Case, *strategies: str, **options: Any) -> Assessment:
    return assess(case, strategies=strategies or ("both",), **{"runs": 4000, "profile": STRICT, "crossings": 0} | options)


def near(found: tuple[float, float], wanted: float) -> None:
    assert abs(found[0] - wanted) <= 4 * found[1] + 1e-12, (found, wanted)


# -- by hand -------------------------------------------------------------------------------------------------------------------


def test_a_game_of_one_phase_by_hand() -> None:
    """Each gives at a cost of 1 what is worth 1.1 to the other, d = 0.8: going on is worth 0.5, cheating 1.1, then nothing.

    Both are sincere with chance 0.9. Both sincere: 0.5 each. One cheats: -1 for the other, 1.1 for itself, found out in phase
    1. Both: nothing. It would catch a wrong type, incentive, lag or account, and a step counted as missed that was not.
    """
    fared = quick(game(-1, 1.1, parties(trust=0.9))).fared["both"]
    near(fared.value["a"], 0.81 * 0.5 + 0.09 * (-1 + 1.1))
    near(fared.value["b"], 0.81 * 0.5 + 0.09 * (-1 + 1.1))
    near(fared.collapse, 0.19)
    near(fared.causes["cheating"], 0.19)
    near(fared.first_failure["give-a"], 0.09 + 0.01 / 2)
    assert fared.kept == pytest.approx({"a": 0.5, "b": 0.5})
    assert fared.collapse_by_phase == (0, pytest.approx(fared.collapse[0]))
    assert fared.value["a"][1] == pytest.approx(
        math.sqrt(0.81 * 0.25 + 0.09 * (1 + 1.21) - 0.414**2) / math.sqrt(4000), rel=0.1
    )


def test_nobody_cheats_where_the_incentive_rows_hold() -> None:
    """The gifts of the library are self-enforcing: worth 5 kept, 2 cheated. Catches opportunists that cheat by nature."""
    fared = quick(game(-1, 2, parties(trust=0.2))).fared["both"]
    assert fared.value == {"a": (pytest.approx(5), 0), "b": (pytest.approx(5), 0)}
    assert fared.collapse == (0, 0)


def test_one_cheater_gets_what_the_model_says() -> None:
    """Lag 2: V = 2.5, D[0,2] = 1.5 + 0.8 * 1.5 = 2.7. Catches a cheat that withholds too late or is found out too early."""
    case = game(-1, 1.5, parties(trust=0.9), measures(lag=2))
    world = world_of(case, STRICT)._replace(sincere=np.array([1.0, 0.0]))
    (order,) = chosen(case, ("both",), None, STRICT)
    found = played(world, order.script(case.instance, STRICT), 0, 0, 5)
    np.testing.assert_allclose(found.value, [[-1.8, 2.7]] * 5)
    assert (found.ended[:, 0] == 2).all()
    assert (found.ended[:, 1] == CAUSES.index("cheating")).all()


def fishing(data: Data) -> None:
    """a keeps a border open at a cost to itself, b could fish where it harms a, and the stand-off costs both 0.1 a phase."""
    border = {"title": "Border", "by": "a", "kind": "economic", "value": {"a": -1, "b": 2}, "in_force": True}
    fish = {"title": "Fish", "by": "b", "kind": "economic", "value": {"b": 0.5, "a": -1}}
    data["measures"] |= {"border": border, "fish": fish}
    for spec in data["parties"].values():
        spec["stalemate"] = -0.1


def test_to_wait_and_see_is_no_deal() -> None:
    """By hand, without a deal: the border closes, b fishes, 0.5 / 0.2 to it and -1 / 0.2 to a, and the drift is -0.1 / 0.2.

    So every play of it, whatever strikes, and its score is 0. Catches a stand-off that is kept up for nothing, a drift that is
    forgotten, or an act that nobody has agreed to leave undone and that is.
    """
    shock = {"id": "raid", "kind": "shock", "by": "b", "chance": 0.5, "ratio": 0.1}
    profile = load_profile("plain").changed(spoilers=1, strikes=1)
    fared = quick(game(-1, 2, fishing, risks=[shock]), "both", "wait-and-see", profile=profile).fared["wait-and-see"]
    assert fared.value == {"a": (pytest.approx(-5.5), 0), "b": (pytest.approx(2.0), 0)}
    assert fared.score == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-12))
    assert fared.collapse == (0, 0)


def test_a_cheat_does_what_it_was_to_leave_undone() -> None:
    """The gifts of 1.3 at once, the border worth 0.2 to b, and no fishing: V = (0.2 + 0.3) / 0.2 = 2.5 to b. It holds its gift
    back and fishes, is found out in phase 1, and has a's gift and the border for a phase, 1.3 + 0.2, its fish for good, 2.5,
    and from phase 1 on the drift, -0.8 * 0.5.

    Catches a cheat that goes on leaving undone, one that is not found out, and a tail without the drift.
    """
    case = game(-1, 1.3, fishing, lambda data: data["measures"]["border"]["value"].update(b=0.2))
    world = world_of(case, STRICT)._replace(sincere=np.array([1.0, 0.0]))
    (order,) = chosen(case, ("both",), None, STRICT)
    found = played(world, order.script(case.instance, STRICT), 0, 0, 5)
    np.testing.assert_allclose(found.value, [[-1 - 1 - 5 - 0.4, 0.2 + 1.3 + 2.5 - 0.4]] * 5)
    assert (found.ended[:, :2] == [1, CAUSES.index("cheating")]).all()


def test_what_is_withheld_in_the_end_is_found_out() -> None:
    """Spoilers that withhold at once in the only phase, nine times in ten overlooked in each phase: all are found out in the
    end, one pair in four being sincere both. Catches a play that ends before, and credits for ever what was never given.
    """
    profile = STRICT.changed(spoilers=1, strikes=1, overlooked=0.9, mends=0)
    fared = quick(game(-1, 2, parties(trust=0.5)), profile=profile).fared["both"]
    near(fared.collapse, 0.75)
    near(fared.causes["spoiling"], 0.75)


def test_survival_of_a_geometric_shock() -> None:
    """A shock of chance 0.1 a phase that leaves no trust: phase t begins under way with chance 0.9 ** (t + 1).

    Before anything is in force the process stops, afterwards nobody dares even to stand still, and it collapses.
    """
    shock = {"id": "shock", "kind": "shock", "by": "b", "chance": 0.1, "ratio": 0.0001}
    fared = quick(game(-1, 2, phases=12, risks=[shock])).fared["both"]
    for t, found in enumerate(fared.phase):
        near(found, 0.9 ** (t + 1))
    near(fared.stopped, 0.1)
    near(fared.collapse, 0.9 - 0.9**12)
    assert fared.causes["shock"] == fared.collapse


def test_a_step_that_fails_though_meant() -> None:
    """b's gift fails with chance 0.3 and is never made up for; a, whose gift is in force, leaves when it notices.

    a then has given once for nothing: -1. Catches failures that count as cheating, or that nobody notices.
    """
    risk = {"id": "late", "kind": "performance", "of": ["give-b"], "fails": 0.3}
    case = game(-1, 2, parties(trust=0.9), risks=[risk])
    fared = quick(case, profile=STRICT.changed(mends=0)).fared["both"]
    near(fared.causes["failure"], 0.3)
    near(fared.value["a"], 0.7 * 5 - 0.3)
    near(fared.value["b"], 0.7 * 5 + 0.3 * 2)
    mended = quick(case, profile=STRICT.changed(mends=1, patience=1)).fared["both"]
    assert mended.collapse == (0, 0)


def test_all_sincere_reach_the_value_of_the_roadmap() -> None:
    """Catches an account that differs from the planner's: kept, the roadmap is worth V exactly, and so it is in every play."""
    case = load("toy-exchange")
    made = plan(case)
    found = assess(case, roadmap=made, strategies=["plan", "two-steps"], runs=500, crossings=0, profile=STRICT, likely=True)
    for x in ("plan", "two-steps"):
        for i, (mean, se) in found.fared[x].value.items():
            assert abs(mean - made.value[i]) <= 4 * se + 1e-9 or x != "plan"
            assert found.fared["plan"].kept[i] == pytest.approx(made.value[i], rel=1e-12)


# -- the rules -----------------------------------------------------------------------------------------------------------------


def test_the_rules_of_conduct() -> None:
    """Catches a ladder out of order, a credit that is none, and pressure that gives before it has seen."""
    it = load("supplier-dispute").instance
    cost = {m.id: -float(m.value.get(m.actors[0], 0)) for m in it.measures if len(m.actors) == 1}
    for i in leaders(it):
        taken = [it.measure[m] for m in tit_for_tat(it).ladder if i in it.measure[m].actors]
        assert tit_for_tat(it).credit[i] == min(-float(v) for m in taken if (v := m.value.get(i, 0)) < 0)
    led = leaders(it)[0]
    picked = graduated(it, led, 2)
    own = [m for m in picked.ladder if it.measure[m].actors == (led,)]
    assert picked.ladder[: len(own)] == tuple(own)
    assert {i for i, c in picked.credit.items() if c > 0} == {led}
    entry = maximal_pressure(it, led)
    first = min(e for m in own if cost[m] > 0 and (e := entry[m]) is not None)
    others = [(e, m.lag) for m in it.measures if led not in m.actors and (e := entry[m.id]) is not None and 0 <= e < first]
    assert others
    assert all(e + lag <= first for e, lag in others)


def test_tit_for_tat_begins_and_wait_and_see_does_not() -> None:
    """Two gifts, both sincere: tit for tat exchanges them at once, to wait brings nothing."""
    found = quick(game(-1, 2, parties(trust=0.5), phases=3), "tit-for-tat", "wait-and-see")
    assert found.fared["tit-for-tat"].value["a"] == (pytest.approx(5), 0)
    assert found.fared["wait-and-see"].value["a"] == (0, 0)
    assert found.best == "tit-for-tat"


# -- one luck, one result ------------------------------------------------------------------------------------------------------


def told(found: Assessment) -> str:
    return json.dumps({k: x for k, x in found.to_dict().items() if k != "method"})


def test_threads_and_seeds() -> None:
    """Serial and parallel give the same bytes, another seed gives others; 3 chunks, the last not whole."""
    case = load("toy-exchange")
    one, two, other = (
        assess(case, strategies=["two-steps", "tit-for-tat"], runs=5000, crossings=64, seed=seed, cores=cores)
        for seed, cores in ((1, 1), (1, 2), (2, 2))
    )
    assert told(one) == told(two)
    assert told(one) != told(other)


def test_standard_errors_cover_the_truth() -> None:
    """Over 80 seeds 95% intervals of value, collapse and paired difference hold the figure of many plays about so often."""
    case = game(-1, 1.1, parties(trust=0.8), phases=2)
    truth = quick(case, "both", "wait-and-see", runs=200_000, seed=1000)
    hits = []
    for seed in range(80):
        found = quick(case, "both", "wait-and-see", runs=400, seed=seed)
        for x, exact in (
            (found.fared["both"].value["a"], truth.fared["both"].value["a"][0]),
            (found.fared["both"].collapse, truth.fared["both"].collapse[0]),
            (found.fared["wait-and-see"].behind, truth.fared["wait-and-see"].behind[0]),
        ):
            hits.append(abs(x[0] - exact) <= 1.96 * x[1])
    assert 0.90 <= sum(hits) / len(hits) <= 0.99


def test_paired_differences_are_those_of_the_same_plays() -> None:
    """Catches a difference whose error takes the strategies for independent: beside itself a strategy is behind by 0
    exactly."""
    case = load("toy-exchange")
    found = assess(case, strategies=["two-steps", "tit-for-tat"], runs=3000, crossings=0)
    best = found.fared[found.best]
    assert best.behind == (0, 0)
    assert all(x == (0, 0) for x in best.value_behind.values())
    (other,) = (f for x, f in found.fared.items() if x != found.best)
    assert other.behind[0] == pytest.approx(other.score[0] - best.score[0])
    assert best.regret[0] >= 0
    assert other.regret[0] - best.regret[0] == pytest.approx(best.score[0] - other.score[0])


# -- monotone ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["spoilers", "strikes"])
def test_more_spoiling_means_more_collapse(key: str) -> None:
    """On the same luck the chance of collapse never falls as spoilers become more, or strike more often."""
    case = load("toy-exchange")
    levels = [0.1, 0.4, 0.8]
    profiles = [load_profile().changed(**({"spoilers": 0.5} | {key: x})) for x in levels]
    found = [assess(case, strategies=["two-steps"], runs=3000, crossings=0, profile=p, likely=True) for p in profiles]
    collapse = [f.fared["two-steps"].collapse[0] for f in found]
    assert collapse == sorted(collapse)
    assert collapse[0] < collapse[-1]


def test_nothing_outlives_its_end() -> None:
    """The chance that a phase begins under way never rises, and a collapse is counted in one phase and under one cause."""
    found = assess(load("supplier-dispute"), strategies=["tit-for-tat", "wait-and-see"], runs=3000, crossings=0)
    for f in found.fared.values():
        reached = [p for p, _ in f.phase]
        assert reached == sorted(reached, reverse=True)
        assert sum(f.collapse_by_phase) == pytest.approx(f.collapse[0])
        assert sum(p for p, _ in f.causes.values()) == pytest.approx(f.collapse[0])
        assert sum(p for p, _ in f.first_failure.values()) <= 1 + 1e-12


# -- hostile input -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"runs": 0}, "runs: got 0, wanted a whole number from 2"),
        ({"runs": -5, "seed": -1}, "seed: got -1"),
        ({"runs": True}, "runs: got True"),
        ({"cores": 0}, "cores: got 0"),
        ({"runs": 1}, "runs: got 1"),
        ({"crossings": 1}, "crossings: got 1"),
        ({"strategies": ["bth"]}, "'bth' (did you mean both?)"),
        ({"strategies": ["plan", "nothing"]}, "no such strategy: 'nothing'"),
        ({"strategies": ["both"], "between": ("both", "tit-for-tat")}, "between both, tit-for-tat"),
        ({"sensitivity": 3, "strategies": ["both", "wait-and-see"]}, "wanted a power of two"),
    ],
)
def test_what_means_nothing_is_refused(options: Any, said: str) -> None:
    """Every fault is named with what was wanted; nothing is played."""
    with pytest.raises(InputError) as caught:
        assess(game(-1, 2), **options)
    assert said in str(caught.value)


def test_a_roadmap_of_another_case_is_refused() -> None:
    """Catches a silent reading of the measures that happen to fit."""
    with pytest.raises(RoadmapError, match="the roadmap is for case"):
        assess(game(-1, 2), roadmap={"case": "other", "entry": {"give-a": 0}})


def test_a_profile_names_everything_that_is_wrong_with_it() -> None:
    """Catches a hidden default: an entry that is missing is a fault, as is one without its reason."""
    plain = load_profile().to_dict()
    data: Any = {"profile": "mine", "title": "Mine", "values": copy.deepcopy(plain["values"])}
    assert load_profile(data).name == "mine"
    del data["values"]["mends"]
    data["values"]["patience"]["value"] = 1.5
    data["values"]["strikes"]["because"] = " "
    data["values"]["overlooked"]["low"] = 0.5
    data["values"]["speed"] = {}
    with pytest.raises(ProfileError) as caught:
        load_profile(data)
    assert {f.key: f.message for f in caught.value.faults} == {
        "values": "'mends' is missing",
        "values.patience.value": "got 1.5, wanted a whole number from 0 to 100",
        "values.strikes.because": "got ' ', wanted text that can be seen",
        "values.overlooked": "value 0.1 is not within 0.5 to 0.4",
        "values.speed": "unknown key 'speed'",
    }
    with pytest.raises(ProfileError, match="bundled profiles: pam-34, plain"):
        load_profile("nowhere")


def test_the_command(tmp_path: Any) -> None:
    """The keys that other tools rely on; exit code 2 with a sentence on standard error for bad input."""
    file = written(swap(), tmp_path)
    done = CliRunner().invoke(app, ["assess", file, "--runs", "50", "--seed", "3", "--crossings", "0", "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["method"]["seconds"] > 0
    assert list(data["strategies"])[:2] == ["recommended", "plan"]
    assert data["recommended"] == "recommended"
    for f in data["strategies"].values():
        assert {"value", "collapse", "reach", "phase", "first_failure", "first_refused", "first_late"} <= set(f)
        assert sum(f[end][0] for end in ("collapse", "stopped", "under_way")) == pytest.approx(1)
        assert all(len(x) == 2 for x in (*f["value"].values(), f["collapse"], *f["phase"], *f["first_failure"].values()))
        assert len(f["phase"]) == data["phases"]
    text = CliRunner().invoke(app, ["assess", file, "--runs", "50", "--crossings", "16"])
    assert text.exit_code == 0
    assert "profile plain" in text.stdout


def test_never_is_beyond_every_phase() -> None:
    """NEVER has to fit the records and lie beyond the longest roadmap that a case may have."""
    from detente.case.declared_ids import MOST_PHASES

    assert MOST_PHASES + 2000 < NEVER < np.iinfo(np.int16).max
