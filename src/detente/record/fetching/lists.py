"""The publisher's lists of its files, with their sizes and checksums.

In all three lists the name stands last in its line, so that a list that is cut off gives no wrong entry: the last line names
no file that was asked for. What a list does not name is checked otherwise (`checking`).

A list is a stranger's text. Of the addresses in that of 2.0 (http://, as published) only the names are used, and only where
they are those of files of events for the days asked for: no entry leads to another host, out of the folder, or from https to
plain http. Its bytes, its lines and the length of a line have bounds, and it may name at most a day's worth more files off the
quarters of an hour than there are quarters.

The lists of GDELT 1.0 are small, change from the top and are fetched anew each time. The one of 2.0 has more than a hundred
megabytes and only grows at its end: it is kept beside the files, not asked for again where it reaches beyond the days asked
for, and otherwise continued.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from detente.base.bounds import limit
from detente.base.frozen import Frozen
from detente.record.fetching.parts import begin_with, give_up, size
from detente.record.fetching.patience import Deadline, Patience, TransferError, beyond
from detente.record.fetching.published import Edition, is_between
from detente.record.fetching.transfer import Web

__all__ = ["Listed", "Lists", "fetch_lists"]

_LINES = {
    "md5sums": re.compile(rb"(?P<md5>[0-9a-fA-F]{32})\s+\*?(?P<name>\S+)\s*"),
    "filesizes": re.compile(rb"(?P<size>\d{1,15})\s+(?P<name>\S+)\s*"),
    "masterfilelist.txt": re.compile(rb"(?P<size>\d{1,15})\s+(?P<md5>[0-9a-fA-F]{32})\s+\S*/(?P<name>[^/\s]+)\s*"),
}
_TAIL = 1 << 16
_LINE = 4096  # bytes; the longest published has about a hundred
_OFF = 96
_LARGE = " (the list of all files: more than 100 MB, once)"


@dataclass(frozen=True)
class Listed:
    """What the lists say of a file; None: nothing."""

    size: int | None = None
    md5: str | None = None


@dataclass(frozen=True)
class Lists(Frozen):
    """Entries by name; why a list could not be had, by its name; whether no server answered."""

    entries: dict[str, Listed]
    trouble: dict[str, str]
    unreached: bool = False

    def of(self, name: str) -> Listed:
        return self.entries.get(name, Listed())


def fetch_lists(
    of: Edition,
    start: date,
    end: date,
    names: Collection[str],
    url: str,
    folder: Path,
    web: Web,
    patience: Patience,
    whole: Deadline,
    say: Callable[[str], None],
) -> Lists:
    """Bring the lists of an edition here and read what they say of these names (of 2.0: of every file of these days)."""
    entries: dict[str, Listed] = {}
    troubles: dict[str, str] = {}
    wanted = set(names)
    for name in of.lists:
        path = folder / name
        grows = of.version == 2
        unreached = False
        if not (grows and _reaches(path, end)):
            had = path.is_file()
            say(f"{url}/{name}{_LARGE if grows and not had else ''} ...")
            try:
                _bring(name, path, f"{url}/{name}", grows, web, patience, patience.for_one(whole), say)
            except TransferError as trouble:
                old = " (the one that is here is used)" if had else ""
                troubles[name] = f"{trouble.reason}{old}"
                unreached = trouble.unreached
        try:
            _take(entries, path, name, wanted, (start, end) if grows else None)
        except TransferError as trouble:
            troubles[name] = trouble.reason
        if unreached:
            return Lists(entries, troubles, True)
    return Lists(entries, troubles)


def _bring(
    name: str,
    path: Path,
    url: str,
    grows: bool,
    web: Web,
    patience: Patience,
    deadline: Deadline,
    say: Callable[[str], None],
) -> None:
    part = _part(path)
    if grows and path.is_file() and size(part) < path.stat().st_size:
        begin_with(part, path)

    def attempt() -> None:
        if not grows:
            give_up(part)
        web.receive(url, part, lambda start: bool(_LINES[name].match(start)), None, "list-bytes", deadline)
        if not _is_whole(part, name):
            raise TransferError("the list ends in the middle of a line")

    patience.persist(attempt, lambda text: say(f"{name}: {text}"), deadline)
    part.replace(path)


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _take(entries: dict[str, Listed], path: Path, name: str, wanted: Collection[str], days: tuple[date, date] | None) -> None:
    """Add what a list says of the files wanted, and of others of these days.

    Raises
    ------
    TransferError
        If it is too much to be a list of these files. What it said of those wanted is kept.
    """
    others: dict[str, Listed] = {}
    for found, listed in _entries(path, name):
        into = entries if found in wanted else others
        if into is others:
            if days is None or not is_between(found, *days):
                continue
            if len(others) > len(wanted) + _OFF:
                raise TransferError(
                    f"names more than {len(wanted) + _OFF:,} files off the quarters of an hour: they are left out"
                )
        before = into.get(found, Listed())
        into[found] = replace(before, **{k: v for k, v in vars(listed).items() if v is not None})
    entries.update(others)


def _entries(path: Path, name: str) -> Iterator[tuple[str, Listed]]:
    """What a list says, line by line. Of one that never came as a whole, what there is of it serves."""
    if not path.is_file() and size(_part(path)):
        path = _part(path)
    if not path.is_file():
        return
    for line in _lines(path):
        if name == "masterfilelist.txt" and b".export." not in line:
            continue
        if found := _LINES[name].fullmatch(line):
            got = {key: value.decode(errors="replace") for key, value in found.groupdict().items()}
            bytes_ = int(got["size"]) if "size" in got else None
            yield got["name"], Listed(bytes_, got["md5"].lower() if "md5" in got else None)


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a list but for those that are too long to be of one."""
    left, begins = limit("rows"), True
    with path.open("rb") as file:
        while piece := file.readline(_LINE):
            left -= 1
            if left < 0:
                raise beyond("rows")
            ends = len(piece) < _LINE or piece.endswith(b"\n")
            if begins and ends:
                yield piece
            begins = ends


def _last_line(path: Path) -> bytes:
    """The last line, with its end if it has one."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        lines = file.read().splitlines(keepends=True)
    return lines[-1] if lines else b""


def _is_whole(path: Path, name: str) -> bool:
    last = _last_line(path)
    found = _LINES[name].fullmatch(last)
    return last.endswith(b"\n") or (found is not None and found["name"].lower().endswith(b".zip"))


def _reaches(path: Path, end: date) -> bool:
    """Whether a list of 2.0 is here that has files of two days after."""
    if not path.is_file():
        return False
    found = _LINES["masterfilelist.txt"].fullmatch(_last_line(path))
    return found is not None and found["name"][:8].isdigit() and found["name"][:8] > f"{end + timedelta(1):%Y%m%d}".encode()
