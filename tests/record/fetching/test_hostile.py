"""Fetching from a server that means harm, or past somebody who does: it ends soon, in a line, and nothing is spoilt."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from detente.errors import OutputError
from detente.record.fetching.fetch import fetch
from detente.record.fetching.patience import Patience, asked_pause
from detente.record.fetching.result import Fetched
from detente.record.fetching.telling import show_fetched
from publisher import CERTIFICATE, Answering, Publisher, archive, dripping, published, raw, says

FIRST, LAST = date(2018, 6, 1), date(2018, 6, 3)
NAMES = [f"2018060{n}.export.CSV.zip" for n in (1, 2, 3)]
CONTENTS = {name: archive(name, noise=3000, first=10 * n) for n, name in enumerate(NAMES, 1)}
MIDDLE = f"/events/{NAMES[1]}"
OK = b"HTTP/1.1 200 OK\r\n"
QUARTERS = [f"20150218{at}.export.CSV.zip" for at in ("230000", "231500", "233000", "234500")]
SECOND = {name: archive(name, version=2) for name in QUARTERS}

Step = Callable[[Answering], None]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The publisher is on this machine, whatever proxy this machine has."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with published() as told:
        told.publish(CONTENTS)
        yield told


def patience(tries: int = 1, file_limit: float = 20.0, time_limit: float = 40.0) -> Patience:
    """Without pauses, and on a day on which all the files are there."""
    limits = {"file_limit": file_limit, "time_limit": time_limit}
    return Patience(tries, 0.0, lambda _: None, lambda: datetime(2020, 1, 1, tzinfo=UTC), **limits)


def run(publisher: Publisher, folder: Path, how: Patience | None = None, *, said: list[str] | None = None) -> Fetched:
    say = said.append if said is not None else None
    way = {"base_url": publisher.url, "plain_http": True, "patience": how or patience(), "timeout": 5}
    return fetch(FIRST, LAST, folder, say=say, **way)  # type: ignore[arg-type]


def second(publisher: Publisher, folder: Path) -> Fetched:
    way = {"base_url": publisher.url, "plain_http": True, "patience": patience(), "timeout": 5}
    return fetch(date(2015, 2, 18), date(2015, 2, 18), folder, version=2, **way)  # type: ignore[arg-type]


def reason_of(found: Fetched) -> str:
    """Why the file in the middle failed, where the others are here; fit to be printed."""
    assert list(found.fetched) == [NAMES[0], NAMES[2]]
    assert list(found.failed) == [NAMES[1]]
    text = "\n".join(show_fetched(found))
    assert all(line.isprintable() and len(line) < 500 for line in text.split("\n"))
    return found.failed[NAMES[1]]


HEADS: Mapping[str, tuple[Step, str]] = {
    "101 headers": (raw(OK + b"X: y\r\n" * 101 + b"\r\n"), "head of the answer is too long"),
    "headers without end": (raw(OK, b"X: y\r\n" * 9), "head of the answer is too long"),
    "a header line without end": (raw(OK + b"X: ", b"y" * 9999), "head of the answer is too long"),
    "a status line without end": (raw(b"HTTP/1.1 200 ", b"y" * 9999), "head of the answer is too long"),
    "100 Continue without end": (raw(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "more than belongs"),
    "90 headers of 60 kB": (raw(OK + (b"X: " + b"y" * 60_000 + b"\r\n") * 90), "more than belongs"),
    "no HTTP": (raw(b"\x00\x1b[31m" * 99), "is not HTTP"),
    "no number for a status": (raw(b"HTTP/1.1 999999999999 OK\r\n\r\n"), "is not HTTP"),
    "a length below 0": (raw(OK + b"Content-Length: -1\r\n\r\nPK"), "Content-Length: -1"),
    "a length that is none": (raw(OK + b"Content-Length: 1e3\r\n\r\nPK"), "Content-Length: 1e3"),
    "a length of 31 digits": (raw(OK + b"Content-Length: 1" + b"0" * 30 + b"\r\n\r\nPK"), "Content-Length: 1000"),
    "a length of 5,000 digits": (raw(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nPK"), "Content-Length: 9999"),
    "a length in other digits": (raw(OK + b"Content-Length: \xb2\r\n\r\nPK"), "Content-Length"),
    "two lengths": (raw(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nPK\x03\x04!"), "Content-Length: 5 and 6"),
    "a length of 10^17": (raw(OK + b"Content-Length: 100000000000000000\r\n\r\nPK\x03\x04"), "more than 2,000,000,000 bytes"),
    "a range of 5,000 digits": (
        raw(b"HTTP/1.1 206 OK\r\nContent-Range: bytes 0-" + b"9" * 5000 + b"/*\r\n\r\nPK"),
        "which bytes it sends",
    ),
    "a range backwards": (raw(b"HTTP/1.1 206 OK\r\nContent-Range: bytes 9-3/20\r\n\r\nPK"), "which bytes it sends"),
    "chunks below 0": (
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nPK\x03\x04" + b"y" * 99),
        "chunk of less than nothing",
    ),
    "chunks that are none": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nPK\x03\x04"), "broken off"),
    "a chunk of 10^18 bytes": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nde0b6b3a7640000\r\nPK\x03\x04!"), "broken off"),
    "a chunk line without end": (
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"y" * 9999),
        "head of the answer is too long",
    ),
    "a body that is packed": (raw(OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08"), "Content-Encoding: gzip"),
    "escapes in a reason": (raw(b"HTTP/1.1 403 \x1b]0;owned\x07 \x9b31m\rred\r\n\r\n"), r"403 \x1b]0;owned\x07 \x9b31m red"),
    "a reason of 60 kB": (raw(b"HTTP/1.1 403 " + b"y" * 60_000 + b"\r\n\r\n"), "403 yyy"),
    "an error without end": (raw(b"HTTP/1.1 403 No\r\n\r\n", b"y" * 9999), "403 No"),
    "a wait of 10^9 seconds": (says(503, Retry_After="1000000000"), "wait for 1,000,000,000 seconds"),
    "a wait of 10^18 digits": (says(503, Retry_After="9" * 400), "503"),
    "a wait below 0": (says(503, Retry_After="-5"), "503"),
    "a wait until the year 10^11": (says(503, Retry_After="Wed, 01 Jan 99999999999 12:00:30 GMT"), "503"),
    "a wait until 9999": (says(503, Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"), "asks to wait for"),
}


@pytest.mark.parametrize("kind", HEADS)
def test_an_answer_that_cannot_be_is_named_and_the_others_are_fetched(kind: str, publisher: Publisher, tmp_path: Path) -> None:
    """Catches a traceback, a memory that fills up, an endless run, and a terminal that obeys a server."""
    step, says = HEADS[kind]
    publisher.will(MIDDLE, step, step)
    begun = time.monotonic()
    assert says in reason_of(run(publisher, tmp_path, patience(tries=2)))
    assert time.monotonic() - begun < 5
    assert not (tmp_path / NAMES[1]).exists()
    publisher.script.clear()
    assert run(publisher, tmp_path)


def moved(location: str) -> Step:
    return raw(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode("latin-1"))


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("http://example.org/x", "another host, example.org"),
        ("//example.org/x", "another host, example.org"),
        ("http://127.0.0.1:9/x", "another port, 9"),
        ("http://127.0.0.1/x", "another port, 80"),
        ("https://127.0.0.1:{port}/x", "from http to https"),
        ("file:///etc/passwd", "another host"),
        ("ftp://127.0.0.1:{port}/x", "from http to ftp"),
        ("http://me:secret@127.0.0.1:{port}/x", "an address with a password"),
        ("http://127.0.0.1:99999/x", "no address"),
        ("http://[::1/x", "no address"),
        ("http://\x1b[31mred/x", "no address"),
        ("http://\x1b\x9bred/x", "another host, \\x1b\\x9bred"),
        ("", "redirected more than 3 times"),
    ],
)
def test_a_redirection_to_elsewhere_is_not_followed(location: str, says: str, publisher: Publisher, tmp_path: Path) -> None:
    """Catches a request that goes where nobody sent it: another host, port or scheme, or round and round."""
    step = moved(location.replace("{port}", publisher.url.rpartition(":")[2]))
    publisher.will(MIDDLE, *[step] * 9)
    assert says in reason_of(run(publisher, tmp_path))
    assert publisher.times(NAMES[1]) == (4 if not location else 1)


def test_three_redirections_are_followed_and_their_bodies_are_not_read(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a redirection that sends for ever, or says that it will send 10^18 bytes."""
    for at, then in ((MIDDLE, "/1"), ("/1", "/2"), ("/2", "/3")):
        head = f"HTTP/1.1 302 Found\r\nLocation: {then}\r\nContent-Length: 1000000000000000000\r\n\r\n"
        publisher.will(at, raw(head.encode(), b"y" * 9999))
    publisher.files["/3"] = CONTENTS[NAMES[1]]
    assert run(publisher, tmp_path)


