"""The guard: pure ASGI before every route, so that nothing is reached past it - no page, no file, no stream, no web socket.

In this order, and each only if the one before let it through:

1. `GET /healthz` is answered: the one thing that is open.
2. The Host must be ours, or another site's name could be made to point here (DNS rebinding).
3. The Origin, where a browser sends one, must be ours; a request that another site has caused (Sec-Fetch-Site) is refused,
   unless it only opens a page.
4. `GET /?token=...` changes a token into a cookie, once; `/login` changes a name and password into one.
5. Everything else needs a session: a page is sent to the door, anything else is refused with 401.
6. The role must reach that far (`person.may`), or it is refused with 403.
7. A change must bring the token of its session (CSRF), and no body may be larger than a file may be.

Every answer carries a policy that lets nothing in from elsewhere, no inline script or style among it.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.exceptions import HTTPException

from detente.base.bounds import limit
from detente.serve.access.access import LASTS, Access, csrf_of
from detente.serve.access.door import page_of_the_door
from detente.serve.access.limits import Tries
from detente.serve.access.person import Person, may

__all__ = ["POLICY", "Guard", "Site"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)
_HEADERS = {
    b"content-security-policy": POLICY.encode("ascii"),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",
    b"referrer-policy": b"same-origin",  # with no-referrer a browser sends a form with the Origin null
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cache-control": b"no-store",
}
_FIRST_PART = re.compile(
    rb'--[^\r\n]{1,70}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n([\x21-\x7e]{1,200})\r\n', re.I
)
_SECURE = {b"strict-transport-security": b"max-age=31536000"}
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM = 64_000  # bytes of a form that is looked through for its token


@dataclass(frozen=True)
class Site:
    """Where the workbench stands. origins : its own, as a browser names them; the first is the one it is told as."""

    origins: tuple[str, ...]

    @property
    def hosts(self) -> frozenset[str]:
        """What the Host may be: with the port, and without where it is the usual one."""
        found = set[str]()
        for origin in self.origins:
            parts = urlsplit(origin)
            found.add(parts.netloc)
            usual = {"http": 80, "https": 443}[parts.scheme]
            if parts.port in (None, usual):
                bare = parts.netloc.removesuffix(f":{usual}")
                found |= {bare, f"{bare}:{usual}"}
        return frozenset(found)

    @property
    def is_secure(self) -> bool:
        """Whether it is reached by https."""
        return self.origins[0].startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the cookie. Ports share their cookies, so two workbenches on one machine need two names."""
        return "__Host-detente" if self.is_secure else f"detente-{urlsplit(self.origins[0]).port or 80}"


