"""The socket, the first line, signals: how the workbench begins and ends.

The socket is bound before anything is told, so that an address that is printed is one that answers; the first line on standard
output is that address, and nothing else is printed there. SIGTERM, SIGINT and SIGHUP end it: no new request is taken, streams
are closed, work under way is interrupted and said to be, the database is closed; a second signal ends it at once. Only this
module of the workbench knows sockets, and it only listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from detente.errors import InputError

__all__ = ["bound", "check_certificate", "is_loopback", "serve"]

_MOST = 400  # connections at once
_TURN = 0.001  # seconds that a thread may keep another waiting: a page is not to wait for a save
_PATIENCE = 2  # seconds for requests under way when it ends
_HEAD = 20  # seconds for the head of a request to come, from the connection or from its first byte on
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine alone."""
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ip_address(host.strip("[]")).is_loopback
    return False


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens. port : 0: any that is free.

    Raises
    ------
    InputError
        If the port is taken, or if the address is none of this machine.
    """
    wanted = "127.0.0.1" if host == "localhost" else host.strip("[]")
    made = socket.socket(socket.AF_INET6 if ":" in wanted else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((wanted, port))
        made.listen(128)
    except OSError as err:
        made.close()
        reason = "is taken" if err.errno == 98 else err.strerror or type(err).__name__
        raise InputError(f"{host}:{port}: {reason} (choose another: --port 0 takes one that is free)", source="port") from None
    made.set_inheritable(False)
    return made


def check_certificate(certificate: str, key: str) -> None:
    """That two files are a certificate and its key.

    Raises
    ------
    InputError
        If they are not, or cannot be read.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as err:  # of which an error of TLS is one
        reason = err.strerror or type(err).__name__
        raise InputError(
            f"{certificate}, {key}: cannot be used: {reason} (wanted a certificate and its key, both PEM)"
        ) from None


def serve(
    app: Any, listener: socket.socket, *, began: Callable[[], None], ends: Callable[[], None],
    certificate: str | Path | None = None, key: str | Path | None = None, proxied: bool = False,
) -> None:  # fmt: skip
    """Serve an application until a signal comes. What a service manager sends is its ordinary end.

    Raises
    ------
    KeyboardInterrupt
        Once it has ended, if Ctrl-C ended it.

    began : called once it answers. ends : called when it is about to end, before streams are waited for. certificate, key : for
    https, PEM files. proxied : whether a proxy on this machine tells from where a request comes (X-Forwarded-For).
    """
    import h11
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Patient(H11Protocol):
        """Closes a connection on which no request comes: `_MOST` of them would keep everybody else out for good."""

        late: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.late = self.loop.call_later(_HEAD, transport.close)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            state, cycle = self.conn.their_state, self.cycle
            begun = state is h11.IDLE and bool(self.conn.trailing_data[0])  # a head that is not whole yet
            begun |= state is h11.SEND_BODY and cycle is not None and cycle.response_complete  # a body that nobody reads
            if not begun and self.late is not None:
                self.late.cancel()
                self.late = None
            elif begun and self.late is None:
                self.late = self.loop.call_later(_HEAD, self.transport.close)

        def connection_lost(self, exc: Exception | None) -> None:
            if self.late is not None:
                self.late.cancel()
            super().connection_lost(exc)

    class Server(uvicorn.Server):
        typed = False

        def handle_exit(self, sig: int, frame: Any) -> None:
            self.typed = self.typed or sig == signal.SIGINT
            super().handle_exit(sig, frame)

        @contextlib.contextmanager
        def capture_signals(self) -> Any:
            loop = asyncio.get_running_loop()
            for number in _SIGNALS:
                loop.add_signal_handler(number, self.handle_exit, number, None)
            try:
                yield
            finally:
                for number in _SIGNALS:
                    loop.remove_signal_handler(number)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            began()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await asyncio.to_thread(ends)
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app, http=Patient, log_config=None, log_level="error", access_log=False, lifespan="on", ws="none",
        server_header=False, limit_concurrency=_MOST,
        timeout_graceful_shutdown=_PATIENCE, proxy_headers=proxied, forwarded_allow_ips="127.0.0.1,::1",
        ssl_certfile=certificate, ssl_keyfile=key, h11_max_incomplete_event_size=32_768,
    )  # fmt: skip
    sys.setswitchinterval(_TURN)
    server = Server(config)
    server.run(sockets=[listener])
    if server.typed:
        raise KeyboardInterrupt
