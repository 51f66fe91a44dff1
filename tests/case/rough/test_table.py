"""Words and classes as numbers: what each stands for, by hand; and that nothing of it happens unless a case names a table."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from detente.case.draws.draw import uncertainty
from detente.case.edit import changed
from detente.case.load import load
from detente.case.profile import bundled
from detente.case.rough.entries import CLASSES, ENTRIES, FOLLOWING, WORDS
from detente.case.rough.table import table
from detente.case.value import Value
from detente.errors import CaseError
from smallcases import measures, parties, swap

MONTHLY = table("plain", "1 month")


def in_words(rough: Any = "plain", length: str = "1 month", **more: Any) -> dict[str, Any]:
    """The swap with a class for each gift and words for each party."""
    data = swap(measures(**{"class": "works"}), parties(discount="fair", breakdown="heavy", trust="little"))
    data["phases"] = {"length": length, "count": 60}
    return {**data, "rough": rough, **more}


def span(value: Value) -> tuple[float, float, float]:
    return float(value.low), float(value.likely), float(value.high)


def test_words_stand_for_the_entries_of_the_table() -> None:
    """Catches a word that is taken for a number of another scale or of another length of time."""
    data = in_words()
    data["measures"]["give-a"]["value"] = {"a": "-small", "b": "large"}
    case = load(data)
    a = case.parties["a"]
    judged = MONTHLY.entries
    assert span(a.trust["b"]) == (judged["trust_little"].low, judged["trust_little"].value, judged["trust_little"].high)
    gift = case.measures["give-a"].value
    assert span(gift["b"]) == (judged["worth_large"].low, judged["worth_large"].value, judged["worth_large"].high)
    small = judged["worth_small"]
    assert span(gift["a"]) == (-small.high, -small.value, -small.low)
    # a year from now counts 0.8 (0.6 to 0.9): a twelfth root each, to three digits of what a month takes away
    assert span(a.discount) == (0.9583, 0.9816, 0.99126)
    for d, y in zip(span(a.discount), (0.6, 0.8, 0.9), strict=True):
        assert d**12 == pytest.approx(y, abs=0.002)
    # half a year (a quarter to a whole one) of a medium measure is six months of it
    assert span(a.breakdown) == (3, 6, 12)


@pytest.mark.parametrize(
    ("length", "lag", "takes"),
    [
        # works: seen after 1 (1 to 3) months, takes 4 (2 to 8)
        ("1 month", (1, 1, 3), (2, 4, 8)),
        ("2 weeks", (2, 2, 7), (4, 9, 17)),  # 2.17 phases a month: 2.17, 2.17, 6.52; 4.35, 8.70, 17.39
        ("1 quarter", (1, 1, 1), (1, 1, 3)),  # 0.33, 0.33, 1; 0.67, 1.33, 2.67
        ("1 year", (1, 1, 1), (0, 0, 1)),  # 0.08, 0.08, 0.25; 0.17, 0.33, 0.67
    ],
)
def test_times_are_months_whatever_the_phase(length: str, lag: tuple[int, ...], takes: tuple[int, ...]) -> None:
    """Catches months that are counted as phases, and a lag of none."""
    spec = load(in_words(length=length)).measures["give-a"]
    assert span(spec.lag) == lag
    assert span(spec.takes) == takes


def test_what_a_measure_states_itself_stays() -> None:
    """Catches a table that overrules the analyst, or gives time and signal to what is in force."""
    data = in_words()
    data["measures"]["give-a"] |= {"irreversible": 0.9, "lag": 4, "signal": [1, 2, 3], "takes": 0}
    data["measures"]["give-b"]["in_force"] = True
    case = load(data)
    stated, there = case.measures["give-a"], case.measures["give-b"]
    assert [getattr(stated, key).likely for key in FOLLOWING] == [Fraction(9, 10), 4, 2, 0]
    assert there.irreversible.is_range
    assert (there.takes.likely, there.signal.likely) == (0, 1)


def test_without_a_table_a_class_gives_nothing_and_no_word_counts() -> None:
    """Catches a hidden default: with the key absent nothing may be otherwise than it was."""
    data = in_words()
    del data["rough"]
    with pytest.raises(CaseError) as caught:
        load(data)
    assert {f.key for f in caught.value.faults} == {
        f"parties.{i}.{key}" for i, j in ("ab", "ba") for key in ("discount", "breakdown", f"trust.{j}")
    }
    plain = load(swap(measures(**{"class": "works"})))
    assert plain.measures["give-a"].model_fields_set.isdisjoint(FOLLOWING)
    assert plain.instance == load(swap()).instance


def test_time_that_follows_from_a_class_is_told_as_such() -> None:
    """Catches a fault about work of 8 phases of which nothing stands in the file."""
    data = in_words()
    data["phases"]["count"] = 6
    with pytest.raises(CaseError) as caught:
        load(data)
    assert [(f.key, "class" in f.hint) for f in caught.value.faults] == [(f"measures.give-{i}.takes", True) for i in "ab"]


def test_the_case_changes_an_entry() -> None:
    """Catches a change that is read and not used, or that spills over to another class."""
    case = load(
        in_words({"table": "plain", "changes": {"lag_works": [1, 2, 5], "irreversible_works": 0.4, "trust_little": 0.2}})
    )
    works = case.measures["give-a"]
    assert span(works.lag) == (1, 2, 5)
    assert (works.irreversible.likely, works.irreversible.is_range) == (Fraction(2, 5), False)
    assert case.parties["a"].trust["b"].likely == Fraction(1, 5)
    assert span(works.takes) == (2, 4, 8)


def test_a_grade_of_the_case_goes_before_a_word_of_the_table() -> None:
    """Catches a scale of the analyst's own that is overruled."""
    data = in_words(grades={"large": [7, 8, 9]})
    data["measures"]["give-a"]["value"] = {"a": "-small", "b": "large"}
    assert span(load(data).measures["give-a"].value["b"]) == (7, 8, 9)


