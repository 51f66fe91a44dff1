"""Broken files: never a crash, never a silent loss. Each file is written by hand, and what becomes of it is stated."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zipfile
from pathlib import Path

import pytest

from detente.errors import RecordError
from detente.record.importing.result import PartlyImportedError
from detente.record.workspace import Workspace
from eventfiles import GDELT2, add, aside, events, gdelt, gdelt_row, table, written

CSV = "date,source,event,target\n"
GOOD = "2018-06-12,North Korea,Make statement,South Korea\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "record")


BROKEN = {
    # name: content, lines of the events that are there, what is put aside
    "too few cells": (CSV + GOOD + "2018-06-12,x\n" + GOOD, [2, 4], [(3, "the wrong number of columns", "2018-06-12,x")]),
    "too many cells": (CSV + GOOD + "a,b,c,d,e\n" + GOOD, [2, 4], [(3, "the wrong number of columns", "a,b,c,d,e")]),
    "empty cells at the end": (CSV + GOOD + GOOD[:-1] + ",,\n", [2, 3], []),
    "a stray mark": (
        CSV + GOOD + '2018-06-12,"North Korea,Make statement,x\n' + GOOD,
        [2, 4],
        [(3, "quotation marks that do not match", '2018-06-12,"North Korea,Make statement,x')],
    ),
    "two stray marks with good lines between": (
        CSV + GOOD + 'a,"b,c,d\n' + GOOD * 3 + 'a,"b,c,d\n' + GOOD,
        [2, 4, 5, 6, 8],
        [(3, "quotation marks that do not match", 'a,"b,c,d'), (7, "quotation marks that do not match", 'a,"b,c,d')],
    ),
    "a mark after a mark": (
        CSV + GOOD + '2018-06-12,"North" Korea,Make statement,x\n' + GOOD,
        [2, 4],
        [(3, "quotation marks that do not match", '2018-06-12,"North" Korea,Make statement,x')],
    ),
    "a record over three lines": (CSV + '2018-06-12,"North\n\nKorea",Make statement,"a, b"\n' + GOOD, [2, 5], []),
    "a broken record over two lines": (
        CSV + '2018-02-31,"a\nb",Make statement,c\n' + GOOD,
        [4],
        [(2, "no date that can be read", '2018-02-31,"a\nb",Make statement,c')],
    ),
    "blank lines": ("\n" + CSV + "\n\n" + GOOD + "   \n" + GOOD + "\n\n", [5, 7], []),
    "no last line end": (CSV + GOOD + GOOD[:-1], [2, 3], []),
    "a broken last line": (CSV + GOOD + "2018-06-12,Nor", [2], [(3, "the wrong number of columns", "2018-06-12,Nor")]),
    "CRLF": ((CSV + GOOD + GOOD).replace("\n", "\r\n"), [2, 3], []),
    "bare CR": ((CSV + GOOD + GOOD).replace("\n", "\r"), [2, 3], []),
    "mixed line ends": (CSV + GOOD[:-1] + "\r\n" + GOOD + GOOD[:-1] + "\r\n", [2, 3, 4], []),
    "a mark of UTF-8": ("\ufeff" + CSV + GOOD, [2], []),
    "UTF-16, little": ((CSV + GOOD + "x\n" + GOOD).encode("utf-16"), [2, 4], [(3, "the wrong number of columns", "x")]),
    "UTF-16, big": (b"\xfe\xff" + (CSV + GOOD).encode("utf-16-be"), [2], []),
    "UTF-16 with rare separators": (
        (CSV + GOOD.replace("South Korea", "a\u2028b\x0bc") + "x\n" + GOOD).encode("utf-16"),
        [2, 4],
        [(3, "the wrong number of columns", "x")],
    ),
    "NUL": (CSV + GOOD.replace("North", "No\0rth") + GOOD, [2, 3], []),
    "separators": (GOOD.replace("2018-06-12,", CSV + "2018-06-12,").replace("South Korea", "a\u2028b\x85c") + "x\n" + GOOD,
                   [2, 4], [(3, "the wrong number of columns", "x")]),
    "a header twice": (CSV + GOOD + CSV + GOOD, [2, 4], [(3, "no date that can be read", CSV.strip())]),
    "a header with a stray mark": ('date,source,event,target,"note\n' + GOOD[:-1] + ",a\n" + GOOD[:-1] + ',b"\n', None, None),
    "spaces around": (CSV + " 2018-06-12 , North Korea ,Make statement, South Korea \n", [2], []),
    "only commas": (CSV + GOOD + ",,,\n", [2], [(3, "no date that can be read", ",,,")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file(name: str, workspace: Workspace, tmp_path: Path) -> None:
    """What is whole is there with its line, what is not is put aside with line, reason and text."""
    content, there, put = BROKEN[name]
    done = add(workspace, written(tmp_path / "x.csv", content), format="icews")
    if there is None:
        assert done.read == 2
        return
    assert [row["line"] for row in events(workspace)] == there
    assert aside(workspace, done) == put
    assert done.read == len(there) + len(put)
    for row in events(workspace):
        assert row["source"].replace("\n", " ").replace("  ", " ") == "North Korea"


def test_windows_1252(workspace: Workspace, tmp_path: Path) -> None:
    """A file of another encoding is read as Western European, whole or line by line."""
    content = (CSV + GOOD.replace("South Korea", "Côte d'Ivoire")).encode("cp1252") + GOOD.replace(
        "South Korea", "Türkiye"
    ).encode()
    assert add(workspace, written(tmp_path / "x.csv", content)).added == 2
    assert [(row["target"], row["target_country"]) for row in events(workspace)] == [
        ("Côte d'Ivoire", "CIV"),
        ("Türkiye", "TUR"),
    ]


def test_long_lines(workspace: Workspace, tmp_path: Path) -> None:
    """Lines of two and of five megabytes, one in a file that is otherwise whole and one in a broken one."""
    for at, size in enumerate((2_000_000, 5_000_000)):
        for broken in ("", "x\n"):
            content = CSV + GOOD + f"2018-06-12,A,Make statement,{'x' * size}\n" + broken + GOOD.replace("12", f"1{at}")
            done = add(workspace, written(tmp_path / f"{size}{len(broken)}.csv", content))
            assert done.read == 3 + len(broken) // 2
            found = {row[0]: row[1] for row in aside(workspace, done)}
            assert found.get(4) == ("the wrong number of columns" if broken else None)
            assert found.get(3) in ("more than a million characters", None)
    lines = {row["line"] for row in events(workspace, "line", "order by 1")}
    assert lines <= {2, 3, 4, 5}


REFUSED = {
    "empty": (b"", "has no line in it"),
    "blank": (b"\n \r\n\n", "has no line in it"),
    "binary": (bytes(range(256)) * 40, "is not in the form of"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(1000), "is not in the form of"),
    "a text": (b"Dear Sir,\nwe regret\n", "is not in the form of"),
    "a page": (b"<!DOCTYPE html><html><head><title>404</title>", "is not in the form of"),
    "a broken zip": (b"PK\x03\x04" + b"x" * 100, "cannot be unpacked"),
    "a zip cut off": (None, "cannot be unpacked"),
    "a gz cut off": (gzip.compress(gdelt(200).encode())[:-300], "cannot be unpacked"),
    "a gz with a flipped byte": (None, "cannot be unpacked"),
    "a bz2 cut off": (bz2.compress(gdelt(200).encode())[:-300], "cannot be unpacked"),
    "an xz cut off": (lzma.compress(gdelt(200).encode())[:-300], "cannot be unpacked"),
    "a gz of nothing": (gzip.compress(b""), "has no line in it"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_nobody_can_read(name: str, workspace: Workspace, tmp_path: Path) -> None:
    """Refused with a reason, and the record is as it was. Catches half a file that was added from a broken archive."""
    content, said = REFUSED[name]
    if name == "a zip cut off":
        with zipfile.ZipFile(tmp_path / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x.CSV", gdelt(300))
        content = (tmp_path / "whole.zip").read_bytes()[:-200]
    if name == "a gz with a flipped byte":
        packed = bytearray(gzip.compress(os.urandom(5000) + gdelt(50).encode()))
        packed[3000] ^= 0xFF
        content = bytes(packed)
    assert content is not None
    add(workspace, written(tmp_path / "good.csv", gdelt(3)))
    with pytest.raises(RecordError, match=said) as raised:
        add(workspace, written(tmp_path / "x.bin", content))
    assert "x.bin" in str(raised.value)
    assert len(events(workspace)) == 3
    assert add(workspace, tmp_path / "good.csv").known == 3
    assert not (workspace.path / ".spill").exists()


def test_no_file_and_a_folder(workspace: Workspace, tmp_path: Path) -> None:
    """All that are wrong are named, and nothing of the rest was added."""
    good = written(tmp_path / "good.csv", gdelt(3))
    (tmp_path / "folder").mkdir()
    with pytest.raises(RecordError) as raised:
        add(workspace, good, tmp_path / "folder", tmp_path / "missing.csv")
    message = str(raised.value)
    assert f"{tmp_path / 'folder'}: cannot be read: it is a folder" in message
    assert f"{tmp_path / 'missing.csv'}: there is no such file" in message
    assert "nothing was added" in message
    assert events(workspace) == []


@pytest.mark.parametrize("names", [GDELT2, ["date", "source", "event", "target"]], ids=["gdelt", "icews"])
def test_a_header_and_nothing_else(names: list[str], workspace: Workspace, tmp_path: Path) -> None:
    """No event is no fault, and counted as none; so is a header without a line end."""
    for end in ("\n", "", "\r\n", "\n\n"):
        done = add(workspace, written(tmp_path / "x.csv", ("\t" if names is GDELT2 else ",").join(names) + end))
        assert (done.read, bool(done)) == (0, False)
    assert events(workspace) == []
    assert add(workspace, written(tmp_path / "y.csv", gdelt(2))).added == 2


def test_every_way_to_pack(workspace: Workspace, tmp_path: Path) -> None:
    """Packed copies are the same file, whatever their names."""
    content = gdelt(5).encode()
    assert add(workspace, written(tmp_path / "plain", content)).added == 5
    ways = (("a.gz", gzip.compress), ("b.bz2", bz2.compress), ("c.xz", lzma.compress), ("d.CSV", gzip.compress))
    packed = [written(tmp_path / name, pack(content)) for name, pack in ways]
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("x.CSV", content)
    assert [file.known for file in add(workspace, *packed, tmp_path / "e.zip").files] == [5] * 5
    assert len(events(workspace)) == 5


def test_a_zip_of_several(workspace: Workspace, tmp_path: Path) -> None:
    """Each member is a file of its own, folders are none, and a row says from which it is."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.mkdir("data")
        archive.writestr("data/a.CSV", gdelt(3))
        archive.writestr("data/b.CSV", table(GDELT2, [gdelt_row(3), gdelt_row(4)], header=False))
    done = add(workspace, tmp_path / "x.zip")
    assert [(file.file, file.added, file.known) for file in done.files] == [
        ("x.zip/data/a.CSV", 3, 0),
        ("x.zip/data/b.CSV", 1, 1),
    ]
    assert {(row["file"], row["line"], row["id"]) for row in events(workspace)} >= {("x.zip/data/b.CSV", 2, "4")}