SLOW: Mapping[str, Step] = {
    "a status line": dripping(b"HTTP/1.1 200 "),
    "a head": dripping(OK, b"X: y\r\n"),
    "a body": dripping(OK + b"\r\nPK\x03\x04" + b"y" * 99),
    "a chunk line": dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n1;"),
    "chunks": dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nPK\x03\x04\r\n", b"1\r\ny\r\n"),
    "a trailer": dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nPK\x03\x04\r\n0\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize("what", SLOW)
def test_a_byte_now_and_then_does_not_hold_it(what: str, publisher: Publisher, tmp_path: Path) -> None:
    """A server that is never silent for long. Catches a deadline that begins anew with every byte."""
    publisher.will(MIDDLE, *[SLOW[what]] * 3)
    begun = time.monotonic()
    assert "0.3 seconds (--file-limit)" in reason_of(run(publisher, tmp_path, patience(3, file_limit=0.3)))
    assert time.monotonic() - begun < 2
    assert publisher.times(NAMES[1]) == 1


def test_what_came_slowly_is_continued(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a part that is lost to a deadline."""
    whole = CONTENTS[NAMES[1]]
    head = OK + f"Content-Length: {len(whole)}\r\n\r\n".encode()
    publisher.will(MIDDLE, dripping(head + whole[:500], b""))
    run(publisher, tmp_path, patience(file_limit=0.3))
    publisher.asked.clear()
    assert run(publisher, tmp_path)
    assert (MIDDLE, "bytes=500-") in publisher.asked


def test_all_together_have_a_deadline(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a month of files each of which takes as long as it may, and a list that does."""
    publisher.will(f"/events/{NAMES[0]}", SLOW["a body"])
    begun = time.monotonic()
    found = run(publisher, tmp_path, patience(3, time_limit=0.4))
    assert len(found.failed) == 3
    assert all("--time-limit" in reason for reason in found.failed.values())
    assert publisher.times(NAMES[1]) == 0
    publisher.will("/events/md5sums", SLOW["a head"])
    found = run(publisher, tmp_path, patience(3, time_limit=0.4))
    assert "--time-limit" in found.lists["md5sums"]
    assert len(found.failed) == 3
    assert time.monotonic() - begun < 3


def test_three_slow_files_end_it(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a server that holds a month of files for half an hour each."""
    names = [f"201806{n:02}.export.CSV.zip" for n in range(1, 7)]
    publisher.publish(dict.fromkeys(names, CONTENTS[NAMES[0]]))
    for name in names:
        publisher.will(f"/events/{name}", SLOW["a head"])
    options = {"base_url": publisher.url, "plain_http": True, "patience": patience(file_limit=0.2)}
    found = fetch(FIRST, date(2018, 6, 6), tmp_path, **options)  # type: ignore[arg-type]
    assert [reason.startswith("not tried") for reason in found.failed.values()] == [False] * 3 + [True] * 3


def test_a_pause_does_not_outlast_the_deadline(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a server that has its waits of ten minutes added to the time."""
    publisher.will(MIDDLE, says(503, Retry_After="599"))
    slept: list[float] = []
    how = Patience(5, 0.0, slept.append, lambda: datetime(2020, 1, 1, tzinfo=UTC), file_limit=100)
    assert reason_of(run(publisher, tmp_path, how)) == (
        "the server answered 503 Service Unavailable; it was not here after 100 seconds (--file-limit)"
    )
    assert slept == []


@pytest.mark.parametrize("told", [True, False], ids=["with a length", "without"])
def test_a_body_has_a_bound(told: bool, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a file that fills the disk, where no list says how long it is; whoever trusts it can raise the bound."""
    publisher.publish(CONTENTS, listed=[NAMES[0], NAMES[2]])
    publisher.files[MIDDLE] = b"PK\x03\x04" + b"y" * 200_000
    if not told:
        publisher.will(MIDDLE, raw(OK + b"\r\nPK\x03\x04", b"y" * 9999))
    monkeypatch.setenv("DETENTE_LIMITS", "fetched-bytes=100000")
    assert "raise the limit: DETENTE_LIMITS=fetched-bytes=NUMBER" in reason_of(run(publisher, tmp_path, patience(3)))
    assert publisher.times(NAMES[1]) == 1
    assert not (tmp_path / f"{NAMES[1]}.part").exists()


def test_a_list_that_announces_too_much_does_not_end_it(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a size of 10^14 bytes that ends the whole for want of room."""
    lines = publisher.files["/events/filesizes"].decode().splitlines()
    lines[1] = f"100000000000000 {NAMES[1]}"
    publisher.files["/events/filesizes"] = "\n".join([*lines, ""]).encode()
    assert "more than 2,000,000,000 bytes" in reason_of(run(publisher, tmp_path))
    assert publisher.times(NAMES[1]) == 0


@pytest.mark.parametrize("limits", ["list-bytes=2000", "rows=20"])
def test_a_list_has_bounds(limits: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a list that fills disk or memory. The files are fetched without it, and that is said."""
    publisher.files["/events/md5sums"] += b"".join(b"%032x  %d.zip\n" % (n, n) for n in range(100))
    monkeypatch.setenv("DETENTE_LIMITS", limits)
    found = run(publisher, tmp_path)
    assert found
    assert f"DETENTE_LIMITS={limits.partition('=')[0]}=NUMBER" in found.lists["md5sums"]
    assert not list(tmp_path.glob("*.part"))


def test_a_line_without_end_is_no_entry(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a line that is read into memory as a whole, and the middle of one that is taken for an entry."""
    lie = b"0" * 32 + b"  " + NAMES[1].encode() + b"\n"
    filler = b"f" * 2 * 4096  # so many bytes of a line are read at a time
    publisher.files["/events/md5sums"] = publisher.files["/events/md5sums"] + filler + lie
    assert run(publisher, tmp_path)


ESCAPES = [
    "../20150218230100.export.CSV.zip",
    "/etc/20150218230200.export.CSV.zip/../../x.export.CSV.zip",
    "..%2f20150218230300.export.CSV.zip",
    "20150218230400.export.CSV.zip\x00.export.CSV.zip",
    "20150218230500.export.CSV.zip/..",
    "2015021823" + "0" * 3000 + ".export.CSV.zip",
    "\u0662\u0660\u0661\u0665\u0660\u0662\u0661\u0668230600.export.CSV.zip",
    "2015021823\u0660\u0667\u0660\u0660.export.CSV.zip",
    "20150218230800.export.CSV.zip\x1b[31m",
    "..",
    "C:\\20150218230900.export.CSV.zip",
]


def test_a_name_in_a_list_is_no_path_and_no_address(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a file that is written outside the folder, and a list that sends requests to hosts of its choice."""
    publisher.publish(SECOND, version=2)
    odd = "20150218231000.export.CSV.zip"
    publisher.files[f"/gdeltv2/{odd}"] = archive(odd, version=2)
    addresses = [f"http://data.example.org/gdeltv2/{name}" for name in ESCAPES] + [f"gopher://elsewhere.example.org:1/{odd}"]
    lines = "".join(f"5 {'0' * 32} {address}\n" for address in addresses)
    publisher.files["/gdeltv2/masterfilelist.txt"] = lines.encode() + publisher.files["/gdeltv2/masterfilelist.txt"]
    folder = tmp_path / "inner" / "folder"
    found = second(publisher, folder)
    known = {*QUARTERS, odd, "20150218230100.export.CSV.zip"}
    assert set(found.names) == known  # the last of them is what stands after the last slash, and is asked for here
    assert {path for path, _ in publisher.asked} == {"/gdeltv2/masterfilelist.txt", *(f"/gdeltv2/{name}" for name in known)}
    here = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert here <= {f"inner/folder/{name}" for name in (*QUARTERS, f"{odd}.part", "masterfilelist.txt", ".fetching.lock")}


def test_a_list_cannot_name_a_million_files(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a list that has a day fetched second by second."""
    publisher.publish(SECOND, version=2)
    flood = (f"5 {'0' * 32} http://x/20150218{n:06}.export.CSV.zip\n" for n in range(5_000))
    publisher.files["/gdeltv2/masterfilelist.txt"] += "".join(flood).encode()
    found = second(publisher, tmp_path)
    assert list(found.names) == QUARTERS
    assert found.unlisted == ()
    assert "names more than 100 files off the quarters" in found.lists["masterfilelist.txt"]


@pytest.mark.parametrize("kind", ["link", "dangling link", "hard link", "pipe", "folder"])
@pytest.mark.parametrize("version", [1, 2], ids=["a file", "a list"])
def test_nothing_is_written_through_what_stands_in_the_place_of_a_part(
    version: int, kind: str, publisher: Publisher, tmp_path: Path
) -> None:
    """A folder that somebody else made ready. Catches a file elsewhere that is overwritten, and a run that waits on a pipe."""
    publisher.publish(SECOND, version=2)
    folder, mine = tmp_path / "folder", tmp_path / "thesis.txt"
    folder.mkdir()
    if kind != "dangling link":
        mine.write_text("mine", encoding="utf-8")
    part = folder / (f"{NAMES[1]}.part" if version == 1 else "masterfilelist.txt.part")
    if kind == "hard link":
        part.hardlink_to(mine)
    elif kind == "pipe":
        os.mkfifo(part)
    elif kind == "folder":
        part.mkdir()
    else:
        part.symlink_to(mine)
    with pytest.raises(OutputError, match="is a link or no file"):
        (run if version == 1 else second)(publisher, folder)
    assert [path.read_text(encoding="utf-8") for path in [mine] if path.exists()] == ["mine"] * (kind != "dangling link")


def test_a_link_in_the_place_of_a_file_is_replaced(publisher: Publisher, tmp_path: Path) -> None:
    """Catches what a link points to being overwritten by a file or a list of that name."""
    folder, mine = tmp_path / "folder", tmp_path / "thesis.txt"
    folder.mkdir()
    mine.write_text("mine", encoding="utf-8")
    for name in (NAMES[1], "md5sums"):
        (folder / name).symlink_to(mine)
    assert run(publisher, folder)
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (folder / NAMES[1]).is_symlink()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("20180602.export.CSV", bytes(30_000_000))
    return packed.getvalue()


def renamed(content: bytes) -> bytes:
    """An archive whose member is called by an escape, and is damaged."""
    return content.replace(b"20180602.export", b"2018\x1b[31mexport").replace(b"\x78", b"\x79")


def many() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for n in range(30):
            file.writestr(f"{n}.csv", "")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (bomb(), "more than 250 times its own size when unpacked"),
        (many(), "more than 20 files in the archive"),
        (renamed(CONTENTS[NAMES[1]]), ""),
        (CONTENTS[NAMES[1]][:-22] + b"PK\x05\x06" + b"\xff" * 18, "cannot be unpacked"),
        (b"PK\x03\x04", "cannot be unpacked"),
    ],
    ids=["a bomb", "many members", "an escape for a name", "a directory that is none", "a beginning"],
)
def test_an_archive_that_no_list_names_is_not_trusted(
    content: bytes, says: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a bomb that is unpacked to be checked, and a traceback of whatever an archive says of itself."""
    monkeypatch.setenv("DETENTE_LIMITS", "members=20")
    publisher.publish({**CONTENTS, NAMES[1]: content}, listed=[NAMES[0], NAMES[2]])
    assert says in reason_of(run(publisher, tmp_path))


def test_plain_http_is_said(publisher: Publisher, tmp_path: Path) -> None:
    """Catches files that anybody on the way can have changed, and a result that looks like any other."""
    said: list[str] = []
    found = run(publisher, tmp_path, said=said)
    assert (found.plain_http, found.url) == (True, publisher.url)
    assert "plain http" in said[0]
    assert any("plain http" in line for line in show_fetched(found))


def test_a_proxy_is_said_without_its_password(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a proxy that nobody knows of, and a password on the screen."""
    monkeypatch.delenv("no_proxy")
    host = publisher.url.removeprefix("http://")
    monkeypatch.setenv("http_proxy", f"http://me:secret@{host}")
    publisher.files = {f"http://data.example.org{path}": content for path, content in publisher.files.items()}
    said: list[str] = []
    way = {"base_url": "http://data.example.org", "plain_http": True, "patience": patience(), "say": said.append}
    found = fetch(FIRST, LAST, tmp_path, **way)  # type: ignore[arg-type]
    assert found
    assert found.to_dict()["proxy"] == host
    assert any(f"the proxy {host}" in text for text in said)
    assert "secret" not in "".join([*said, *show_fetched(found), str(found.to_dict())])


def test_by_https_only_a_server_with_a_certificate_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a certificate that nobody checks, or that is not for the host named, and https that does not work."""
    with published(secure=True) as told:
        told.publish(CONTENTS)

        def ask(folder: str, url: str) -> Fetched:
            return fetch(FIRST, LAST, tmp_path / folder, base_url=url, patience=patience(3), timeout=5)

        found = ask("unknown", told.url)
        assert "certificate" in found.lists["md5sums"]
        assert len(found.failed) == 3
        trusted = tmp_path / "trusted.pem"
        trusted.write_text(CERTIFICATE[CERTIFICATE.index("-----BEGIN CERTIFICATE") :], encoding="ascii")
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        found = ask("other", told.url.replace("127.0.0.1", "localhost"))
        assert "localhost" in found.lists["md5sums"]
        assert told.asked == []
        found = ask("right", told.url)
        assert (list(found.fetched), found.plain_http) == (NAMES, False)
    with published() as plain:
        plain.publish(CONTENTS)
        found = ask("plain", plain.url.replace("http:", "https:"))
        assert "https failed" in found.lists["md5sums"]
        assert plain.asked == []


def test_an_interrupted_run_is_continued(publisher: Publisher, tmp_path: Path) -> None:
    """Ctrl-C in a pause. Catches a lock that stays, and a part that is lost."""

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    whole = CONTENTS[NAMES[1]]
    publisher.will(MIDDLE, raw(OK + f"Content-Length: {len(whole)}\r\n\r\n".encode() + whole[:700]))
    with pytest.raises(KeyboardInterrupt):
        run(publisher, tmp_path, Patience(2, 1.0, interrupt, lambda: datetime(2020, 1, 1, tzinfo=UTC)))
    publisher.asked.clear()
    assert run(publisher, tmp_path)
    assert (MIDDLE, "bytes=700-") in publisher.asked


@pytest.mark.parametrize(
    "told", [None, "", "soon", "-1", "1e9", "9" * 5000, "Wed, 99 Foo", "Wed, 01 Jan 99999999999 0:0:0 GMT"]
)
def test_a_wait_that_is_none_is_no_wait(told: str | None) -> None:
    """Catches a traceback, and a pause without end, for a number that a server makes up."""
    assert asked_pause(told, datetime(2020, 1, 1, tzinfo=UTC)) == 0.0
