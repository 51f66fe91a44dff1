"""What a command prints as JSON is the same whenever and however fast it runs: seconds stand under `method`, or nowhere."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from detente.cli import app
from forecastseries import panel, write
from smallcases import swap, you_first

CASE = "toy-exchange"
SMALL = f"{swap()['case']}.yaml"  # for what tries much
TABLE = ("--table", "t.csv", "--unit", "a,b", "--value", "value")
ASKED: dict[str, tuple[str, ...]] = {
    "case": (CASE,),
    "cases": (),
    "plan": (CASE, "--likely", "--draws", "50"),
    "verify": (CASE, "roadmap.json"),
    "unlock": (SMALL, "--target", "give-a"),
    "diagnose": (CASE,),
    "concessions": (SMALL,),
    "graph": (CASE,),
    "ask": (SMALL,),
    "read": ("text.txt",),
    "case diff": (CASE, SMALL, "--plan"),
    "compare": (SMALL, "--frontier"),
    "prepare": (CASE, "--likely"),
    "assess": (CASE, "--runs", "200", "--crossings", "32", "--sensitivity", "2", "--cores", "1"),
    "brief": (CASE, "--likely", "--draws", "0"),
    "positions": ("issues.csv", "--profile", "eu-council", "--issue", "i3"),
    "positions fit": ("issues.csv", "-o", "profile.json"),
    "positions backtest": ("issues.csv", "--profile", "eu-council"),
    "forecast": (*TABLE, "--of", "a,b", "--horizon", "1"),
    "forecast ask": ("--table", "days.csv", "--by", "2019-06-30"),
    "forecast questions list": (".",),
    "serve account": (".",),
    "record contents": (),
    "record codes": ("cameo",),
    "record check": (),
    "record head": (),
    "record show": (SMALL, "--workspace", "detente-record"),
    "record dyad": ("IRN", "IRQ"),
    "record commitments": (CASE,),
    "record trust": (CASE,),
    "record unanswered": ("IRN", "IRQ"),
    "record contacts": ("IRN", "IRQ"),
    "record changes": ("IRN", "IRQ"),
    "record reciprocity": ("IRN", "IRQ"),
}
ADDING = {"start", "import", "fetch", "commit", "retract", "key", "migrate"}
ONCE = {"forecast resolve", "forecast questions import", "forecast questions score", *(f"record {name}" for name in ADDING)}
"""What these print is what they have added or graded, which a second run finds done."""


def commands(group: Any) -> set[str]:
    """Every command that prints JSON, by its name in full."""
    return {name for name, inner in group.commands.items() if any("--json" in option.opts for option in inner.params)}


def faster(clock: Callable[[], float], speed: int) -> Callable[[], float]:
    """A clock that goes so many times as fast from now on."""
    began = clock()
    return lambda: began + speed * (clock() - began)


def without_method(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_method(x) for k, x in value.items() if k != "method"}
    return [without_method(x) for x in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the commands read: a roadmap, tables, a log of questions, a record with a few events and a commitment."""
    place, run = tmp_path_factory.mktemp("clock"), CliRunner()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("DETENTE_RECORD", "detente-record")
        (place / "roadmap.json").write_text(run.invoke(app, ["plan", CASE, "--likely", "--json"]).stdout, encoding="utf-8")
        held = (("a", 0, 50), ("b", 40, 20), ("c", 100, 90))
        rows = [(f"i{n}", 10 * (n % 5), f"g{n}", a, x, s, 1) for n in range(12) for a, x, s in held]
        write(place / "issues.csv", rows, "issue,outcome,group,actor,position,salience,capability")
        one = panel(2, 18)
        write(place / "t.csv", [(one.label(t), *u, int(one.y[k, t])) for k, u in enumerate(one.units) for t in range(18)])
        days = [f"2018-{1 + n // 3:02}-{1 + 9 * (n % 3):02}" for n in range(36)]
        write(place / "days.csv", [(day,) for day in days], "date")
        draw, sides = np.random.default_rng(1), ("Iran", "Iraq")
        events = [
            (f"{2015 + m // 12}-{1 + m % 12:02}-{1 + n:02}", sides[k], act, sides[1 - k])
            for m in range(48)
            for k in (0, 1)
            for act in ("Consult", "Use conventional military force")
            for n in range(draw.poisson(3))
        ]
        write(place / "e.csv", events, "date,source,event,target")
        coded = swap(you_first)
        for party, code in zip(coded["parties"].values(), ("IRN", "IRQ"), strict=True):
            party["code"] = code
        (place / "text.txt").write_text("Harland demands that Merrow leave the strait first.", encoding="utf-8")
        (place / SMALL).write_text(json.dumps(coded), encoding="utf-8")
        for asked in (
            ["record", "import", "e.csv"],
            ["record", "commit", CASE, "give-a", "--party", "a", "--state", "full", "--as-of", "2018-12-01", "--reader", "x"],
            ["forecast", "ask", "--table", "days.csv", "--by", "2019-09-30", "--log", "."],
        ):
            done = run.invoke(app, asked)
            assert done.exit_code == 0, done.output
    return place


def test_every_command_is_asked() -> None:
    """Catches a new command that nobody looked at with a watch in the hand."""
    assert commands(typer.main.get_command(app)) == {*ASKED, *ONCE}


@pytest.mark.parametrize("command", ASKED)
def test_no_seconds_outside_method(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a figure that depends on the clock: with clocks that go three times as fast everything else is the same."""
    monkeypatch.chdir(folder)
    if command.startswith("record"):
        monkeypatch.setenv("DETENTE_RECORD", "detente-record")
    told = []
    for speed in (1, 3):
        with monkeypatch.context() as patch:
            for name in ("monotonic", "perf_counter", "process_time", "time"):
                patch.setattr(time, name, faster(getattr(time, name), speed))
            done = CliRunner().invoke(app, [*command.split(), *ASKED[command], "--json"])
        assert done.exit_code in (0, 1), done.output
        told.append(without_method(json.loads(done.stdout)))
    assert told[0] == told[1]
