"""What is known is not added again: files, editions and overlaps, against a multiset in Python."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.record.workspace import Workspace
from eventfiles import GDELT2, ICEWS, add, events, gdelt, gdelt_row, icews_row, multiset, table, written

LINES = [
    f"2018-0{1 + n % 3}-1{n},{source},{event},{target}\n"
    for n in range(4)
    for source, target in (("North Korea", "South Korea"), ("Iran", "A, B"[:1]))
    for event in ("Make statement", "Consult")
]
HEADER = "date,source,event,target\n"


def test_the_same_file_twice(tmp_path: Path) -> None:
    """In one call, in two, as a copy and packed: nothing is added. Catches a hash of the name or of the packed bytes."""
    workspace = Workspace.create(tmp_path / "record")
    content = HEADER + "".join(LINES) * 2
    file, copy = written(tmp_path / "a.csv", content), written(tmp_path / "copy of a", content)
    packed = written(tmp_path / "a.csv.gz", gzip.compress(content.encode()))
    assert [f.added for f in add(workspace, file, file).files] == [32, 0]
    before = sorted(path.name for path in (workspace.path / "events").iterdir())
    assert [(f.read, f.known) for f in add(workspace, file, copy, packed).files] == [(32, 32)] * 3
    assert sorted(path.name for path in (workspace.path / "events").iterdir()) == before


def test_a_longer_edition(tmp_path: Path) -> None:
    """The new lines only; a line that stands twice is two events, and stays so."""
    workspace = Workspace.create(tmp_path / "record")
    first, more = [*LINES[:5], LINES[0]], [*LINES[:9], LINES[0], LINES[0]]
    assert add(workspace, written(tmp_path / "a.csv", HEADER + "".join(first))).added == 6
    done = add(workspace, written(tmp_path / "b.csv", HEADER + "".join(more)))
    assert (done.read, done.added, done.known) == (11, 5, 6)
    assert sum(multiset(workspace).values()) == 11
    lines = [row["line"] for row in events(workspace, "line", "where file = 'b.csv' order by line")]
    assert lines == [7, 8, 9, 10, 12]


FILES = st.lists(st.sampled_from(LINES), max_size=12)


@settings(max_examples=8)
@given(a=FILES, b=FILES)
def test_two_overlapping_files_in_either_order(a: list[str], b: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The record has each event as often as the file that has it most often, in either order, and again adds nothing."""
    folder = tmp_path_factory.mktemp("pair")
    files = [written(folder / f"{at}.csv", HEADER + "".join(lines)) for at, lines in enumerate((a, b))]
    wanted = Counter(a) | Counter(b)
    found = []
    for order in (files, files[::-1]):
        workspace = Workspace.create(folder / f"record-{order[0].stem}")
        first, second = (add(workspace, file) for file in order)
        assert first.added + second.added == sum(wanted.values())
        found.append(multiset(workspace))
    assert found[0] == found[1]
    assert sorted(found[0].values()) == sorted(wanted.values())


@settings(max_examples=6)
@given(a=st.lists(st.integers(1, 9), max_size=9), b=st.lists(st.integers(1, 9), max_size=9))
def test_numbered_events(a: list[int], b: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each number once, whatever the files repeat."""
    folder = tmp_path_factory.mktemp("numbers")
    workspace = Workspace.create(folder / "record")
    for name, numbers in (("a", a), ("b", b)):
        if numbers:
            text = table(GDELT2, (gdelt_row(n) for n in numbers), header=False)
            assert add(workspace, written(folder / name, text)).read == len(numbers)
    assert sorted(int(row["id"]) for row in events(workspace)) == sorted({*a, *b})


def test_numbers_of_two_publishers_are_not_compared(tmp_path: Path) -> None:
    """ICEWS and GDELT number their events from the same range. Catches an event that is lost to a foreign number."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "a.tab", table(ICEWS, [icews_row(n) for n in range(1, 4)])))
    assert add(workspace, written(tmp_path / "b.csv", gdelt(3))).added == 3
    assert add(workspace, written(tmp_path / "c.csv", gdelt(4))).added == 1


def test_an_event_that_was_put_aside_can_come_later(tmp_path: Path) -> None:
    """A row put aside is not in the record: the mended file adds it."""
    workspace = Workspace.create(tmp_path / "record")
    rows = [gdelt_row(1), gdelt_row(2, QuadClass=0)]
    assert add(workspace, written(tmp_path / "a", table(GDELT2, rows, header=False))).added == 1
    done = add(workspace, written(tmp_path / "b", table(GDELT2, [gdelt_row(1), gdelt_row(2)], header=False)))
    assert (done.added, done.known) == (1, 1)


def test_a_file_imported_again_says_what_was_put_aside(tmp_path: Path) -> None:
    """The second import counts as the first did, and doubles nothing on disk."""
    workspace = Workspace.create(tmp_path / "record")
    file = written(tmp_path / "a.csv", HEADER + LINES[0] + "broken\n" + LINES[1])
    first, second = add(workspace, file), add(workspace, file)
    assert (second.read, second.added, second.known) == (3, 0, 2)
    assert second.rejected == first.rejected == {"the wrong number of columns": 1}


def big(rows: int) -> str:
    """So many rows of an extract, each with a target of its own."""
    days = [f"2018-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(97)]
    actors = ["North Korea", "China", "Citizen (Iran)", "Nobody"]
    return HEADER + "".join(f"{days[n % 97]},{actors[n % 4]},Make statement,T {n}\n" for n in range(rows))


def test_lines_of_a_large_file(tmp_path: Path) -> None:
    """400,000 lines in several row groups and threads. Catches rows out of the order of the file: their line is their number.

    Then an edition in which ten rows are changed and one is broken: it is written anew, without what is known.
    """
    workspace = Workspace.create(tmp_path / "record")
    content = big(400_000)
    assert add(workspace, written(tmp_path / "a.csv", content)).added == 400_000
    query = "count(*) as n, count(distinct line) as lines, min(line) as first, max(line) as last"
    wrong = "count(*) filter (target <> 'T ' || (line - 2)) as wrong"
    assert events(workspace, f"{query}, {wrong}", " ") == [
        {"n": 400_000, "lines": 400_000, "first": 2, "last": 400_001, "wrong": 0}
    ]
    lines = content.splitlines()
    changed = sorted(random.Random(5).sample(range(1, 400_001), 10))
    for at in changed:
        lines[at] += " again"
    lines[200_000] = "broken"
    done = add(workspace, written(tmp_path / "b.csv", "\n".join(lines)))
    assert (done.added, done.rejected) == (len(set(changed) - {200_000}), {"the wrong number of columns": 1})
    found = events(workspace, "line, target", "where file = 'b.csv' order by line")
    assert [(row["line"], row["target"]) for row in found] == [(at + 1, f"T {at - 1} again") for at in changed if at != 200_000]
