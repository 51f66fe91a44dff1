"""One try to bring a file here: a request for what is missing of it, written to the end of what there is.

A part of n bytes is asked for from byte n on (Range). What comes back decides:

    206  from byte n                  goes on at the end
    206  from another byte            cannot be used; the part is given up, and the next try begins anew
    200  the server ignores ranges    begins anew, once its first bytes look right: a login page does not cost the part
    416  of a file of n bytes         nothing was missing; of any other length, the part is given up

A request goes nowhere that was not named: redirections are followed on the same scheme, host and port only, three at most.
Certificates are checked, and nothing switches that off. A server is not trusted with memory or time either: its head has a
bound, so has its body and whatever it wraps around it, every wait for a byte ends at the deadline, and what is packed for the
way (Content-Encoding), which was not asked for, is not unpacked.
"""

from __future__ import annotations

import functools
import http.client
import io
import itertools
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from detente.base.bounds import limit
from detente.record.fetching.heads import extent, whole_length
from detente.record.fetching.parts import give_up, size, written
from detente.record.fetching.patience import Deadline, TransferError, asked_pause, beyond

__all__ = ["Web"]

_CHUNK = 1 << 16
_START = 64  # so many bytes tell what it is
_HEAD = 1 << 17  # bytes of a head; a line of it has half of them at most
_REDIRECTIONS = 3
_REDIRECTED = {301, 302, 303, 307, 308}
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_GONE = {404, 410}
_HANDLERS = (
    urllib.request.ProxyHandler,
    urllib.request.UnknownHandler,
    urllib.request.HTTPErrorProcessor,
    urllib.request.HTTPDefaultErrorHandler,
)


class Web:
    """A way to ask servers for files: one connection at a time, named as this project and its version.

    timeout : seconds without a byte after which a connection is given up.
    """

    def __init__(self, timeout: float, now: Callable[[], datetime]) -> None:
        self._timeout, self._now = timeout, now
        self._certificates = functools.cache(ssl.create_default_context)  # whom this system, or SSL_CERT_FILE, believes
        self._agent = f"detente/{version('detente')} (detente record fetch; Python urllib)"

    @staticmethod
    def proxy(url: str) -> str | None:
        """The proxy by way of which a URL is asked for, without a password; None: there is none."""
        parts = urllib.parse.urlsplit(url)
        proxy = urllib.request.getproxies().get(parts.scheme)
        if not proxy or urllib.request.proxy_bypass(parts.netloc):
            return None
        return proxy.rpartition("@")[2].rpartition("://")[2].rstrip("/")

    def receive(
        self, url: str, part: Path, looks_right: Callable[[bytes], bool], most: int | None, bound: str, deadline: Deadline
    ) -> None:
        """Bring `part` to its whole length, from where it ends.

        looks_right : whether what is wanted can begin with these bytes. most : what is longer is not taken to its end.
        bound : the name of the bound on its bytes.

        Raises
        ------
        TransferError
            If the file is not whole afterwards. What has come is kept where it may be of use.
        OutputError
            If it cannot be written.
        """
        have = size(part)
        for _ in range(_REDIRECTIONS + 1):
            try:
                answer = self._open(url, have, limit(bound), deadline)
            except urllib.error.HTTPError as err:
                with err:
                    if err.code not in _REDIRECTED:
                        self._refused(err, have, part)
                        return
                    url = _next(url, err.headers.get("Location") or "")
                continue
            except (OSError, http.client.HTTPException, ValueError) as err:
                raise _failure(err, unreached=True) from None
            with answer:
                begin, whole = extent(answer.status, answer.headers)
                if begin not in (0, have):
                    give_up(part)
                    raise TransferError(f"the server answered from byte {begin:,}, not from {have:,}")
                if whole is not None and whole > limit(bound):
                    raise beyond(bound)
                _write(answer, part, begin, whole, looks_right, most, bound)
            return
        raise TransferError(f"is redirected more than {_REDIRECTIONS} times", again=False)

    def _open(self, url: str, have: int, most: int, deadline: Deadline) -> Any:
        headers = {"User-Agent": self._agent, **({"Range": f"bytes={have}-"} if have else {})}
        opener = urllib.request.OpenerDirector()
        answering = functools.partial(_Answer, most=most, deadline=deadline, timeout=self._timeout)
        for kind in _HANDLERS:
            opener.add_handler(kind())
        opener.add_handler(_Asking(answering, self._certificates))
        return opener.open(urllib.request.Request(url, headers=headers), timeout=min(self._timeout, deadline.left()))

    def _refused(self, err: urllib.error.HTTPError, have: int, part: Path) -> None:
        if err.code in _GONE:
            raise TransferError(f"the server has no such file ({err.code})", again=False, absent=True)
        if err.code == 416:
            if whole_length(err.headers) == have:
                return
            give_up(part)
            raise TransferError("what was here is longer than the file of the server (416)")
        wait = asked_pause(err.headers.get("Retry-After"), self._now())
        raise TransferError(f"the server answered {err.code} {err.reason}".rstrip(), again=err.code in _PASSING, wait=wait)


class _Asking(urllib.request.AbstractHTTPHandler):
    """Requests by http and https whose answers are of a kind."""

    def __init__(self, answering: Callable[..., http.client.HTTPResponse], certificates: Callable[[], ssl.SSLContext]) -> None:
        super().__init__()
        self._answering, self._certificates = answering, certificates

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection(http.client.HTTPConnection), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection(http.client.HTTPSConnection), req, context=self._certificates())

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def _connection(self, kind: type[http.client.HTTPConnection]) -> Any:
        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            made = kind(host, **options)
            made.response_class = self._answering  # type: ignore[assignment]
            return made

        return connection


