"""The files of the data for development: what their descriptions state is what the record has."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from detente.record.dyad import dyad
from detente.record.importing.importing import import_files
from detente.record.workspace import Workspace
from eventfiles import add, data, events

ICEWS18 = "icews18/icews18_2018-01-01_2018-08-28.csv.gz"
QUARTER1, QUARTER2 = "gdelt_raw/20190121220000.export.CSV.zip", "gdelt_raw/20191024143000.export.CSV.gz"


@pytest.mark.parametrize(
    ("file", "format", "ontology", "read", "known", "aside"),
    [
        (QUARTER1, "gdelt2", "cameo", 1_629, 0, 0),
        (QUARTER2, "gdelt2", "cameo", 2_111, 0, 0),
        ("gdelt_raw/gdelt1_georgia_2011_2012.csv.gz", "gdelt1", "cameo", 90_766, 6, 0),
        ("keds/levant_cameo.csv.gz", "keds", "cameo", 145_709, 0, 0),
        ("keds/gulf_cameo.csv.gz", "keds", "weis", 54_466, 0, 0),
        ("plover_cameo/PLOVER_GSR_CAMEO_half1.json", "plover", "plover", 162, 0, 2),
    ],
    ids=lambda value: str(value).rpartition("/")[2] if "/" in str(value) else "",
)
def test_a_published_file_has_the_rows_that_its_description_states(
    file: str, format: str, ontology: str, read: int, known: int, aside: int, tmp_path: Path
) -> None:
    """SOURCE.md states the counts. Catches rows lost or doubled, and a format taken for another.

    Of the Georgian file six rows repeat a number. The Gulf file is said to have CAMEO codes and has WEIS codes. Of PLOVER's
    records one only documents the file, and one has a text but no source.
    """
    done = add(Workspace.create(tmp_path / "record"), data(file))
    (found,) = done.files
    assert (found.format, found.ontology, done.read, done.known) == (format, ontology, read, known)
    assert sum(done.rejected.values()) == aside
    again = add(Workspace.open(tmp_path / "record"), data(file))
    assert (again.read, again.added, again.known) == (read, 0, read - aside)


@pytest.fixture(scope="module")
def icews18(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A record of eight months of ICEWS."""
    workspace = Workspace.create(tmp_path_factory.mktemp("icews") / "record")
    done = import_files(workspace, [data(ICEWS18)])
    assert (done.read, done.added, done.rejected) == (373_018, 373_018, {})
    return workspace


def test_the_united_states_and_north_korea_by_month(icews18: Workspace) -> None:
    """SOURCE.md states the counts by month (August ends on the 28th here). Catches an actor that lost its country."""
    found = dyad(icews18, "USA", "PRK", by="month")
    assert [period.events for period in found.series] == [137, 164, 489, 594, 917, 980, 676, 354]
    assert [period.period for period in found.series] == [f"2018-0{month}" for month in range(1, 9)]
    assert all(period.events == period.cooperation + period.conflict for period in found.series)
    ways = [dyad(icews18, *pair, directed=True).series for pair in (("USA", "PRK"), ("PRK", "USA"))]
    assert [a.events + b.events for a, b in zip(*ways, strict=True)] == [period.events for period in found.series]


def test_the_two_states_by_name_only(icews18: Workspace) -> None:
    """SOURCE.md states these, too: events whose actors are the states themselves."""
    months = events(
        icews18,
        "month(date) as month, count(*) as n",
        "where (source, target) in (('North Korea', 'United States'), ('United States', 'North Korea')) group by 1 order by 1",
    )
    assert [row["n"] for row in months][:7] == [43, 70, 124, 119, 206, 165, 136]


def test_the_days_that_stand_out(icews18: Workspace) -> None:
    """SOURCE.md: 15 events from Trump to Kim on the day of Singapore, 12 from Moon to Kim on that of Panmunjom."""
    query = "where (source, target, date) in (('Donald Trump', 'Kim Jong-Un', date '2018-06-12'), "
    query += "('Moon Jae-in', 'Kim Jong-Un', date '2018-04-27')) group by 1 order by 1"
    assert [row["n"] for row in events(icews18, "date, count(*) as n", query)] == [12, 15]


