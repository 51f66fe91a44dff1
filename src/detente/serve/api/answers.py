"""What the JSON answers hold, for the OpenAPI: it tells programs what to expect, and the tests hold every answer to it.

A result of a job is left open here: it is what ``--json`` of the command prints.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from detente import errors
from detente.serve.access.person import Person
from detente.serve.jobs import jobs
from detente.serve.store import chain, versions

__all__ = [
    "REFUSALS",
    "Account",
    "Aside",
    "Case",
    "Checked",
    "Conflict",
    "Entry",
    "Found",
    "Job",
    "Listed",
    "Named",
    "Path",
    "Refused",
    "Session",
    "Text",
    "Version",
    "told",
]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _of(made: type, *without: str) -> type[_Answer]:
    """An answer that has the fields of a dataclass, but for some; none may be missing."""
    kinds = get_type_hints(made)
    held: dict[str, Any] = {f.name: (kinds[f.name], ...) for f in fields(made) if f.name not in without}
    return create_model(made.__name__, __base__=_Answer, **held)


class Fault(_of(errors.Fault)):  # type: ignore[misc]
    """One thing that is wrong in a file; line and column from 1, 0: of the file as a whole."""


class Refused(_Answer):
    """Why nothing was done, and where it is wrong."""

    error: str
    faults: list[Fault] = []


class Checked(_Answer):
    """The faults of a text; `error` is empty where there are none."""

    error: str
    faults: list[Fault]


class Version(_of(chain.Version, "content")):  # type: ignore[misc]
    """A version, without its text; at : ISO 8601 in UTC; digest : SHA-256 of the text, empty: the file was removed."""


class Text(_of(chain.Version)):  # type: ignore[misc]
    """A version with its text; null: the file was removed."""


class Aside(_of(versions.Aside)):  # type: ignore[misc]
    """A text that conflicted, kept whole; settled : "taken", "dropped", or null while it is open."""

    at_paths: list[str]


class Case(Text):
    """The newest version of a case; undo, redo : the revisions whose text these would show."""

    undo: int | None
    redo: int | None
    asides: list[Aside]


class Conflict(Refused):
    """The same entries were changed by somebody who was quicker: what stands, and the text that is kept beside it. A step from
    a version that is no longer the newest has neither."""

    aside: Aside | None = None
    head: Text | None = None


class Found(_of(jobs.Job, "result")):  # type: ignore[misc]
    """A job, without what came of it; input : the digest of the text it is about; withheld : it is somebody else's own."""

    state: str = Field(pattern="queued|running|done|failed|cancelled|interrupted")
    withheld: bool = False


class Job(Found):
    """A job; result : null until it is done."""

    result: dict[str, Any] | None


class Latest(Job):
    """A job that is done; stale : the case has been changed since."""

    stale: bool


class Listed(_Answer):
    """A case as a list shows it; asides : how many conflicts are open; jobs : by task the newest that is done."""

    slug: str
    title: str
    version: Version
    faults: list[Fault]
    jobs: dict[str, Latest]
    asides: int


class Session(_of(Person)):  # type: ignore[misc]
    """Who is asking; csrf : to be sent as X-CSRF-Token with a change."""

    csrf: str


class Entry(_Answer):
    """Of the log."""

    id: str
    at: str
    who: str
    what: str
    about: str
    address: str


class Account(_of(Person)):  # type: ignore[misc]
    """An account; at : when it was made or changed last."""

    at: str = ""


class Named(_Answer):
    """The account that is gone."""

    name: str


class Path(_Answer):
    """Where to go."""

    path: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refused, "description": "The body cannot be read."},
    401: {"model": Refused, "description": "Nobody is logged in."},
    403: {"description": "The role does not reach this far, or the token of the session is missing; as plain text."},
    404: {"model": Refused, "description": "There is no such thing here."},
    409: {"model": Conflict, "description": "It stands otherwise by now."},
    413: {"model": Refused, "description": "More than a file may hold."},
    422: {"model": Refused, "description": "What was got, what was wanted, and where: all faults at once."},
    503: {"model": Refused, "description": "The database cannot be used; nothing was changed."},
}
"""What any of them may be answered instead."""


def told(model: Any, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What an answer of this status holds, for the OpenAPI."""
    return {status: {"model": model}}
