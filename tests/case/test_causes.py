"""Why a step is not carried out, as the case says it: what is read, what is refused and where, what is told as not said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from casefaults import faults, names_it
from detente.case.edit import changed
from detente.case.load import read_case
from detente.case.migrate import migrated
from detente.case.schema import schema
from detente.case.unsaid import said, unsaid

PLAIN = (Path(__file__).parent / "data" / "two-farms.yaml").read_text()
NEW = {
    "    slices: 4\n": "    slices: 4\n    takes: [0, 1, 1]\n    class: transfer\n    needs:\n"
    "      - {id: council, by: Village council, chance: [0.5, 0.7, 0.9], again: 2}\n"
    "      - {id: court, by: Water court, chance: 0.9}\n",
    "    red_line: 30\n": "    red_line: 30\n    governments: {every: 4, first: 0, chance: 0.3, value: {open-gate: -1}, "
    "trust: {west: [0.05, 0.1, 0.2]}, undoes: [0.1, 0.2, 0.3]}\n",
    "firm: high,": "firm: high, standing: true, reading: {east: [open-gate, meet]},",
    "comparisons:\n": "answers:\n  - {if: open-gate, by: west, holds: [share-water/2], chance: 0.8}\n"
    "ranges: {confidence: 0.8}\ncomparisons:\n",
}


def told() -> str:
    text = PLAIN
    for old, new in NEW.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


TOLD = told()


def test_what_is_written_is_what_is_read() -> None:
    """Catches a key that is taken for another one, and a chance that loses its range or its exact decimals."""
    case = read_case(TOLD)
    share, east = case.measures["share-water"], case.parties["east"].governments
    assert share.class_ == "transfer"
    assert [(n.id, n.by, n.again) for n in share.needs] == [("council", "Village council", 2), ("court", "Water court", None)]
    assert [n.chance.likely for n in share.needs] == [Fraction(7, 10), Fraction(9, 10)]
    assert east is not None
    assert (east.every, east.begins, east.chance.likely) == (4, 0, Fraction(3, 10))
    assert (east.value["open-gate"].likely, east.trust["west"].high, east.undoes.low) == (-1, Fraction(1, 5), Fraction(1, 10))
    assert (case.demands[0].standing, case.demands[0].reading) == (True, {"east": ("open-gate", "meet")})
    (answer,) = case.answers
    assert (answer.if_, answer.by, answer.holds, answer.chance.likely) == (
        "open-gate",
        "west",
        ("share-water/2",),
        Fraction(4, 5),
    )
    assert case.ranges is not None
    assert case.ranges.confidence == Fraction(4, 5)


def test_absent_keys_say_nothing() -> None:
    """Catches a default that is a judgement: a class, a chance or a confidence that nobody stated."""
    case = read_case(PLAIN)
    assert {(m.class_, m.needs) for m in case.measures.values()} == {(None, ())}
    assert [p.governments for p in case.parties.values()] == [None] * 3
    assert (case.demands[0].standing, case.demands[0].reading, case.answers, case.ranges) == (False, {}, (), None)
    assert read_case(TOLD.replace("    takes: [0, 1, 1]\n", "")).instance == case.instance


def test_the_first_change_comes_after_one_term_where_it_is_not_dated() -> None:
    """Catches a first change in phase 0, which would be today."""
    found = read_case(TOLD.replace("first: 0, ", "")).parties["east"].governments
    assert found is not None
    assert found.begins == 4


def test_entries_are_changed_in_the_file_itself_and_an_earlier_file_is_migrated() -> None:
    """Catches an editor or a migration that loses the keys whose names Python reserves."""
    entries = {"measures.share-water.class": "works", "answers[0].chance": 0.5, "measures.meet.class": "contact"}
    case = changed(read_case(TOLD), entries)
    assert (case.measures["share-water"].class_, case.measures["meet"].class_) == ("works", "contact")
    assert case.answers[0].chance.likely == Fraction(1, 2)
    assert case.where("answers[0].if") == read_case(TOLD).where("answers[0].if")
    text, count = migrated(TOLD.replace("of: [share-water], fails", "on: [share-water], fails"), "two-farms.yaml")
    assert (text, count) == (TOLD, 1)


ONE_FAULT = [
    ("class: transfer", "class: transfr", "transfr", "measures.share-water.class", "got 'transfr', wanted", "mean 'transfer'?"),
    ("class: transfer", "class_: transfer", "class_", "measures.share-water.class_", "unknown key", "did you mean 'class'?"),
    ("{id: court,", "{id: council,", "council, by: Water", "measures.share-water.needs[1].id", "given twice", "rename"),
    ("by: Water court, ", "", "{id: court", "measures.share-water.needs[1]", "'by' is missing", "add it"),
    ("chance: 0.9}", "chance: 1.1}", "1.1}", "measures.share-water.needs[1].chance", "of at most 1", ""),
    ("again: 2", "again: 0", "0}\n      - {id: court", "measures.share-water.needs[0].again", "wanted at least 1", ""),
    ("again: 2", "again: 1.5", "1.5}", "measures.share-water.needs[0].again", "wanted a whole number", ""),
    ("every: 4", "every: 0", "0, first", "parties.east.governments.every", "wanted at least 1", ""),
    ("first: 0", "first: -1", "-1, chance: 0.3", "parties.east.governments.first", "wanted at least 0", ""),
    ("value: {open-gate: -1}", "value: {opengate: -1}", "opengate", "parties.east.governments.value.opengate", "a measure", ""),
    ("trust: {west: [0", "trust: {east: [0", "[0.05", "parties.east.governments.trust.east", "trust in itself", "take it out"),
    ("trust: {west: [0.05", "trust: {west: [0", "[0, 0.1, 0.2]", "parties.east.governments.trust.west", "all of the range", ""),
    (
        "value: {open-gate: -1}, trust: {west: [0.05, 0.1, 0.2]}, undoes: [0.1, 0.2, 0.3]",
        "undoes: 0",
        "{every",
        "parties.east.governments",
        "it changes nothing",
        "give",
    ),
    ("standing: true", "standing: 1", "1, reading", "demands[0].standing", "wanted true or false", ""),
    (
        "{east: [open-gate, meet]}",
        "{eastt: [meet]}",
        "eastt: [meet]",
        "demands[0].reading.eastt",
        "wanted a party",
        "did you mean 'east'?",
    ),
    ("{east: [open-gate, meet]}", "{east: []}", "[]}, evidence", "demands[0].reading.east", "at least one entry", ""),
    ("{east: [open-gate, meet]}", "{east: [share-water]}", "{id: gate-first", "demands[0]", "before itself", "`reading.east`"),
    ("if: open-gate, ", "", "{by: west, holds", "answers[0]", "'if' is missing", "add it"),
    ("if: open-gate", "if: opengate", "opengate", "answers[0].if", "wanted a measure", "did you mean 'open-gate'?"),
    ("{if: open-gate", "{if: sell-water", "west, holds", "answers[0].by", "takes sell-water itself", "name the party"),
    (
        "[share-water/2], ch",
        "[open-gate], ch",
        "open-gate], chance",
        "answers[0].holds[0]",
        "a measure of east",
        "only what it does",
    ),
    ("[share-water/2], ch", "[share-water/5], ch", "share-water/5", "answers[0].holds[0]", "wanted a slice", ""),
    ("confidence: 0.8", "confidence: 0", "0}\ncomparisons", "ranges.confidence", "a number above 0 and of at most 1", ""),
    ("confidence: 0.8", "confidence: 80", "80}", "ranges.confidence", "a number above 0 and of at most 1", ""),
    ("confidence: 0.8", "confidence: [0.7, 0.8, 0.9]", "[0.7, 0.8, 0.9]", "ranges.confidence", "got a list of 3", ""),
]


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "message", "hint"), ONE_FAULT, ids=[f"{c[3]}-{n}" for n, c in enumerate(ONE_FAULT)]
)
def test_each_fault_is_named_where_it_stands(old: str, new: str, at: str, key: str, message: str, hint: str) -> None:
    """Catches a slip in one of these keys that is read as something else, or told at another place."""
    assert len(names_it(TOLD, old, new, at, key, message, hint)) == 1


def test_what_only_a_support_opens_cannot_be_named_by_these_keys() -> None:
    """Catches a demand, an answer or a government about a step that is not there without a support."""
    opens = "supports:\n  - {id: licence, title: A licence, opens: [sell-water]}\n"
    text = TOLD.replace("supports:\n", opens)
    read_case(text)
    for old, new, key in (
        ("{east: [open-gate, meet]}", "{east: [sell-water]}", "demands[0].reading"),
        ("holds: [share-water/2]", "holds: [sell-water]", "answers[0].holds"),
        ("if: open-gate, by: west, holds: [share-water/2]", "if: sell-water, by: east, holds: [open-gate]", "answers[0].if"),
        ("value: {open-gate: -1}", "value: {sell-water: -1}", "parties.east.governments.value"),
    ):
        (found,) = faults(text.replace(old, new))
        assert found.key == key
        assert "licence" in found.message


def test_the_classes_are_those_of_the_rates() -> None:
    """Catches a class that no profile has a rate for, or a rate of a class that no case can name."""
    defs = schema()["$defs"]
    assert isinstance(defs, dict)
    (classes,) = [x["enum"] for x in defs["MeasureSpec"]["properties"]["class"]["anyOf"] if "enum" in x]
    assert len(set(classes)) == 12


def test_what_is_not_said_is_told_and_what_is_said_is_counted() -> None:
    """Catches a gap that nobody is told of, and a line about a gap that is none."""
    assert len(list(unsaid(read_case(PLAIN)))) == 7
    assert list(unsaid(read_case(TOLD))) == []
    assert [n for n in said(read_case(TOLD)).split() if n.isdigit()] == ["1", "5", "2", "1", "1"]
    for old, new in {
        "    takes: [0, 1, 1]\n": "",
        "    class: transfer\n": "",
        "chance: [0.5, 0.7, 0.9], again: 2}\n      - {id: court, by: Water court, chance: 0.9}\n": "",
        " standing: true,": "",
        ", reading: {east: [open-gate, meet]}": "",
    }.items():
        text = TOLD.replace(old, new)
        text = text.replace("    needs:\n      - {id: council, by: Village council, ", "") if "court" in old else text
        assert text != TOLD
        assert len(list(unsaid(read_case(text)))) == 1, old
    without = PLAIN.replace(PLAIN[PLAIN.index("demands:\n") : PLAIN.index("agreements:\n")], "")
    assert len(list(unsaid(read_case(without)))) == 5
