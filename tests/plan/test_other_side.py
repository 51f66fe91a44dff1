"""The program that either side checks a certificate with, against the package, against forgers, and against the curious."""

from __future__ import annotations

import ast
import copy
import json
import random
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from bruteforce import BruteForce
from detente.case.alone import alone
from detente.case.instance import Instance
from detente.cli import app
from detente.errors import RoadmapError
from detente.plan.certificate import STRUCTURAL, certify
from detente.plan.check.stated import checker, stated
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from scripts import module_of
from standoffs import certified, schedule, standoff

ALLOWED = {"__future__", "fractions", "functools", "hashlib", "itertools", "json", "sys", "typing"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The exported program, loaded from a file that stands alone."""
    path = tmp_path_factory.mktemp("other-side") / "check.py"
    path.write_text(checker(), encoding="utf-8")
    return module_of(path)


def file(instance: Instance, roadmap: Roadmap, party: str | None = None) -> dict[str, Any]:
    """What is written, as it is read again."""
    data: dict[str, Any] = json.loads(json.dumps(stated(instance, roadmap, party=party)))
    return data


def cases(seed: int, number: int, *, works: bool = False) -> list[tuple[Instance, Roadmap]]:
    """Any cases with any roadmaps, every second one, where that is found soon, with one that helps."""
    rng, out = random.Random(seed), []
    for n in range(number):
        instance = standoff(rng, trades=rng.random() < 0.5, outside=rng.random() < 0.2, works=works)
        tried = [schedule(rng, instance) for _ in range(30 if n % 2 else 1)]
        brute = BruteForce(instance)
        out.append((instance, next((r for r in tried if not brute.faults(r) and brute.helps(r)), tried[0])))
    return out


def agrees(program: ModuleType, seed: int, number: int, *, works: bool = False) -> None:
    for instance, roadmap in cases(seed, number, works=works):
        certificate = certify(instance, roadmap)
        broken, wrong, left_open, found = program.check(file(instance, roadmap))
        assert (wrong, left_open) == ([], [])
        assert certificate.holds == (not broken)
        assert {i: gain for i, (gain, _) in found.gains().items()} == certificate.gain
        for i in instance.party:
            broken, wrong, _, found = program.check(file(instance, roadmap, i))
            mine = [r for r in certificate.broken if r.row in STRUCTURAL or (r.party == i and r.row != "coalition")]
            assert wrong == []
            assert bool(broken) == bool(mine)


def test_it_agrees_with_the_package(program: ModuleType) -> None:
    """Catches a row, a duty, a start without a deal or a verdict that one of the two has otherwise than the other."""
    agrees(program, seed=1, number=150)


def test_it_agrees_where_steps_take_time(program: ModuleType) -> None:
    """Catches a cost, a stop or a start without a deal that is counted from the entry by one of the two, from the start of the
    work by the other."""
    agrees(program, seed=12, number=150, works=True)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2, 12))
def test_it_agrees_with_the_package_in_thousands(program: ModuleType, seed: int) -> None:
    """The same in 3,000 cases more."""
    agrees(program, seed, number=300)


# ---- forgers ----------------------------------------------------------------------------------------------------------


def forged(data: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The file with one thing in it changed."""
    data = copy.deepcopy(data)
    rows, measure = data["rows"], rng.choice(data["measures"])
    value_rows = [r for r in rows if r["row"] not in STRUCTURAL]
    what = rng.randrange(9)
    if what == 0 and value_rows:
        rows.remove(rng.choice(value_rows))
    elif what == 1 and value_rows:
        rng.choice(value_rows)[rng.choice(["left", "right"])] = "1234567/89"
    elif what == 2 and value_rows:
        rows.append({**rng.choice(value_rows), "phase": data["phases"] + 1})
    elif what == 3:
        data["entry"][measure["id"]] = 0 if data["entry"][measure["id"]] != 0 else None
    elif what == 4:
        measure["signal"] = "17/3"
    elif what == 5:
        measure["lag"] += 1
    elif what == 6:
        data["helps"] = not data["helps"]
    elif what == 7:
        data["fingerprint"] = "0" * 64
    else:
        data["holds"] = not data["holds"]
    return data


def test_whatever_is_forged_is_seen(program: ModuleType) -> None:
    """Catches a row left out, put in or bent, a schedule or term changed under its rows, and a verdict that is only claimed."""
    rng = random.Random(7)
    for instance, roadmap in certified(7, 15):
        data = file(instance, roadmap)
        assert program.check(data)[:2] == ([], [])
        for _ in range(12):
            changed = forged(data, rng)
            broken, wrong, _, _ = program.check(changed)
            assert broken or wrong, changed


def test_other_numbers_give_other_rows(program: ModuleType) -> None:
    """Catches values, trust and losses that are bent under rows that are left as they were."""
    rng = random.Random(8)
    for instance, roadmap in certified(8, 15):
        data = file(instance, roadmap)
        for i in data["giving"]:
            for key, bent in (("stalemate", "7/3"), ("breakdown", "7/3"), ("discount", "3/7")):
                changed = copy.deepcopy(data)
                changed["parties"][i][key] = bent
                assert program.check(changed)[1], (key, i)
        entered = [m for m in data["measures"] if data["entry"][m["id"]] is not None]
        changed = copy.deepcopy(data)
        m = changed["measures"][data["measures"].index(rng.choice(entered))]
        m["value"] = {**m["value"], data["giving"][0]: "-17/3"}
        assert program.check(changed)[1]


def test_a_broken_roadmap_cannot_be_passed_off(program: ModuleType) -> None:
    """Catches a forger who leaves the broken rows out and claims that the rest holds."""
    rng, seen = random.Random(9), 0
    while seen < 20:
        instance = standoff(rng, trades=True)
        roadmap = schedule(rng, instance)
        if certify(instance, roadmap).holds:
            continue
        data = file(instance, roadmap)
        data["rows"] = [r for r in data["rows"] if Fraction(r["slack"]) >= 0]
        data["holds"] = True
        broken, wrong, _, _ = program.check(data)
        assert broken
        assert wrong
        seen += 1


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("measures"),
        lambda d: d.update(definitions=2),
        lambda d: d["measures"].append(d["measures"][0]),
        lambda d: d["measures"][0].update(lag=0),
        lambda d: d["measures"][0].update(irreversible="3/2"),
        lambda d: d["parties"]["p0"].update(discount="1"),
        lambda d: d["entry"].update({d["measures"][0]["id"]: 99}),
        lambda d: d.update(measures=[7]),
    ],
)
def test_what_means_nothing_is_refused(program: ModuleType, tmp_path: Path, change: Any) -> None:
    """Catches numbers outside their bounds, with which rows hold that have no meaning, and a traceback for an answer."""
    instance, roadmap = next(certified(1, 1))
    data = file(instance, roadmap)
    change(data)
    path = tmp_path / "roadmap.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert program.main(str(path)) == 2