def test_a_zip_with_other_things(workspace: Workspace, tmp_path: Path) -> None:
    """What is no table of events in an archive is named and passed over, and hides nothing that comes after it."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in ("__MACOSX/._a.CSV", "readme.txt", ".DS_Store", "codebook.pdf"):
            archive.writestr(name, b"\0\5\x16\7 Please cite\n")
        archive.writestr("a.CSV", gdelt(3))
    done = add(workspace, tmp_path / "x.zip")
    assert (done.added, [file.file for file in done.files]) == (3, ["x.zip/a.CSV"])
    assert set(done.passed_over) == {
        f"x.zip/{name}" for name in ("__MACOSX/._a.CSV", "readme.txt", ".DS_Store", "codebook.pdf")
    }


def test_a_zip_of_other_things_only(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch an archive without one event that ends as if all were well."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("readme.txt", "Please cite\n")
        archive.writestr("notes.txt", "Nothing here\n")
    with pytest.raises(RecordError, match=r"x\.zip/readme\.txt: is not in the form of"):
        add(workspace, tmp_path / "x.zip")


def test_a_zip_of_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch an empty success."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w"):
        pass
    with pytest.raises(RecordError, match=r"x\.zip: has no file in it"):
        add(workspace, tmp_path / "x.zip")


def test_what_looks_like_json_in_an_archive(workspace: Workspace, tmp_path: Path) -> None:
    """A file of settings begins with a bracket, too. Would catch it counted among the events."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("desktop.ini", "[.ShellClassInfo]\nIconIndex=1\n")
        archive.writestr("a.CSV", gdelt(3))
    done = add(workspace, tmp_path / "x.zip")
    assert (done.read, done.added, set(done.passed_over)) == (3, 3, {"x.zip/desktop.ini"})


