"""Who is asking, and what an admin does: accounts, the log, an address for another browser."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from detente.serve.access.access import LONGEST
from detente.serve.access.person import ROLES
from detente.serve.api.answers import REFUSALS, Account, Entry, Named, Path, Session, told
from detente.serve.api.listed import USUAL, Count, page
from detente.serve.routes import Bench, Who

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["session"], responses=REFUSALS)


class Wanted(BaseModel):
    """What an account is to be. scope : of the role party ``CASE/PARTY``."""

    model_config = ConfigDict(extra="forbid")
    password: str = Field(max_length=LONGEST)
    role: str = Field(pattern="|".join(ROLES))
    scope: str = ""


@router.get("/session", responses=told(Session))
def show_session(request: Request, who: Who) -> dict[str, Any]:
    """Who is asking: name, role, scope, and `csrf`, to be sent as X-CSRF-Token with a change."""
    return {"name": who.name, "role": who.role, "scope": who.scope, "csrf": request.state.csrf}


@router.get("/admin/audit", responses=told(list[Entry]))
def list_audit(
    request: Request, response: Response, bench: Bench, count: Count = USUAL, before: str | None = None
) -> list[dict[str, str]]:
    """Who did what, the newest first; before : of the entries that came before the one of this id."""
    return list(page(request, response, lambda n: bench.audit.newest(n, before=before), count, lambda entry: entry["id"]))


@router.get("/admin/accounts", responses=told(list[Account]))
def list_accounts(bench: Bench) -> list[dict[str, str]]:
    """The accounts: name, role, scope, and when they were made or changed."""
    return bench.access.accounts()


@router.put("/admin/accounts/{name}", responses=told(Account))
def set_account(name: str, given: Wanted, bench: Bench, who: Who) -> dict[str, str]:
    """Make an account, or give it another password and role; its sessions end."""
    bench.access.set_account(name, given.password, given.role, given.scope)
    bench.audit.note(who.name, "account", f"{name}: {given.role} {given.scope}".strip())
    return {"name": name, "role": given.role, "scope": given.scope}


@router.delete("/admin/accounts/{name}", responses=told(Named))
def remove_account(name: str, bench: Bench, who: Who) -> dict[str, str]:
    """Remove an account; its sessions end."""
    bench.access.remove_account(name)
    bench.audit.note(who.name, "account", f"{name}: removed")
    return {"name": name}


@router.post("/admin/link", responses=told(Path))
def make_link(bench: Bench) -> dict[str, str]:
    """A path with a token for another browser on this machine; it can be opened once."""
    return {"path": f"/?token={bench.access.link()}"} if bench.access.local else {"path": "/login"}