# ---- the curious ------------------------------------------------------------------------------------------------------


def test_a_file_for_one_party_says_nothing_of_what_others_value() -> None:
    """Catches any trace, a fingerprint or a row included, of the others' values, trust, patience and losses: the file is the
    same, byte for byte, for others who value everything otherwise but would keep up and begin the same alone."""
    seen = 0
    for instance, roadmap in certified(3, 60):
        for i in instance.party:
            other = _with_others_changed(instance, i)
            before, after = alone(instance), alone(other)
            same = (before.kept, before.ready) == (after.kept, after.ready)
            if same and Process(instance, roadmap).giving == Process(other, roadmap).giving:
                seen += 1
                assert json.dumps(stated(instance, roadmap, party=i)) == json.dumps(stated(other, roadmap, party=i))
    assert seen > 50


def _with_others_changed(instance: Instance, i: str) -> Instance:
    def bent(numbers: Any) -> dict[str, Fraction]:
        return {j: x if j == i else 3 * x for j, x in numbers.items()}

    parties = [
        p if p.id == i else replace(p, stalemate=p.stalemate - 1, breakdown=p.breakdown + 2, red_line=Fraction(5))
        for p in instance.parties
    ]
    trusting = [p if p.id == i else replace(p, trust=dict.fromkeys(p.trust, Fraction(1, 3))) for p in parties]
    measures = [replace(m, value=bent(m.value), once=bent(m.once)) for m in instance.measures]
    return replace(instance, parties=tuple(trusting), measures=tuple(measures))


def test_coalitions_are_named_where_one_side_cannot_check_them(program: ModuleType) -> None:
    """Catches a verdict for one party that is silent about what it rests on."""
    named = 0
    for instance, roadmap in certified(4, 40):
        giving = Process(instance, roadmap).giving
        for i in instance.party:
            broken, wrong, left_open, _ = program.check(file(instance, roadmap, i))
            assert (broken, wrong) == ([], [])
            without = len(giving - {i}) >= 2 and len(instance.parties) > 2
            assert not without or left_open
            assert len(instance.parties) > 2 or not left_open
            named += bool(left_open)
    assert named


