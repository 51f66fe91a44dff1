"""Asking, one question at a time: what most lessens the doubt is asked first, and answered by whoever is logged in.

Each person's answers stand in a file of their own (`ask.answers`), in the workbench's own folder; they come into the case only
when somebody takes them in, as a version of the file that can be undone.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from math import isfinite
from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from detente.base.json import read_json
from detente.errors import InputError
from detente.serve.access.person import plain_name
from detente.serve.bench import Workbench
from detente.serve.jobs.jobs import Job
from detente.serve.pages.questions import found_about
from detente.serve.pages.render import render
from detente.serve.routes import Bench, Who

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_PARTS = (
    ("low", "Lowest it could be"),
    ("high", "Highest it could be"),
    ("best", "Best guess"),
    ("sure", "How sure that it lies between, in %"),
)


@router.get("/cases/{slug}/ask")
def show_question(request: Request, slug: str, bench: Bench, who: Who) -> Response:
    """The next question, or how far the search for it is."""
    return _page(request, bench, slug, who.name)


@router.post("/cases/{slug}/ask")
def begin_asking(slug: str, bench: Bench, who: Who) -> Response:
    """Look for the first question, or for the next one under the case as it stands now."""
    own = _own(bench, slug, who.name)
    job = bench.start("ask", slug, {"turn": own[0].id} if own else {}, author=who.name)
    bench.note_job(who.name, job)
    return RedirectResponse(f"/cases/{slug}/ask", 303)


@router.post("/cases/{slug}/ask/answer")
async def take_answer(request: Request, slug: str, bench: Bench, who: Who) -> Response:
    """Keep an answer and look for the next question."""
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("id", "turn", "choice", "because", *(part for part, _ in _PARTS))}
    try:
        answer: Any = None if "unknown" in form else given["choice"] or _number(given)
    except InputError as err:
        return _page(request, bench, slug, who.name, status=422, said=str(err), typed=given)
    said = json.dumps({"id": given["id"], "answer": answer, "because": given["because"]})
    bench.start("ask", slug, {"answer": said, "turn": given["turn"][:40]}, author=who.name)
    bench.audit.note(who.name, "answer", f"{slug} {given['id'][:100]}")
    return RedirectResponse(f"/cases/{slug}/ask", 303)


@router.post("/cases/{slug}/ask/undo")
def undo_answer(slug: str, bench: Bench, who: Who, turn: str = Form()) -> Response:
    """Take the last answer back."""
    bench.start("ask", slug, {"undo": True, "turn": turn[:40]}, author=who.name)
    bench.audit.note(who.name, "undo", f"{slug} answer")
    return RedirectResponse(f"/cases/{slug}/ask", 303)


@router.post("/cases/{slug}/ask/take")
def take_in(slug: str, bench: Bench, who: Who, job: str = Form()) -> Response:
    """Take what was answered into the case, as a version of its file."""
    found, version = bench.job(job, who), bench.case(slug)
    text = (found.result or {}).get("written") if (found.task, found.slug) == ("ask", slug) else None
    if not text:
        raise InputError("job: there are no answers to take in (answer a question first)")
    if found.input != version.digest:
        raise InputError(
            "The case has been changed since these answers were weighed (ask for the next question, then take them)"
        )
    made = bench.versions.save(version.path, text, base=version.revision, author=who.name, reason="took in what was answered")
    bench.note_version(who.name, made)
    return RedirectResponse(f"/cases/{slug}/entries", 303)


def _number(given: dict[str, str]) -> dict[str, float]:
    """A number in its four parts. A comma is no decimal point where it could part thousands.

    Raises
    ------
    InputError
        With every part that is none.
    """
    found, wrong = dict[str, float](), list[str]()
    for part, label in _PARTS:
        text = given[part].strip().rstrip("% ")
        number = re.fullmatch(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d{1,3})?", text)
        if number is None or re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text) or not isfinite(float(text.replace(",", "."))):
            wrong.append(f"{label}: got {given[part][:30]!r}, wanted a number, such as 1500 or 0.25")
        else:
            found[part] = float(text.replace(",", "."))
    if not wrong and not 1 < found["sure"] < 100:
        wrong.append(f"{_PARTS[3][1]}: got {given['sure'][:30]!r}, wanted more than 1 and less than 100, such as 80")
    if wrong:
        raise InputError("\n".join(wrong))
    return {**found, "sure": found["sure"] / 100}


def _own(bench: Workbench, slug: str, name: str) -> list[Job]:
    """The jobs of somebody's asking, the newest first."""
    who = plain_name(name)
    return [job for job in bench.jobs.jobs(slug, count=50) if job.task == "ask" and job.options.get("who") == who]


def _typed(job: Job | None) -> dict[str, str]:
    """What was typed for an answer that was not taken."""
    if job is None or job.result or not job.options.get("answer"):
        return {}
    with suppress(InputError, ValueError, TypeError, KeyError, AttributeError):  # a program may have put anything into it
        said = read_json(job.options["answer"], "answer")
        parts = said["answer"] if isinstance(said["answer"], dict) else {}
        shown = {part: f"{100 * x if part == 'sure' else x:.12g}" for part, x in parts.items()}
        return {**shown, "because": str(said["because"])}
    return {}


def _page(
    request: Request,
    bench: Workbench,
    slug: str,
    name: str,
    *,
    status: int = 200,
    said: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    told = found_about(bench, slug)
    own = _own(bench, slug, name)
    now: Job | None = bench.jobs.job(own[0].id) if own else None
    last = now if now is not None and now.result else bench.jobs.latest("ask", slug, who=plain_name(name))
    result = dict(last.result) if last is not None and last.result else {}
    return render(
        request, "ask.html.j2", status=status, **told, page="ask", title="What to ask next", now=now, last=last, asked=result,
        parts=_PARTS, said=said or (now.error if now is not None and now.error else ""), typed=typed or _typed(now),
        outdated=last is not None and last.input != told["version"].digest,
    )  # fmt: skip
