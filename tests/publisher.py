"""A publisher of GDELT files on this machine, as unreliable or hostile as a test wants it.

For every path it is told what is done with one request after the other; when that is used up, it serves the file as it should.
"""

from __future__ import annotations

import hashlib
import io
import re
import ssl
import tempfile
import threading
import zipfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from eventfiles import GDELT1, GDELT2, gdelt_row, table

LOGIN = b"<!DOCTYPE html><html><title>Sign in to the network</title></html>"

# A key and a certificate for 127.0.0.1, good until 2120, which nobody trusts but a test that says so.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgz6aZ01tRqq1rQdlF
wC3oD21iEZTELywc56SUWTV93cGhRANCAARC6VvH/tl3vDu/hhUCgCpS9+49KUeU
dEzA9LiWjiWeswW06lGABx27Z3U7vi48LT99OGQ1RewNKKzqpBGCDGNz
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBhTCCASygAwIBAgIBATAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZwdWJsaXNo
ZXIgb2YgdGhlIHRlc3RzMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
WjAhMR8wHQYDVQQDDBZwdWJsaXNoZXIgb2YgdGhlIHRlc3RzMFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAEQulbx/7Zd7w7v4YVAoAqUvfuPSlHlHRMwPS4lo4lnrMF
tOpRgAcdu2d1O74uPC0/fThkNUXsDSis6qQRggxjc6NTMFEwDwYDVR0RBAgwBocE
fwAAATAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIChDAdBgNVHQ4EFgQU
pTEh819epJRm87pn+1Q4NqxrOSkwCgYIKoZIzj0EAwIDRwAwRAIgKQuhvGfz8MSB
UYklh3/17zzvpihn5CwLJc5CxiHtxpcCIGcc1gHFFn/dmKhhNWDG+kthvR4C7SRt
kj2bsQa6wVDK
-----END CERTIFICATE-----
"""


def archive(name: str, count: int = 3, first: int = 1, version: int = 1, noise: int = 0, **more: object) -> bytes:
    """A published file: events numbered from `first`; `noise`: bytes of a text that does not pack;
    `more`: cells of every event."""
    padding = "".join(hashlib.sha256(f"{name}{i}".encode()).hexdigest() for i in range(noise // 32))
    rows = [gdelt_row(first + n, SOURCEURL=f"https://example.org/{padding}", **more) for n in range(count)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        member = zipfile.ZipInfo(name.removesuffix(".zip"), (2018, 6, 1, 0, 0, 0))
        file.writestr(member, table(GDELT2 if version == 2 else GDELT1, rows, header=False), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@dataclass
class Publisher:
    """files: content by path. script: what is done with the next requests for a path. asked: path and Range, in order."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    script: defaultdict[str, deque[Callable[[Answering], None]]] = field(default_factory=lambda: defaultdict(deque))
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event, repr=False)

    def publish(self, contents: Mapping[str, bytes], version: int = 1, listed: Sequence[str] | None = None) -> None:
        """Publish files and the lists of them. listed : the names that the lists have; None: all."""
        below = "/events/" if version == 1 else "/gdeltv2/"
        self.files.update({below + name: content for name, content in contents.items()})
        shown = {name: contents[name] for name in contents if listed is None or name in listed}
        digest = {name: hashlib.md5(content, usedforsecurity=False).hexdigest() for name, content in shown.items()}
        if version == 1:
            self.files["/events/md5sums"] = "".join(f"{digest[name]}  {name}\n" for name in shown).encode()
            self.files["/events/filesizes"] = "".join(f"{len(shown[name])} {name}\n" for name in shown).encode()
        else:
            base = "http://data.example.org/gdeltv2"
            lines = (f"{len(shown[name])} {digest[name]} {base}/{name}\n" for name in sorted(shown))
            self.files["/gdeltv2/masterfilelist.txt"] = "".join(lines).encode()

    def will(self, path: str, *steps: Callable[[Answering], None]) -> None:
        """What is done with the next requests for a path."""
        self.script[path].extend(steps)

    def times(self, name: str) -> int:
        """How often a file was asked for."""
        return sum(path.rpartition("/")[2] == name for path, _ in self.asked)


