"""Work on the roadmap: move a step and see which rows break, for whom, by how much; plan again around what stays.

What is moved is a draft of the team's own, kept beside the case and never in it. It is checked by the exact certificate with
every move.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from detente.base.words import count, signed_figure
from detente.case.case import Case
from detente.errors import InputError
from detente.plan.roadmap import Roadmap, roadmap_of_data
from detente.plan.telling_whatif import verdict_in_words
from detente.plan.whatif import WhatIf, places, whatif
from detente.serve.bench import NotThereError, Workbench
from detente.serve.jobs.jobs import Job
from detente.serve.pages.questions import found_about
from detente.serve.pages.render import render
from detente.serve.routes import Bench, Who
from detente.serve.store.versions import OutdatedError, Version
from detente.serve.timeline import timeline

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_TRIES = 5  # of a move that somebody else was quicker than
_WORST = 12  # broken rows that a page lists
_FILES = {
    ".json": ("for detente verify (JSON)", "application/json"),
    ".csv": ("table (CSV)", "text/csv"),
    ".ics": ("calendar (iCalendar)", "text/calendar"),
    ".xml": ("Microsoft Project (XML)", "application/xml"),
    ".graphml": ("graph (GraphML)", "application/xml"),
}
_STARTS = {
    "recommended": "the recommended one",
    "fastest": "the fastest",
    "surest": "the surest",
    "without-giving-way": "the one without giving way",
}


class Move(BaseModel):
    """What the timeline sends: the ids that move together, and the phase to which; none: it does not enter."""

    model_config = ConfigDict(extra="forbid")
    measures: list[str] = Field(min_length=1, max_length=200)
    phase: int | None = Field(ge=0, le=10_000)


@router.get("/cases/{slug}/draft")
def show_draft(request: Request, slug: str, bench: Bench) -> Response:
    """The draft on its timeline, and whether it holds."""
    told = found_about(bench, slug)
    case, draft = bench.read(slug), bench.drafts.newest(slug)
    given: dict[str, Any] = {
        "draft": draft,
        "roadmap": None,
        "starts": {start: _STARTS[start] for start in _starts(told["job"], case)},
        "fault": "",
    }
    if draft is not None:
        try:
            roadmap = _roadmap(case, draft)
        except InputError as err:  # the case has been changed since, and lacks what the draft names
            given["fault"] = str(err)
        else:
            found, (undo, redo) = whatif(case, roadmap), bench.drafts.steps(slug)
            given |= {
                "roadmap": roadmap,
                "timeline": _timeline(request, case, roadmap, slug),
                "certificate": found.certificate,
                "verdict": verdict_in_words(found),
                "broken": [(case.phase_date(b.row.phase), b.words, b.by) for b in found.still[:_WORST]],
                "gains": [(p.name, found.gain[i]) for i, p in case.parties.items()],
                "undo": undo,
                "redo": redo,
                "history": bench.drafts.history(slug, count=50)[::-1],
                "files": {ending: name for ending, (name, _) in _FILES.items()},
                "measures": [m.id for m in case.instance.measures if roadmap.entry[m.id] is not None and not m.in_force],
                "titles": {m.id: m.title for m in case.instance.measures},
                "planning": _plans(bench, slug),
            }
    return render(request, "draft.html.j2", **told, **given, page="roadmap", title="Work on the roadmap")


@router.post("/cases/{slug}/draft")
def begin_draft(slug: str, bench: Bench, who: Who, start: str = Form(""), job: str = Form("")) -> Response:
    """Begin the draft, or put another roadmap in its place: one of those that were found, or what a plan around it gave."""
    case = bench.read(slug)
    if job:
        planned = bench.jobs.job(job)
        entry = (planned.result or _best(planned)).get("entry") if planned.slug == slug else None
        reason = "planned again" if planned.state == "done" else "planned again, the best so far"
    else:
        found = bench.jobs.latest("brief", slug, party=None)
        entry, reason = _starts(found, case).get(start), f"begun from {_STARTS.get(start, start[:40])}"
    if not entry:
        raise InputError(f"start: got {start[:40]!r}, wanted a roadmap that was found (have the case worked out first)")
    roadmap = roadmap_of_data({"entry": entry}, case.instance, slug)
    draft = bench.drafts.newest(slug)
    bench.drafts.save(slug, roadmap.entry, base=draft.revision if draft else 0, author=who.name, reason=reason)
    bench.audit.note(who.name, "draft", f"{slug} {reason}")
    return RedirectResponse(f"/cases/{slug}/draft", 303)


@router.get("/cases/{slug}/draft/places")
def show_places(slug: str, bench: Bench, measure: list[str] = Query(max_length=200)) -> list[dict[str, object]]:  # noqa: B008
    """What each place of a step would do, by phase."""
    case, draft = bench.read(slug), _draft(bench, slug)
    return [place.in_short(t) for t, place in enumerate(places(case, _roadmap(case, draft), measure))]


@router.post("/cases/{slug}/draft/move")
def move_step(slug: str, given: Move, bench: Bench, who: Who) -> dict[str, object]:
    """Move a step, unless it cannot be there; what the move breaks and mends comes back in words."""
    case = bench.read(slug)
    for _ in range(_TRIES):
        draft = _draft(bench, slug)
        found = whatif(case, _roadmap(case, draft), move=dict.fromkeys(given.measures, given.phase))
        if found.verdict == "impossible":
            raise InputError(f"It cannot be there. {found.reasons[0].words}", source=slug)
        try:
            bench.drafts.save(slug, found.roadmap.entry, base=draft.revision, author=who.name, reason=_moved(found))
        except OutdatedError:
            continue
        bench.audit.note(who.name, "move", f"{slug} {_moved(found)}")
        return {**found.to_dict(), "words": _said(found, case)}
    raise OutdatedError(f"{slug}: others are moving steps just now (try again)", source=slug)


@router.post("/cases/{slug}/draft/step")
def step_draft(slug: str, bench: Bench, who: Who, kind: str = Form(), base: int = Form()) -> Response:
    """Undo or redo a move."""
    if kind not in ("undo", "redo"):
        raise InputError(f"kind: got {kind[:20]!r}, wanted undo or redo")
    bench.drafts.step(slug, kind, base=base, author=who.name)
    bench.audit.note(who.name, kind, f"{slug} roadmap")
    return RedirectResponse(f"/cases/{slug}/draft", 303)


@router.post("/cases/{slug}/draft/plan")
def plan_around(
    slug: str,
    bench: Bench,
    who: Who,
    pin: list[str] = Form(default=[]),  # noqa: B008
    forbid: list[str] = Form(default=[]),  # noqa: B008
) -> Response:
    """Plan again: what is pinned stays where the draft has it, what is forbidden does not enter."""
    case = bench.read(slug)
    entry = _roadmap(case, _draft(bench, slug)).entry
    wrong = [f"{m[:100]!r}: no step of the draft has this id" for m in dict.fromkeys([*pin, *forbid]) if m not in entry]
    wrong += [f"{case.measure_title(m)}: ticked to stay and not to come; choose one" for m in pin if m in forbid]
    if wrong:
        raise InputError("\n".join(wrong), source=slug)
    options: dict[str, Any] = {"likely": True, "pin": {m: entry[m] for m in pin}, "forbid": forbid}
    job = bench.start("plan", slug, options, author=who.name)
    bench.note_job(who.name, job)
    return RedirectResponse(f"/cases/{slug}/draft#planning", 303)


@router.get("/cases/{slug}/draft/roadmap{ending}")
def take_away(slug: str, ending: str, bench: Bench) -> Response:
    """The draft in a format of another program, or as the file that `detente verify` reads."""
    from detente.export.roadmap import exported

    case = bench.read(slug)
    roadmap = _roadmap(case, _draft(bench, slug))
    if ending not in _FILES:
        raise NotThereError(f"{ending[:20]}: there is no such format (there are {', '.join(_FILES)})")
    as_json = json.dumps({"case": slug, "entry": dict(roadmap.entry)}, indent=2) + "\n"
    text = as_json if ending == ".json" else exported(case, roadmap, ending)
    kept = {"content-disposition": f'attachment; filename="{slug}-roadmap{ending}"'}
    return Response(text, media_type=_FILES[ending][1], headers=kept)


def _timeline(request: Request, case: Case, roadmap: Roadmap, slug: str) -> str:
    here = f"/cases/{slug}/draft"
    move = f"{here}/move" if request.state.person.edits else ""
    return timeline(case, roadmap, move=move, places=f"{here}/places", csrf=request.state.csrf)


def _starts(job: Job | None, case: Case) -> dict[str, Any]:
    """The roadmaps that were found, by name, as far as they fit the case of today."""
    plan = (job.result or {}).get("plan") if job is not None else None
    if not plan:
        return {}
    found = {name: one.get("entry") for name, one in (plan.get("alternatives") or {}).items()} or {"fastest": plan["entry"]}
    known = {m.id for m in case.instance.measures}
    return {name: entry for name, entry in found.items() if name in _STARTS and entry and set(entry) <= known}


def _plans(bench: Workbench, slug: str) -> list[tuple[Job, Mapping[str, Any]]]:
    """The newest plan and those that are still being made, each with the best roadmap it has found."""
    plans = [job for job in bench.jobs.jobs(slug, count=10) if job.task == "plan"]
    return [(job, _best(job)) for n, job in enumerate(plans) if n == 0 or not job.has_ended]


def _best(job: Job) -> Mapping[str, Any]:
    """The best roadmap that a plan has found, so far or for good: its `entry` and `words`; empty: none."""
    found: Mapping[str, Any] = job.progress.get("found") or {}
    return found


def _moved(found: WhatIf) -> str:
    """What was moved, for the list of versions."""
    steps = [f"{m}: {'never' if new is None else new}" for m, (_, new) in found.change.items()]
    return "; ".join(steps)[:400] or "nothing"


def _said(found: WhatIf, case: Case) -> str:
    """The verdict of a move, how many rows it changed, and what it is worth to whom."""
    rows = {"broken by it": found.broken, "mended by it": found.mended, "broken before and still": found.still}
    counts = [f"{count(len(of), 'row')} {what}" for what, of in rows.items() if of]
    more = {party.name: found.gain[i] - found.gain_before[i] for i, party in case.parties.items()}
    worth = [f"{name} {signed_figure(x)}" for name, x in more.items() if x]
    said = [verdict_in_words(found), f"{', '.join(counts)}." if counts else ""]
    return " ".join(filter(None, [*said, f"Against before, each in its own units: {', '.join(worth)}." if worth else ""]))


def _draft(bench: Workbench, slug: str) -> Version:
    draft = bench.drafts.newest(slug)
    if draft is None:
        raise NotThereError(f"{slug[:100]}: no roadmap is being worked on (begin one)")
    return draft


def _roadmap(case: Case, draft: Version) -> Roadmap:
    return roadmap_of_data({"entry": json.loads(draft.content or "{}")}, case.instance, f"the draft of {case.case}")
