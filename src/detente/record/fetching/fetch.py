"""Fetching the published files of the GDELT Project for a span of days.

1. Which files cover the days (`published`), and what the publisher's lists say of them (`lists`).
2. Which are here already and right (`checking`): they are left alone.
3. It is said what will be fetched, how much and where to.
4. One file after the other, one connection at a time, is brought to NAME.part (`transfer`), several times if need be
   (`patience`), checked, and only then renamed. A part that has its whole length and is not right is given up.

Killed at any moment, this leaves files that are right, and parts with which the next run goes on. After three files in a row
for which no server answered at all, the rest is not tried.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from detente.errors import InputError, OutputError
from detente.record.fetching.checking import is_archive, what_is_wrong
from detente.record.fetching.lists import Listed, Lists, fetch_lists
from detente.record.fetching.patience import Patience, TransferError
from detente.record.fetching.published import BASE_URL, Edition, check_days, edition, names
from detente.record.fetching.result import Fetched
from detente.record.fetching.transfer import Web

__all__ = ["fetch"]

_IN_A_ROW = 3


def fetch(
    start: date,
    end: date,
    folder: str | Path,
    *,
    version: int = 1,
    base_url: str = BASE_URL,
    patience: Patience | None = None,
    timeout: float = 60.0,
    say: Callable[[str], None] | None = None,
) -> Fetched:
    """Fetch the files of GDELT that cover the days from start to end, both included.

    Parameters
    ----------
    start, end : date
        In UTC. Of GDELT 1.0 before April 2013 the files of whole months or years are fetched.
    folder : str or Path
        Where to; begun if there is none. What is there already and right is not fetched again.
    version : {1, 2}
        GDELT 1.0 or 2.0.
    base_url : str
        Above ``/events`` and ``/gdeltv2``; http, or https.
    patience : Patience, optional
        How often to try and how to wait; None: 5 tries, with 2 seconds before the second and twice as many before each further.
    timeout : float
        Seconds without a byte after which a connection is given up.
    say : callable, optional
        Told what will be fetched before it is, and then how it goes.

    Returns
    -------
    Fetched
        True where all files are in the folder.

    Raises
    ------
    RecordError
        If there can be no file of these days.
    InputError
        If the URL or the patience means nothing.
    OutputError
        If the folder cannot be written to, or is too small. What was fetched before stays.
    """
    patience = patience or Patience(tries=5, pause=2.0)
    of, now = edition(version), patience.now()
    check_days(of, start, end, now.date())
    url = f"{_checked(base_url)}/{of.below}"
    if not timeout > 0:
        raise InputError(f"--timeout {timeout:g}: wanted seconds above 0 (60 is usual)")
    tell = say or _silent
    web = Web(timeout, patience.now)
    with _held(Path(folder)) as place:
        grid = names(of, start, end, now)
        lists = fetch_lists(of, start, end, grid, url, place, web, patience, tell)
        wanted = tuple(sorted({*grid, *lists.entries})) if version == 2 else grid
        present, to_fetch = _survey(place, wanted, lists)
        _announce(of, to_fetch, present, lists, url, place, tell)
        run = _Run(place, url, web, patience, lists, tell)
        run.all(to_fetch)
    here = {*present, *run.fetched}
    sizes = {name: (place / name).stat().st_size for name in wanted if name in here}
    unlisted = tuple(name for name in wanted if name in here and None in vars(lists.of(name)).values())
    got = (tuple(run.fetched), tuple(present), tuple(run.missing), run.failed)
    return Fetched(version, start, end, place, wanted, sizes, *got, unlisted, lists.trouble)


def _silent(text: str) -> None:
    """Say nothing of it."""
    del text


class _Run:
    """The files that are fetched one after the other, and what becomes of them."""

    def __init__(self, place: Path, url: str, web: Web, patience: Patience, lists: Lists, tell: Callable[[str], None]) -> None:
        self._place, self._url, self._web, self._patience, self._lists, self._tell = place, url, web, patience, lists, tell
        self.fetched: list[str] = []
        self.missing: list[str] = []
        self.failed: dict[str, str] = {}

    def all(self, wanted: Sequence[str]) -> None:
        """Fetch them. Nothing is asked of a server that did not even give its list, or that has been silent for a while."""
        silent = _IN_A_ROW if self._lists.unreached else 0
        reason = next(reversed(self._lists.trouble.values()), "")
        for at, name in enumerate(wanted, 1):
            if silent >= _IN_A_ROW:
                self.failed[name] = f"not tried: {reason}"
                continue
            try:
                size = self._one(name)
            except TransferError as trouble:
                reason = trouble.reason
                silent = silent + 1 if trouble.unreached else 0
                self._record(name, trouble)
            else:
                silent = 0
                self.fetched.append(name)
                self._tell(f"{at} of {len(wanted)}: {name}, {size:,} bytes")

    def _record(self, name: str, trouble: TransferError) -> None:
        listed = name in self._lists.entries
        if trouble.absent and not listed:
            self.missing.append(name)
            self._tell(f"{name}: is not published")
        else:
            self.failed[name] = f"{trouble.reason}, though the list names it" if trouble.absent else trouble.reason
            self._tell(f"{name}: could not be had: {self.failed[name]}")

    def _one(self, name: str) -> int:
        """Bring one file; its size."""
        listed, part = self._lists.of(name), self._place / f"{name}.part"

        def attempt() -> None:
            if not _is_complete(part, listed):
                self._web.receive(f"{self._url}/{name}", part, is_archive, listed.size)
            wrong = what_is_wrong(part, listed)
            if wrong:
                if listed.size is None or part.stat().st_size >= listed.size:
                    part.unlink()  # what is too short may be continued
                raise TransferError(wrong)

        self._patience.persist(attempt, lambda text: self._tell(f"{name}: {text}"))
        part.replace(self._place / name)
        return (self._place / name).stat().st_size


def _is_complete(part: Path, listed: Listed) -> bool:
    """Whether nothing need be asked for; a part that is too long is given up."""
    if listed.size is None or not part.exists():
        return False
    size = part.stat().st_size
    if size > listed.size:
        part.unlink()
    return size == listed.size


def _survey(place: Path, wanted: Sequence[str], lists: Lists) -> tuple[list[str], list[str]]:
    """Those that are here and right, and the others."""
    present: list[str] = []
    others: list[str] = []
    for name in wanted:
        path = place / name
        right = path.is_file() and not what_is_wrong(path, lists.of(name))
        (present if right else others).append(name)
    return present, others


def _announce(
    of: Edition,
    to_fetch: Sequence[str],
    present: Sequence[str],
    lists: Lists,
    url: str,
    place: Path,
    tell: Callable[[str], None],
) -> None:
    """Say what will be fetched.

    Raises
    ------
    OutputError
        If there is no room for it.
    """
    sizes = [lists.of(name).size for name in to_fetch]
    known = sum(size for size in sizes if size is not None)
    parts = sum(path.stat().st_size for name in to_fetch if (path := place / f"{name}.part").exists())
    said = [f"{known:,} bytes"] if len(sizes) > sizes.count(None) else []
    said += [f"{sizes.count(None)} of a size that no list tells"] if None in sizes else []
    said += [f"{parts:,} bytes are here in parts"] if parts else []
    said += [f"{len(present)} here already"] if present else []
    tell(f"GDELT {of.version}.0, files to fetch from {url} into {place}: {len(to_fetch)} ({', '.join(said) or 'nothing'})")
    free = shutil.disk_usage(place).free
    if known - parts > free:
        message = f"{place}: has room for {free:,} bytes, {known - parts:,} are wanted (choose another place with --into)"
        raise OutputError(message, source=str(place))


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[Path]:
    """The folder, begun if there is none, held so that no other run writes the same parts."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as err:
        reason = "it is no folder" if isinstance(err, FileExistsError | NotADirectoryError) else err.strerror
        raise OutputError(f"{folder}: cannot be written: {reason} (choose another place)", source=str(folder)) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"{folder}: another process is fetching into this folder (try again when it is done)"
            raise OutputError(message, source=str(folder)) from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise OutputError(f"{folder}: cannot be written: Permission denied (choose another place)", source=str(folder))
        yield folder
    except OSError as err:
        place = err.filename or folder
        raise OutputError(f"{place}: cannot be used: {err.strerror or err} (choose another place)", source=str(place)) from None
    finally:
        os.close(handle)


def _checked(base_url: str) -> str:
    """A base URL without its last slash.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        parts = urllib.parse.urlsplit(base_url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        good = good and not (parts.query or parts.fragment or parts.username or parts.password) and base_url.isascii()
        good = good and not any(c.isspace() for c in base_url)
    except ValueError:
        good = False
    if not good:
        raise InputError(f"--base-url {base_url}: wanted the address of a server, such as {BASE_URL}")
    return base_url.rstrip("/")
