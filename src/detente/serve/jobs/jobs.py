"""Jobs: taken, worked on in a process of their own, watched, cancelled, and kept with their result.

A job is known by its key, a digest of what was asked and of what answers: the task, its options, the text of the case, the
version of Détente, and which of the task's files can be written here. Who asks the same question again gets the job that is
under way, or the one that is done: the same seed gives the same bytes. A job goes through these states, and its result is kept
in the database from the moment it is done:

    queued -> running -> done | failed | cancelled | interrupted

Interrupted is what was queued or running when the server ended, however it ended; it can be started again.

Who may read the cases may read what is worked out about them, but for a person's own answers: a job of a task that has `whose`
is seen whole by that person alone. Everybody else sees that it is there, who began it, and whether it has ended: not its
options, its result, its error or its news, nor its key, by which an answer could be guessed and held against it.
"""

from __future__ import annotations

import contextlib
import json
import queue
import secrets
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from detente.base.frozen import Frozen, thawed
from detente.errors import InputError
from detente.serve.folder import digest_of
from detente.serve.jobs.process import GRACE, begun, ended
from detente.serve.jobs.tasks import TASKS, checked
from detente.serve.store.database import Database, NotThereError, now

__all__ = ["ENDED", "Job", "Jobs"]

ENDED = frozenset({"done", "failed", "cancelled", "interrupted"})
MOST_WAITING = 100
"""Jobs that may wait at once."""

_AT_HAND = 32  # jobs that are done and read often


@dataclass(frozen=True)
class Job(Frozen):
    """What was asked and what came of it.

    Parameters
    ----------
    input : str
        The digest of the case file that it is about.
    progress : mapping
        What the work told last: ``text``, and of a search ``seconds``, ``best``, ``bound``; of a plan ``found``, the best
        roadmap so far, with ``entry`` and ``words``. It stays when the job is ended before its time.
    result : mapping or None
        What ``--json`` of the command prints; None until it is done.
    withheld : bool
        Whether this is somebody's own, and only that it is there is told.
    """

    id: str
    task: str
    slug: str
    key: str
    input: str
    options: Mapping[str, Any]
    state: str
    author: str
    at: str
    ended: str | None
    progress: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: str | None
    withheld: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED

    def seen_by(self, name: str) -> Job:
        """The job as somebody sees it. name : the plain name of whoever asks (`person.plain_name`)."""
        whose = TASKS[self.task].whose if self.task in TASKS else ""
        if not whose or self.options.get(whose) == name:
            return self
        return replace(self, key="", options={}, progress={"text": ""}, result=None, error=None, withheld=True)

    def to_dict(self, *, result: bool = True) -> dict[str, object]:
        """As JSON; result : with what came of it."""
        left_out = {*(() if result else ("result",)), *(() if self.withheld else ("withheld",))}
        told = {f.name: thawed(getattr(self, f.name)) for f in fields(self) if f.name not in left_out}
        if not result:  # nor the text that was read, which may be long
            told["options"] = {name: value for name, value in self.options.items() if name != "content"}
        return told


Watcher = Callable[[Job], None]
_COLUMNS = ", ".join(f.name for f in fields(Job) if f.name != "withheld")


