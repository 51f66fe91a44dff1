"""Jobs: start, look, watch, cancel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from detente.serve.bench import Workbench
from detente.serve.jobs.jobs import Job
from detente.serve.routes import Bench, Who

__all__ = ["router"]

router = APIRouter(prefix="/api/jobs", tags=["jobs"])
_BEAT = 15.0  # seconds of silence after which a stream says that it is still there


class Asked(BaseModel):
    """What is to be worked out: a task by the name of its command, about a case, with options as the command has them."""

    model_config = ConfigDict(extra="forbid")
    task: str
    slug: str
    options: dict[str, Any] = Field(default_factory=dict)


@router.get("")
def list_jobs(bench: Bench, slug: str | None = None) -> list[dict[str, Any]]:
    """The newest jobs, without their results."""
    return [job.to_dict(result=False) for job in bench.jobs.jobs(slug)]


@router.post("", status_code=202)
def start_job(given: Asked, bench: Bench, who: Who) -> dict[str, Any]:
    """Have something worked out; the same question twice is one job."""
    job = bench.start(given.task, given.slug, given.options, author=who.name)
    bench.audit.note(who.name, "job", f"{job.task} {job.slug} {job.id}")
    return job.to_dict()


@router.get("/{id}")
def show_job(id: str, bench: Bench) -> dict[str, Any]:
    """One job, with its result once it is done."""
    return bench.jobs.job(id).to_dict()


@router.post("/{id}/cancel")
def cancel_job(id: str, bench: Bench, who: Who) -> dict[str, Any]:
    """End a job."""
    job = bench.jobs.cancel(id)
    bench.audit.note(who.name, "cancel", f"{job.task} {job.slug} {job.id}")
    return job.to_dict()


@router.get("/{id}/events")
async def watch_job(id: str, bench: Bench) -> StreamingResponse:
    """A job's news as server-sent events: `progress` as often as there is some, then `ended`; each is the job as JSON."""
    job = await asyncio.to_thread(bench.jobs.job, id)
    headers = {"x-accel-buffering": "no"}
    return StreamingResponse(_events(bench, job), media_type="text/event-stream", headers=headers)


async def _events(bench: Workbench, job: Job) -> AsyncIterator[str]:
    loop, news = asyncio.get_running_loop(), asyncio.Queue[Job]()

    def watcher(told: Job) -> None:
        loop.call_soon_threadsafe(news.put_nowait, told)

    leave = bench.jobs.watch(job.id, watcher)
    try:
        told = await asyncio.to_thread(bench.jobs.job, job.id)  # after the watch began, so that nothing is missed
        while True:
            yield _event(told)
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
