"""What a party sees: its own brief, as the team made it last for it, and nothing else."""

from __future__ import annotations

from html import unescape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from detente.serve.access.person import Person
from detente.serve.bench import NotThereError, Workbench
from detente.serve.jobs.jobs import Job
from detente.serve.pages.render import render
from detente.serve.routes import Bench, Who

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/mine/")
def show_mine(request: Request, bench: Bench, who: Who) -> HTMLResponse:
    """The first page of a party."""
    return render(request, "mine.html.j2", brief=_brief(bench, who))


@router.get("/mine/brief")
def show_brief(bench: Bench, who: Who) -> HTMLResponse:
    """The brief itself, with the policy that it brings: its style and script by their hash, and nothing from elsewhere."""
    found = _brief(bench, who)
    if found is None or found.result is None:
        raise NotThereError("there is no brief for you yet (ask whoever gave you this account)")
    return HTMLResponse(found.result["html"], headers={"content-security-policy": policy_of(found.result["html"])})


def policy_of(page: str) -> str:
    """The policy that a brief states for itself, and that nobody frames it from elsewhere."""
    begun = page.split('http-equiv="Content-Security-Policy" content="', 1)
    stated = unescape(begun[1].split('"', 1)[0]) if len(begun) == 2 else "default-src 'none'"
    return f"{stated}; frame-ancestors 'self'; sandbox allow-scripts allow-popups"


def _brief(bench: Workbench, who: Person) -> Job | None:
    """The newest brief that was made for this party alone: with what options besides does not matter."""
    slug, _, party = who.scope.partition("/")
    return bench.jobs.latest("brief", slug, party=party) if party else None
