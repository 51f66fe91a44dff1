"""How `detente serve` begins: the folder held, the socket bound, who may come in settled, the address told."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from detente.base.atomic import write_atomic
from detente.base.lock import locked
from detente.errors import InputError, OutputError
from detente.serve.access.access import Access
from detente.serve.access.guard import Site
from detente.serve.app import make_app
from detente.serve.bench import Workbench, workers_of
from detente.serve.folder import Folder
from detente.serve.listening import bound, check_certificate, is_loopback, serve
from detente.serve.store.audit import Audit
from detente.serve.store.database import Database, belongs

__all__ = ["accounts_of", "begin", "site_of"]


def begin(
    workspace: str, *, host: str, port: int, origin: str | None, certificate: str | None, key: str | None,
    database: str | None, opens: bool, say: Callable[[str], None], aside: Callable[[str], None],
) -> None:  # fmt: skip
    """Serve a workspace until a signal comes.

    opens : open a browser. say, aside : print on standard output, and beside it.

    Raises
    ------
    InputError
        If something given cannot be used, with one next step.
    """
    if not 0 <= port <= 65535:
        raise InputError(f"--port: got {port}, wanted 0 to 65535")
    if bool(certificate) != bool(key):
        raise InputError("--certificate and --key go together; give both or neither")
    if certificate and key:
        check_certificate(certificate, key)
    local = is_loopback(host) and origin is None
    given = None if origin is None else _origin(origin)
    if not local and given is None:
        raise InputError(
            f"--host: got {host}, which others can reach; say how they do: --origin https://NAME"
            " (with --certificate and --key, or behind a proxy that has them)"
        )
    folder = Folder(workspace)
    with locked(folder.own / "lock", wait=0, error=InputError):
        listener = bound(host, port)
        real = listener.getsockname()[1]
        name = None if not local else os.environ.get("USER") or os.environ.get("USERNAME") or "local"
        bench = Workbench(
            folder, database=database or os.environ.get("DETENTE_DATABASE"), local=local, local_name=name or "local",
            workers=workers_of(), apart=True,
        )  # fmt: skip
        site = site_of(host, real, given)
        if not local and not bench.access.accounts():
            aside("detente: there is no account yet; make one: detente serve account FOLDER NAME --role admin")
        address = f"{site.origins[0]}/" + (f"?token={bench.access.link()}" if local else "")

        def began() -> None:
            say(address)
            if opens and local:
                threading.Thread(target=_open, args=(folder, address), daemon=True).start()

        app = make_app(bench, site)
        app.told = lambda err: _fault(err, aside)
        serve(
            app, listener, began=began, ends=bench.jobs.close, certificate=certificate, key=key,
            proxied=given is not None and certificate is None,
        )  # fmt: skip


def _fault(err: Exception, aside: Callable[[str], None]) -> None:
    """Say a fault of ours in a line; where it was, for who asks for it by `--debug`."""
    if os.environ.get("DETENTE_DEBUG", "0") not in ("", "0"):
        import traceback

        aside("".join(traceback.format_exception(err)).rstrip())
    aside(
        f"detente: serve: a fault of ours: {type(err).__name__}: {' '.join(str(err).split())[:300]} (please report this line)"
    )


def _open(folder: Folder, address: str) -> None:
    """Open a browser by a file that only its owner can read: anybody sees the arguments of a command, with the token."""
    import webbrowser

    page = folder.own / "open.html"
    with contextlib.suppress(OutputError):
        write_atomic(page, f'<!doctype html><meta http-equiv="refresh" content="0; url={address}">\n', mode=0o600)
        webbrowser.open(page.as_uri())


@contextlib.contextmanager
def accounts_of(workspace: str, database: str | None) -> Iterator[Access]:
    """The accounts of a workspace, whether it is being served or not.

    Raises
    ------
    InputError
        If the folder or the database cannot be used.
    """
    folder = Folder(workspace)
    kept = Database(database or os.environ.get("DETENTE_DATABASE") or folder.own / "workbench.sqlite")
    try:
        belongs(kept, folder)
        yield Access(kept, Audit(kept), local=False)
    finally:
        kept.close()


def site_of(host: str, port: int, origin: str | None = None) -> Site:
    """Where the workbench stands, as browsers name it. origin : as it was given, if it was."""
    if origin is not None:
        return Site((origin,))
    shown = f"[{host.strip('[]')}]" if ":" in host else host
    names = dict.fromkeys((shown, "127.0.0.1", "localhost", "[::1]"))
    return Site(tuple(f"http://{name}:{port}" for name in names))


def _origin(given: str) -> str:
    parts = urlsplit(given.rstrip("/"))
    if parts.scheme != "https" or not parts.hostname or parts.path or parts.query or parts.username:
        raise InputError(f"--origin: got {given}, wanted https://NAME or https://NAME:PORT (passwords do not go over http)")
    return f"https://{parts.netloc.lower()}"
