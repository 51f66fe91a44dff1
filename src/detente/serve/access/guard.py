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
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detente.base.bounds import limit
from detente.serve.access.access import LASTS, Access, csrf_of
from detente.serve.access.door import page_of_the_door
from detente.serve.access.limits import Tries
from detente.serve.access.person import Person, may
from detente.serve.store.audit import FROM

__all__ = ["POLICY", "Guard", "Site"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",  # with no-referrer a browser sends a form with the Origin null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_FIRST_PART = re.compile(
    rb'--[^\r\n]{1,70}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n([\x21-\x7e]{1,200})\r\n', re.I
)
_SECURE = {"strict-transport-security": "max-age=31536000"}
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = (None, "none", "same-origin")  # what Sec-Fetch-Site says of a request that no other site has caused
_FORM = 64_000  # bytes of the form of a login
_SLOW, _RATE = 30.0, 10_000  # seconds that a body may take, and for how many bytes one more


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

    app: ASGIApp
    access: Access
    site: Site
    tries: Tries = field(default_factory=Tries)
    told: Callable[[Exception], None] | None = None
    _hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send, self.site.is_secure))
        elif scope["type"] == "websocket":  # there is none here
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request = Request(scope, _bounded(receive, limit("bytes"), request.headers.get("content-length", "")))
        FROM.set(_from(request))
        try:
            met = await self._met(request)
            if isinstance(met, Response):
                await met(scope, receive, send)
            else:
                await self.app(scope, met, send)
        except ClientDisconnect:  # nobody waits for an answer
            pass
        except _BodyError as err:
            await PlainTextResponse(f"{err.detail}\n", err.status_code)(scope, receive, send)
        except Exception as err:
            if self.told is None:
                raise
            self.told(err)

    async def _met(self, request: Request) -> Response | Receive:
        """What a request is answered; or, where it is let through, what the application receives of it."""
        method, path = request.method, request.scope["path"]
        if path == "/healthz" and method in ("GET", "HEAD"):
            return PlainTextResponse("ok\n")
        if refused := self._foreign(request):
            return refused
        session = request.cookies.get(self.site.cookie, "")
        token = request.query_params.get("token")
        if path == "/" and method == "GET" and token:
            return await self._open(request, token, session)
        if path == "/login" and not self.access.local:
            return await self._login(request)
        person = await self._person(session)
        if person is None:
            return self._outside(request)
        if not may(person, method, path):
            await self._note(person.name, "refused", f"{method} {path}")
            return PlainTextResponse("Your account does not reach this far.\n", 403)
        receive, csrf = request.receive, csrf_of(session)
        if method not in _READING:
            given, receive = await _csrf(request)
            if not hmac.compare_digest(given.encode("utf-8", "replace"), csrf.encode("ascii")):
                return PlainTextResponse("This page is out of date: load it anew and try again.\n", 403)
        if path == "/logout" and method == "POST":
            await asyncio.to_thread(self.access.end, session)
            await self._note(person.name, "logout")
            return RedirectResponse("/login" if not self.access.local else "/", 303, self._cookie("", 0))
        request.state.person, request.state.csrf = person, csrf
        return receive

    def _foreign(self, request: Request) -> Response | None:
        """What a request from elsewhere is answered; None: it is none."""
        if _only(request, "host") not in self.site.hosts:
            return PlainTextResponse("This address is not that of the workbench.\n", 421)
        opens = request.method in ("GET", "HEAD") and _only(request, "sec-fetch-mode") == "navigate"
        led = _only(request, "sec-fetch-site") not in _OURS and not opens
        if led or _only(request, "origin") not in (None, *self.site.origins):
            return PlainTextResponse("This request was sent by another site.\n", 403)
        return None

    async def _person(self, session: str) -> Person | None:
        return await asyncio.to_thread(self.access.person, session) if session else None

    async def _note(self, who: str, what: str, about: str = "") -> None:
        await asyncio.to_thread(self.access.audit.note, who, what, about)

    def _cookie(self, session: str, seconds: int = int(LASTS.total_seconds())) -> dict[str, str]:
        secure = "; Secure" if self.site.is_secure else ""
        cookie = f"{self.site.cookie}={session}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
        return {"set-cookie": cookie}

    async def _open(self, request: Request, token: str, session: str) -> Response:
        """The address with its token.

        A redirect goes on as what it began as: one that another page has begun, a mail or the file that opens the browser,
        would not bring the cookie. Then a page of ours leads on.
        """
        made: str | None = await asyncio.to_thread(self.access.opened, token)
        if made is not None:
            await self._note(self.access.local_name, "opened")
        elif await self._person(session) is None:  # else it was opened a second time by whoever is in already
            await self._note("", "refused", "an address that was used")
            return _door(401, local=True, said="This address has been opened before.")
        cookie = {} if made is None else self._cookie(made)
        if _only(request, "sec-fetch-site") in _OURS:
            return RedirectResponse("/", 303, cookie)
        return PlainTextResponse("Opening ...\n", headers={"refresh": "0; url=/", **cookie})

    async def _login(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD"):
            return _door(200, local=False)
        if request.method != "POST" or _only(request, "origin") not in self.site.origins:
            return PlainTextResponse("Log in on the page of the workbench.\n", 403)
        body = await Request(request.scope, _bounded(request.receive, _FORM)).body()
        form = parse_qs(body.decode("utf-8", "replace"))
        name, password = form.get("name", [""])[0], form.get("password", [""])[0]
        wait = self.tries.begin(name, _from(request))
        if wait > 0:
            said = f"Too many wrong passwords: try again in {wait / 60:.0f} minutes." if wait > 90 else "Try again in a minute."
            return _door(429, local=False, said=said, headers={"retry-after": str(int(wait) + 1)})
        async with self._hashing:  # so that many who log in leave threads for those who are in
            person: Person | None = await asyncio.to_thread(self.access.login, name, password)
        if person is None:
            await self._note(name, "refused", "login")
            return _door(401, local=False, said="There is no account with this name and password.")
        self.tries.forgive(name, _from(request))
        session = await asyncio.to_thread(self.access.begin, person)
        await self._note(person.name, "login")
        return RedirectResponse("/", 303, self._cookie(session))

    def _outside(self, request: Request) -> Response:
        """What somebody without a session is answered."""
        if request.method not in ("GET", "HEAD") or "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": "log in first"}, 401)
        return _door(401, local=True) if self.access.local else RedirectResponse("/login", 303)


