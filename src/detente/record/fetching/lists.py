"""The publisher's lists of its files, with their sizes and checksums.

In all three lists the name stands last in its line, so that a list that is cut off gives no wrong entry: the last line names
no file that was asked for. What a list does not name is checked otherwise (`checking`).

The lists of GDELT 1.0 are small, change from the top and are fetched anew each time. The one of 2.0 has more than a hundred
megabytes and only grows at its end: it is kept beside the files, not asked for again where it reaches beyond the days asked
for, and otherwise continued.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from detente.record.fetching.patience import Patience, TransferError
from detente.record.fetching.published import Edition, is_between
from detente.record.fetching.transfer import Web

__all__ = ["Listed", "Lists", "fetch_lists"]

_LINES = {
    "md5sums": re.compile(rb"(?P<md5>[0-9a-fA-F]{32})\s+\*?(?P<name>\S+)\s*"),
    "filesizes": re.compile(rb"(?P<size>\d{1,15})\s+(?P<name>\S+)\s*"),
    "masterfilelist.txt": re.compile(rb"(?P<size>\d{1,15})\s+(?P<md5>[0-9a-fA-F]{32})\s+\S*/(?P<name>[^/\s]+)\s*"),
}
_TAIL = 1 << 16
_LARGE = " (the list of all files: more than 100 MB, once)"


@dataclass(frozen=True)
class Listed:
    """What the lists say of a file; None: nothing."""

    size: int | None = None
    md5: str | None = None


@dataclass(frozen=True)
class Lists:
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
            had = path.exists()
            say(f"{url}/{name}{_LARGE if grows and not had else ''} ...")
            try:
                _bring(name, path, f"{url}/{name}", grows, web, patience, say)
            except TransferError as trouble:
                old = " (the one that is here is used)" if had else ""
                troubles[name] = f"{trouble.reason}{old}"
                unreached = trouble.unreached
        for found, listed in _entries(path, name):
            if found in wanted or (grows and is_between(found, start, end)):
                before = entries.get(found, Listed())
                entries[found] = replace(before, **{k: v for k, v in vars(listed).items() if v is not None})
        if unreached:
            return Lists(entries, troubles, True)
    return Lists(entries, troubles)


def _bring(name: str, path: Path, url: str, grows: bool, web: Web, patience: Patience, say: Callable[[str], None]) -> None:
    part = path.with_name(f"{name}.part")
    if grows and path.exists():
        shutil.copyfile(path, part)

    def attempt() -> None:
        if not grows:
            part.unlink(missing_ok=True)
        web.receive(url, part, lambda start: bool(_LINES[name].match(start)), None)
        if not _is_whole(part, name):
            raise TransferError("the list ends in the middle of a line")

    try:
        patience.persist(attempt, lambda text: say(f"{name}: {text}"))
    except TransferError:
        if part.exists() and not path.exists():
            shutil.copyfile(part, path)  # what there is of it: better than nothing, and continued by the next run
        raise
    part.replace(path)


def _entries(path: Path, name: str) -> Iterator[tuple[str, Listed]]:
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if name == "masterfilelist.txt" and b".export." not in line:
                continue
            if found := _LINES[name].fullmatch(line):
                got = {key: value.decode(errors="replace") for key, value in found.groupdict().items()}
                size = int(got["size"]) if "size" in got else None
                yield got["name"], Listed(size, got["md5"].lower() if "md5" in got else None)


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
    if not path.exists():
        return False
    found = _LINES["masterfilelist.txt"].fullmatch(_last_line(path))
    return found is not None and found["name"][:8] > f"{end + timedelta(1):%Y%m%d}".encode()
