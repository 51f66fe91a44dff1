"""Who a name is: tables, PETRARCH dictionaries, the days for which an entry holds."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RecordError
from detente.record.codes.actors import Actors, Sense, folded, read_actors
from eventfiles import data, written

DICTIONARY = """<!-- of nobody in particular
 NOT_A_NAME [USA] -->
# a comment
ROMANIA_ [ROM]
+ROMANIAN_
ADA_VALE_  # a person
+MINISTER_VALE
	[FRAELI 850103-130201]
	[FRAGOV >130201]   [GBR <850103]
THE_LEAGUE [IGOLGE 19800101-20200101] [NGO]
HALF_KNOWN_ [USAGOV 19820101]
 [DEU 2004017-20061201]
 [CHE]
"""


def code(actors: Actors, name: str, day: str) -> str:
    """The code that counts for a name on a day, by the spans; empty: none."""
    return next((s.code for s in actors.spans(name) if s.first <= date.fromisoformat(day) < s.end), "")


def test_a_dictionary_as_petrarch_reads_it(tmp_path: Path) -> None:
    """Names with `+` are the same actor; a span holds from its first day on, before its last; `>` from a day on, `<` before it.

    Catches a comment that is read, the last day included, a person of 2013 placed in 1913, and CAMEO's ROM for no country.
    """
    actors = read_actors(str(written(tmp_path / "d.txt", DICTIONARY)))
    assert code(actors, "Romanian", "1990-01-01") == "ROU"
    for name in ("Ada Vale", "minister vale"):
        assert [code(actors, name, day) for day in ("1985-01-02", "1985-01-03", "2013-01-31", "2013-02-01", "2030-01-01")] == [
            *["GBR", "FRA", "FRA", "FRA", "FRA"],
        ]
    assert [code(actors, "The League", day) for day in ("1979-12-31", "1980-01-01", "2019-12-31", "2020-01-01")] == [
        *["", "IGOLGE", "IGOLGE", ""],
    ]
    assert code(actors, "not a name", "2000-01-01") == ""


def test_entries_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """A day of seven digits, and one without a sign: left out, with their lines, and the rest of the actor stays."""
    actors = read_actors(str(written(tmp_path / "d.txt", DICTIONARY)))
    assert actors.left_out == ("d.txt:11 [USAGOV 19820101]", "d.txt:12 [DEU 2004017-20061201]")
    assert code(actors, "half known", "2005-06-01") == "CHE"


def test_packed_and_not_a_dictionary_of_actors(tmp_path: Path) -> None:
    """Gzip as published; agents are words, not names, and a file of them alone is refused rather than taken as empty."""
    assert read_actors(str(written(tmp_path / "d.gz", gzip.compress(DICTIONARY.encode())))).dictionary
    with pytest.raises(RecordError, match="no entry of an actor"):
        read_actors(str(written(tmp_path / "agents.txt", "SOLDIER_ {SOLDIERS} [~MIL]\n")))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_that_is_damaged_is_refused(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Cut off, changed in its midst, or junk behind its first bytes: each packer has errors of its own for these, and one that
    is forgotten ends the command as a fault of ours."""
    whole = pack(DICTIONARY.encode() * 9)
    middle = len(whole) // 2
    changed = whole[:middle] + bytes(255 - b for b in whole[middle : middle + 9]) + whole[middle + 9 :]
    for n, content in enumerate((whole[:-20], changed, whole[:8] + b"junk" * 9)):
        with pytest.raises(RecordError, match="cannot be unpacked"):
            read_actors(str(written(tmp_path / f"{n}.packed", content)))


def test_a_table_with_days_and_codes_of_its_own(tmp_path: Path) -> None:
    """Both days of a row are included; a code may be a movement's; a name may have digits or another alphabet.

    Catches M23 taken for M, and a name in another alphabet that stands for every other.
    """
    rows = "name,code,from,to\nA. Lee,KOR,2010-01-01,2013-02-24\nA. Lee,PRK,2013-02-25,\nM23,M23,,\n北の代表,TPLF,,\n"
    actors = read_actors(str(written(tmp_path / "a.csv", rows)))
    days = ("2009-12-31", "2010-01-01", "2013-02-24", "2013-02-25")
    assert [code(actors, "a lee", day) for day in days] == ["", "KOR", "KOR", "PRK"]
    assert [code(actors, name, "2020-01-01") for name in ("M23", "M", "M24", "北の代表", "南の代表")] == [
        "M23",
        "",
        "",
        "TPLF",
        "",
    ]