class Answering(BaseHTTPRequestHandler):
    """One request. Every way to answer it is a function of this."""

    publisher: Publisher

    def do_GET(self) -> None:
        told = self.publisher
        told.asked.append((self.path, self.headers.get("Range", "")))
        told.agents.add(self.headers.get("User-Agent", ""))
        steps = told.script[self.path]
        (steps.popleft() if steps else serve)(self)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def head(self, code: int, **headers: object) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    @property
    def content(self) -> bytes | None:
        return self.publisher.files.get(self.path)

    @property
    def begin(self) -> int:
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(found[1]) if found else 0


def serve(to: Answering) -> None:
    """As it should be, ranges honoured."""
    _ranged(to, None)


def cut(after: int) -> Callable[[Answering], None]:
    """The connection ends after so many bytes of what was asked for."""
    return lambda to: _ranged(to, after)


def _ranged(to: Answering, after: int | None) -> None:
    content = to.content
    if content is None:
        to.head(404, Content_Length=0)
        return
    begin = to.begin
    if begin and begin >= len(content):
        to.head(416, Content_Range=f"bytes */{len(content)}", Content_Length=0)
        return
    rest = content[begin:]
    ranged = {"Content_Range": f"bytes {begin}-{len(content) - 1}/{len(content)}"} if begin else {}
    to.head(206 if begin else 200, Content_Length=len(rest), **ranged)
    to.wfile.write(rest if after is None else rest[:after])


def whole(to: Answering) -> None:
    """The whole file, whatever range was asked for."""
    content = to.content or b""
    to.head(200, Content_Length=len(content))
    to.wfile.write(content)


def truncated(size: int) -> Callable[[Answering], None]:
    """A file that was cut off where it is stored: it is served as if that were all of it, without a length."""

    def answer(to: Answering) -> None:
        to.head(200)
        to.wfile.write((to.content or b"")[:size])

    return answer


def wrong(to: Answering) -> None:
    """A file of the right length with one byte that is not."""
    content = bytearray(to.content or b"")
    content[len(content) // 2] ^= 1
    to.head(200, Content_Length=len(content))
    to.wfile.write(bytes(content))


def page(to: Answering) -> None:
    """The login page of a network, whatever was asked for."""
    to.head(200, Content_Type="text/html", Content_Length=len(LOGIN))
    to.wfile.write(LOGIN)


def says(code: int, **headers: object) -> Callable[[Answering], None]:
    """An answer without a file."""
    return lambda to: to.head(code, **{"Content_Length": 0, **headers})


def elsewhere(to: Answering) -> None:
    """From another byte than was asked for."""
    content = to.content or b""
    to.head(206, Content_Range=f"bytes 1-{len(content) - 1}/{len(content)}", Content_Length=len(content) - 1)
    to.wfile.write(content[1:])


def hang_up(to: Answering) -> None:
    """No answer at all."""
    to.close_connection = True


def raw(content: bytes, endless: bytes = b"") -> Callable[[Answering], None]:
    """These bytes and no others; `endless`: then these, again and again, until nobody takes them any more."""

    def answer(to: Answering) -> None:
        to.close_connection = True
        with suppress(OSError):
            to.wfile.write(content)
            while endless:
                to.wfile.write(endless)

    return answer


def dripping(content: bytes, drop: bytes = b"x") -> Callable[[Answering], None]:
    """These bytes, and then for ever a drop every now and then, so that the connection is never silent for long."""

    def answer(to: Answering) -> None:
        to.close_connection = True
        with suppress(OSError):
            to.wfile.write(content)
            while not to.publisher.over.wait(0.02):
                to.wfile.write(drop)

    return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that has gone."""


@contextmanager
def published(secure: bool = False) -> Iterator[Publisher]:
    """A publisher with a port of its own; secure : by https, with a certificate that nobody trusts."""
    handler = type("Handler", (Answering,), {})
    server = _Server(("127.0.0.1", 0), handler)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "certificate.pem").write_text(CERTIFICATE, encoding="ascii")
            context.load_cert_chain(Path(folder) / "certificate.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    told = Publisher(f"http{'s' * secure}://127.0.0.1:{server.server_port}")
    handler.publisher = told  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