def test_every_event_knows_its_line(icews18: Workspace) -> None:
    """Catches rows that have left the order of the file, as several threads may write them: each is compared with its line."""
    with gzip.open(data(ICEWS18), "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        assert next(rows) == ["date", "source", "event", "target"]
        written = {(rows.line_num, source.strip(), target.strip()) for _, source, _, target in rows}
    stored = {(row["line"], row["source"], row["target"]) for row in events(icews18, "line, source, target", " ")}
    assert len(stored) == 373_018
    assert stored == written


@contextmanager
def rows_of(name: str) -> Iterator[Iterator[list[str]]]:
    import io
    import zipfile

    path = data(name)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as member:
            yield (line.rstrip("\n").split("\t") for line in io.TextIOWrapper(member, encoding="utf-8", newline="\n"))
    else:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            yield (line.rstrip("\n").split("\t") for line in file)


@pytest.mark.parametrize(("name", "count"), [(QUARTER1, 50), (QUARTER2, 62)], ids=["2019-01-21", "2019-10-24"])
def test_a_quarter_of_an_hour_of_gdelt(name: str, count: int, tmp_path: Path) -> None:
    """SOURCE.md: so many rows whose two countries are among the United States and the Koreas. And all columns, row by row.

    Column numbers by the publisher's codebook. Catches a column in the wrong place.
    """
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, data(name))
    three = "('USA', 'PRK', 'KOR')"
    (row,) = events(workspace, "count(*) as n", f"where source_country in {three} and target_country in {three}")
    assert row["n"] == count
    stored = {row["line"]: row for row in events(workspace)}
    with rows_of(name) as rows:
        for line, cells in enumerate(rows, 1):
            event = stored.pop(line)
            assert event["id"] == cells[0]
            assert event["date"].strftime("%Y%m%d") == cells[1]
            assert (event["source"] or "") == (cells[5] or cells[6] or cells[7])
            assert (event["target"] or "") == (cells[15] or cells[16] or cells[17])
            assert (event["code"], event["quad"], event["mentions"]) == (cells[26], int(cells[29]), int(cells[31]))
            assert event["intensity"] == pytest.approx(float(cells[30]))
            assert event["tone"] == pytest.approx(float(cells[34]), rel=1e-5)
            assert (event["place"] or "") == cells[52]
            assert event["url"] == cells[60]
            if cells[7] in ("USA", "PRK", "KOR", "GBR", "JPN"):
                assert event["source_country"] == cells[7]
    assert stored == {}


def test_quad_classes_and_intensities_are_those_of_gdelt(tmp_path: Path) -> None:
    """GDELT states class and intensity with each event: what the tables of the package say of the code is the same."""
    from detente.record.codes import cameo, cameo_quad

    workspace = Workspace.create(tmp_path / "record")
    for name in (QUARTER1, QUARTER2):
        add(workspace, data(name))
    found = events(workspace, f"distinct code, quad, {cameo_quad('code')} as ours, intensity", " ")
    assert len(found) > 120
    assert [row for row in found if row["quad"] != row["ours"]] == []
    assert [row for row in found if row["intensity"] != pytest.approx(cameo().get(row["code"], -99))] == []


def test_the_levant_as_a_multiset(tmp_path: Path) -> None:
    """All 145,709 rows as Python's csv reads them. Catches a leading zero lost, a date misread, a row doubled."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, data("keds/levant_cameo.csv.gz"))
    with gzip.open(data("keds/levant_cameo.csv.gz"), "rt", encoding="utf-8", newline="") as file:
        written = Counter(tuple(row) for row in list(csv.reader(file))[1:])
    stored = Counter(tuple(row.values()) for row in events(workspace, "date::varchar as date, source, target, code", " "))
    assert stored == written
    (row,) = events(workspace, "count(*) as n", "where source_country = 'ISR' and source not like 'ISR%'")
    assert row["n"] == 0


def test_reading_a_record_twice_gives_the_same(tmp_path: Path) -> None:
    """Two files in either order: the same events. Catches a part that hides another."""
    orders = [(QUARTER1, QUARTER2), (QUARTER2, QUARTER1)]
    found = []
    for at, order in enumerate(orders):
        workspace = Workspace.create(tmp_path / str(at))
        add(workspace, *(data(name) for name in order))
        found.append(Counter(tuple(row.values()) for row in events(workspace, "id, date, source, target, code", " ")))
    assert found[0] == found[1]
