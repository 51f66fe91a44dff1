"""Jobs: start, look, watch, cancel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from detente.serve.access.person import Person, plain_name
from detente.serve.api import answers
from detente.serve.api.answers import REFUSALS, Found, told
from detente.serve.api.listed import USUAL, Count, page
from detente.serve.bench import Workbench
from detente.serve.jobs.jobs import Job
from detente.serve.routes import Bench, Who

__all__ = ["router"]

router = APIRouter(prefix="/api/jobs", tags=["jobs"], responses=REFUSALS)
_STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}
_BEAT = 15.0  # seconds of silence after which a stream says that it is still there


class Asked(BaseModel):
    """What is to be worked out: a task by the name of its command, about a case, with options as the command has them."""

    model_config = ConfigDict(extra="forbid")
    task: str
    slug: str
    options: dict[str, Any] = Field(default_factory=dict)


@router.get("", responses=told(list[Found]))
def list_jobs(
    request: Request, response: Response, bench: Bench, who: Who,
    slug: str | None = None, count: Count = USUAL, before: str | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """The jobs, the newest first, without their results; before : of those that came before the job of this id."""
    name = plain_name(who.name)
    found = page(request, response, lambda n: bench.jobs.jobs(slug, count=n, before=before), count, lambda job: job.id)
    return [job.seen_by(name).to_dict(result=False) for job in found]


@router.post("", status_code=202, responses=told(answers.Job, 202))
def start_job(given: Asked, bench: Bench, who: Who) -> dict[str, Any]:
    """Have something worked out; the same question twice is one job."""
    job = bench.start(given.task, given.slug, given.options, author=who.name)
    bench.note_job(who.name, job)
    return job.to_dict()


@router.get("/{id}", responses=told(answers.Job))
def show_job(id: str, bench: Bench, who: Who) -> dict[str, Any]:
    """One job, with its result once it is done; of one with somebody's own answers (`withheld`) only that it is there."""
    return bench.job(id, who).to_dict()


@router.post("/{id}/cancel", responses=told(answers.Job))
def cancel_job(id: str, bench: Bench, who: Who) -> dict[str, Any]:
    """End a job."""
    job = bench.jobs.cancel(id)
    bench.note_job(who.name, job, "cancel")
    return bench.job(id, who).to_dict()


@router.get("/{id}/events", response_class=StreamingResponse, responses=_STREAM)
async def watch_job(id: str, bench: Bench, who: Who) -> StreamingResponse:
    """A job's news as server-sent events: `progress` as often as there is some, then `ended`; each is the job as JSON."""
    job = await asyncio.to_thread(bench.jobs.job, id)
    headers = {"x-accel-buffering": "no"}
    return StreamingResponse(_events(bench, job, who), media_type="text/event-stream", headers=headers)


async def _events(bench: Workbench, job: Job, who: Person) -> AsyncIterator[str]:
    loop, news = asyncio.get_running_loop(), asyncio.Queue[Job]()

    def watcher(told: Job) -> None:
        loop.call_soon_threadsafe(news.put_nowait, told)

    leave = bench.jobs.watch(job.id, watcher)
    try:
        told = await asyncio.to_thread(bench.jobs.job, job.id)  # after the watch began, so that nothing is missed
        while True:
            yield _event(told.seen_by(plain_name(who.name)))
            if told.has_ended:
                return
            while True:
                try:
                    told = await asyncio.wait_for(news.get(), _BEAT)
                    break
                except TimeoutError:
                    yield ": still here\n\n"
    finally:
        leave()


def _event(job: Job) -> str:
    name = "ended" if job.has_ended else "progress"
    return f"event: {name}\ndata: {json.dumps(job.to_dict(result=False), ensure_ascii=False)}\n\n"