def test_nobody_states_facts_of_a_party_against_its_own_numbers(program: ModuleType) -> None:
    """Catches a file that frees a party of its rows by saying that it has nothing to do, or wants what it does not want."""
    for instance, roadmap in certified(5, 10):
        for i in Process(instance, roadmap).giving:
            data = file(instance, roadmap, i)
            own = [m for m in data["measures"] if m["actors"] == [i]]
            data["giving"].remove(i)
            assert program.check(data)[1]
            for m in own:
                changed = file(instance, roadmap, i)
                next(n for n in changed["measures"] if n["id"] == m["id"])["facts"]["kept"] ^= True
                assert program.check(changed)[1]


def test_there_is_no_file_for_a_stranger() -> None:
    """Catches a file without anybody's values for a party that is misspelt."""
    instance, roadmap = next(certified(1, 1))
    with pytest.raises(RoadmapError, match="the case has p0, p1"):
        stated(instance, roadmap, party="us")


HUGE = {
    "digits": "1" * 401,
    "decimals": "0." + "1" * 500,
    "exponent": "1e999999999",
    "small": "1e-999999999",
    "denominator": "1/" + "7" * 4000,
}


@pytest.mark.parametrize("number", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("where", ["value", "discount", "trust", "signal"])
def test_numbers_that_would_take_for_ever_are_refused_at_once(program: ModuleType, number: str, where: str) -> None:
    """Catches a file that keeps whoever checks it waiting, or fills its memory, by one number."""
    instance, roadmap = next(iter(certified(4, 1)))
    data = file(instance, roadmap)
    party = data["parties"]["p0"]
    place = {"value": data["measures"][0]["value"], "discount": party, "trust": party["trust"], "signal": data["measures"][0]}
    place[where]["p0" if where == "value" else "p1" if where == "trust" else where] = number
    with pytest.raises(ValueError, match="too long"):
        program.check(data)


@pytest.mark.parametrize("side", ["left", "right", "slack"])
def test_a_huge_side_of_a_row_is_wrong_and_not_worked_out(program: ModuleType, side: str) -> None:
    """Catches a side that is made a number of before anybody asks whether it is the right one."""
    data = file(*next(iter(certified(4, 1))))
    row = next(r for r in data["rows"] if r["row"] == "incentive")
    row[side] = "1e999999999"
    _, wrong, _, _ = program.check(data)
    assert bool(wrong) == (side != "slack")  # the slack of a row of value is nobody's claim


@pytest.mark.parametrize(("key", "number"), [("lag", 10**9), ("takes", 10**9), ("takes", -1), ("takes", 2.5)])
def test_phases_beyond_reason_are_refused(program: ModuleType, key: str, number: float) -> None:
    """Catches a lag or a time for work that is counted through, phase by phase, or that is none."""
    data = file(*next(iter(certified(4, 1))))
    data["measures"][0][key] = number
    with pytest.raises(ValueError, match="cannot be"):
        program.check(data)


# ---- the program itself -----------------------------------------------------------------------------------------------


def test_it_is_short_and_needs_nothing() -> None:
    """Catches what cannot be read in an hour, a newer Python, and a library that is not Python's own."""
    text = checker()
    assert len(text.splitlines()) <= 400
    tree = ast.parse(text, feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= ALLOWED


def test_it_runs_alone_from_the_command_line(tmp_path: Path) -> None:
    """Catches a program that finds the package beside it, and a certificate that `verify` cannot read."""
    written, check = tmp_path / "certificate.json", tmp_path / "check.py"
    order = tmp_path / "order.json"
    order.write_text(json.dumps({"entry": {"give-a": 0, "give-b": 0}}), encoding="utf-8")
    run = CliRunner().invoke
    assert run(app, ["verify", "--export", str(check)]).exit_code == 0
    assert run(app, ["verify", "toy-exchange", str(order), "-o", str(written)]).exit_code == 1
    assert run(app, ["verify", "toy-exchange", str(written)]).exit_code == 1
    told = subprocess.run([sys.executable, "-I", "-S", str(check), str(written)], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stdout.splitlines()[-1] == "DOES NOT HOLD"
    nothing = tmp_path / "nothing.json"
    order.write_text(json.dumps({"entry": {}}), encoding="utf-8")
    assert run(app, ["verify", "toy-exchange", str(order), "-o", str(nothing), "--party", "a"]).exit_code == 0
    told = subprocess.run([sys.executable, "-I", "-S", str(check), str(nothing)], capture_output=True, text=True, check=False)
    assert told.returncode == 0
    assert "no process" in told.stdout
    assert told.stdout.splitlines()[-1] == "holds as far as a can tell"
