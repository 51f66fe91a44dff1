"""Small files of events, written by hand from the publishers' lists of columns, and what a test asks of a record.

The lists are typed from the codebooks and not taken from the package, so that a column in the wrong place is found:
GDELT Event Codebook 1.03 and 2.0; ICEWS Coded Event Data, Dataverse; UCDP GED Codebook 25.1; ACLED Codebook.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from detente.record.importing.importing import import_files
from detente.record.importing.result import Imported
from detente.record.workspace import Workspace

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def _names(text: str) -> list[str]:
    return text.split()


GDELT1 = _names(
    "GLOBALEVENTID SQLDATE MonthYear Year FractionDate"
    " Actor1Code Actor1Name Actor1CountryCode Actor1KnownGroupCode Actor1EthnicCode Actor1Religion1Code Actor1Religion2Code"
    " Actor1Type1Code Actor1Type2Code Actor1Type3Code"
    " Actor2Code Actor2Name Actor2CountryCode Actor2KnownGroupCode Actor2EthnicCode Actor2Religion1Code Actor2Religion2Code"
    " Actor2Type1Code Actor2Type2Code Actor2Type3Code"
    " IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale NumMentions NumSources NumArticles AvgTone"
    " Actor1Geo_Type Actor1Geo_FullName Actor1Geo_CountryCode Actor1Geo_ADM1Code Actor1Geo_Lat Actor1Geo_Long"
    " Actor1Geo_FeatureID"
    " Actor2Geo_Type Actor2Geo_FullName Actor2Geo_CountryCode Actor2Geo_ADM1Code Actor2Geo_Lat Actor2Geo_Long"
    " Actor2Geo_FeatureID"
    " ActionGeo_Type ActionGeo_FullName ActionGeo_CountryCode ActionGeo_ADM1Code ActionGeo_Lat ActionGeo_Long"
    " ActionGeo_FeatureID DATEADDED SOURCEURL"
)
GDELT2 = [
    more for name in GDELT1 for more in ((name, name.replace("ADM1", "ADM2")) if name.endswith("Geo_ADM1Code") else (name,))
]
ICEWS = [
    *["Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity"],
    *["Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City", "District"],
    *["Province", "Country", "Latitude", "Longitude"],
]
UCDP = _names(
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id"
    " dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources"
    " source_article source_office source_date source_headline source_original where_prec where_coordinates where_description"
    " adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start"
    " date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob"
)
ACLED = _names(
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 actor2"
    " assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location latitude longitude"
    " geo_precision source source_scale notes fatalities tags timestamp"
)

Row = Mapping[str, object]


def gdelt_row(number: int = 1, **more: object) -> dict[str, object]:
    """An event of GDELT: North Korea meets the United States on 12 June 2018, in Singapore."""
    return {
        "GLOBALEVENTID": number,
        "SQLDATE": "20180612",
        "Actor1Code": "PRKGOV",
        "Actor1Name": "NORTH KOREA",
        "Actor1CountryCode": "PRK",
        "Actor2Code": "USA",
        "Actor2Name": "UNITED STATES",
        "Actor2CountryCode": "USA",
        "EventCode": "040",
        "EventBaseCode": "040",
        "EventRootCode": "04",
        "QuadClass": 1,
        "GoldsteinScale": "1.0",
        "NumMentions": 12,
        "NumSources": 3,
        "NumArticles": 11,
        "AvgTone": "-1.5",
        "ActionGeo_FullName": "Singapore",
        "ActionGeo_CountryCode": "SN",
        "ActionGeo_ADM2Code": "154981",
        "Actor1Geo_FullName": "Pyongyang, North Korea",
        "DATEADDED": "20180612120000",
        "SOURCEURL": "https://example.org/summit",
        **more,
    }


def acled_row(number: int = 1, **more: object) -> dict[str, object]:
    """An event of ACLED."""
    return {
        "event_id_cnty": f"KOR{number}",
        "event_date": "2018-06-12",
        "year": 2018,
        "event_type": "Protests",
        "sub_event_type": "Peaceful protest",
        "actor1": "Protesters (South Korea)",
        "country": "South Korea",
        "iso": 410,
        "location": "Seoul",
        "source": "Yonhap",
        "notes": 'A march, "for peace"',
        "fatalities": 0,
        **more,
    }


def ucdp_row(number: int = 1, **more: object) -> dict[str, object]:
    """An event of UCDP GED."""
    return {
        "id": number,
        "year": 2018,
        "type_of_violence": 1,
        "side_a": "Government of Afghanistan",
        "side_b": "Taleban",
        "source_office": "Reuters News",
        "where_coordinates": "Kabul city",
        "country": "Afghanistan",
        "date_start": "2018-06-12 00:00:00.000",
        "date_end": "2018-06-13 00:00:00.000",
        "best": 7,
        "high": 9,
        "low": 4,
        **more,
    }


def icews_row(number: int = 1, **more: object) -> dict[str, object]:
    """An event of ICEWS as published."""
    return {
        "Event ID": number,
        "Event Date": "2018-06-12",
        "Source Name": "Kim Jong-Un",
        "Source Sectors": "Executive,Government",
        "Source Country": "North Korea",
        "Event Text": "Host a visit",
        "CAMEO Code": "043",
        "Intensity": "2.8",
        "Target Name": "Donald Trump",
        "Target Sectors": "Executive,Government",
        "Target Country": "United States",
        "Story ID": 99,
        "Publisher": "Xinhua",
        "City": "Singapore",
        "Country": "Singapore",
        "Latitude": "1.29",
        "Longitude": "103.85",
        **more,
    }


def table(names: Sequence[str], rows: Iterable[Row], delimiter: str = "\t", header: bool = True) -> str:
    """Rows as the text of a table; a cell that a row does not name is empty."""
    lines = [names] if header else []
    cells = [*lines, *([str(row.get(name, "")) for name in names] for row in rows)]
    if delimiter == "\t":
        return "".join("\t".join(line) + "\n" for line in cells)
    return "".join(delimiter.join(map(_quoted, line)) + "\n" for line in cells)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',;|"\n') else cell


def gdelt(count: int, **more: object) -> str:
    """So many events of GDELT 2.0, numbered from 1."""
    return table(GDELT2, (gdelt_row(n, **more) for n in range(1, count + 1)), header=False)


def written(path: Path, content: str | bytes) -> Path:
    """A file with this content, byte for byte."""
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def add(workspace: Workspace, *files: Path, **how: Any) -> Imported:
    """Import, and see that the counts add up, in total and file by file."""
    done = import_files(workspace, files, **how)
    for part in (done, *done.files):
        assert part.read == part.added + part.known + sum(part.rejected.values()), part
    return done


def events(workspace: Workspace, what: str = "*", more: str = "") -> list[dict[str, Any]]:
    """The events of a record with where they are from, in the order of the file."""
    with workspace.connect() as connection:
        found = connection.execute(f"select {what} from events_sourced {more or 'order by file, line'}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def multiset(workspace: Workspace) -> Counter[tuple[Any, ...]]:
    """The events of a record, each as often as it is there, without where they are from."""
    with workspace.connect() as connection:
        return Counter(connection.execute("select * from events").fetchall())


def aside(workspace: Workspace, done: Imported) -> list[tuple[int, str, str]]:
    """What was put aside: line, reason and text; and that it is as much as was counted."""
    found = []
    for file in done.files:
        if file.aside:
            with (workspace.path / file.aside).open(encoding="utf-8", newline="") as text:
                rows = list(csv.reader(text))
            assert rows[0] == ["line", "reason", "text"]
            assert Counter(row[1] for row in rows[1:]) == Counter(file.rejected)
            found += [(int(line), reason, content) for line, reason, content in rows[1:]]
        else:
            assert not file.rejected
    return found


def data(name: str) -> Path:
    """A file of the data for development; the test is skipped, and says so, where it is not at hand."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the data for development are not beside the clone: ../shared/data/{name}")
    return path


def lines(*records: Mapping[str, object]) -> str:
    """JSON, one record a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
