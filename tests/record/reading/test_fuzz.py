"""Files with bytes flipped, cut out and put in: never a crash, and the counts always add up."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.record.formats.mapped import read_map
from detente.record.workspace import Workspace
from eventfiles import add, aside, events, gdelt, lines, written

ICEWS = "date,source,event,target\n" + "".join(
    f'2018-06-{day},"Kim, Jong-Un",Make statement,Citizen (France)\n2018-06-{day},Iran,Consult,"a ""b"" c"\n'
    for day in range(10, 22)
)
MAPPED = "Day;From;To;What\n" + "".join(f'{day}.06.2018;PRK;"South; Korea";visit\n' for day in range(10, 30))
MAP = """
ontology: own
date_format: "%d.%m.%Y"
columns: {date: Day, source: From, target: To, code: What}
"""
PLOVER = lines(*({"date": "2018-06-12", "source": ["PRK", "KOR"], "target": "USA", "event": "AGREE"} for _ in range(9)))
SEEDS = {
    "gdelt2": gdelt(12).encode(),
    "icews": ICEWS.encode(),
    "csv": MAPPED.encode(),
    "plover": PLOVER.encode(),
    "keds": b"790415 ISR PAL 040\n790416 PAL ISR 190\n" * 8,
    "gz": gzip.compress(gdelt(30).encode(), mtime=0),
}
NASTY = [
    b"\0",
    b"\r",
    b"\n",
    b'"',
    b'""',
    b"\t",
    b",",
    b";",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\\",
    b"{",
    b"]",
    b"\x1a",
]


@dataclass(frozen=True)
class Change:
    """At a share of the file: bytes cut out and others put in their place."""

    at: float
    cut: int
    put: bytes

    def made(self, content: bytes) -> bytes:
        start = int(self.at * len(content))
        return content[:start] + self.put + content[start + self.cut :]


CHANGES = st.lists(
    st.builds(
        Change,
        st.floats(0, 1),
        st.sampled_from([0, 0, 1, 1, 2, 60, 400]),
        st.one_of(st.sampled_from(NASTY), st.binary(max_size=4)),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("seed", SEEDS)
@settings(max_examples=12)
@given(changes=CHANGES)
def test_a_mangled_file(seed: str, changes: list[Change], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Refused with a reason, or read: then added, known and put aside are all there is, and each row has a line of the file."""
    content = SEEDS[seed]
    for change in changes:
        content = change.made(content)
    folder = tmp_path_factory.mktemp("fuzz")
    workspace = Workspace.create(folder / "record")
    how = {"csv": {"column_map": read_map(MAP, "map")}, "keds": {"ontology": "cameo"}, "gz": {}}.get(seed, {"format": seed})
    try:
        done = add(workspace, written(folder / "x", content), **how)
    except InputError:
        assert events(workspace) == []
        return
    put = aside(workspace, done)
    found = events(workspace)
    assert len(put) == sum(done.rejected.values())
    assert done.added == len({row["line"] for row in found}) or seed == "plover"
    if seed != "gz":
        ends = content.count(b"\n") + content.count(b"\r") + content.count(b"\n\0") + content.count(b"\0\n") + 1
        assert all(1 <= line <= ends for line in [row["line"] for row in found] + [row[0] for row in put])
        assert done.read <= ends
    again = add(workspace, folder / "x", **how)
    assert (again.read, again.added) == (done.read, 0)
