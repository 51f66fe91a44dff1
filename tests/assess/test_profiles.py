"""The bundled profiles of plays: where their rates come from, and on which cases an entry acts."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from detente.assess.assumptions import assumptions
from detente.assess.profile import ENTRIES, acting, load_profile
from detente.assess.strategies import chosen
from detente.case.load import load
from smallcases import swap

RATES = Path(__file__).resolve().parents[3] / "shared" / "data" / "implementation_rates" / "by_class.csv"
PLAIN, PAM = load_profile("plain"), load_profile("pam-34")
OF_A_CASE = {"spoilers", "strikes", "overlooked", "mends", "patience", "tolerate", "initiatives", "odds", "warning"}


@pytest.fixture(scope="module")
def rates() -> dict[str, dict[str, float]]:
    if not RATES.exists():
        pytest.skip(f"RATES ABSENT: no shared/data/implementation_rates/{RATES.name} beside the clone; pam-34 goes unchecked")
    with RATES.open(newline="") as file:
        return {row.pop("class"): {k: float(x) for k, x in row.items() if k != "pam_kinds"} for row in csv.DictReader(file)}


def test_the_rates_of_lateness_are_those_of_the_accords(rates: dict[str, dict[str, float]]) -> None:
    """Catches a rate that was mistyped, shrunk otherwise or is of another class, and a range not of the counts."""
    classes = {k.removeprefix("late_") for k in ENTRIES if k.startswith("late_")}
    assert classes == set(rates)
    late = {c: round(r["n"] * r["none_or_minimal_after_1y"]) for c, r in rates.items()}
    every = sum(late.values()) / sum(r["n"] for r in rates.values())
    for c, r in rates.items():
        e, n = PAM.values[f"late_{c}"], int(r["n"])
        interval = stats.binomtest(late[c], n).proportion_ci(0.8, method="wilson")
        assert e.value == pytest.approx((late[c] + 3 * every) / (n + 3), abs=0.0006), c
        assert (e.low, e.high) == pytest.approx((interval.low, interval.high), abs=0.0006), c


def test_what_is_late_catches_up_and_what_is_in_force_lapses_as_in_the_accords(rates: dict[str, dict[str, float]]) -> None:
    """Catches a chance per year that is not that of the table, and one per phase in its place."""
    one, two, three = (sum(round(r["n"] * r[f"none_or_minimal_after_{y}y"]) for r in rates.values()) for y in (1, 2, 3))
    interval = stats.binomtest(one - three, one + two).proportion_ci(0.8, method="wilson")
    assert PAM["catches_up"] == pytest.approx((one - three) / (one + two), abs=0.0006)
    assert PAM.values["catches_up"].high == pytest.approx(interval.high, abs=0.0006)
    falls = {c: r["falls_per_year_once_2_or_more"] for c, r in rates.items()}
    mean = sum(r["n"] * falls[c] for c, r in rates.items()) / sum(r["n"] for r in rates.values())
    assert PAM["lapses"] == pytest.approx(mean, abs=0.0006)
    assert (PAM.values["lapses"].low, PAM.values["lapses"].high) == (min(falls.values()), max(falls.values()))


def test_the_rest_of_it_is_as_plain_and_every_rate_says_where_it_is_from() -> None:
    """Catches a judgement that came in beside the rates, and a rate of civil wars that does not say so."""
    taken = {k for k in ENTRIES if k.startswith("late_")} | {"catches_up", "lapses"}
    assert {k for k, e in PAM.values.items() if e != PLAIN.values[k]} == taken
    for k in taken:
        assert "civil wars" in PAM.values[k].because, k
        assert "interstate stand-offs are not among them" in PAM.values[k].because, k


def test_the_arithmetic_in_a_reason_is_that_of_its_value() -> None:
    """Catches a value that was changed without its reason."""
    for k, e in PAM.values.items():
        if k.startswith("late_"):
            found = re.search(r"\((\d+) \+ 3 \* (0\.\d+)\) / \((\d+) \+ 3\) = (0\.\d+)", e.because)
            assert found, k
            late, every, n, value = map(float, found.groups())
            assert (late + 3 * every) / (n + 3) == pytest.approx(e.value, abs=0.0006)
            assert value == e.value


def test_nothing_is_late_or_lapses_under_plain() -> None:
    """Catches a plain profile under which a case that gets a class plays otherwise than before."""
    assert {PLAIN[k] for k in ENTRIES if k.startswith("late_")} | {PLAIN["lapses"]} == {0}


def entries(change: dict[str, Any]) -> set[str]:
    return set(acting(PLAIN, load({**swap(), **change}), drawn=False).values) - OF_A_CASE


def demand(**more: Any) -> dict[str, Any]:
    return {"demands": [{"id": "d", "by": "b", "first": ["give-a"], "before": ["give-b"], **more}]}


def measure(**more: Any) -> dict[str, Any]:
    measures = swap()["measures"]
    return {"measures": {**measures, "give-a": {**measures["give-a"], **more}}}


ANY = {"holds_back", "lapses"}


@pytest.mark.parametrize(
    ("change", "on"),
    [
        ({}, set()),
        (demand(firm="high"), set()),
        (demand(firm="high", standing=True), ANY | {"firm_high"}),
        (demand(standing=True), ANY | {"unfirm"}),
        (demand(firm="low", reading={"a": ["give-a"]}), ANY | {"firm_low", "contested"}),
        (measure(**{"class": "works"}), ANY | {"late_works", "catches_up"}),
        (measure(**{"class": "works", "in_force": True}), ANY),
        (measure(needs=[{"id": "c", "by": "Board", "chance": 0.5}]), ANY),
        ({"answers": [{"if": "give-a", "by": "b", "holds": ["give-b"], "chance": 0.5}], **demand()}, ANY | {"unfirm"}),
    ],
)
def test_an_entry_acts_where_the_case_has_its_key(change: dict[str, Any], on: set[str]) -> None:
    """Catches plays that are asked of an assumption which cannot matter to them, and one that can and is left out."""
    assert entries(change) == on
    case = load({**swap(), **change})
    listed = {a.of for a in assumptions(case, PAM, chosen(case, ["tit-for-tat"], None, PAM)) if a.kind == "profile"}
    assert listed - OF_A_CASE == on


def test_a_government_is_a_reason() -> None:
    """Catches a case that is told only by its governments and taken for one that tells nothing."""
    parties = swap()["parties"]
    governments = {"every": 4, "chance": 0.5, "undoes": 0.1}
    assert entries({"parties": {**parties, "a": {**parties["a"], "governments": governments}}}) == ANY
