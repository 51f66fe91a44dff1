"""Which text a case may hold: nothing that steers a terminal, nothing unseen, no two parties of one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.base.legible import alike, escaped, is_blank, steering, visible
from detente.case.load import load, read_case
from detente.errors import CaseError, Fault, GraphError
from detente.graph.gmcr import read_gmcr
from detente.graph.read import read_conflict

FARMS = (Path(__file__).parents[1] / "case" / "data" / "two-farms.yaml").read_text()
STEERING = (
    "\\e[31m", "\\a", "\\b", "\\0", "\\r", "\\x9b5m", "\\x85", "\\u2028", "\\u200f", "\\u202e", "\\u2066", "\\ud83d", "\\uffff",
)  # fmt: skip
UNSEEN = (
    " ", "\\t", "\\u00a0", "\\u200b", "\\u2060", "\\ufeff", "\\u3164", "\\u2800", "\\u200d\\ufe0f", "\\u3000 \\u115f",
)  # fmt: skip
HONEST = (
    "\u0633\u0644\u0627\u0645", "\u05e9\u05dc\u05d5\u05dd", "\u0646\u06cc\u0645\u200c\u0641\u0627\u0635\u0644\u0647",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "C\u00f4te d\u2019Ivoire", "-",
)  # fmt: skip
SAME = ("Eastern farm", "EASTERN FARM", " eastern  farm ", "Eastern\\u200b farm", "\\uff25astern farm")
CONFLICT = "conflict: c\ntitle: C\nparties:\n  a: {name: NAME, options: {x: X}, ranking: [1, 2]}\n"


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(CaseError) as err:
        read_case(text)
    return err.value.faults


@pytest.mark.parametrize("text", STEERING)
def test_what_steers_is_refused_wherever_it_stands(text: str) -> None:
    """Catches a field that is not looked at; all of them are told at once, each with its place."""
    changed = FARMS.replace("name: Eastern farm", f'name: "East{text}"').replace("title: Meet weekly", f'title: "{text}Meet"')
    changed = changed.replace("at: page 3", f'at: "page{text} 3"').replace("title: Two farms at one well", f'title: "T{text}"')
    found = faults(changed)
    assert [f.key for f in found] == ["title", "parties.east.name", "measures.meet.title", "evidence.d1.at"]
    assert all("U+" in f.message and f.line and f.column for f in found)
    assert str(CaseError("x", faults=found)).replace("\n", "").isprintable()


def test_a_key_may_not_steer_either() -> None:
    """Catches an id or unknown key that is printed as it stands."""
    found = faults(FARMS + '"ti\\e[2Jtle": x\n')
    assert {f.message[:9] for f in found} == {"unknown k", "got the c"}


@pytest.mark.parametrize("text", ["\x1b[31m", "\x07", "\ud800", "\ufffe"])
def test_raw_ones_are_told_all_at_once(text: str) -> None:
    """Catches a reader that stops at the first, or that lets one stand in a comment."""
    found = faults(f"case: a{text}\n# {text}\ntitle: x\n\n{text}")
    assert [(f.line, f.column) for f in found if "not allowed in YAML" in f.message] == [(1, 8), (2, 3), (5, 1)]


@pytest.mark.parametrize("text", UNSEEN)
def test_what_nobody_sees_is_no_name(text: str) -> None:
    """Catches a blank party, which a page could not show and a reader could not tell from nothing."""
    for name, key in (("name: Eastern farm", "parties.east.name"), ("title: Meet weekly", "measures.meet.title")):
        (found,) = faults(FARMS.replace(name, f'{name[: name.index(":")]}: "{text}"'))
        assert (found.key, "can be seen" in found.message) == (key, True)


def test_names_are_one_line_and_texts_may_be_many() -> None:
    """Catches a title that breaks a table, and a rule that would refuse an honest quotation or folded text."""
    (found,) = faults(FARMS.replace("title: Meet weekly", 'title: "Me\\net"'))
    assert found.key == "measures.meet.title"
    text = FARMS.replace("title: Two farms at one well", "title: >\n  Two farms\n  at one well")
    assert read_case(text).title == "Two farms at one well"
    said = FARMS.replace("says: The western farm wants the gate open first", 'says: "One.\\n\\tAnother."')
    assert read_case(said).evidence["d1"].says == "One.\n\tAnother."


@pytest.mark.parametrize("name", SAME)
def test_two_parties_of_one_name_are_refused(name: str) -> None:
    """Catches two parties that a reader cannot tell apart."""
    (found,) = faults(FARMS.replace("name: Western farm", f'name: "{name}"'))
    assert found.key == "parties.west.name"
    assert "east" in found.message


@pytest.mark.parametrize("name", HONEST)
def test_honest_names_stay(name: str) -> None:
    """Catches a rule that would refuse other scripts, joiners, emoji, or a sign."""
    assert read_case(FARMS.replace("name: Eastern farm", f'name: "{name}"')).parties["east"].name == name
    assert not steering(name)
    assert not is_blank(name)
    assert visible(name) == name


def test_a_conflict_follows_the_same_rules() -> None:
    """Catches a conflict file, or a file of another program, that is read more loosely than a case."""
    for name in ('"\\e[2J"', '"\\u202e"', '" "', '"a\\nb"'):
        with pytest.raises(GraphError) as err:
            read_conflict(CONFLICT.replace("NAME", name))
        assert {f.key for f in err.value.faults} == {"parties.a.name"}
    with pytest.raises(GraphError) as err:
        read_conflict(CONFLICT.replace("NAME", "One") + "  b: {name: ONE, options: {y: Y}, ranking: [1, 2]}\n")
    assert [f.key for f in err.value.faults] == ["parties.b.name"]
    plain = '{"options": [{"name": "A\\u202e"}], "decisionMakers": [{"name": "P\\u001b", "options": [0], "preferences": []}]}'
    with pytest.raises(GraphError) as err:
        read_gmcr(plain)
    assert {f.key for f in err.value.faults} == {"options[0].name", "decisionMakers[0].name"}
    with pytest.raises(GraphError):
        read_gmcr('{"options": 1' + "0" * 5000 + "}")


def test_what_is_visible_of_a_text() -> None:
    """Catches isolates that are left open, and markup that comes through."""
    assert visible("a\x1b[0m\r\u202e\ufffe") == r"a\x1b[0m\x0d\u202e\ufffe"
    assert visible("\u2068\u05d0\u2069") == "\u2068\u05d0\u2069"
    assert visible("\u2069\u2068") == r"\u2069\u2068"
    assert escaped("<b>\x1b") == r"&lt;b&gt;\x1b"
    assert alike("\ufb01n  A") == alike("FIN a")


def test_the_table_of_a_notebook_is_escaped() -> None:
    """Catches a table of a result that writes a control character into the notebook."""
    case = load("toy-exchange")
    spec = case.measures["give-a"].model_copy(update={"title": "\x1b[2J\u202e<b>"})
    shown = case.model_copy(update={"measures": {**case.measures, "give-a": spec}})._repr_html_()
    assert r"\x1b[2J\u202e&lt;b&gt;" in shown
