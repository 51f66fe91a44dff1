"""Fetching the published files of the GDELT Project for a span of days.

1. Which files cover the days (`published`), and what the publisher's lists say of them (`lists`).
2. Which are here already and right (`checking`): they are left alone.
3. It is said what will be fetched, how much and where to.
4. One file after the other, one connection at a time, is brought to NAME.part (`transfer`), several times if need be
   (`patience`), checked, and only then renamed. A part that has its whole length and is not right is given up.

Killed at any moment, this leaves files that are right, and parts with which the next run goes on. After three files in a row
for which no server answered at all, or not in time, the rest is not tried.

All is asked for by https; by plain http only where the caller says so, and then it is told, and noted in the result. So is a
proxy that the environment names.
"""

from __future__ import annotations

import contextlib
import shutil
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from detente.base.bounds import limit
from detente.base.lock import locked
from detente.errors import InputError, OutputError
from detente.record.fetching.checking import is_archive, what_is_wrong
from detente.record.fetching.lists import Listed, Lists, fetch_lists
from detente.record.fetching.parts import give_up
from detente.record.fetching.parts import size as size_of
from detente.record.fetching.patience import Deadline, Patience, TransferError, beyond
from detente.record.fetching.published import BASE_URL, PLAIN_URL, Edition, check_days, edition, names
from detente.record.fetching.result import Fetched
from detente.record.fetching.transfer import Web

__all__ = ["fetch"]

_IN_A_ROW = 3
_LOCK = ".fetching.lock"
_WAIT = 10.0  # seconds for another run to end: it may take hours


