"""Who is asking, and the token that a change has to bring."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from detente.serve.routes import Bench, Who

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["session"])


@router.get("/session")
def show_session(request: Request, who: Who) -> dict[str, Any]:
    """Who is asking: name, role, scope, and `csrf`, to be sent as X-CSRF-Token with a change."""
    return {"name": who.name, "role": who.role, "scope": who.scope, "csrf": request.state.csrf}


@router.post("/admin/link")
def make_link(bench: Bench) -> dict[str, str]:
    """A path with a token for another browser on this machine; it can be opened once."""
    return {"path": f"/?token={bench.access.link()}"} if bench.access.local else {"path": "/login"}
