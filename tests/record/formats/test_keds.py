"""KEDS and WEIS tables, with and without a header, by tabs, commas and blanks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.errors import RecordError
from detente.record.workspace import Workspace
from eventfiles import add, aside, events, written

CAMEO = [("790415", "ISRGOV", "PALPLO", "040"), ("000101", "PALPLO", "ISR", "190"), ("291231", "USA", "ISR", "0211")]
DAYS = [date(1979, 4, 15), date(2000, 1, 1), date(2029, 12, 31)]


@pytest.mark.parametrize(
    "parted", ["\t", ",", " ", "   ", ";", "|"], ids=["tab", "comma", "blank", "blanks", "semicolon", "bar"]
)
@pytest.mark.parametrize("dates", ["790415", "19790415", "1979-04-15"])
@pytest.mark.parametrize("header", [True, False], ids=["header", "bare"])
def test_every_way_to_write_a_table(parted: str, dates: str, header: bool, tmp_path: Path) -> None:
    """Catches a century that is guessed wrongly, a leading zero lost, and a first row taken for a header."""
    days = {"790415": "%y%m%d", "19790415": "%Y%m%d", "1979-04-15": "%Y-%m-%d"}[dates]
    rows = [(day.strftime(days), *row[1:]) for day, row in zip(DAYS, CAMEO, strict=True)]
    text = "".join(parted.join(row) + "\n" for row in ([("date", "source", "target", "code")] if header else []) + rows)
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "levant.txt", text), ontology="cameo")
    assert (done.files[0].format, done.read, done.added) == ("keds", 3, 3)
    found = [(e["line"], e["date"], e["source"], e["target"], e["code"], e["quad"]) for e in events(workspace)]
    assert found == [
        (1 + header, DAYS[0], "ISRGOV", "PALPLO", "040", 1),
        (2 + header, DAYS[1], "PALPLO", "ISR", "190", 4),
        (3 + header, DAYS[2], "USA", "ISR", "0211", 1),
    ]
    first = events(workspace)[0]
    assert (first["source_country"], first["target_country"]) == ("ISR", "PSE")


def test_the_same_code_means_two_things(tmp_path: Path) -> None:
    """102 is to urge in WEIS (to ask for an act, verbal cooperation there) and to demand in CAMEO (conflict)."""
    text = "790415\tIRN\tIRQ\t102\n"
    found = {}
    for ontology in ("cameo", "weis"):
        workspace = Workspace.create(tmp_path / ontology)
        add(workspace, written(tmp_path / "x.txt", text), ontology=ontology)
        (event,) = events(workspace)
        found[ontology] = (event["ontology"], event["quad"])
    assert found == {"cameo": ("cameo", 3), "weis": ("weis", 1)}


def test_codes_of_both_lists_are_not_guessed(tmp_path: Path) -> None:
    """Where the codes fit both lists the user is asked. Catches a guess."""
    file = written(tmp_path / "x.txt", "790415\tIRN\tIRQ\t010\n790416\tIRN\tIRQ\t012\n")
    workspace = Workspace.create(tmp_path / "record")
    with pytest.raises(RecordError, match=r"100% of its codes are of CAMEO and 100% of WEIS .*--ontology"):
        add(workspace, file)
    assert events(workspace) == []
    assert add(workspace, file, ontology="weis").added == 2


def test_codes_of_no_list_are_refused(tmp_path: Path) -> None:
    """A table of something else in four columns is no table of events."""
    file = written(tmp_path / "x.txt", "790415\tIRN\tIRQ\t777\n" * 5)
    with pytest.raises(RecordError, match="0% of its codes are of CAMEO and 0% of WEIS"):
        add(Workspace.create(tmp_path / "record"), file)


def test_a_longer_edition_of_a_weis_table(tmp_path: Path) -> None:
    """Only what is new is added. Catches a comparison with parts of the other ontology."""
    rows = [f"7904{day:02d}\tIRN\tIRQ\t223\tFORCE\tclash\n" for day in range(1, 30)]
    workspace = Workspace.create(tmp_path / "record")
    assert add(workspace, written(tmp_path / "a.txt", "".join(rows[:20]))).files[0].ontology == "weis"
    done = add(workspace, written(tmp_path / "b.txt", "".join(rows)))
    assert (done.added, done.known) == (9, 20)


def test_faults(tmp_path: Path) -> None:
    """Each with its reason and line."""
    rows = ["790415 ISR PAL 040", "791301 ISR PAL 040", "790415 ISR PAL 999", "790415 ISR PAL", "x ISR PAL 040"]
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.txt", "\n".join(rows)), ontology="cameo")
    assert aside(workspace, done) == [
        (2, "no date that can be read", rows[1]),
        (3, "an event code that CAMEO does not have", rows[2]),
        (4, "the wrong number of columns", rows[3]),
        (5, "no date that can be read", rows[4]),
    ]
    assert [row["line"] for row in events(workspace)] == [1]


@pytest.mark.parametrize(
    ("pairs", "ontology", "wanted"),
    [
        ("SER-BOS MAC-ALB FRN-GER", "weis", "SRB-BIH MKD-ALB FRA-DEU"),
        (
            "SER-BOS MAC-ALB FRN-GER",
            "cameo",
            "SRB-BIH MKD-ALB FRA-DEU",
        ),  # the codes of its actors tell, not those of its events
        ("MAC-ALB AUS-KOS", "weis", "MKD-ALB AUT-KOR"),
        ("MAC-ALB AUS-KOS", "cameo", "MAC-ALB AUS-XKX"),
        ("FRA-DEU MAC-ALB", "weis", "FRA-DEU MAC-ALB"),
    ],
)
def test_one_list_of_countries_a_table(pairs: str, ontology: str, wanted: str, tmp_path: Path) -> None:
    """The KEDS project's former codes, or ISO's. Catches Macedonia taken for Macau in a table of the Balkans."""
    rows = [f"950711\t{a}\t{b}GOV\t031\n" for a, b in (pair.split("-") for pair in pairs.split())]
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "x.txt", "".join(rows)), ontology=ontology)
    assert " ".join(f"{e['source_country']}-{e['target_country']}" for e in events(workspace)) == wanted


def test_the_former_codes_lead_to_countries() -> None:
    """Catches a code of the table that is no country's, and one that says what is known without it."""
    from detente.record.codes.countries import countries
    from detente.record.formats.keds import former

    assert set(former().values()) <= set(countries().values())
    assert all(countries().get(code) != country for code, country in former().items())
    assert {former()[code] for code in ("BOS", "SER", "CRO", "FRN", "GER", "MAC")} == {"BIH", "SRB", "HRV", "FRA", "DEU", "MKD"}