def fetch(
    start: date,
    end: date,
    folder: str | Path,
    *,
    version: int = 1,
    base_url: str | None = None,
    plain_http: bool = False,
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
    base_url : str, optional
        Above ``/events`` and ``/gdeltv2``; None: where the publisher has them.
    plain_http : bool
        Whether it may be an http:// address, which anybody on the way can read and change; without `base_url`: the publisher's.
    patience : Patience, optional
        How often to try and how long to wait; None: 5 tries, with 2 seconds before the second and twice as many before each
        further, half an hour for a file and a day for all of them.
    timeout : float
        Seconds without a byte, above 0, after which a connection is given up.
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
    base = _checked(base_url or (PLAIN_URL if plain_http else BASE_URL), plain_http)
    url = f"{base}/{of.below}"
    if not timeout > 0:
        raise InputError(f"--timeout {timeout:g}: wanted seconds above 0 (60 is usual)")
    tell = say or _silent
    web = Web(timeout, patience.now)
    plain, proxy = base.startswith("http:"), web.proxy(url)
    with _held(Path(folder)) as place:
        for way in _ways(plain, proxy, version == 2):
            tell(way)
        whole = patience.for_all()
        grid = names(of, start, end, now)
        lists = fetch_lists(of, start, end, grid, url, place, web, patience, whole, tell)
        wanted = tuple(sorted({*grid, *lists.entries})) if version == 2 else grid
        present, to_fetch = _survey(place, wanted, lists)
        _announce(of, to_fetch, present, lists, url, place, tell)
        run = _Run(place, url, web, patience, whole, lists, tell)
        run.all(to_fetch)
    here = {*present, *run.fetched}
    sizes = {name: (place / name).stat().st_size for name in wanted if name in here}
    unlisted = tuple(name for name in wanted if name in here and None in vars(lists.of(name)).values())
    got = (tuple(run.fetched), tuple(present), tuple(run.missing), run.failed)
    return Fetched(version, start, end, place, wanted, sizes, *got, unlisted, lists.trouble, base, plain, proxy)


def _silent(text: str) -> None:
    """Say nothing of it."""
    del text


class _Run:
    """The files that are fetched one after the other, and what becomes of them."""

    def __init__(
        self,
        place: Path,
        url: str,
        web: Web,
        patience: Patience,
        whole: Deadline,
        lists: Lists,
        tell: Callable[[str], None],
    ) -> None:
        self._place, self._url, self._web, self._lists, self._tell = place, url, web, lists, tell
        self._patience, self._whole = patience, whole
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
                self._whole.left()
            except TransferError as over:
                silent, reason = _IN_A_ROW, over.reason
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
        if (listed.size or 0) > limit("fetched-bytes"):
            raise beyond("fetched-bytes")
        deadline = self._patience.for_one(self._whole)

        def attempt() -> None:
            if not _is_complete(part, listed):
                self._web.receive(f"{self._url}/{name}", part, is_archive, listed.size, "fetched-bytes", deadline)
            wrong = what_is_wrong(part, listed)
            if wrong:
                if listed.size is None or size_of(part) >= listed.size:
                    give_up(part)  # what is too short may be continued
                raise TransferError(wrong)

        self._patience.persist(attempt, lambda text: self._tell(f"{name}: {text}"), deadline)
        part.replace(self._place / name)
        return (self._place / name).stat().st_size


def _is_complete(part: Path, listed: Listed) -> bool:
    """Whether nothing need be asked for; a part that is too long is given up."""
    size = size_of(part)
    if listed.size is None or not size:
        return False
    if size > listed.size:
        give_up(part)
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
    known = sum(size for size in sizes if size is not None and size <= limit("fetched-bytes"))
    parts = sum(size_of(place / f"{name}.part") for name in to_fetch)
    said = [f"{known:,} bytes"] if len(sizes) > sizes.count(None) else []
    said += [f"{sizes.count(None)} of a size that no list tells"] if None in sizes else []
    said += [f"{parts:,} bytes are here in parts"] if parts else []
    said += [f"{len(present)} here already"] if present else []
    tell(f"GDELT {of.version}.0, files to fetch from {url} into {place}: {len(to_fetch)} ({', '.join(said) or 'nothing'})")
    free = shutil.disk_usage(place).free
    if known - parts > free:
        message = f"{place}: has room for {free:,} bytes, {known - parts:,} are wanted (choose another place with --into)"
        raise OutputError(message, source=str(place))


def _ways(plain: bool, proxy: str | None, addresses: bool) -> Iterator[str]:
    """What is to be known of the way that the files take."""
    if plain:
        yield "by plain http, as asked: whoever is on the way can read what is asked for, and change what comes"
    elif addresses:
        yield "by https: of the http:// addresses in the list only the names of the files are used"
    if proxy:
        yield f"by way of the proxy {proxy}, which the environment names (no_proxy=* does without)"


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[Path]:
    """The folder, begun if there is none, held so that no other run writes the same parts."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        reason = "it is no folder" if isinstance(err, FileExistsError | NotADirectoryError) else err.strerror
        raise OutputError(f"{folder}: cannot be written: {reason} (choose another place)", source=str(folder)) from None
    with locked(folder / _LOCK, wait=_WAIT):
        try:
            yield folder
        except OSError as err:
            place = err.filename or folder
            reason = err.strerror or str(err)
            raise OutputError(f"{place}: cannot be used: {reason} (choose another place)", source=str(place)) from None


def _checked(base_url: str, plain_http: bool) -> str:
    """A base URL without its last slash.

    Raises
    ------
    InputError
        If it is none, or by plain http without leave.
    """
    try:
        parts = urllib.parse.urlsplit(base_url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        good = good and not (parts.query or parts.fragment or parts.username or parts.password) and base_url.isascii()
        good = good and base_url.isprintable() and " " not in base_url and not base_url.endswith(("?", "#"))
    except ValueError:
        good = False
    if not good:
        raise InputError(f"--base-url {base_url[:200]}: wanted the address of a server, such as {BASE_URL}")
    if parts.scheme == "http" and not plain_http:
        hint = "write https://, or add --plain-http where there is no other way"
        raise InputError(f"--base-url {base_url}: got plain http, which anybody on the way can read and change ({hint})")
    return f"{parts.scheme}{base_url[len(parts.scheme) :]}".rstrip("/")
