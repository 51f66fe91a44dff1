"""One try to bring a file here: a request for what is missing of it, written to the end of what there is.

A part of n bytes is asked for from byte n on (Range). What comes back decides:

    206  from byte n                  goes on at the end
    206  from another byte            cannot be used; the part is given up, and the next try begins anew
    200  the server ignores ranges    begins anew, once its first bytes look right: a login page does not cost the part
    416  of a file of n bytes         nothing was missing; of any other length, the part is given up

Redirections are followed on the same host only, and never from https to http: a request goes nowhere that was not named.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import itertools
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import Message
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Literal

from detente.errors import OutputError
from detente.record.fetching.patience import TransferError, asked_pause

__all__ = ["Web"]

_CHUNK = 1 << 16
_START = 64  # so many bytes tell what it is
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_GONE = {404, 410}


class _SameHost(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        before, after = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if before.hostname != after.hostname:
            fp.close()
            reason = (
                f"is redirected to another host, {after.hostname} (a login page of the network? else name it with --base-url)"
            )
            raise TransferError(reason, again=False)
        if before.scheme == "https" != after.scheme:
            fp.close()
            raise TransferError(f"is redirected from https to {after.scheme}", again=False)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


class Web:
    """A way to ask servers for files: one connection at a time, named as this project and its version."""

    def __init__(self, timeout: float, now: Callable[[], datetime]) -> None:
        self._timeout, self._now = timeout, now
        self._opener = urllib.request.build_opener(_SameHost)
        self._agent = f"detente/{version('detente')} (detente record fetch; Python urllib)"

    def receive(self, url: str, part: Path, looks_right: Callable[[bytes], bool], most: int | None) -> None:
        """Bring `part` to its whole length, from where it ends.

        looks_right : whether what is wanted can begin with these bytes. most : more bytes than this are not taken.

        Raises
        ------
        TransferError
            If the file is not whole afterwards. What has come is kept where it may be of use.
        OutputError
            If it cannot be written.
        """
        have = _size(part)
        headers = {"User-Agent": self._agent, **({"Range": f"bytes={have}-"} if have else {})}
        try:
            answer = self._opener.open(urllib.request.Request(url, headers=headers), timeout=self._timeout)
        except urllib.error.HTTPError as err:
            with err:
                self._refused(err, have, part)
            return
        except (OSError, http.client.HTTPException, ValueError) as err:
            raise TransferError(_why(err), unreached=True) from None
        with answer:
            begin, whole = _extent(answer)
            if begin not in (0, have):
                _give_up(part)
                raise TransferError(f"the server answered from byte {begin:,}, not from {have:,}")
            _write(answer, part, begin, whole, looks_right, most)

    def _refused(self, err: urllib.error.HTTPError, have: int, part: Path) -> None:
        if err.code in _GONE:
            raise TransferError(f"the server has no such file ({err.code})", again=False, absent=True)
        if err.code == 416:
            of = re.search(r"\*/(\d+)", err.headers.get("Content-Range", ""))
            if of and int(of[1]) == have:
                return
            _give_up(part)
            raise TransferError("what was here is longer than the file of the server (416)")
        wait = asked_pause(err.headers.get("Retry-After"), self._now())
        raise TransferError(f"the server answered {err.code} {err.reason}".rstrip(), again=err.code in _PASSING, wait=wait)


def _extent(answer: Any) -> tuple[int, int | None]:
    """The byte from which an answer begins, and the length of the whole file where it is told."""
    told = answer.headers.get("Content-Length") or ""
    length = int(told) if told.isdecimal() else None
    if answer.status != 206:
        return 0, length
    found = re.match(r"bytes (\d+)-(\d+)/(\d+|\*)", answer.headers.get("Content-Range") or "")
    if not found:
        return -1, None
    return int(found[1]), int(found[2]) + 1 if found[3] == "*" else int(found[3])


def _write(
    answer: Any, part: Path, begin: int, whole: int | None, looks_right: Callable[[bytes], bool], most: int | None
) -> None:
    chunks = _chunks(answer)
    start = b""
    for chunk in chunks:  # the first may be a few bytes
        start += chunk
        if len(start) >= _START:
            break
    if not begin and not looks_right(start):
        raise TransferError(_instead(start))
    have = begin
    of = "" if whole is None else f" of {whole:,}"
    with _written(part, "ab" if begin else "wb") as file:
        try:
            for chunk in itertools.chain([start], chunks):
                file.write(chunk)
                have += len(chunk)
                if most is not None and have > most:
                    return  # longer than listed: the check says so
        except TransferError as cut:
            raise TransferError(f"after {have:,} bytes{of}: {cut.reason}") from None
    if whole is not None and have < whole:
        raise TransferError(f"the connection ended after {have:,} bytes{of}")


@contextlib.contextmanager
def _written(part: Path, mode: Literal["ab", "wb"]) -> Iterator[IO[bytes]]:
    """The part, opened; on the disk afterwards, whatever happens."""
    try:
        with part.open(mode) as file:
            try:
                yield file
            finally:
                file.flush()
                os.fsync(file.fileno())
    except OSError as err:
        hint = "make room, and run it again: it goes on from here" if err.errno == errno.ENOSPC else "choose another place"
        raise OutputError(f"{part}: cannot be written: {err.strerror} ({hint})", source=str(part)) from None


def _instead(start: bytes) -> str:
    """What came in place of a file."""
    if not start:
        return "nothing came"
    if start.lstrip().startswith(b"<"):
        return "a web page came in its place (a proxy, or a login page of the network?)"
    return "something else came in its place"


def _chunks(answer: Any) -> Iterator[bytes]:
    """What comes, piece by piece; TransferError where the connection breaks."""
    while True:
        try:
            chunk = answer.read1(_CHUNK)
        except http.client.IncompleteRead as err:
            if err.partial:
                yield err.partial
            raise TransferError("the connection was broken off") from None
        except (OSError, http.client.HTTPException, ValueError) as err:
            raise TransferError(_why(err)) from None
        if not chunk:
            return
        yield chunk


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except OSError:
        return 0


def _give_up(part: Path) -> None:
    part.unlink(missing_ok=True)


def _why(err: Exception) -> str:
    """Why nothing came, in a few words."""
    inner = err.reason if isinstance(err, urllib.error.URLError) else err
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    if isinstance(inner, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(inner, ConnectionError):
        return "the connection was broken off"
    if isinstance(inner, OSError):
        return f"the server cannot be reached: {inner.strerror or inner}"
    return f"the answer is not HTTP ({type(inner).__name__})" if isinstance(inner, Exception) else str(inner)
