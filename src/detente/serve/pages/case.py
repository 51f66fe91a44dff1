"""A case: its file with the faults beside the lines, what was worked out, and its versions."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from detente.base.frozen import thawed
from detente.base.words import count
from detente.errors import Fault, InputError
from detente.serve.api.cases import Base, as_on_disk, drop_aside, take_aside
from detente.serve.api.listed import SHOWN
from detente.serve.bench import NotThereError, Workbench
from detente.serve.jobs.tasks import TASKS
from detente.serve.pages.questions import found_about, html_of
from detente.serve.pages.render import render
from detente.serve.pages.told import verdict_of
from detente.serve.routes import Bench, Who
from detente.serve.store.database import LARGEST
from detente.serve.store.versions import ConflictError

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_LEADS = {
    "brief": ("/brief", "The brief"),
    "plan": ("/draft", "Work on the roadmap"),
    "ask": ("/ask", "What to ask next"),
    "read": ("/texts", "Texts"),
}
"""Where what comes of a job is shown, by task."""
_BLOCKS = {"parties": "party", "measures": "measure", "demands": "demand", "agreements": "agreement"}
"""What is counted of a case, and what one of it is called."""
_CONFLICTS = 5  # texts kept aside that the page shows at once


@router.get("/cases/{slug}")
def show_case(
    request: Request,
    slug: str,
    bench: Bench,
    before: Annotated[int, Query(ge=1, le=LARGEST)] = LARGEST,
    aside: str | None = None,
) -> Response:
    """The case; before : its versions before this revision are listed; aside : the texts kept aside before this one."""
    version = bench.case(slug)
    return _page(request, bench, slug, content=version.content, base=version.revision, before=before, aside=aside)


@router.post("/cases/{slug}")
def save_case(
    request: Request, slug: str, bench: Bench, who: Who, content: str = Form(), base: int = Form(), reason: str = Form("")
) -> Response:
    """Save the text; with faults, or where somebody was quicker, the page again with what was typed."""
    text = as_on_disk(bench, slug, content)
    path = bench.case(slug).path
    try:
        made = bench.versions.save(path, text, base=base, author=who.name, reason=reason)
    except ConflictError as err:
        return _page(request, bench, slug, status=409, content=text, base=base, said=str(err))
    except InputError as err:
        return _page(request, bench, slug, status=422, content=text, base=base, said=str(err), faults=err.faults)
    bench.note_version(who.name, made)
    return RedirectResponse(f"/cases/{slug}", 303)


@router.post("/cases/{slug}/step")
def step(slug: str, bench: Bench, who: Who, kind: str = Form(), base: int = Form()) -> Response:
    """Undo or redo."""
    path = bench.case(slug).path
    if kind not in ("undo", "redo"):
        raise InputError(f"kind: got {kind[:20]!r}, wanted undo or redo")
    made = (bench.versions.undo if kind == "undo" else bench.versions.redo)(path, base=base, author=who.name)
    bench.note_version(who.name, made, kind)
    return RedirectResponse(f"/cases/{slug}", 303)


@router.post("/cases/{slug}/restore")
def restore(slug: str, bench: Bench, who: Who, revision: int = Form(), base: int = Form()) -> Response:
    """Make an older version the newest."""
    made = bench.versions.restore(f"{_known(bench, slug)}.yaml", revision, base=base, author=who.name)
    bench.note_version(who.name, made)
    return RedirectResponse(f"/cases/{slug}", 303)


@router.post("/cases/{slug}/asides/{aside}")
def settle(slug: str, aside: str, bench: Bench, who: Who, how: str = Form(), base: int = Form()) -> Response:
    """Settle a conflict: take the text that was kept aside, or leave what stands."""
    if how == "take":
        take_aside(_known(bench, slug), aside, Base(base=base, reason=""), bench, who)
    else:
        drop_aside(_known(bench, slug), aside, bench, who)
    return RedirectResponse(f"/cases/{slug}", 303)


@router.post("/cases/{slug}/jobs")
def start_job(slug: str, bench: Bench, who: Who, task: str = Form(), party: str = Form("")) -> Response:
    """Have something worked out; party : the brief of this one."""
    job = bench.start(task, slug, {"party": party} if party else {}, author=who.name)
    bench.note_job(who.name, job)
    return RedirectResponse(f"/jobs/{job.id}", 303)


@router.get("/jobs/{id}")
def show_job(request: Request, id: str, bench: Bench, who: Who) -> Response:
    """A job: how far it is, or what came of it."""
    job = bench.job(id, who)
    title, (page, words) = TASKS[job.task].title if job.task in TASKS else job.task, _LEADS.get(job.task, ("", "The case"))
    kept = {k: v for k, v in (job.result or {}).items() if k not in ("html", "files")}
    return render(request, "job.html.j2", job=job, kept=kept, title=title, leads=f"/cases/{job.slug}{page}", words=words)


@router.post("/jobs/{id}/again")
def start_again(id: str, bench: Bench, who: Who) -> Response:
    """Have the same worked out once more, of the case as it stands now."""
    before = bench.jobs.job(id)
    job = bench.start(before.task, before.slug, thawed(before.options), author=who.name)
    bench.note_job(who.name, job)
    return RedirectResponse(f"/jobs/{job.id}", 303)


@router.post("/jobs/{id}/cancel")
def cancel_job(id: str, bench: Bench, who: Who) -> Response:
    """End a job."""
    job = bench.jobs.cancel(id)
    bench.note_job(who.name, job, "cancel")
    return RedirectResponse(f"/cases/{job.slug}/draft#planning" if job.task == "plan" else f"/jobs/{id}", 303)


def _known(bench: Workbench, slug: str) -> str:
    """A name that a case can have, of one that was removed too."""
    if bench.versions.head(f"{slug}.yaml") is None:
        raise NotThereError(f"{slug[:100]}: there is no such case here")
    return slug


def _page(
    request: Request,
    bench: Workbench,
    slug: str,
    *,
    content: str | None,
    base: int,
    status: int = 200,
    said: str = "",
    faults: tuple[Fault, ...] = (),
    before: int = LARGEST,
    aside: str | None = None,
) -> Response:
    told, counts = found_about(bench, slug), ""
    with suppress(InputError):  # the file is no case as it stands, which the page says
        counts = _counts(bench.read(slug).counts)
    undo, redo = bench.versions.steps(f"{slug}.yaml")
    history = bench.versions.history(f"{slug}.yaml", count=SHOWN, before=before)[::-1]
    asides = bench.versions.asides(f"{slug}.yaml", count=_CONFLICTS + 1, before=aside)
    return render(
        request, "case.html.j2", status=status, **told, page="case", counts=counts, verdict=verdict_of(html_of(told["job"])),
        content=content, base=base, said=said, wrong=faults, undo=undo, redo=redo, history=history,
        asides=asides[:_CONFLICTS], more=len(asides) > _CONFLICTS,
        conflicts=bench.versions.conflicts(f"{slug}.yaml"), jobs=bench.jobs.jobs(slug, count=10), tasks=TASKS,
    )  # fmt: skip


def _counts(of: Mapping[str, int]) -> str:
    """How much a case holds, in words."""
    return ", ".join(count(of[block], one, block) for block, one in _BLOCKS.items() if of[block])
