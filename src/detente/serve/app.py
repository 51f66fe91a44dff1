"""The application: its routers, what an error is answered with, and the guard before all of it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.staticfiles import StaticFiles

from detente.errors import DetenteError, InputError
from detente.serve.access.guard import Guard, Site
from detente.serve.api import cases, jobs, session
from detente.serve.bench import NotThereError, Workbench
from detente.serve.pages import ask, case, draft, entries, mine, overview, questions, record, texts, versions
from detente.serve.pages.fault import page_of_fault
from detente.serve.store.versions import ConflictError, OutdatedError

__all__ = ["ROUTERS", "make_app"]

ROUTERS = (
    overview.router,
    mine.router,
    case.router,
    questions.router,
    entries.router,
    record.router,
    texts.router,
    draft.router,
    ask.router,
    versions.router,
    cases.router,
    jobs.router,
    session.router,
)
"""Every router; a new one is one more entry."""

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def make_app(bench: Workbench, site: Site) -> Guard:
    """The workbench as an ASGI application, its guard outermost. site : where it stands."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        bench.close()

    app = FastAPI(title="Détente", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.state.bench = bench
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_exception_handler(DetenteError, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _other)
    app.add_exception_handler(sqlite3.Error, _kept_nowhere)
    app.add_exception_handler(Exception, _fault)
    with contextlib.suppress(ImportError):
        import psycopg

        app.add_exception_handler(psycopg.Error, _kept_nowhere)
    return Guard(app, bench.access, site)


async def _refused(request: Request, err: Exception) -> Response:
    """What a person can mend: what was got, wanted, where, and all faults at once."""
    status = 404 if isinstance(err, NotThereError) else 409 if isinstance(err, ConflictError | OutdatedError) else 422
    faults = err.faults if isinstance(err, InputError) else ()
    told: dict[str, object] = {"error": str(err), "faults": [fault.__dict__ for fault in faults]}
    if isinstance(err, ConflictError):
        told |= {"aside": err.aside.to_dict(), "head": err.head.to_dict(content=True)}
    return _answer(request, status, told)


async def _misread(request: Request, err: Exception) -> Response:
    assert isinstance(err, RequestValidationError)
    faults = [f"{'.'.join(map(str, fault['loc'][1:]))}: {_wanted(fault)}" for fault in err.errors()]
    return _answer(request, 422, {"error": "\n".join(faults), "faults": []})


def _wanted(fault: dict[str, Any]) -> str:
    """What was wrong with a field, without the words of those who build forms."""
    if "UploadFile" in fault["msg"]:
        return "got none, wanted one (choose a file first)"
    return "missing" if fault["type"] == "missing" else str(fault["msg"])


async def _other(request: Request, err: Exception) -> Response:
    assert isinstance(err, HTTPException)
    answer = _answer(request, err.status_code, {"error": err.detail, "faults": []})
    if err.status_code == 405:  # told are those that there are, of all routes of this path
        there = [
            m for m in _METHODS if any(r.matches({**request.scope, "method": m})[0] is Match.FULL for r in request.app.routes)
        ]
        answer.headers["allow"] = ", ".join(there)
    return answer


async def _kept_nowhere(request: Request, err: Exception) -> Response:
    """The database does not answer, or its disk is full: nothing was changed."""
    said = f"The database cannot be used: {' '.join(str(err).split())[:300]} (nothing was changed; try again in a moment)"
    return _answer(request, 503, {"error": said, "faults": []})


async def _fault(request: Request, err: Exception) -> Response:
    said = f"a fault of ours: {type(err).__name__}: {str(err)[:300]} (please report this line and what you did)"
    return _answer(request, 500, {"error": said, "faults": []})


def _answer(request: Request, status: int, told: dict[str, object]) -> Response:
    if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/"):
        return page_of_fault(request, status, str(told["error"]))
    return JSONResponse(told, status)
