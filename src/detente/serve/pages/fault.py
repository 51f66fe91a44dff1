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
    broken = False
    if slug and status in (404, 422):
        bench = request.app.state.bench
        head = bench.versions.head(f"{slug}.yaml")
        slug = slug if head is not None else ""
        broken = head is not None and bool(bench.about(slug, head.content or "")[1])
    heading = "The file is no case as it stands" if broken else "That did not work"
    if said == "Not Found":
        said = f"There is nothing at {request.url.path[:200]}."
    return render(
        request, "fault.html.j2", status=status, said=said, heading=heading, slug=slug, broken=broken, menu=TITLES, page=""
    )