class Jobs:
    """The jobs of a workbench. workers : processes that work at once, 1 or more; each begins with its first job. folder : in
    which they work, the workspace; None: where this process stands."""

    def __init__(self, database: Database, workers: int, folder: Path | None = None) -> None:
        self.database = database
        self._folder = folder
        self._waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._live: dict[str, Job] = {}  # queued or running
        self._texts: dict[str, str] = {}
        self._children: dict[str, subprocess.Popen[bytes]] = {}  # by job
        self._unkept: dict[str, Job] = {}  # ended, and the database could not be told
        self._watchers: dict[str, list[Watcher]] = {}
        self._done = lru_cache(_AT_HAND)(self.job)  # what is done stays as it is
        self._ending = False
        with database.transaction() as at:
            at.run("update jobs set state = 'interrupted', ended = ? where state in ('queued', 'running')", now())
        self._threads = [threading.Thread(target=self._mind, daemon=True, name=f"worker {n}") for n in range(max(1, workers))]
        for thread in self._threads:
            thread.start()

    def start(self, task: str, slug: str, text: str, options: Mapping[str, Any], *, author: str) -> Job:
        """Take a job; the one that was asked the same before, unless it failed or was ended.

        Raises
        ------
        InputError
            If the task or an option is unknown, or if too many are waiting.
        """
        taken = checked(task, options)
        key = key_of(task, text, taken)
        with self._lock:
            same = next((job for job in self._live.values() if job.key == key), None)
            if same is not None:
                return same
            row = self.database.row(f"select {_COLUMNS} from jobs where key = ? and state = 'done' limit 1", key)
            if row is not None:
                return _job(row)
            if len(self._live) >= MOST_WAITING:
                raise InputError(f"jobs: {MOST_WAITING} are waiting already (cancel some, or wait)", source="jobs")
            made = Job(
                *(secrets.token_hex(8), task, slug, key, digest_of(text), taken, "queued", author, now(), None),
                *({"text": "waiting"}, None, None),
            )
            self._insert(made)
            self._live[made.id], self._texts[made.id] = made, text
        self._waiting.put(made.id)
        return made

    def job(self, id: str) -> Job:
        """One job, as it is now.

        Raises
        ------
        NotThereError
            If there is none.
        """
        with self._lock:
            known = self._live.get(id) or self._unkept.get(id)
            if known is not None:
                return known
        row = self.database.row(f"select {_COLUMNS} from jobs where id = ?", id)
        if row is None:
            raise NotThereError(f"there is no job {id[:40]!r}", source="jobs")
        return _job(row)

    def jobs(self, slug: str | None = None, *, count: int = 50, before: str | None = None) -> list[Job]:
        """The newest jobs, without their results and the options of texts, which are long.

        slug : of one case. before : of those that came before the job of this id. Raises as `Database.newest`.
        """
        bare = _COLUMNS.replace(", result", ", null as result")
        bare = bare.replace(" options,", " case when task = 'read' then '{}' else options end as options,")
        rows = self.database.newest(f"{bare} from jobs", count=count, before=before, **({} if slug is None else {"slug": slug}))
        with self._lock:
            return [self._live.get(row["id"]) or self._unkept.get(row["id"]) or _job(row) for row in rows]

    def latest(self, task: str, slug: str, **options: Any) -> Job | None:
        """The job of this kind that was done last for a case; its `input` tells for which text. options : with these among
        its options, and without those that are None."""
        sql = "select id, options from jobs where slug = ? and task = ? and state = 'done' order by ended desc"
        for row in self.database.rows(sql, slug, task):
            found = json.loads(row["options"])
            if all(found.get(name) == value for name, value in options.items()):
                return self._done(row["id"])
        return None

    def newest(self, task: str, slug: str, options: Mapping[str, Any]) -> Job | None:
        """The newest job with exactly these options: one that is done, else whatever became of it; None: there is none."""
        sql = "select id from jobs where slug = ? and task = ? and options = ? order by (state = 'done') desc, at desc limit 1"
        row = self.database.row(sql, slug, task, _written(checked(task, options)))
        return None if row is None else self.job(row["id"])

    def cancel(self, id: str) -> Job:
        """End a job; one that has ended stays as it is."""
        with self._lock:
            job = self._live.get(id)
        if job is not None:
            self._end(job, "cancelled")
            child = self._children.get(id)
            if child is not None:
                ended(child)
        return self.job(id)

    def watch(self, id: str, watcher: Watcher) -> Callable[[], None]:
        """Have something called, from another thread, whenever a job has news; what is returned ends it."""
        with self._lock:
            self._watchers.setdefault(id, []).append(watcher)

        def leave() -> None:
            with self._lock, contextlib.suppress(KeyError, ValueError):
                self._watchers[id].remove(watcher)
                if not self._watchers[id]:
                    del self._watchers[id]

        return leave

    def close(self) -> None:
        """End all work: what is queued or running is interrupted, and said to be."""
        self._ending = True
        with self._lock:
            live = list(self._live.values())
            children = list(self._children.values())
        for job in live:
            self._end(job, "interrupted")
        for _ in self._threads:
            self._waiting.put(None)
        ended(*children)
        for thread in self._threads:
            thread.join(GRACE + 0.5)

    def _mind(self) -> None:
        """A thread with its worker: one job after the other."""
        child: subprocess.Popen[bytes] | None = None
        while (id := self._waiting.get()) is not None and not self._ending:
            with self._lock:
                job, text = self._live.get(id), self._texts.get(id, "")
            if job is None:  # cancelled while it waited
                continue
            if child is None or child.poll() is not None:
                child = begun(self._folder)
            self._children[id] = child
            try:
                self._work(job, text, child)
            finally:
                self._children.pop(id, None)
        if child is not None:
            ended(child)

    def _work(self, job: Job, text: str, child: subprocess.Popen[bytes]) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        self._news(replace(job, state="running"), kept=True)
        asked = {"task": job.task, "slug": job.slug, "text": text, "options": dict(job.options)}
        try:
            child.stdin.write(json.dumps(asked).encode("utf-8") + b"\n")
            child.stdin.flush()
            for line in child.stdout:
                told = json.loads(line)
                if "progress" in told:
                    self._news(replace(self._live.get(job.id, job), progress=told["progress"]))
                elif "result" in told:
                    self._end(job, "done", result=told["result"])
                    return
                else:
                    self._end(job, "failed", error=told["error"])
                    return
        except (OSError, ValueError):
            pass
        self._end(job, "failed", error="the process ended without an answer; is there enough memory?")

    def _news(self, job: Job, *, kept: bool = False) -> None:
        with self._lock:
            if job.id not in self._live:
                return
            self._live[job.id] = job
            watchers = list(self._watchers.get(job.id, ()))
        if kept:  # where it cannot be, the work goes on all the same
            _kept(self.database, "update jobs set state = ? where id = ? and state = 'queued'", job.state, job.id)
        for watcher in watchers:
            watcher(job)

    def _end(self, job: Job, state: str, *, result: Any = None, error: str | None = None) -> None:
        """End a job, unless it has ended."""
        with self._lock:
            live = self._live.pop(job.id, None)
            self._texts.pop(job.id, None)
            watchers = list(self._watchers.get(job.id, ()))
        if live is None:
            return
        told = replace(live, state=state, ended=now(), result=result, error=error)
        fault = _kept(
            self.database,
            "update jobs set state = ?, ended = ?, progress = ?, result = ?, error = ? where id = ?",
            *(state, told.ended, json.dumps(dict(told.progress))),
            *(None if result is None else json.dumps(result, ensure_ascii=False), error, job.id),
        )
        if fault:
            if state == "done":
                said = f"what was found could not be kept: {fault} (make room, then start it again)"
                told = replace(told, state="failed", result=None, error=said)
            with self._lock:
                self._unkept[job.id] = told
        for watcher in watchers:
            watcher(told)

    def _insert(self, job: Job) -> None:
        with self.database.transaction() as at:
            at.insert("jobs", **{**job.to_dict(), "options": _written(job.options), "progress": json.dumps(dict(job.progress))})


def key_of(task: str, text: str, options: Mapping[str, Any]) -> str:
    """What stands for a question: whoever asks the same gets the same answer."""
    from importlib.metadata import version

    from detente.brief.paper.kinds import is_installed

    files = [ending for ending in TASKS[task].files if is_installed(ending)]
    asked = json.dumps([version("detente"), task, dict(options), digest_of(text), *files], sort_keys=True)
    return sha256(asked.encode("utf-8")).hexdigest()


def _kept(database: Database, sql: str, *values: object) -> str:
    """Tell the database what becomes of a job; why it could not be told, empty: it was. A full disk ends no thread that minds a
    worker, or nothing would be worked out any more."""
    try:
        with database.transaction() as at:
            at.run(sql, *values)
    except Exception as err:  # of either database
        return " ".join(str(err).split())[:300] or type(err).__name__
    return ""


def _written(options: Mapping[str, Any]) -> str:
    return json.dumps(dict(options), sort_keys=True)


def _job(row: dict[str, Any]) -> Job:
    read = {name: json.loads(row[name]) if row[name] else None for name in ("options", "progress", "result")}
    return Job(**{**row, **read})
