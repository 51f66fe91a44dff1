"""Two versions of a case side by side: what changed, and what that did to the roadmap."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from detente.compare.telling_versions import SIDES, VERDICTS
from detente.compare.versions import versions
from detente.errors import InputError, RoadmapError
from detente.serve.api.listed import USUAL
from detente.serve.bench import Workbench, case_of
from detente.serve.pages.questions import found_about
from detente.serve.pages.render import render
from detente.serve.routes import Bench
from detente.serve.store.versions import Version

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/cases/{slug}/versions")
def show_versions(request: Request, slug: str, bench: Bench, old: int | None = None, new: int | None = None) -> Response:
    """Two versions; without numbers the newest and the one before."""
    told, path = found_about(bench, slug), f"{slug}.yaml"
    newest = bench.versions.at(path, new if new is not None else told["version"].revision)
    earlier = [v.revision for v in bench.versions.history(path, count=USUAL, before=newest.revision) if v.digest]
    older = bench.versions.at(path, old if old is not None else earlier[-1] if earlier else newest.revision)
    offered = {v.revision: v for v in (*bench.versions.history(path, count=USUAL), older, newest) if v.digest}
    found, fault = None, ""
    try:
        cases = [case_of(slug, v.content or "") for v in (older, newest)]
        roadmaps = [_roadmap(bench, slug, v) for v in (older, newest)]
        try:
            found = versions(*cases, roadmap=roadmaps[0], new_roadmap=roadmaps[1])
        except RoadmapError:
            found = versions(*cases)
    except InputError as err:  # one of the two is no case: it was changed outside into something else
        fault = str(err)
    names = {} if found is None else {i: party.name for i, party in cases[1].parties.items()}
    return render(
        request, "versions.html.j2", **told, page="case", title="Two versions side by side", found=found, fault=fault,
        older=older, newer=newest, history=[offered[n] for n in sorted(offered)], called=SIDES, names=names, verdicts=VERDICTS,
    )  # fmt: skip


def _roadmap(bench: Workbench, slug: str, version: Version) -> dict[str, Any] | None:
    """What was recommended for a version; None: it was not worked out."""
    for job in bench.jobs.jobs(slug, count=50):
        if job.state == "done" and job.task in ("brief", "plan") and job.input == version.digest:
            result: Any = bench.jobs.job(job.id).result or {}
            entry = (result.get("plan") or {}).get("entry") if job.task == "brief" else result.get("entry")
            if entry:
                return {"entry": entry}
    return None
