"""A record whose actors are said by tables, dictionaries and cases: at import, and when it is read."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from detente.case.load import load
from detente.cli import app
from detente.errors import RecordError
from detente.record.account import account
from detente.record.codes.actors import Actors, Sense, actors_of
from detente.record.dyad import dyad, party_code
from detente.record.importing.importing import import_files
from detente.record.relation.contacts import contacts
from detente.record.relation.ledger import unanswered
from detente.record.workspace import Workspace
from eventfiles import add, data, events, written

HEADER = "date,source,event,target\n"
DAWN = date(2020, 1, 1)
NAMES = ["United States", "Front X", "M23", "Ada Vale", "Citizen (France)"]
TABLES: list[dict[str, tuple[Sense, ...]]] = [
    {},
    {"front x": (Sense("XFR"),), "united states": (Sense("XUS", DAWN, DAWN + timedelta(3)),)},
    {"ada vale": (Sense("GBR", None, DAWN + timedelta(2)), Sense("FRA", DAWN + timedelta(2)))},
]
BUILT_IN = {"United States": "USA", "Citizen (France)": "FRA"}


@settings(max_examples=12)
@given(
    rows=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=30),
    stated=st.sampled_from(TABLES),
    dictionary=st.sampled_from(TABLES),
)
def test_both_ways_against_the_definition(
    rows: list[tuple[int, str, str]], stated: Any, dictionary: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Imported with a set of actors, and imported without and read with it: the codes that the definition gives, row by row.

    Catches rows that change their order or number in the join, a span that includes its end, and a dictionary that overrules
    what a format knows.
    """
    folder = tmp_path_factory.mktemp("who")
    text = HEADER + "".join(f"{DAWN + timedelta(n)},{a},Consult,{b}\n" for n, a, b in rows)
    file, actors = written(folder / "e.csv", text), Actors(stated, dictionary)

    def meant(name: str, day: date) -> str | None:
        own, other = (
            next((s.code for s in some.get(name.lower(), ()) if (s.first or day) <= day and (not s.end or day < s.end)), None)
            for some in (stated, dictionary)
        )
        return own or BUILT_IN.get(name) or other

    wanted = [(n, a, b, meant(a, DAWN + timedelta(n)), meant(b, DAWN + timedelta(n))) for n, a, b in rows]
    columns = ("source", "target", "source_country", "target_country")
    workspace = Workspace.create(folder / "imported")
    done = add(workspace, file, actors=actors)
    assert [((e["date"] - DAWN).days, *(e[c] for c in columns)) for e in events(workspace)] == wanted
    plain = Workspace.create(folder / "plain")
    add(plain, file)
    read = [((e["date"] - DAWN).days, *(e[c] for c in columns)) for e in events(plain.read_with(actors))]
    assert Counter(read) == Counter(wanted)
    sides = done.sides
    assert (sides.events, sides.both) == (len(rows), sum(a is not None and b is not None for *_, a, b in wanted))
    of_events = Counter(name for _, a, b, x, y in wanted for name in {n for n, c in ((a, x), (b, y)) if c is None})
    assert dict(sides.unknown) == dict(of_events)
    again = add(workspace, file, actors=actors)
    assert (again.added, again.sides) == (0, sides)


def test_known_rows_keep_their_codes(tmp_path: Path) -> None:
    """Imported again with a table the rows are known, and stay as they are. Catches an import that says they are known now."""
    workspace, rows = Workspace.create(tmp_path / "record"), "2020-01-01,Front X,Consult,France\n"
    add(workspace, written(tmp_path / "e.csv", HEADER + rows))
    longer = written(tmp_path / "f.csv", HEADER + rows + "2020-02-01,Front X,Consult,France\n")
    done = add(workspace, longer, actors=Actors.of({"Front X": "XFR"}))
    assert (done.added, done.known, done.sides.events, done.sides.both) == (1, 1, 1, 1)
    assert [e["source_country"] for e in events(workspace, more="order by date")] == [None, "XFR"]


def test_movements_are_parties_like_any_other(tmp_path: Path) -> None:
    """Series, steps, contacts by a movement's code and by its name. Catches a code that only a country may have."""
    rows = "2020-01-01,Front X,Consult,France\n2020-02-01,France,Provide military aid,Front X\n"
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "e.csv", HEADER + rows))
    with pytest.raises(RecordError, match="nor of another party"):
        party_code(workspace, "Front X")
    held = workspace.read_with(Actors.of({"Front X": "FRONT-X"}))
    assert sum(p.events for p in dyad(held, "front x", "France").series) == 2
    assert unanswered(held, "FRONT-X", "FRA").last_mover == ("FRA",)
    assert contacts(held, "front-x", "FRA").total("not recorded") == 1
    with pytest.raises(RecordError, match="did you mean 'FRONT-X'"):
        party_code(held, "FRONTX")


