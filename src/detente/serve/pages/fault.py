"""The page of an error: what was wrong, in the words of the command line."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from detente.serve.pages.render import render

__all__ = ["page_of_fault"]


def page_of_fault(request: Request, status: int, said: str) -> HTMLResponse:
    """The page. said : the message."""
    return render(request, "fault.html.j2", status=status, said=said)
