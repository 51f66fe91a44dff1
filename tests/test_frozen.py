"""Frozen means frozen: nothing of a case or a result can be changed, and each is equal to its copies and to a second run."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import enum
import json
import pickle
import types
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

import detente as dt
from detente.base.frozen import Frozen
from detente.errors import InputError
from detente.plan.roadmap import Roadmap
from forecastseries import panel
from smallcases import swap, you_first

CASE = "toy-exchange"
ISSUE = "actor,position,salience,capability\nAsha,0,80,10\nBruno,40,60,20\nChen,100,70,15\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of positions, and an empty record."""
    made = tmp_path_factory.mktemp("frozen")
    (made / "issue.csv").write_text(ISSUE, encoding="utf-8")
    dt.record(made / "record", create=True)
    return made


RESULTS: dict[str, Callable[[Path], Any]] = {
    "load": lambda _: dt.load(CASE),
    "cases": lambda _: dt.cases()[0],
    "plan": lambda _: dt.plan(CASE, draws=20, likely=True),
    "recommendation": lambda _: dt.plan(CASE, draws=20),
    "plan that holds": lambda _: dt.plan(CASE, holds=0.5, draws=20, likely=True),
    "roadmap": lambda _: dt.plan(CASE, likely=True).roadmap,
    "verify": lambda _: dt.verify(CASE, {"entry": {"give-a/1": 0}}),
    "unlock": lambda _: dt.unlock(dt.load(swap(you_first)), "give-a", by=0),
    "diagnose": lambda _: dt.diagnose(CASE),
    "concessions": lambda _: dt.concessions(dt.load(swap(you_first))),
    "graph": lambda _: dt.graph(CASE),
    "prepare": lambda _: dt.prepare(CASE),
    "replan": lambda _: dt.replan(CASE, {"case": CASE, "phase": 1}),
    "compare": lambda _: dt.compare(CASE),
    "assess": lambda _: dt.assess(CASE, runs=200, cores=1),
    "brief": lambda _: dt.brief(CASE, draws=0, preparation=dt.prepare(CASE), assessment=dt.assess(CASE, runs=200, cores=1)),
    "positions": lambda folder: dt.positions(folder / "issue.csv", profile="eu-council"),
    "forecast": lambda _: dt.forecast(panel(2, 26), ("a", "b"), horizon=1),
    "backtest": lambda _: dt.backtest(panel(2, 26), horizon=1),
    "record": lambda folder: dt.record(folder / "record"),
}
ATOMS = (int, float, str, bool, bytes, type(None), Fraction, datetime.date, Path, enum.Enum, np.generic, types.FunctionType)


def open_at(value: Any, path: str, seen: set[int]) -> Iterator[str]:
    """Every place in a value, at any depth, where something could be changed."""
    if isinstance(value, ATOMS) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, dict):
        try:
            value[next(iter(value), "x")] = None
            yield f"{path}: a mapping"
        except TypeError:
            pass
        for key, inner in value.items():
            yield from open_at(inner, f"{path}[{key!r}]", seen)
    elif isinstance(value, tuple | frozenset):
        for n, inner in enumerate(value):
            yield from open_at(inner, f"{path}[{n}]", seen)
    elif isinstance(value, np.ndarray):
        if value.flags.writeable:
            yield f"{path}: an array"
    elif dataclasses.is_dataclass(value) or isinstance(value, BaseModel):
        names = (
            [f.name for f in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else list(type(value).model_fields)
        )
        for name in names:
            inner = getattr(value, name)
            try:
                setattr(value, name, inner)
                yield f"{path}.{name}: a field"
            except (dataclasses.FrozenInstanceError, ValueError):  # pydantic says it with a ValueError
                pass
            yield from open_at(inner, f"{path}.{name}", seen)
        for name, kind in vars(type(value)).items():
            if isinstance(kind, property | cached_property) and not name.startswith("_"):
                yield from open_at(getattr(value, name), f"{path}.{name}", seen)
    else:
        yield f"{path}: {type(value).__name__}"


def containers(value: Any) -> Iterator[int]:
    """The identities of all dictionaries and lists in plain data."""
    if isinstance(value, dict | list):
        yield id(value)
        for inner in value.values() if isinstance(value, dict) else value:
            yield from containers(inner)


def plain(value: Any) -> bool:
    """Whether a value is made of new dictionaries, lists and single values, as JSON has them."""
    if type(value) is dict:
        return all(plain(x) for x in value.values())
    return all(plain(x) for x in value) if type(value) is list else isinstance(value, str | int | float | None)


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_frozen_and_equals_its_copies(name: str, folder: Path) -> None:
    """Catches a field, a mapping, a list or an array of a result that can be changed, one that a copy, a pickle or a second run
    is not equal to, one that no set takes, and a `to_dict` that hands out what it holds."""
    made = RESULTS[name]
    one, again = made(folder), made(folder)
    assert list(open_at(one, name, set())) == []
    twins = [copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one)), again]
    assert [twin == one for twin in twins] == [True] * 4
    assert len({one, *twins}) == 1
    assert [place for twin in twins for place in open_at(twin, name, set())] == []
    if name != "record":
        told = one.to_dict()
        assert json.loads(json.dumps(told)) == json.loads(json.dumps(one.to_dict()))
        assert plain(told)
        assert not set(containers(told)) & set(containers(one.to_dict()))


def test_the_walk_sees_what_is_open() -> None:
    """A blind walk would find every result frozen."""

    @dataclasses.dataclass
    class Loose:
        figures: Any

    found = list(open_at(Loose((1, [2], {"a": {}}, np.zeros(2))), "x", set()))
    assert found == [
        "x.figures: a field",
        "x.figures[1]: list",
        "x.figures[2]: a mapping",
        "x.figures[3]: an array",
    ]


def test_a_certificate_stays_true_of_its_roadmap() -> None:
    """Catches a roadmap that can be changed under the certificate that says it holds."""
    found = dt.plan(CASE, likely=True)
    with pytest.raises(TypeError):
        found.roadmap.entry["give-a/1"] = 5  # type: ignore[index]
    assert dt.verify(CASE, found.roadmap) == found.certificate
    given: dict[str, int | None] = dict(found.roadmap.entry)
    mine = Roadmap(CASE, found.roadmap.phases, given)
    given["give-a/1"] = 5
    assert mine == found.roadmap


@pytest.mark.parametrize("verb", ["plan", "diagnose", "compare", "prepare", "assess", "brief"])
def test_what_is_no_case(verb: str) -> None:
    """Catches an AttributeError where a case was meant and something else was given."""
    for wrong in (None, 3, [CASE], "no-such-case"):
        with pytest.raises(InputError):
            getattr(dt, verb)(wrong)


def test_changed_terms_are_other_results() -> None:
    """Catches an equality that looks at too little."""
    case = dt.load(CASE)
    assert dt.plan(case, objective="sum", likely=True) != dt.plan(case, likely=True)
    assert dt.graph(case) != dt.graph("supplier-dispute")
    assert isinstance(dt.graph(case), Frozen)