class _Answer(http.client.HTTPResponse):
    """An answer whose head, body and duration are bounded."""

    def __init__(self, sock: Any, *arguments: Any, most: int, deadline: Deadline, timeout: float, **more: Any) -> None:
        super().__init__(sock, *arguments, **more)
        self.fp.close()
        self._most, self._source = most, _Bounded(sock, deadline, timeout)
        self.fp = io.BufferedReader(self._source)

    def begin(self, *arguments: Any, **more: Any) -> None:
        super().begin(*arguments, **more)
        if self.status in (200, 206):  # of any other, nothing but the head is of use
            self._source.room = self._most + self._most // 8 + (1 << 20)  # what stands around chunks included


class _Bounded(io.RawIOBase):
    """What comes over a connection: up to a number of bytes, and until a deadline."""

    def __init__(self, sock: Any, deadline: Deadline, timeout: float) -> None:
        self._sock, self._raw = sock, sock.makefile("rb", buffering=0)
        self._deadline, self._timeout = deadline, timeout
        self.room = _HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.room <= 0:
            raise TransferError("the server sends more than belongs to its answer")
        self._sock.settimeout(min(self._timeout, self._deadline.left()))
        got: int | None = self._raw.readinto(buffer)
        self.room -= got or 0
        return got

    def close(self) -> None:
        self._raw.close()
        super().close()


def _next(url: str, location: str) -> str:
    """Where a redirection leads, if it may be followed."""
    try:
        target = urllib.parse.urljoin(url, location)
        before, after = urllib.parse.urlsplit(url), urllib.parse.urlsplit(target)
        ports = [parts.port or {"http": 80, "https": 443}.get(parts.scheme) for parts in (before, after)]
    except ValueError:
        raise TransferError("is redirected to what is no address", again=False) from None
    if before.hostname != after.hostname:
        hint = "a login page of the network? else name it with --base-url"
        raise TransferError(f"is redirected to another host, {(after.hostname or '')[:80]} ({hint})", again=False)
    if before.scheme != after.scheme:
        hint = "name it with --base-url" if after.scheme == "https" else "it is not followed"
        raise TransferError(f"is redirected from {before.scheme} to {after.scheme[:20]} ({hint})", again=False)
    if ports[0] != ports[1]:
        raise TransferError(f"is redirected to another port, {ports[1]} (name it with --base-url)", again=False)
    if after.username is not None or after.password is not None:
        raise TransferError("is redirected to an address with a password", again=False)
    return target


def _write(
    answer: Any,
    part: Path,
    begin: int,
    whole: int | None,
    looks_right: Callable[[bytes], bool],
    most: int | None,
    bound: str,
) -> None:
    chunks = _chunks(answer)
    start = b""
    for chunk in chunks:  # the first may be a few bytes
        start += chunk
        if len(start) >= _START:
            break
    if not begin and not looks_right(start):
        raise TransferError(_instead(start, answer))
    have, bytes_ = begin, limit(bound)
    of = "" if whole is None else f" of {whole:,}"
    with written(part, "ab" if begin else "wb") as file:
        try:
            for chunk in itertools.chain([start], chunks):
                file.write(chunk)
                have += len(chunk)
                if most is not None and have > most:
                    return  # longer than listed: the check says so
                if have > bytes_:
                    give_up(part)
                    raise beyond(bound)
        except TransferError as cut:
            raise TransferError(f"after {have:,} bytes{of}: {cut.reason}", again=cut.again, unreached=cut.unreached) from None
    if whole is not None and have < whole:
        raise TransferError(f"the connection ended after {have:,} bytes{of}")


def _instead(start: bytes, answer: Any) -> str:
    """What came in place of a file."""
    packed = answer.headers.get("Content-Encoding")
    if packed:
        return f"it came packed for the way (Content-Encoding: {packed[:40]}), which was not asked for"
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
            raise _failure(err) from None
        if isinstance(answer.chunk_left, int) and answer.chunk_left < 0:
            raise TransferError("the answer is not HTTP (a chunk of less than nothing)")
        if not chunk:
            return
        yield chunk


def _failure(err: Exception, unreached: bool = False) -> TransferError:
    """Why nothing came, in a few words."""
    inner = err.reason if isinstance(err, urllib.error.URLError) else err
    if isinstance(inner, ssl.SSLCertVerificationError):
        why = f"the server cannot show that it is the one named: {inner.verify_message or inner.reason}"
        return TransferError(why, again=False, unreached=unreached)
    return TransferError(_why(inner), unreached=unreached)


def _why(inner: object) -> str:
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    if isinstance(inner, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(inner, ssl.SSLError):
        return f"the connection by https failed: {inner.reason or 'it was broken off'}"
    if isinstance(inner, ConnectionError):
        return "the connection was broken off"
    if isinstance(inner, OSError):
        return f"the server cannot be reached: {inner.strerror or inner}"
    if type(inner) in (http.client.LineTooLong, http.client.HTTPException):
        return f"the head of the answer is too long: {inner}"
    return f"the answer is not HTTP ({type(inner).__name__})" if isinstance(inner, Exception) else str(inner)