def test_a_name_with_two_codes_is_not_guessed(tmp_path: Path) -> None:
    """Who changed sides has two codes on record, and a question by that name has no single answer."""
    rows = "2020-01-01,A Lee,Consult,France\n2020-03-01,A Lee,Consult,France\n"
    actors = Actors({"a lee": (Sense("XAA", None, date(2020, 2, 1)), Sense("XBB", date(2020, 2, 1)))})
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "e.csv", HEADER + rows), actors=actors)
    with pytest.raises(RecordError, match="XAA, XBB"):
        party_code(workspace, "A. Lee")


CASE = """
case: valley
title: A valley
as_of: 2020-06-30
phases: {length: 1 month, count: 3}
parties:
  hill: {name: Hill Front, code: HILL, also_called: [HF, "Front of the Hill"], discount: 0.9, breakdown: 1, trust: {town: 0.5}}
  town: {name: Town, code: FRA, discount: 0.9, breakdown: 1, trust: {hill: 0.5}}
measures:
  road: {title: Road, by: town, kind: contact, value: {hill: 0.6, town: -0.2}}
"""
EVENTS = HEADER + (
    "2020-01-01,Front of the Hill,Consult,France\n2020-02-01,France,Provide military aid,HF\n2020-07-05,HF,Consult,France\n"
)


def test_a_case_brings_the_names_of_its_parties(tmp_path: Path) -> None:
    """Read by the names of the case without an import anew; what is later than the case is left out, and counted."""
    case = load(written(tmp_path / "valley.yaml", CASE))
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "e.csv", EVENTS))
    told = account(case, workspace.path)
    assert [(r.a, r.b, sum(r.there.cooperative), sum(r.back.cooperative)) for r in told.relations] == [("hill", "town", 1, 1)]
    assert (told.events, told.later, told.until) == (2, 1, date(2020, 6, 30))
    later = account(case, workspace.path, as_of=date(2020, 12, 31))
    assert (later.events, later.later, sum(later.relations[0].there.cooperative)) == (3, 0, 2)
    assert actors_of(case).spans("hill front")[0].code == "HILL"
    assert not actors_of(load("us-dprk-2019"))


def test_names_without_a_code_are_refused(tmp_path: Path) -> None:
    """What the other names stand for has to be said. Catches names that lead to nobody in silence."""
    with pytest.raises(Exception, match=r"valley.yaml") as caught:
        load(written(tmp_path / "valley.yaml", CASE.replace("code: HILL, ", "")))
    assert "also_called" in str(caught.value)


def test_the_commands_take_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--actors` and `--case` in import and in the questions; the default folder in all; in JSON who is not known."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DETENTE_RECORD", raising=False)
    written(tmp_path / "valley.yaml", CASE)
    written(tmp_path / "e.csv", EVENTS)
    written(tmp_path / "a.csv", "name,code\nHF,XHF\n")

    def said(*words: str) -> Any:
        done = CliRunner().invoke(app, [*words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    sides = said("record", "import", "e.csv")["sides"]
    assert (sides["events"], sides["both_known"], sides["names"]) == (3, 0, 2)
    assert sides["unknown"] == [{"name": "HF", "events": 2}, {"name": "Front of the Hill", "events": 1}]
    assert len(said("record", "dyad", "HILL", "FRA", "--case", "valley.yaml")["series"]) == 7
    assert said("record", "unanswered", "XHF", "FRA", "--actors", "a.csv")["last_mover"] == ["FRA"]
    assert said("record", "contacts", "HF", "FRA", "--actors", "a.csv", "--case", "valley.yaml")["a"] == "XHF"
    assert said("record", "show", "valley.yaml")["later"] == 1
    assert said("record", "import", "e.csv", "--workspace", "other", "--case", "valley.yaml")["sides"]["share"] == 1


def test_office_holders_of_2014(tmp_path: Path) -> None:
    """All four events of a file of 2014 lie between the two states once a dated dictionary says who is who; one without."""
    actors = data("petrarch_tests/Phoenix.Countries.actors.txt.gz")
    from detente.record.codes.actors import read_actors

    people = "2014-03-01,Barack Obama,Criticize or denounce,Vladimir Putin\n2014-03-05,John Kerry,Consult,Sergey Lavrov\n"
    back = "2014-03-06,Sergey Viktorovich Lavrov,Make statement,John Kerry\n2014-03-07,United States,Make statement,Russia\n"
    workspace = Workspace.create(tmp_path / "record")
    import_files(workspace, [written(tmp_path / "e.csv", HEADER + people + back)])
    assert sum(p.events for p in dyad(workspace, "USA", "RUS").series) == 1
    held = workspace.read_with(read_actors(str(actors)))
    assert sum(p.events for p in dyad(held, "USA", "RUS").series) == 4
