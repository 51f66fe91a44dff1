"""The records of a file that were put aside: counted by reason, and written beside the part with line, reason and text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from detente.base.atomic import write_atomic
from detente.base.database import Database
from detente.record.reading.careful import Aside

__all__ = ["count_aside", "write_aside"]


def count_aside(connection: Database, before: Sequence[Aside]) -> dict[str, int]:
    """How many records were put aside, by reason, the most frequent first. before : those that were no rows at all."""
    counts: dict[str, int] = {}
    for aside in before:
        counts[aside.reason] = counts.get(aside.reason, 0) + 1
    query = "select reason, count(distinct record) from staged where reason is not null group by 1"
    for reason, count in connection.execute(query).fetchall():
        counts[reason] = counts.get(reason, 0) + count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def write_aside(connection: Database, before: Sequence[Aside], texts: Iterator[tuple[int, str]], path: Path) -> None:
    """Write them, in the order of the file. texts : number and text of every record, in that order too."""
    query = "select distinct record, line, reason from staged where reason is not null order by 1"
    found = [*before, *_with_text(texts, connection.execute(query).fetchall())]
    found.sort(key=lambda aside: aside.line)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["line", "reason", "text"])
    writer.writerows([aside.line, aside.reason, aside.text] for aside in found)
    write_atomic(path, out.getvalue().encode("utf-8", errors="replace"))


def _with_text(texts: Iterator[tuple[int, str]], rows: Sequence[tuple[int, int, str]]) -> Iterator[Aside]:
    waiting = iter(rows)
    wanted = next(waiting, None)
    for number, text in texts:
        if wanted is None:
            return
        if number == wanted[0]:
            yield Aside(wanted[1], wanted[2], text)
            wanted = next(waiting, None)