def test_every_fault_of_a_table(tmp_path: Path) -> None:
    """By line: a code that is none, two codes for the same days, a span that ends before it begins, a day that is none."""
    rows = "name,code,from,to\nX,Yemen,,\nY,KOR,,\nY,PRK,2019-01-01,\nZ,PRK,2019-01-01,2018-01-01\nW,PRK,19-01-01,\n"
    with pytest.raises(RecordError) as caught:
        read_actors(str(written(tmp_path / "a.csv", rows)))
    assert [fault.line for fault in caught.value.faults] == [2, 4, 5, 6]
    assert "'YEM'" in caught.value.faults[0].hint


def test_names_are_looked_for_whole_then_in_brackets_then_by_the_letters_of_a_code() -> None:
    """Catches SERMIL read as SER where it has an entry of its own, and brackets that go before the whole name."""
    actors = Actors.of({"SER": "SRB", "SERREB": "XSR", "Valley": "XVA", "Envoy (Valley)": "XEN"})
    names = ("SERMIL", "SERREBMIL", "SER", "Citizen (Valley)", "Envoy (Valley)", "Serenade", "Valley of kings")
    assert [code(actors, name, "2000-01-01") for name in names] == ["SRB", "XSR", "SRB", "XVA", "XEN", "", ""]


def test_a_dictionary_is_not_asked_for_codes() -> None:
    """A phrase of six letters may look like a code of an actor, and a code like a phrase: MILREB is nobody of that name."""
    actors = Actors({}, {"milreb": (Sense("FRA"),)})
    assert [code(actors, name, "2000-01-01") for name in ("MILREB", "Milreb")] == ["", "FRA"]


DAYS = st.one_of(st.none(), st.integers(0, 8).map(lambda n: date(2020, 1, 1) + timedelta(days=n)))
SENSES = st.lists(st.builds(Sense, st.sampled_from(["AAA", "BBB", ""]), DAYS, DAYS), max_size=5)


@settings(max_examples=200)
@given(stated=SENSES, dictionary=SENSES)
def test_spans_against_the_definition(stated: list[Sense], dictionary: list[Sense]) -> None:
    """On each day: the first entry that holds, those that are stated before those of a dictionary; and the spans never meet."""
    spans = Actors({"x": tuple(stated)}, {"x": tuple(dictionary)}).spans("x")
    for n in range(-1, 11):
        day = date(2020, 1, 1) + timedelta(days=n)
        holding = [
            (s.code, given)
            for some, given in ((stated, True), (dictionary, False))
            for s in some
            if (s.first is None or day >= s.first) and (s.end is None or day < s.end)
        ]
        wanted = holding[:1] if holding and holding[0][0] else []
        assert [(s.code, s.stated) for s in spans if s.first <= day < s.end] == wanted


@given(st.text(max_size=30))
def test_folding_is_done_once(name: str) -> None:
    """A folded name folds to itself, or entries would be kept under names that nobody looks for."""
    assert folded(folded(name)) == folded(name)


def test_the_dictionary_of_the_open_event_data_alliance() -> None:
    """Of people who held office in 2014, and of one who changed from one to another. Catches a pivot of years or a lost `+`."""
    actors = read_actors(str(data("petrarch_tests/Phoenix.Countries.actors.txt.gz")))
    assert len(actors.dictionary) > 25_000
    assert len(actors.left_out) < 20
    for name, wanted in (("Barack Obama", "USA"), ("John Kerry", "USA"), ("Sergey Viktorovich Lavrov", "RUS")):
        assert code(actors, name, "2014-03-05") == wanted
    assert code(actors, "Barack Obama", "1975-01-01") == ""


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_of_any_spreadsheet(mark: str, tmp_path: Path) -> None:
    """Would catch a table that is refused, or read with its columns exchanged, for how a spreadsheet parts its cells."""
    (tmp_path / "a.csv").write_text(f"country{mark}name\nXTI{mark}Tigray front\n", encoding="utf-8")
    assert read_actors(str(tmp_path / "a.csv")).given == {"Tigray front": "XTI"}


@pytest.mark.parametrize("text", ["", "\n", "name,country\n"])
def test_a_table_of_nobody(text: str, tmp_path: Path) -> None:
    """Would catch an import that seems to know actors and knows none."""
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match="names nobody"):
        read_actors(str(tmp_path / "a.csv"))