@dataclass
class Guard:
    """An application with its guard before it. told : what is done with a fault of ours, once it has been answered; None: it is
    raised on."""

    app: App
    access: Access
    site: Site
    tries: Tries = field(default_factory=Tries)
    told: Callable[[Exception], None] | None = None
    _hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            send = _with_headers(send, self.site.is_secure)
            try:
                await self._http(scope, receive, send)
            except _TooLargeError as err:
                await _answer(send, 413, f"{err.detail}\n".encode(), "text/plain")
            except Exception as err:
                if self.told is None:
                    raise
                self.told(err)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if path == "/healthz" and method in ("GET", "HEAD"):
            await _answer(send, 200, b"ok\n", "text/plain")
            return
        headers = _headers(scope)
        refused = self._foreign(scope, headers)
        if refused:
            await _answer(send, *refused)
            return
        session = self._session(headers)
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        if path == "/" and method == "GET" and "token" in query:
            await self._open(scope, send, query["token"][0], session, headers.get("sec-fetch-site", "none"))
            return
        if path == "/login" and not self.access.local:
            await self._login(scope, receive, send, headers)
            return
        person = await self._person(session)
        if person is None:
            await self._refuse(scope, send, headers)
            return
        if not may(person, method, path):
            await asyncio.to_thread(self.access.audit.note, person.name, "refused", f"{method} {path}", _from(scope))
            await _answer(send, 403, b"Your account does not reach this far.\n", "text/plain")
            return
        receive = _bounded(receive, limit("bytes"))
        if method not in _READING:
            given, receive = await _csrf(headers, receive)
            if not hmac.compare_digest(given.encode("utf-8", "replace"), csrf_of(session).encode("ascii")):
                await _answer(send, 403, b"This page is out of date: load it anew and try again.\n", "text/plain")
                return
        if path == "/logout" and method == "POST":
            await asyncio.to_thread(self.access.end, session)
            await asyncio.to_thread(self.access.audit.note, person.name, "logout", "", _from(scope))
            await _redirect(send, "/login" if not self.access.local else "/", self._cookie("", 0))
            return
        scope.setdefault("state", {}).update(person=person, csrf=csrf_of(session))
        await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        session = self._session(headers)
        person = await self._person(session)
        if person is None or "origin" not in headers or self._foreign(scope, headers) or not may(person, "GET", scope["path"]):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        scope.setdefault("state", {}).update(person=person, csrf=csrf_of(session))
        await self.app(scope, receive, send)

    def _foreign(self, scope: Scope, headers: dict[str, str]) -> tuple[int, bytes, str] | None:
        """What a request from elsewhere is answered; None: it is none."""
        if headers.get("host", "") not in self.site.hosts:
            return 421, b"This address is not that of the workbench.\n", "text/plain"
        if "origin" in headers and headers["origin"] not in self.site.origins:
            return 403, b"This request was sent by another site.\n", "text/plain"
        opens = scope.get("method") in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not opens:
            return 403, b"This request was sent by another site.\n", "text/plain"
        return None

    def _session(self, headers: dict[str, str]) -> str:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.site.cookie)
        except CookieError:
            return ""
        return found.value if found else ""

    async def _person(self, session: str) -> Person | None:
        return await asyncio.to_thread(self.access.person, session) if session else None

    def _cookie(self, session: str, seconds: int) -> str:
        secure = "; Secure" if self.site.is_secure else ""
        return f"{self.site.cookie}={session}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"

    async def _open(self, scope: Scope, send: Send, token: str, session: str, by: str) -> None:
        """The address with its token. by : the kind of site that has led here.

        A redirect goes on as what it began as: one that another page has begun, a mail or the file that opens the browser,
        would not bring the cookie. Then a page of ours leads on.
        """
        onwards = _redirect if by in ("none", "same-origin") else _leads_on
        made: str | None = await asyncio.to_thread(self.access.opened, token)
        if made is not None:
            await asyncio.to_thread(self.access.audit.note, self.access.local_name, "opened", "", _from(scope))
            await onwards(send, "/", self._cookie(made, int(LASTS.total_seconds())))
        elif await self._person(session) is not None:
            await onwards(send, "/")  # the address was opened a second time by whoever is in already
        else:
            await asyncio.to_thread(self.access.audit.note, "", "refused", "an address that was used", _from(scope))
            await _page(send, 401, page_of_the_door(local=True, said="This address has been opened before."))

    async def _login(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        if scope["method"] in ("GET", "HEAD"):
            await _page(send, 200, page_of_the_door(local=False))
            return
        if scope["method"] != "POST" or headers.get("origin") not in self.site.origins:
            await _answer(send, 403, b"Log in on the page of the workbench.\n", "text/plain")
            return
        form = parse_qs((await _body(receive, _FORM)).decode("utf-8", "replace"))
        name, password = form.get("name", [""])[0], form.get("password", [""])[0]
        address = _from(scope)
        wait = self.tries.begin(name, address)
        if wait > 0:
            said = f"Too many wrong passwords: try again in {wait / 60:.0f} minutes." if wait > 90 else "Try again in a minute."
            await _page(send, 429, page_of_the_door(local=False, said=said), [(b"retry-after", str(int(wait) + 1).encode())])
            return
        async with self._hashing:  # so that many who log in leave threads for those who are in
            person: Person | None = await asyncio.to_thread(self.access.login, name, password)
        if person is None:
            await asyncio.to_thread(self.access.audit.note, name, "refused", "login", address)
            await _page(send, 401, page_of_the_door(local=False, said="There is no account with this name and password."))
            return
        self.tries.forgive(name, address)
        session = await asyncio.to_thread(self.access.begin, person)
        await asyncio.to_thread(self.access.audit.note, person.name, "login", "", address)
        await _redirect(send, "/", self._cookie(session, int(LASTS.total_seconds())))

    async def _refuse(self, scope: Scope, send: Send, headers: dict[str, str]) -> None:
        opens = scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")
        if not opens:
            await _answer(send, 401, b'{"error": "log in first"}\n', "application/json")
        elif self.access.local:
            await _page(send, 401, page_of_the_door(local=True))
        else:
            await _redirect(send, "/login")


class _TooLargeError(HTTPException):
    """More bytes than anybody may send; of a kind that the application lets through, or answers itself."""

    def __init__(self, most: int) -> None:
        super().__init__(
            413, f"More than {most:,} bytes: nothing was taken (a longer file of events: `detente record import`)."
        )


def _headers(scope: Scope) -> dict[str, str]:
    """The headers by name; one that is sent twice is none of ours, and both values are kept so that neither is believed."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = f"{found[key]}, {value.decode('latin-1')}" if key in found else value.decode("latin-1")
    return found


def _from(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _bounded(receive: Receive, most: int) -> Receive:
    size = 0

    async def bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise _TooLargeError(most)
        return message

    return bounded


async def _body(receive: Receive, most: int) -> bytes:
    parts, size = list[bytes](), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _TooLargeError(most)
        if not message.get("more_body"):
            return b"".join(parts)


async def _csrf(headers: dict[str, str], receive: Receive) -> tuple[str, Receive]:
    """The token that a change brings, and its body as it was."""
    if "x-csrf-token" in headers:
        return headers["x-csrf-token"], receive
    kind = headers.get("content-type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return "", receive
    body = await _body(receive, limit("bytes"))
    if kind.startswith("multipart/"):  # the forms here have their token before the file
        found = _FIRST_PART.match(body)
        given = found[1].decode("ascii") if found else ""
    else:
        given = parse_qs(body.decode("utf-8", "replace")).get("csrf", [""])[0]
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return given, again


def _with_headers(send: Send, secure: bool) -> Send:
    headers = {**_HEADERS, **(_SECURE if secure else {})}

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message.get("headers", ())}
            more = [(name, value) for name, value in headers.items() if name not in given]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return guarded


async def _answer(send: Send, status: int, body: bytes, kind: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    about = [(b"content-type", f"{kind}; charset=utf-8".encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*about, *headers]})
    await send({"type": "http.response.body", "body": body})


async def _page(send: Send, status: int, page: tuple[str, str], headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """A page of the door, with the policy that goes with it."""
    text, policy = page
    await _answer(send, status, text.encode(), "text/html", [(b"content-security-policy", policy.encode()), *headers])


async def _leads_on(send: Send, to: str, cookie: str = "") -> None:
    headers = [(b"refresh", f"0; url={to}".encode("ascii")), *([(b"set-cookie", cookie.encode("ascii"))] if cookie else ())]
    await _answer(send, 200, b"Opening ...\n", "text/plain", headers)


async def _redirect(send: Send, to: str, cookie: str = "") -> None:
    headers = [(b"location", to.encode("ascii")), *([(b"set-cookie", cookie.encode("ascii"))] if cookie else ())]
    await _answer(send, 303, b"", "text/plain", headers)
