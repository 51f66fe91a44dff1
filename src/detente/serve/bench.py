"""The workbench: a folder, what is kept of it, who may come in, and the work under way, as every request sees them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, cast

from starlette.requests import HTTPConnection

from detente.case.case import Case
from detente.case.load import load
from detente.errors import Fault, InputError
from detente.serve.access.access import Access
from detente.serve.access.person import Person, plain_name
from detente.serve.folder import Folder, digest_of
from detente.serve.jobs.desk import Desk
from detente.serve.jobs.jobs import Job, Jobs
from detente.serve.store import editing
from detente.serve.store.audit import Audit
from detente.serve.store.database import Database, NotThereError, belongs
from detente.serve.store.drafts import Drafts
from detente.serve.store.texts import Texts
from detente.serve.store.versions import OutdatedError, Version, Versions

__all__ = ["NotThereError", "Workbench", "bench_of", "case_of", "person_of", "workers_of"]


_AT_HAND = 64  # texts whose title and faults are remembered


class Workbench:
    """Everything that requests share.

    Parameters
    ----------
    folder : the workspace.
    database : ``postgresql://...``; None: an SQLite file in the workspace.
    local : whether this machine's own addresses are served, without accounts.
    local_name : who changes things then.
    workers : processes that work at once. apart : whether texts are read and changed in a process of their own.

    Raises
    ------
    InputError
        If the folder or the database cannot be used, or if the database is that of another workspace.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        database: str | None = None,
        local: bool = True,
        local_name: str = "local",
        workers: int = 1,
        apart: bool = False,
    ) -> None:
        self.folder = folder
        self.database = Database(database or folder.own / "workbench.sqlite")
        belongs(self.database, folder)
        self._about: dict[tuple[str, str], tuple[str, tuple[Fault, ...]]] = {}
        self.audit = Audit(self.database)
        self.access = Access(self.database, self.audit, local, local_name)
        self.desk = Desk() if apart else None
        doing = self._doing = self.desk or editing
        self.versions = Versions(self.database, folder, self._check, doing.change, doing.merge)
        self.texts = Texts(self.database)
        self.drafts = Drafts(self.database)
        self.versions.notice()
        self.jobs = Jobs(self.database, workers, folder.root)

    def close(self) -> None:
        """End the work and close the database."""
        self.jobs.close()
        if self.desk is not None:
            self.desk.close()
        self.database.close()

    def slugs(self) -> list[str]:
        """The cases of the workspace; whatever was changed outside is taken in first."""
        self.versions.notice()
        return [path.removesuffix(".yaml") for path in self.versions.paths()]

    def strangers(self) -> list[tuple[str, str]]:
        """Files that look like cases and are not taken: the name, and why."""
        why = "its name is no slug; rename it to small letters, digits and hyphens with .yaml"
        return sorted([*((name, why) for name in self.folder.misnamed()), *self.versions.unreadable.items()])

    def case(self, slug: str) -> Version:
        """The newest version of a case; what was changed outside is taken in first.

        Raises
        ------
        NotThereError
            If there is no such case, or if it was removed.
        """
        path = f"{slug}.yaml"
        try:
            self.folder.place(path)
        except InputError:
            raise NotThereError(f"{slug[:100]}: there is no such case here") from None
        found = self.versions.newest(path)
        if found is None or found.content is None:
            raise NotThereError(f"{slug[:100]}: there is no such case here", source=path)
        return found

    def start(self, task: str, slug: str, options: Mapping[str, Any], *, author: str) -> Job:
        """Have something worked out about a case; who is asked is who starts it. Raises as `case`, `Jobs.start`."""
        text = self.case(slug).content
        assert text is not None
        if task == "brief":
            options = {**options, "record": self.record()}
        elif task == "ask":
            own = plain_name(author)
            if options.get("who", own) != own:
                raise InputError("options.who: answers are kept of whoever gives them; leave it out", source="options")
            options = {**options, "who": own}
        return self.jobs.start(task, slug, text, options, author=author)

    def job(self, id: str, who: Person) -> Job:
        """A job as somebody may see it. Raises as `Jobs.job`."""
        return self.jobs.job(id).seen_by(plain_name(who.name))

    def note_version(self, who: str, made: Version, what: str = "save") -> None:
        """Write into the log who made a version."""
        self.audit.note(who, what, f"{made.path} revision {made.revision}")

    def note_job(self, who: str, job: Job, what: str = "job") -> None:
        """Write into the log who started or ended a job."""
        self.audit.note(who, what, f"{job.task} {job.slug} {job.id}")

    def record(self) -> str:
        """What changes with the record of the workspace; empty: there is none."""
        from detente.record.schema import DEFAULT

        folder = self.folder.root / DEFAULT
        try:
            return digest_of((folder / "record.json").read_text(encoding="utf-8")) if not folder.is_symlink() else ""
        except (OSError, ValueError):
            return ""

    def read(self, slug: str) -> Case:
        """A case as it stands. Raises as `case` and `read_case`."""
        return case_of(slug, self.case(slug).content or "")

    def try_change(self, slug: str, entries: Mapping[str, object]) -> None:
        """See whether entries can be changed, and change nothing. Raises as `case` and `Versions.change`."""
        version = self.case(slug)
        self._doing.change(version.path, version.content or "", entries)

    def about(self, slug: str, text: str) -> tuple[str, tuple[Fault, ...]]:
        """The title of a case and the faults of its text; read once for each text of late."""
        path = f"{slug}.yaml"
        if (path, text) not in self._about:
            try:
                self._check(path, text)
            except InputError as err:
                self._remember(path, text, (slug, err.faults or (Fault(0, 0, "", str(err)),)))
        return self._about.get((path, text), (slug, ()))

    def _check(self, path: str, text: str) -> None:
        if (path, text) not in self._about or self._about[path, text][1]:
            self._remember(path, text, (self._doing.check(path, text), ()))

    def _remember(self, path: str, text: str, about: tuple[str, tuple[Fault, ...]]) -> None:
        self._about[path, text] = about
        while len(self._about) > _AT_HAND:
            self._about.pop(next(iter(self._about)), None)

    def begin(self, slug: str, *, author: str) -> Version:
        """Put a bundled case into the workspace.

        Raises
        ------
        NotThereError
            If there is no bundled case of this name.
        OutdatedError
            If there is one in the workspace already.
        """
        from detente.case.library import slugs

        if slug not in slugs():
            raise NotThereError(f"{slug[:100]}: there is no such bundled case (there are {', '.join(slugs())})")
        path = f"{slug}.yaml"
        head = self.versions.newest(path)
        if head is not None and head.content is not None:
            raise OutdatedError(f"{slug}: stands in the workspace already", source=path)
        made = self.versions.save(
            path, load(slug).text, base=head.revision if head else 0, author=author, reason="begun from the bundled case",
            kind="new",
        )  # fmt: skip
        self.note_version(author, made)
        return made


def case_of(slug: str, text: str) -> Case:
    """The case that a text is. Raises as `read_case`."""
    return editing.case_of(f"{slug}.yaml", text)


def workers_of(machine: int | None = None) -> int:
    """How many processes work at once: one core stays free for the pages. machine : cores."""
    return max(1, (machine or os.cpu_count() or 1) - 1)


def bench_of(request: HTTPConnection) -> Workbench:
    """The workbench of a request."""
    return cast(Workbench, request.app.state.bench)


def person_of(request: HTTPConnection) -> Person:
    """Who asks: put there by the guard, which lets nobody through without."""
    return cast(Person, request.state.person)
