"""Files of events made to run away: each ends in a message, or is read at a cost that does not grow with its malice."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import time
import zipfile
from pathlib import Path

import pytest

from detente.errors import InputError, RecordError
from detente.record.formats.mapped import read_map
from detente.record.formats.recognise import FORMATS, shape_of
from detente.record.workspace import Workspace
from eventfiles import add, aside, events, written

CSV = "date,source,event,target\n"
GOOD = "2018-06-12,North Korea,Make statement,South Korea\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "record")


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return file.getvalue()


def test_bombs(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch a small file that fills the disk, alone, as a member, or after a member that is sound."""
    zeros = (CSV + GOOD).encode() + bytes(40_000_000)
    for name, content in (
        ("a.csv.gz", gzip.compress(zeros)),
        ("a.zip", zipped(a=zeros)),
        ("b.zip", zipped(a=(CSV + GOOD).encode(), b=zeros)),
    ):
        with pytest.raises(InputError, match="250 times its own size when unpacked"):
            add(workspace, written(tmp_path / name, content))
    assert events(workspace) == []


def test_an_archive_within_an_archive_is_not_unpacked(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch a nested bomb, whose every shell has an honest ratio."""
    with pytest.raises(InputError, match="packed within what it was packed in"):
        add(workspace, written(tmp_path / "a.zip", zipped(inner=zipped(a=(CSV + GOOD).encode()))))


def test_too_many_members(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch an archive of a million empty names."""
    monkeypatch.setenv("DETENTE_LIMITS", "members=1")
    with pytest.raises(InputError, match="more than 1 files in the archive"):
        add(workspace, written(tmp_path / "a.zip", zipped(a=b"x", b=b"y")))


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices have names on POSIX only")
def test_what_is_no_file(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch an import that waits for ever, or reads for ever."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "socket"))
        for path in (Path("/dev/zero"), tmp_path, tmp_path / "socket"):
            with pytest.raises(RecordError, match="cannot be read: it is a"):
                add(workspace, path)
    with pytest.raises(RecordError, match="nobody writes into this pipe"):
        add(workspace, tmp_path / "pipe")


def test_thousands_of_columns() -> None:
    """Would catch a time that grows with the square of the columns, equal ones above all, and a header without end."""
    begun = time.monotonic()
    found = shape_of(["date,source,event,target" + ",again" * 1900], list(FORMATS.values()))
    assert found is not None
    assert len({name.lower() for name in found.names}) == 1904
    with pytest.raises(RecordError, match=r"far\.csv:1:1: more than 2,000 columns"):
        shape_of([CSV.strip() + ",x" * 100_000], list(FORMATS.values()), source="far.csv")
    assert time.monotonic() - begun < 2


def test_a_stray_mark_on_every_line(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch a time that grows with the square of the lines: each stray mark may be looked for a hundred lines ahead."""
    long = "x" * 20_000
    text = CSV + GOOD + "".join(f'2018-06-12,"{n}{long},b,c\n' + f"a{n},b\n" * 3 for n in range(200))
    begun = time.monotonic()
    done = add(workspace, written(tmp_path / "a.csv", text))
    assert time.monotonic() - begun < 20
    assert (done.added, sum(done.rejected.values())) == (1, 800)


def plover(**more: object) -> str:
    record = {"id": "1", "date": "2018-06-12", "source": [{"code": "PRK"}], "target": [{"code": "USA"}], "event": "CONSULT"}
    return json.dumps({**record, **more})


def test_records_in_json_that_run_away(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch a product of actors, a line without end, digits and levels by the thousand, and half a character."""
    many = [{"code": f"A{n}"} for n in range(2_000)]
    lines = [
        plover(),
        plover(source=many, target=many),
        '{"date": ' + "9" * 100_000 + "}",
        "[" * 100_000,
        '{"text": "' + "x" * 3_000_000 + '"}',
        plover(eventLoc="half \ud800 of it", id="2"),
    ]
    begun = time.monotonic()
    done = add(workspace, written(tmp_path / "a.jsonl", "\n".join(lines) + "\n"), format="plover")
    assert time.monotonic() - begun < 10
    assert [(row["line"], row["place"]) for row in events(workspace)] == [(1, None), (6, "half ? of it")]
    reasons = {line: reason for line, reason, _ in aside(workspace, done)}
    assert reasons == {2: "more than 10,000 pairs of actors", **dict.fromkeys((3, 4, 5), "no JSON record")}


def test_a_list_that_is_broken_everywhere(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch each of a million broken places being read to the end of the file."""
    text = "[" + plover() + ",\n" + '{"a": [\n' * 50_000
    begun = time.monotonic()
    done = add(workspace, written(tmp_path / "a.json", text), format="plover")
    assert time.monotonic() - begun < 10
    assert done.added == 1


def test_a_mapping_of_thousands_of_codes(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch a query that is as long as the mapping, and values of it that are read as SQL."""
    codes = {f"c'{n}; drop table staged; --": 1 + n % 4 for n in range(500)}
    text = json.dumps(
        {
            "ontology": "it's", "scale": "a' b", "quad": codes, "intensity": dict.fromkeys(codes, 2.5),
            "countries": {"O'North": "PRK"}, "constants": {"publisher": "'); --"},
            "columns": {"date": "D", "source": "S", "target": "T", "code": "C"},
        }
    )  # fmt: skip
    content = "D,S,T,C\n2018-06-12,O'North,USA,c'7; drop table staged; --\n"
    add(workspace, written(tmp_path / "a.csv", content), column_map=read_map(text, "m"))
    (event,) = events(workspace)
    said = [event[name] for name in ("source_country", "quad", "intensity", "ontology", "scale", "publisher")]
    assert said == ["PRK", 4, 2.5, "it's", "a' b", "'); --"]
