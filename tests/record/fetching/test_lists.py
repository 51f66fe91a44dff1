"""The lists of a publisher, whatever stands in them: against a reading that splits lines and words and knows no pattern."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.record.fetching.lists import Listed, Lists, fetch_lists
from detente.record.fetching.patience import Patience
from detente.record.fetching.published import edition, names
from detente.record.fetching.transfer import Web

DAY = date(2018, 6, 12)
NOW = datetime(2020, 1, 1, tzinfo=UTC)
GRID = {version: names(edition(version), DAY, DAY, NOW) for version in (1, 2)}

NAMES = st.sampled_from(
    [*GRID[1], *GRID[2][:3], "20180612001700.export.CSV.zip", "20180613000000.export.CSV.zip", "20180612000000.gkg.csv.zip"]
).map(str.encode)
WORDS = st.one_of(
    NAMES,
    NAMES.map(lambda name: b"http://data.example.org/gdeltv2/" + name),
    NAMES.map(lambda name: b"../" + name),
    st.sampled_from([b"0" * 32, b"AbCdEf0123456789" * 2, b"f" * 31, b"g" * 32]),
    st.integers(-5, 10**18).map(lambda n: str(n).encode()),
    st.binary(max_size=12),
)
SPACES = st.sampled_from([b" ", b"  ", b"\t", b" *", b"\r", b"\x00", b"\xa0", b""])
ENDS = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b" \n", b"\n\n", b""])
LINES = st.lists(st.tuples(WORDS, SPACES), max_size=4).map(lambda pairs: b"".join(word + space for word, space in pairs))
SIZES = st.sampled_from([b"0", b"77", b"-7", b"7e1", b"9" * 15, b"9" * 16, b"9" * 5000, "\u0667".encode()])
SUMS = st.sampled_from([b"0" * 32, b"AbCdEf0123456789" * 2, b"f" * 31, b"f" * 33, b"g" * 32])
RIGHT = st.one_of(
    st.builds(b"%b  %b".__mod__, st.tuples(SUMS, NAMES)),
    st.builds(b"%b %b".__mod__, st.tuples(SIZES, NAMES)),
    st.builds(b"%b %b http://x/%b".__mod__, st.tuples(SIZES, SUMS, NAMES)),
)
TEXTS = st.lists(st.tuples(st.one_of(LINES, RIGHT), ENDS), max_size=12).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


class Given:
    """A way to ask servers that has the answer."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def receive(self, _url: str, part: Path, *_: Any) -> None:
        part.write_bytes(self._content)


def read(version: int, content: bytes) -> Lists:
    """What is taken from lists that all have the same content."""
    patience = Patience(1, 0.0, lambda _: None, lambda: NOW)
    with TemporaryDirectory() as folder:
        web = cast("Web", Given(content))
        whole = patience.for_all()
        return fetch_lists(
            edition(version), DAY, DAY, GRID[version], "https://x", Path(folder), web, patience, whole, lambda _: None
        )


def digits(word: bytes) -> bool:
    return word.isdigit() and len(word) <= 15


def md5(word: bytes) -> bool:
    return len(word) == 32 and all(c in b"0123456789abcdefABCDEF" for c in word)


def plainly(version: int, content: bytes) -> dict[str, Listed]:
    """The same, word by word."""
    sizes: dict[str, int] = {}
    sums: dict[str, str] = {}
    for line in content.split(b"\n"):
        words = line.split()
        if version == 1 and len(words) == 2 and not line[:1].isspace():
            name = words[1].removeprefix(b"*").decode(errors="replace") if md5(words[0]) else words[1].decode(errors="replace")
            if name in GRID[1] and md5(words[0]):
                sums[name] = words[0].decode().lower()
            elif name in GRID[1] and digits(words[0]):
                sizes[name] = int(words[0])
        if version == 2 and len(words) == 3 and not line[:1].isspace() and digits(words[0]) and md5(words[1]):
            name = words[2].rpartition(b"/")[2].decode(errors="replace")
            stem, _, end = name.partition(".")
            if b"/" in words[2] and end == "export.CSV.zip" and stem.isdecimal() and stem[:8] == "20180612" and len(stem) == 14:
                sizes[name], sums[name] = int(words[0]), words[1].decode().lower()
    return {name: Listed(sizes.get(name), sums.get(name)) for name in {**sizes, **sums}}


@settings(max_examples=300)
@given(st.sampled_from([1, 2]), TEXTS)
def test_whatever_a_list_says_only_its_entries_are_taken(version: int, content: bytes) -> None:
    """Catches a traceback, an entry that is none, one that is lost, and a name that is not that of a file of the day."""
    assert read(version, content).entries == plainly(version, content)


@pytest.mark.parametrize("junk", [b"0" * 200_000, b"/" * 200_000, b"5 " + b"0" * 32 + b" " + b"/" * 200_000, b"\n" * 200_000])
def test_a_list_of_junk_takes_no_time(junk: bytes) -> None:
    """Catches a pattern that tries every way to read a line: a quarter of an hour for these, were it so."""
    assert read(2, junk + b"\n" + junk).entries == {}