def test_a_bad_member_takes_nothing_with_it(workspace: Workspace, tmp_path: Path) -> None:
    """A damaged member between two sound ones, and a file after the archive: all that is sound is added, and told."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number, name in enumerate("abc"):
            archive.writestr(f"{name}.CSV", table(GDELT2, [gdelt_row(number * 10 + k) for k in range(4)], header=False))
    content = bytearray((tmp_path / "x.zip").read_bytes())
    content[content.index(b"b.CSV") + 40] ^= 0xFF  # its sum is wrong now
    after = written(tmp_path / "after.CSV", table(GDELT2, [gdelt_row(99)], header=False))
    with pytest.raises(PartlyImportedError, match=r"x\.zip/b\.CSV: cannot be unpacked") as raised:
        add(workspace, written(tmp_path / "x.zip", bytes(content)), after)
    assert [(file.file, file.added) for file in raised.value.done.files] == [
        ("x.zip/a.CSV", 4), ("x.zip/c.CSV", 4), ("after.CSV", 1),
    ]  # fmt: skip
    assert {row["id"] for row in events(workspace)} == {*map(str, range(4)), *map(str, range(20, 24)), "99"}


def test_an_encrypted_zip(workspace: Workspace, tmp_path: Path) -> None:
    """The flag of encryption is set by hand: Python cannot write such archives."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.CSV", gdelt(3))
    content = bytearray((tmp_path / "x.zip").read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(RecordError, match=r"x\.zip: cannot be unpacked: .*encrypted"):
        add(workspace, written(tmp_path / "x.zip", bytes(content)))


def test_an_archive_that_reaches_out(workspace: Workspace, tmp_path: Path) -> None:
    """A member named ../../x is read as any other, and nothing is written where its name points."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("../../outside.CSV", gdelt(2))
    assert add(workspace, tmp_path / "x.zip").added == 2
    near = (tmp_path, *tmp_path.iterdir(), *tmp_path.parents[:2])
    assert not [place for folder in near for place in folder.glob("outside*") if folder.is_dir()]


@pytest.mark.parametrize("name", ["it's.csv", 'a"b.csv', "a*b?.csv", "a [b].csv", "%s{0}.csv", "-.csv", "x\ny.csv"])
def test_hostile_names_of_files(name: str, tmp_path: Path) -> None:
    """Quotation marks, wildcards, blanks, a line end. Catches a name that is taken for a pattern: axb.csv fits a*b?.csv."""
    folder = tmp_path / ("dir " + name)
    folder.mkdir()
    for foreign in ("axbx.csv", "a b.csv"):
        written(folder / foreign, gdelt(9))
    inner = Workspace.create(folder / "re'cord*")
    add(Workspace.create(folder / "re'cord and another"), folder / "a b.csv")
    done = add(inner, written(folder / name, gdelt(2)))
    assert (done.read, done.added) == (2, 2)
    done = add(inner, written(folder / name, gdelt(3) + "broken\n"))
    assert (done.added, done.rejected) == (1, {"the wrong number of columns": 1})
    assert len(aside(inner, done)) == 1
    assert [row["line"] for row in events(inner)] == [1, 2, 3]


def test_names_that_are_no_text(workspace: Workspace, tmp_path: Path) -> None:
    """A name in another encoding cannot be written into the record: it is refused, and said which."""
    for refused in (lambda: add(workspace, written(tmp_path / "\udce9.csv", gdelt(1))), lambda: Workspace.create("\udce9")):
        with pytest.raises(RecordError, match="its name has bytes that are no text"):
            refused()
