"""The page of an error: what was wrong, in the words of the command line, and where to go from there."""

from __future__ import annotations

import re

from fastapi import Request
from fastapi.responses import HTMLResponse

from detente.serve.pages.questions import TITLES
from detente.serve.pages.render import render

__all__ = ["page_of_fault"]


_CASE = re.compile(r"/cases/([a-z0-9][a-z0-9-]{0,99})/.+")


def page_of_fault(request: Request, status: int, said: str) -> HTMLResponse:
    """The page, with the ways on. said : the message."""
    found = _CASE.fullmatch(request.url.path)
    slug = found[1] if found and request.state.person.role != "party" else ""
    if slug and status == 404 and request.app.state.bench.versions.head(f"{slug}.yaml") is None:
        slug = ""
    return render(request, "fault.html.j2", status=status, said=said, slug=slug, menu=TITLES, page="")