class _BodyError(HTTPException):
    """A body that is not taken; of a kind that the application lets through, or answers itself."""


def _too_large(most: int) -> _BodyError:
    return _BodyError(413, f"More than {most:,} bytes: nothing was taken (a longer file of events: `detente record import`).")


def _only(request: Request, name: str) -> str | None:
    """A header, None: none. One that is sent twice is none of ours: both values are kept, so that neither is believed."""
    found = request.headers.getlist(name)
    return ", ".join(found) if found else None


def _from(request: Request) -> str:
    return request.client.host if request.client else ""


def _bounded(receive: Receive, most: int, stated: str = "") -> Receive:
    """What is received, as far as it is no more than so many bytes and does not trickle; after the body nothing is timed.

    stated : how many bytes will come; too many are refused at once, not when all of them have come.
    """
    size, whole, began = 0, False, time.monotonic()

    async def bounded() -> Message:
        nonlocal size, whole
        if stated.isdecimal() and int(stated[:20]) > most:
            raise _too_large(most)
        try:
            left = began + _SLOW + size / _RATE - time.monotonic()
            message = await (receive() if whole else asyncio.wait_for(receive(), left))
        except TimeoutError:
            raise _BodyError(408, "The request came too slowly: nothing was taken (try again).") from None
        size += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if size > most:
            raise _too_large(most)
        return message

    return bounded


async def _csrf(request: Request) -> tuple[str, Receive]:
    """The token that a change brings, and what the application receives: its body as it was."""
    given = _only(request, "x-csrf-token")
    kind = request.headers.get("content-type", "")
    if given is not None or not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return given or "", request.receive
    body = await request.body()
    if kind.startswith("multipart/"):  # the forms here have their token before the file
        found = _FIRST_PART.match(body)
        given = found[1].decode("ascii") if found else ""
    else:
        given = parse_qs(body.decode("utf-8", "replace")).get("csrf", [""])[0]
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await request.receive()

    return given, again


def _with_headers(send: Send, secure: bool) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {**_HEADERS, **(_SECURE if secure else {})}.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded


def _door(status: int, *, local: bool, said: str = "", headers: dict[str, str] | None = None) -> Response:
    """A page of the door, with the policy that goes with it."""
    text, policy = page_of_the_door(local=local, said=said)
    return HTMLResponse(text, status, {"content-security-policy": policy, **(headers or {})})