def test_each_word_is_only_for_what_it_is_said_of() -> None:
    """Catches trust that is given as a worth: 0.3 of something is no probability."""
    data = in_words()
    data["parties"]["a"]["trust"] = {"b": "small"}
    data["parties"]["b"]["breakdown"] = "large"
    data["measures"]["give-a"]["value"] = {"a": "-little"}
    data["measures"]["give-b"]["irreversible"] = "some"
    with pytest.raises(CaseError) as caught:
        load(data)
    assert {f.key for f in caught.value.faults} == {
        "parties.a.trust.b", "parties.b.breakdown", "measures.give-a.value.a", "measures.give-b.irreversible"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rough", "key"),
    [
        ("plainly", "rough"),
        ({"table": "plainly"}, "rough.table"),
        (7, "rough"),
        ({"table": "plain", "changes": {"lag_work": 2}}, "rough.changes.lag_work"),
        ({"table": "plain", "changes": {"trust_some": 1}}, "rough"),
        ({"table": "plain", "changes": {"trust_some": [0.1, 0.2, 1.5]}}, "rough"),
        ({"table": "plain", "changes": {"trust_some": "good"}}, "rough.changes.trust_some"),
        ({"changes": {}}, "rough"),
        ({"table": "plain", "because": "so"}, "rough.because"),
    ],
)
def test_faults_of_the_table_are_told_alone(rough: Any, key: str) -> None:
    """Catches one slip in `rough` that makes a fault of every word of the case."""
    with pytest.raises(CaseError) as caught:
        load(in_words(rough))
    assert [f.key for f in caught.value.faults] == [key]


def test_every_number_that_is_assumed_is_drawn() -> None:
    """Catches an assumption that passes for certain: what follows from a word or class must vary in draws."""
    case = load(in_words())
    drawn = {q.name for q in uncertainty(case).quantities}
    assumed = {f"parties.{i}.{key}" for i, j in ("ab", "ba") for key in ("discount", "breakdown", f"trust.{j}")}
    assumed |= {f"measures.give-{i}.{key}" for i in "ab" for key in ("irreversible", "lag", "signal")}
    assert assumed <= drawn
    assert not any(q.by_spread for q in uncertainty(case).quantities if q.name in assumed)


def test_an_edit_leaves_the_words() -> None:
    """Catches numbers of the table that are written into the file when something else in it changes."""
    case = changed(load(in_words()), {"parties.a.trust.b": "good"})
    assert case.written()["parties"]["b"]["trust"] == {"a": "little"}
    assert "lag" not in case.written()["measures"]["give-a"]
    assert span(case.parties["a"].trust["b"]) == (0.5, 0.7, 0.85)


def test_the_bundled_table_is_whole_in_order_and_wide() -> None:
    """Catches a word that means less than the one before, and an entry that claims to be known."""
    assert bundled("detente.case.rough") == ("plain",)
    assert set(MONTHLY.entries) == set(ENTRIES)
    for key, words in WORDS.items():
        likely = [MONTHLY.entries[f"{key}_{word}"].value for word in words if word != "unclear"]
        assert likely == sorted(set(likely)), key
    for name, judged in MONTHLY.entries.items():
        assert judged.low < judged.high, name
        assert judged.because.startswith("Assumed. "), name
    lasting = [MONTHLY.of_class(c, "irreversible").likely for c in ("pledge", "suspension", "disabling", "dismantling")]
    assert lasting == sorted(set(lasting))
    assert all(math.isfinite(float(MONTHLY.of_class(c, key).high)) for c in CLASSES for key in FOLLOWING)
