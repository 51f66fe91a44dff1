"""What was found about a case, by the questions people come with: each page shows the sections of a brief that answer one."""

from __future__ import annotations

import re
from base64 import b64decode
from contextlib import suppress
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from detente.errors import InputError
from detente.serve.bench import NotThereError, Workbench
from detente.serve.jobs.jobs import Job
from detente.serve.pages.mine import policy_of
from detente.serve.pages.render import render
from detente.serve.pages.told import PAGES, sections_of, verdict_of
from detente.serve.routes import Bench

__all__ = ["TITLES", "found_about", "html_of", "router"]

router = APIRouter(include_in_schema=False)

TITLES = {
    "happened": "What has happened",
    "stuck": "Why it is stuck",
    "roadmap": "The roadmap",
    "breaks": "Where it may break",
    "wrong": "If it goes wrong",
    "brief": "The brief",
    "values": "Sources and method",
}
"""The pages of what was found, by their addresses below a case, in the order of its menu."""

_PAPER = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_NOT_SHOWN = "Under these values there is nothing to tell here."


def found_about(bench: Workbench, slug: str) -> dict[str, Any]:
    """What every page of a case begins with: its title, and whether what was found is about the text of today.

    `job` : the newest brief that is done, None without any; `stale` : the case or the record has changed since; `working` :
    the brief that is being made now; `faults` : those of the file, where it was changed outside into what is no case.
    """
    version = bench.case(slug)
    job = bench.jobs.latest("brief", slug, party=None)
    working = next(
        (j for j in bench.jobs.jobs(slug, count=10) if j.task == "brief" and not j.has_ended and not j.options.get("party")),
        None,
    )
    title, faults = bench.about(slug, version.content or "")
    return {
        "slug": slug,
        "case_title": title,
        "version": version,
        "job": job,
        "stale": job is not None and (job.input != version.digest or job.options.get("record", "") != bench.record()),
        "working": working,
        "faults": faults,
        "menu": TITLES,
    }


def _show(page: str, request: Request, slug: str, bench: Bench) -> Response:
    """The sections that answer one question."""
    told = found_about(bench, slug)
    html = html_of(told["job"])
    found = sections_of(html)
    sections = [(anchor, found[anchor], _heading(found[anchor]) == TITLES[page]) for anchor in PAGES[page] if anchor in found]
    return render(request, "question.html.j2", **told, page=page, title=TITLES[page], sections=sections, nothing=_NOT_SHOWN)


for _page in PAGES:
    router.add_api_route(f"/cases/{{slug}}/{_page}", partial(_show, _page), methods=["GET"], name=_page)


def _heading(section: Markup) -> str:
    """The words above a section, without the sign of its anchor."""
    found = re.match(r"\s*<h2\b.*?</h2>", section, re.DOTALL)
    return Markup(found[0]).striptags().rstrip(" #") if found else ""


@router.get("/cases/{slug}/brief")
def show_brief(request: Request, slug: str, bench: Bench) -> Response:
    """The brief in all its forms, and each party's own."""
    told = found_about(bench, slug)
    own = {}
    with suppress(InputError):  # the file is no case as it stands, which the page says
        parties = bench.read(slug).parties
        own = {id_: (party.name, bench.jobs.latest("brief", slug, party=id_)) for id_, party in parties.items()}
    html = html_of(told["job"])
    return render(request, "brief.html.j2", **told, page="brief", title=TITLES["brief"], own=own, verdict=verdict_of(html))


@router.get("/cases/{slug}/brief/page")
def show_page(slug: str, bench: Bench, party: str | None = None) -> HTMLResponse:
    """The page itself, with the policy that it brings."""
    job = bench.jobs.latest("brief", slug, party=party)
    html = html_of(job)
    if not html:
        raise NotThereError(f"{slug}: no brief has been made yet (make one)")
    return HTMLResponse(html, headers={"content-security-policy": policy_of(html)})


@router.get("/cases/{slug}/brief/file{ending}")
def show_file(slug: str, ending: str, bench: Bench, party: str | None = None) -> Response:
    """The brief as a file to print and to send."""
    job = bench.jobs.latest("brief", slug, party=party)
    held = (job.result or {}).get("files", {}).get(ending) if job is not None else None
    if held is None:
        raise NotThereError(f"{slug}: there is no brief as {ending[:10]} (make one, with pip install 'detente[pdf,word]')")
    name = f"{slug}{f'-{party}' if party else ''}{ending}"
    return Response(
        b64decode(held), media_type=_PAPER[ending], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


@router.get("/brief.css")
def show_style() -> Response:
    """The style of the brief, which these pages share."""
    return Response(_style(), media_type="text/css")


@lru_cache(maxsize=1)
def _style() -> str:
    return (files("detente.brief") / "templates" / "style.css").read_text(encoding="utf-8")


def html_of(job: Job | None) -> str:
    """The page of a brief that is done; empty without one."""
    return "" if job is None or not job.result else str(job.result["html"])
